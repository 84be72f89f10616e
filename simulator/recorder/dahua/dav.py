"""H.264 or H.265 in DHAV frames, the way a Dahua recorder hands out footage.

Layout after FFmpeg's libavformat/dhav.c: `DHAV`, type, three bytes of channel, frame number, length of the
whole frame, date in bits, a 16-bit millisecond counter, length of the extension, checksum; the extension with
codec and size before each key frame; Annex B; `dhav` and the length again.
"""

import struct
from datetime import datetime

from simulator.footage.stream import FRAMES_PER_SECOND, VIDEO_SIZE, Codec, Second

_KEY_FRAME, _OTHER_FRAME = 0xFD, 0xFC
_CODECS: dict[Codec, int] = {"H264": 0x08, "H265": 0x0C}
_HEADER = struct.Struct("<4sBBBBIIIHB")
_TRAILER = struct.Struct("<4sI")


def junk(size_bytes: int) -> bytes:
    """Bytes as they stand before the first frame of some answers; no `DHAV` is among them."""
    return bytes(number * 151 % 251 for number in range(size_bytes))


def pack_second(second: Second, shown: datetime, channel: int, index: int, codec: Codec = "H264") -> bytes:
    """One second of footage.

    Args:
        second: its access units, the first of them a key frame.
        shown: what the device's clock shows in this second.
        channel: 0-based.
        index: number of the second, from which frames are numbered, in 32 bits.
        codec: what the access units are.
    """
    out = bytearray()
    for number, unit in enumerate(second):
        milliseconds = int(shown.timestamp()) * 1000 + number * 1000 // FRAMES_PER_SECOND
        out += _frame(
            unit,
            codec=codec if number == 0 else None,
            channel=channel,
            number=index * FRAMES_PER_SECOND + number & 0xFFFFFFFF,
            date=date_bits(shown),
            counter=milliseconds & 0xFFFF,
        )
    return bytes(out)


def date_bits(shown: datetime) -> int:
    """The digits of a wall clock in 32 bits."""
    return (
        shown.second
        | shown.minute << 6
        | shown.hour << 12
        | shown.day << 17
        | shown.month << 22
        | (shown.year - 2000) << 26
    )


def _frame(unit: bytes, *, codec: Codec | None, channel: int, number: int, date: int, counter: int) -> bytes:
    """One frame; a key frame is one that names its codec."""
    extension = b""
    if codec:
        width, height = VIDEO_SIZE
        extension = bytes([0x81, 0, _CODECS[codec], FRAMES_PER_SECOND]) + bytes([0x82, 0, 0, 0])
        extension += struct.pack("<HH", width, height)
    length = _HEADER.size + 1 + len(extension) + len(unit) + _TRAILER.size
    kind = _KEY_FRAME if codec else _OTHER_FRAME
    header = _HEADER.pack(b"DHAV", kind, 0, channel, 0, number, length, date, counter, len(extension))
    checksum = bytes([sum(header) & 0xFF])
    return header + checksum + extension + unit + _TRAILER.pack(b"dhav", length)
