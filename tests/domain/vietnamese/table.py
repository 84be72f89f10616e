"""The labelled phrases and sentences, as data for the tests and for the page that staff are given."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SCHOOL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SCHOOL_TIME)


@dataclass(frozen=True, slots=True)
class Labelled:
    """The words after a request command. Cameras are candidates where it isn't `clear` which is meant."""

    text: str
    cameras: tuple[str, ...]
    clear: bool
    start: datetime | None
    end: datetime | None
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence. `heading` is that of the page, `shown` says whether it stands there."""

    text: str
    wish: str
    cameras: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    marks: tuple[str, ...]
    heading: str
    shown: bool


def labelled_phrases() -> list[Labelled]:
    return [_labelled(line) for line in _lines("phrases.txt") if not line.startswith("#")]


def labelled_sentences() -> list[Sentence]:
    heading = ""
    sentences: list[Sentence] = []
    for line in _lines("sentences.txt"):
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif not line.startswith("#"):
            sentences.append(_sentence(line, heading))
    return sentences


def _lines(name: str) -> list[str]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line]


def _labelled(line: str) -> Labelled:
    text, cameras, interval, marks = (cell.strip() for cell in line.rsplit("|", maxsplit=3))
    codes = () if cameras == "-" else tuple(cameras.removeprefix("?").split(","))
    return Labelled(text, codes, not cameras.startswith("?"), *_interval(interval), tuple(marks.split(",")))


def _sentence(line: str, heading: str) -> Sentence:
    text, wish, cameras, interval, marks = (cell.strip() for cell in line.rsplit("|", maxsplit=4))
    codes = () if cameras == "-" else tuple(cameras.split(","))
    start, end = _interval(interval)
    shown = text.startswith("+ ")
    return Sentence(text.removeprefix("+ "), wish, codes, start, end, tuple(marks.split(",")), heading, shown)


def _interval(text: str) -> tuple[datetime | None, datetime | None]:
    if text == "-":
        return None, None
    first, second = text.split("-")
    day = first.split()[0]
    return _moment(first), _moment(second if " " in second else f"{day} {second}")


def _moment(text: str) -> datetime:
    day, hour = text.split()
    dated = day if day.count("/") > 1 else f"{day}/2026"
    return datetime.strptime(f"{dated} {hour}", "%d/%m/%Y %H:%M").replace(tzinfo=SCHOOL_TIME)
