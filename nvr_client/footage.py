"""What footage files are and how long they play, told from their bytes.

Hikvision sends MPEG-PS, bare or behind an `IMKH` header, which may itself stand in a 64-byte envelope, and on
some devices a real MP4 (observed on DS-9632NI-M8, DS-7616NXI-K2).
"""

import mmap
from pathlib import Path

_PACK = b"\x00\x00\x01\xba"
_VIDEO = b"\x00\x00\x01\xe0"
_CLOCK_HZ = 90_000
_WRAP = 1 << 33
_JUMP = 10 * _CLOCK_HZ
HEAD_BYTES = 4096


def container_of(head: bytes) -> str | None:
    """Which container a file that begins so is: "mpeg-ps", "mp4" or "dav"; None for anything else."""
    if head[4:8] in {b"ftyp", b"styp", b"moov", b"mdat", b"free"}:
        return "mp4"
    if head.startswith(b"DHAV"):
        return "dav"
    if head.startswith(b"IMKH") or b"IMKH" in head[:256] or _PACK in head[:HEAD_BYTES]:
        return "mpeg-ps"
    return None


def played_seconds(path: Path) -> float | None:
    """Seconds of video in an MPEG-PS file; None where it has no time stamps.

    Sums the progress of the presentation times of the video packets. They start anew at file borders, jump
    over gaps, and step back where frames are reordered: such steps count for nothing.
    """
    if path.stat().st_size == 0:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        total = 0
        last: int | None = None
        position = data.find(_VIDEO)
        while position != -1 and position + 14 <= len(data):
            stamp = _presentation_time(data[position + 4 : position + 14])
            if stamp is not None:
                step = 0 if last is None else (stamp - last) % _WRAP
                if step < _JUMP:
                    total += step
                    last = stamp
                elif _WRAP - step > _JUMP:
                    last = stamp
            position = data.find(_VIDEO, position + 4)
    return None if last is None else total / _CLOCK_HZ


def _presentation_time(header: bytes) -> int | None:
    """The PTS in a packet header after its start code (ISO 13818-1, 2.4.3.7)."""
    if header[2] & 0xC0 != 0x80 or not header[3] & 0x80:  # noqa: PLR2004 - the standard's marker bits
        return None
    stamp = header[5:10]
    return (
        (stamp[0] >> 1 & 0x07) << 30 | stamp[1] << 22 | (stamp[2] >> 1) << 15 | stamp[3] << 7 | stamp[4] >> 1
    )
