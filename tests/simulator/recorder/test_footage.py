import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image, ImageDraw

from simulator.footage.code import read_code
from simulator.footage.crowd import people_at
from simulator.footage.render import frame, snapshot
from simulator.footage.view import Scene, View
from simulator.recorder import CameraModel, ngoc_lam_cameras
from simulator.recorder.model import SCHOOL_ZONE

MONDAY = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(hours=7)  # midnight in Viet Nam
GATE = View(1, "Cổng chính", Scene.GATE)
BREAK = MONDAY + timedelta(hours=9, minutes=10)
NIGHT = MONDAY + timedelta(hours=23)

Change = Callable[[Image.Image], Image.Image]


def as_jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer)


def to_640(image: Image.Image) -> Image.Image:
    return image.resize((640, 360), Image.Resampling.LANCZOS)


def with_a_line_at_the_bottom(image: Image.Image) -> Image.Image:
    ImageDraw.Draw(image).rectangle((0, image.height * 0.9, image.width, image.height), fill="black")
    return image


@pytest.mark.parametrize("size", [(854, 480), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("change", [as_jpeg, to_640, with_a_line_at_the_bottom, lambda i: as_jpeg(to_640(i))])
def test_the_code_outlives_what_is_done_to_pictures(size: tuple[int, int], change: Change) -> None:
    view = View(217, "Cổng chính", Scene.GATE)
    at = datetime(2026, 11, 23, 1, 5, 12, 750_000, tzinfo=UTC)
    assert read_code(change(frame(view, at, size))) == (217, at.replace(microsecond=0))


def test_a_picture_without_a_whole_code_has_none() -> None:
    picture = frame(GATE, BREAK)
    assert read_code(picture) == (1, BREAK)
    assert read_code(picture.crop((0, 60, 1280, 720))) is None
    assert read_code(Image.new("RGB", (1280, 720), "grey")) is None
    assert read_code(Image.new("RGB", (8, 8), "white")) is None
    ImageDraw.Draw(picture).rectangle((400, 0, 440, 12), fill="white")
    assert read_code(picture) is None


@pytest.mark.parametrize("camera", ngoc_lam_cameras(), ids=lambda camera: camera.code)
def test_every_camera_sees_something_of_its_own_by_day_and_night(camera: CameraModel) -> None:
    by_day, by_night = frame(camera.view, BREAK, (640, 360)), frame(camera.view, NIGHT, (640, 360))
    assert read_code(by_day) == (camera.number, BREAK)
    assert len(by_day.quantize(64).getcolors() or ()) > 30
    red, green, blue = by_night.resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]  # RGB gives a tuple
    assert max(red, green, blue) - min(red, green, blue) < 4
    assert 25 < green < 140


def test_the_same_instant_looks_the_same_and_the_next_one_moves() -> None:
    yard = View(5, "Sân trường – cột cờ", Scene.YARD)
    assert frame(yard, BREAK).tobytes() == frame(yard, BREAK).tobytes()
    quarter = timedelta(milliseconds=250)
    assert frame(yard, BREAK).tobytes() != frame(yard, BREAK + quarter).tobytes()


def test_the_yard_is_full_in_a_break_and_empty_at_night() -> None:

    yard = View(5, "Sân trường – cột cờ", Scene.YARD)

    def people(hour: int, minute: int = 0) -> int:
        return len(people_at(yard, (MONDAY + timedelta(hours=hour, minutes=minute)).astimezone(SCHOOL_ZONE)))

    assert people(9, 12) > 15
    assert people(7, 45) > 40  # flag salute
    assert people(10, 40) < 8
    assert people(23) == 0


def test_a_snapshot_is_a_whole_jpeg() -> None:
    picture = Image.open(io.BytesIO(snapshot(GATE, BREAK, (1920, 1080))))
    picture.load()
    assert (picture.format, picture.size) == ("JPEG", (1920, 1080))
