"""Single still pictures: is it one, and who looked at it.

The functions that decode do so in a thread, so that the event loop stays free; they share no state.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageChops, UnidentifiedImageError

from media.errors import NotAPicture
from media.lettering import REGULAR, SEMIBOLD, drawn_line, font, one_line, shortened

MAX_PIXELS: Final = 40_000_000
"""Larger pictures are refused before they are decoded: no camera makes them (4K has 8.3 million)."""

_FORMATS: Final = ("JPEG", "PNG")
_END_OF_JPEG: Final = b"\xff\xd9"
_START_OF_SCAN: Final = b"\xff\xda"
# Pillow reports a broken PNG as SyntaxError, a broken JPEG as OSError, odd headers as ValueError.
_BROKEN: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
)
_JPEG_QUALITY: Final = 80
_WHITE: Final = (255, 255, 255)
_INK: Final = (12, 18, 24)
_MUTED: Final = (203, 213, 225)
_BAR_OPACITY: Final = 168
_REPEAT_OPACITIES: Final = [level * 56 // 255 for level in range(256)]
_REPEAT_ANGLE_DEGREES: Final = 16
_SMALLEST_BAR_PX: Final = 24


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is drawn on a picture, in words ready to be read: nothing is translated or formatted here.

    Attributes:
        camera: code and name, such as `C01 · Cổng chính`.
        time: the exact time, such as `08:05:12 · 23/11/2026`.
        viewer: the name of the person for whom the picture was made.
        code: the code under which the viewing is logged, such as `AN-2026-3310`.
    """

    camera: str
    time: str
    viewer: str
    code: str


async def check_picture(data: bytes) -> Size:
    """Decode `data` completely, to know that it is one whole JPEG or PNG.

    `stamp` checks the same on the way; call this only for pictures that are not stamped.

    Args:
        data: the bytes as a camera or a person sent them.

    Returns:
        The size of the picture.

    Raises:
        NotAPicture: it is something else, broken, cut short, or larger than `MAX_PIXELS`.
    """
    return await asyncio.to_thread(_checked, data)


async def stamp(data: bytes, words: Stamp) -> bytes:
    """Draw on a picture what it shows, when, and who looked at it.

    A bar along the bottom names camera, time, viewer and code; viewer, time and code are repeated faintly
    across the picture, so that a cut-out still tells who took it away.

    Args:
        data: a JPEG or PNG.
        words: what to draw.

    Returns:
        A JPEG of the same size.

    Raises:
        NotAPicture: as in `check_picture`.
    """
    return await asyncio.to_thread(_stamped, data, words)


def decode(data: bytes, *, smallest: Size | None = None) -> Image.Image:
    """Decode a JPEG or PNG into an RGB picture; takes milliseconds, so call it in a thread.

    Args:
        data: a JPEG or PNG.
        smallest: a JPEG may come out scaled down to 1/2, 1/4 or 1/8, but not smaller than this.

    Returns:
        The picture in RGB.

    Raises:
        NotAPicture: as in `check_picture`.
    """
    picture = _loaded(data, "RGB", smallest)[0]
    return picture if picture.mode == "RGB" else _flattened(picture)


def _checked(data: bytes) -> Size:
    # An eighth of the size: every byte is still read, but little is computed.
    return _loaded(data, "L", Size(1, 1))[1]


def _loaded(data: bytes, mode: str, smallest: Size | None) -> tuple[Image.Image, Size]:
    """The decoded picture, a JPEG maybe scaled down, and its own size."""
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        size = Size(*picture.size)
        if size.width * size.height > MAX_PIXELS:
            raise NotAPicture(f"The picture is larger than {MAX_PIXELS} pixels.")
        if smallest is not None:
            picture.draft(mode, (smallest.width, smallest.height))
        picture.load()
    except _BROKEN as broken:
        raise NotAPicture("The bytes are not a whole JPEG or PNG.") from broken
    if picture.format == "JPEG" and data.rfind(_END_OF_JPEG) < data.rfind(_START_OF_SCAN):
        # libjpeg fills a picture that was cut within its last rows with grey and says nothing.
        raise NotAPicture("The JPEG is cut short.")
    return picture, size


def encode(picture: Image.Image) -> bytes:
    """The picture as a JPEG of the quality that all pictures of this package have."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()


def _flattened(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, (*_WHITE, 255))
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def bar_height_px(size: Size) -> int:
    """How much of a picture of this size the bar of a stamp takes, at its lower edge."""
    share = round(min(size.height * 0.052, size.width * 0.03))
    return min(max(_SMALLEST_BAR_PX, share), size.height)


def draw_stamp(picture: Image.Image, words: Stamp) -> None:
    """Draw a stamp into an RGB picture; takes milliseconds, so call it in a thread."""
    bar_height = bar_height_px(Size(*picture.size))
    strong = font(SEMIBOLD, round(bar_height * 0.48))
    light = font(REGULAR, round(bar_height * 0.42))
    room = picture.width - bar_height  # half a bar is left free at either end
    time = drawn_line(shortened(words.time, strong, room * 0.45), strong)
    camera = drawn_line(shortened(words.camera, strong, room - time.width - bar_height / 2), strong)
    viewer = drawn_line(shortened(f"{one_line(words.viewer)} · {one_line(words.code)}", light, room), light)
    _draw_repeats(picture, (viewer, time))
    _draw_bar(picture, bar_height, camera, viewer, time)


def _stamped(data: bytes, words: Stamp) -> bytes:
    picture = decode(data)
    draw_stamp(picture, words)
    return encode(picture)


def _draw_bar(
    picture: Image.Image, height: int, camera: Image.Image, viewer: Image.Image, time: Image.Image
) -> None:
    top = picture.height - height
    margin = height // 2
    picture.paste(_INK, (0, top), _even_mask(picture.width, height, _BAR_OPACITY))

    def write(line: Image.Image, left: int, colour: tuple[int, int, int]) -> None:
        picture.paste(colour, (left, top + (height - line.height) // 2), line)

    write(camera, margin, _WHITE)
    write(time, picture.width - margin - time.width, _WHITE)
    left, right = 2 * margin + camera.width, picture.width - 2 * margin - time.width
    if right - left >= viewer.width:  # a narrow picture has it in the repeats only
        write(viewer, (left + right - viewer.width) // 2, _MUTED)


def _draw_repeats(picture: Image.Image, lines: Sequence[Image.Image]) -> None:
    tile, mask = _slanted(lines)
    step_x = max(picture.width // 3, tile.width * 5 // 4)
    step_y = max(min(picture.height // 4, picture.width * 9 // 64), tile.height)
    for row, y in enumerate(range(-tile.height // 8, picture.height, step_y)):
        shift = step_x // 2 if row % 2 else 0
        for x in range((step_x - tile.width) // 2 - shift, picture.width, step_x):
            picture.paste(tile, (x, y), mask)


def _slanted(lines: Sequence[Image.Image]) -> tuple[Image.Image, Image.Image]:
    """Lines of text, slanted, and their mask: white with a dark edge, to be seen by day and by night."""
    upright = Image.new("L", (max(line.width for line in lines), sum(line.height for line in lines)))
    top = 0
    for line in lines:
        upright.paste(line, ((upright.width - line.width) // 2, top))
        top += line.height
    white = upright.rotate(_REPEAT_ANGLE_DEGREES, Image.Resampling.BILINEAR, expand=True)
    edge = max(1, lines[0].height // 18)
    both = ImageChops.lighter(white, ImageChops.offset(white, edge, edge))
    return Image.merge("RGB", [white] * 3), both.point(_REPEAT_OPACITIES)


@lru_cache(maxsize=8)
def _even_mask(width: int, height: int, opacity: int) -> Image.Image:
    return Image.new("L", (width, height), opacity)
