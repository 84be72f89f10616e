"""Does the device write its wall clock or UTC? Settings say so, or a self-test finds out.

Recorders write local digits, single cameras were seen with true UTC (DS-2CD2185 V5.6.3), so "local" is the
default and the test runs only where settings say "auto": a camera that records now has a file ending about
now in one of the two readings.
"""

from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

from nvr_client._vendors.hikvision.search import Search
from nvr_client._vendors.hikvision.status import online_states
from nvr_client._vendors.hikvision.transport import Transport
from nvr_client._vendors.hikvision.wall_clock import DeviceTime
from nvr_client.protocol import Span
from nvr_client.settings import Now, TimeMode

log = structlog.get_logger(__name__)

WINDOW = timedelta(minutes=15)
CAMERAS_TRIED = 3


class TimeModes:
    """Knows how one device writes times."""

    def __init__(
        self, setting: TimeMode, zone: ZoneInfo, search: Search, transport: Transport, now: Now
    ) -> None:
        self._mode: Literal["local", "utc"] | None = None if setting == "auto" else setting
        self._zone = zone
        self._search = search
        self._transport = transport
        self._now = now

    async def settle(self, offset: timedelta) -> DeviceTime:
        """How to write and read times, given the clock's offset; may search once or a few times."""
        if self._mode is None:
            self._mode = await self._tested(offset)
        return DeviceTime(self._zone, self._mode or "local", offset)

    async def _tested(self, offset: timedelta) -> Literal["local", "utc"] | None:
        """The reading in which a camera has footage of now; None where no camera records."""
        online = [number for number, state in (await online_states(self._transport)).items() if state] or [1]
        now = self._now()
        readings: tuple[Literal["local", "utc"], ...] = ("local", "utc")
        for channel in online[:CAMERAS_TRIED]:
            for mode in readings:
                time = DeviceTime(self._zone, mode, offset)
                recent = await self._search.segments(channel * 100 + 1, Span(now - WINDOW, now), time)
                if any(abs(segment.span.end - now) <= WINDOW for segment in recent):
                    log.info("recorder.time_mode", mode=mode)
                    return mode
        return None
