"""The pretend school's clock: the true time in school hours; else the last school day, five past eight."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OPENS, CLOSES = time(6, 45), time(17, 30)
SHOWN = time(8, 5)
_LAST_SCHOOL_DAY = 4  # Friday


def ahead_by(true_now: datetime) -> timedelta:
    """How far the clock is moved, so that the cameras see a day with people in it. Never positive."""
    local = true_now.astimezone(ZONE)
    if local.weekday() <= _LAST_SCHOOL_DAY and OPENS <= local.time() <= CLOSES:
        return timedelta(0)
    day = local.date() if local.time() > CLOSES else local.date() - timedelta(days=1)
    while day.weekday() > _LAST_SCHOOL_DAY:
        day -= timedelta(days=1)
    return datetime.combine(day, SHOWN, ZONE) - local


def moved(by: timedelta) -> Callable[[], datetime]:
    """A clock that runs like the true one, moved by so much; aware UTC."""
    return lambda: datetime.now(UTC) + by
