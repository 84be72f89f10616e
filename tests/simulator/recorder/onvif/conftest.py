from collections.abc import AsyncIterator

import pytest

from simulator.recorder import ngoc_lam_cameras
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.simulator.recorder.conftest import CLOCK_OFFSET, PASSWORD, USERNAME, Clock


@pytest.fixture
async def recorder(clock: Clock) -> AsyncIterator[SimulatedOnvifRecorder]:
    async with SimulatedOnvifRecorder(
        username=USERNAME,
        password=PASSWORD,
        cameras=ngoc_lam_cameras()[:6],
        now=clock.now,
        clock_offset=CLOCK_OFFSET,
    ) as running:
        yield running
