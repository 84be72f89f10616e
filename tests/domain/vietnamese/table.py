"""The labelled phrases, as data for the tests."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SCHOOL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SCHOOL_TIME)


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    cameras: tuple[str, ...]
    clear: bool
    start: datetime | None
    end: datetime | None
    marks: tuple[str, ...]


def labelled_phrases() -> list[Labelled]:
    lines = Path(__file__).with_name("phrases.txt").read_text(encoding="utf-8").splitlines()
    return [_labelled(line) for line in lines if line and not line.startswith("#")]


def _labelled(line: str) -> Labelled:
    text, cameras, interval, marks = (cell.strip() for cell in line.rsplit("|", maxsplit=3))
    codes = () if cameras == "-" else tuple(cameras.removeprefix("?").split(","))
    start, end = (None, None) if interval == "-" else _interval(interval)
    return Labelled(text, codes, not cameras.startswith("?"), start, end, tuple(marks.split(",")))


def _interval(text: str) -> tuple[datetime, datetime]:
    first, second = text.split("-")
    day = first.split()[0]
    return _moment(first), _moment(second if " " in second else f"{day} {second}")


def _moment(text: str) -> datetime:
    return datetime.strptime(f"{text} 2026", "%d/%m %H:%M %Y").replace(tzinfo=SCHOOL_TIME)
