"""The retention map: one row a camera, one column a day, coloured by how much of the day is kept.

Laid out for a phone held upright, where a chat shows a picture about 400 points wide: three pixels a point.
The colours go from dark blue over light blue to yellow, which people who do not tell red from green see as
dark to light; what is wrong carries a sign as well, so that no meaning hangs on a colour alone.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from PIL import Image, ImageDraw

from media.lettering import REGULAR, SEMIBOLD, font, one_line, shortened, wrapped

WIDTH_PX: Final = 1200
_MARGIN: Final = 24
_ROW: Final = 54
_NAME_WIDTH: Final = 426
_FIGURE_WIDTH: Final = 102
_CELL_GAP: Final = 3
_PAPER: Final = (255, 255, 255)
_INK: Final = (15, 23, 42)
_GREY_INK: Final = (71, 85, 105)
_LINE: Final = (203, 213, 225)
_BLUE: Final = (8, 48, 107)
_MID_BLUE: Final = (55, 125, 185)
_LIGHT_BLUE: Final = (125, 180, 225)
_YELLOW: Final = (253, 212, 71)
_ORANGE: Final = (213, 94, 0)
_GONE: Final = (232, 236, 241)
_WHOLE: Final = 1439 / 1440
_MOST: Final = 1380 / 1440
_HALF: Final = 0.5
_MONDAY: Final = 0
_NAME_SIZES: Final = (32, 30, 28)
_TWO_LINES: Final = 25


class Band(StrEnum):
    """How a camera's figure is shown."""

    RED = "red"
    AMBER = "amber"
    NEW = "new"
    UNKNOWN = "unknown"
    GOOD = "good"


_FIGURE: Final = {
    Band.RED: ((176, 32, 32), (255, 255, 255)),
    Band.AMBER: ((253, 212, 71), _INK),
    Band.NEW: ((219, 234, 254), (29, 78, 216)),
    Band.UNKNOWN: (_GONE, _GREY_INK),
    Band.GOOD: (None, _INK),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One camera.

    Attributes:
        code: such as C05.
        name: such as Sân trường – cột cờ; shortened where it is too long.
        figure: its kept days as they are written, such as 11,0.
        band: how it stands.
        shares: of each day how much is kept, 0 to 1; None where the day is no longer kept.
    """

    code: str
    name: str
    figure: str
    band: Band
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class MapWords:
    """Everything written on the map, in the reader's language."""

    title: str
    subtitle: str
    days: str
    today: str
    limit: str
    whole: str
    most: str
    half: str
    little: str
    nothing: str
    gone: str
    red: str
    amber: str
    new: str


async def retention_map(
    rows: Sequence[Row], days: Sequence[date], words: MapWords, *, keep_days: int
) -> bytes:
    """Draw the map.

    Args:
        rows: the cameras in the order in which they are shown, at least one.
        days: the columns, oldest first; the last one is today.
        words: what is written.
        keep_days: how many whole days back the line of the regulation stands.

    Returns:
        A PNG, 1200 pixels wide; thirty cameras make about 2000 pixels of height.

    Raises:
        ValueError: there are no rows or days, or a row has not as many shares as there are days.
    """
    if not rows or not days or any(len(row.shares) != len(days) for row in rows):
        raise ValueError("A map needs rows and days, and in each row a share for each day.")
    return await asyncio.to_thread(_drawn, tuple(rows), tuple(days), words, keep_days)


def _drawn(rows: tuple[Row, ...], days: tuple[date, ...], words: MapWords, keep_days: int) -> bytes:
    top = 222
    legend_height = 250
    page = Image.new("RGB", (WIDTH_PX, top + _ROW * len(rows) + legend_height), _PAPER)
    sheet = _Sheet(page, days, keep_days, [one_line(row.code) for row in rows])
    sheet.head(words, top)
    for number, row in enumerate(rows):
        sheet.row(row, top + number * _ROW)
    bottom = top + _ROW * len(rows)
    sheet.limit(words.limit, top, bottom)
    sheet.legend(words, bottom + 36)
    out = io.BytesIO()
    page.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Sheet:
    def __init__(
        self, page: Image.Image, days: tuple[date, ...], keep_days: int, codes: Sequence[str]
    ) -> None:
        self._draw = ImageDraw.Draw(page)
        self._days = days
        self._keep_days = keep_days
        self._code_letters = font(SEMIBOLD, 34)
        # Names stand under each other, though the digits of codes differ in width.
        self._names = _MARGIN + max(self._code_letters.getlength(code) for code in codes) + 14
        self._left = _MARGIN + _NAME_WIDTH + _FIGURE_WIDTH + 18
        self._cell = (WIDTH_PX - _MARGIN - self._left) / len(days)

    def head(self, words: MapWords, top: int) -> None:
        title, small = font(SEMIBOLD, 52), font(REGULAR, 33)
        room = WIDTH_PX - 2 * _MARGIN
        self._draw.text(
            (_MARGIN, 50), shortened(words.title, title, room), font=title, fill=_INK, anchor="lm"
        )
        self._draw.text(
            (_MARGIN, 104), shortened(words.subtitle, small, room), font=small, fill=_GREY_INK, anchor="lm"
        )
        letters = font(REGULAR, 30)
        middle = _MARGIN + _NAME_WIDTH + _FIGURE_WIDTH / 2
        self._draw.text((middle, top - 24), words.days, font=letters, fill=_GREY_INK, anchor="mm")
        last = len(self._days) - 1
        reached = WIDTH_PX - _MARGIN - letters.getlength(words.today) - 12
        self._draw.text((WIDTH_PX - _MARGIN, top - 24), words.today, font=letters, fill=_INK, anchor="rm")
        for number, day in enumerate(self._days):
            if day.weekday() != _MONDAY or number == last:
                continue
            left = self._left + number * self._cell
            text = f"{day:%d/%m}"
            right = left + letters.getlength(text)
            if right < reached and not left - 4 < self._limit_at() < right + 4:
                self._draw.text((left, top - 24), text, font=letters, fill=_GREY_INK, anchor="lm")

    def row(self, row: Row, top: float) -> None:
        middle = top + _ROW / 2
        strong = self._code_letters
        self._draw.text((_MARGIN, middle), one_line(row.code), font=strong, fill=_INK, anchor="lm")
        self._name(row.name, self._names, middle, _MARGIN + _NAME_WIDTH - self._names - 12)
        ground, ink = _FIGURE[row.band]
        left = _MARGIN + _NAME_WIDTH
        if ground is not None:
            box = (left, top + 5, left + _FIGURE_WIDTH, top + _ROW - 6)
            self._draw.rounded_rectangle(box, radius=10, fill=ground)
        self._draw.text((left + _FIGURE_WIDTH / 2, middle), row.figure, font=strong, fill=ink, anchor="mm")
        for number, share in enumerate(row.shares):
            self._day(share, self._left + number * self._cell, top)

    def _name(self, name: str, left: float, middle: float, room: float) -> None:
        """A long name in smaller letters, a very long one on two lines: its end tells it from others."""
        for size in _NAME_SIZES:
            letters = font(REGULAR, size)
            if letters.getlength(one_line(name)) <= room:
                self._draw.text((left, middle), one_line(name), font=letters, fill=_INK, anchor="lm")
                return
        letters = font(REGULAR, _TWO_LINES)
        for number, line in enumerate(wrapped(name, letters, room, 2)):
            y = middle + (number - 0.5) * _TWO_LINES
            self._draw.text((left, y), line, font=letters, fill=_INK, anchor="lm")

    def limit(self, words: str, top: int, bottom: int) -> None:
        """The line before the oldest day that the regulation wants kept."""
        x = self._limit_at()
        if x <= self._left:
            return
        letters = font(SEMIBOLD, 30)
        self._draw.line((x, top - 48, x, bottom + 4), fill=_INK, width=4)
        self._draw.text((x, top - 66), words, font=letters, fill=_INK, anchor="lm")

    def _limit_at(self) -> float:
        return self._left + (len(self._days) - 1 - self._keep_days) * self._cell - _CELL_GAP / 2

    def legend(self, words: MapWords, top: float) -> None:
        letters = font(REGULAR, 30)
        samples: tuple[tuple[float | None, str], ...] = (
            (1.0, words.whole),
            (0.97, words.most),
            (0.7, words.half),
            (0.2, words.little),
            (0.0, words.nothing),
            (None, words.gone),
        )
        column = (WIDTH_PX - 2 * _MARGIN) / 3
        for number, (share, text) in enumerate(samples):
            line, place = divmod(number, 3)
            x, y = _MARGIN + place * column, top + line * 62
            self._day(share, x, y, width=42)
            self._draw.text((x + 58, y + _ROW / 2), text, font=letters, fill=_INK, anchor="lm")
        figures = ((Band.RED, words.red), (Band.AMBER, words.amber), (Band.NEW, words.new))
        y = top + 2 * 62 + 8
        for place, (band, text) in enumerate(figures):
            ground, _ink = _FIGURE[band]
            x = _MARGIN + place * column
            self._draw.rounded_rectangle((x, y + 5, x + 42, y + _ROW - 6), radius=10, fill=ground)
            self._draw.text((x + 58, y + _ROW / 2), text, font=letters, fill=_INK, anchor="lm")

    def _day(self, share: float | None, left: float, top: float, *, width: float | None = None) -> None:
        right = left + (width or self._cell) - _CELL_GAP
        box = (round(left), round(top + 4), round(right), round(top + _ROW - 5))
        if share is None:
            middle = top + _ROW / 2
            self._draw.line((box[0] + 8, middle, box[2] - 8, middle), fill=_LINE, width=4)
            return
        if share <= 0:
            self._draw.rectangle(box, fill=_PAPER, outline=_ORANGE, width=4)
            self._draw.line((box[0] + 6, box[1] + 8, box[2] - 6, box[3] - 8), fill=_ORANGE, width=4)
            self._draw.line((box[0] + 6, box[3] - 8, box[2] - 6, box[1] + 8), fill=_ORANGE, width=4)
            return
        self._draw.rectangle(box, fill=_colour(share))


def _colour(share: float) -> tuple[int, int, int]:
    if share >= _WHOLE:
        return _BLUE
    if share >= _MOST:
        return _MID_BLUE
    return _LIGHT_BLUE if share >= _HALF else _YELLOW
