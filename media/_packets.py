"""The table of packets of a video stream, read from ffmpeg's `framecrc` output.

Source: the format is that of libavformat/framecrcenc.c and framehash.c, `#name: value` lines, then one line a
packet: `stream, dts, pts, duration, size, checksum[, F=flags][, side data]`. A key frame carries no `F=`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final, Self

_NO_TIME: Final = -(2**63)
_HEADER: Final = re.compile(r"#(\w+) 0: (\S+)")


@dataclass(frozen=True, slots=True)
class Packet:
    """One coded picture; its times are in units of the stream's time base."""

    shown_at: int
    lasts: int
    size_bytes: int
    is_key: bool


@dataclass(frozen=True, slots=True)
class Packets:
    """All packets of one stream in the order of the file, and what the stream is."""

    codec: str
    width_px: int
    height_px: int
    time_base: Fraction
    packets: Sequence[Packet]

    @classmethod
    def parse(cls, table: bytes) -> Self:
        """Read a table of one stream.

        Raises:
            ValueError: it is none, or a table without packets.
        """
        text = table.decode("ascii", "replace")
        header = dict(_HEADER.findall(text))
        packets = [_packet(line) for line in text.splitlines() if line.startswith("0,")]
        if not packets or not {"codec_id", "dimensions", "tb"} <= header.keys():
            raise ValueError("There are no packets of a video stream.")
        width, height = header["dimensions"].split("x")
        return cls(header["codec_id"], int(width), int(height), Fraction(header["tb"]), packets)

    @property
    def duration(self) -> timedelta:
        """From the first picture to the end of the last."""
        first = min(packet.shown_at for packet in self.packets)
        last = max(packet.shown_at + packet.lasts for packet in self.packets)
        return timedelta(seconds=float((last - first) * self.time_base))


def _packet(line: str) -> Packet:
    _, dts, pts, lasts, size, _, *rest = (field.strip() for field in line.split(","))
    shown_at = int(dts) if int(pts) == _NO_TIME else int(pts)
    return Packet(shown_at, int(lasts), int(size), not any(field.startswith("F=") for field in rest))
