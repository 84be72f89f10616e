"""A simulated recorder in a process of its own, so that its work is not in our figures.

Its pictures are one 1080p still, painted once; its footage is one second, encoded once and filled up to the
bit rate of a real camera. The process says its ports on standard output, answers each line on standard input
with the calls so far, and ends with its standard input.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import aiohttp

from nvr_client.settings import RecorderSettings
from simulator.footage.render import snapshot
from simulator.footage.stream import FRAMES_PER_SECOND, FootageStore, Second
from simulator.footage.view import View
from simulator.recorder import SimulatedRecorder

USERNAME, PASSWORD = "truccam", "mat-khau-dau-ghi"
BYTES_PER_SECOND = 512_000  # 4 Mbit/s
_FILLER = b"\x00\x00\x00\x01\x0c"  # H.264 filler data, which players skip


class HeavyFootage(FootageStore):
    """The same second again and again, as heavy as a real camera's.

    Attributes:
        bytes_per_second: the pace of downloads; 0: as fast as the machine can.
    """

    bytes_per_second = 0.0

    async def seconds(self, view: View, start: int, count: int | None) -> AsyncGenerator[Second]:
        """As `FootageStore.seconds`; the picture is that of the first second asked."""
        async for one in super().seconds(view, start - start % 3600, 1):
            fill = max(0, BYTES_PER_SECOND - sum(map(len, one))) // FRAMES_PER_SECOND
            heavy = tuple(unit + _FILLER + b"\xff" * fill + b"\x80" for unit in one)
            began, sent = monotonic(), 0
            while count is None or sent < count:
                yield heavy
                sent += 1
                if self.bytes_per_second:
                    due = began + sent * BYTES_PER_SECOND / self.bytes_per_second
                    await asyncio.sleep(max(0.0, due - monotonic()))


@dataclass
class Recorder:
    """The running process, and its picture time if asked bare."""

    process: asyncio.subprocess.Process
    port: int
    rtsp_port: int

    @property
    def settings(self) -> RecorderSettings:
        """For `nvr_client.factory.connect`."""
        return RecorderSettings(
            name="dau-ghi-1",
            host="127.0.0.1",
            http_port=self.port,
            rtsp_port=self.rtsp_port,
            username=USERNAME,
            password=PASSWORD,
        )

    def url(self, path: str) -> str:
        """An address on it."""
        return f"http://127.0.0.1:{self.port}{path}"

    async def calls(self) -> dict[str, int]:
        """Endpoint -> how often it was reached."""
        return dict(json.loads(await self._told("calls")))

    async def delay(self, seconds: float) -> None:
        """Let every answer take so much longer."""
        await self._told(f"delay {seconds}")

    async def hang(self, cameras: Iterable[int]) -> None:
        """Never answer for the pictures of these."""
        await self._told(f"hang {' '.join(map(str, cameras))}")

    async def pace(self, bytes_per_second: float) -> None:
        """How fast downloads come; 0: as fast as the machine can."""
        await self._told(f"pace {bytes_per_second}")

    async def _told(self, line: str) -> bytes:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the recorder was started without pipes")
        self.process.stdin.write(line.encode() + b"\n")
        return await self.process.stdout.readline()


@asynccontextmanager
async def recorder() -> AsyncIterator[Recorder]:
    """Start it; it ends with the context."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.recorder"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    try:
        ports = json.loads(await process.stdout.readline())
        yield Recorder(process, ports["http"], ports["rtsp"])
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def bare_client() -> AsyncIterator[aiohttp.ClientSession]:
    """The library's own client and digest login: what everything is held against."""
    login = aiohttp.DigestAuthMiddleware(USERNAME, PASSWORD)
    async with aiohttp.ClientSession(middlewares=(login,)) as session:
        yield session


async def _serve() -> None:
    footage = HeavyFootage()
    async with SimulatedRecorder(username=USERNAME, password=PASSWORD, footage=footage) as simulated:
        view = simulated.model.cameras[1].view
        simulated.switches.still = snapshot(view, datetime.now(UTC), (1920, 1080))
        simulated.set_camera_online(30, online=True)  # unplugged at the school
        print(json.dumps({"http": simulated.http_port, "rtsp": simulated.rtsp_port}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            order, _, value = line.strip().partition(" ")
            if order == "delay":
                simulated.switches.delay_seconds = float(value)
            elif order == "hang":
                simulated.switches.hanging_cameras = frozenset(map(int, value.split()))
            elif order == "pace":
                footage.bytes_per_second = float(value)
            print(json.dumps(simulated.calls), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
