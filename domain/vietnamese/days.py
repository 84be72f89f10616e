"""Which day is meant: dates, weekdays, "hôm qua", "ngày 12". The past is meant."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.vietnamese.atoms import OR_NEXT, Atom, Kind
from domain.vietnamese.readings import Assumed, Reason

DAY_KINDS = frozenset(
    {Kind.DATE, Kind.DAY, Kind.WEEKDAY, Kind.RELATIVE, Kind.THIS_WEEKDAY, Kind.SOME_DAY, Kind.LUNAR}
)

_LAST_YEAR_REACHES = timedelta(days=183)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were meant, the likeliest first. `reason` says why it's open or impossible."""

    options: tuple[date, ...]
    reason: Reason | None = None
    assumed: tuple[Assumed, ...] = ()


def day_of(
    atom: Atom, today: date, weeks_back: int | None, typed: str, *, years_back: int | None = None
) -> Days:
    """What one word for a day means; `typed` is that word as it stands in the text."""
    if years_back is not None:
        if atom.kind is not Kind.DATE:
            return Days((), Reason.NEEDS_DAY)
        day, month, year = atom.numbers
        return _calendar(replace(atom, numbers=(day, month, year or today.year - years_back)), today)
    if atom.kind is Kind.THIS_WEEKDAY:
        return _this_weekday(atom.number(), today)
    if atom.kind is Kind.DATE:
        return _calendar(atom, today)
    if atom.kind is Kind.DAY:
        return _day_of_month(atom, today)
    if atom.kind is Kind.WEEKDAY:
        return _weekday(atom.number(), today, weeks_back, or_next=atom.name == OR_NEXT)
    if atom.kind is Kind.RELATIVE:
        if "kìa" in unicodedata.normalize("NFC", typed).lower():
            return Days((today - timedelta(days=3),), Reason.WHICH_DAY)
        return Days((today - timedelta(days=atom.number()),))
    if atom.kind is Kind.LUNAR:
        return Days((), Reason.LUNAR)
    return Days((), Reason.NEEDS_DAY)


def days_together(atoms: Sequence[Atom], readings: Sequence[Days], weeks_back: int | None) -> Days:
    """What several words for one day mean together: "thứ Tư 18/11" must be a Wednesday."""
    for reading in readings:
        if not reading.options:
            return reading
    firm = [
        reading
        for atom, reading in zip(atoms, readings, strict=True)
        if atom.kind is not Kind.WEEKDAY and len(reading.options) == 1
    ]
    if not firm:
        shared = [day for day in readings[0].options if all(day in other.options for other in readings)]
        if shared:
            return Days(tuple(shared), readings[0].reason if len(shared) > 1 else None)
        return _conflict(readings)
    day = firm[0].options[0]
    for atom, reading in zip(atoms, readings, strict=True):
        any_week = atom.kind is Kind.WEEKDAY and weeks_back is None
        same = day.weekday() == atom.number() if any_week else day in reading.options
        if not same:
            return _conflict(readings)
    return firm[0]


def _conflict(readings: Sequence[Days]) -> Days:
    options = tuple(dict.fromkeys(reading.options[0] for reading in readings))
    return Days(options, Reason.DAYS_CONFLICT)


def _calendar(atom: Atom, today: date) -> Days:
    day, month, year = atom.numbers
    made = _date(year or today.year, month, day)
    if made is None:
        return Days((), Reason.NO_SUCH_DATE)
    if year is None and made > today:
        before = _date(today.year - 1, month, day)
        if before is not None and today - before <= _LAST_YEAR_REACHES:
            return Days((before,), assumed=(Assumed.LAST_YEAR,))
    return Days((made,))


def _day_of_month(atom: Atom, today: date) -> Days:
    number, months_back = atom.numbers
    first = today.replace(day=1)
    for back in range(12) if months_back is None else (months_back,):
        month = first.month - 1 - back
        made = _date(first.year + month // 12, month % 12 + 1, number)
        if made is not None and (made <= today or months_back is not None):
            return Days((made,))
    return Days((), Reason.NO_SUCH_DATE)


def _weekday(number: int, today: date, weeks_back: int | None, *, or_next: bool) -> Days:
    monday = today - timedelta(days=today.weekday())
    if weeks_back is not None:
        return Days((monday + timedelta(days=number - _WEEK * weeks_back),))
    back = (today.weekday() - number) % _WEEK
    if back == 0:
        return Days((today, today - timedelta(days=_WEEK)), Reason.WHICH_DAY)
    day = today - timedelta(days=back)
    return Days((day, day + timedelta(days=_WEEK)), Reason.WHICH_DAY) if or_next else Days((day,))


def _this_weekday(number: int, today: date) -> Days:
    """As in "thứ Tư này": if it hasn't come, was the last one meant?"""
    if number <= today.weekday():
        return Days((today - timedelta(days=today.weekday() - number),))
    return Days((today - timedelta(days=_WEEK + today.weekday() - number),), Reason.WHICH_DAY)


def _date(year: int, month: int | None, day: int | None) -> date | None:
    if month is None or day is None or not 2000 <= year <= 2100:  # noqa: PLR2004 - no recorder is older
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
