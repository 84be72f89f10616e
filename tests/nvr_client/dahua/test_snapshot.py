import asyncio
import io
import time

import pytest
from PIL import Image

from nvr_client.errors import BadAnswer, CameraOffline
from simulator.footage.code import read_code
from simulator.recorder.dahua import SimulatedDahuaRecorder
from tests.nvr_client.conftest import NOON, Site, until
from tests.nvr_client.dahua.conftest import ScriptedCgi


async def test_pictures_are_fetched_one_after_the_other(site: Site, recorder: SimulatedDahuaRecorder) -> None:
    client = site.connect(max_parallel=6)
    taken = await asyncio.gather(*(client.snapshot(number) for number in range(1, 7)))
    assert [read_code(Image.open(io.BytesIO(picture))) for picture in taken] == [
        (number, NOON) for number in range(1, 7)
    ]
    assert recorder.calls["snapshot"] == 6
    assert recorder.calls["rtsp_live"] == 0


@pytest.mark.parametrize("errors_with_200", [True, False])
async def test_a_camera_attached_by_onvif_gives_a_key_frame_and_is_remembered(
    errors_with_200: bool, site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.onvif_cameras = frozenset({2})
    recorder.switches.errors_with_200 = errors_with_200
    client = site.connect()
    for _ in range(2):
        assert read_code(Image.open(io.BytesIO(await client.snapshot(2)))) == (2, NOON)
    assert recorder.calls["snapshot"] == 1
    assert recorder.calls["rtsp_live"] == 2
    assert await client.snapshot(1)
    assert recorder.calls["snapshot"] == 2


async def test_the_better_way_is_tried_again_after_a_while(
    site: Site, recorder: SimulatedDahuaRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.switches.onvif_cameras = frozenset({2})
    client = site.connect()
    assert await client.snapshot(2)
    monkeypatch.setattr("nvr_client.snapshot.REMEMBERED_SECONDS", 0)
    recorder.switches.onvif_cameras = frozenset()
    assert await client.snapshot(2)
    assert recorder.calls["rtsp_live"] == 1


@pytest.mark.parametrize("states", [True, False])
async def test_an_offline_camera_is_told_without_asking_for_video(
    states: bool, site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.camera_state_supported = states
    recorder.camera(2).online = False
    with pytest.raises(CameraOffline):
        await site.connect().snapshot(2)
    assert recorder.calls["rtsp_live"] == 0


async def test_a_hanging_camera_holds_up_nobody_else(
    site: Site, recorder: SimulatedDahuaRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nvr_client._vendors.dahua.snapshot.WAIT_SECONDS", 0.1)
    recorder.switches.hanging_snapshots = frozenset({1})
    client = site.connect()
    assert await client.snapshot(2)
    began = time.monotonic()
    hanging = asyncio.create_task(client.snapshot(1))
    await until(lambda: recorder.calls["snapshot"] == 2)
    assert read_code(Image.open(io.BytesIO(await client.snapshot(2)))) == (2, NOON)
    assert time.monotonic() - began < 6
    assert read_code(Image.open(io.BytesIO(await hanging))) == (1, NOON)
    # The neighbour goes back to the better way, the hanging camera does not.
    asked = recorder.calls["snapshot"]
    assert await client.snapshot(2)
    assert await client.snapshot(1)
    assert recorder.calls["snapshot"] == asked + 1


async def test_an_error_in_place_of_a_picture_is_never_handed_out(
    scripted_site: Site, cgi: ScriptedCgi
) -> None:
    client = scripted_site.connect()
    for words in ("Error\r\nBad Request!\r\n", "<html>", ""):
        cgi.answers["snapshot"] = words
        with pytest.raises(BadAnswer):
            await client.snapshot(1)
