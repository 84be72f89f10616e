"""Small pictures, made once."""

import io

import pytest
from PIL import Image


def encoded(picture: Image.Image, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=90)
    return out.getvalue()


def scenery(width: int, height: int) -> Image.Image:
    """Soft light with some detail, so that its JPEG is about as heavy as a camera's."""
    light = Image.radial_gradient("L").resize((width, height))
    grain = Image.effect_noise((width, height), 20)
    return Image.merge("RGB", (light, Image.blend(light, grain, 0.2), grain))


@pytest.fixture(scope="session")
def gate_jpeg() -> bytes:
    return encoded(scenery(1920, 1080))


@pytest.fixture(scope="session")
def gate_png() -> bytes:
    return encoded(scenery(320, 180), "PNG")
