"""How many wrong logins a recorder sees of us in an hour of everything that the school does with it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import pytest

from nvr_client.errors import AccessRefused, NotSupported, RecorderError, Unreachable
from nvr_client.protocol import Span
from nvr_client.shared import SharedRecorder
from simulator.recorder import CameraModel, SimulatedRecorder
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.dahua import SimulatedDahuaRecorder
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client.conftest import PASSWORD, USERNAME, Clock, Site, span

STEP = timedelta(minutes=4)
STEPS = 15


async def hikvision(**known: object) -> PoweredRecorder:
    return SimulatedRecorder(**known)  # type: ignore[arg-type] # one call for three makes


async def dahua(**known: object) -> PoweredRecorder:
    return SimulatedDahuaRecorder(**known)  # type: ignore[arg-type] # one call for three makes


async def onvif_by_token(**known: object) -> PoweredRecorder:
    return SimulatedOnvifRecorder(**known)  # type: ignore[arg-type] # one call for three makes


async def onvif_by_digest(**known: object) -> PoweredRecorder:
    made = SimulatedOnvifRecorder(**known)  # type: ignore[arg-type] # one call for three makes
    made.switches.http_digest = True
    return made


MAKES: dict[str, Callable[..., object]] = {
    "hikvision": hikvision,
    "dahua": dahua,
    "onvif, token": onvif_by_token,
    "onvif, digest": onvif_by_digest,
}


@pytest.fixture(params=MAKES)
def make(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def vendor(request: pytest.FixtureRequest, make: str) -> str:
    return str(getattr(request, "param", make.partition(",")[0]))


@pytest.fixture
async def recorder(make: str, clock: Clock, cameras: list[CameraModel]) -> AsyncIterator[PoweredRecorder]:
    made = MAKES[make](username=USERNAME, password=PASSWORD, cameras=cameras, now=clock.now)
    assert asyncio.iscoroutine(made)
    async with await made as running:
        yield running


@pytest.fixture
async def site(vendor: str, clock: Clock, recorder: PoweredRecorder) -> AsyncIterator[Site]:
    running = Site(clock, recorder.http_port, recorder.rtsp_port, vendor=vendor)
    yield running
    for client in running.opened:
        await client.aclose()


async def listen(client: SharedRecorder) -> None:
    async with aclosing(client.events()) as told:
        async for _ in told:
            return


async def everything(client: SharedRecorder, clock: Clock, folder: Path) -> list[BaseException | None]:
    """A sheet, a clip, an export, the retention searches, the doctor's questions, all at once."""
    day = Span(clock.moment - timedelta(days=1), clock.moment)
    outcomes: list[object] = list(
        await asyncio.gather(
            *(client.snapshot(channel) for channel in range(1, 7)),
            client.live_clip(2, timedelta(seconds=1), folder / "clip.mp4"),
            client.export(3, span(seconds=2), folder / "export"),
            *(client.oldest(channel) for channel in range(1, 7)),
            client.recordings(4, day),
            client.device(),
            client.channels(),
            client.storage(),
            client.clock(),
            client.picture_ways(5),
            return_exceptions=True,
        )
    )
    return [one if isinstance(one, BaseException) else None for one in outcomes]


@pytest.mark.parametrize("vendor", ["auto"], indirect=True)
async def test_a_wrong_password_to_an_unknown_make_is_one_rejected_login_in_an_hour(
    site: Site, recorder: PoweredRecorder, clock: Clock, tmp_path: Path
) -> None:
    client = site.connect(password="sai")
    for _ in range(STEPS):
        outcomes = await everything(client, clock, tmp_path)
        assert all(isinstance(outcome, AccessRefused) for outcome in outcomes)
        clock.moment += STEP
    assert recorder.rejected_logins == 1


async def test_a_wrong_password_is_one_rejected_login_in_an_hour(
    site: Site, recorder: PoweredRecorder, clock: Clock, tmp_path: Path
) -> None:
    client = site.connect(password="sai")
    for _ in range(STEPS):
        outcomes = await everything(client, clock, tmp_path)
        assert all(isinstance(outcome, AccessRefused) for outcome in outcomes)
        with pytest.raises(AccessRefused):
            await listen(client)
        clock.moment += STEP
    assert recorder.rejected_logins == 1
    assert site.changes == [("dau-ghi-1", "blocked")]


async def test_a_password_changed_within_the_hour_is_one_rejected_login(
    site: Site, recorder: PoweredRecorder, clock: Clock, tmp_path: Path
) -> None:
    client = site.connect()
    listening = asyncio.create_task(listen(client))
    for step in range(STEPS):
        if step == 2:
            recorder.password_ok = False
        outcomes = await everything(client, clock, tmp_path)
        problems = [one for one in outcomes if one is not None and not isinstance(one, NotSupported)]
        if step < 2:
            assert problems == []
            assert recorder.rejected_logins == 0
        else:
            assert all(isinstance(problem, AccessRefused) for problem in problems)
        clock.moment += STEP
    assert recorder.rejected_logins == 1
    assert site.changes == [("dau-ghi-1", "blocked")]
    listening.cancel()
    with pytest.raises((asyncio.CancelledError, RecorderError)):
        await listening


async def test_a_good_password_is_never_rejected_through_restarts_of_the_recorder(
    site: Site, recorder: PoweredRecorder, clock: Clock, tmp_path: Path
) -> None:
    client = site.connect()
    for _ in range(2):
        assert {type(one) for one in await everything(client, clock, tmp_path)} <= {type(None), NotSupported}
        await recorder.power_off()
        with pytest.raises(Unreachable):
            await client.snapshot(1)
        await recorder.power_on()
        clock.moment += STEP
    assert recorder.rejected_logins == 0
    assert not client.blocked
