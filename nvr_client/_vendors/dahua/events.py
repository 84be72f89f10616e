"""The event manager: an endless multipart answer of `Code=VideoLoss;action=Start;index=3` and heartbeats.

Source: the CGI's eventManager. `index` counts from nought and is a disk's where the code is about a disk.
What follows `;data=` is JSON over several lines and is not needed. A network camera that is gone shows as
video loss of its channel.
"""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from datetime import UTC, datetime

from nvr_client._vendors.dahua.cgi import Cgi, path_of
from nvr_client.errors import NotSupported
from nvr_client.events import Changes, endless, ends
from nvr_client.protocol import EventKind, RecorderEvent
from nvr_client.settings import Now
from nvr_client.transport import whole

HEARTBEAT_SECONDS = 5
SILENCE_SECONDS = 20.0
"""No heartbeat for so long: four of them are missing."""

_KINDS = {
    "VideoLoss": EventKind.VIDEO_LOSS,
    "VideoBlind": EventKind.TAMPER,
    "StorageNotExist": EventKind.DISK_ERROR,
    "StorageFailure": EventKind.DISK_ERROR,
    "StorageLowSpace": EventKind.DISK_FULL,
}
EVENTS = path_of("eventManager", "attach", codes=f"[{','.join(_KINDS)}]", heartbeat=HEARTBEAT_SECONDS)
_OF_CAMERAS = frozenset({EventKind.VIDEO_LOSS, EventKind.TAMPER})
_ACTIVE = {"Start": True, "Pulse": True, "Stop": False}
_LENGTH = re.compile(rb"content-length:[ \t]*(\d+)", re.IGNORECASE)
_NEXT_PART = re.compile(rb"\r?\n--[^\r\n]")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_PART_LIMIT_BYTES = 256 * 1024
_EVENT = re.compile(rb"\s*Code=(\w+);\s*action=(\w+);\s*index=(\d+)")


class Parts:
    """Cuts the stream into the bodies of its parts: by their lengths, or where the next one begins."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The bodies that are whole now."""
        self._buffer += chunk
        while (cut := self._cut()) is not None:
            begin, end = cut
            yield bytes(self._buffer[begin:end])
            del self._buffer[:end]
        if len(self._buffer) > _PART_LIMIT_BYTES:
            self._buffer.clear()

    def _cut(self) -> tuple[int, int] | None:
        """Where the body of the first part begins and ends, once it is whole."""
        start = self._buffer.find(b"--")
        head = _HEAD_END.search(self._buffer, max(start, 0))
        if start < 0 or head is None:
            return None
        length = _LENGTH.search(self._buffer, start, head.start() + 1)
        if length is None:
            following = _NEXT_PART.search(self._buffer, head.end())
            return None if following is None else (head.end(), following.start())
        end = head.end() + int(length[1])
        return (head.end(), end) if end <= len(self._buffer) else None


def read_part(body: bytes, at: datetime) -> RecorderEvent | None:
    """What a part says; None for a heartbeat and for anything that we do not watch."""
    match = _EVENT.match(body)
    if match is None:
        return None
    code, action = match[1].decode("ascii", "replace"), match[2].decode("ascii", "replace")
    kind = _KINDS.get(code)
    if kind is None or action not in _ACTIVE:
        return None
    channel = int(match[3]) + 1 if kind in _OF_CAMERAS else None
    return RecorderEvent(kind, channel, _ACTIVE[action], at)


async def events(cgi: Cgi, now: Now) -> AsyncGenerator[RecorderEvent, None]:
    """See `NvrClient.events`."""
    changes, parts = Changes(), Parts()
    async with cgi.transport.open("GET", EVENTS, read_seconds=SILENCE_SECONDS) as response:
        if ends(response):
            cgi.check(await whole(response))
            raise NotSupported("the recorder has no event stream")
        async with aclosing(endless(response)) as chunks:
            async for chunk in chunks:
                for body in parts.feed(chunk):
                    event = read_part(body, now().astimezone(UTC))
                    if event is not None and changes.is_news(event):
                        yield event
