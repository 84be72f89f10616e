"""RTSP as it goes over the wire (RFC 2326): messages, interleaved frames, and a connection that logs in.

Requests always go to the configured host, whatever host an answer names.
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field

from nvr_client.digest import Challenge, Credentials, best_challenge
from nvr_client.errors import (
    AccessRefused,
    BadAnswer,
    Busy,
    NotAllowed,
    NothingRecorded,
    NotSupported,
    NoVideoPort,
    RecorderError,
    TooSlow,
)
from nvr_client.login import LoginGuard

CONNECT_SECONDS = 1.5
ANSWER_SECONDS = 5.0
_OK = 200
UNAUTHORIZED = 401
INTERLEAVED = 0x24  # "$"
LIMIT_BYTES = 256 * 1024
AUTHORITY = re.compile(r"^rtsps?://[^/?#]*", re.IGNORECASE)
_BY_STATUS: dict[int, type[RecorderError]] = {
    403: NotAllowed,
    404: NotSupported,
    405: NotSupported,
    453: Busy,
    454: BadAnswer,
    457: NothingRecorded,
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


@dataclass(slots=True)
class Message:
    """A request or an answer: its first line, headers as they came, and body."""

    first_line: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    def get(self, name: str) -> str | None:
        """The first header of this name, given in small letters."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def all(self, name: str) -> list[str]:
        """Every header of this name, given in small letters."""
        return [value for key, value in self.headers if key.lower() == name]

    def put(self, name: str, value: str) -> None:
        """Set a header, in place of any of the same name."""
        self.headers = [(key, old) for key, old in self.headers if key.lower() != name.lower()]
        self.headers.append((name, value))

    @property
    def status(self) -> int:
        """An answer's status; 0 where its first line has none."""
        parts = self.first_line.split(" ", 2)
        return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0

    def encode(self) -> bytes:
        """The bytes on the wire."""
        lines = [self.first_line, *(f"{key}: {value}" for key, value in self.headers), "", ""]
        return "\r\n".join(lines).encode() + self.body


async def connect_video(login: RtspLogin) -> "Upstream":
    """A connection to the recorder's video port. Raises `NoVideoPort`."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(login.host, login.port, limit=LIMIT_BYTES)
    except (TimeoutError, OSError) as error:
        raise NoVideoPort("the recorder's video port does not answer") from error
    return Upstream(login, reader, writer)


class Upstream:
    """The connection to the recorder; `early` are frames that came before an answer."""

    def __init__(self, login: RtspLogin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._login = login
        self.reader = reader
        self.writer = writer
        self._credentials: Credentials | None = None
        self._sequence = 0
        self.early: list[bytes] = []

    async def describe(self, target: str) -> Message:
        """The stream's description; answers a login challenge once."""
        return await self.ask(
            Message(f"DESCRIBE {self._login.authority + target} RTSP/1.0", [("Accept", "application/sdp")])
        )

    async def ask(self, request: Message) -> Message:
        """The good answer to a request; a login challenge is answered once.

        Interleaved frames that come before the answer are put by in `early`.

        Raises:
            RecorderError: what the status of a bad answer means, `TooSlow`, `NoVideoPort`, `AccessRefused`.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                for _ in range(3):
                    carried = self._credentials is not None
                    await self.send(request)
                    answer = await self._answer()
                    if answer.status != UNAUTHORIZED:
                        return checked(answer)
                    self.take_challenge(answer, carried=carried)
        except TimeoutError as error:
            raise TooSlow("the recorder's video port answers too slowly") from error
        except (OSError, EOFError) as error:
            raise NoVideoPort("the recorder closed its video port") from error
        raise self._login.guard.reject("rtsp")

    async def _answer(self) -> Message:
        while True:
            first = await self.reader.readexactly(1)
            if first[0] == INTERLEAVED:
                self.early.append(await rest_of_frame(self.reader))
                continue
            message = await read_message(self.reader, first)
            if message.first_line.startswith("RTSP/"):
                return message

    async def send(self, request: Message) -> int:
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

    def take_challenge(self, answer: Message, *, carried: bool) -> None:
        """Get ready to answer a 401; raises when it was the login that was rejected."""
        challenge = best_challenge(answer.all("www-authenticate"))
        if carried and (challenge is None or not (challenge.stale or self._used_up(challenge))):
            raise self._login.guard.reject("rtsp")
        if challenge is None:
            raise AccessRefused("the video port wants a login of a kind that we cannot give")
        self._credentials = Credentials(self._login.username, self._login.password, challenge)

    def _used_up(self, challenge: Challenge) -> bool:
        """Whether a nonce that was taken before is what is refused, by a device that takes each once only."""
        known = self._credentials
        return known is not None and known.used > 1 and challenge.nonce != known.challenge.nonce

    async def aclose(self) -> None:
        """Close the connection."""
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


async def rest_of_frame(reader: asyncio.StreamReader) -> bytes:
    """Channel, length and payload of an interleaved frame (RFC 2326, 10.12)."""
    head = await reader.readexactly(3)
    return head + await reader.readexactly(int.from_bytes(head[1:3], "big"))


async def read_message(reader: asyncio.StreamReader, first: bytes = b"") -> Message:
    """The next request or answer; `first` is what was read of it already."""
    try:
        head = first + await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise BadAnswer("the recorder does not speak proper RTSP") from error
    lines = head.decode("utf-8", "replace").strip("\r\n").split("\r\n")
    headers = []
    for line in lines[1:]:
        key, _, value = line.partition(":")
        headers.append((key.strip(), value.strip()))
    message = Message(lines[0], headers)
    length = message.get("content-length") or "0"
    if length.isdigit() and 0 < int(length) <= LIMIT_BYTES:
        message.body = await reader.readexactly(int(length))
    return message


def checked(answer: Message) -> Message:
    """The same answer if it is a good one; raises what its status means otherwise."""
    if answer.status == _OK:
        return answer
    kind = _BY_STATUS.get(answer.status, BadAnswer)
    raise kind(f"the recorder's video port answered {answer.status}")
