"""Does the device write its wall clock or UTC? Settings say so, or a self-test finds out.

Recorders write local digits, single cameras were seen with true UTC (DS-2CD2185 V5.6.3). The test runs where
settings say "auto", and where the shown time is off by half an hour or more: a camera that records now has
footage that ends about now in the right reading; in a wrong one it has none, or goes on. Where no camera
records, local digits are taken, and the test runs again ten minutes later.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from nvr_client.live import OnlineStates
from nvr_client.protocol import Span
from nvr_client.settings import Now, TimeMode
from nvr_client.wall_clock import DeviceTime, whole_half_hours

log = structlog.get_logger(__name__)

WINDOW = timedelta(minutes=15)
CAMERAS_TRIED = 3
UNTOLD = timedelta(minutes=10)


Recorded = Callable[[int, Span, DeviceTime], Awaitable[Sequence[Span]]]
"""Asks what of a span a channel has recorded, with times written and read in one way."""


class TimeModes:
    """Knows how one device writes times."""

    def __init__(
        self, setting: TimeMode, zone: ZoneInfo, recorded: Recorded, online: OnlineStates, now: Now
    ) -> None:
        self._setting = setting
        self._zone = zone
        self._recorded = recorded
        self._online = online
        self._now = now
        self._found: dict[timedelta, DeviceTime] = {}
        self._untold: dict[timedelta, datetime] = {}

    async def settle(self, offset: timedelta) -> DeviceTime:
        """How to write and read times, given the clock's offset; searches where that is not plain."""
        fault = whole_half_hours(offset)
        local = DeviceTime(self._zone, "local", offset)
        utc = DeviceTime(self._zone, "utc", offset, fault)
        if self._setting == "utc":
            return utc
        readings = [local]
        if fault:
            readings.append(DeviceTime(self._zone, "local", offset, fault))
        if self._setting == "auto":
            readings.append(utc)
            if fault:
                readings.append(DeviceTime(self._zone, "utc", offset))
        if len(readings) == 1:
            return local
        known = self._found.get(fault)
        if known is None:
            tested_at = self._untold.get(fault)
            if tested_at is not None and timedelta() <= self._now() - tested_at < UNTOLD:
                return local
            known = await self._tested(readings)
            if known is None:
                self._untold[fault] = self._now()
                return local
            self._found[fault] = known
        return DeviceTime(self._zone, known.mode, offset, known.zone_fault)

    async def _tested(self, readings: Sequence[DeviceTime]) -> DeviceTime | None:
        """The reading in which a camera has footage of now; None where no camera records."""
        online = [number for number, state in (await self._online()).items() if state] or [1]
        now = self._now()
        for channel in online[:CAMERAS_TRIED]:
            for reading in readings:
                recent = await self._recorded(channel, Span(now - WINDOW, now + WINDOW), reading)
                if recent and recent[-1].end < now + WINDOW:
                    if reading is not readings[0]:
                        log.info("recorder.time_mode", mode=reading.mode, zone_fault=str(reading.zone_fault))
                    return reading
        return None
