"""Made-up DAV: frames with true headers around bytes that no decoder has to understand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from simulator.recorder.dahua.dav import pack_second

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UNIT = b"\x00\x00\x00\x01" + bytes(range(4, 200))


def dav(start: datetime, *, seconds: int) -> bytes:
    """Footage whose frames show the local time of a device that is right; four frames a second."""
    return b"".join(
        pack_second((UNIT,) * 4, (start + timedelta(seconds=second)).astimezone(_ZONE), 0, second)
        for second in range(seconds)
    )


def digits(moment: datetime) -> datetime:
    """What such a device shows, without its zone."""
    return moment.astimezone(_ZONE).replace(tzinfo=None)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type] # year to second
