import asyncio
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from simulator.footage.code import read_code
from simulator.recorder import Stretch
from simulator.recorder.dahua import SimulatedDahuaRecorder
from tests.simulator.recorder.conftest import NOON, PASSWORD, USERNAME, ffmpeg
from tests.simulator.recorder.dahua.conftest import CgiClient, load, shown

START = NOON - timedelta(hours=3)
Frames = Callable[[Path], list[Image.Image]]


async def test_it_tells_who_it_is_and_which_cameras_hang_on_it(
    cgi: CgiClient, dahua: SimulatedDahuaRecorder
) -> None:
    info = await cgi.values("magicBox.cgi?action=getSystemInfo")
    assert info["deviceType"].isdigit()
    assert info["updateSerial"].startswith("DHI-NVR")
    titles = await cgi.values("configManager.cgi?action=getConfig&name=ChannelTitle")
    assert titles["table.ChannelTitle[0].Name"] == "Cổng chính"
    assert len(titles) == 32
    states = await cgi.values("LogicDeviceManager.cgi?action=getCameraState&uniqueChannels[0]=-1")
    assert states["states[0].connectionState"] == "Connected"
    assert states["states[29].connectionState"] == "Unconnect"
    assert states["states[31].connectionState"] == "Empty"
    dahua.switches.camera_state_supported = False
    assert (await cgi.get("LogicDeviceManager.cgi?action=getCameraState&uniqueChannels[0]=-1"))[0] == 501
    assert await cgi.values("eventManager.cgi?action=getEventIndexes&code=VideoLoss") == {"channels[0]": "29"}


async def test_the_clock_is_digits_with_the_devices_error(cgi: CgiClient) -> None:
    told = await cgi.values("global.cgi?action=getCurrentTime")
    assert told == {"result": "2026-11-23 12:01:34"}


async def test_a_finder_gives_pages_until_none_is_left(cgi: CgiClient, dahua: SimulatedDahuaRecorder) -> None:
    finder = (await cgi.values("mediaFileFind.cgi?action=factory.create"))["result"]
    window = f"condition.StartTime={shown(NOON - timedelta(hours=5))}&condition.EndTime={shown(NOON)}"
    find = f"mediaFileFind.cgi?action=findFile&object={finder}&condition.Channel=3&{window}"
    assert (await cgi.get(find))[1] == b"OK\r\n"
    dahua.switches.page_limit = 3
    pages = [
        await cgi.values(f"mediaFileFind.cgi?action=findNextFile&object={finder}&count=100") for _ in range(3)
    ]
    assert [page["found"] for page in pages] == ["3", "2", "0"]
    assert pages[0]["items[0].Channel"] == "2"
    assert pages[0]["items[0].StartTime"] == "2026-11-23 07:01:34"
    assert (await cgi.get(find.replace("%20", "+")))[0] == 400
    assert (await cgi.get(find.replace("Channel=3", "Channel=0")))[0] == 400
    assert dahua.open_finders == 1
    await cgi.get(f"mediaFileFind.cgi?action=close&object={finder}")
    await cgi.get(f"mediaFileFind.cgi?action=destroy&object={finder}")
    assert dahua.open_finders == 0


async def test_finders_are_few(cgi: CgiClient, dahua: SimulatedDahuaRecorder) -> None:
    for _ in range(dahua.switches.most_finders):
        assert (await cgi.get("mediaFileFind.cgi?action=factory.create"))[0] == 200
    assert (await cgi.get("mediaFileFind.cgi?action=factory.create"))[0] == 400


async def test_a_download_is_read_by_ffmpeg_and_carries_the_wall_clock(
    cgi: CgiClient, tmp_path: Path, frames_of: Frames
) -> None:
    status, body = await cgi.get(load(4, START, seconds=3))
    assert status == 200
    begins = body.index(b"DHAV")
    assert begins == 9_731
    target = tmp_path / "clip.mp4"
    dav = tmp_path / "clip.dav"
    await asyncio.to_thread(dav.write_bytes, body[begins:])
    code, complaints = await ffmpeg("-f", "dhav", "-i", dav, "-c:v", "copy", "-y", target)
    assert code == 0, complaints
    frames = frames_of(target)
    assert len(frames) == 12
    assert read_code(frames[0]) == (4, START)
    assert read_code(frames[-1]) == (4, START + timedelta(seconds=2))
    date = int.from_bytes(body[begins + 16 : begins + 20], "little")
    fields = (date & 63, date >> 6 & 63, date >> 12 & 31, date >> 17 & 31, date >> 22 & 15, date >> 26)
    assert fields == (34, 1, 9, 23, 11, 26)  # 09:01:34, since the clock is 94 s ahead


async def test_what_cannot_be_loaded_is_a_bad_request(cgi: CgiClient, dahua: SimulatedDahuaRecorder) -> None:
    dahua.model.cameras[1].gaps.append(Stretch(START, START + timedelta(hours=1)))
    assert (await cgi.get(load(1, START, seconds=5)))[0] == 400
    assert (await cgi.get(load(2, START - timedelta(hours=6), seconds=8 * 3600)))[0] == 400
    assert (await cgi.get(load(99, START, seconds=5)))[0] == 400
    dahua.switches.load_nothing = "empty"
    assert await cgi.get(load(1, START, seconds=5)) == (200, b"")
    dahua.switches.errors_with_200 = True
    assert await cgi.get(load(99, START, seconds=5)) == (200, b"Error\r\nBad Request!\r\n")


async def test_pictures_come_one_at_a_time_and_not_from_onvif_cameras(
    cgi: CgiClient, dahua: SimulatedDahuaRecorder
) -> None:
    status, body = await cgi.get("snapshot.cgi?channel=7")
    assert status == 200
    assert read_code(Image.open(io.BytesIO(body))) == (7, NOON)
    dahua.switches.hanging_snapshots = frozenset({1})
    hanging = asyncio.create_task(cgi.get("snapshot.cgi?channel=1"))
    async with asyncio.timeout(5):
        while dahua.calls["snapshot"] < 2:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.01)
    assert (await cgi.get("snapshot.cgi?channel=2"))[0] == 400
    hanging.cancel()
    await asyncio.wait([hanging])
    dahua.switches.onvif_cameras = frozenset({7})
    assert (await cgi.get("snapshot.cgi?channel=7"))[0] == 400


async def test_too_many_wrong_passwords_lock_the_address(
    cgi: CgiClient, wrong_cgi: CgiClient, dahua: SimulatedDahuaRecorder
) -> None:
    path = "magicBox.cgi?action=getSystemInfo"
    assert (await cgi.get(path))[0] == 200
    assert await wrong_cgi.get(path) == (401, b"Invalid Authority!")
    while dahua.rejected_logins < 5:
        await wrong_cgi.get(path)
    status, body = await cgi.get(path)
    assert status == 403
    assert json.loads(body)["RmLock"] == 1800


async def test_a_forbidden_configuration_is_refused_like_an_unknown_one(
    cgi: CgiClient, dahua: SimulatedDahuaRecorder
) -> None:
    dahua.switches.refused_configs = frozenset({"ChannelTitle"})
    for name in ("ChannelTitle", "Nonsense"):
        answer = await cgi.get(f"configManager.cgi?action=getConfig&name={name}")
        assert answer == (403, b"Authority:check failure.\r\n")


@pytest.mark.parametrize("path", ["cam/realmonitor", "cam/playback"])
async def test_video_is_at_dahuas_addresses(
    path: str, dahua: SimulatedDahuaRecorder, tmp_path: Path, frames_of: Frames
) -> None:
    query = "channel=7&subtype=0"
    moment = NOON
    if "playback" in path:
        moment = START
        query += "&starttime=2026_11_23_09_01_34&endtime=2026_11_23_09_01_36"
    who = f"{USERNAME}:{quote(PASSWORD)}"
    url = f"rtsp://{who}@127.0.0.1:{dahua.rtsp_port}/{path}?{query}"
    target = tmp_path / "video.mp4"
    code, complaints = await ffmpeg(
        "-rtsp_transport", "tcp", "-i", url, "-t", "1.5", "-c:v", "copy", "-y", target
    )
    assert code == 0, complaints
    assert read_code(frames_of(target)[0]) == (7, moment)
