"""Looking on while we talk to a recorder: what was asked over HTTP and what was answered, as it comes in.

Off unless `RecorderSettings.observer` is set. Request headers are never told, so no login is. Pictures and
videos are told by how they begin; nobody who looks on keeps them.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import aiohttp

KEPT_BYTES = 1024 * 1024
KEPT_BINARY_BYTES = 64
_TEXT = ("text/", "application/xml", "application/soap+xml", "application/json")


@dataclass(slots=True)
class Exchange:
    """One request and its answer; `body` and `size_bytes` grow while the answer is read.

    Attributes:
        method: HTTP's.
        target: path and query, as sent.
        sent: the body that was sent.
        status: the answer's.
        headers: the answer's, names in small letters.
        milliseconds: from sending until the answer's headers were there.
        body: how the answer begins: at most 1 MiB of text, 64 bytes of anything else.
        size_bytes: how much of the answer was read.
    """

    method: str
    target: str
    sent: bytes
    status: int
    headers: Mapping[str, str]
    milliseconds: int
    body: bytearray = field(default_factory=bytearray)
    size_bytes: int = 0

    @property
    def is_text(self) -> bool:
        """Whether the answer calls itself text."""
        return self.headers.get("content-type", "").lower().startswith(_TEXT)

    def read(self, data: bytes) -> None:
        """More of the answer has come in."""
        limit = KEPT_BYTES if self.is_text else KEPT_BINARY_BYTES
        self.size_bytes += len(data)
        self.body += data[: max(limit - len(self.body), 0)]


Observer = Callable[[Exchange], None]
"""Told of every answer when its headers are there. Must be quick."""


def watch(
    observer: Observer | None,
    response: aiohttp.ClientResponse,
    method: str,
    target: str,
    sent: bytes | None,
    seconds: float,
) -> None:
    """Tell the observer of an answer, and go on telling it what is read of it."""
    if observer is None:
        return
    exchange = Exchange(
        method=method,
        target=target,
        sent=sent or b"",
        status=response.status,
        headers={name.lower(): value for name, value in response.headers.items()},
        milliseconds=round(seconds * 1000),
    )
    response.content = cast("aiohttp.StreamReader", _Overheard(response.content, exchange))
    observer(exchange)


class _Overheard:
    """An answer's body that tells what is read of it; everything else is the body's own."""

    def __init__(self, content: aiohttp.StreamReader, exchange: Exchange) -> None:
        self._content = content
        self._exchange = exchange

    def __getattr__(self, name: str) -> object:
        return getattr(self._content, name)

    async def read(self, n: int = -1) -> bytes:
        data = await self._content.read(n)
        self._exchange.read(data)
        return data

    async def iter_any(self) -> AsyncIterator[bytes]:
        async for data in self._content.iter_any():
            self._exchange.read(data)
            yield data
