"""Which stretch of a day is meant, by the clock or by the school bell. The day itself is not known here."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.vietnamese.atoms import Atom, Kind
from domain.vietnamese.bells import Minutes, Timetable
from domain.vietnamese.clocks import DAY, HOUR, Spoken, ellipsis_end, moments, stretches
from domain.vietnamese.readings import Assumed, Reason

POINT_MARGIN = 5
ABOUT_MARGIN = 15
_CHOSEN_LENGTH = 10
_MORE_LENGTH = 30
_MIXED_AT_MOST = 3 * HOUR
_MORNING_PARTS = frozenset({"sang", "rang sang"})
_AFTERNOON_PARTS = frozenset({"chieu"})
_MORNING_PERIODS = 5
_MONDAY, _FRIDAY = 0, 4


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of a day.

    `options` gives it in minutes after midnight, the likeliest first, once the bell of the day is known; a
    stretch of no length is a moment, to be widened by `margin` minutes. `by_half` says that the options are
    the two halves of a day, so that those still to come can be left out. `weekday` (0 is Monday) is the
    day that the event itself implies. `by_bell` says that only a school day has it.
    """

    options: Callable[[Timetable], tuple[Minutes, ...]]
    reason: Reason | None = None
    assumed: tuple[Assumed, ...] = ()
    margin: int = 0
    by_half: bool = False
    weekday: int | None = None
    by_bell: bool = False


def fixed(
    options: tuple[Minutes, ...],
    reason: Reason | None = None,
    assumed: tuple[Assumed, ...] = (),
    margin: int = 0,
) -> Hours:
    """Hours that no bell changes."""
    return Hours(lambda _: options, reason, assumed, margin)


def of_range(start: Spoken, end: Spoken, *, about: bool) -> Hours:
    """From one hour to another."""
    found = stretches(start, end)
    return fixed(found.options, found.reason, (Assumed.APPROXIMATE,) if about else ())


def of_ends(start: Spoken, end: Spoken) -> Hours:
    """From an hour of one day to an hour of another; the end is counted from the day after the start."""
    first, last = moments(start), moments(end)
    return fixed(((first.options[0], last.options[0] + DAY),), first.reason or last.reason)


def of_ellipsis(start: Spoken, number: int, digits: int, *, about: bool) -> Hours:
    """From an hour to a bare number: "7h30-45"."""
    ends = ellipsis_end(start, number, digits)
    found = [stretches(start, end) for end in ends]
    options = tuple(option for stretch in found for option in stretch.options)
    if len(ends) == 1:
        return of_range(start, ends[0], about=about)
    return fixed(options, Reason.NEEDS_END)


def of_point(spoken: Spoken, *, margin: int | None = None) -> Hours:
    """One moment, some minutes around it where they were said or meant ("khoảng")."""
    found = moments(spoken)
    return fixed(
        tuple((moment, moment) for moment in found.options),
        found.reason,
        (Assumed.AROUND_POINT if margin is None else Assumed.APPROXIMATE,),
        POINT_MARGIN if margin is None else margin,
    )


def of_length(spoken: Spoken, minutes: int, *, before: bool = False) -> Hours:
    """So many minutes from an hour on, or before it."""
    found = moments(spoken)
    options = tuple((at - minutes, at) if before else (at, at + minutes) for at in found.options)
    return fixed(options, found.reason)


def open_ended(spoken: Spoken, *, before: bool = False) -> Hours:
    """As in "từ 9h", "trước 9h": the other end was left out."""
    hours = of_length(spoken, _CHOSEN_LENGTH, before=before)
    return Hours(hours.options, hours.reason or Reason.NEEDS_END)


def and_more(spoken: Spoken) -> Hours:
    """As in "8h hơn": some time after it."""
    hours = of_length(spoken, _MORE_LENGTH)
    return Hours(hours.options, Reason.NEEDS_HOUR)


def of_bell(atom: Atom, part: str) -> Hours:
    """A period, a break or another event of the school day; `part` is the part of the day that was said."""
    return replace(_of_bell(atom, part), by_bell=True)


def _of_bell(atom: Atom, part: str) -> Hours:
    if atom.kind is Kind.PERIOD:
        return _periods(atom.number(0), atom.number(1), part)
    if atom.kind is Kind.BETWEEN:
        return _between(atom.number(0), atom.number(1), part)
    if atom.kind is Kind.LAST_PERIOD:
        return _last_periods(atom.number(), part)
    return _EVENTS[atom.name](part)


def _last_periods(count: int, part: str) -> Hours:
    """As in "tiết cuối", "2 tiết cuối": the bell leaves open which lesson is the last one."""

    def options(bell: Timetable) -> tuple[Minutes, ...]:
        morning, afternoon = bell.morning, bell.afternoon
        ends = [(morning, len(morning)), (morning, len(morning) - 1)]
        ends += [(afternoon, len(afternoon) - 1), (afternoon, len(afternoon))]
        return tuple((half[end - count][0], half[end - 1][1]) for half, end in ends if end >= count)

    several = count > 1 and part != ""
    return _halves(options, None if several else Reason.WHICH_PERIOD, part)


def _halves(
    options: Callable[[Timetable], tuple[Minutes, ...]],
    reason: Reason | None,
    part: str,
    *,
    margin: int = 0,
    weekday: int | None = None,
) -> Hours:
    """Options of both halves of the day, narrowed by the part that was said."""
    assumed = (Assumed.AROUND_POINT,) if margin else ()
    if not part:
        return Hours(
            options, reason, assumed, margin, by_half=reason is Reason.NEEDS_HALF_OF_DAY, weekday=weekday
        )
    afternoon = part in _AFTERNOON_PARTS

    def narrowed(bell: Timetable) -> tuple[Minutes, ...]:
        return tuple(option for option in options(bell) if (option[0] >= 12 * HOUR) is afternoon)

    if part not in _MORNING_PARTS and not afternoon:
        return Hours(options, Reason.HALF_OF_DAY_CONFLICT, assumed, margin, weekday=weekday)
    open_still = reason if reason is not Reason.NEEDS_HALF_OF_DAY else None
    return Hours(narrowed, open_still, assumed, margin, weekday=weekday)


def _periods(first: int, last: int, part: str) -> Hours:
    if first > last:
        return fixed((), Reason.END_BEFORE_START)
    if first > _MORNING_PERIODS:
        shift = _MORNING_PERIODS
        hours = _halves(_from_to(first - shift, last - shift, (True,)), None, part)
        return Hours(hours.options, hours.reason, (Assumed.HALF_OF_DAY,) if not part else ())
    return _halves(_from_to(first, last, (False, True)), Reason.NEEDS_HALF_OF_DAY, part)


def _from_to(first: int, last: int, halves: tuple[bool, ...]) -> Callable[[Timetable], tuple[Minutes, ...]]:
    def options(bell: Timetable) -> tuple[Minutes, ...]:
        found = []
        for afternoon in halves:
            start, end = bell.period(first, afternoon=afternoon), bell.period(last, afternoon=afternoon)
            if start is not None and end is not None:
                found.append((start[0], end[1]))
        return tuple(found)

    return options


def _between(first: int, second: int, part: str) -> Hours:
    def options(bell: Timetable) -> tuple[Minutes, ...]:
        found = []
        for afternoon in (False, True):
            before, after = bell.period(first, afternoon=afternoon), bell.period(second, afternoon=afternoon)
            if before is not None and after is not None and before[1] < after[0]:
                found.append((before[1], after[0]))
        return tuple(found)

    return _halves(options, Reason.NEEDS_HALF_OF_DAY, part)


def _break(part: str) -> Hours:
    return _halves(lambda bell: (bell.morning_break, bell.afternoon_break), Reason.NEEDS_HALF_OF_DAY, part)


def _assembly(part: str) -> Hours:
    return _halves(lambda bell: (bell.morning[0],), None, part, weekday=_MONDAY)


def _reading(part: str) -> Hours:
    return _halves(lambda bell: (bell.reading,), None, part)


def _over(part: str) -> Hours:
    def options(bell: Timetable) -> tuple[Minutes, ...]:
        return tuple((end, end) for end in (*bell.morning_ends, *bell.afternoon_ends))

    if part in _AFTERNOON_PARTS:
        return _halves(options, None, part, margin=POINT_MARGIN)
    return _halves(options, Reason.WHICH_PERIOD, "sang" if part == "trua" else part, margin=POINT_MARGIN)


def _arrival(part: str) -> Hours:
    return _halves(lambda bell: ((bell.arrival, bell.arrival),), None, part, margin=POINT_MARGIN)


def _start_of_lessons(part: str) -> Hours:
    def options(bell: Timetable) -> tuple[Minutes, ...]:
        return tuple((half[0][0], half[0][0]) for half in (bell.morning, bell.afternoon))

    return _halves(options, Reason.NEEDS_HALF_OF_DAY, part, margin=POINT_MARGIN)


def _class_meeting(part: str) -> Hours:
    return _halves(
        lambda bell: (bell.morning[-1], bell.morning[-2], bell.afternoon[-2]),
        Reason.WHICH_PERIOD,
        part,
        weekday=_FRIDAY,
    )


def _lunch(part: str) -> Hours:
    return Hours(
        lambda bell: (bell.lunch,), Reason.HALF_OF_DAY_CONFLICT if part not in {"", "trua"} else None
    )


_EVENTS: dict[str, Callable[[str], Hours]] = {
    "ra choi": _break,
    "chao co": _assembly,
    "truy bai": _reading,
    "tan hoc": _over,
    "vao truong": _arrival,
    "vao hoc": _start_of_lessons,
    "sinh hoat": _class_meeting,
    "an trua": _lunch,
}


def through(first: Hours, last: Hours) -> Hours:
    """From the start of one event to the end of another in the same half of the day."""

    def options(bell: Timetable) -> tuple[Minutes, ...]:
        return tuple(
            (start[0], end[1])
            for start in first.options(bell)
            for end in last.options(bell)
            if start[0] < end[1] and (start[0] < 12 * HOUR) is (end[0] < 12 * HOUR)
        )

    reason = first.reason or last.reason
    by_half = first.by_half and last.by_half
    return Hours(options, reason, (*first.assumed, *last.assumed), by_half=by_half, by_bell=True)


def mixed(bell: Hours, spoken: Spoken, *, bell_starts: bool, over: bool) -> Hours:
    """One end by the bell, the other by the clock; `over` says that the bell's event is over by its end."""
    clock = moments(spoken)

    def options(timetable: Timetable) -> tuple[Minutes, ...]:
        found: list[Minutes] = []
        for event in bell.options(timetable):
            at = event[1] if over else event[0]
            for moment in clock.options:
                start, end = (at, moment) if bell_starts else (moment, at)
                if 0 < end - start <= _MIXED_AT_MOST:
                    found.append((start, end))
        return tuple(found)

    reason = bell.reason if bell.reason is not Reason.NEEDS_HALF_OF_DAY else None
    return Hours(options, reason, (Assumed.LENGTH,), by_bell=True)


def either(first: Hours, second: Hours) -> Hours:
    """Two events were named: which one?"""

    def options(bell: Timetable) -> tuple[Minutes, ...]:
        return (*first.options(bell), *second.options(bell))

    return Hours(options, Reason.WHICH_PERIOD, margin=max(first.margin, second.margin), by_bell=True)


def shifted(hours: Hours, side: Kind, minutes: int | None) -> Hours:
    """Some minutes before, after, at the beginning or at the end of an event."""
    length = minutes or _CHOSEN_LENGTH
    assumed: tuple[Assumed, ...] = () if minutes else (Assumed.LENGTH,)

    def options(bell: Timetable) -> tuple[Minutes, ...]:
        return tuple(_beside(option, side, length) for option in hours.options(bell))

    assumed = (*(one for one in hours.assumed if one is not Assumed.AROUND_POINT), *assumed)
    return replace(hours, options=options, assumed=assumed, margin=0)


def at_end(hours: Hours) -> Hours:
    """The moment when an event is over: "lúc hết tiết 5"."""

    def options(bell: Timetable) -> tuple[Minutes, ...]:
        return tuple((end, end) for _, end in hours.options(bell))

    return replace(hours, options=options, assumed=(Assumed.AROUND_POINT,), margin=POINT_MARGIN)


def _beside(option: Minutes, side: Kind, length: int) -> Minutes:
    start, end = option
    if side is Kind.BEFORE:
        return start - length, start
    if side is Kind.AFTER:
        return end, end + length
    if side is Kind.BEGINNING:
        return start, min(start + length, end) if end > start else start + length
    return max(end - length, start) if end > start else end - length, end
