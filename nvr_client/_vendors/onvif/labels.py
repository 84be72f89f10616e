"""The times that an ONVIF device writes, and true time.

The specification wants UTC everywhere. Cheap devices write local digits with a false `Z`, in their clock, on
their footage, or both. Which one it is, the newest footage tells: a recorder that records has some of about
now in the right reading.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from nvr_client._vendors.onvif.soap import Soap
from nvr_client.protocol import Clock
from nvr_client.settings import Now, TimeMode
from nvr_client.wall_clock import DeviceTime, RecorderClock, whole_half_hours

log = structlog.get_logger(__name__)

RECENT = timedelta(minutes=15)
_SAME = timedelta(seconds=2)


def digits(label: datetime) -> datetime:
    """A time of an answer as bare UTC digits; one without a zone is taken as it stands."""
    return label if label.tzinfo is None else label.astimezone(UTC).replace(tzinfo=None)


def true_time(label: datetime, time: DeviceTime) -> datetime:
    """True UTC for a time that the device wrote on footage."""
    zone = time.zone if time.mode == "local" else UTC
    return (digits(label).replace(tzinfo=zone) - time.applied).astimezone(UTC)


def label_of(true: datetime, time: DeviceTime) -> datetime:
    """The time that the device writes for a true one, as if it were UTC."""
    return time.labelled(true).replace(tzinfo=UTC)


class Labels:
    """Knows how one device writes times."""

    def __init__(self, soap: Soap, mode: TimeMode, zone: ZoneInfo, now: Now) -> None:
        self._soap = soap
        self._clock = RecorderClock(self._shown, soap.guard, ZoneInfo("UTC"), now)
        self._mode = mode
        self._zone = zone
        self._now = now
        self._false_clock = False
        self._settled: tuple[timedelta, DeviceTime] | None = None

    async def look_at_clock(self) -> None:
        """Measure the device's clock anew, as `RecorderClock.forget` has it; tokens are dated by it, too."""
        self._clock.forget()
        await self._clock.offset()

    async def measure(self) -> Clock:
        """The device's time beside ours."""
        return await self._clock.measure()

    async def settle(self, newest: datetime | None) -> DeviceTime:
        """How to write and read times of footage.

        Args:
            newest: the time that the device writes on its newest footage; None where it has none.
        """
        offset = await self._clock.offset()
        readings = self._readings(offset)
        fault = whole_half_hours(offset)
        if self._settled is not None and self._settled[0] == fault:
            known = self._settled[1]
            return next(
                (
                    reading
                    for reading in readings
                    if (reading.mode, reading.zone_fault) == (known.mode, known.zone_fault)
                ),
                readings[0],
            )
        if newest is None or self._mode == "utc":
            return readings[0]
        now = self._now()
        for reading in readings:
            if abs(true_time(newest, reading) - now) <= RECENT:
                if reading is not readings[0]:
                    log.info("recorder.time_mode", mode=reading.mode, zone_fault=str(reading.zone_fault))
                self._settled = (fault, reading)
                return reading
        return readings[0]

    def _readings(self, offset: timedelta) -> list[DeviceTime]:
        """What footage may be written in, the likeliest first."""
        utc, local = DeviceTime(self._zone, "utc", offset), DeviceTime(self._zone, "local", offset)
        if self._mode == "utc":
            return [utc]
        fault = whole_half_hours(offset)
        faulty = [DeviceTime(self._zone, "utc", offset, fault)] if fault else []
        return [local, utc] if self._false_clock else [utc, *faulty, local]

    async def _shown(self) -> str:
        """The device's UTC. One that shows the same digits as UTC and as local time may mean either."""
        clock = await self._soap.clock()
        utc, now = clock.utc.replace(tzinfo=UTC), self._now()
        meant = utc - (now.astimezone(self._zone).utcoffset() or timedelta())
        same = clock.local is not None and abs(clock.local - clock.utc) <= _SAME
        self._false_clock = same and abs(meant - now) < abs(utc - now)
        return f"{meant if self._false_clock else utc:%Y-%m-%dT%H:%M:%S}"
