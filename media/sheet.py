"""Several pictures in one: the contact sheet of all cameras, and a few stills of one span.

Both are laid out for a phone held upright, where a chat shows a picture about 400 points wide.
"""

import asyncio
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from media.errors import NotAPicture
from media.lettering import REGULAR, SEMIBOLD, font, shortened, wrapped
from media.pictures import Size, Stamp, bar_height_px, decode, draw_stamp, encode

_TILE: Final = Size(480, 270)
"""A quarter of 1080p in each direction, which a JPEG decoder delivers without scaling afterwards."""

_GAP_PX: Final = 20
_CAPTION_PX: Final = 33
_CAPTION_LINE_PX: Final = 42
_CAPTION_LINES: Final = 2
_TITLE_PX: Final = 56
_PAPER: Final = (246, 248, 250)
_INK: Final = (15, 23, 42)
_GREY: Final = (203, 210, 219)
_GREY_INK: Final = (71, 85, 105)
_NIGHT: Final = (15, 23, 42)

_SAME_SHAPE: Final = 0.02  # 854 x 480 counts as 16:9, rather than leaving a dark line at its edge

_STRIP_WIDTH_PX: Final = 1280
_STRIP_GAP_PX: Final = 8


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture made small for the sheet; what is inside matters to this module only."""

    image: Image.Image


@dataclass(frozen=True, slots=True)
class Tile:
    """One camera on the sheet.

    Attributes:
        caption: written below the picture, at most two lines, such as `C01 Cổng chính`.
        picture: a JPEG or PNG, or what `thumbnail` made of it; None where there is none.
        note: a few words on the grey tile that stands for a missing or broken picture.
    """

    caption: str
    picture: bytes | Thumbnail | None
    note: str = ""


async def thumbnail(data: bytes) -> Thumbnail:
    """Make one picture small while others are still being fetched, so that the sheet is soon ready.

    Args:
        data: a JPEG or PNG.

    Raises:
        NotAPicture: it is neither, or broken.
    """
    return Thumbnail(await asyncio.to_thread(_fitted, data, _TILE))


async def contact_sheet(tiles: Sequence[Tile], title: str, stamp: Stamp | None = None) -> bytes:
    """All cameras in one picture: three columns on an upright phone for up to thirty-odd cameras.

    Args:
        tiles: in reading order, at least one. A picture that cannot be decoded becomes a grey tile.
        title: one line above, such as `Tất cả camera · 08:05 · 23/11/2026`.
        stamp: who looked, drawn over the pictures and into a bar of its own below them.

    Returns:
        A JPEG; thirty tiles make about 1520 x 3900 pixels.

    Raises:
        ValueError: there are no tiles.
    """
    if not tiles:
        raise ValueError("A contact sheet needs at least one tile.")
    pictures = await asyncio.gather(*map(_small, tiles))
    return await asyncio.to_thread(_sheet, tuple(tiles), pictures, title, stamp)


async def strip(stills: Sequence[bytes], captions: Sequence[str]) -> bytes:
    """A few stills of one span in one picture: two a row; of an odd number, the first takes a whole row.

    Args:
        stills: JPEG or PNG pictures in order of time, at least one.
        captions: as many, each drawn into the corner of its still, such as `09:05:00`.

    Returns:
        A JPEG, 1280 pixels wide.

    Raises:
        NotAPicture: one of the stills is none.
        ValueError: there are no stills, or not as many captions.
    """
    if not stills or len(stills) != len(captions):
        raise ValueError("A strip needs at least one still and a caption for each.")
    return await asyncio.to_thread(_strip, tuple(stills), tuple(captions))


async def _small(tile: Tile) -> Image.Image:
    if isinstance(tile.picture, Thumbnail):
        return tile.picture.image
    if tile.picture is not None:
        with suppress(NotAPicture):
            return (await thumbnail(tile.picture)).image
    return await asyncio.to_thread(_grey, tile.note)


def _sheet(
    tiles: tuple[Tile, ...], pictures: Sequence[Image.Image], title: str, stamp: Stamp | None
) -> bytes:
    columns = _columns(len(tiles))
    letters = font(SEMIBOLD, _CAPTION_PX)
    captions = [wrapped(tile.caption, letters, _TILE.width, _CAPTION_LINES) for tile in tiles]
    rows = [range(first, min(first + columns, len(tiles))) for first in range(0, len(tiles), columns)]
    row_heights = [
        _TILE.height + _CAPTION_LINE_PX * max(len(captions[number]) for number in row) + _GAP_PX * 3 // 2
        for row in rows
    ]
    title_height = _TITLE_PX * 2
    width = columns * (_TILE.width + _GAP_PX) + _GAP_PX
    height = title_height + sum(row_heights)
    bar_height = bar_height_px(Size(width, height)) if stamp else 0
    page = Image.new("RGB", (width, height + bar_height), _PAPER)
    draw = ImageDraw.Draw(page)
    title_letters = font(SEMIBOLD, _TITLE_PX)
    heading = shortened(title, title_letters, width - 2 * _GAP_PX)
    draw.text((_GAP_PX, title_height / 2), heading, font=title_letters, fill=_INK, anchor="lm")
    top = title_height
    for row, row_height in zip(rows, row_heights, strict=True):
        for column, number in enumerate(row):
            left = _GAP_PX + column * (_TILE.width + _GAP_PX)
            page.paste(pictures[number], (left, top))
            for line_number, line in enumerate(captions[number]):
                middle = top + _TILE.height + _CAPTION_LINE_PX * (line_number + 0.5) + _GAP_PX / 4
                draw.text((left, middle), line, font=letters, fill=_INK, anchor="lm")
        top += row_height
    if stamp:
        draw_stamp(page, stamp)
    return encode(page)


def _columns(count: int) -> int:
    """As upright as a phone: 1, 2 or 3 columns; from 37 tiles on, more."""
    if count <= 2:  # noqa: PLR2004 - one or two pictures are shown large
        return 1
    if count <= 6:  # noqa: PLR2004 - two columns of up to three
        return 2
    return max(3, math.ceil(math.sqrt(count / 4)))


def _grey(note: str) -> Image.Image:
    ground = Image.new("RGB", (_TILE.width, _TILE.height), _GREY)
    draw = ImageDraw.Draw(ground)
    letters = font(REGULAR, _CAPTION_PX)
    lines = wrapped(note, letters, _TILE.width - 2 * _GAP_PX, 3)
    top = _TILE.height / 2 - _CAPTION_LINE_PX * len(lines) / 2
    for number, line in enumerate(lines):
        middle = top + _CAPTION_LINE_PX * (number + 0.5)
        draw.text((_TILE.width / 2, middle), line, font=letters, fill=_GREY_INK, anchor="mm")
    return ground


def _fitted(data: bytes, box: Size) -> Image.Image:
    """The whole picture inside the box, on a dark ground where its shape differs."""
    picture = decode(data, smallest=box)
    if picture.size == (box.width, box.height):
        return picture
    if abs(picture.width * box.height / (picture.height * box.width) - 1) < _SAME_SHAPE:
        return picture.resize((box.width, box.height), Image.Resampling.BILINEAR)
    scaled = ImageOps.contain(picture, (box.width, box.height), Image.Resampling.BILINEAR)
    ground = Image.new("RGB", (box.width, box.height), _NIGHT)
    ground.paste(scaled, ((box.width - scaled.width) // 2, (box.height - scaled.height) // 2))
    return ground


def _strip(stills: tuple[bytes, ...], captions: tuple[str, ...]) -> bytes:
    boxes = list(_strip_boxes(len(stills)))
    last_left, last_top, last_size = boxes[-1]
    page = Image.new("RGB", (last_left + last_size.width, last_top + last_size.height), _PAPER)
    for still, caption, (left, top, size) in zip(stills, captions, boxes, strict=True):
        picture = _fitted(still, size)
        _label(picture, caption)
        page.paste(picture, (left, top))
    return encode(page)


def _strip_boxes(count: int) -> Iterator[tuple[int, int, Size]]:
    """Left, top and size of each still."""
    large = Size(_STRIP_WIDTH_PX, _STRIP_WIDTH_PX * 9 // 16)
    small_width = (_STRIP_WIDTH_PX - _STRIP_GAP_PX) // 2
    small = Size(small_width, small_width * 9 // 16)
    top = 0
    if count % 2:
        yield 0, 0, large
        top = large.height + _STRIP_GAP_PX
    for number in range(count - count % 2):
        row, column = divmod(number, 2)
        yield column * (small.width + _STRIP_GAP_PX), top + row * (small.height + _STRIP_GAP_PX), small


def _label(picture: Image.Image, caption: str) -> None:
    letters = font(SEMIBOLD, 40)
    padding = 14
    text = shortened(caption, letters, picture.width - 4 * padding)
    box = Size(math.ceil(letters.getlength(text)) + 2 * padding, 60)
    corner = (padding, picture.height - box.height - padding)
    mask = Image.new("L", (box.width, box.height))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, box.width - 1, box.height - 1), radius=12, fill=190)
    picture.paste(_NIGHT, corner, mask)
    place = (corner[0] + padding, corner[1] + box.height / 2)
    ImageDraw.Draw(picture).text(place, text, font=letters, fill=(255, 255, 255), anchor="lm")
