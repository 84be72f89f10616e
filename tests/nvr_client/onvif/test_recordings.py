from datetime import timedelta

import pytest

from nvr_client._vendors.onvif import search
from nvr_client._vendors.onvif.cameras import Camera, numbers
from nvr_client._vendors.onvif.profiles import Profile
from nvr_client._vendors.onvif.search import Recording, recordings_of
from nvr_client.errors import CameraOffline, NotSupported, TooSlow
from nvr_client.protocol import Span
from simulator.recorder import CameraModel, Stretch
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client.conftest import NOON, Site

HOUR = timedelta(hours=1)
ASKED = Span(NOON - 3 * HOUR, NOON)


async def test_gaps_are_told_by_events(
    site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    cameras[2].gaps.append(Stretch(NOON - 2 * HOUR, NOON - HOUR))
    assert await site.connect().recordings(3, ASKED) == [
        Span(ASKED.start, NOON - 2 * HOUR),
        Span(NOON - HOUR, NOON),
    ]
    assert recorder.calls["FindEvents"] == 1
    assert recorder.calls["EndSearch"] == 2


async def test_a_span_that_begins_in_a_gap_begins_with_the_footage(
    site: Site, cameras: list[CameraModel]
) -> None:
    cameras[2].gaps.append(Stretch(NOON - 4 * HOUR, NOON - 2 * HOUR))
    assert await site.connect().recordings(3, ASKED) == [Span(NOON - 2 * HOUR, NOON)]


@pytest.mark.parametrize("switch", [("track_events", False), ("events_refused", True)])
async def test_without_events_a_recording_counts_from_its_beginning_to_its_end(
    switch: tuple[str, bool], site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    setattr(recorder.switches, *switch)
    cameras[2].gaps.append(Stretch(NOON - 2 * HOUR, NOON - HOUR))
    client = site.connect()
    assert await client.recordings(3, ASKED) == [ASKED]
    oldest = recorder.model.oldest(3)
    assert oldest is not None
    assert await client.recordings(3, Span(oldest - HOUR, oldest + HOUR)) == [Span(oldest, oldest + HOUR)]
    for _ in range(4):
        await client.recordings(3, ASKED)
    assert recorder.calls["FindEvents"] <= 3  # then it is remembered


async def test_pages_are_read_to_their_end(
    site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.page_size = 2
    gap = timedelta(seconds=30)
    starts = [NOON - HOUR + number * timedelta(minutes=5) for number in range(10)]
    cameras[0].gaps += [Stretch(start, start + gap) for start in starts]
    found = await site.connect().recordings(1, ASKED)
    assert len(found) == 11
    assert found[1] == Span(starts[0] + gap, starts[1])


@pytest.mark.parametrize("switch", ["repeats_results", "hesitant_search", "endless_search", "own_prefixes"])
async def test_a_search_that_repeats_itself_or_does_not_end_is_read_once_and_whole(
    switch: str,
    site: Site,
    cameras: list[CameraModel],
    recorder: SimulatedOnvifRecorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "QUIET_SECONDS", 0.1)
    setattr(recorder.switches, switch, True)
    recorder.switches.page_size = 2
    cameras[2].gaps.append(Stretch(NOON - 2 * HOUR, NOON - HOUR))
    client = site.connect()
    assert await client.recordings(3, ASKED) == [
        Span(ASKED.start, NOON - 2 * HOUR),
        Span(NOON - HOUR, NOON),
    ]
    assert await client.oldest(5) == recorder.model.oldest(5)
    assert recorder.calls["EndSearch"] == 3


async def test_a_search_that_never_tells_anything_is_given_up(
    site: Site, recorder: SimulatedOnvifRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SEARCH_SECONDS", 0.5)
    client = site.connect()
    assert await client.channels()
    recorder.switches.page_size = 0
    with pytest.raises(TooSlow):
        await client.oldest(5)
    recorder.switches.page_size = 20
    assert await client.oldest(5) == recorder.model.oldest(5)


async def test_events_without_the_state_at_the_beginning_are_not_taken_for_gaps(
    site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.start_state = False
    cameras[2].gaps.append(Stretch(NOON - 2 * HOUR, NOON - HOUR))
    assert await site.connect().recordings(3, ASKED) == [
        Span(ASKED.start, NOON - 2 * HOUR),
        Span(NOON - HOUR, NOON),
    ]


@pytest.mark.parametrize("clock_too", [False, True])
async def test_local_times_with_a_false_z_are_seen_through(
    clock_too: bool, site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.local_as_z = True
    recorder.switches.clock_local_as_z = clock_too
    cameras[4].gaps.append(Stretch(NOON - 2 * HOUR, NOON - HOUR))
    client = site.connect()
    assert await client.oldest(5) == recorder.model.oldest(5)
    assert await client.recordings(5, ASKED) == [Span(ASKED.start, NOON - 2 * HOUR), Span(NOON - HOUR, NOON)]
    assert abs((await client.clock()).offset - timedelta(seconds=94)) <= timedelta(seconds=1)


async def test_recordings_are_matched_by_name_where_the_source_says_nothing(
    site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.opaque_sources = True
    client = site.connect()
    assert await client.oldest(5) == recorder.model.oldest(5)
    assert await client.oldest(4) == recorder.model.oldest(4)
    assert recorder.model.oldest(4) != recorder.model.oldest(5)


async def test_a_recording_without_an_end_runs_until_now(
    site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.open_ended = True
    cameras[2].gaps.append(Stretch(NOON - 2 * HOUR, NOON - HOUR))
    client = site.connect()
    assert await client.recordings(3, Span(ASKED.start, NOON + HOUR)) == [
        Span(ASKED.start, NOON - 2 * HOUR),
        Span(NOON - HOUR, NOON),
    ]
    recorder.switches.track_events = False
    assert await client.recordings(3, Span(ASKED.start, NOON + HOUR)) == [ASKED]


def test_channels_keep_their_numbers_when_one_is_removed() -> None:
    assert numbers(["VideoSource_1", "VideoSource_3"]) == [1, 3]
    assert numbers(["VideoSource000", "VideoSource002"]) == [1, 3]
    assert numbers(["00001main", "00002main"]) == [1, 2]
    assert numbers(["00000", "00100", "00300"]) == [1, 2, 4]
    assert numbers(["VideoSource_7"]) == [1]
    assert numbers(["a", "b"]) == [1, 2]
    assert numbers(["src-88231", "src-10923"]) == [1, 2]


def test_a_recording_of_nobody_knows_whom_is_not_guessed() -> None:
    cameras = [
        Camera(
            number=n,
            name=f"Camera {n}",
            source=f"S{n}",
            profile=Profile("media", f"P{n}", f"S{n}", "", (f"Camera {n}",), 0),
            tokens=frozenset({f"S{n}", f"P{n}"}),
            names=frozenset({f"Camera {n}", "Profile_1"}),
        )
        for n in (1, 2)
    ]
    opaque = [Recording(f"R{n}", frozenset({"x"}), NOON, NOON) for n in (1, 2)]
    assert recordings_of(cameras[1], cameras, opaque) == [opaque[1]]
    with pytest.raises(NotSupported):
        recordings_of(cameras[1], cameras, opaque[:1])
    named = [Recording("A", frozenset({"Camera 1"}), NOON, NOON)]
    assert recordings_of(cameras[0], cameras, named) == named
    assert recordings_of(cameras[1], cameras, named) == []
    alike = [Recording("A", frozenset({"Profile_1"}), NOON, NOON)]
    assert recordings_of(cameras[0], cameras, alike) == []


async def test_without_signal_events_footage_of_just_now_proves_a_camera(
    site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.signal_events = False
    cameras[1].gaps.append(Stretch(NOON - HOUR, NOON))
    online = {channel.number: channel.online for channel in await site.connect().channels()}
    assert online == {1: True, 2: None, 3: True, 4: True, 5: True, 6: True}


async def test_no_picture_and_no_young_footage_is_a_camera_offline(
    site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.signal_events = False
    client = site.connect()
    assert await client.snapshot(2)
    cameras[1].gaps.append(Stretch(NOON - HOUR, NOON))
    recorder.camera(2).online = False
    with pytest.raises(CameraOffline):
        await client.snapshot(2)


@pytest.mark.parametrize("switch", ["open_snapshots", "snapshot_missing"])
async def test_pictures_come_without_a_login_or_as_key_frames(
    switch: str, site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    setattr(recorder.switches, switch, True)
    assert (await site.connect().snapshot(2)).startswith(b"\xff\xd8")
    assert recorder.calls["rtsp_live"] == (1 if switch == "snapshot_missing" else 0)
    assert recorder.rejected_logins == 0
