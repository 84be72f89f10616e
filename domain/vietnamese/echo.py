"""An interval said back, as the school writes it: "C14 · Thứ Tư 18/11/2026 · 09:25–10:10 (tiết 3 sáng)"."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.cameras import Camera
from domain.vietnamese.bells import DEFAULT_BELLS, Bells, Minutes
from domain.vietnamese.readings import Interval

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
"""Names of the days from Monday on."""


def echo(cameras: Sequence[Camera], interval: Interval, bells: Bells = DEFAULT_BELLS) -> str:
    """Codes, day, hours and what the bell calls them. Reading it again gives the same interval."""
    codes = ", ".join(camera.code for camera in cameras)
    said = say_interval(interval, bells)
    return f"{codes} · {said}" if codes else said


def say_interval(interval: Interval, bells: Bells = DEFAULT_BELLS) -> str:
    """As in "Thứ Tư 18/11/2026 · 09:25–10:10 (tiết 3 sáng)"; an end on a later day carries its own date."""
    start, end = interval.start, interval.end
    hours = f"{start:%H:%M}–{end:%H:%M}"
    if end.date() != start.date():
        hours = f"{start:%H:%M} – {end:%H:%M} {say_day(end.date())}"
    bell = bell_name(interval, bells)
    return f"{say_day(start.date())} · {hours}" + (f" ({bell})" if bell else "")


def say_day(day: date) -> str:
    """As in "Thứ Tư 18/11/2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def say_moment(moment: datetime) -> str:
    """As in "08:31 ngày 23/11/2026"."""
    return f"{moment:%H:%M} ngày {moment:%d/%m/%Y}"


def say_length(length: timedelta) -> str:
    """As in "20 phút", "1 giờ 5 phút", "15 giây"."""
    seconds = int(length.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [
        f"{number} {unit}" for number, unit in ((hours, "giờ"), (minutes, "phút"), (rest, "giây")) if number
    ]
    return " ".join(parts) or "0 giây"


def bell_name(interval: Interval, bells: Bells = DEFAULT_BELLS) -> str:
    """What the bell calls exactly this interval: "tiết 3 sáng", "ra chơi sáng"; empty when nothing."""
    day = interval.start.date()
    if interval.end.date() != day:
        return ""
    stretch: Minutes = (_minutes(interval.start), _minutes(interval.end))
    bell = bells.on(day)
    for half, periods, pause in (
        ("sáng", bell.morning, bell.morning_break),
        ("chiều", bell.afternoon, bell.afternoon_break),
    ):
        if stretch == pause:
            return f"ra chơi {half}"
        if stretch in periods:
            return f"tiết {periods.index(stretch) + 1} {half}"
    return ""


def _minutes(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
