import itertools
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.readings import Flag
from domain.vietnamese.wishes import read_request
from tests.domain.vietnamese.ngoc_lam import CAMERAS
from tests.domain.vietnamese.table import NOW, SCHOOL_TIME
from tests.domain.vietnamese.typing_habits import telex, vni, without_marks

INDEX = CameraIndex(CAMERAS)
DAYS = {
    "hôm qua": "22/11",
    "hôm kia": "21/11",
    "thứ 5": "19/11",
    "thứ sáu": "20/11",
    "t4": "18/11",
    "hôm thứ ba": "17/11",
    "chủ nhật": "22/11",
    "thứ 3 tuần trước": "17/11",
    "20/11": "20/11",
    "ngày 20/11": "20/11",
    "20/11/2026": "20/11",
    "ngày 12": "12/11",
    "ngày 5 tháng 11": "05/11",
    "thứ năm ngày 19/11": "19/11",
}
HOURS = {
    "9h-9h10": "09:00-09:10",
    "9h05 đến 9h20": "09:05-09:20",
    "từ 9h05 tới 9h20": "09:05-09:20",
    "9:05-9:20": "09:05-09:20",
    "14h-14h20": "14:00-14:20",
    "7h30-45": "07:30-07:45",
    "9h trong 10 phút": "09:00-09:10",
    "9h00 10 phút": "09:00-09:10",
    "2h-2h15 chiều": "14:00-14:15",
    "7 rưỡi đến 8h tối": "19:30-20:00",
    "10h kém 10 đến 10h": "09:50-10:00",
    "16h50 đến 5h": "16:50-17:00",
    "tiết 3 sáng": "09:25-10:10",
    "ra chơi sáng": "09:05-09:25",
    "giờ ra chơi chiều": "15:05-15:20",
    "giữa tiết 1 và 2 sáng": "08:15-08:20",
}
HOURS_OF_A_PART = {
    ("sáng", "9h-9h10"): "09:00-09:10",
    ("chiều", "2h-2h15"): "14:00-14:15",
    ("tối", "7h-7h15"): "19:00-19:15",
    ("sáng", "7 rưỡi đến 8h"): "07:30-08:00",
    ("chiều", "từ 3h kém 10 tới 3h"): "14:50-15:00",
    ("chiều", "4 giờ rưỡi đến 5 giờ kém 15"): "16:30-16:45",
    ("tối", "từ tám giờ đến tám giờ mười lăm"): "20:00-20:15",
    ("trưa", "từ 11h50 đến 12h10"): "11:50-12:10",
    ("đêm", "10h-10h15"): "22:00-22:15",
    ("sáng", "tiết 2"): "08:20-09:05",
    ("chiều", "ra chơi"): "15:05-15:20",
    ("sáng", "10 phút đầu tiết 3"): "09:25-09:35",
    ("chiều", "5 phút trước giờ ra chơi"): "15:00-15:05",
}
NEXT_OR_EVENING = re.compile(r"(?:thu [2-7a-z]+|t4|chu nhat) toi ")
"""Typed without marks, "thu 6 toi" may also be next Friday ("tới")."""
PLACES = {
    "cổng chính": "C01",
    "hl t2 b": "C14",
    "cam 5": "C05",
    "phòng tin 1": "C20",
    "nhà xe hs": "C03",
    "kho": "C24",
    "gate": "C01",
}


def expected(day: str, hours: str) -> tuple[datetime, datetime]:
    start, end = (
        datetime.strptime(f"{day}/2026 {clock}", "%d/%m/%Y %H:%M").replace(tzinfo=SCHOOL_TIME)
        for clock in hours.split("-")
    )
    return start, end


def joined(order: tuple[str, ...], separator: str) -> str:
    return separator.join(order)


@pytest.mark.parametrize(("place", "separator"), [*((place, " ") for place in PLACES), ("cổng chính", ", ")])
def test_camera_day_and_hours_may_come_in_any_order(place: str, separator: str) -> None:
    wrong = []
    for (day, date), (hours, clocks) in itertools.product(DAYS.items(), HOURS.items()):
        start, end = expected(date, clocks)
        for order in itertools.permutations((place, day, hours)):
            for text in (joined(order, separator), without_marks(joined(order, separator))):
                wish = read_request(text, INDEX, NOW)
                camera = wish.match.camera
                read = (camera and camera.code, wish.span.start, wish.span.end, wish.span.flags, wish.rest)
                if read != (PLACES[place], start, end, (Flag.RUN,), ""):
                    wrong.append((text, read))
    assert not wrong[:5], len(wrong)


@pytest.mark.parametrize("spelling", [str, without_marks, telex, vni])
def test_the_part_of_the_day_may_stand_anywhere(spelling: Callable[[str], str]) -> None:
    wrong = []
    for (day, date), ((part, hours), clocks) in itertools.product(DAYS.items(), HOURS_OF_A_PART.items()):
        orders = [(hours, part, day), (part, day, hours), (day, hours, part), (day, part, hours)]
        for words in map(" ".join, orders):
            text = spelling(f"cho em xem cam cổng chính lúc {words} ạ")
            span = read_request(text, INDEX, NOW).span
            flag = Flag.ASK if NEXT_OR_EVENING.search(text) else Flag.RUN
            if (span.start, span.end, span.flags) != (*expected(date, clocks), (flag,)):
                wrong.append(text)
    assert not wrong[:5], len(wrong)


@pytest.mark.parametrize(
    "purpose",
    [
        "học sinh bị xô ngã",
        "em L mất xe đạp",
        "phụ huynh lớp 7C hỏi",
        "kiểm tra ai làm vỡ kính",
        "2 học sinh đánh nhau",
        "cô Năm nhờ",
        "thầy Tư hỏi",
        "có xe tải đâm vào rào",
    ],
)
def test_a_purpose_behind_them_changes_nothing(purpose: str) -> None:
    for (day, date), (hours, clocks) in itertools.product(DAYS.items(), HOURS.items()):
        wish = read_request(f"cổng chính {day} {hours}, {purpose}", INDEX, NOW)
        assert wish.match.camera is not None, (day, hours)
        assert (wish.span.start, wish.span.end) == expected(date, clocks), (day, hours)
        assert wish.span.flags == (Flag.RUN,), (day, hours)
        assert wish.rest.endswith(purpose[-2:])


def test_the_reading_moves_with_the_present() -> None:
    for days in range(400):
        now = NOW + timedelta(days=days)
        wish = read_request("cổng chính hôm qua 9h-9h10", INDEX, now)
        assert wish.span.start == (now - timedelta(days=1)).replace(hour=9)
        weekday = read_request(f"cổng thứ {(days + 3) % 6 + 2} 9h-9h10", INDEX, now).span.start
        assert weekday is not None
        assert timedelta(0) < now - weekday <= timedelta(days=7)
