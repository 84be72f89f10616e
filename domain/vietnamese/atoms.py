"""The smallest pieces of a time phrase: hours, dates, weekdays, periods, "từ", "đến"... in folded text.

One pass over the text, longest meaning first. What a piece means together with its neighbours is decided in
`days`, `clocks` and `spans`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.vietnamese.folding import Folded
from domain.vietnamese.lexicon import NUMBERS


class Kind(StrEnum):
    """What a piece is. In brackets: what `Atom.numbers` holds."""

    DATE = "date"
    """[day, month, year or None]"""
    DAY = "day"
    """As in "ngày 12" [day, months back or None]"""
    LUNAR = "lunar"
    WEEKDAY = "weekday"
    """[0 for Monday to 6]"""
    WEEK = "week"
    """[weeks back]"""
    RELATIVE = "relative"
    """As in "hôm qua" [days back]"""
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
    ABOUT = "about"
    AT = "at"
    BEFORE = "before"
    AFTER = "after"
    BEGINNING = "beginning"
    ENDING = "ending"


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


_N = (
    r"(?:\d{1,2}(?!\d)|(?:hai |ba |bon |nam )?muoi(?: (?:mot|hai|ba|bon|tu|lam|nam|sau|bay|tam|chin))?(?![a-z])"
    r"|(?:mot|hai|ba|bon|nam|sau|bay|tam|chin)(?![a-z]))"
)
_END = r"(?![a-z0-9])"
_HOUR = r"(?:h|g|gio)"
_EVENT_WORDS = (
    r"(?:ra choi|giai lao|chao co|truy bai|15 phut dau gio(?! ra)|tan (?:hoc|truong|tiet|lop)|vao (?:hoc|lop|truong)"
    r"|sinh hoat(?: lop)?|shl|an trua|ban tru)"
)
_AHEAD_EVENT = rf"(?! (?:gio|luc|khi|tiet|{_EVENT_WORDS}))"
_TENTH = r"(?: ?(?:phut|ph|p|')(?![a-z0-9]))?"
_PARTS = r"(?:rang sang|sang som|sang|trua|chieu|toi|dem|khuya)"

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"\d{4}-\d{1,2}-\d{1,2}(?![\d-])"),
    (
        "days_ago",
        rf"(?:cach day {_N} (?:ngay|hom)|{_N} (?:ngay|hom) truoc|truoc day {_N} (?:ngay|hom)){_END}",
    ),
    (
        "ago",
        rf"(?:(?:cach|truoc) day (?:khoang )?(?:{_N}|nua) ?(?:phut|ph|p|'|tieng|gio|h)(?: ruoi)?"
        rf"|(?:{_N}|nua) ?(?:phut|ph|p|'|tieng)(?: ruoi)? truoc{_AHEAD_EVENT}"
        rf"|{_N} (?:gio|h)(?: ruoi)? truoc(?= *(?:$|[,.;#])))",
    ),
    (
        "latest",
        rf"(?:{_N}|nua) ?(?:phut|ph|p|'|tieng)(?: dong ho)? (?:vua roi|vua qua|gan day|gan nhat|qua){_END}",
    ),
    ("between", rf"(?:giua|chuyen) (?:tiet )?{_N} (?:va|sang|voi|-) (?:tiet )?{_N}{_END}"),
    ("last_period", rf"tiet cuoi{_END}"),
    (
        "period",
        rf"tiet (?:thu )?{_N}(?: ?(?:-|den|va|&) ?(?:het )?(?:tiet )?{_N}(?! ?(?:[/:.\-h]|gio|g\d|phut))|{_END})",
    ),
    ("event", rf"(?:(?:gio|luc|khi) )?{_EVENT_WORDS}{_END}"),
    (
        "event_start",
        rf"dau gio(?= (?:{_PARTS}|thu|t[2-7]|hom)\b)|dau gio(?! ra choi| giai lao| chao co){_END}",
    ),
    ("lunar", rf"(?:(?:ngay|hom) )?(?:ram|mung {_N}(?! thang|/)(?: am(?: lich)?)?|am lich){_END}"),
    (
        "date",
        r"(?:(?:ngay|hom|mung) )?\d{1,2} ?/ ?\d{1,2}(?: ?/ ?(?:\d{4}|\d{2}))?(?![\d/])"
        r"|(?:(?:ngay|hom) )?\d{1,2}-\d{1,2}-(?:\d{4}|\d{2})(?![\d-])"
        r"|(?:(?:ngay|hom) )?\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?![\d.])"
        r"|(?:(?:ngay|hom) )\d{1,2}[.-]\d{1,2}(?![\d.\-:])(?! ?(?:h|g|gio|phut|p|'|:)(?![a-z]))"
        r"|(?:0?[1-9]|[12]\d|3\d)[.-](?:0?[1-9]|1[0-2])(?![\d.\-:])(?! ?(?:h|g|gio|phut|ph|p|'|giay|s)(?![a-z]))"
        rf"(?! (?:{_PARTS}|ruoi)\b)"
        rf"|(?:(?:ngay|hom|mung) )?{_N} thang {_N}(?:(?: nam)? \d{{4}})?{_END}",
    ),
    (
        "day",
        rf"(?:ngay|mung) {_N}(?: thang (?:truoc|nay)|(?! ?(?:[/:'h]|gio|g\d|phut|thang|giay|ngay|hom|p\b)))"
        r"|hom \d{1,2}(?!\d)(?! ?(?:[/:'h]|gio|g\d|phut|thang|giay|ngay|hom|p\b))",
    ),
    (
        "weekday",
        r"(?:(?:hom|ngay|bua) )?(?:thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])|(?<!hl )(?<!nha )(?<!lang )(?<!tang )"
        r"t[2-7](?! (?:nha|[abcd])(?![a-z0-9]))|chu ?nhat|cn)(?![a-z0-9/:])",
    ),
    ("week", rf"tuan (?:truoc nua|truoc|roi|vua roi|vua qua|qua|nay){_END}"),
    (
        "relative",
        rf"(?:(?:ngay )?(?:hom|bua) (?:nay|qua kia|qua|kia|truoc|no|bua)|ngay (?:mai|kia|mot)|hn|hq){_END}",
    ),
    (
        "part_relative",
        r"(?:(?<=sang )|(?<=trua )|(?<=chieu )|(?<=toi )|(?<=dem )|(?<=khuya )|(?<=[sct] ))"
        rf"(?:nay|qua|kia|mai){_END}",
    ),
    ("lately", rf"(?:vua (?:roi|nay|xong|qua)|luc nay|ban nay|khi nay|hoi nay|moi day|nay gio){_END}"),
    (
        "length",
        rf"trong (?:vong |khoang )?(?:{_N}|nua) ?(?:phut|ph|p|'|giay|s|tieng|gio)(?: dong ho)?(?: ruoi)?{_END}"
        rf"|(?:keo dai |suot )?(?:{_N}|nua|\d{{3}}) ?(?:phut|ph|p|'|giay|s|tieng)(?: dong ho)?(?: ruoi)?{_END}"
        rf"|nua gio{_END}",
    ),
    ("clock_more", rf"(?:hon \d{{1,2}} ?{_HOUR}(?! ra)(?:\d\d)?|\d{{1,2}} ?{_HOUR} hon){_END}"),
    (
        "clock",
        rf"\d{{1,2}}:\d\d(?::\d\d)?{_TENTH}(?![\d:])h?"
        rf"|{_N} ?{_HOUR} ?kem ?{_N}{_TENTH}{_END}|{_N} kem {_N}{_TENTH}{_END}"
        rf"|{_N} ?{_HOUR}? ?ruoi{_END}"
        rf"|\d{{1,2}} ?{_HOUR}\d{{1,2}}{_TENTH}(?![a-z\d])"
        rf"|{_N} (?:gio|h) {_N}(?! ?(?:[/:.\-h]\d?|gio|g\d|giay|tieng|thang|hom|ngay truoc)){_TENTH}{_END}"
        rf"|{_N} ?{_HOUR}(?! ra choi| giai lao| chao co)(?![a-z\d])",
    ),
    ("hour", rf"\d{{1,2}}(?= ?(?:-|den|toi|cho den) ?\d{{1,2}} ?(?:{_HOUR}(?![a-z])|:\d\d|ruoi|{_PARTS}\b))"),
    ("part", rf"(?:buoi )?(?:rang sang|sang som|sang|trua|chieu|dem|khuya){_END}|buoi toi{_END}"),
    ("toi", rf"toi{_END}"),
    ("part_letter", r"(?<=[\dhgo] )[sct](?= |$|,)|[sct](?= (?:nay|qua|thu|t[2-7]|cn|hom)\b)"),
    ("from", rf"tu{_END}"),
    ("to", rf"(?:cho |keo )?den{_END}"),
    ("and", rf"va(?= (?:luc )?\d{{1,2}} ?(?:{_HOUR}(?![a-z])|:))"),
    ("middle", rf"giua{_END}"),
    ("onward", rf"tro (?:di|ve sau){_END}"),
    ("about", rf"(?:ap chung|loang quang|khoang|tam|chung|gan){_END}"),
    ("at", rf"(?:vao )?luc{_END}|vao{_END}"),
    ("before", rf"truoc{_END}"),
    ("after", rf"(?:sau|het){_END}"),
    ("beginning", rf"dau{_END}"),
    ("ending", rf"cuoi{_END}"),
    ("number", r"\d{1,2}(?!\d)(?![a-z:/])"),
)
_SCAN = re.compile(
    "|".join(f"(?P<{name}>(?<![a-z0-9#])(?:{pattern}))" for name, pattern in _PATTERNS) + "|(?P<dash>-+>?)"
)
_NUMBER = re.compile(_N + r"|\d+")
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "nhat": 6, "cn": 6}
_WEEKDAY_END = re.compile(f"(?:{'|'.join(_WEEKDAYS)})$")
_DAYS_BACK = {"nay": 0, "hn": 0, "qua": 1, "hq": 1, "kia": 2, "mai": -1}
_YEAR_WORD = re.compile(r" nam (?=\d{4})")
_MONTHS_BACK = {"truoc": 1, "nay": 0}
_SIMPLE = {
    "last_period": Kind.LAST_PERIOD,
    "lunar": Kind.LUNAR,
    "lately": Kind.LATELY,
    "toi": Kind.TOI,
    "from": Kind.FROM,
    "to": Kind.TO,
    "dash": Kind.DASH,
    "about": Kind.ABOUT,
    "and": Kind.AND,
    "middle": Kind.MIDDLE,
    "onward": Kind.ONWARD,
    "at": Kind.AT,
    "before": Kind.BEFORE,
    "after": Kind.AFTER,
    "beginning": Kind.BEGINNING,
    "ending": Kind.ENDING,
}
_PART_NAMES = {"s": "sang", "c": "chieu", "t": "toi", "khuya": "dem", "sang som": "sang"}
_EVENT_NAMES = {
    "giai lao": "ra choi",
    "15 phut dau gio": "truy bai",
    "dau gio": "truy bai",
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
    for match in _SCAN.finditer(folded.text):
        name = match.lastgroup or ""
        atom = _atom(name, match.group(), match.start(), match.end(), folded.text)
        if atom is None:
            continue
        typed = folded.original[folded.starts[atom.start] : folded.ends[atom.end - 1]]
        plain = typed.isascii()
        atoms.append(Atom(atom.kind, atom.start, atom.end, atom.numbers, atom.name, plain))
    return atoms


def _numbers(text: str) -> list[int]:
    return [number_of(found) for found in _NUMBER.findall(text)]


def _atom(name: str, text: str, start: int, end: int, whole: str) -> Atom | None:
    if name in _SIMPLE:
        return Atom(_SIMPLE[name], start, end)
    numbers = _numbers(text)
    if name in {"iso", "date"}:
        return _date(name, text, start, end, numbers, whole)
    if name in {"clock", "clock_more", "hour"}:
        return _clock(name, text, start, end)
    if name in {"ago", "latest", "length"}:
        seconds = _seconds(text, numbers)
        if name == "length":
            return Atom(Kind.LENGTH, start, end, (seconds,))
        return Atom(Kind.AGO if name == "ago" else Kind.LATEST, start, end, (seconds // 60,))
    if name in {"weekday", "week", "relative", "part_relative", "days_ago", "day"}:
        return _day(name, text, start, end, numbers)
    if name in {"period", "between"}:
        kind = Kind.PERIOD if name == "period" else Kind.BETWEEN
        return Atom(kind, start, end, (numbers[0], numbers[-1]))
    if name in {"event", "event_start"}:
        event = re.sub(r"^(?:gio|luc|khi) ", "", text)
        return Atom(Kind.EVENT, start, end, name=_EVENT_NAMES.get(event, event))
    if name == "number":
        return Atom(Kind.NUMBER, start, end, (numbers[0], len(text)))
    part = text.removeprefix("buoi ")
    return Atom(Kind.PART, start, end, name=_PART_NAMES.get(part, part))


def _date(name: str, text: str, start: int, end: int, numbers: list[int], whole: str) -> Atom | None:
    if name == "iso":
        return Atom(Kind.DATE, start, end, (numbers[2], numbers[1], numbers[0]))
    numbers = _numbers(_YEAR_WORD.sub(" ", text))
    if whole[:start].endswith("lop "):
        return None
    year: int | None = None
    if len(numbers) > 2:  # noqa: PLR2004 - day, month, year
        year = numbers[2] if numbers[2] > 99 else 2000 + numbers[2]  # noqa: PLR2004 - two digits of a year
    return Atom(Kind.DATE, start, end, (numbers[0], numbers[1], year))


def _clock(name: str, text: str, start: int, end: int) -> Atom:
    numbers = _numbers(text)
    hour = numbers[0]
    minute = numbers[1] if len(numbers) > 1 else None
    if "ruoi" in text:
        minute = 30
    elif "kem" in text and minute is not None:
        hour, minute = (hour - 1) % 24, 60 - minute
    kind = Kind.CLOCK_MORE if name == "clock_more" else Kind.CLOCK
    return Atom(kind, start, end, (hour, minute, int(text[0] == "0" and text[:2] not in {"0h", "0:", "00"})))


def _seconds(text: str, numbers: list[int]) -> int:
    if "giay" in text or text.endswith("s"):
        return numbers[0]
    unit = 3600 if re.search(r"tieng|gio|\dh| h\b", text) else 60
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
        digit = re.search(r"[2-7]$", text)
        named = _WEEKDAY_END.search(text)
        return Atom(
            Kind.WEEKDAY,
            start,
            end,
            (int(digit[0]) - 2 if digit else _WEEKDAYS[named[0] if named else "cn"],),
        )
    if name == "week":
        return Atom(Kind.WEEK, start, end, ({"nua": 2, "nay": 0}.get(last, 1),))
    if text in {"ngay mai", "ngay kia", "ngay mot"}:
        return Atom(Kind.RELATIVE, start, end, (-1,))
    if last not in _DAYS_BACK:
        return Atom(Kind.SOME_DAY, start, end)
    back = _DAYS_BACK[last]
    return Atom(Kind.RELATIVE, start, end, (back,))
