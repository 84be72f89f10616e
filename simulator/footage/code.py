"""The strip of black and white blocks along the top edge: which camera, which second.

Sixty blocks over the whole width: a start mark, 8 bits of camera number, 32 bits of Unix second, a CRC-16
and an end mark. Blocks are wide, so that they outlive H.264, JPEG and a picture scaled to 640 pixels; the
strip is at the top because the product writes along the bottom.
"""

from binascii import crc_hqx
from datetime import UTC, datetime
from functools import lru_cache

from PIL import Image

_CELLS = 60
_START, _END = "10", "01"
_BLACK, _WHITE = 16, 235
_STRIP_HEIGHT = 0.018  # of the picture's height
_LEAST_CONTRAST = 60


def _checksum(number: int, second: int) -> int:
    return crc_hqx(bytes([number]) + second.to_bytes(4, "big"), 0xFFFF)


@lru_cache(maxsize=64)
def strip(number: int, second: int, width: int, height: int) -> Image.Image:
    """The strip for a picture of `width` x `height` pixels: mode RGB, to be pasted at (0, 0).

    Args:
        number: camera number, 0 to 255.
        second: Unix time, whole seconds.
        width: the picture's width in pixels.
        height: the picture's height in pixels.
    """
    bits = f"{_START}{number:08b}{second:032b}{_checksum(number, second):016b}{_END}"
    cells = Image.frombytes("L", (_CELLS, 1), bytes(_WHITE if bit == "1" else _BLACK for bit in bits))
    strip_height = max(4, round(height * _STRIP_HEIGHT))
    return cells.resize((width, strip_height), Image.Resampling.NEAREST).convert("RGB")


def read_code(image: Image.Image) -> tuple[int, datetime] | None:
    """The camera number and the second (aware UTC) that a frame carries; None where there is no whole code.

    Works on any size from about 640 pixels width, after JPEG and H.264, and with text along the bottom edge.
    """
    width, height = image.size
    top, bottom = height * _STRIP_HEIGHT * 0.25, height * _STRIP_HEIGHT * 0.75
    if bottom - top < 1 or width < _CELLS:
        return None
    cells = (
        image.convert("L")
        .resize((_CELLS * 3, 1), Image.Resampling.BOX, box=(0, top, width, bottom))
        .tobytes()[1::3]
    )  # the middle third of each block, away from its edges
    darkest, brightest = min(cells), max(cells)
    if brightest - darkest < _LEAST_CONTRAST:
        return None
    middle = (darkest + brightest) / 2
    bits = "".join("1" if cell > middle else "0" for cell in cells)
    number, second, checksum = int(bits[2:10], 2), int(bits[10:42], 2), int(bits[42:58], 2)
    if bits[:2] != _START or bits[58:] != _END or checksum != _checksum(number, second):
        return None
    return number, datetime.fromtimestamp(second, UTC)
