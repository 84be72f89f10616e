"""The ONVIF recorder's clock: UTC as the specification wants it, or local digits with a false `Z`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator.recorder.model import SCHOOL_ZONE
from simulator.recorder.onvif.switches import OnvifSwitches

_DIGITS = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:\.(\d+))?")


@dataclass(slots=True)
class OnvifClock:
    """Turns true time into what the device writes, and back. `offset` is device minus true."""

    switches: OnvifSwitches
    offset: timedelta = timedelta(0)

    def shown(self, true: datetime) -> datetime:
        """The device's UTC at a true instant."""
        return (true + self.offset).astimezone(UTC)

    def told(self, true: datetime) -> datetime:
        """What it tells as its UTC, and holds the times of tokens against."""
        shown = self.shown(true)
        if self.switches.clock_local_as_z:
            shown = shown.astimezone(SCHOOL_ZONE).replace(tzinfo=UTC)
        return shown

    def labelled(self, true: datetime) -> datetime:
        """The label of footage of a true instant, aware UTC even where its digits are local."""
        shown = self.shown(true)
        if self.switches.local_as_z:
            shown = shown.astimezone(SCHOOL_ZONE).replace(tzinfo=UTC)
        return shown

    def write(self, true: datetime) -> str:
        """`2026-11-23T01:05:12.250Z`, as in answers; no fraction where there is none."""
        label = self.labelled(true)
        fraction = f".{label.microsecond // 1000:03d}" if label.microsecond else ""
        return f"{label:%Y-%m-%dT%H:%M:%S}{fraction}Z"

    def compact(self, true: datetime) -> str:
        """`20261123T010512.250Z`, as in RTSP's `Range`."""
        label = self.labelled(true)
        return f"{label:%Y%m%dT%H%M%S}.{label.microsecond // 1000:03d}Z"

    def read(self, text: str) -> datetime:
        """True time (UTC) of what a client wrote in either form; any zone but `Z` is passed over.

        Raises:
            ValueError: it is no time.
        """
        match = _DIGITS.match(text.strip())
        if match is None:
            raise ValueError(f"no time: {text!r}")
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        micro = int((match[7] or "0")[:6].ljust(6, "0"))
        zone = SCHOOL_ZONE if self.switches.local_as_z else UTC
        return (datetime(year, month, day, hour, minute, second, micro, zone) - self.offset).astimezone(UTC)
