"""How bright and how coloured a picture is at an hour."""

from datetime import datetime
from enum import Enum, auto
from functools import lru_cache

from PIL import Image, ImageChops, ImageEnhance, ImageFilter


class Light(Enum):
    """What the camera works with; at night its infrared lamps, so grey."""

    DAY = auto()
    LOW_SUN = auto()
    INFRARED = auto()


def light_at(local: datetime) -> Light:
    """The light at a local time; the sun of Hà Nội, the same all year."""
    minute = local.hour * 60 + local.minute
    if minute < 5 * 60 + 40 or minute >= 18 * 60 + 15:
        return Light.INFRARED
    if minute < 6 * 60 + 30 or minute >= 17 * 60 + 15:
        return Light.LOW_SUN
    return Light.DAY


@lru_cache(maxsize=4)
def _lamp(size: tuple[int, int]) -> Image.Image:
    """The round pool of infrared light: bright in the middle, dark in the corners."""
    small = Image.new("L", (64, 36), 96)
    small.paste(255, (10, 8, 54, 36))
    return small.filter(ImageFilter.GaussianBlur(9)).resize(size, Image.Resampling.BICUBIC)


def relight(picture: Image.Image, light: Light, *, whole: bool) -> Image.Image:
    """A picture (RGB or RGBA) under a light; `whole` also darkens the corners at night."""
    if light is Light.DAY:
        return picture
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB")
    if light is Light.LOW_SUN:
        changed = ImageChops.multiply(colours, Image.new("RGB", colours.size, (255, 226, 196)))
    else:
        grey = ImageEnhance.Contrast(colours.convert("L")).enhance(0.85).point(lambda value: value * 0.78)
        if whole:
            grey = ImageChops.multiply(grey, _lamp(grey.size))
        changed = Image.merge("RGB", (grey, grey.point(lambda value: min(255, value * 1.02)), grey))
    if alpha is not None:
        changed.putalpha(alpha)
    return changed
