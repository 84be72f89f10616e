"""Footage in DHAV frames, and the wall clock in each of them.

Layout after FFmpeg's libavformat/dhav.c. Downloads were seen to begin with some 10 KB of something else, of
varying length, that confuses players: everything outside frames is dropped.
"""

import struct
from dataclasses import dataclass
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


@dataclass(slots=True)
class _Open:
    """A frame whose end has not come yet: what its head says, how much is missing, and what is there."""

    kind: int
    date: int
    counter: int
    missing: int
    parts: list[memoryview]


class DavReader:
    """Passes whole frames on and remembers the times that they carry, as naive digits of the device.

    Attributes:
        first: the first frame of the piece that is being read; None before it.
        earliest: the first frame that was passed on, of any piece; None before it.
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
        self.earliest: datetime | None = None
        self._until = 0
        self._rest = b""
        self._open: _Open | None = None
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
        self._open = None
        self._junk_bytes = 0
        self._date = self._date if resumed else 0
        self._known = self._last_kept

    def feed(self, data: bytes) -> list[memoryview]:
        """The next bytes of an answer; gives what belongs into the file, without copying it.

        Raises:
            BadAnswer: this is no DAV.
        """
        if self._rest:
            data, self._rest = self._rest + data, b""
        view = memoryview(data)
        kept: list[memoryview] = []
        begin = position = self._go_on(view, kept)
        size = len(data)
        while size - position >= _HEAD.size:
            magic, kind, _, _, _, _, length, date, counter = _HEAD.unpack_from(data, position)
            if magic != MAGIC or not _LEAST_FRAME_BYTES <= length <= MOST_FRAME_BYTES:
                _keep(kept, view, begin, position)
                begin = position = self._pass_over(data, position)
            elif position + length > size:
                self._open = _Open(kind, date, counter, length - (size - position), [view[position:]])
                break
            else:
                if not self._belongs(kind, date, counter):
                    _keep(kept, view, begin, position)
                    begin = position + length
                position += length
        _keep(kept, view, begin, position)
        if self._open is None:
            self._rest = data[position:]
        return kept

    def _go_on(self, view: memoryview, kept: list[memoryview]) -> int:
        """Add to the frame that the bytes before left open; gives where the next one begins."""
        if self._open is None:
            return 0
        taken = min(self._open.missing, len(view))
        self._open.parts.append(view[:taken])
        self._open.missing -= taken
        if not self._open.missing:
            if self._belongs(self._open.kind, self._open.date, self._open.counter):
                kept += self._open.parts
            self._open = None
        return taken

    def _pass_over(self, data: bytes, position: int) -> int:
        """Where the next frame may begin, after something that is none."""
        found = data.find(MAGIC, position + 1)
        following = found if found != -1 else len(data) - len(MAGIC) + 1
        self._junk_bytes += following - position
        if self._junk_bytes > MOST_JUNK_BYTES:
            raise BadAnswer("the recorder sent something that is no footage")
        return following

    def _belongs(self, kind: int, date: int, counter: int) -> bool:
        """Learn from a whole frame; whether it belongs into the file."""
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
        if self.earliest is None:
            self.earliest = shown
        if self.last is None or shown > self.last:
            self.last = shown


def _keep(kept: list[memoryview], view: memoryview, begin: int, end: int) -> None:
    if end > begin:
        kept.append(view[begin:end])


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
