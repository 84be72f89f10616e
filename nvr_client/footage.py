"""What footage files are and how long they play, told from their bytes.

Hikvision sends MPEG-PS, bare or behind an `IMKH` header, which may itself stand in a 64-byte envelope, and on
some devices a real MP4 (observed on DS-9632NI-M8, DS-7616NXI-K2).
"""

import re
from datetime import timedelta

_PACK = b"\x00\x00\x01\xba"
_ANY_VIDEO = re.compile(rb"\x00\x00\x01[\xe0-\xef]")  # recorders send 0xe0; ffmpeg writes 0xe2 for H.264
_START_CODE_BYTES = 4
_CLOCK_HZ = 90_000
_WRAP = 1 << 33
_JUMP = 10 * _CLOCK_HZ
_LONGEST_GAP = 3600 * _CLOCK_HZ
_HEADER_BYTES = 14
HEAD_BYTES = 4096
STRIDE_BYTES = 16 * 1024
_LEAST_STRIDE_BYTES = 64


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
    over gaps, and step back where frames are reordered: such steps count for nothing. A few time stamps in a
    second are enough, because looking at every byte would cost as much as hashing it: the bytes that are
    skipped between two of them are at most `STRIDE_BYTES`, and fewer where a still picture needs few.
    """

    def __init__(self) -> None:
        self._other: bool | None = None
        self._video: bytes | None = None
        self._rest = b""
        self._tail = b""
        self._fed = 0
        self._looked_to = 0
        self._skip = 0
        self._stride = 0
        self._last: int | None = None
        self._ticks = 0
        self._gap_ticks = 0

    @property
    def gap_seconds(self) -> float:
        """How much longer it is from the first frame to the last, over pauses within the footage."""
        return self._gap_ticks / _CLOCK_HZ

    @property
    def so_far(self) -> timedelta:
        """What was seen to play so far, while bytes still come."""
        return timedelta(seconds=self._ticks / _CLOCK_HZ)

    def seconds(self) -> float | None:
        """Seconds of video so far, without pauses; None where no time stamps were seen."""
        position = max(self._looked_to - (self._fed - len(self._tail)), 0)
        found = self._find(self._tail, position)
        while found != -1:
            self._look_at(self._tail, found)
            found = self._find(self._tail, found + _START_CODE_BYTES)
        self._looked_to = self._fed
        return None if self._last is None else self._ticks / _CLOCK_HZ

    def feed(self, data: bytes | memoryview) -> None:
        """Look at the next bytes of the stream; nothing is done where its first ones are of another kind."""
        if self._other is None:
            self._other = container_of(bytes(data[:HEAD_BYTES])) in {"dav", "mp4"}
        if self._other:
            return
        data = bytes(data)
        self._fed += len(data)
        long = len(data) >= STRIDE_BYTES
        self._tail = data[-STRIDE_BYTES:] if long else (self._tail + data)[-STRIDE_BYTES:]
        data = self._rest + data
        position = self._skip
        found = self._find(data, position)
        while found != -1 and found + _HEADER_BYTES <= len(data):
            self._looked_to = self._fed - len(data) + found + _START_CODE_BYTES
            position = found + (self._look_at(data, found) or _START_CODE_BYTES)
            found = self._find(data, position)
        keep_from = found if found != -1 else max(position, len(data) - _START_CODE_BYTES + 1)
        self._rest = data[keep_from:]
        self._skip = max(position - len(data), 0)

    def _find(self, data: bytes, position: int) -> int:
        """Where the next packet of the first video stream begins; -1 where there is none."""
        if self._video is None:
            first = _ANY_VIDEO.search(data, position)
            if first is None:
                return -1
            self._video = first[0]
        return data.find(self._video, position)

    def _look_at(self, data: bytes, found: int) -> int:
        """Count the packet that begins there; gives how many bytes from there on need no look."""
        stamp = _presentation_time(data[found + 4 : found + _HEADER_BYTES])
        if stamp is None:
            return 0
        self._advance(stamp)
        return self._stride

    def _advance(self, stamp: int) -> None:
        step = 0 if self._last is None else (stamp - self._last) % _WRAP
        if step > _CLOCK_HZ:
            self._stride //= 4
        elif self._last is not None and step < _CLOCK_HZ // 4:
            self._stride = min(max(2 * self._stride, _LEAST_STRIDE_BYTES), STRIDE_BYTES)
        if step < _JUMP:
            self._ticks += step
            self._last = stamp
        elif _WRAP - step > _JUMP:
            self._last = stamp
            self._gap_ticks += step if step < _LONGEST_GAP else 0


def _presentation_time(header: bytes) -> int | None:
    """The PTS in a packet header after its start code (ISO 13818-1, 2.4.3.7)."""
    if len(header) < _HEADER_BYTES - 4 or header[2] & 0xC0 != 0x80 or not header[3] & 0x80:  # noqa: PLR2004 - the standard's marker bits
        return None
    stamp = header[5:10]
    return (
        (stamp[0] >> 1 & 0x07) << 30 | stamp[1] << 22 | (stamp[2] >> 1) << 15 | stamp[3] << 7 | stamp[4] >> 1
    )
