"""RTSP 1.0 (RFC 2326) as far as a recorder's clients need it; TCP only, UDP is refused with 461."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from simulator.recorder.digest import DigestGate, Login
from simulator.recorder.rtsp.source import REQUEST_URI, NoSource, Source
from simulator.recorder.switches import Switches

_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    457: "Invalid Range",
    451: "Parameter Not Understood",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
    551: "Option not supported",
}
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"


@dataclass(slots=True)
class _Request:
    method: str
    uri: str
    headers: dict[str, str]

    @property
    def sequence(self) -> str:
        return self.headers.get("cseq", "0")


@dataclass(slots=True)
class _Connection:
    writer: asyncio.StreamWriter
    source: Source | None = None
    channel: int | None = None
    player: asyncio.Task[None] | None = None
    session: str = field(default="1273222592")

    def answer(
        self, request: _Request, status: int, headers: dict[str, str] | None = None, body: str = ""
    ) -> None:
        lines = [f"RTSP/1.0 {status} {_REASONS[status]}", f"CSeq: {request.sequence}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines.append(f"Content-Length: {len(body.encode())}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())


class RtspServer:
    """Serves what `find` finds behind an address; it may raise `NoSource`."""

    def __init__(
        self, find: Callable[[str], Source], *, gate: DigestGate, switches: Switches, calls: Counter[str]
    ) -> None:
        self._find = find
        self._gate = gate
        self._switches = switches
        self._calls = calls
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, port: int) -> int:
        """Listen on 127.0.0.1; returns the port, which is a free one when 0 was asked for."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Refuse new connections and cut the open ones."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for task in list(self._open):
            task.cancel()
        if self._open:
            await asyncio.wait(self._open)
        if server is not None:
            await server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._open.add(task)
        connection = _Connection(writer)
        try:
            await self._converse(connection, reader)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # The client left or the power was cut. Swallowed also when cancelled: nobody awaits this task.
            pass
        finally:
            if connection.player is not None:
                connection.player.cancel()
                with suppress(asyncio.CancelledError, ConnectionError):
                    await connection.player
            writer.transport.abort()
            self._open.discard(task)

    async def _converse(self, connection: _Connection, reader: asyncio.StreamReader) -> None:
        address = str(connection.writer.get_extra_info("peername")[0])
        while (request := await _read_request(reader)) is not None:
            if self._switches.hang:
                await asyncio.Event().wait()
            if self._switches.delay_seconds:
                await asyncio.sleep(self._switches.delay_seconds)
            if request.method == "OPTIONS":
                if connection.player is not None:
                    self._calls["rtsp_keep_alive"] += 1
                connection.answer(request, 200, {"Public": _METHODS})
            elif self._let_in(connection, request, address):
                await self._serve(connection, request)
            await connection.writer.drain()
            if request.method == "TEARDOWN":
                return

    def _let_in(self, connection: _Connection, request: _Request, address: str) -> bool:
        login = self._gate.check(
            address=address, method=request.method, authorization=request.headers.get("authorization")
        )
        if login is Login.ACCEPTED:
            return True
        challenge = self._gate.challenge(stale=login is Login.STALE)
        connection.answer(request, 401, {"WWW-Authenticate": challenge})
        return False

    async def _serve(self, connection: _Connection, request: _Request) -> None:
        if self._switches.rtsp_refused or self._switches.busy:
            connection.answer(request, 503)
        elif request.method == "DESCRIBE":
            await self._describe(connection, request)
        elif request.method == "SETUP":
            _set_up(connection, request)
        elif request.method == "PLAY":
            self._play(connection, request)
        elif request.method == "GET_PARAMETER" and self._switches.get_parameter:
            self._calls["rtsp_keep_alive"] += 1
            connection.answer(request, 200, {"Session": connection.session})
        elif request.method == "TEARDOWN":
            connection.answer(request, 200, {"Session": connection.session})
        else:
            connection.answer(request, 405, {"Allow": _METHODS})

    async def _describe(self, connection: _Connection, request: _Request) -> None:
        try:
            source = self._find(request.uri)
            source.check_describe(request.headers)
        except NoSource as reason:
            connection.answer(request, reason.status)
            return
        sdp = await source.description()
        if sdp is None:
            connection.answer(request, 503)
            return
        connection.source = source
        self._calls["rtsp_live" if source.live else "rtsp_playback"] += 1
        headers = {"Content-Type": "application/sdp", "Content-Base": request.uri.rstrip("/") + "/"}
        connection.answer(request, 200, headers, sdp)

    def _play(self, connection: _Connection, request: _Request) -> None:
        if connection.source is None or connection.channel is None:
            connection.answer(request, 455)
            return
        try:
            told = connection.source.begin(request.headers | {REQUEST_URI: request.uri})
        except NoSource as reason:
            connection.answer(request, reason.status)
            return
        info = f"url={request.uri};seq=0;rtptime=0"
        connection.answer(request, 200, {"Session": connection.session, "RTP-Info": info} | told)
        if connection.player is None:
            connection.player = asyncio.create_task(
                connection.source.play(connection.writer, connection.channel)
            )


def _set_up(connection: _Connection, request: _Request) -> None:
    transport = request.headers.get("transport", "")
    if connection.source is None:
        connection.answer(request, 455)
    elif "TCP" not in transport:
        connection.answer(request, 461)
    else:
        channels = transport.partition("interleaved=")[2].partition(";")[0] or "0-1"
        connection.channel = int(channels.partition("-")[0])
        headers = {
            "Session": f"{connection.session};timeout=60",
            "Transport": f"RTP/AVP/TCP;unicast;interleaved={channels};ssrc={connection.source.ssrc:08x}",
        }
        connection.answer(request, 200, headers)


async def _read_request(reader: asyncio.StreamReader) -> _Request | None:
    """The next request; None when the client has closed. Interleaved RTCP from the client is passed over."""
    while (first := await reader.read(1)) == b"$":
        header = await reader.readexactly(3)
        await reader.readexactly(int.from_bytes(header[1:], "big"))
    if not first:
        return None
    head = first + await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").strip().split("\r\n")
    method, uri, *_ = [*lines[0].split(" "), "", ""]
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
    }
    await reader.readexactly(int(headers.get("content-length", "0")))
    return _Request(method, uri, headers)
