"""The smallest pieces of a time phrase: hours, dates, weekdays, periods, "từ", "đến"... in folded text.

One pass over the text, longest meaning first. What a piece means together with its neighbours is decided in
`days`, `clocks` and `spans`.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from domain.vietnamese.folding import Folded
from domain.vietnamese.lexicon import NUMBERS
from domain.vietnamese.strangers import is_something_else
from domain.vietnamese.time_words import NUMBER, SCAN


class Kind(StrEnum):
    """What a piece is. In brackets: what `Atom.numbers` holds."""

    DATE = "date"
    """[day, month, year or None]"""
    DAY = "day"
    """As in "ngày 12" [day, months back or None]"""
    LUNAR = "lunar"
    WEEKDAY = "weekday"
    """[0 for Monday to 6]"""
    YEAR = "year"
    """[years back]"""
    WEEK = "week"
    """[weeks back]"""
    RELATIVE = "relative"
    """As in "hôm qua" [days back]"""
    THIS_WEEKDAY = "this_weekday"
    """As in "thứ Tư này" [0 for Monday to 6]"""
    SOME_DAY = "some_day"
    """As in "hôm trước": a day, but which?"""
    CLOCK = "clock"
    """[hour, minute or None, 1 if the hour was written with a leading zero]"""
    CLOCK_MORE = "clock_more"
    """As in "8h hơn" [hour, minute or None, 0]"""
    NUMBER = "number"
    """[number, digits]"""
    AGO = "ago"
    """[minutes back]"""
    LATELY = "lately"
    """As in "lúc nãy"."""
    LATEST = "latest"
    """As in "10 phút vừa rồi" [minutes]"""
    PERIOD = "period"
    """[first, last]"""
    LAST_PERIOD = "last_period"
    """[how many]"""
    BETWEEN = "between"
    """As in "giữa tiết 1 và 2" [first, second]"""
    EVENT = "event"
    """What the bell rings for; the name is `Atom.name`."""
    PART = "part"
    """Part of the day; its name is `Atom.name`."""
    LENGTH = "length"
    """[seconds]"""
    FROM = "from"
    TO = "to"
    DASH = "dash"
    TOI = "toi"
    """As in "tới" or "tối", to be told by its neighbours."""
    AND = "and"
    MIDDLE = "middle"
    """As in "giữa 9h và 9h20"."""
    ONWARD = "onward"
    UNTIL_NOW = "until_now"
    """As in "tới giờ"."""
    MARGIN = "margin"
    """As in "± 10 phút" [minutes]"""
    ABOUT = "about"
    AT = "at"
    BEFORE = "before"
    AFTER = "after"
    BEGINNING = "beginning"
    ENDING = "ending"
    TAKEN_BACK = "taken_back"
    """What was said by mistake, and the words that take it back."""


OR_NEXT = "or next"
"""Name of a weekday before an unmarked "toi": last Friday evening ("tối"), or next Friday ("tới")?"""


UP_TO = "het"
"""Name of an "after" that only says that the end is reached: "đến hết 7h"."""

APART = "apart"
"""Name of two periods that don't follow each other: "tiết 1 và tiết 4"."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of the folded text, `text[start:end]`; `plain` if typed without marks."""

    kind: Kind
    start: int
    end: int
    numbers: tuple[int | None, ...] = ()
    name: str = ""
    plain: bool = True

    def number(self, place: int = 0) -> int:
        """A number that this kind always has."""
        value = self.numbers[place]
        if value is None:
            raise ValueError(f"{self.kind} without number {place}")
        return value


_NUMBER = re.compile(NUMBER + r"|\d+")
_LISTED = re.compile(r" va |[,&+]")
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "nhat": 6, "cn": 6}
_ENGLISH_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_CLASS = re.compile(r"(?<![a-z0-9])(?:hs|hoc sinh|gvcn|chu nhiem|cac (?:ban|em)) $")
_GRADES = range(6, 10)
_YEARS_BACK = {"ngoai": 1, "truoc": 1, "kia": 2, "nay": 0}
_WEEKDAY_END = re.compile(f"(?:{'|'.join(_WEEKDAYS)})$")
_DAYS_BACK = {
    **dict.fromkeys(("nay", "hn", "hnay", "today"), 0),
    **dict.fromkeys(("qua", "qa", "wa", "hq", "hqua", "yesterday", "last"), 1),
    "kia": 2,
    "mai": -1,
}
_LIST_MARKS = " -.,(\"'*"
_OF_YEARS = re.compile(r"(?:nam|khoa|nien khoa)(?: hoc)? (?:20\d\d ?(?:-|den|toi) ?)?$")
_YEARS_LONG = 24
_YEAR_WORD = re.compile(r" nam (?=\d{4})")
_WEEKS_BACK = {"nua": 2, "kia": 2, "nay": 0, "sau": -1, "toi": -1}
_MONTHS_BACK = {"truoc": 1, "nay": 0}
_SIMPLE = {
    "lunar": Kind.LUNAR,
    "lately": Kind.LATELY,
    "some_day": Kind.SOME_DAY,
    "toi": Kind.TOI,
    "from": Kind.FROM,
    "to": Kind.TO,
    "dash": Kind.DASH,
    "about": Kind.ABOUT,
    "about_typed": Kind.ABOUT,
    "and": Kind.AND,
    "middle": Kind.MIDDLE,
    "onward": Kind.ONWARD,
    "until_now": Kind.UNTIL_NOW,
    "at": Kind.AT,
    "before": Kind.BEFORE,
    "after": Kind.AFTER,
    "beginning": Kind.BEGINNING,
    "ending": Kind.ENDING,
}
_OF_DAYS = frozenset(
    {"weekday", "this_weekday", "year", "just_past", "week", "relative", "part_relative", "days_ago", "day"}
)
_COUNTS = {"ago": Kind.AGO, "latest": Kind.LATEST, "length": Kind.LENGTH, "margin": Kind.MARGIN}
_MARKED_PARTS = frozenset({"sáng", "sớm", "trưa", "chiều", "chìu", "tối", "đêm", "khuya"})
_OTHER_WORDS = frozenset({"chiếu", "chịu", "sạng", "sảng"})
"""Words with marks of their own that fold to a part of the day; other marks are slips of the finger."""
_PART_NAMES = {
    "s": "sang",
    "c": "chieu",
    "t": "toi",
    "chiu": "chieu",
    "khuya": "dem",
    "sang som": "sang",
    "som": "sang",
    "morning": "sang",
    "noon": "trua",
    "afternoon": "chieu",
    "evening": "toi",
    "night": "toi",
}
_EVENT_NAMES = {
    "giai lao": "ra choi",
    "rc": "ra choi",
    "break": "ra choi",
    "15 phut dau gio": "truy bai",
    "dau gio": "truy bai",
    "tan": "tan hoc",
    "tan truong": "tan hoc",
    "tan tiet": "tan hoc",
    "tan lop": "tan hoc",
    "vao lop": "vao hoc",
    "sinh hoat lop": "sinh hoat",
    "shl": "sinh hoat",
    "ban tru": "an trua",
}


def number_of(text: str) -> int:
    """The number that digits or number words say, at most 59 in words: "15", "mười lăm", "hai mươi"."""
    if text.isdigit():
        return int(text)
    before, ten, after = text.partition("muoi")
    if not ten:
        return NUMBERS[text.strip()]
    return 10 * NUMBERS.get(before.strip(), 1) + NUMBERS.get(after.strip(), 0)


def atoms_of(folded: Folded) -> list[Atom]:
    """The pieces of a folded text that may speak of time, in order."""
    atoms: list[Atom] = []
    for match in SCAN.finditer(folded.text):
        name = match.lastgroup or ""
        atom = _atom(name, match.group(), match.start(), match.end(), folded.text)
        if atom is None or (atom.kind is Kind.DASH and not folded.text[: atom.start].strip(_LIST_MARKS)):
            continue
        typed = folded.original[folded.starts[atom.start] : folded.ends[atom.end - 1]]
        plain = typed.isascii()
        spoken = unicodedata.normalize("NFC", typed).lower()
        if is_something_else(name, typed, folded.text, (atom.start, atom.end)):
            continue
        if atom.kind is Kind.PART and not plain:
            last = spoken.rsplit(" ", maxsplit=1)[-1]
            if last in _OTHER_WORDS:
                continue
            plain = last not in _MARKED_PARTS
        if (
            atom.kind is Kind.CLOCK
            and folded.text[atom.start : atom.end] == "sau gio"
            and typed.lower().startswith("sau ")
        ):
            atoms.append(Atom(Kind.CLOCK_MORE, atom.start, atom.end, atom.numbers))
            continue
        atoms.append(Atom(atom.kind, atom.start, atom.end, atom.numbers, atom.name, plain))
    return atoms


def _numbers(text: str) -> list[int]:
    return [number_of(found) for found in _NUMBER.findall(text)]


def _atom(name: str, text: str, start: int, end: int, whole: str) -> Atom | None:
    if name in _SIMPLE:
        return Atom(_SIMPLE[name], start, end, name=UP_TO if text == UP_TO else "")
    numbers = _numbers(text)
    if name in {"iso", "date"}:
        return _date(name, text, start, end, numbers, whole)
    if name in {"clock", "clock_more", "hour"}:
        return _clock(name, text, start, end)
    if name == "four_digits":
        return _four_digits(start, end, whole)
    if name in _COUNTS:
        seconds = _seconds(text, numbers)
        return Atom(_COUNTS[name], start, end, (seconds if name == "length" else seconds // 60,))
    if name in _OF_DAYS:
        return _day(name, text, start, end, numbers)
    if name in {"period", "last_period", "between"}:
        return _period(name, text, start, end, numbers)
    if name in {"event", "event_start"}:
        event = re.sub(r"^(?:gio|luc|khi) ", "", text)
        return Atom(Kind.EVENT, start, end, name=_EVENT_NAMES.get(event, event))
    if name == "number":
        return Atom(Kind.NUMBER, start, end, (numbers[0], len(text)))
    part = text.removeprefix("buoi ").removeprefix("in ").removeprefix("this ")
    return Atom(Kind.PART, start, end, name=_PART_NAMES.get(part, part))


def _date(name: str, text: str, start: int, end: int, numbers: list[int], whole: str) -> Atom | None:
    if name == "iso":
        return Atom(Kind.DATE, start, end, (numbers[2], numbers[1], numbers[0]))
    numbers = _numbers(_YEAR_WORD.sub(" ", text))
    if text.startswith("thang"):
        return Atom(Kind.DATE, start, end, (numbers[1], numbers[0], None))
    before = whole[max(0, start - 10) : start]
    if before.endswith("lop ") or (numbers[0] in _GRADES and _CLASS.search(before) is not None):
        return None
    year: int | None = None
    if len(numbers) > 2:  # noqa: PLR2004 - day, month, year
        year = numbers[2] if numbers[2] > 99 else 2000 + numbers[2]  # noqa: PLR2004 - two digits of a year
    return Atom(Kind.DATE, start, end, (numbers[0], numbers[1], year))


def _period(name: str, text: str, start: int, end: int, numbers: list[int]) -> Atom:
    if name == "last_period":
        return Atom(Kind.LAST_PERIOD, start, end, (numbers[0] if numbers else 1,))
    if "tiet dau" in text:
        return Atom(Kind.PERIOD, start, end, (1, numbers[0] if numbers else 1))
    kind = Kind.PERIOD if name == "period" else Kind.BETWEEN
    together = numbers == list(range(numbers[0], numbers[-1] + 1))
    apart = (
        kind is Kind.PERIOD and not together and _LISTED.search(text) is not None and numbers[-1] > numbers[0]
    )
    return Atom(kind, start, end, (numbers[0], numbers[-1]), APART if apart else "")


def _clock(name: str, text: str, start: int, end: int) -> Atom:
    if text == "nua dem":
        return Atom(Kind.CLOCK, start, end, (12, None, 0), name="dem")
    numbers = _numbers(text)
    hour = numbers[0]
    minute = numbers[1] if len(numbers) > 1 else None
    if "ruoi" in text:
        minute = 30
    elif ("kem" in text or "thieu" in text) and minute is not None:
        hour, minute = (hour - 1) % 24, 60 - minute
    kind = Kind.CLOCK_MORE if name == "clock_more" else Kind.CLOCK
    return Atom(kind, start, end, (hour, minute, int(text[0] == "0" and text[:2] not in {"0h", "0:", "00"})))


def _four_digits(start: int, end: int, whole: str) -> Atom | None:
    """As in "1730-1745"; "năm học 2026-2027" are years."""
    if _OF_YEARS.search(whole[max(0, start - _YEARS_LONG) : start]) is not None:
        return None
    return Atom(Kind.CLOCK, start, end, (int(whole[start : start + 2]), int(whole[start + 2 : end]), 1))


def _seconds(text: str, numbers: list[int]) -> int:
    if "giay" in text or text.endswith("s"):
        return numbers[0]
    unit = 3600 if re.search(r"tieng|gio|hour|\dh| h\b", text) else 60
    if not numbers:
        return unit // 2
    return numbers[0] * unit + (unit // 2 if "ruoi" in text else 0)


def _day(name: str, text: str, start: int, end: int, numbers: list[int]) -> Atom:
    last = text.rsplit(" ", maxsplit=1)[-1]
    if name == "days_ago":
        return Atom(Kind.RELATIVE, start, end, (numbers[0],))
    if name == "day":
        back = _MONTHS_BACK.get(last)
        return Atom(Kind.LUNAR if text.startswith("mung") else Kind.DAY, start, end, (numbers[0], back))
    if name == "weekday":
        return Atom(Kind.WEEKDAY, start, end, (_weekday(text),))
    if name == "this_weekday":
        return Atom(Kind.THIS_WEEKDAY, start, end, (_weekday(text.removesuffix(" nay")),))
    if name == "year":
        return Atom(Kind.YEAR, start, end, (_YEARS_BACK[last],))
    if name == "week":
        return Atom(Kind.WEEK, start, end, (_WEEKS_BACK.get(last, 1),))
    return _relative(name, text, start, end)


def _weekday(text: str) -> int:
    if text.endswith("day"):
        return _ENGLISH_DAYS[text.rsplit(" ", maxsplit=1)[-1][:3]]
    digit = re.search(r"[2-7]$", text)
    named = _WEEKDAY_END.search(text)
    return int(digit[0]) - 2 if digit else _WEEKDAYS[named[0] if named else "cn"]


def _relative(name: str, text: str, start: int, end: int) -> Atom:
    if name == "just_past":
        return Atom(Kind.RELATIVE, start, end, (0,))
    if text in {"ngay mai", "ngay kia", "ngay mot"}:
        return Atom(Kind.RELATIVE, start, end, (-1,))
    back = _DAYS_BACK.get(text.rsplit(" ", maxsplit=1)[-1])
    if back is None or text.startswith("thang"):
        return Atom(Kind.SOME_DAY, start, end)
    return Atom(Kind.RELATIVE, start, end, (back,))
