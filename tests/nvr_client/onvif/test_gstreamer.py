"""Our replay client against a server that we did not write: GStreamer's. Skipped where it is not installed.

apt-get install gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-{base,good,bad,ugly} python3-gi
"""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nvr_client._vendors.onvif.replay import replay
from nvr_client.login import LoginGuard
from nvr_client.rtsp_wire import RtspLogin
from tests.nvr_client.conftest import run_ffmpeg

SYSTEM_PYTHON = shutil.which("python3", path="/usr/bin")
CHECK = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer;"
    "Gst.init(None); assert all(Gst.ElementFactory.find(n) for n in ('rtponviftimestamp', 'h264parse'))"
)
START = datetime(2026, 11, 1, 1, 0, 0, tzinfo=UTC)


def installed() -> bool:
    if SYSTEM_PYTHON is None:
        return False
    tried = subprocess.run(  # noqa: S603 - the system's own Python
        [SYSTEM_PYTHON, "-c", CHECK], capture_output=True, check=False, timeout=60
    )
    return tried.returncode == 0


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[RtspLogin]:
    if SYSTEM_PYTHON is None or not await asyncio.to_thread(installed):
        pytest.skip("GStreamer's RTSP server is not installed")
    video = tmp_path / "archive.h264"
    await run_ffmpeg(
        *("-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=10", "-pix_fmt", "yuv420p"),
        *("-c:v", "libx264", "-g", "25", "-bf", "0", "-x264-params", "aud=1:repeat-headers=1:scenecut=0"),
        *("-f", "h264", str(video)),
    )
    script = Path(__file__).with_name("gstreamer_archive.py")
    process = await asyncio.create_subprocess_exec(
        SYSTEM_PYTHON,
        str(script),
        str(video),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            port = int(await process.stdout.readline())
        yield RtspLogin(host="127.0.0.1", port=port, username="u", password="p", guard=LoginGuard("archive"))
    finally:
        process.kill()
        await process.communicate()


@pytest.mark.parametrize("seconds", [10, 46])
async def test_gstreamers_archive_gives_every_frame_with_its_time(seconds: int, archive: RtspLogin) -> None:
    end = START + timedelta(seconds=seconds)
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with replay(archive, "/archive", START, end) as running, aclosing(running.frames()) as frames:
        seen = [frame async for frame in frames]
    assert loop.time() - began < seconds / 3
    assert running.track.codec == "H264"
    expected = [START + timedelta(seconds=number / 25) for number in range(seconds * 25)]
    assert len(seen) == len(expected)
    assert all(abs(f.label - at) < timedelta(milliseconds=2) for f, at in zip(seen, expected, strict=True))
    assert [number for number, frame in enumerate(seen) if frame.key] == list(range(0, seconds * 25, 25))
    assert seen[-1].terminal
