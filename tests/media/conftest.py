"""Small pictures and videos, made once."""

import io
import re
import struct
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from PIL import Image

HIKVISION_ENVELOPE = b"\x00\x00\x00\x40IMKH" + bytes(56)


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


def dav(annex_b: bytes) -> bytes:
    """H.264 in Dahua's container as libavformat/dhav.c reads it: header, extensions, frame, trailer."""
    units = [unit for unit in re.split(rb"(?=\x00\x00\x00\x01\x09)", annex_b) if unit]
    out = b""
    for number, unit in enumerate(units):
        is_key = b"\x00\x00\x00\x01\x67" in unit
        extensions = bytes((0x80, 0, 320 // 8, 180 // 8)) + bytes((0x81, 0, 2, 10)) if is_key else b""
        length = 24 + len(extensions) + len(unit) + 8
        at_second, at_milli = divmod(number * 100, 1000)
        # 26 bits of date and time: year since 2000, month, day, hour, minute, second
        date = 26 << 26 | 11 << 22 | 23 << 17 | 8 << 12 | 5 << 6 | at_second
        kind = 0xFD if is_key else 0xFC
        head = struct.pack(
            "<4sBBBBIIIHBB", b"DHAV", kind, 0, 1, 0, number, length, date, at_milli, len(extensions), 0
        )
        out += head + extensions + unit + b"dhav" + struct.pack("<I", length)
    return out


def ffmpeg(*arguments: str) -> None:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-nostdin", "-loglevel", "error", "-y", *arguments], check=True)  # noqa: S603 - our own arguments


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small files: 8 s, 10 frames/s, a key frame every 2 s, 4 s red then 4 s blue, in several containers."""
    folder = tmp_path_factory.mktemp("videos")
    size = "320x180"
    red_blue = (
        f"color=red:s={size}:r=10:d=4[a];color=blue:s={size}:r=10:d=4[b];[a][b]concat,noise=alls=9:allf=t"
    )
    plain = str(folder / "plain.mp4")
    x264 = (
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p",
        "-g",
        "20",
        "-sc_threshold",
        "0",
    )
    sound = ("-f", "lavfi", "-i", "sine=d=8")
    ffmpeg("-filter_complex", red_blue, *x264, plain)
    ffmpeg("-i", plain, *sound, "-c:v", "copy", "-c:a", "aac", "-shortest", str(folder / "sound.mp4"))
    hevc = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hev1")
    ffmpeg("-i", plain, "-t", "1", *hevc, str(folder / "hevc.mp4"))
    annex_b = ("-i", plain, "-c", "copy", "-bsf:v", "h264_mp4toannexb,h264_metadata=aud=insert")
    ffmpeg(*annex_b, "-f", "vob", str(folder / "plain.ps"))
    (folder / "hikvision.ps").write_bytes(HIKVISION_ENVELOPE + (folder / "plain.ps").read_bytes())
    ffmpeg("-i", plain, "-c", "copy", "-f", "mpegts", str(folder / "plain.ts"))
    ffmpeg(
        "-i",
        plain,
        "-c",
        "copy",
        "-bsf:v",
        "h264_mp4toannexb,h264_metadata=aud=insert",
        "-f",
        "h264",
        str(folder / "plain.h264"),
    )
    (folder / "dahua.dav").write_bytes(dav((folder / "plain.h264").read_bytes()))
    (folder / "late.dav").write_bytes(b"\x00junk" * 30 + (folder / "dahua.dav").read_bytes())
    ffmpeg(*sound, str(folder / "only-sound.mp4"))
    return folder
