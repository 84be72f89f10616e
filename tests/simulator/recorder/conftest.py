import asyncio
import io
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from simulator.recorder import SimulatedRecorder

USERNAME = "truccam"
PASSWORD = "mật-khẩu-Đầu-ghi-1"
NOON = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)  # 12:00:00 in Viet Nam, a Monday
CLOCK_OFFSET = timedelta(seconds=94)


@dataclass
class Clock:
    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def advance(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@dataclass
class Client:
    """A plain digest client; `requests` counts what really went over the wire."""

    recorder: SimulatedRecorder
    session: aiohttp.ClientSession
    statuses: list[int] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.recorder.http_port}{path}"

    async def get(self, path: str, body: str | None = None) -> tuple[int, bytes]:
        return await self._ask("GET", path, body)

    async def post(self, path: str, body: str) -> tuple[int, bytes]:
        return await self._ask("POST", path, body)

    async def _ask(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        async with self.session.request(method, self.url(path), data=body) as answer:
            self.statuses.append(answer.status)
            return answer.status, await answer.read()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def recorder(clock: Clock) -> AsyncIterator[SimulatedRecorder]:
    async with SimulatedRecorder(
        username=USERNAME, password=PASSWORD, now=clock.now, clock_offset=CLOCK_OFFSET
    ) as running:
        yield running


@pytest.fixture
async def client(recorder: SimulatedRecorder) -> AsyncIterator[Client]:
    async with _digest_session(USERNAME, PASSWORD) as session:
        yield Client(recorder, session)


@pytest.fixture
async def wrong_client(recorder: SimulatedRecorder) -> AsyncIterator[Client]:
    async with _digest_session(USERNAME, "sai") as session:
        yield Client(recorder, session)


def _digest_session(username: str, password: str) -> aiohttp.ClientSession:
    digest = aiohttp.DigestAuthMiddleware(username, password)
    return aiohttp.ClientSession(middlewares=(digest,), timeout=aiohttp.ClientTimeout(total=20))


def tree(body: bytes) -> ET.Element:
    """XML without its namespaces."""
    root = ET.fromstring(body)  # noqa: S314 - our own pretend recorder wrote it
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def device_time(true: datetime) -> str:
    """What the recorder under test shows at a true instant, in the compact form of playback URIs."""
    return f"{(true + CLOCK_OFFSET + timedelta(hours=7)).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def playback_uri(track: int, start: datetime, end: datetime) -> str:
    window = f"starttime={device_time(start)}&endtime={device_time(end)}"
    return f"rtsp://192.168.1.64/Streaming/tracks/{track}?{window}"


def download_request(uri: str) -> str:
    return f"<downloadRequest><playbackURI>{uri.replace('&', '&amp;')}</playbackURI></downloadRequest>"


@pytest.fixture
def frames_of(tmp_path: Path) -> Callable[[Path], list[Image.Image]]:
    """Decodes a video file with ffmpeg."""

    def decode(path: Path) -> list[Image.Image]:
        subprocess.run(  # noqa: S603 - our own ffmpeg on our own file
            [get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-i", path, tmp_path / "f%05d.png"],
            check=True,
        )
        return [Image.open(io.BytesIO(file.read_bytes())) for file in sorted(tmp_path.glob("f*.png"))]

    return decode


async def ffmpeg(
    *arguments: str | Path, feed: bytes | None = None, timeout_seconds: float = 15
) -> tuple[int, str]:
    """Run ffmpeg; returns its code and what it complained about."""
    process = await asyncio.create_subprocess_exec(
        get_ffmpeg_exe(),
        "-hide_banner",
        "-loglevel",
        "error",
        *map(str, arguments),
        stdin=asyncio.subprocess.PIPE if feed is not None else asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, complaints = await asyncio.wait_for(process.communicate(feed), timeout_seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return process.returncode or 0, complaints.decode()


async def idle(recorder: SimulatedRecorder) -> None:
    """Wait until no footage is being made."""
    async with asyncio.timeout(5):
        while recorder.footage.working:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.01)
