"""All cameras in one picture, and a few stills of one span in one picture."""

import io

import pytest
from PIL import Image

from media.errors import NotAPicture
from media.pictures import Size, Stamp, check_picture
from media.sheet import Tile, contact_sheet, strip, thumbnail

RED, GREEN, BLUE = (200, 0, 0), (0, 160, 0), (0, 0, 200)
COLOURS = (RED, GREEN, BLUE)


def one_colour(colour: tuple[int, int, int], size: tuple[int, int] = (1920, 1080)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def looks_like(data: bytes, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    seen = Image.open(io.BytesIO(data)).convert("RGB").getpixel(at)
    assert isinstance(seen, tuple)
    return all(abs(a - b) < 12 for a, b in zip(seen, colour, strict=True))


def centre_of(number: int, row_height: int = 342) -> tuple[int, int]:
    """The middle of a tile on a sheet of three columns whose captions take one line each."""
    row, column = divmod(number, 3)
    return 20 + column * 500 + 240, 112 + row * row_height + 135


async def test_thirty_cameras_make_an_upright_sheet_with_every_picture_in_its_place() -> None:
    pictures = [one_colour(colour) for colour in COLOURS]
    sheet = await contact_sheet(
        [Tile(f"C{number:02}", pictures[number % 3]) for number in range(30)], "Tất cả camera"
    )
    size = await check_picture(sheet)
    assert 2 < size.height / size.width < 2.8
    for number in (0, 1, 2, 14, 29):
        assert looks_like(sheet, centre_of(number), COLOURS[number % 3]), number


async def test_a_missing_and_a_broken_picture_become_grey_tiles_and_the_others_stay() -> None:
    good = one_colour(RED)
    tiles = [
        Tile("C01 Cổng chính", good),
        Tile("C02 Cổng phụ", None, "mất tín hiệu"),
        Tile("C03 Nhà xe", good[:900], "hỏng"),
        *(Tile(f"C0{number}", good) for number in range(4, 8)),
    ]
    sheet = await contact_sheet(tiles, "Cổng")
    corners = [(x - 200, y - 100) for x, y in map(centre_of, range(3))]
    assert looks_like(sheet, corners[0], RED)
    assert looks_like(sheet, corners[1], (203, 210, 219))
    assert looks_like(sheet, corners[2], (203, 210, 219))
    assert looks_like(sheet, centre_of(3), RED)


async def test_the_reason_is_written_on_the_grey_tile() -> None:
    assert await contact_sheet([Tile("C18", None, "mất tín hiệu")], "") != await contact_sheet(
        [Tile("C18", None, "đang bảo trì")], ""
    )


async def test_a_stamped_sheet_says_who_looked_in_a_bar_below_the_last_row() -> None:
    tiles = [Tile(f"C{number:02}", one_colour(GREEN)) for number in range(9)]
    plain = await contact_sheet(tiles, "Camera")
    stamped = await contact_sheet(
        tiles, "Camera", Stamp("9 camera", "08:05:12 · 23/11/2026", "Sơn", "AN-2026-3310")
    )
    bare, marked = await check_picture(plain), await check_picture(stamped)
    assert (bare.width, bare.height) == (marked.width, marked.height - 46)
    assert not looks_like(stamped, (5, marked.height - 23), (246, 248, 250))
    assert looks_like(stamped, (5, bare.height - 5), (246, 248, 250))


async def test_a_thumbnail_gives_the_same_sheet_as_its_picture(gate_jpeg: bytes) -> None:
    small = await thumbnail(gate_jpeg)
    assert await contact_sheet([Tile("C01", small)], "x") == await contact_sheet(
        [Tile("C01", gate_jpeg)], "x"
    )
    with pytest.raises(NotAPicture):
        await thumbnail(gate_jpeg[:500])


@pytest.mark.parametrize("size", [(704, 576), (640, 480), (2560, 1440), (90, 160), (3, 3)])
async def test_a_picture_of_another_shape_is_shown_whole(size: tuple[int, int]) -> None:
    small = (await thumbnail(one_colour(GREEN, size))).image
    red, green, _ = small.convert("RGB").split()
    assert small.size == (480, 270)
    assert green.point([0] * 100 + [255] * 156).getbbox() is not None
    box = green.point([0] * 100 + [255] * 156).getbbox()
    assert box is not None
    assert abs((box[2] - box[0]) / (box[3] - box[1]) - size[0] / size[1]) < 0.1
    assert red.size == (480, 270)


async def test_a_picture_of_nearly_the_same_shape_fills_its_place() -> None:
    for size in ((854, 480), (1920, 1088)):
        small = (await thumbnail(one_colour(GREEN, size))).image
        lowest = small.convert("RGB").getpixel((240, 269))
        assert isinstance(lowest, tuple)
        assert lowest[1] > 120


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 36, 37, 64])
async def test_any_number_of_cameras_gives_one_picture(count: int) -> None:
    sheet = await contact_sheet([Tile(f"C{number}", None, "không có") for number in range(count)], "Camera")
    size = await check_picture(sheet)
    assert size.width + size.height < 10_000
    assert size.height / size.width < 3


async def test_long_names_take_two_lines_and_are_then_shortened() -> None:
    short = await check_picture(await contact_sheet([Tile("C01 Cổng chính", None)], ""))
    long = await check_picture(await contact_sheet([Tile("C28 Hành lang hành chính – kế toán", None)], ""))
    endless = await check_picture(await contact_sheet([Tile("Hành lang " * 50, None)], ""))
    assert short.height < long.height == endless.height


async def test_a_sheet_without_tiles_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one tile"):
        await contact_sheet([], "x")


@pytest.mark.parametrize(
    ("count", "size"),
    [(1, Size(1280, 720)), (2, Size(1280, 357)), (3, Size(1280, 1085)), (4, Size(1280, 722))],
)
async def test_stills_of_a_span_fill_one_picture(count: int, size: Size) -> None:
    stills = [one_colour(COLOURS[number % 3]) for number in range(count)]
    captions = [f"09:0{number}:00" for number in range(count)]
    assert await check_picture(await strip(stills, captions)) == size


async def test_three_stills_stand_in_order_of_time_with_their_captions() -> None:
    stills = [one_colour(colour) for colour in COLOURS]
    picture = await strip(stills, ["09:05:00", "09:15:00", "09:24:59"])
    assert looks_like(picture, (640, 300), RED)
    assert looks_like(picture, (318, 850), GREEN)
    assert looks_like(picture, (960, 850), BLUE)
    assert picture != await strip(stills, ["09:05:00", "09:15:00", "09:24:58"])


async def test_a_strip_refuses_a_broken_still_and_missing_captions(gate_jpeg: bytes) -> None:
    assert await strip([gate_jpeg], ["09:05"])
    with pytest.raises(NotAPicture):
        await strip([gate_jpeg, gate_jpeg[:700]], ["09:05", "09:06"])
    with pytest.raises(ValueError, match="caption for each"):
        await strip([gate_jpeg], [])
    with pytest.raises(ValueError, match="caption for each"):
        await strip([], [])
