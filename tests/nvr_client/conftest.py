import asyncio
import io
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from nvr_client.factory import RecorderSettings, connect
from nvr_client.protocol import Span
from nvr_client.shared import SharedRecorder
from simulator.footage.code import read_code
from simulator.recorder import CameraModel, SimulatedRecorder, ngoc_lam_cameras

USERNAME = "truccam"
PASSWORD = "mật-khẩu&:@/Đầu-ghi 1"
NOON = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)  # 12:00:00 in Viet Nam, a Monday
START = NOON - timedelta(hours=2, minutes=59, seconds=50)


@dataclass
class Clock:
    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment


@dataclass
class Site:
    """Connects clients to one device and closes them when the test ends."""

    clock: Clock
    http_port: int
    rtsp_port: int
    changes: list[tuple[str, str]] = field(default_factory=list)
    opened: list[SharedRecorder] = field(default_factory=list)
    vendor: str = "hikvision"

    def connect(self, **overrides: object) -> SharedRecorder:
        known: dict[str, object] = {
            "name": "dau-ghi-1",
            "vendor": self.vendor,
            "host": "127.0.0.1",
            "http_port": self.http_port,
            "rtsp_port": self.rtsp_port,
            "username": USERNAME,
            "password": PASSWORD,
        }
        settings = RecorderSettings(**(known | overrides))  # type: ignore[arg-type] # examples name any setting
        client = connect(
            settings,
            now=self.clock.now,
            on_state=lambda name, state: self.changes.append((name, state)),
            monotonic=lambda: time.monotonic() + (self.clock.moment - NOON).total_seconds(),
        )
        self.opened.append(client)
        return client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cameras() -> list[CameraModel]:
    return [camera for camera in ngoc_lam_cameras() if camera.number <= 6]


@pytest.fixture
async def recorder(clock: Clock, cameras: list[CameraModel]) -> AsyncIterator[SimulatedRecorder]:
    async with SimulatedRecorder(
        username=USERNAME,
        password=PASSWORD,
        cameras=cameras,
        now=clock.now,
        clock_offset=timedelta(seconds=94),
    ) as running:
        yield running


@pytest.fixture
async def site(clock: Clock, recorder: SimulatedRecorder) -> AsyncIterator[Site]:
    running = Site(clock, recorder.http_port, recorder.rtsp_port)
    yield running
    for client in running.opened:
        await client.aclose()


Answer = web.StreamResponse | str | bytes
Handler = Callable[[web.Request, bytes], Awaitable[Answer] | Answer]


@dataclass
class ScriptedDevice:
    """Answers exactly what a test says; anything else is 404. `gate` looks at every request first."""

    answers: dict[tuple[str, str], Handler] = field(default_factory=dict)
    gate: Callable[[web.Request], web.Response | None] = lambda _: None
    asked: Counter[str] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)
    tasks: set[asyncio.Task[object]] = field(default_factory=set)

    def on(self, method: str, path: str, answer: Answer | Handler) -> None:
        self.answers[method, path] = answer if callable(answer) else lambda _request, _body: answer

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.asked[f"{request.method} {request.path}"] += 1
        refused = self.gate(request)
        if refused is not None:
            return refused
        self.bodies.append(body)
        handler = self.answers.get((request.method, request.path))
        if handler is None:
            return web.Response(status=404)
        answer = handler(request, body)
        if isinstance(answer, Awaitable):
            answer = await answer
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="application/xml")
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="application/octet-stream")
        return answer


@pytest.fixture
def device() -> ScriptedDevice:
    scripted = ScriptedDevice()
    scripted.on("GET", "/ISAPI/System/deviceInfo", "<DeviceInfo><model>M</model></DeviceInfo>")
    return scripted


@pytest.fixture
async def scripted_site(clock: Clock, device: ScriptedDevice) -> AsyncIterator[Site]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", device.handle)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    running = Site(clock, int(runner.addresses[0][1]), 1)
    yield running
    for client in running.opened:
        await client.aclose()
    await runner.cleanup()


@pytest.fixture
def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(drawn, "JPEG")
    return drawn.getvalue()


def span(start: datetime = START, *, seconds: float = 5) -> Span:
    return Span(start, start + timedelta(seconds=seconds))


async def run_ffmpeg(*arguments: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return output


async def codes_in(video: Path) -> list[tuple[int, datetime] | None]:
    """Camera and second of every frame, decoded by ffmpeg."""
    output = await run_ffmpeg("-i", str(video), "-f", "image2pipe", "-c:v", "bmp", "pipe:1")
    codes = []
    while output:
        size = int.from_bytes(output[2:6], "little")
        codes.append(read_code(Image.open(io.BytesIO(output[:size]))))
        output = output[size:]
    return codes


async def assert_shows(video: Path, camera: int, asked: Span) -> None:
    """Every frame is of the camera, the first and last within a second of what was asked."""
    codes = [code for code in await codes_in(video) if code is not None]
    assert codes
    assert {number for number, _ in codes} == {camera}
    times = [moment for _, moment in codes]
    assert abs(times[0] - asked.start) <= timedelta(seconds=1)
    assert abs(times[-1] - asked.end) <= timedelta(seconds=1)


def left_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def until(condition: Callable[[], bool], *, seconds: float = 5) -> None:
    """Wait for something to become true; fails the test when it does not."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - the condition lies in another program's counters
                await asyncio.sleep(0.01)
    assert condition()
