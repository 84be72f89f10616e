"""What holds for every recorder, whoever made it: the same tests against each vendor's pretend device."""

import asyncio
import hashlib
import io
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from nvr_client.errors import (
    AccessRefused,
    BadAnswer,
    Busy,
    CameraOffline,
    NothingRecorded,
    NotSupported,
    RecorderError,
    TooSlow,
    Unreachable,
)
from nvr_client.protocol import Span
from simulator.footage.code import read_code
from simulator.recorder import CameraModel, SimulatedRecorder, Stretch
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.dahua import SimulatedDahuaRecorder
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client.conftest import (
    NOON,
    PASSWORD,
    START,
    USERNAME,
    Clock,
    Site,
    assert_shows,
    codes_in,
    left_in,
    span,
)

SIMULATORS: dict[str, Callable[..., PoweredRecorder]] = {
    "hikvision": SimulatedRecorder,
    "dahua": SimulatedDahuaRecorder,
    "onvif": SimulatedOnvifRecorder,
}
DRIFT = timedelta(seconds=94)


@pytest.fixture(params=SIMULATORS)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[DRIFT], ids=["94 s ahead"])
def clock_offset(request: pytest.FixtureRequest) -> timedelta:
    offset = request.param
    assert isinstance(offset, timedelta)
    return offset


@pytest.fixture
async def recorder(
    vendor: str, clock: Clock, cameras: list[CameraModel], clock_offset: timedelta
) -> AsyncIterator[PoweredRecorder]:
    async with SIMULATORS[vendor](
        username=USERNAME, password=PASSWORD, cameras=cameras, now=clock.now, clock_offset=clock_offset
    ) as running:
        if isinstance(running, SimulatedDahuaRecorder):
            running.switches.exact_login_uri = True
        yield running


@pytest.fixture
async def site(vendor: str, clock: Clock, recorder: PoweredRecorder) -> AsyncIterator[Site]:
    running = Site(clock, recorder.http_port, recorder.rtsp_port, vendor=vendor)
    yield running
    for client in running.opened:
        await client.aclose()


any_clock = pytest.mark.parametrize(
    "clock_offset",
    [timedelta(), DRIFT, timedelta(hours=7)],
    ids=["right", "94 s ahead", "7 h ahead"],
    indirect=True,
)


async def test_it_says_who_it_is(site: Site) -> None:
    device = await site.connect().device()
    assert device.model
    assert device.serial
    assert device.firmware


async def test_every_camera_has_its_number_and_name_and_says_whether_it_is_there(
    site: Site, recorder: PoweredRecorder
) -> None:
    recorder.camera(2).online = False
    channels = await site.connect().channels()
    assert [(channel.number, channel.name) for channel in channels] == [
        (number, camera.name) for number, camera in sorted(recorder.model.cameras.items())
    ]
    assert {channel.number for channel in channels if channel.online is False} == {2}


async def test_a_picture_is_of_the_camera_and_the_second(site: Site) -> None:
    client = site.connect()
    for number in (1, 4):
        taken = await client.snapshot(number)
        assert read_code(Image.open(io.BytesIO(taken))) == (number, NOON)


async def test_pictures_of_all_cameras_at_once_come_right(site: Site) -> None:
    client = site.connect()
    taken = await asyncio.gather(*(client.snapshot(number) for number in range(1, 7)))
    codes = [read_code(Image.open(io.BytesIO(picture))) for picture in taken]
    assert codes == [(number, NOON) for number in range(1, 7)]


async def test_a_live_clip_is_of_the_camera_now(site: Site, tmp_path: Path) -> None:
    target = tmp_path / "live.mp4"
    await site.connect().live_clip(3, timedelta(seconds=2), target)
    codes = await codes_in(target)
    assert {code[0] for code in codes if code} == {3}
    assert 7 <= len(codes) <= 9  # two seconds of four frames
    assert left_in(tmp_path) == [target]


async def test_an_unplugged_camera_is_offline_and_its_neighbour_is_not(
    site: Site, recorder: PoweredRecorder, tmp_path: Path
) -> None:
    client = site.connect()
    recorder.camera(1).online = False
    with pytest.raises(CameraOffline):
        await client.snapshot(1)
    with pytest.raises(CameraOffline):
        await client.live_clip(1, timedelta(seconds=1), tmp_path / "live.mp4")
    assert (await client.snapshot(2)).startswith(b"\xff\xd8")
    assert left_in(tmp_path) == []


@any_clock
async def test_the_clock_is_measured(site: Site, clock_offset: timedelta) -> None:
    measured = await site.connect().clock()
    assert abs(measured.offset - clock_offset) <= timedelta(seconds=1)


@any_clock
async def test_recordings_are_in_true_time_merged_over_files_and_midnight_with_their_gaps(
    site: Site, cameras: list[CameraModel]
) -> None:
    gap = Stretch(NOON - timedelta(hours=5), NOON - timedelta(hours=5) + timedelta(minutes=7))
    cameras[0].gaps.append(gap)
    asked = Span(NOON - timedelta(hours=20), NOON)
    assert await site.connect().recordings(1, asked) == [
        Span(asked.start, gap.start),
        Span(gap.end, asked.end),
    ]


async def test_nothing_recorded_is_an_empty_list(site: Site, recorder: PoweredRecorder) -> None:
    client = site.connect()
    asked = Span(NOON - timedelta(hours=2), NOON)
    assert await client.recordings(1, asked) == [asked]
    recorder.no_recordings = True
    assert await client.recordings(1, asked) == []
    assert await client.oldest(1) is None


@any_clock
async def test_the_oldest_recording_of_each_camera_is_told(site: Site, recorder: PoweredRecorder) -> None:
    client = site.connect()
    oldest = await client.oldest(5)
    assert oldest == recorder.model.oldest(5)
    assert oldest is not None
    assert timedelta(days=11) <= NOON - oldest < timedelta(days=11, hours=1)
    assert await client.oldest(1) == recorder.model.oldest(1)


@any_clock
async def test_an_export_proves_its_camera_and_its_time_at_both_ends(
    site: Site, clock_offset: timedelta, tmp_path: Path
) -> None:
    asked = span(seconds=5)
    target = tmp_path / "clip"
    seen: list[int] = []
    made = await site.connect().export(4, asked, target, lambda size, _: seen.append(size))
    saved = await asyncio.to_thread(target.read_bytes)
    assert made.path == target
    assert made.span == asked
    assert made.gaps == ()
    assert made.size_bytes == len(saved)
    assert made.sha256 == hashlib.sha256(saved).hexdigest()
    assert abs(made.clock_offset - clock_offset) <= timedelta(seconds=1)
    assert seen
    await assert_shows(target, 4, asked)
    assert left_in(tmp_path) == [target]


@pytest.mark.parametrize(
    "start",
    [
        NOON - timedelta(hours=1, seconds=2),
        (NOON - timedelta(hours=12)).replace(second=58, minute=59, hour=16),
    ],
    ids=["file border", "midnight in Viet Nam"],
)
async def test_an_export_over_a_border_comes_whole(start: datetime, site: Site, tmp_path: Path) -> None:
    asked = span(start, seconds=5)
    made = await site.connect().export(2, asked, tmp_path / "clip")
    assert made.gaps == ()
    await assert_shows(made.path, 2, asked)


async def test_an_export_over_a_gap_brings_the_rest_and_names_the_gap(
    site: Site, cameras: list[CameraModel], tmp_path: Path
) -> None:
    gap = Stretch(START + timedelta(seconds=6), START + timedelta(seconds=16))
    cameras[0].gaps += [gap, Stretch(START + timedelta(seconds=20), START + timedelta(seconds=60))]
    made = await site.connect().export(1, span(seconds=30), tmp_path / "clip")
    assert made.span == span(seconds=20)
    assert [(hole.start, hole.end) for hole in made.gaps] == [
        (gap.start, gap.end),
        (START + timedelta(seconds=20), START + timedelta(seconds=30)),
    ]
    times = {code[1] for code in await codes_in(made.path) if code}
    assert times == {START + timedelta(seconds=second) for second in (*range(6), *range(16, 20))}


async def test_an_export_of_nothing_says_so_and_leaves_no_file(
    site: Site, cameras: list[CameraModel], tmp_path: Path
) -> None:
    client = site.connect()
    cameras[0].gaps.append(Stretch(START - timedelta(hours=1), START + timedelta(hours=1)))
    with pytest.raises(NothingRecorded):
        await client.export(1, span(), tmp_path / "nothing")
    made = await client.export(2, span(seconds=2), tmp_path / "something")
    assert left_in(tmp_path) == [made.path]


async def test_disks_are_healthy_though_they_are_full(site: Site, vendor: str) -> None:
    if vendor == "onvif":
        with pytest.raises(NotSupported):  # the standard tells nothing of disks
            await site.connect().storage()
        return
    disks = await site.connect().storage()
    assert len(disks) == 2
    assert all(disk.healthy and disk.free_bytes == 0 for disk in disks)
    assert all(5.9e12 < disk.capacity_bytes < 6.1e12 for disk in disks)


async def test_a_wrong_password_is_sent_once_by_however_many(
    site: Site, recorder: PoweredRecorder, tmp_path: Path
) -> None:
    client = site.connect(password="sai")
    calls = (client.device(), client.channels(), client.snapshot(1), client.oldest(1), client.clock())
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert {isinstance(outcome, AccessRefused) for outcome in outcomes} == {True}
    with pytest.raises(AccessRefused):
        await client.live_clip(1, timedelta(seconds=1), tmp_path / "live.mp4")
    with pytest.raises(AccessRefused):
        await client.export(1, span(), tmp_path / "clip")
    assert recorder.rejected_logins == 1
    assert client.blocked
    assert site.changes == [("dau-ghi-1", "blocked")]


async def test_a_cancelled_export_ends_within_a_second_and_leaves_nothing(site: Site, tmp_path: Path) -> None:
    running = asyncio.Event()
    asked = span(NOON - timedelta(hours=2), seconds=3000)
    task = asyncio.create_task(
        site.connect().export(1, asked, tmp_path / "clip", lambda _size, _total: running.set())
    )
    async with asyncio.timeout(20):
        await running.wait()
    task.cancel()
    async with asyncio.timeout(1):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert left_in(tmp_path) == []


async def test_half_a_download_and_an_empty_one_are_never_taken_for_whole(
    site: Site, recorder: PoweredRecorder, tmp_path: Path
) -> None:
    client = site.connect()
    switches = recorder.switches
    asked = span(seconds=4)
    switches.truncate_download_at = 30_000
    await whole_or_nothing(client.export(1, asked, tmp_path / "1"), asked, tmp_path / "1")
    switches.truncate_download_at = None
    switches.empty_download = True
    await whole_or_nothing(client.export(1, asked, tmp_path / "2"), asked, tmp_path / "2")
    switches.empty_download = False
    made = await client.export(1, asked, tmp_path / "3")
    await assert_shows(made.path, 1, asked)
    assert not [path for path in left_in(tmp_path) if ".part" in path.name]


async def whole_or_nothing(export: object, asked: Span, target: Path) -> None:
    """Another way may have brought the footage; half of it must not bear its name."""
    assert asyncio.iscoroutine(export)
    try:
        await export
    except BadAnswer:
        assert target not in left_in(target.parent)
    else:
        await assert_shows(target, 1, asked)


async def test_a_hanging_recorder_is_told_within_six_seconds_and_its_return(
    site: Site, recorder: PoweredRecorder
) -> None:
    client = site.connect()
    recorder.switches.hang = True
    began = time.monotonic()
    outcomes = await asyncio.gather(*(client.snapshot(n) for n in range(1, 5)), return_exceptions=True)
    assert time.monotonic() - began < 6.5
    assert {isinstance(outcome, TooSlow) for outcome in outcomes} == {True}
    recorder.switches.hang = False
    assert await client.snapshot(1)
    assert site.changes == [("dau-ghi-1", "lost"), ("dau-ghi-1", "back")]


async def test_a_dead_recorder_is_told_within_two_seconds(site: Site, recorder: PoweredRecorder) -> None:
    client = site.connect()
    assert await client.snapshot(1)
    await recorder.power_off()
    began = time.monotonic()
    with pytest.raises(Unreachable):
        await client.snapshot(1)
    assert time.monotonic() - began < 2
    await recorder.power_on()
    assert await client.snapshot(1)


async def test_a_busy_recorder_is_busy_and_not_lost(
    site: Site, recorder: PoweredRecorder, tmp_path: Path
) -> None:
    client = site.connect()
    await client.device()
    recorder.switches.busy = True
    calls = (client.device(), client.snapshot(1), client.export(1, span(), tmp_path / "clip"))
    for outcome in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(outcome, Busy)
    recorder.switches.busy = False
    await client.device()
    assert site.changes == []
    assert left_in(tmp_path) == []


async def test_half_a_picture_is_never_handed_out(site: Site, recorder: PoweredRecorder) -> None:
    recorder.switches.picture_broken = True
    client = site.connect()
    try:
        taken = await client.snapshot(1)
    except RecorderError:
        return
    assert read_code(Image.open(io.BytesIO(taken))) == (1, NOON)  # a key frame in its place
