"""What holds for the events of every recorder, and what the shared recorder adds."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress

import pytest

from nvr_client.errors import AccessRefused, LoginBlocked, Unreachable
from nvr_client.protocol import EventKind, RecorderEvent
from nvr_client.shared import SharedRecorder
from simulator.recorder import CameraModel
from simulator.recorder.base import PoweredRecorder
from tests.nvr_client.conftest import NOON, PASSWORD, USERNAME, Clock, Site, until
from tests.nvr_client.test_contract import DRIFT, SIMULATORS

LOSS = EventKind.VIDEO_LOSS


@pytest.fixture(params=SIMULATORS)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def recorder(vendor: str, clock: Clock, cameras: list[CameraModel]) -> AsyncIterator[PoweredRecorder]:
    async with SIMULATORS[vendor](
        username=USERNAME, password=PASSWORD, cameras=cameras, now=clock.now, clock_offset=DRIFT
    ) as running:
        running.switches.heartbeat_seconds = 0.02
        yield running


@pytest.fixture
async def site(vendor: str, clock: Clock, recorder: PoweredRecorder) -> AsyncIterator[Site]:
    running = Site(clock, recorder.http_port, recorder.rtsp_port, vendor=vendor)
    yield running
    for client in running.opened:
        await client.aclose()


class Listener:
    """Notes what a client is told, until it is stopped or the stream ends."""

    def __init__(self, client: SharedRecorder) -> None:
        self.heard: list[RecorderEvent] = []
        self.task = asyncio.create_task(self._listen(client))

    async def _listen(self, client: SharedRecorder) -> None:
        async with aclosing(client.events()) as told:
            async for event in told:
                self.heard.append(event)

    async def stop(self) -> None:
        if not self.task.done():  # what has ended it is the test's to look at
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task


@pytest.fixture
async def listener(site: Site, recorder: PoweredRecorder) -> AsyncIterator[Listener]:
    listening = Listener(site.connect())
    await until(lambda: recorder.listeners == 1)
    yield listening
    await listening.stop()


@pytest.mark.parametrize("number", [1, 3])
async def test_a_camera_that_is_unplugged_and_plugged_in_is_told_within_two_seconds_and_signs_of_life_are_not(
    listener: Listener, recorder: PoweredRecorder, number: int
) -> None:
    recorder.camera(number).online = False
    await until(lambda: len(listener.heard) == 1, seconds=2)
    recorder.camera(number).online = True
    await until(lambda: len(listener.heard) == 2, seconds=2)
    assert listener.heard == [
        RecorderEvent(LOSS, number, active=True, at=NOON),
        RecorderEvent(LOSS, number, active=False, at=NOON),
    ]


async def test_two_cameras_are_told_apart(listener: Listener, recorder: PoweredRecorder) -> None:
    recorder.camera(2).online = False
    recorder.camera(5).online = False
    await until(lambda: len(listener.heard) == 2)
    recorder.camera(5).online = True
    await until(lambda: len(listener.heard) == 3)
    assert [(event.channel, event.active) for event in listener.heard] == [(2, True), (5, True), (5, False)]


async def test_a_wrong_password_costs_one_rejected_login(site: Site, recorder: PoweredRecorder) -> None:
    client = site.connect(password="sai")
    with pytest.raises(AccessRefused):
        await anext(client.events())
    assert recorder.rejected_logins == 1
    with pytest.raises(LoginBlocked):
        await anext(client.events())
    assert recorder.rejected_logins == 1


async def test_who_is_cancelled_lets_go_of_the_device_at_once(
    listener: Listener, recorder: PoweredRecorder
) -> None:
    recorder.camera(4).online = False
    await until(lambda: len(listener.heard) == 1)
    began = time.monotonic()
    await listener.stop()
    assert time.monotonic() - began < 1
    assert listener.task.cancelled()
    await until(lambda: recorder.listeners == 0, seconds=2)


async def test_who_leaves_early_lets_go_of_the_device(site: Site, recorder: PoweredRecorder) -> None:
    async with aclosing(site.connect().events()) as told:
        first = asyncio.ensure_future(anext(told))
        await until(lambda: recorder.listeners == 1)
        recorder.camera(4).online = False
        assert (await first).channel == 4
    await until(lambda: recorder.listeners == 0, seconds=2)


async def test_closing_the_recorder_ends_listening(
    site: Site, recorder: PoweredRecorder, listener: Listener
) -> None:
    recorder.camera(4).online = False
    await until(lambda: len(listener.heard) == 1)
    await site.opened[0].aclose()
    await asyncio.wait([listener.task], timeout=2)
    assert listener.task.cancelled()
    await until(lambda: recorder.listeners == 0, seconds=2)


async def test_a_device_without_power_ends_the_stream_and_can_be_listened_to_again(
    site: Site, recorder: PoweredRecorder, listener: Listener
) -> None:
    await recorder.power_off()
    with pytest.raises(Unreachable):
        await asyncio.wait_for(listener.task, 5)
    await recorder.power_on()
    before = recorder.listeners
    again = Listener(site.opened[0])
    await until(lambda: recorder.listeners == before + 1)
    recorder.camera(6).online = False
    await until(lambda: len(again.heard) == 1)
    await again.stop()
    assert recorder.rejected_logins == 0


async def test_listening_takes_no_place_under_the_cap(site: Site, recorder: PoweredRecorder) -> None:
    client = site.connect(max_parallel=1)
    listening = Listener(client)
    await until(lambda: recorder.listeners == 1)
    async with asyncio.timeout(5):
        assert (await client.device()).model
    await listening.stop()
