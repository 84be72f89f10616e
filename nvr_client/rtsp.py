"""A way to video for ffmpeg that needs no password: a relay on 127.0.0.1 that logs in to the recorder itself.

ffmpeg reads `rtsp://127.0.0.1:<port>/...` without a login. The relay has asked the recorder for the stream
before ffmpeg starts, so errors are known by their status; then it passes requests on with an
`Authorization` header (RFC 2326, RFC 7616) and sends them to the configured host, whatever host an answer
names. It takes one connection only. Video that comes before the first key frame is dropped, so a copy
starts with a whole picture.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from nvr_client.digest import Credentials, best_challenge
from nvr_client.errors import (
    AccessRefused,
    BadAnswer,
    Busy,
    NotSupported,
    NoVideoPort,
    RecorderError,
    TooSlow,
)
from nvr_client.key_frames import KeyFrameGate
from nvr_client.login import LoginGuard

CONNECT_SECONDS = 1.5
ANSWER_SECONDS = 5.0
_OK = 200
_UNAUTHORIZED = 401
_INTERLEAVED = 0x24  # "$"
_LIMIT_BYTES = 256 * 1024
_AUTHORITY = re.compile(r"^rtsps?://[^/?#]*", re.IGNORECASE)
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, TEARDOWN"
_BY_STATUS: dict[int, type[RecorderError]] = {
    403: AccessRefused,
    404: NotSupported,
    405: NotSupported,
    453: Busy,
    454: BadAnswer,
    501: NotSupported,
    503: Busy,
    551: NotSupported,
}


@dataclass(frozen=True, kw_only=True)
class RtspLogin:
    """How to log in to the video port of one recorder."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    guard: LoginGuard

    @property
    def authority(self) -> str:
        """Scheme, host and port as they stand before a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"rtsp://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Stream:
    """Video that ffmpeg can read at `url`; `hevc` tells H.265 from everything else."""

    url: str
    hevc: bool


@dataclass(slots=True)
class _Message:
    """A request or an answer: its first line, headers as they came, and body."""

    first_line: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    def put(self, name: str, value: str) -> None:
        self.headers = [(key, old) for key, old in self.headers if key.lower() != name.lower()]
        self.headers.append((name, value))

    @property
    def status(self) -> int:
        parts = self.first_line.split(" ", 2)
        return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0

    def encode(self) -> bytes:
        lines = [self.first_line, *(f"{key}: {value}" for key, value in self.headers), "", ""]
        return "\r\n".join(lines).encode() + self.body


@asynccontextmanager
async def relay(login: RtspLogin, target: str) -> AsyncIterator[Stream]:
    """The stream `target` (path and query) of the recorder, at an address on this machine for ffmpeg.

    Raises:
        RecorderError: the recorder does not answer, rejects the login, or has no such stream
            (`NotSupported`), is busy (`Busy`) or answers nonsense.
    """
    login.guard.check()
    upstream = await _connect(login)
    try:
        described = await upstream.describe(target)
        running = _Relay(login, upstream, described)
        server = await asyncio.start_server(running.serve, "127.0.0.1", 0, limit=_LIMIT_BYTES)
        try:
            port = int(server.sockets[0].getsockname()[1])
            running.authority = f"rtsp://127.0.0.1:{port}"
            yield Stream(running.authority + target, running.hevc)
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


async def _connect(login: RtspLogin) -> "_Upstream":
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(login.host, login.port, limit=_LIMIT_BYTES)
    except (TimeoutError, OSError) as error:
        raise NoVideoPort("the recorder's video port does not answer") from error
    return _Upstream(login, reader, writer)


class _Upstream:
    """The connection to the recorder."""

    def __init__(self, login: RtspLogin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._login = login
        self.reader = reader
        self.writer = writer
        self._credentials: Credentials | None = None
        self._sequence = 0

    async def describe(self, target: str) -> _Message:
        """The stream's description; answers a login challenge once."""
        uri = self._login.authority + target
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                for _ in range(3):
                    request = _Message(f"DESCRIBE {uri} RTSP/1.0", [("Accept", "application/sdp")])
                    carried = self._credentials is not None
                    await self.send(request)
                    answer = await _read_message(self.reader)
                    if answer.status != _UNAUTHORIZED:
                        return _checked(answer)
                    self.take_challenge(answer, carried=carried)
        except TimeoutError as error:
            raise TooSlow("the recorder's video port answers too slowly") from error
        except (OSError, EOFError) as error:
            raise NoVideoPort("the recorder closed its video port") from error
        raise self._login.guard.reject("rtsp")

    async def send(self, request: _Message) -> int:
        """Send a request with a number of its own and the login; gives the number."""
        self._login.guard.check()
        self._sequence += 1
        request.put("CSeq", str(self._sequence))
        method, uri, _ = request.first_line.split(" ", 2)
        if self._credentials is not None:
            request.put("Authorization", self._credentials.header(method, uri))
        self.writer.write(request.encode())
        await self.writer.drain()
        return self._sequence

    def take_challenge(self, answer: _Message, *, carried: bool) -> None:
        """Get ready to answer a 401; raises when it was the login that was rejected."""
        challenge = best_challenge(answer.all("www-authenticate"))
        if carried and (challenge is None or not challenge.stale):
            raise self._login.guard.reject("rtsp")
        if challenge is None:
            raise AccessRefused("the video port wants a login of a kind that we cannot give")
        self._credentials = Credentials(self._login.username, self._login.password, challenge)

    async def aclose(self) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


class _Relay:
    """Between one ffmpeg and the recorder."""

    def __init__(self, login: RtspLogin, upstream: _Upstream, described: _Message) -> None:
        self._login = login
        self._upstream = upstream
        self._described = described
        self._gate = KeyFrameGate(described.body.decode("utf-8", "replace"))
        self._waiting: dict[int, tuple[str, _Message, bool]] = {}
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
                if first[0] == _INTERLEAVED:
                    self._upstream.writer.write(first + await _rest_of_frame(reader))
                    await self._upstream.writer.drain()
                    continue
                request = await _read_message(reader, first)
                method = request.first_line.split(" ", 1)[0]
                number = request.get("cseq") or "0"
                if method == "DESCRIBE" or (method == "OPTIONS" and not self._playing):
                    writer.write(self._answer_here(method, number).encode())
                    await writer.drain()
                    continue
                await self._pass_on(request, number)

    def _answer_here(self, method: str, number: str) -> _Message:
        if method == "OPTIONS":
            return _Message("RTSP/1.0 200 OK", [("CSeq", number), ("Public", _METHODS)])
        headers = [("CSeq", number), ("Content-Type", "application/sdp")]
        base = self._described.get("content-base") or self._described.get("content-location")
        if base is not None:
            headers.append(("Content-Base", _AUTHORITY.sub(self.authority, base)))
        headers.append(("Content-Length", str(len(self._described.body))))
        return _Message("RTSP/1.0 200 OK", headers, self._described.body)

    async def _pass_on(self, request: _Message, number: str, *, again: bool = False) -> None:
        method, uri, version = request.first_line.split(" ", 2)
        request.first_line = f"{method} {_AUTHORITY.sub(self._login.authority, uri)} {version}"
        sequence = await self._upstream.send(request)
        self._waiting[sequence] = (number, request, again)
        self._playing = self._playing or method == "PLAY"

    async def _pump_down(self, writer: asyncio.StreamWriter) -> None:
        reader = self._upstream.reader
        with suppress(OSError, EOFError):
            while True:
                first = await reader.readexactly(1)
                if first[0] == _INTERLEAVED:
                    frame = await _rest_of_frame(reader)
                    if self._gate.lets_through(frame[0], frame[3:]):
                        writer.write(first + frame)
                        await writer.drain()
                    continue
                message = await _read_message(reader, first)
                if message.first_line.startswith("RTSP/"):
                    await self._answer(message, writer)

    async def _answer(self, message: _Message, writer: asyncio.StreamWriter) -> None:
        sequence = message.get("cseq") or ""
        number, request, again = self._waiting.pop(
            int(sequence) if sequence.isdigit() else -1, (sequence, None, True)
        )
        if message.status == _UNAUTHORIZED and request is not None:
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


async def _rest_of_frame(reader: asyncio.StreamReader) -> bytes:
    """Channel, length and payload of an interleaved frame (RFC 2326, 10.12)."""
    head = await reader.readexactly(3)
    return head + await reader.readexactly(int.from_bytes(head[1:3], "big"))


async def _read_message(reader: asyncio.StreamReader, first: bytes = b"") -> _Message:
    try:
        head = first + await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise BadAnswer("the recorder does not speak proper RTSP") from error
    lines = head.decode("utf-8", "replace").strip("\r\n").split("\r\n")
    headers = []
    for line in lines[1:]:
        key, _, value = line.partition(":")
        headers.append((key.strip(), value.strip()))
    message = _Message(lines[0], headers)
    length = message.get("content-length") or "0"
    if length.isdigit() and 0 < int(length) <= _LIMIT_BYTES:
        message.body = await reader.readexactly(int(length))
    return message


def _checked(answer: _Message) -> _Message:
    if answer.status == _OK:
        return answer
    kind = _BY_STATUS.get(answer.status, BadAnswer)
    raise kind(f"the recorder's video port answered {answer.status}")
