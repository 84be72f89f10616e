"""Footage in DHAV frames, and the wall clock in each of them.

Layout after FFmpeg's libavformat/dhav.c. Downloads were seen to begin with some 10 KB of something else, of
varying length, that confuses players: everything outside frames is dropped.
"""

import struct
from datetime import datetime, timedelta

from nvr_client.errors import BadAnswer
from nvr_client.spans import SEAM

MAGIC = b"DHAV"
MOST_JUNK_BYTES = 1024 * 1024
MOST_FRAME_BYTES = 32 * 1024 * 1024
_HEAD = struct.Struct("<4sBBBBIIIH")
_LEAST_FRAME_BYTES = 32
_VIDEO = frozenset({0xFC, 0xFD})
_AUDIO = 0xF0
_HALF_COUNTER = 0x8000


class DavReader:
    """Passes whole frames on and remembers the times that they carry, as naive digits of the device.

    Attributes:
        first: the first frame of the piece that is being read; None before it.
        last: the last frame so far, of any piece; None before it.
        holes: interruptions of more than five seconds within pieces: last frame before, first one after.
        frames: video frames of the piece that were not there already.
        ended: a frame of the piece showed its end or later; such frames are dropped.
    """

    def __init__(self) -> None:
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.holes: list[tuple[datetime, datetime]] = []
        self.frames = 0
        self.ended = False
        self._until = 0
        self._rest = b""
        self._junk_bytes = 0
        self._date = 0
        self._last_kept: tuple[int, int] | None = None
        self._known: tuple[int, int] | None = None

    def begin_piece(self, until: datetime, *, resumed: bool = False) -> None:
        """Another answer begins: frames that the ones before had already are dropped, half a frame as well.

        Args:
            until: what the device's clock shows at the end of the piece.
            resumed: it goes on with the same footage, so that an interruption between them is a hole.
        """
        self.first = None
        self.frames = 0
        self.ended = False
        self._until = _bits(until)
        self._rest = b""
        self._junk_bytes = 0
        self._date = self._date if resumed else 0
        self._known = self._last_kept

    def feed(self, data: bytes) -> list[bytes]:
        """The next bytes of an answer; gives what belongs into the file.

        Raises:
            BadAnswer: this is no DAV.
        """
        data = self._rest + data
        kept: list[bytes] = []
        begin = position = 0
        while len(data) - position >= _HEAD.size:
            length = _frame_length(data, position)
            if length is None:
                self._keep(kept, data, begin, position)
                found = data.find(MAGIC, position + 1)
                following = found if found != -1 else len(data) - len(MAGIC) + 1
                self._junk_bytes += following - position
                if self._junk_bytes > MOST_JUNK_BYTES:
                    raise BadAnswer("the recorder sent something that is no footage")
                begin = position = following
            elif position + length > len(data):
                break
            else:
                if not self._look_at(data, position):
                    self._keep(kept, data, begin, position)
                    begin = position + length
                position += length
        self._keep(kept, data, begin, position)
        self._rest = data[position:]
        return kept

    @staticmethod
    def _keep(kept: list[bytes], data: bytes, begin: int, end: int) -> None:
        if end > begin:
            kept.append(data[begin:end])

    def _look_at(self, data: bytes, position: int) -> bool:
        """Learn from the frame at `position`; whether it belongs into the file."""
        _, kind, _, _, _, _, _, date, counter = _HEAD.unpack_from(data, position)
        stamp = (date, counter)
        dated = kind in _VIDEO or kind == _AUDIO
        if dated and self._known is not None and _not_after(stamp, self._known):
            return False
        if dated and self._until and date >= self._until:
            self.ended = True
            return False
        if kind in _VIDEO:
            self.frames += 1
            self._last_kept = stamp
            if date != self._date:
                self._passed(date)
        return True

    def _passed(self, date: int) -> None:
        shown = _read(date)
        if shown is None:
            return
        if self._date and self.last is not None and shown - self.last > SEAM + timedelta(seconds=1):
            self.holes.append((self.last, shown))
        self._date = date
        if self.first is None:
            self.first = shown
        if self.last is None or shown > self.last:
            self.last = shown


def _frame_length(data: bytes, position: int) -> int | None:
    """The length of the frame that begins at `position`; None where none does."""
    magic, _, _, _, _, _, length, _, _ = _HEAD.unpack_from(data, position)
    if magic != MAGIC or not _LEAST_FRAME_BYTES <= length <= MOST_FRAME_BYTES:
        return None
    return int(length)


def _not_after(stamp: tuple[int, int], known: tuple[int, int]) -> bool:
    """Whether a frame was there already; in one second the millisecond counter tells, which wraps."""
    if stamp[0] != known[0]:
        return stamp[0] < known[0]
    ahead = (stamp[1] - known[1]) & 0xFFFF
    return ahead == 0 or ahead > _HALF_COUNTER


def _bits(shown: datetime) -> int:
    """A date as it stands in a frame; greater is later."""
    day = (shown.year - 2000) << 26 | shown.month << 22 | shown.day << 17
    return day | shown.hour << 12 | shown.minute << 6 | shown.second


def _read(date: int) -> datetime | None:
    """The digits in a frame's date; None where they are none."""
    try:
        return datetime(  # noqa: DTZ001 - digits of the device's wall clock, which has no zone
            2000 + (date >> 26),
            date >> 22 & 15,
            date >> 17 & 31,
            date >> 12 & 31,
            date >> 6 & 63,
            date & 63,
        )
    except ValueError:
        return None
