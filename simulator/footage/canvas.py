"""Drawing a flat illustration in units of a 1280 x 720 picture, whatever its size in pixels.

Everything is drawn at twice the size and scaled down once, which is what makes edges smooth: those of
Pillow's own lines and polygons are not.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Point = tuple[float, float]
Colour = str | tuple[int, int, int, int]
"""`#rrggbb`, or red, green, blue, alpha where the ground shall show through."""

WIDTH, HEIGHT = 1280, 720

_OVERSAMPLING = 2
_FONT = Path(__file__).resolve().parents[2] / "media" / "fonts" / "BeVietnamPro-SemiBold.ttf"


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


class Canvas:
    """A picture being painted.

    Args:
        size: width and height of the finished picture in pixels.
        units: how many units it is wide.
    """

    def __init__(self, size: tuple[int, int], units: float = WIDTH) -> None:
        self._size = size
        self._scale = size[0] * _OVERSAMPLING / units
        self._image = Image.new("RGB", (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING))
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def finish(self) -> Image.Image:
        """The picture in its own size."""
        return self._image.resize(self._size, Image.Resampling.BOX)

    def polygon(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled shape."""
        self._draw.polygon([self._at(point) for point in points], fill=fill)

    def rect(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None:
        """A filled rectangle, its corners rounded by `radius`."""
        if width <= 0 or height <= 0:
            return
        k = self._scale
        box = (x * k, y * k, (x + width) * k - 1, (y + height) * k - 1)
        if box[2] < box[0] or box[3] < box[1]:
            return
        if radius:
            self._draw.rounded_rectangle(box, radius * k, fill=fill)
        else:
            self._draw.rectangle(box, fill=fill)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """A filled ellipse around (x, y)."""
        k = self._scale
        self._draw.ellipse(((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=fill)

    def ring(self, x: float, y: float, radius: float, fill: Colour, width: float) -> None:
        """A circle's line."""
        k = self._scale
        box = ((x - radius) * k, (y - radius) * k, (x + radius) * k, (y + radius) * k)
        self._draw.ellipse(box, outline=fill, width=max(1, round(width * k)))

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A line through points, with round joints."""
        pixels = max(1, round(width * self._scale))
        self._draw.line([self._at(point) for point in points], fill=fill, width=pixels, joint="curve")

    def gradient(self, y: float, height: float, top: str, bottom: str) -> None:
        """A full-width band fading from one colour to another."""
        k = self._scale
        box = (0, round(y * k), self._image.width, round((y + height) * k))
        ramp = Image.linear_gradient("L").resize((self._image.width, max(1, box[3] - box[1])))
        ground = Image.new("RGB", ramp.size, top)
        ground.paste(bottom, (0, 0, *ramp.size), ramp)
        self._image.paste(ground, box[:2])

    def shadow(self, points: Sequence[Point], strength: int = 70, blur: float = 8) -> None:
        """A soft shadow in the shape of a polygon; `strength` of 255, `blur` in units."""
        self._soft(points, "#1d2a44", strength, blur)

    def glow(self, points: Sequence[Point], strength: int = 60, blur: float = 20) -> None:
        """Soft light in the shape of a polygon."""
        self._soft(points, "#fff6d8", strength, blur)

    def text(self, x: float, y: float, words: str, size: float, fill: Colour) -> None:
        """Words centred on (x, y), `size` units high."""
        font = _font(max(6, round(size * self._scale)))
        self._draw.text(self._at((x, y)), words, font=font, fill=fill, anchor="mm")

    def _soft(self, points: Sequence[Point], colour: str, strength: int, blur: float) -> None:
        # Blurred at a quarter of the size: nobody sees the difference, and it is many times quicker.
        small = 4
        k = self._scale / small
        mask = Image.new("L", (self._image.width // small, self._image.height // small))
        ImageDraw.Draw(mask).polygon([(x * k, y * k) for x, y in points], fill=strength)
        mask = mask.filter(ImageFilter.GaussianBlur(blur * k))
        box = mask.getbbox()
        if box is None:
            return
        mask = mask.crop(box).resize(((box[2] - box[0]) * small, (box[3] - box[1]) * small))
        left, top = box[0] * small, box[1] * small
        self._image.paste(colour, (left, top, left + mask.width, top + mask.height), mask)

    def _at(self, point: Point) -> Point:
        return point[0] * self._scale, point[1] * self._scale


def mix(first: str, second: str, share: float) -> str:
    """`first` with `share` (0 to 1) of `second` in it."""
    a = [int(first[i : i + 2], 16) for i in (1, 3, 5)]
    b = [int(second[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))
