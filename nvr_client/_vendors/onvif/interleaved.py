"""What comes over an RTSP connection while it plays, many packets a read (RFC 2326, 10.12).

A replay is thousands of packets a second; waiting for each of them alone costs more than all the rest.
"""

import asyncio
import re

from nvr_client.errors import BadAnswer
from nvr_client.rtsp_wire import INTERLEAVED, LIMIT_BYTES, Message, read_message

READ_BYTES = 256 * 1024
_HEAD_BYTES = 4
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)

Packet = tuple[int, bytes]
"""Interleaved channel and payload."""


class Interleaved:
    """Splits what a connection sends into packets and RTSP messages."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._rest = b""

    async def more(self) -> list[Packet | Message]:
        """What has come since, at least one thing.

        Raises:
            EOFError: the connection is closed.
            BadAnswer: it is not RTSP any more.
        """
        while True:
            data = await self._reader.read(READ_BYTES)
            if not data:
                raise EOFError
            found, used = await _split(self._rest + data if self._rest else data)
            self._rest = (self._rest + data)[used:] if self._rest else data[used:]
            if found:
                return found
            if len(self._rest) > LIMIT_BYTES:
                raise BadAnswer("the recorder does not speak proper RTSP")


async def _split(data: bytes) -> tuple[list[Packet | Message], int]:
    """Everything that is whole in `data`, and how many bytes that is."""
    found: list[Packet | Message] = []
    position, size = 0, len(data)
    while position + _HEAD_BYTES <= size:
        if data[position] == INTERLEAVED:
            end = position + _HEAD_BYTES + (data[position + 2] << 8 | data[position + 3])
            if end > size:
                break
            found.append((data[position + 1], data[position + _HEAD_BYTES : end]))
        else:
            end = _message_end(data, position)
            if not 0 < end <= size:
                break
            found.append(await _message(data[position:end]))
        position = end
    return found, position


def _message_end(data: bytes, position: int) -> int:
    """Where an RTSP message ends; 0 where its head is not whole yet."""
    head = data.find(b"\r\n\r\n", position)
    if head == -1:
        return 0
    length = _LENGTH.search(data, position, head)
    return head + 4 + (int(length[1]) if length else 0)


async def _message(data: bytes) -> Message:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return await read_message(reader)
