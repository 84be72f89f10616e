"""A way to video for ffmpeg that needs no password: a relay on 127.0.0.1 that logs in to the recorder itself.

ffmpeg reads `rtsp://127.0.0.1:<port>/...` without a login. The relay has asked the recorder for the stream
before ffmpeg starts, so errors are known by their status; then it passes requests on with an
`Authorization` header (RFC 2326, RFC 7616) and sends them to the configured host, whatever host an answer
names. It takes one connection only. Video that comes before the first key frame is dropped, so a copy
starts with a whole picture; recorded video that goes on behind its end is cut there.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from nvr_client.errors import BadAnswer, RecorderError
from nvr_client.key_frames import EndOfSpan, KeyFrameGate
from nvr_client.rtsp_wire import (
    AUTHORITY,
    INTERLEAVED,
    LIMIT_BYTES,
    UNAUTHORIZED,
    Message,
    RtspLogin,
    Upstream,
    connect_video,
    read_message,
    rest_of_frame,
)

__all__ = ["RtspLogin", "Stream", "relay"]

_LEAST_FRAME_BYTES = 3 + 8
"""Channel and length, and the shortest RTCP packet (RFC 3550, 6.6)."""
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, TEARDOWN"


@dataclass(frozen=True, slots=True)
class Stream:
    """Video that ffmpeg can read at `url`.

    Attributes:
        url: where.
        hevc: whether it is H.265.
        was_cut: tells, once it has been read, whether it went on behind its end.
    """

    url: str
    hevc: bool
    was_cut: Callable[[], bool]


@asynccontextmanager
async def relay(login: RtspLogin, target: str, wanted: timedelta | None = None) -> AsyncIterator[Stream]:
    """The stream `target` (path and query) of the recorder, at an address on this machine for ffmpeg.

    `wanted` is how much of recorded video is asked for.

    Raises:
        RecorderError: the recorder does not answer, rejects the login, or has no such stream
            (`NotSupported`), is busy (`Busy`) or answers nonsense.
    """
    login.guard.check()
    upstream = await connect_video(login)
    try:
        described = await upstream.describe(target)
        running = _Relay(login, upstream, described, wanted)
        server = await asyncio.start_server(running.serve, "127.0.0.1", 0, limit=LIMIT_BYTES)
        try:
            port = int(server.sockets[0].getsockname()[1])
            running.authority = f"rtsp://127.0.0.1:{port}"
            yield Stream(running.authority + target, running.hevc, lambda: running.was_cut)
        except BadAnswer as error:
            # ffmpeg only sees that the stream ended; the relay knows why.
            if running.error is not None:
                raise running.error from error
            raise
        finally:
            server.close()
            await running.stop()
    finally:
        await upstream.aclose()


class _Relay:
    """Between one ffmpeg and the recorder."""

    def __init__(
        self, login: RtspLogin, upstream: Upstream, described: Message, wanted: timedelta | None
    ) -> None:
        self._login = login
        self._upstream = upstream
        self._described = described
        self._gate = KeyFrameGate(described.body.decode("utf-8", "replace"))
        self._end = None if wanted is None else EndOfSpan(wanted)
        self.was_cut = False
        self._waiting: dict[int, tuple[str, Message, bool]] = {}
        self._playing = False
        self._served: asyncio.Future[None] | None = None
        self._pumps: tuple[asyncio.Task[None], ...] = ()
        self.authority = ""
        self.error: RecorderError | None = None

    @property
    def hevc(self) -> bool:
        """Whether the video is H.265."""
        return self._gate.codec == "H265"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the first connection; any other is closed at once."""
        if self._served is not None:
            writer.transport.abort()
            return
        self._served = asyncio.get_running_loop().create_future()
        try:
            self._pumps = (
                asyncio.create_task(self._pump_up(reader, writer)),
                asyncio.create_task(self._pump_down(writer)),
            )
            await asyncio.wait(self._pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in self._pumps:
                pump.cancel()
            for outcome in await asyncio.gather(*self._pumps, return_exceptions=True):
                if isinstance(outcome, RecorderError):
                    self.error = outcome
        finally:
            writer.transport.abort()
            self._served.set_result(None)

    async def stop(self) -> None:
        """End the connection that is being served."""
        for pump in self._pumps:
            pump.cancel()
        if self._served is not None:
            await self._served

    async def _pump_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):
            while True:
                first = await reader.readexactly(1)
                if first[0] == INTERLEAVED:
                    self._upstream.writer.write(first + await rest_of_frame(reader))
                    await self._upstream.writer.drain()
                    continue
                request = await read_message(reader, first)
                method = request.first_line.split(" ", 1)[0]
                number = request.get("cseq") or "0"
                if method == "DESCRIBE" or (method == "OPTIONS" and not self._playing):
                    writer.write(self._answer_here(method, number).encode())
                    await writer.drain()
                    continue
                await self._pass_on(request, number)

    def _answer_here(self, method: str, number: str) -> Message:
        if method == "OPTIONS":
            return Message("RTSP/1.0 200 OK", [("CSeq", number), ("Public", _METHODS)])
        headers = [("CSeq", number), ("Content-Type", "application/sdp")]
        base = self._described.get("content-base") or self._described.get("content-location")
        if base is not None:
            headers.append(("Content-Base", AUTHORITY.sub(self.authority, base)))
        headers.append(("Content-Length", str(len(self._described.body))))
        return Message("RTSP/1.0 200 OK", headers, self._described.body)

    async def _pass_on(self, request: Message, number: str, *, again: bool = False) -> None:
        method, uri, version = request.first_line.split(" ", 2)
        request.first_line = f"{method} {AUTHORITY.sub(self._login.authority, uri)} {version}"
        sequence = await self._upstream.send(request)
        self._waiting[sequence] = (number, request, again)
        self._playing = self._playing or method == "PLAY"

    async def _pump_down(self, writer: asyncio.StreamWriter) -> None:
        reader = self._upstream.reader
        with suppress(OSError, EOFError):
            while True:
                first = await reader.readexactly(1)
                if first[0] == INTERLEAVED:
                    frame = await rest_of_frame(reader)
                    if len(frame) < _LEAST_FRAME_BYTES:
                        continue  # ffmpeg loses its place in the stream over a frame that is no packet
                    if not self._gate.lets_through(frame[0], frame[3:]):
                        continue
                    if self._is_behind_the_end(frame[0], frame[3:]):
                        self.was_cut = True
                        writer.close()
                        await writer.wait_closed()
                        return
                    writer.write(first + frame)
                    await writer.drain()
                    continue
                message = await read_message(reader, first)
                if message.first_line.startswith("RTSP/"):
                    await self._answer(message, writer)

    def _is_behind_the_end(self, channel: int, packet: bytes) -> bool:
        if self._end is None or not self._gate.is_video(channel):
            return False
        return self._end.reached(packet, key=self._gate.begins_key_frame(packet))

    async def _answer(self, message: Message, writer: asyncio.StreamWriter) -> None:
        sequence = message.get("cseq") or ""
        number, request, again = self._waiting.pop(
            int(sequence) if sequence.isdigit() else -1, (sequence, None, True)
        )
        if message.status == UNAUTHORIZED and request is not None:
            if again:
                raise self._login.guard.reject("rtsp")
            self._upstream.take_challenge(message, carried=request.get("authorization") is not None)
            await self._pass_on(request, number, again=True)
            return
        if request is not None and request.first_line.startswith("SETUP"):
            self._gate.learn_channel(message.get("transport") or "")
        message.put("CSeq", number)
        for name in ("Content-Base", "RTP-Info"):
            value = message.get(name.lower())
            if value is not None:
                message.put(name, re.sub(r"rtsps?://[^/?#,;\s]*", self.authority, value))
        writer.write(message.encode())
        await writer.drain()
