"""The map is a picture that a phone shows whole: its size, its rows, its colours."""

import io
import itertools
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from PIL import Image

from documents.retention_map import WIDTH_PX, Band, MapWords, Row, retention_map

TODAY = date(2026, 11, 23)
DAYS = [TODAY - timedelta(days=back) for back in range(22, -1, -1)]
ORANGE = (213, 94, 0)
WORDS = MapWords(
    title="Số ngày còn lưu đoạn ghi",
    subtitle="Trường THCS Ngọc Lâm · đo lúc 06:15 ngày 23/11/2026",
    days="ngày",
    today="hôm nay",
    limit="20 ngày (Điều 5)",
    whole="đủ cả ngày",
    most="thiếu dưới 1 giờ",
    half="ghi từ nửa ngày",
    little="ghi dưới nửa ngày",
    nothing="không ghi",
    gone="không còn lưu",
    red="dưới 20",
    amber="dưới 22",
    new="camera mới",
)


def row(share: float | None, name: str = "Cổng chính", band: Band = Band.GOOD) -> Row:
    return Row("C01", name, "22,0", band, tuple(share for _ in DAYS))


async def drawn(*rows: Row) -> Image.Image:
    return Image.open(io.BytesIO(await retention_map(rows, DAYS, WORDS, keep_days=20))).convert("RGB")


def luminance(colour: Sequence[int]) -> float:
    red, green, blue = colour[:3]
    return 0.299 * red + 0.587 * green + 0.114 * blue


async def test_thirty_cameras_make_an_upright_picture_for_a_phone() -> None:
    rows = [row(1.0, f"Hành lang tầng {number} nhà A") for number in range(30)]
    picture = await drawn(*rows)
    assert picture.width == WIDTH_PX
    assert 1.5 < picture.height / picture.width < 2.0


async def test_less_recorded_is_lighter_so_that_nobody_needs_to_tell_red_from_green() -> None:
    shades = []
    for share in (1.0, 0.97, 0.7, 0.2):
        picture = await drawn(row(share))
        pixel = picture.getpixel((WIDTH_PX - 40, 222 + 27))
        assert isinstance(pixel, tuple)
        shades.append(luminance(pixel))
    assert shades == sorted(shades)
    assert all(later - earlier > 20 for earlier, later in itertools.pairwise(shades))


async def test_a_day_without_footage_and_a_day_no_longer_kept_look_different() -> None:
    pictures = [await drawn(row(share)) for share in (0.0, None)]
    box = (WIDTH_PX - 60, 222, WIDTH_PX - 24, 222 + 54)
    crossed, gone = ({colour for _, colour in picture.crop(box).getcolors() or []} for picture in pictures)
    assert ORANGE in crossed
    assert ORANGE not in gone


async def test_a_very_long_name_stays_in_its_column() -> None:
    short, long = await drawn(row(1.0)), await drawn(row(1.0, "Hành lang hành chính – kế toán, cửa sau " * 3))
    column = (24 + 426, 222, WIDTH_PX, 222 + 54)
    assert short.crop(column).tobytes() == long.crop(column).tobytes()


async def test_a_map_without_rows_or_with_uneven_rows_is_refused() -> None:
    assert await retention_map([row(1.0)], DAYS, WORDS, keep_days=20)
    with pytest.raises(ValueError, match="rows"):
        await retention_map([], DAYS, WORDS, keep_days=20)
    with pytest.raises(ValueError, match="share"):
        await retention_map([row(1.0)], DAYS[1:], WORDS, keep_days=20)
