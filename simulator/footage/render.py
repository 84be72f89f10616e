"""What a camera sees at an instant."""

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image

from simulator.footage.code import strip
from simulator.footage.osd import burn_in
from simulator.footage.view import View

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_JPEG_QUALITY = 88


def frame(view: View, at: datetime, size: tuple[int, int] = (1280, 720)) -> Image.Image:
    """The picture of one camera.

    Args:
        view: the camera.
        at: an aware time; people move several times a second.
        size: width and height in pixels, 16:9.

    Returns:
        An RGB picture with the camera's name, the local wall clock and the code strip in it.
    """
    picture = Image.new("RGB", size, (120, 150, 180))
    burn_in(picture, view.name, at.astimezone(_ZONE))
    picture.paste(strip(view.number, int(at.timestamp()), *size), (0, 0))
    return picture


def snapshot(view: View, at: datetime, size: tuple[int, int] = (1280, 720)) -> bytes:
    """The same picture as a JPEG file."""
    buffer = BytesIO()
    frame(view, at, size).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()
