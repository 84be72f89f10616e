"""What footage files are and how long they play, told from their bytes.

Hikvision sends MPEG-PS, bare or behind an `IMKH` header, which may itself stand in a 64-byte envelope, and on
some devices a real MP4 (observed on DS-9632NI-M8, DS-7616NXI-K2).
"""

_PACK = b"\x00\x00\x01\xba"
_VIDEO = b"\x00\x00\x01\xe0"
_CLOCK_HZ = 90_000
_WRAP = 1 << 33
_JUMP = 10 * _CLOCK_HZ
_HEADER_BYTES = 14
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


class PlayedTime:
    """Measures how long an MPEG-PS stream plays, while its bytes pass by.

    Sums the progress of the presentation times of the video packets. They start anew at file borders, jump
    over gaps, and step back where frames are reordered: such steps count for nothing.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._last: int | None = None
        self._ticks = 0

    @property
    def seconds(self) -> float | None:
        """Seconds of video so far; None where no time stamps were seen."""
        return None if self._last is None else self._ticks / _CLOCK_HZ

    def feed(self, data: bytes) -> None:
        """Look at the next bytes of the stream."""
        data = self._rest + data
        position = data.find(_VIDEO)
        while position != -1 and position + _HEADER_BYTES <= len(data):
            stamp = _presentation_time(data[position + 4 : position + _HEADER_BYTES])
            if stamp is not None:
                self._advance(stamp)
            position = data.find(_VIDEO, position + 4)
        self._rest = data[position:] if position != -1 else data[-3:]

    def _advance(self, stamp: int) -> None:
        step = 0 if self._last is None else (stamp - self._last) % _WRAP
        if step < _JUMP:
            self._ticks += step
            self._last = stamp
        elif _WRAP - step > _JUMP:
            self._last = stamp


def _presentation_time(header: bytes) -> int | None:
    """The PTS in a packet header after its start code (ISO 13818-1, 2.4.3.7)."""
    if header[2] & 0xC0 != 0x80 or not header[3] & 0x80:  # noqa: PLR2004 - the standard's marker bits
        return None
    stamp = header[5:10]
    return (
        (stamp[0] >> 1 & 0x07) << 30 | stamp[1] << 22 | (stamp[2] >> 1) << 15 | stamp[3] << 7 | stamp[4] >> 1
    )
