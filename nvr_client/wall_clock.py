"""The recorder's time: how it writes it, and how far it is off.

Recorders label footage with their own wall clock and print it bare (Dahua) or with a false `Z` (Hikvision,
observed on DS-7616NI, DS-9632NI up to V5.04); no printed suffix is trusted.

Three things stand between true time and the printed digits:

- the zone: the digits are wall-clock digits in the school's zone ("local"), or true UTC on some devices
  ("utc");
- the drift: a clock that is 94 s ahead labels footage 94 s late, so a request for true 9:00:00 must ask for
  9:01:34, and what comes back is moved by the same amount the other way;
- a wrong zone on the device, which shows as an offset of whole half hours. Its footage is mostly labelled
  with the same digits, so it is applied like any other offset; devices that write UTC do not share it
  (`zone_fault`).

The offset measured now is applied to old footage as well: how far the clock was off then is not recorded
anywhere. Devices print whole seconds, so an offset below `NEGLIGIBLE` is measuring noise and not applied.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from nvr_client.errors import AccessRefused, BadAnswer, NotSupported
from nvr_client.login import LoginGuard
from nvr_client.protocol import Clock
from nvr_client.settings import Now

NEGLIGIBLE = timedelta(seconds=2)
KEPT = timedelta(minutes=10)
_CUT_OFF = timedelta(seconds=0.49)
"""What devices leave out when they print whole seconds: half of one on average."""
_HALF_HOUR = timedelta(minutes=30)
_DIGITS = re.compile(r"(\d{4})-?(\d{1,2})-?(\d{1,2})[T ]+(\d{1,2}):?(\d{1,2}):?(\d{1,2})")


@dataclass(frozen=True, slots=True)
class DeviceTime:
    """Turns true time into the device's digits and back.

    Attributes:
        zone: the zone that the device's wall clock is meant to show.
        mode: whether its digits are that wall clock or UTC.
        offset: the shown time minus true time.
        zone_fault: the part of `offset` that the digits of footage do not share.
    """

    zone: ZoneInfo
    mode: Literal["local", "utc"]
    offset: timedelta
    zone_fault: timedelta = timedelta()

    @property
    def applied(self) -> timedelta:
        """What is added to true time before its digits are written."""
        offset = self.offset - self.zone_fault
        return offset if abs(offset) >= NEGLIGIBLE else timedelta()

    def labelled(self, true: datetime) -> datetime:
        """The moment as the device's own clock shows it; its fields are the digits."""
        return (true + self.applied).astimezone(self.zone if self.mode == "local" else UTC)

    def write(self, true: datetime, *, round_up: bool = False) -> str:
        """Digits as in a search: `2026-11-01T08:00:00Z`, whole seconds."""
        return f"{self.whole(true, round_up=round_up):%Y-%m-%dT%H:%M:%S}Z"

    def write_compact(self, true: datetime, *, round_up: bool = False) -> str:
        """Digits as in a playback address: `20261101T080000Z`, whole seconds."""
        return f"{self.whole(true, round_up=round_up):%Y%m%dT%H%M%S}Z"

    def read(self, text: str) -> datetime:
        """True UTC for digits that the device printed, in either form, whatever suffix follows them.

        Raises:
            BadAnswer: there are no digits of a date in it.
        """
        zone = self.zone if self.mode == "local" else UTC
        return (read_digits(text, zone) - self.applied).astimezone(UTC)

    def whole(self, true: datetime, *, round_up: bool = False) -> datetime:
        """As `labelled`, in whole seconds."""
        shown = self.labelled(true)
        if round_up and shown.microsecond:
            shown += timedelta(seconds=1)
        return shown.replace(microsecond=0)


def read_digits(text: str, zone: tzinfo) -> datetime:
    """The wall-clock digits in `text`, taken as a moment in `zone`.

    Raises:
        BadAnswer: there are no digits of a date in it.
    """
    match = _DIGITS.search(text)
    if match is None:
        raise BadAnswer("the recorder printed a time that is none")
    year, month, day, hour, minute, second = (int(group) for group in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError as error:
        raise BadAnswer("the recorder printed a time that is none") from error


def whole_half_hours(offset: timedelta) -> timedelta:
    """The part of an offset that looks like a wrong zone: the nearest whole half hours."""
    return round(offset / _HALF_HOUR) * _HALF_HOUR


class RecorderClock:
    """Measures the device's clock and remembers the outcome for ten minutes, or until told to forget it.

    Args:
        shown: asks the device for its time; gives text with the digits in it.
        guard: the breaker on rejected logins.
        zone: the zone that the device's wall clock is meant to show.
        now: the true time, aware.
    """

    def __init__(
        self, shown: Callable[[], Awaitable[str]], guard: LoginGuard, zone: ZoneInfo, now: Now
    ) -> None:
        self._shown = shown
        self._guard = guard
        self._zone = zone
        self._now = now
        self._measured: tuple[datetime, timedelta] | None = None

    def forget(self) -> None:
        """Have it measured anew: an export must be right to the second, and clocks are set at times."""
        self._measured = None

    async def offset(self) -> timedelta:
        """Device minus true time, at most ten minutes old.

        Zero where the device does not tell its time, or not to this account: reading the settings is a
        right of its own, and footage is to be had without it.
        """
        if self._measured is not None and timedelta() <= self._now() - self._measured[0] < KEPT:
            return self._measured[1]
        try:
            return (await self.measure()).offset
        except (NotSupported, BadAnswer, AccessRefused):
            self._guard.check()
            self._measured = (self._now(), timedelta())
            return timedelta()

    async def measure(self) -> Clock:
        """Ask the device now; the reference is the middle of the request."""
        before = self._now()
        text = await self._shown()
        after = self._now()
        middle = before + (after - before) / 2
        shown = read_digits(text, self._zone)
        offset = timedelta(seconds=round((shown + _CUT_OFF - middle).total_seconds()))
        clock = Clock(device_time=shown.astimezone(UTC), offset=offset)
        self._measured = (after, offset)
        return clock
