"""How far a recorder's clock is off, measured by a clock that shows whole seconds only."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nvr_client.login import LoginGuard
from nvr_client.wall_clock import RecorderClock


@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.7, 0.95])
@pytest.mark.parametrize("ahead", [94, -94, 3, 0])
async def test_the_offset_is_right_at_any_part_of_a_second(part: float, ahead: int) -> None:
    now = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC) + timedelta(seconds=part)
    zone = ZoneInfo("Asia/Ho_Chi_Minh")

    async def shown() -> str:
        return f"{(now + timedelta(seconds=ahead)).astimezone(zone):%Y-%m-%dT%H:%M:%S}"

    clock = RecorderClock(shown, LoginGuard("dau-ghi-1"), zone, lambda: now)
    assert (await clock.measure()).offset == timedelta(seconds=ahead)
