import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nvr_client._vendors.onvif import replay
from nvr_client.errors import BadAnswer, NothingRecorded, NotSupported
from nvr_client.protocol import Span
from nvr_client.video_tool import VideoTool
from simulator.footage.stream import FootageStore
from simulator.recorder import CameraModel, Stretch
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
    run_ffmpeg,
    span,
    until,
)


async def shown_at(video: Path) -> list[tuple[float, datetime]]:
    """When each frame is shown in the file, and the second burnt into it."""
    listed = await run_ffmpeg("-i", str(video), "-map", "0:v", "-c", "copy", "-f", "framecrc", "pipe:1")
    rows = [line.split(b",") for line in listed.splitlines() if line and not line.startswith(b"#")]
    scale = next(line for line in listed.splitlines() if line.startswith(b"#tb 0:")).split()[-1].split(b"/")
    codes = [code for code in await codes_in(video) if code is not None]
    times = sorted(int(row[2]) * int(scale[0]) / int(scale[1]) for row in rows)
    return list(zip(times, [moment for _, moment in codes], strict=True))


async def test_every_frame_has_the_time_at_which_it_was_recorded(site: Site, tmp_path: Path) -> None:
    made = await site.connect().export(4, span(seconds=5), tmp_path / "clip.ps")
    assert (made.method, made.container) == ("replay", "mpeg-ps")
    assert made.first_frame_at == START
    shown = await shown_at(made.path)
    assert len(shown) == 20
    for at, burnt_in in shown:
        assert int(at - shown[0][0] + 1e-6) == (burnt_in - START).total_seconds()


async def test_it_is_told_when_the_file_begins_before_the_asked_start(site: Site, tmp_path: Path) -> None:
    late = Span(START + timedelta(seconds=0.7), START + timedelta(seconds=4))
    made = await site.connect().export(4, late, tmp_path / "clip.ps")
    assert made.first_frame_at == START, "its key frame"


async def test_it_becomes_an_mp4_without_being_encoded_again(site: Site, tmp_path: Path) -> None:
    made = await site.connect().export(4, span(seconds=5), tmp_path / "clip.ps")
    target = tmp_path / "clip.mp4"
    await VideoTool(None).cut(made.path, target, start=0, duration=5, container=made.container, seconds=20)
    await assert_shows(target, 4, span(seconds=5))


async def test_h265_comes_frame_by_frame_too(
    clock: Clock, cameras: list[CameraModel], tmp_path: Path
) -> None:
    async with SimulatedOnvifRecorder(
        username=USERNAME,
        password=PASSWORD,
        cameras=cameras,
        now=clock.now,
        footage=FootageStore(codec="H265"),
    ) as recorder:
        site = Site(clock, recorder.http_port, recorder.rtsp_port, vendor="onvif")
        client = site.connect()
        made = await client.export(4, span(seconds=5), tmp_path / "clip.ps")
        await client.live_clip(4, timedelta(seconds=1), tmp_path / "live.mp4")
        await client.aclose()
    shown = await shown_at(made.path)
    assert len(shown) == 20
    for at, burnt_in in shown:
        assert int(at - shown[0][0] + 1e-6) == (burnt_in - START).total_seconds()
    target = tmp_path / "clip.mp4"
    await VideoTool(None).cut(made.path, target, start=0, duration=5, container=made.container, seconds=20)
    await assert_shows(target, 4, span(seconds=5))
    for video in (target, tmp_path / "live.mp4"):
        assert b"hvc1" in await asyncio.to_thread(video.read_bytes)


async def test_a_replay_is_much_faster_than_life(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    client = site.connect()
    asked = span(seconds=30)
    await client.export(4, asked, tmp_path / "encode")  # so that only sending is measured
    loop = asyncio.get_running_loop()
    began = loop.time()
    await client.export(4, asked, tmp_path / "clip")
    assert loop.time() - began < 3


@pytest.mark.parametrize("get_parameter", [True, False])
async def test_a_replay_that_keeps_the_pace_of_life_is_kept_alive(
    get_parameter: bool,
    site: Site,
    recorder: SimulatedOnvifRecorder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder.switches.honours_rate_control = False
    recorder.switches.get_parameter = get_parameter
    monkeypatch.setattr(replay, "_timeout", lambda _: 0.0)
    monkeypatch.setattr(replay, "_SHORTEST_PAUSE_SECONDS", 0.5)
    asked = span(seconds=3)
    made = await site.connect().export(4, asked, tmp_path / "clip")
    await assert_shows(made.path, 4, asked)
    assert recorder.calls["rtsp_keep_alive"] >= 2


@pytest.mark.parametrize("ending", ["terminal bit", "goodbye", "silence"])
async def test_however_a_replay_ends_it_is_whole(
    ending: str, site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.terminal_bit = ending == "terminal bit"
    recorder.switches.goodbye = ending == "goodbye"
    asked = span(seconds=3)
    made = await site.connect().export(4, asked, tmp_path / "clip")
    assert made.gaps == ()
    await assert_shows(made.path, 4, asked)


async def test_a_broken_connection_is_taken_up_again_behind_the_last_frame(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.cut_replay_after_frames = 10
    asked = span(seconds=5)
    made = await site.connect().export(4, asked, tmp_path / "clip")
    shown = await shown_at(made.path)
    assert [burnt_in for _, burnt_in in shown] == sorted(
        START + timedelta(seconds=number // 4) for number in range(20)
    )
    assert recorder.calls["rtsp_playback"] == 2


@pytest.mark.parametrize("switch", ["replay_is_live", "replay_from_beginning"])
async def test_other_footage_than_was_asked_is_found_out(
    switch: str, site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    client = site.connect()
    setattr(recorder.switches, switch, True)
    with pytest.raises(BadAnswer):
        await client.export(4, span(seconds=2), tmp_path / "clip")
    assert left_in(tmp_path) == []
    setattr(recorder.switches, switch, False)
    made = await client.export(4, span(seconds=2), tmp_path / "clip")
    await assert_shows(made.path, 4, span(seconds=2))


async def test_live_video_instead_of_a_recording_is_found_out_without_events_too(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.track_events = False
    recorder.switches.replay_is_live = True
    with pytest.raises(BadAnswer):
        await site.connect().export(4, span(seconds=2), tmp_path / "clip")
    assert left_in(tmp_path) == []


async def test_footage_without_times_is_found_out_at_once(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.untimed = True
    with pytest.raises(BadAnswer, match="when its footage was recorded"):
        await site.connect().export(4, span(seconds=20), tmp_path / "clip")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    "switches",
    [
        {"timed": "all"},
        {"timed": "key"},
        {"wants_slash": True},
        {"wants_slash": False},
        {"described_to_replayers": True},
        {"rate_control_refused": 400},
        {"rate_control_refused": 451},
        {"rate_control_refused": 501},
        {"rate_control_refused": 551, "wants_slash": True},
    ],
)
async def test_what_else_a_device_wants_of_a_replay_is_found_out(
    switches: dict[str, object], site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    for name, value in switches.items():
        setattr(recorder.switches, name, value)
    asked = span(seconds=2)
    made = await site.connect().export(4, asked, tmp_path / "clip")
    await assert_shows(made.path, 4, asked)
    assert made.gaps == ()


async def test_a_device_without_replay_says_so(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.replay_feature = False
    with pytest.raises(NotSupported):
        await site.connect().export(4, span(), tmp_path / "clip")
    assert left_in(tmp_path) == []


async def test_gaps_that_no_event_told_are_named_all_the_same(
    site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.track_events = False
    gap = Stretch(START + timedelta(seconds=4), START + timedelta(seconds=14))
    cameras[3].gaps.append(gap)
    made = await site.connect().export(4, span(seconds=18), tmp_path / "clip")
    assert made.span == span(seconds=18)
    assert [(hole.start, hole.end) for hole in made.gaps] == [(gap.start, gap.end)]
    shown = await shown_at(made.path)
    assert {burnt_in for _, burnt_in in shown} == {
        START + timedelta(seconds=n) for n in (0, 1, 2, 3, 14, 15, 16, 17)
    }
    assert shown[-1][0] - shown[0][0] < 8


async def test_a_gap_over_the_whole_span_is_nothing_recorded_without_events_too(
    site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.track_events = False
    cameras[3].gaps.append(Stretch(START - timedelta(minutes=1), START + timedelta(minutes=1)))
    client = site.connect()
    with pytest.raises(NothingRecorded):
        await client.export(4, span(), tmp_path / "clip")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("clock_too", [False, True])
async def test_local_times_with_a_false_z_are_seen_through(
    clock_too: bool, site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    recorder.switches.local_as_z = True
    recorder.switches.clock_local_as_z = clock_too
    asked = span(seconds=3)
    made = await site.connect().export(4, asked, tmp_path / "clip")
    await assert_shows(made.path, 4, asked)
    assert abs(made.clock_offset - timedelta(seconds=94)) <= timedelta(seconds=1)


async def test_footage_of_just_now_comes_as_far_as_it_is(site: Site, tmp_path: Path) -> None:
    asked = span(NOON - timedelta(seconds=4), seconds=60)
    made = await site.connect().export(4, asked, tmp_path / "clip")
    assert made.span.start == asked.start
    assert abs(made.span.end - NOON) <= timedelta(seconds=1)
    assert len(made.gaps) == 1


async def test_a_client_that_leaves_ends_the_replay(
    site: Site, recorder: SimulatedOnvifRecorder, tmp_path: Path
) -> None:
    started = asyncio.Event()
    task = asyncio.create_task(
        site.connect().export(1, span(seconds=3000), tmp_path / "clip", lambda _size, _total: started.set())
    )
    async with asyncio.timeout(20):
        await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: recorder.footage.working == 0)
    assert left_in(tmp_path) == []
