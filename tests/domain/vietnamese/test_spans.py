from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.vietnamese.bells import DEFAULT_BELLS, Bells
from domain.vietnamese.readings import Assumed, Flag, Interval, Limits, Note, Reason
from domain.vietnamese.spans import read_span
from tests.domain.vietnamese.table import NOW, SCHOOL_TIME


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=SCHOOL_TIME)


def interval(day: str, start: str, end: str) -> Interval:
    return Interval(moment(f"{day} {start}"), moment(f"{day} {end}"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cổng chính", Reason.NO_TIME),
        ("ngày mai 9h", Reason.FUTURE),
        ("31/11 9h-9h10", Reason.NO_SUCH_DATE),
        ("hôm qua 25h-25h10", Reason.NO_SUCH_HOUR),
        ("hôm qua 9h-8h30", Reason.END_BEFORE_START),
        ("hôm qua 9h-10h", Reason.TOO_LONG),
        ("hôm qua", Reason.VAGUE),
        ("hôm qua 2h-2h10", Reason.NEEDS_HALF_OF_DAY),
        ("tiết 2 hôm qua", Reason.NEEDS_HALF_OF_DAY),
        ("9h chiều hôm qua", Reason.HALF_OF_DAY_CONFLICT),
        ("lúc 16h", Reason.NEEDS_DAY),
        ("8h hơn hôm qua", Reason.NEEDS_HOUR),
        ("từ 9h hôm qua", Reason.NEEDS_END),
        ("thứ 2 7h-7h10", Reason.WHICH_DAY),
        ("thứ 5 ngày 4/11 9h-9h10", Reason.DAYS_CONFLICT),
        ("tan học hôm qua", Reason.WHICH_PERIOD),
        ("rằm 9h-9h10", Reason.LUNAR),
        ("1/11 9h-9h10", Reason.OLDER_THAN_KEPT),
    ],
)
def test_what_is_not_simply_run_says_why(text: str, reason: Reason) -> None:
    reading = read_span(text, NOW)
    assert reading.flag is not Flag.RUN
    assert reason in reading.reasons


def test_both_meanings_of_an_hour_are_offered_the_afternoon_first() -> None:
    reading = read_span("2h-2h15 hôm thứ 5", NOW)
    assert reading.choices == (
        interval("19/11/2026", "14:00", "14:15"),
        interval("19/11/2026", "02:00", "02:15"),
    )
    assert reading.interval == reading.choices[0]


def test_both_mondays_are_offered_on_a_monday() -> None:
    reading = read_span("thứ 2 lúc 7h20", NOW)
    assert reading.choices == (
        interval("23/11/2026", "07:15", "07:25"),
        interval("16/11/2026", "07:15", "07:25"),
    )


def test_monday_is_last_week_when_its_hour_is_still_to_come() -> None:
    reading = read_span("thứ 2 9h-9h10", NOW)
    assert reading.flag is Flag.ASK
    assert reading.choices == (interval("16/11/2026", "09:00", "09:10"),)


def test_a_break_still_to_come_is_refused_with_the_last_one_suggested() -> None:
    reading = read_span("giờ ra chơi hôm nay", NOW)
    assert (reading.flag, reading.interval) == (Flag.REFUSE, None)
    assert reading.choices[0] == interval("20/11/2026", "09:05", "09:25")


def test_a_span_that_is_half_over_is_refused_with_the_half_that_is() -> None:
    reading = read_span("hôm nay 7h45-8h15", NOW)
    assert (reading.flag, reading.interval) == (Flag.REFUSE, None)
    assert reading.choices == (interval("23/11/2026", "07:45", "08:00"),)


def test_a_long_span_is_offered_in_equal_parts() -> None:
    reading = read_span("hôm qua 9h-10h", NOW)
    assert reading.choices == (
        interval("22/11/2026", "09:00", "09:30"),
        interval("22/11/2026", "09:30", "10:00"),
    )
    assert read_span("hôm qua 9h-17h", NOW).choices == ()


def test_the_limits_are_the_schools_own() -> None:
    strict = Limits(longest=timedelta(minutes=10), kept=timedelta(days=2))
    assert read_span("hôm qua 9h-9h20", NOW).flags == (Flag.RUN,)
    assert read_span("hôm qua 9h-9h20", NOW, limits=strict).flags == (Flag.TOO_WIDE,)
    assert read_span("20/11 9h-9h05", NOW, limits=strict).flags == (Flag.TOO_OLD,)


def test_the_bell_is_the_one_of_that_day() -> None:
    summer = DEFAULT_BELLS.timetables[0]
    winter = replace(
        summer,
        morning=tuple((start + 15, end + 15) for start, end in summer.morning),
        first=date(2026, 11, 20),
        last=date(2027, 2, 28),
    )
    bells = Bells((winter, summer))
    assert read_span("tiết 1 sáng 20/11", NOW, bells).interval == interval("20/11/2026", "07:45", "08:30")
    assert read_span("tiết 1 sáng 19/11", NOW, bells).interval == interval("19/11/2026", "07:30", "08:15")


def test_only_the_half_of_the_day_that_is_over_is_assumed_and_confirmed() -> None:
    noon = NOW.replace(hour=12)
    reading = read_span("giờ ra chơi hôm nay", noon)
    assert reading.flags == (Flag.CONFIRM,)
    assert reading.assumed == (Assumed.HALF_OF_DAY,)
    assert reading.interval == interval("23/11/2026", "09:05", "09:25")


@pytest.mark.parametrize(
    ("now", "text", "day", "flags"),
    [
        ("03/01/2027 08:00", "28/12 9h-9h10", "28/12/2026", (Flag.CONFIRM,)),
        ("03/01/2027 08:00", "ngày 28 9h-9h10", "28/12/2026", (Flag.RUN,)),
        ("03/01/2027 08:00", "thứ 6 9h-9h10", "01/01/2027", (Flag.RUN,)),
        ("01/03/2028 08:00", "hôm qua 9h-9h10", "29/02/2028", (Flag.RUN,)),
        ("01/03/2028 08:00", "29/2 9h-9h10", "29/02/2028", (Flag.RUN,)),
        ("24/11/2026 08:00", "thứ 2 9h-9h10", "23/11/2026", (Flag.RUN,)),
        ("24/11/2026 08:00", "thứ 2 tuần trước 9h-9h10", "16/11/2026", (Flag.RUN,)),
        ("24/11/2026 08:00", "ngày 24 tháng trước 9h-9h10", "24/10/2026", (Flag.TOO_OLD,)),
        ("22/11/2026 08:00", "thứ 2 tuần này 9h-9h10", "16/11/2026", (Flag.RUN,)),
    ],
)
def test_days_are_counted_from_the_present(now: str, text: str, day: str, flags: tuple[Flag, ...]) -> None:
    reading = read_span(text, moment(now))
    assert reading.interval == interval(day, "09:00", "09:10")
    assert reading.flags == flags


def test_the_twenty_ninth_of_february_is_refused_in_other_years() -> None:
    assert read_span("29/2 9h-9h10", NOW).reasons == (Reason.NO_SUCH_DATE,)


def test_days_without_lessons_are_remarked() -> None:
    assert read_span("hôm qua 9h-9h10", NOW).notes == (Note.NO_LESSONS,)
    assert read_span("20/11 9h-9h10", NOW).notes == (Note.TEACHERS_DAY,)
    assert read_span("19/11 9h-9h10", NOW).notes == ()


def test_the_words_of_time_are_told_even_around_others() -> None:
    text = "hôm qua em ở cổng lúc 9h đến 9h10 ạ"
    pieces = [text[piece.start : piece.end] for piece in read_span(text, NOW).where]
    assert pieces == ["hôm qua", "lúc 9h đến 9h10"]


def test_t2_is_a_floor_after_a_corridor_a_monday_before_a_time_and_a_period_after_its_word() -> None:
    assert not read_span("hl t2 b", NOW).said
    assert read_span("t2 tuần trước 9h-9h10", NOW).interval == interval("16/11/2026", "09:00", "09:10")
    assert read_span("tiết 2 sáng t3", NOW).interval == interval("17/11/2026", "08:20", "09:05")


@pytest.mark.parametrize(
    "text", ["chạy sang nhà xe", "toi can xem cong", "anh Nam oi", "lớp 6/2", "chào buổi sáng"]
)
def test_words_that_only_look_like_time_are_none(text: str) -> None:
    assert not read_span(text, NOW).said
