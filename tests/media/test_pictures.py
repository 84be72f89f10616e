"""A picture is checked to be one; a stamp tells what it shows, when, and who looked."""

import asyncio
import io
import struct
import unicodedata
import zlib

import pytest
from PIL import Image, ImageChops

from media.errors import NotAPicture
from media.pictures import Size, Stamp, check_picture, stamp

WORDS = Stamp("C01 · Cổng chính", "08:05:12 · 23/11/2026", "Nguyễn Văn Sơn", "AN-2026-3310")
SUBPICTURES = [(x, y, x + 960, y + 540) for x in (0, 480, 960) for y in (0, 240, 480)]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def strongest_change(before: Image.Image, after: Image.Image, box: tuple[int, int, int, int]) -> int:
    change = ImageChops.difference(before.crop(box), after.crop(box)).convert("L")
    return int(change.getextrema()[1])  # type: ignore[arg-type]  # one band gives one pair of numbers


async def test_a_whole_jpeg_and_a_whole_png_are_pictures(gate_jpeg: bytes, gate_png: bytes) -> None:
    assert await check_picture(gate_jpeg) == Size(1920, 1080)
    assert await check_picture(gate_png) == Size(320, 180)


@pytest.mark.parametrize("kept", [0, 2, 100, 20_000, -3])
async def test_a_jpeg_that_was_cut_short_is_no_picture(gate_jpeg: bytes, kept: int) -> None:
    await check_picture(gate_jpeg)
    with pytest.raises(NotAPicture):
        await check_picture(gate_jpeg[:kept])
    with pytest.raises(NotAPicture):
        await stamp(gate_jpeg[:kept], WORDS)


async def test_a_png_that_was_cut_short_or_damaged_is_no_picture(gate_png: bytes) -> None:
    damaged = bytearray(gate_png)
    damaged[len(damaged) // 2] ^= 0xFF
    await check_picture(gate_png)
    for broken in (gate_png[: len(gate_png) // 2], bytes(damaged)):
        with pytest.raises(NotAPicture):
            await check_picture(broken)


@pytest.mark.parametrize(
    "answer",
    [
        b"<ResponseStatus><statusCode>4</statusCode></ResponseStatus>",
        b"GIF89a" + bytes(40),
        b"\xff\xd8\xff\xd9",
    ],
)
async def test_other_answers_of_a_recorder_are_no_pictures(answer: bytes) -> None:
    with pytest.raises(NotAPicture):
        await check_picture(answer)


async def test_a_small_file_that_claims_to_be_a_huge_picture_is_refused_undecoded() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    claim = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(NotAPicture):
        await check_picture(claim)


@pytest.mark.parametrize("padding", [bytes(16), bytes(5000), b"\r\n--boundary--\r\n"])
async def test_what_a_camera_adds_after_the_picture_does_no_harm(gate_jpeg: bytes, padding: bytes) -> None:
    assert await check_picture(gate_jpeg + padding) == Size(1920, 1080)
    assert await check_picture(await stamp(gate_jpeg + padding, WORDS)) == Size(1920, 1080)


async def test_the_preview_inside_a_cut_picture_does_not_pass_for_its_end(gate_jpeg: bytes) -> None:
    preview = io.BytesIO()
    Image.new("RGB", (160, 90)).save(preview, "JPEG")
    comment = b"\xff\xe1" + (len(preview.getvalue()) + 2).to_bytes(2, "big") + preview.getvalue()
    with_preview = gate_jpeg[:2] + comment + gate_jpeg[2:]
    assert await check_picture(with_preview) == Size(1920, 1080)
    with pytest.raises(NotAPicture):
        await check_picture(with_preview[:-3])


async def test_a_stamped_picture_is_a_jpeg_of_the_same_size(gate_jpeg: bytes, gate_png: bytes) -> None:
    for data, size in ((gate_jpeg, (1920, 1080)), (gate_png, (320, 180))):
        picture = Image.open(io.BytesIO(await stamp(data, WORDS)))
        assert (picture.format, picture.size) == ("JPEG", size)


async def test_the_stamp_fills_a_bar_along_the_bottom_and_hides_little_above_it(gate_jpeg: bytes) -> None:
    before, after = opened(gate_jpeg), opened(await stamp(gate_jpeg, WORDS))
    changed = ImageChops.difference(before, after).convert("L").point([0] * 25 + [255] * 231)
    above = changed.crop((0, 0, 1920, 1020)).histogram()[255] / (1920 * 1020)
    assert strongest_change(before, after, (0, 1030, 300, 1080)) > 120
    assert strongest_change(before, after, (1600, 1030, 1920, 1080)) > 120
    assert 0 < above < 0.05


@pytest.mark.parametrize("box", SUBPICTURES)
async def test_any_quarter_cut_out_of_a_stamped_picture_still_carries_marks(
    box: tuple[int, int, int, int],
) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (1920, 1080), (90, 90, 90)).save(blank, "JPEG", quality=95)
    before, after = opened(blank.getvalue()), opened(await stamp(blank.getvalue(), WORDS))
    assert strongest_change(before, after, box) > 20


async def test_the_viewer_and_the_code_make_a_different_picture_each(gate_jpeg: bytes) -> None:
    first = await stamp(gate_jpeg, WORDS)
    assert first == await stamp(gate_jpeg, WORDS)
    for other in (
        Stamp(WORDS.camera, WORDS.time, "Hòa", WORDS.code),
        Stamp(WORDS.camera, WORDS.time, WORDS.viewer, "AN-2026-3311"),
        Stamp(WORDS.camera, "08:05:13 · 23/11/2026", WORDS.viewer, WORDS.code),
        Stamp("C02 · Cổng phụ", WORDS.time, WORDS.viewer, WORDS.code),
    ):
        assert first != await stamp(gate_jpeg, other)


async def test_decomposed_vietnamese_is_drawn_like_composed(gate_png: bytes) -> None:
    decomposed = Stamp(
        *(unicodedata.normalize("NFD", text) for text in (WORDS.camera, WORDS.time, WORDS.viewer, WORDS.code))
    )
    assert decomposed != WORDS
    assert await stamp(gate_png, decomposed) == await stamp(gate_png, WORDS)


@pytest.mark.parametrize("size", [(1, 1), (16, 9), (64, 400), (704, 576), (3840, 2160)])
async def test_any_size_and_overlong_words_can_be_stamped(size: tuple[int, int]) -> None:
    plain = io.BytesIO()
    Image.new("L", size).save(plain, "JPEG")
    words = Stamp(
        "C14 Hành lang tầng 2 nhà B " * 9, "09:05:00 · 20/11/2026", "Nguyễn\nThị Hằng " * 20, "AN-1"
    )
    assert await check_picture(await stamp(plain.getvalue(), words)) == Size(*size)


async def test_many_pictures_can_be_stamped_at_once(gate_jpeg: bytes) -> None:
    alone = await stamp(gate_jpeg, WORDS)
    together = await asyncio.gather(*(stamp(gate_jpeg, WORDS) for _ in range(8)))
    assert together == [alone] * 8
