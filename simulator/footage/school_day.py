"""The school's timetable, as far as it decides how many people are about."""

from datetime import datetime, time
from enum import Enum, auto
from functools import lru_cache


class Hour(Enum):
    """What is going on in the school."""

    NIGHT = auto()
    QUIET = auto()  # early, late and Sundays: only staff
    COMING = auto()
    CEREMONY = auto()  # flag salute, first lesson on Monday
    LESSON = auto()
    CHANGE = auto()  # five minutes between lessons
    BREAK = auto()
    LUNCH = auto()
    LEAVING = auto()


_SUNDAY = 6

_DAY: tuple[tuple[time, Hour], ...] = (
    (time(0, 0), Hour.NIGHT),
    (time(5, 40), Hour.QUIET),
    (time(6, 35), Hour.COMING),
    (time(7, 30), Hour.LESSON),
    (time(8, 15), Hour.CHANGE),
    (time(8, 20), Hour.LESSON),
    (time(9, 5), Hour.BREAK),
    (time(9, 25), Hour.LESSON),
    (time(10, 10), Hour.CHANGE),
    (time(10, 15), Hour.LESSON),
    (time(11, 0), Hour.CHANGE),
    (time(11, 5), Hour.LESSON),
    (time(11, 50), Hour.LUNCH),
    (time(13, 15), Hour.CHANGE),
    (time(13, 30), Hour.LESSON),
    (time(14, 15), Hour.CHANGE),
    (time(14, 20), Hour.LESSON),
    (time(15, 5), Hour.BREAK),
    (time(15, 20), Hour.LESSON),
    (time(16, 5), Hour.CHANGE),
    (time(16, 10), Hour.LESSON),
    (time(16, 55), Hour.LEAVING),
    (time(17, 30), Hour.QUIET),
    (time(19, 0), Hour.NIGHT),
)


def hour_at(local: datetime) -> Hour:
    """What is going on at a local time."""
    return _hour(local.weekday(), local.hour * 60 + local.minute)


@lru_cache(maxsize=4096)
def _hour(weekday: int, minute: int) -> Hour:
    now = time(minute // 60, minute % 60)
    hour = [what for begins, what in _DAY if begins <= now][-1]
    if weekday == _SUNDAY and hour is not Hour.NIGHT:
        return Hour.QUIET
    if weekday == 0 and time(7, 30) <= now < time(8, 15):
        return Hour.CEREMONY
    return hour
