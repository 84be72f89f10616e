"""Hours as they are said: which half of the day "2h" may mean, and what "7h30-45" stands for."""

from dataclasses import dataclass

from domain.vietnamese.bells import Minutes
from domain.vietnamese.readings import Reason

HOUR = 60
DAY = 24 * HOUR

PART_STRETCHES: dict[str, Minutes] = {
    "rang sang": (0, 5 * HOUR),
    "sang": (5 * HOUR, 11 * HOUR),
    "trua": (11 * HOUR, 13 * HOUR + 30),
    "chieu": (13 * HOUR + 30, 18 * HOUR),
    "toi": (18 * HOUR, 22 * HOUR),
    "dem": (22 * HOUR, 29 * HOUR),
}
"""The parts of a day, in minutes after its midnight; a night ends on the next morning."""

_NOON = 12
_LATEST_MORNING_GUESS = 6
_EVENING = 18 * HOUR
_SMALL_HOURS = 6 * HOUR

# Hours from 1 to 12 that go with a part of the day, and what is added to them.
_TWELVE_HOUR: dict[str, dict[int, int]] = {
    "rang sang": {**dict.fromkeys(range(1, 7), 0), 12: -12},
    "sang": dict.fromkeys(range(1, 12), 0),
    "trua": {10: 0, 11: 0, 12: 0, 1: 12, 2: 12},
    "chieu": {12: 0, **dict.fromkeys(range(1, 8), 12)},
    "toi": {**dict.fromkeys(range(5, 12), 12), 12: 12},
    "dem": {**dict.fromkeys(range(6, 12), 12), 12: 12},
    "am": {**dict.fromkeys(range(1, 12), 0), 12: -12},
    "pm": {**dict.fromkeys(range(1, 12), 12), 12: 0},
}
# Hours from 13 on that contradict a part of the day.
_NOT_WITH = {"rang sang": range(13, 24), "sang": range(13, 24), "trua": range(15, 24), "toi": range(13, 17)}


@dataclass(frozen=True, slots=True)
class Spoken:
    """An hour as typed. `exact` when written for a 24-hour clock: "05:30" beside a full date."""

    hour: int
    minute: int
    part: str = ""
    exact: bool = False

    @property
    def valid(self) -> bool:
        """Whether a clock can show it."""
        return self.hour <= 24 and self.minute < HOUR and (self.hour < 24 or self.minute == 0)  # noqa: PLR2004 - hours of a day


@dataclass(frozen=True, slots=True)
class Moments:
    """The minutes after midnight that an hour may mean, the likeliest first, and why it's open if it is."""

    options: tuple[int, ...]
    reason: Reason | None = None


def moments(spoken: Spoken) -> Moments:
    """What an hour may mean by itself."""
    hour, minute, part = spoken.hour, spoken.minute, spoken.part
    plain = hour * HOUR + minute
    if part == "dem" and hour <= 5:  # noqa: PLR2004 - the small hours
        return Moments((plain + DAY, plain), Reason.WHICH_DAY)
    if hour > _NOON or hour == 0 or spoken.exact:
        if hour in _NOT_WITH.get(part, ()):
            return Moments((plain,), Reason.HALF_OF_DAY_CONFLICT)
        return Moments((plain,))
    if part:
        added = _TWELVE_HOUR[part].get(hour)
        if added is not None:
            return Moments((plain + added * HOUR,))
        return Moments(
            (plain, plain + _NOON * HOUR) if hour < _NOON else (plain,), Reason.HALF_OF_DAY_CONFLICT
        )
    if hour <= _LATEST_MORNING_GUESS:
        return Moments((plain + _NOON * HOUR, plain), Reason.NEEDS_HALF_OF_DAY)
    return Moments((plain,))


@dataclass(frozen=True, slots=True)
class Stretches:
    """The stretches that two hours may mean, the likeliest first; none when they can't be put in order."""

    options: tuple[Minutes, ...]
    reason: Reason | None = None


def stretches(start: Spoken, end: Spoken) -> Stretches:
    """What "from start to end" may mean. The two ends settle each other; they are never swapped."""
    first, second = moments(start), moments(end)
    if not start.part and end.part:
        shared = moments(Spoken(start.hour, start.minute, end.part, start.exact))
        if shared.reason is not Reason.HALF_OF_DAY_CONFLICT:
            first = shared
    elif start.part and not end.part:
        shared = moments(Spoken(end.hour, end.minute, start.part, end.exact))
        if shared.reason is not Reason.HALF_OF_DAY_CONFLICT:
            second = shared
    for reading in (first, second):
        if reading.reason is Reason.HALF_OF_DAY_CONFLICT:
            return Stretches(_in_order(first, second), Reason.HALF_OF_DAY_CONFLICT)
    pairs = _in_order(first, second)
    if pairs:
        open_both = len(first.options) > 1 and len(second.options) > 1
        return Stretches(pairs, (first.reason or second.reason) if open_both and len(pairs) > 1 else None)
    early, late = first.options[0], second.options[-1]
    if early >= _EVENING and late <= _SMALL_HOURS:
        return Stretches(((early, late + DAY),))
    return Stretches((), Reason.END_BEFORE_START)


def _in_order(first: Moments, second: Moments) -> tuple[Minutes, ...]:
    """For each meaning of one end the nearest fitting meaning of the other."""
    pairs: list[Minutes] = []
    if len(first.options) == 1 and len(second.options) > 1:
        fitting = [end for end in second.options if end > first.options[0]]
        return ((first.options[0], min(fitting)),) if fitting else ()
    for start in first.options:
        fitting = [end for end in second.options if end > start]
        if fitting:
            pairs.append((start, min(fitting)))
    if len(second.options) == 1 and len(pairs) > 1:
        return (max(pairs),)
    return tuple(pairs)


def ellipsis_end(start: Spoken, number: int, digits: int) -> tuple[Spoken, ...]:
    """What a bare number after an hour may be as its end: minutes ("7h30-45") or an hour ("7h30-8")."""
    minutes = Spoken(start.hour, number, start.part, start.exact)
    hour = Spoken(number, 0, start.part)
    as_minutes = digits == 2 and start.minute < number < HOUR  # noqa: PLR2004 - minutes are written with two digits
    as_hour = number in {start.hour + 1, start.hour + 2, (start.hour + 1) % _NOON} and number > 0
    if as_minutes and as_hour and start.minute == 0:
        return (minutes, hour)
    if as_minutes:
        return (minutes,)
    return (hour,) if as_hour else ()
