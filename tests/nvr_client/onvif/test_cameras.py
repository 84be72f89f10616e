"""Which cameras there are and what they are called, wherever a device lists them."""

from datetime import timedelta
from pathlib import Path

import pytest

from nvr_client.errors import NotSupported
from simulator.recorder import CameraModel
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client.conftest import Site, assert_shows, codes_in, span

ALL = frozenset(range(1, 7))


@pytest.mark.parametrize("listed", [ALL, frozenset({2, 5})])
async def test_cameras_that_only_media2_lists_are_cameras_like_others(
    listed: frozenset[int],
    site: Site,
    cameras: list[CameraModel],
    recorder: SimulatedOnvifRecorder,
    tmp_path: Path,
) -> None:
    recorder.switches.media2 = listed
    client = site.connect()
    assert [(each.number, each.name) for each in await client.channels()] == [
        (camera.number, camera.name) for camera in cameras
    ]
    assert (await client.snapshot(2)).startswith(b"\xff\xd8")
    await client.live_clip(5, timedelta(seconds=1), tmp_path / "live.mp4")
    assert {code[0] for code in await codes_in(tmp_path / "live.mp4") if code} == {5}
    asked = span(seconds=3)
    made = await client.export(5, asked, tmp_path / "clip")
    await assert_shows(made.path, 5, asked)


@pytest.mark.parametrize("media2", [frozenset[int](), ALL])
async def test_cameras_with_a_name_from_the_works_are_called_as_their_pictures_say(
    media2: frozenset[int], site: Site, cameras: list[CameraModel], recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.media2 = media2
    recorder.switches.unnamed = True
    assert {each.name for each in await site.connect().channels()} == {"VideoSourceConfig"}
    recorder.switches.captions = True
    client = site.connect()
    assert [each.name for each in await client.channels()] == [camera.name for camera in cameras]
    recorder.switches.opaque_sources = True
    assert await client.oldest(5) == recorder.model.oldest(5)
    assert await client.oldest(4) == recorder.model.oldest(4)


async def test_a_media2_picture_that_is_missing_is_a_key_frame(
    site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.media2 = ALL
    recorder.switches.snapshot_missing = True
    client = site.connect()
    assert (await client.snapshot(2)).startswith(b"\xff\xd8")
    assert recorder.calls["rtsp_live"] == 1
    with pytest.raises(NotSupported):
        await client.snapshot(99)


async def test_faults_are_understood_under_any_status(site: Site, recorder: SimulatedOnvifRecorder) -> None:
    recorder.switches.media2 = ALL
    recorder.switches.faults_with_200 = True
    recorder.switches.own_prefixes = True
    recorder.switches.snapshot_missing = True
    recorder.switches.get_services = True
    client = site.connect()
    assert len(await client.channels()) == 6
    assert (await client.snapshot(2)).startswith(b"\xff\xd8")
    assert recorder.rejected_logins == 0
