from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from simulator.recorder import CameraModel
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client.conftest import PASSWORD, USERNAME, Clock, Site


@pytest.fixture
async def recorder(clock: Clock, cameras: list[CameraModel]) -> AsyncIterator[SimulatedOnvifRecorder]:
    async with SimulatedOnvifRecorder(
        username=USERNAME,
        password=PASSWORD,
        cameras=cameras,
        now=clock.now,
        clock_offset=timedelta(seconds=94),
    ) as running:
        yield running


@pytest.fixture
async def site(clock: Clock, recorder: SimulatedOnvifRecorder) -> AsyncIterator[Site]:
    running = Site(clock, recorder.http_port, recorder.rtsp_port, vendor="onvif")
    yield running
    for client in running.opened:
        await client.aclose()
