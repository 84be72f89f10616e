from datetime import timedelta

import pytest

from domain.vietnamese.echo import bell_name, echo, say_interval, say_length, say_moment
from domain.vietnamese.readings import Interval
from domain.vietnamese.spans import read_span
from tests.domain.vietnamese.ngoc_lam import CAMERAS
from tests.domain.vietnamese.table import NOW


def spoken(text: str) -> Interval:
    interval = read_span(text, NOW).interval
    assert interval is not None
    return interval


def test_the_echo_names_camera_day_hours_and_period() -> None:
    said = echo([CAMERAS[13]], spoken("tiết 3 sáng thứ 4"))
    assert said == "C14 · Thứ Tư 18/11/2026 · 09:25–10:10 (tiết 3 sáng)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hôm qua 7h30-7h45", "Chủ nhật 22/11/2026 · 07:30–07:45"),
        ("ra chơi sáng thứ 6", "Thứ Sáu 20/11/2026 · 09:05–09:25 (ra chơi sáng)"),
        ("ra chơi chiều thứ 6", "Thứ Sáu 20/11/2026 · 15:05–15:20 (ra chơi chiều)"),
        ("tiết 7 thứ 5", "Thứ Năm 19/11/2026 · 14:20–15:05 (tiết 2 chiều)"),
        ("hôm qua từ 23h50 đến 0h10", "Chủ nhật 22/11/2026 · 23:50 – 00:10 Thứ Hai 23/11/2026"),
        ("hôm qua 9h25-10h", "Chủ nhật 22/11/2026 · 09:25–10:00"),
    ],
)
def test_an_interval_is_said_in_full(text: str, said: str) -> None:
    assert say_interval(spoken(text)) == said


def test_several_cameras_are_named_and_none_leaves_the_time_alone() -> None:
    interval = spoken("hôm qua 7h30-7h45")
    assert echo(CAMERAS[:2], interval).startswith("C01, C02 · Chủ nhật")
    assert echo([], interval) == say_interval(interval)


def test_the_bell_names_only_what_it_rings_for() -> None:
    assert bell_name(spoken("hôm qua 7h30-8h15")) == "tiết 1 sáng"
    assert bell_name(spoken("hôm qua 7h30-8h14")) == ""


def test_a_moment_is_said_with_its_date() -> None:
    assert say_moment(NOW) == "08:00 ngày 23/11/2026"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 giây"), (15, "15 giây"), (1200, "20 phút"), (3900, "1 giờ 5 phút"), (90, "1 phút 30 giây")],
)
def test_a_length_is_said_in_its_units(seconds: int, said: str) -> None:
    assert say_length(timedelta(seconds=seconds)) == said
