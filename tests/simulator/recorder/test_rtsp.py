import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from simulator.footage.code import read_code
from simulator.recorder import SimulatedRecorder
from tests.simulator.recorder.conftest import NOON, PASSWORD, USERNAME, Client, device_time, ffmpeg, idle

Frames = Callable[[Path], list[Image.Image]]
START = NOON - timedelta(hours=5, seconds=3)


def address(recorder: SimulatedRecorder, path: str, password: str = PASSWORD) -> str:
    return f"rtsp://{USERNAME}:{quote(password, safe='')}@127.0.0.1:{recorder.rtsp_port}{path}"


async def save(url: str, target: Path, seconds: float) -> tuple[int, str]:
    read = ("-rtsp_transport", "tcp", "-timeout", "5000000", "-analyzeduration", "500000", "-i", url)
    return await ffmpeg(*read, "-t", str(seconds), "-map", "0:v:0", "-c:v", "copy", "-y", target)


async def test_the_live_picture_is_of_this_camera_and_this_moment(
    recorder: SimulatedRecorder, tmp_path: Path, frames_of: Frames
) -> None:
    code, complaints = await save(address(recorder, "/Streaming/Channels/701"), tmp_path / "live.mp4", 1.5)
    assert code == 0, complaints
    frames = frames_of(tmp_path / "live.mp4")
    assert read_code(frames[0]) == (7, NOON)
    assert read_code(frames[-1]) == (7, NOON + timedelta(seconds=1))
    assert recorder.calls["rtsp_live"] == 1
    await idle(recorder)  # the viewer has left


async def test_a_wrong_password_is_refused(recorder: SimulatedRecorder, tmp_path: Path) -> None:
    url = address(recorder, "/Streaming/Channels/701", password="sai")
    code, complaints = await save(url, tmp_path / "live.mp4", 1)
    assert code != 0
    assert "401" in complaints
    assert recorder.rejected_logins >= 1
    assert recorder.calls["rtsp_live"] == 0


async def test_playback_begins_and_ends_where_it_should_at_the_pace_of_life(
    recorder: SimulatedRecorder, tmp_path: Path, frames_of: Frames
) -> None:
    window = f"starttime={device_time(START)}&endtime={device_time(START + timedelta(seconds=2))}"
    began = asyncio.get_running_loop().time()
    code, complaints = await save(
        address(recorder, f"/Streaming/tracks/1101?{window}"), tmp_path / "clip.mp4", 30
    )
    took = asyncio.get_running_loop().time() - began
    assert code == 0, complaints
    frames = frames_of(tmp_path / "clip.mp4")
    assert len(frames) == 8
    assert read_code(frames[0]) == (11, START)
    assert read_code(frames[-1]) == (11, START + timedelta(seconds=1))
    assert 1.5 < took < 8


async def test_what_is_not_there_is_not_found(recorder: SimulatedRecorder, tmp_path: Path) -> None:
    recorder.camera(7).online = False
    code, complaints = await save(address(recorder, "/Streaming/Channels/701"), tmp_path / "live.mp4", 1)
    assert code != 0
    assert "404" in complaints
    long_ago = NOON - timedelta(days=50)
    window = f"starttime={device_time(long_ago)}&endtime={device_time(long_ago + timedelta(seconds=2))}"
    code, complaints = await save(address(recorder, f"/Streaming/tracks/701?{window}"), tmp_path / "a.mp4", 1)
    assert code != 0
    assert "404" in complaints


async def test_udp_is_refused(recorder: SimulatedRecorder, tmp_path: Path) -> None:
    url = address(recorder, "/Streaming/Channels/701")
    code, complaints = await ffmpeg("-rtsp_transport", "udp", "-i", url, "-t", "1", tmp_path / "live.mp4")
    assert code != 0
    assert "461" in complaints


async def test_wrong_passwords_by_rtsp_lock_http_too(
    recorder: SimulatedRecorder, client: Client, tmp_path: Path
) -> None:
    assert (await client.get("/ISAPI/System/deviceInfo"))[0] == 200
    url = address(recorder, "/Streaming/Channels/701", password="sai")
    while recorder.rejected_logins < 5:
        await save(url, tmp_path / "live.mp4", 1)
    assert (await client.get("/ISAPI/System/deviceInfo"))[0] == 401


async def test_a_refusing_rtsp_server_says_unavailable(recorder: SimulatedRecorder, tmp_path: Path) -> None:
    recorder.switches.rtsp_refused = True
    code, complaints = await save(address(recorder, "/Streaming/Channels/701"), tmp_path / "live.mp4", 1)
    assert code != 0
    assert "503" in complaints
