"""What a camera sees at an instant."""

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image

from simulator.footage.canvas import HEIGHT
from simulator.footage.code import strip
from simulator.footage.crowd import people_at
from simulator.footage.light import light_at
from simulator.footage.osd import burn_in
from simulator.footage.people import cut_out, stepped
from simulator.footage.scenes.backdrop import backdrop
from simulator.footage.view import View

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_JPEG_QUALITY = 88
_FEET = 192 / 200  # where a cut-out's feet are


def frame(view: View, at: datetime, size: tuple[int, int] = (1280, 720)) -> Image.Image:
    """The picture of one camera.

    Args:
        view: the camera.
        at: an aware time; people move several times a second.
        size: width and height in pixels, 16:9.

    Returns:
        An RGB picture with the camera's name, the local wall clock and the code strip in it.
    """
    local = at.astimezone(_ZONE)
    light = light_at(local)
    picture = backdrop(view, light, size).copy()
    scale = size[1] / HEIGHT
    for presence in people_at(view, local):
        person = cut_out(presence.figure, stepped(presence.height * scale), light)
        left = round(presence.x * scale - person.width / 2)
        picture.paste(person, (left, round(presence.y * scale - person.height * _FEET)), person)
    burn_in(picture, view.name, local)
    picture.paste(strip(view.number, int(at.timestamp()), *size), (0, 0))
    return picture


def snapshot(view: View, at: datetime, size: tuple[int, int] = (1280, 720)) -> bytes:
    """The same picture as a JPEG file."""
    buffer = BytesIO()
    frame(view, at, size).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()
