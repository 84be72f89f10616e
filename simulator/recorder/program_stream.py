"""H.264 wrapped as MPEG program stream, the way a Hikvision recorder hands out footage.

ISO/IEC 13818-1 section 2.5: pack header, program stream map before each key frame, one PES packet per at most
64 kB of an access unit. In front stands the recorder's own 64-byte envelope with the letters IMKH.
"""

from simulator.footage.stream import FRAMES_PER_SECOND, Second

ENVELOPE = b"\x00\x00\x00\x40" + b"IMKH" + b"\x01\x01\x00\x00\x02\x00\x01\x00" + bytes(48)
"""64 bytes before the first pack, as seen on DS-9632NI-M8 (the meaning of most of them is unknown)."""

END = b"\x00\x00\x01\xb9"

_TICKS = 90_000
_MUX_RATE = 50_000  # in units of 50 bytes a second
_VIDEO_ID = 0xE0
_H264 = 0x1B
_MOST_PAYLOAD = 65_000


def pack_second(second: Second, index: int) -> bytes:
    """One second of footage; `index` counts seconds from the beginning of the stream."""
    out = bytearray()
    for number, unit in enumerate(second):
        ticks = (index * FRAMES_PER_SECOND + number) * _TICKS // FRAMES_PER_SECOND
        out += _pack_header(ticks)
        if number == 0:
            out += _STREAM_MAP
        for begin in range(0, len(unit), _MOST_PAYLOAD):
            out += _pes(unit[begin : begin + _MOST_PAYLOAD], ticks if begin == 0 else None)
    return bytes(out)


def _pack_header(clock: int) -> bytes:
    # '01', SCR[32..30], 1, SCR[29..15], 1, SCR[14..0], 1, extension (0), 1
    bits = 0b01 << 46
    bits |= (clock >> 30 & 0x7) << 43 | 1 << 42 | (clock >> 15 & 0x7FFF) << 27 | 1 << 26
    bits |= (clock & 0x7FFF) << 11 | 1 << 10 | 1
    rate = (_MUX_RATE << 2 | 0b11).to_bytes(3, "big")
    return b"\x00\x00\x01\xba" + bits.to_bytes(6, "big") + rate + b"\xf8"


def _crc32_mpeg(block: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in block:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc


def _stream_map() -> bytes:
    streams = bytes([_H264, _VIDEO_ID, 0, 0])
    body = b"\xe0\xff" + b"\x00\x00" + len(streams).to_bytes(2, "big") + streams
    head = b"\x00\x00\x01\xbc" + (len(body) + 4).to_bytes(2, "big") + body
    return head + _crc32_mpeg(head).to_bytes(4, "big")


_STREAM_MAP = _stream_map()


def _pes(payload: bytes, ticks: int | None) -> bytes:
    if ticks is None:
        header = b"\x80\x00\x00"
    else:
        stamp = 0b0010 << 36 | (ticks >> 30 & 0x7) << 33 | 1 << 32
        stamp |= (ticks >> 15 & 0x7FFF) << 17 | 1 << 16 | (ticks & 0x7FFF) << 1 | 1
        header = b"\x80\x80\x05" + stamp.to_bytes(5, "big")
    length = (len(header) + len(payload)).to_bytes(2, "big")
    return b"\x00\x00\x01" + bytes([_VIDEO_ID]) + length + header + payload
