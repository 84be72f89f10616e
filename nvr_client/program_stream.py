"""Video frames as an MPEG program stream (ISO/IEC 13818-1, 2.5): the simplest file that carries their times.

One pack a frame, a stream map before every key frame, and packets of at most 64 KiB, the first of a frame
with its presentation time. Frames are copied as they are.
"""

from datetime import timedelta
from typing import Literal

Codec = Literal["H264", "H265"]

_TICKS = 90_000
_MUX_RATE = 0x3FFFFF  # the most; how fast it was recorded is not known
_VIDEO_ID = 0xE0
_MOST_PAYLOAD = 65_000
_TYPES: dict[str, int] = {"H264": 0x1B, "H265": 0x24}
_WRAP = 1 << 33


class ProgramStream:
    """Writes the frames of one camera."""

    def __init__(self, codec: Codec) -> None:
        self._map = _stream_map(_TYPES[codec])

    def frame(self, data: bytes, at: timedelta, *, key: bool) -> bytes:
        """One frame.

        Args:
            data: its units with start codes (Annex B), in decoding order.
            at: when it is shown, counted from the first frame.
            key: whether decoding may begin with it.
        """
        ticks = round(at / timedelta(seconds=1) * _TICKS) % _WRAP
        parts = [_pack_header(ticks)]
        if key:
            parts.append(self._map)
        for begin in range(0, len(data), _MOST_PAYLOAD):
            payload = data[begin : begin + _MOST_PAYLOAD]
            header = b"\x80\x00\x00" if begin else b"\x80\x80\x05" + _stamp(ticks)
            size = (len(header) + len(payload)).to_bytes(2, "big")
            parts += [b"\x00\x00\x01", bytes([_VIDEO_ID]), size, header, payload]
        return b"".join(parts)


def _pack_header(ticks: int) -> bytes:
    bits = 0b01 << 46 | 1 << 42 | 1 << 26 | 1 << 10 | 1
    bits |= (ticks >> 30 & 0x7) << 43 | (ticks >> 15 & 0x7FFF) << 27 | (ticks & 0x7FFF) << 11
    return (
        b"\x00\x00\x01\xba" + bits.to_bytes(6, "big") + (_MUX_RATE << 2 | 0b11).to_bytes(3, "big") + b"\xf8"
    )


def _stamp(ticks: int) -> bytes:
    bits = 0b0010 << 36 | 1 << 32 | 1 << 16 | 1
    bits |= (ticks >> 30 & 0x7) << 33 | (ticks >> 15 & 0x7FFF) << 17 | (ticks & 0x7FFF) << 1
    return bits.to_bytes(5, "big")


def _stream_map(kind: int) -> bytes:
    body = b"\xe0\xff\x00\x00\x00\x04" + bytes([kind, _VIDEO_ID, 0, 0])
    head = b"\x00\x00\x01\xbc" + (len(body) + 4).to_bytes(2, "big") + body
    return head + _checksum(head).to_bytes(4, "big")


def _checksum(block: bytes) -> int:
    """CRC-32 as in annex A of the standard."""
    rest = 0xFFFFFFFF
    for byte in block:
        rest ^= byte << 24
        for _ in range(8):
            rest = (rest << 1 ^ 0x04C11DB7 if rest & 0x80000000 else rest << 1) & 0xFFFFFFFF
    return rest
