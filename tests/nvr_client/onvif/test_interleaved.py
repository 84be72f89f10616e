"""Packets and messages out of the bytes of an RTSP connection, however these are cut."""

import asyncio
from contextlib import suppress

import pytest

from nvr_client._vendors.onvif.interleaved import Interleaved, Packet
from nvr_client.errors import BadAnswer
from nvr_client.rtsp_wire import LIMIT_BYTES, Message

ANSWER = b"RTSP/1.0 200 OK\r\nCSeq: 5\r\nContent-Length: 4\r\n\r\n$$$$"
SENT = b"$\x00\x00\x03one" + ANSWER + b"$\x01\x00\x00" + b"$\x00\x01\x2c" + b"x" * 300


class OneByOne(asyncio.StreamReader):
    """Gives few bytes a read, as a slow line does."""

    async def read(self, n: int = -1) -> bytes:
        return await super().read(min(n, 7))


@pytest.mark.parametrize("kind", [asyncio.StreamReader, OneByOne])
async def test_packets_and_answers_come_whole_and_in_order(kind: type[asyncio.StreamReader]) -> None:
    reader = kind()
    reader.feed_data(SENT)
    reader.feed_eof()
    incoming = Interleaved(reader)
    found: list[Packet | Message] = []
    with suppress(EOFError):
        while True:
            found += await incoming.more()
    first, answer, empty, long = found
    assert (first, empty, long) == ((0, b"one"), (1, b""), (0, b"x" * 300))
    assert isinstance(answer, Message)
    assert (answer.status, answer.body) == (200, b"$$$$")


async def test_what_is_no_rtsp_ends_before_it_fills_the_memory() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b"<html>" * (LIMIT_BYTES // 5))
    with pytest.raises(BadAnswer):
        await Interleaved(reader).more()
