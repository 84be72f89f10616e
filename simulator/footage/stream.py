"""Footage as H.264 or H.265: any camera, any span, made while it is read.

Frames are painted by a child process (`python -m simulator.footage`) and encoded by ffmpeg, so that the
process that serves them stays responsive. The product is whole seconds of `FRAMES_PER_SECOND` access units,
each second beginning with a key frame; seconds are cached, so a span asked again, or a part of it, costs
nothing.
"""

import asyncio
import os
import signal
import sys
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

from imageio_ffmpeg import get_ffmpeg_exe

from simulator.footage.view import View

FRAMES_PER_SECOND = 4
VIDEO_SIZE = (854, 480)

Second = tuple[bytes, ...]
"""One second of video: Annex B access units, each opened by an access unit delimiter."""

Codec = Literal["H264", "H265"]

_DELIMITERS: dict[Codec, bytes] = {"H264": b"\x00\x00\x00\x01\x09", "H265": b"\x00\x00\x00\x01\x46\x01"}
_ENCODERS: dict[Codec, tuple[str, ...]] = {
    "H264": (
        *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-threads", "1"),
        *("-pix_fmt", "yuv420p", "-crf", "28", "-g", "{rate}", "-bf", "0"),
        *("-x264-params", "scenecut=0:aud=1:repeat-headers=1:keyint-min=1"),
        *("-flush_packets", "1", "-f", "h264"),
    ),
    "H265": (
        *("-c:v", "libx265", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"),
        *("-crf", "28", "-bf", "0"),
        *(
            "-x265-params",
            "keyint={rate}:min-keyint={rate}:scenecut=0:aud=1:repeat-headers=1:pools=1:log-level=1",
        ),
        *("-flush_packets", "1", "-f", "hevc"),
    ),
}
_READ_BYTES = 1 << 18
_CHECKOUT = Path(__file__).resolve().parents[2]


class FootageStore:
    """Makes and caches seconds of footage.

    Args:
        cache_bytes: how much encoded footage to keep; the least recently used second goes first.
        codec: what it is encoded as; H.265 is for RTSP and DAV only.

    Attributes:
        encodings: how often an encoder was started.
        working: encoders that run now.
    """

    def __init__(self, cache_bytes: int = 96 << 20, *, codec: Codec = "H264") -> None:
        self.codec: Codec = codec
        self._cache_bytes = cache_bytes
        self._held_bytes = 0
        self._seconds: OrderedDict[tuple[View, int], Second] = OrderedDict()
        self._endings: set[asyncio.Task[None]] = set()
        self.encodings = 0
        self.working = 0

    async def seconds(self, view: View, start: int, count: int | None) -> AsyncGenerator[Second]:
        """`count` seconds from Unix second `start` on, or without end where `count` is None.

        Close the generator (`aclosing`) when leaving early: that ends the child processes.
        """
        at = start
        end = None if count is None else start + count
        while end is None or at < end:
            known = self._seconds.get((view, at))
            if known is None:
                break
            self._seconds.move_to_end((view, at))
            yield known
            at += 1
        if end is not None and at >= end:
            return
        self.encodings += 1
        self.working += 1
        try:
            left = None if end is None else end - at
            async with aclosing(_encode(view, at, left, self._endings, self.codec)) as made:
                async for second in made:
                    self._keep((view, at), second)
                    at += 1
                    yield second
        finally:
            self.working -= 1

    async def settle(self) -> None:
        """Wait for the child processes of spans that were left early to be gone."""
        while self._endings:
            await asyncio.wait(self._endings)

    def _keep(self, key: tuple[View, int], second: Second) -> None:
        self._held_bytes += sum(map(len, second)) - sum(map(len, self._seconds.pop(key, ())))
        self._seconds[key] = second
        while self._held_bytes > self._cache_bytes:
            _, oldest = self._seconds.popitem(last=False)
            self._held_bytes -= sum(map(len, oldest))


async def _encode(
    view: View, start: int, count: int | None, endings: set[asyncio.Task[None]], codec: Codec
) -> AsyncGenerator[Second]:
    async with (
        _encoder(view, start, count, endings, codec) as output,
        aclosing(_access_units(output, _DELIMITERS[codec])) as units,
    ):
        second: list[bytes] = []
        async for unit in units:
            second.append(unit)
            if len(second) == FRAMES_PER_SECOND:
                yield tuple(second)
                second.clear()


async def _access_units(output: asyncio.StreamReader, delimiter: bytes) -> AsyncGenerator[bytes]:
    held = bytearray()
    while block := await output.read(_READ_BYTES):
        searched = max(len(delimiter), len(held) - len(delimiter))
        held += block
        begin = 0
        while (border := held.find(delimiter, max(searched, begin + len(delimiter)))) >= 0:
            yield bytes(held[begin:border])
            begin = border
        del held[:begin]
    if held:
        yield bytes(held)


@asynccontextmanager
async def _encoder(
    view: View, start: int, count: int | None, endings: set[asyncio.Task[None]], codec: Codec
) -> AsyncIterator[asyncio.StreamReader]:
    """The standard output of ffmpeg, fed by a painter; both are killed on leaving."""
    width, height = VIDEO_SIZE
    frames_out, frames_in = os.pipe()
    children: list[asyncio.subprocess.Process] = []
    try:
        try:
            children.append(
                await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "simulator.footage"),
                    *(str(view.number), view.scene.value, view.name, str(start), str(count or 0)),
                    cwd=_CHECKOUT,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=frames_in,
                    start_new_session=True,  # an interrupt at the keyboard is for the server alone
                )
            )
            children.append(
                await asyncio.create_subprocess_exec(
                    *(get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error"),
                    *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}"),
                    *("-r", str(FRAMES_PER_SECOND), "-i", "pipe:0"),
                    *(option.format(rate=FRAMES_PER_SECOND) for option in _ENCODERS[codec]),
                    "pipe:1",
                    stdin=frames_out,
                    stdout=asyncio.subprocess.PIPE,
                    start_new_session=True,
                )
            )
        finally:
            os.close(frames_out)
            os.close(frames_in)
        output = children[-1].stdout
        if output is None:
            raise RuntimeError("ffmpeg was started without a pipe")
        yield output
    finally:
        # Shielded: whoever leaves is often cancelled a second time, and the children must end all the same.
        ending = asyncio.create_task(_end(children))
        endings.add(ending)
        ending.add_done_callback(endings.discard)
        await asyncio.shield(ending)


async def _end(children: list[asyncio.subprocess.Process]) -> None:
    read_to_the_end = children and children[-1].stdout is not None and children[-1].stdout.at_eof()
    for child in children:
        if child.returncode is None and not read_to_the_end:
            # Not `child.kill()`, which may reap the child behind the back of asyncio's watcher.
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
    for child in children:
        if child.stdout is not None:
            await child.stdout.read()  # a pipe that is not read to its end is never closed
        await child.wait()
