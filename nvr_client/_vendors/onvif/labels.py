"""The times that an ONVIF device writes, and true time.

The specification wants UTC everywhere. Cheap devices write local digits with a false `Z`, in their clock, on
their footage, or both. Which one it is, the newest footage tells: a recorder that records has some of about
now in the right reading.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from nvr_client.protocol import Clock
from nvr_client.settings import Now, TimeMode
from nvr_client.wall_clock import DeviceTime, RecorderClock, whole_half_hours

log = structlog.get_logger(__name__)

RECENT = timedelta(minutes=15)


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

    def __init__(self, clock: RecorderClock, mode: TimeMode, zone: ZoneInfo, now: Now) -> None:
        self._clock = clock
        self._mode = mode
        self._zone = zone
        self._now = now
        self._settled: tuple[timedelta, DeviceTime] | None = None

    async def measure(self) -> Clock:
        """The device's time beside ours, a false `Z` of its clock seen through."""
        shown = await self._clock.measure()
        offset = self._seen_through(shown.offset)
        return Clock(device_time=shown.device_time - (shown.offset - offset), offset=offset)

    async def settle(self, newest: datetime | None) -> DeviceTime:
        """How to write and read times of footage.

        Args:
            newest: the time that the device writes on its newest footage; None where it has none.
        """
        raw = await self._clock.offset()
        readings = self._readings(raw)
        fault = whole_half_hours(raw)
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

    def _readings(self, raw: timedelta) -> list[DeviceTime]:
        """What footage may be written in, the likeliest first."""
        offset = self._seen_through(raw)
        utc, local = DeviceTime(self._zone, "utc", offset), DeviceTime(self._zone, "local", offset)
        if self._mode == "utc":
            return [utc]
        fault = whole_half_hours(offset)
        faulty = [DeviceTime(self._zone, "utc", offset, fault)] if fault else []
        return [local, utc] if offset != raw else [utc, *faulty, local]

    def _seen_through(self, raw: timedelta) -> timedelta:
        """The clock's error where its `UTCDateTime` is local time."""
        ahead = self._now().astimezone(self._zone).utcoffset() or timedelta()
        return raw - ahead if ahead and whole_half_hours(raw) == ahead else raw
