"""A stretch of past time from Vietnamese words: what was meant, what was assumed, what must be asked."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from rapidfuzz.distance import OSA

from domain.vietnamese.atoms import Atom, Kind, atoms_of
from domain.vietnamese.bells import DEFAULT_BELLS, Bells
from domain.vietnamese.clocks import PART_STRETCHES
from domain.vietnamese.days import Days, day_of, days_together
from domain.vietnamese.folding import MOST_CHARACTERS, Folded, fold
from domain.vietnamese.hours import POINT_MARGIN, Hours
from domain.vietnamese.phrases import Phrase, phrase_of
from domain.vietnamese.readings import (
    Assumed,
    Flag,
    Interval,
    Limits,
    Note,
    Piece,
    Reason,
    SpanReading,
)

DEFAULT_LIMITS = Limits()

_DAY = timedelta(days=1)
_LATELY = timedelta(minutes=15)
_SATURDAY, _SUNDAY = 5, 6
_MOST_PARTS = 4
_DAY_LIKE = re.compile(r"(?<![a-z0-9#])(hom|bua|thu|ngay) ([a-z]+)(?![a-z0-9])")
_AFTER = {"bua": ("qua", "nay", "kia"), "thu": ("hai", "ba", "tu", "nam", "sau", "bay")}
_REFUSED = frozenset({Reason.FUTURE, Reason.NO_SUCH_DATE, Reason.NO_SUCH_HOUR})


def read_span(
    text: str, now: datetime, bells: Bells = DEFAULT_BELLS, limits: Limits = DEFAULT_LIMITS
) -> SpanReading:
    """The stretch of time that a text speaks of.

    Args:
        text: A sentence or the words after a command.
        now: The present, aware, in the school's zone. The past is meant.
        bells: When periods and breaks are.
        limits: The longest request, and how long recordings are trusted to be kept.

    Returns:
        A reading in the zone of `now`. Nothing about time gives (ASK, NO_TIME) with no interval.

    Raises:
        ValueError: `now` is naive.
    """
    return read_folded(fold(text[:MOST_CHARACTERS]), now, bells, limits)


def read_folded(
    folded: Folded, now: datetime, bells: Bells = DEFAULT_BELLS, limits: Limits = DEFAULT_LIMITS
) -> SpanReading:
    """As `read_span`, for text that is folded already, camera names masked in it or not."""
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    phrase = phrase_of(atoms_of(folded), folded)
    where = _where(phrase.used, folded)
    if phrase.empty:
        return SpanReading(None, None, (Flag.ASK,), (Reason.NO_TIME,))
    reading = _Calendar(folded, now, bells, limits, where).read(phrase)
    return _confirmed(reading) if phrase.corrected else reading


def _confirmed(reading: SpanReading) -> SpanReading:
    """The same to be confirmed, because something was said and taken back."""
    flags = (Flag.CONFIRM, *reading.flags[1:]) if reading.flag is Flag.RUN else reading.flags
    return replace(reading, flags=flags, assumed=(*reading.assumed, Assumed.CORRECTED))


class _Calendar:
    """Sets a phrase against the present."""

    def __init__(
        self, folded: Folded, now: datetime, bells: Bells, limits: Limits, where: tuple[Piece, ...]
    ) -> None:
        self.folded = folded
        self.now = now
        self.today = now.date()
        self.bells = bells
        self.limits = limits
        self.where = where
        self.years_back: int | None = None

    def read(self, phrase: Phrase) -> SpanReading:
        if phrase.moment is not None:
            return self._from_now(phrase.moment)
        weeks_back = phrase.week.number() if phrase.week is not None else None
        self.years_back = phrase.year.number() if phrase.year is not None else None
        days = self._days(phrase.days, weeks_back)
        if days is None and phrase.year is not None:
            return self._nothing(Reason.NEEDS_DAY)
        if phrase.night:
            days = self._night(phrase, days, weeks_back)
        if days is not None and not days.options:
            return self._nothing(days.reason or Reason.NEEDS_DAY)
        if phrase.hours is None:
            return self._without_hour(phrase, days, weeks_back)
        if phrase.until_now and (days is None or days.options[0] == self.today):
            return self._until_now(phrase.hours)
        if phrase.hours.weekday is not None:
            days = self._implied(phrase.hours.weekday, days, weeks_back)
        elif days is None and weeks_back is not None:
            return self._nothing(Reason.NEEDS_DAY)
        if phrase.end_days and days is not None:
            return self._both_days(phrase, phrase.hours, days, self._days(phrase.end_days, weeks_back))
        return self._on_days(phrase.hours, days)

    def _days(self, atoms: Sequence[Atom], weeks_back: int | None) -> Days | None:
        if not atoms:
            return None
        readings = [
            day_of(atom, self.today, weeks_back, self._typed(atom), years_back=self.years_back)
            for atom in atoms
        ]
        return days_together(atoms, readings, weeks_back)

    def _typed(self, atom: Atom) -> str:
        piece = self.folded.piece(atom.start, atom.end)
        return self.folded.original[piece.start : piece.end]

    def _night(self, phrase: Phrase, days: Days | None, weeks_back: int | None) -> Days | None:
        """As in "đêm thứ 6 rạng sáng thứ 7": the small hours belong to the second day."""
        single = [self._days([atom], weeks_back) for atom in phrase.days]
        firm = [one.options[0] for one in single if one is not None and one.options]
        if len(firm) == 2 and firm[1] - firm[0] == _DAY:  # noqa: PLR2004 - the night and its morning
            return Days((firm[1] if phrase.small_hours else firm[0],))
        if len(firm) == 1:
            return Days((firm[0] + _DAY if phrase.small_hours else firm[0],), Reason.WHICH_DAY)
        return days

    def _implied(self, weekday: int, days: Days | None, weeks_back: int | None) -> Days:
        """The day of an event that has its own weekday, as the assembly has Monday."""
        if days is None:
            back = (self.today.weekday() - weekday) % 7
            if weeks_back is not None:
                monday = self.today - timedelta(days=self.today.weekday())
                return Days((monday + timedelta(days=weekday - 7 * weeks_back),))
            if back == 0:
                return Days((self.today, self.today - 7 * _DAY), Reason.WHICH_DAY)
            return Days((self.today - back * _DAY,))
        if all(day.weekday() != weekday for day in days.options):
            return Days(days.options, Reason.DAYS_CONFLICT, days.assumed)
        return days

    def _from_now(self, moment: Atom) -> SpanReading:
        now = self.now.replace(second=0, microsecond=0)
        if moment.kind is Kind.LATELY:
            last = Interval(now - _LATELY, now)
            return self._reading(last, (Reason.NEEDS_HOUR,), (), (last,))
        minutes = timedelta(minutes=moment.number())
        if moment.kind is Kind.LATEST:
            return self._reading(Interval(now - minutes, now), (), (Assumed.UNTIL_NOW,))
        at = now - minutes
        margin = timedelta(minutes=POINT_MARGIN)
        assumed: tuple[Assumed, ...] = (Assumed.AROUND_POINT,)
        if at + margin > now:
            assumed = (*assumed, Assumed.UNTIL_NOW)
        return self._reading(Interval(at - margin, min(at + margin, now)), (), assumed)

    def _until_now(self, hours: Hours) -> SpanReading:
        """As in "từ 7h30 tới giờ"."""
        now = self.now.replace(second=0, microsecond=0)
        starts = [self._at(self.today, option[0]) for option in hours.options(self.bells.on(self.today))]
        past = [start for start in starts if start < now]
        if not past:
            return self._nothing(Reason.FUTURE)
        return self._reading(Interval(past[0], now), (), (Assumed.UNTIL_NOW,))

    def _without_hour(self, phrase: Phrase, days: Days | None, weeks_back: int | None) -> SpanReading:
        """A day, a part of it, or a week: too wide."""
        if days is None:
            monday = self.today - timedelta(days=self.today.weekday()) - 7 * (weeks_back or 0) * _DAY
            return self._wide(Interval(self._at(monday, 0), self._at(monday + 7 * _DAY, 0)))
        if phrase.several_days and len(days.options) > 1:
            first, last = min(days.options), max(days.options)
            return self._wide(Interval(self._at(first, 0), self._at(last + _DAY, 0)))
        if days.reason is not None and days.reason is not Reason.WHICH_DAY:
            return self._nothing(days.reason)
        start, end = PART_STRETCHES.get(phrase.part, (0, 24 * 60))
        day = days.options[0]
        if phrase.night:
            end = PART_STRETCHES["dem"][1]
        return self._wide(Interval(self._at(day, start), self._at(day, end)), days.reason)

    def _wide(self, interval: Interval, reason: Reason | None = None) -> SpanReading:
        now = self.now.replace(second=0, microsecond=0)
        if interval.start >= now:
            return self._nothing(Reason.FUTURE)
        end = min(interval.end, now)
        flags = (Flag.TOO_WIDE, *self._age(interval.start))
        reasons = (Reason.VAGUE, *((reason,) if reason else ()), *self._age_reason(interval.start))
        assumed = (Assumed.UNTIL_NOW,) if end < interval.end else ()
        notes = _notes(interval.start.date())
        return SpanReading(interval.start, end, flags, reasons, assumed, notes, where=self.where)

    def _both_days(self, phrase: Phrase, hours: Hours, days: Days, end_days: Days | None) -> SpanReading:
        """As in "từ 23h50 ngày 20/11 đến 0h10 ngày 21/11"."""
        if end_days is None or not end_days.options:
            return self._nothing(end_days.reason if end_days and end_days.reason else Reason.NEEDS_DAY)
        first, last = days.options[0], end_days.options[0]
        if first == last or phrase.apart is None:
            conflict = None if first == last else Reason.DAYS_CONFLICT
            open_end = replace(days, reason=days.reason or end_days.reason or conflict)
            return self._on_days(hours, open_end)
        if last < first:
            return self._nothing(Reason.END_BEFORE_START)
        options = phrase.apart.options(self.bells.on(first))
        if not options:
            return self._nothing(phrase.apart.reason or Reason.DAYS_CONFLICT)
        start, end = options[0]
        reason = days.reason or end_days.reason or phrase.apart.reason
        interval = Interval(self._at(first, start), self._at(last - _DAY, end))
        if interval.end <= interval.start:
            return self._nothing(Reason.END_BEFORE_START)
        return self._reading(interval, (reason,) if reason else (), hours.assumed)

    def _on_days(self, hours: Hours, days: Days | None) -> SpanReading:
        named = days is not None
        dates = days.options if days is not None else (self.today, self._day_before(hours))
        found = [
            self._dated(hours, day, option) for day in dates for option in hours.options(self.bells.on(day))
        ]
        if not found:
            return self._nothing(hours.reason or Reason.WHICH_PERIOD)
        past = [(interval, cut) for interval, over, cut in found if over]
        reasons = [reason for reason in (days.reason if days else None, hours.reason) if reason is not None]
        assumed = [*(days.assumed if days else ()), *hours.assumed]
        if not past:
            return self._future(hours, found[0][0])
        if not named:
            today = [
                one for one in past if one[0].start.date() == self.today or one[0].end.date() == self.today
            ]
            if _strange_day(self.folded, self.where):
                reasons.append(Reason.NEEDS_DAY)
            asked = bool(reasons) and not hours.by_half
            if today and not asked and Reason.NEEDS_DAY not in reasons:
                past = today
                assumed.append(Assumed.TODAY)
            else:
                reasons = [*(one for one in reasons if one is not Reason.NEEDS_DAY), Reason.NEEDS_DAY]
                order = {
                    option: place for place, option in enumerate(hours.options(self.bells.on(self.today)))
                }
                past.sort(key=lambda one: _place(one[0], order))
        if hours.by_half and len(past) == 1 and len(found) > 1 and Reason.NEEDS_DAY not in reasons:
            reasons.remove(Reason.NEEDS_HALF_OF_DAY)
            assumed.append(Assumed.HALF_OF_DAY)
        first, cut = past[0]
        if cut:
            assumed.append(Assumed.UNTIL_NOW)
        choices = tuple(dict.fromkeys(interval for interval, _ in past)) if reasons else ()
        return self._reading(first, tuple(dict.fromkeys(reasons)), tuple(dict.fromkeys(assumed)), choices)

    def _dated(self, hours: Hours, day: date, option: tuple[int, int]) -> tuple[Interval, bool, bool]:
        """The option on that day; whether it's over; whether its end was cut to the present."""
        start, end = self._at(day, option[0]), self._at(day, option[1])
        if not hours.margin:
            return Interval(start, end), end <= self.now, False
        margin = timedelta(minutes=hours.margin)
        now = self.now.replace(second=0, microsecond=0)
        cut = end <= self.now < end + margin
        return Interval(start - margin, now if cut else end + margin), end <= self.now, cut

    def _future(self, hours: Hours, interval: Interval) -> SpanReading:
        """Refuses what hasn't happened; suggests the part that has, or the last school day's."""
        now = self.now.replace(second=0, microsecond=0)
        if interval.start < now and not hours.margin:
            return self._nothing(Reason.FUTURE, (Interval(interval.start, now),))
        day = self._day_before(replace(hours, by_bell=True))
        options = hours.options(self.bells.on(day))
        return self._nothing(Reason.FUTURE, tuple(self._dated(hours, day, option)[0] for option in options))

    def _day_before(self, hours: Hours) -> date:
        """Yesterday; for what only a school day has, the school day before today."""
        day = self.today - _DAY
        while hours.by_bell and (day.weekday() >= _SATURDAY or hours.weekday not in {None, day.weekday()}):
            day -= _DAY
        return day

    def _nothing(self, reason: Reason, choices: tuple[Interval, ...] = ()) -> SpanReading:
        flag = Flag.REFUSE if reason in _REFUSED else Flag.ASK
        return SpanReading(None, None, (flag,), (reason,), choices=choices, where=self.where)

    def _reading(
        self,
        interval: Interval,
        reasons: tuple[Reason, ...],
        assumed: tuple[Assumed, ...],
        choices: tuple[Interval, ...] = (),
    ) -> SpanReading:
        if interval.start >= self.now or (interval.end > self.now and not choices):
            return self._nothing(Reason.FUTURE)
        flag = Flag.ASK if reasons else Flag.CONFIRM if assumed else Flag.RUN
        if interval.duration > self.limits.longest:
            reasons = (*reasons, Reason.TOO_LONG)
            if flag is not Flag.ASK:
                flag = Flag.TOO_WIDE
                choices = _parts(interval, self.limits.longest)
        age = self._age(interval.start)
        flags = age if age and flag is Flag.RUN else (flag, *age)
        return SpanReading(
            interval.start,
            interval.end,
            flags,
            (*reasons, *self._age_reason(interval.start)),
            assumed,
            _notes(interval.start.date()),
            choices,
            self.where,
        )

    def _age(self, start: datetime) -> tuple[Flag, ...]:
        return (Flag.TOO_OLD,) if start < self.now - self.limits.kept else ()

    def _age_reason(self, start: datetime) -> tuple[Reason, ...]:
        return (Reason.OLDER_THAN_KEPT,) if self._age(start) else ()

    def _at(self, day: date, minutes: int) -> datetime:
        moved = day + timedelta(days=minutes // (24 * 60))
        rest = minutes % (24 * 60)
        return datetime(moved.year, moved.month, moved.day, rest // 60, rest % 60, tzinfo=self.now.tzinfo)


def _strange_day(folded: Folded, where: Sequence[Piece]) -> bool:
    """Whether a word for a day stands there misspelt ("hôm qau"), so that today can't be assumed."""
    for found in _DAY_LIKE.finditer(folded.masked(tuple(where)).text):
        lead, word = found.groups()
        start = folded.starts[found.start()]
        dated = lead == "ngay" and folded.original[start : start + 4].isascii()
        if lead in {"hom", "ngay"} and not dated:
            return True
        if any(OSA.distance(word, day) <= 1 for day in _AFTER.get(lead, ())):
            return True
    return False


def _place(interval: Interval, order: dict[tuple[int, int], int]) -> int:
    middle = interval.start + interval.duration / 2
    minutes = middle.hour * 60 + middle.minute
    near = min(order, key=lambda option: abs((option[0] + option[1]) // 2 % (24 * 60) - minutes))
    return order[near]


def _parts(interval: Interval, longest: timedelta) -> tuple[Interval, ...]:
    """Equal parts, none longer than allowed; none at all when they would be many."""
    count = -(-interval.duration // longest)
    if count > _MOST_PARTS:
        return ()
    minutes = interval.duration // timedelta(minutes=1)
    edges = [interval.start + timedelta(minutes=minutes * place // count) for place in range(count + 1)]
    edges[-1] = interval.end
    return tuple(Interval(start, end) for start, end in itertools.pairwise(edges))


def _notes(day: date) -> tuple[Note, ...]:
    notes: list[Note] = []
    if day.weekday() == _SUNDAY:
        notes.append(Note.NO_LESSONS)
    if (day.month, day.day) == (11, 20):
        notes.append(Note.TEACHERS_DAY)
    return tuple(notes)


def _where(used: Sequence[Atom], folded: Folded) -> tuple[Piece, ...]:
    """The used pieces of the text, neighbours joined over spaces and commas."""
    pieces: list[Piece] = []
    end = -1
    for atom in used:
        piece = folded.piece(atom.start, atom.end)
        if pieces and not folded.text[end : atom.start].strip(" ,.()-"):
            pieces[-1] = Piece(pieces[-1].start, piece.end)
        else:
            pieces.append(piece)
        end = max(end, atom.end)
    return tuple(pieces)
