"""The recorder's own clock: wrong by an offset, local, and written with a false `Z`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator.recorder.model import SCHOOL_ZONE

_DIGITS = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)")


@dataclass(slots=True)
class WallClock:
    """Turns true time into what the device shows, and back. `offset` is device minus true."""

    offset: timedelta = timedelta(0)

    def shown(self, true: datetime) -> datetime:
        """The device's local time (aware, +07:00) at a true instant."""
        return (true + self.offset).astimezone(SCHOOL_ZONE)

    def false_z(self, true: datetime) -> str:
        """`2026-11-23T08:05:12Z`: local digits, whatever the Z says."""
        return f"{self.shown(true):%Y-%m-%dT%H:%M:%SZ}"

    def compact(self, true: datetime) -> str:
        """`20261123T080512Z`, as in playback URIs; local digits."""
        return f"{self.shown(true):%Y%m%dT%H%M%SZ}"

    def read(self, text: str) -> datetime:
        """True time (UTC) of what a client wrote in either form; its suffix is ignored.

        Raises:
            ValueError: it is no time.
        """
        digits = _DIGITS.match(text.strip())
        if digits is None:
            raise ValueError(f"no time: {text!r}")
        year, month, day, hour, minute, second = map(int, digits.groups())
        local = datetime(year, month, day, hour, minute, second, tzinfo=SCHOOL_ZONE)
        return (local - self.offset).astimezone(UTC)
