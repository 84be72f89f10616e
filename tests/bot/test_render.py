from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.base import Button, Capabilities
from bot.render import cut, phrase, render
from domain.chat import Choice, Length, Media, MediaKind, Moment, Outgoing, Period, Text

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 20, 2, 5, 12, tzinfo=UTC)
CAN = Capabilities(
    edit=True,
    buttons=True,
    protect=True,
    text_limit=40,
    caption_limit=12,
    label_limit=8,
    upload_limit_bytes=1,
    download_limit_bytes=1,
)


def vietnamese(value: str | float | Moment | Period | Length | Text) -> str:
    return phrase(Text("{value}", {"value": value}), "vi", HANOI)


def test_moments_are_told_in_the_schools_time() -> None:
    assert vietnamese(Moment(AT, "clock")) == "09:05"
    assert vietnamese(Moment(AT, "clock_seconds")) == "09:05:12"
    assert vietnamese(Moment(AT, "day")) == "Thứ Sáu 20/11/2026"
    assert vietnamese(Moment(AT, "full")) == "09:05 ngày 20/11/2026"
    assert vietnamese(Moment(AT, "full_seconds")) == "09:05:12 ngày 20/11/2026"
    assert vietnamese(Moment(AT + timedelta(days=2), "day")) == "Chủ Nhật 22/11/2026"


def test_a_period_tells_day_hours_and_length() -> None:
    start = AT.replace(second=0)
    assert (
        vietnamese(Period(start, start + timedelta(minutes=15)))
        == "Thứ Sáu 20/11/2026 · 09:05–09:20 (15 phút)"
    )
    assert vietnamese(Period(start, start + timedelta(hours=15))) == (
        "Thứ Sáu 20/11/2026 09:05 – Thứ Bảy 21/11/2026 00:05 (15 giờ)"
    )
    assert vietnamese(Period(AT, AT + timedelta(seconds=10))) == (
        "Thứ Sáu 20/11/2026 · 09:05:12–09:05:22 (10 giây)"
    )


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(), "0 giây"),
        (timedelta(seconds=10), "10 giây"),
        (timedelta(minutes=15), "15 phút"),
        (timedelta(minutes=2, seconds=30), "2 phút 30 giây"),
        (timedelta(days=2, hours=3), "2 ngày 3 giờ"),
        (timedelta(days=2, minutes=3), "2 ngày"),
        (timedelta(hours=1), "1 giờ"),
    ],
)
def test_lengths_are_told_in_their_two_largest_units(length: timedelta, words: str) -> None:
    assert vietnamese(Length(length)) == words


def test_english_tells_one_and_two() -> None:
    assert phrase(Text("{a}", {"a": Length(timedelta(minutes=1))}), "en", HANOI) == "1 minute"
    assert phrase(Text("{a}", {"a": Length(timedelta(minutes=2))}), "en", HANOI) == "2 minutes"


def test_numbers_are_written_as_in_vietnam() -> None:
    assert vietnamese(1234567) == "1.234.567"
    assert vietnamese(11.25) == "11,25"


def test_a_sentence_may_stand_inside_a_sentence() -> None:
    assert vietnamese(Text("{code}", {"code": "YC-2026-0147"})) == "YC-2026-0147"


def test_what_a_person_typed_is_never_a_placeholder() -> None:
    assert vietnamese("{code} {0.__class__} %s") == "{code} {0.__class__} %s"


def test_marks_that_turn_the_writing_direction_are_left_out() -> None:
    assert vietnamese("Nam\u202e\u0007 lớp 8A\nhai dòng") == "Nam lớp 8A\nhai dòng"


def test_a_missing_value_is_a_mistake_in_the_code() -> None:
    with pytest.raises(KeyError):
        phrase(Text("{code}"), "vi", HANOI)


def test_short_text_is_only_composed() -> None:
    assert cut("cổng chính", 40) == "cổng chính"
    assert cut("co\u0302\u0309ng", 4) == "cổng"


def test_long_text_ends_after_a_whole_word() -> None:
    assert cut("một hai ba bốn năm sáu bảy tám", 20) == "một hai ba bốn năm…"
    assert len(cut("x" * 5000, 4096)) == 4096


def test_the_limit_counts_utf16_units_and_splits_no_character() -> None:
    shown = cut("😀" * 10, 10)
    assert shown == "😀😀😀😀…"
    assert len(shown.encode("utf-16-le")) // 2 <= 10


def test_words_under_a_standing_file_keep_the_captions_limit() -> None:
    message = Outgoing(to=1, text=(Text("one two three four"),))
    shown = [
        render(
            message,
            tokens=(),
            language="en",
            zone=HANOI,
            can=CAN,
            media_path=None,
            under_media=under,
        ).text
        for under in (False, True)
    ]
    assert shown == ["one two three four", "one two…"]


def test_a_message_becomes_words_file_and_buttons() -> None:
    message = Outgoing(
        to=1,
        text=(Text("one two three four"), Text("five")),
        media=Media(MediaKind.PHOTO, "spool/a.jpg", "C01.jpg"),
        choices=((Choice(Text("Label too long"), "act"),),),
        protect=True,
    )
    shown = render(
        message,
        tokens=(("tok",),),
        language="en",
        zone=HANOI,
        can=CAN,
        media_path=Path("/var/spool/a.jpg"),
    )
    assert shown.text == "one two…"
    assert shown.media is not None
    assert shown.media.path == Path("/var/spool/a.jpg")
    assert shown.media.name == "C01.jpg"
    assert shown.buttons == ((Button("Label…", "tok"),),)
    assert shown.protect
