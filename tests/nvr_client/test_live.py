import asyncio
import contextlib
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from nvr_client.errors import AccessRefused, Busy, CameraOffline, NoVideoPort
from nvr_client.login import LoginGuard
from nvr_client.rtsp import RtspLogin, relay
from simulator.recorder import SimulatedRecorder
from tests.nvr_client.conftest import PASSWORD, USERNAME, Site, codes_in, left_in, until


async def test_a_live_clip_is_a_playable_mp4_of_the_asked_length(site: Site, tmp_path: Path) -> None:
    target = tmp_path / "live.mp4"
    await site.connect().live_clip(3, timedelta(seconds=2), target)
    codes = await codes_in(target)
    assert {code[0] for code in codes if code} == {3}
    assert 7 <= len(codes) <= 9  # two seconds of four frames
    data = await asyncio.to_thread(target.read_bytes)
    assert data.index(b"moov") < data.index(b"mdat")


async def test_no_password_and_no_address_is_in_the_arguments_of_a_child(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    task = asyncio.create_task(site.connect().live_clip(1, timedelta(seconds=2), tmp_path / "live.mp4"))
    seen: list[str] = []

    def running() -> bool:
        seen.extend(words for words in command_lines() if str(tmp_path) in words)
        return bool(seen)

    await until(running)
    await task
    for words in seen:
        assert PASSWORD not in words
        assert USERNAME not in words
        assert str(recorder.rtsp_port) not in words


async def test_an_unplugged_camera_gives_no_clip_and_leaves_no_file(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    recorder.camera(1).online = False
    with pytest.raises(CameraOffline):
        await site.connect().live_clip(1, timedelta(seconds=2), tmp_path / "live.mp4")
    assert left_in(tmp_path) == []


async def test_a_video_port_that_refuses_is_told_apart_from_a_dead_recorder(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    recorder.switches.rtsp_refused = True
    with pytest.raises(Busy):
        await site.connect().live_clip(1, timedelta(seconds=2), tmp_path / "live.mp4")
    with pytest.raises(NoVideoPort):
        await site.connect(rtsp_port=1).live_clip(1, timedelta(seconds=2), tmp_path / "live.mp4")
    assert site.changes == []


async def test_a_wrong_password_is_sent_once_and_not_to_the_video_port(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    client = site.connect(password="sai")
    for _ in range(3):
        with pytest.raises(AccessRefused):
            await client.live_clip(1, timedelta(seconds=2), tmp_path / "live.mp4")
    assert recorder.rejected_logins == 1


async def test_a_cancelled_clip_ends_its_child_and_leaves_no_file(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    task = asyncio.create_task(site.connect().live_clip(1, timedelta(seconds=30), tmp_path / "live.mp4"))
    await until(lambda: recorder.calls["rtsp_live"] == 1)
    task.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert left_in(tmp_path) == []


def command_lines() -> list[str]:
    """The arguments of every running program, as anybody on this machine can read them."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(line.read_bytes().decode("utf-8", "replace"))
    return found


class VideoPort:
    """A scripted RTSP server: answers each request with what a test says."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.requests: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while self.answers:
                request = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.requests.append(request)
                writer.write(self.answers.pop(0).replace("\n", "\r\n").encode())
                await writer.drain()
        writer.close()

    async def ask(self, target: str) -> str:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        login = RtspLogin(
            host="127.0.0.1",
            port=server.sockets[0].getsockname()[1],
            username=USERNAME,
            password=PASSWORD,
            guard=LoginGuard("r"),
        )
        async with server, relay(login, target) as stream:
            url = stream.url
            reader, writer = await asyncio.open_connection("127.0.0.1", int(url.split(":")[2].split("/")[0]))
            writer.write(f"DESCRIBE {url} RTSP/1.0\r\nCSeq: 7\r\n\r\n".encode())
            said = (await reader.readuntil(b"\r\n\r\n")).decode()
            writer.close()
            await writer.wait_closed()
        return said


CHALLENGE = 'RTSP/1.0 401 Unauthorized\nCSeq: 1\nWWW-Authenticate: Digest realm="R", nonce="n"{}\n\n'
DESCRIBED = (
    "RTSP/1.0 200 OK\nCSeq: 2\nContent-Base: rtsp://10.9.8.7:99/Streaming/\n"
    "Content-Type: application/sdp\nContent-Length: 3\n\nv=0"
)


async def test_the_relay_logs_in_by_digest_and_hides_the_host_that_the_device_names() -> None:
    port = VideoPort(CHALLENGE.format(""), DESCRIBED)
    said = await port.ask("/Streaming/Channels/101")
    assert "CSeq: 7" in said
    assert "10.9.8.7" not in said
    assert "Authorization" not in port.requests[0]
    ha1 = hashlib.md5(f"{USERNAME}:R:{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
    uri = port.requests[1].split(" ")[1]
    ha2 = hashlib.md5(f"DESCRIBE:{uri}".encode(), usedforsecurity=False).hexdigest()
    right = hashlib.md5(f"{ha1}:n:{ha2}".encode(), usedforsecurity=False).hexdigest()
    assert f'response="{right}"' in port.requests[1]


async def test_the_relay_sends_a_rejected_login_once_and_a_stale_one_again() -> None:
    rejecting = VideoPort(CHALLENGE.format(""), CHALLENGE.format(""), DESCRIBED)
    with pytest.raises(AccessRefused):
        await rejecting.ask("/Streaming/Channels/101")
    assert len(rejecting.requests) == 2
    stale = VideoPort(CHALLENGE.format(""), CHALLENGE.format(", stale=true"), DESCRIBED)
    assert "200 OK" in await stale.ask("/Streaming/Channels/101")
    assert len(stale.requests) == 3
