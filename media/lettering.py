"""Letters on pictures: the two fonts, and text made to fit."""

import math
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_FOLDER: Final = Path(__file__).parent / "fonts"
REGULAR: Final = _FOLDER / "BeVietnamPro-Regular.ttf"
SEMIBOLD: Final = _FOLDER / "BeVietnamPro-SemiBold.ttf"
_ELLIPSIS: Final = "…"


@lru_cache(maxsize=32)
def font(face: Path, size_px: int) -> ImageFont.FreeTypeFont:
    """The font of one face (`REGULAR` or `SEMIBOLD`) at a size in pixels, read from disk once."""
    return ImageFont.truetype(face, max(1, size_px))


@lru_cache(maxsize=256)
def drawn_line(text: str, letters: ImageFont.FreeTypeFont) -> Image.Image:
    """One line of text as a mask (mode L, not to be changed), cached because names of cameras come again."""
    mask = Image.new("L", (max(1, math.ceil(letters.getlength(text))), sum(letters.getmetrics())))
    ImageDraw.Draw(mask).text((0, 0), text, font=letters, fill=255)
    return mask


def one_line(text: str) -> str:
    """The text in composed form (NFC) on one line, without control characters."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C")


def shortened(text: str, letters: ImageFont.FreeTypeFont, width_px: float) -> str:
    """The longest beginning of `text` that fits into `width_px`, with an ellipsis where it was cut."""
    text = one_line(text)
    if letters.getlength(text) <= width_px:
        return text
    fits, too_long = 0, len(text)
    while fits + 1 < too_long:
        middle = (fits + too_long) // 2
        if letters.getlength(text[:middle].rstrip() + _ELLIPSIS) <= width_px:
            fits = middle
        else:
            too_long = middle
    return text[:fits].rstrip() + _ELLIPSIS


def wrapped(text: str, letters: ImageFont.FreeTypeFont, width_px: float, max_lines: int) -> tuple[str, ...]:
    """`text` broken between words into at most `max_lines` lines; the last one is shortened if need be."""
    lines: list[str] = []
    words = one_line(text).split(" ")
    while words and len(lines) < max_lines - 1:
        taken = 1
        while taken < len(words) and letters.getlength(" ".join(words[: taken + 1])) <= width_px:
            taken += 1
        lines.append(shortened(" ".join(words[:taken]), letters, width_px))
        words = words[taken:]
    if words:
        lines.append(shortened(" ".join(words), letters, width_px))
    return tuple(lines)
