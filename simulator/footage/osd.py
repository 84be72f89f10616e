"""What a camera burns into its picture: its name top left, the running clock top right."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONT = Path(__file__).resolve().parents[2] / "media" / "fonts" / "BeVietnamPro-SemiBold.ttf"
_TEXT_HEIGHT = 0.036  # of the picture's height
_MARGIN = 0.02


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


@lru_cache(maxsize=64)
def label(text: str, height: int) -> Image.Image:
    """White text with a dark rim on transparency (RGBA), sized for a picture of `height` pixels."""
    font = _font(max(12, round(height * _TEXT_HEIGHT)))
    rim = max(1, round(height / 360))
    left, top, right, bottom = font.getbbox(text, stroke_width=rim)
    patch = Image.new("RGBA", (int(right - left) + 1, int(bottom - top) + 1), (16, 20, 28, 0))
    ImageDraw.Draw(patch).text(
        (-left, -top),
        text,
        font=font,
        fill=(255, 255, 255, 255),
        stroke_width=rim,
        stroke_fill=(16, 20, 28, 210),
    )
    return patch


def burn_in(picture: Image.Image, name: str, local: datetime) -> None:
    """Write the name and the wall clock, `23-11-2026 08:05:12`, onto an RGB picture."""
    width, height = picture.size
    margin = round(height * _MARGIN)
    top = margin + round(height * 0.022)
    title = label(name, height)
    picture.paste(title, (margin, top), title)
    # The box is as wide as the widest clock, so that the digits do not dance.
    clock = label(f"{local:%d-%m-%Y %H:%M:%S}", height)
    left = width - margin - label("00-00-0000 00:00:00", height).width
    picture.paste(clock, (left, top), clock)
