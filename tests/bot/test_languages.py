"""Every sentence can be read in each language that a person may choose."""

import string
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.render import phrase
from domain.chat import Length, Moment, Period, Text
from domain.people import LANGUAGES
from locales.extraction import sentences, sources

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 11, 20, 2, 5, tzinfo=UTC)
SENTENCES = sorted(sentences(sources()))


def filled(msgid: str) -> Text:
    names = {name for _, name, _, _ in string.Formatter().parse(msgid) if name}
    return Text(msgid, {name: f"<{name}>" for name in names})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("msgid", SENTENCES)
def test_a_sentence_is_written_with_all_its_values(msgid: str, language: str) -> None:
    text = filled(msgid)
    said = phrase(text, language, HANOI)
    assert said.strip()
    assert all(str(value) in said for value in text.values.values())


@pytest.mark.parametrize("msgid", SENTENCES)
def test_the_english_sentence_is_its_source(msgid: str) -> None:
    text = filled(msgid)
    assert phrase(text, "en", HANOI) == msgid.format(**text.values)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "Thứ Sáu 20/11/2026 · 09:05–09:20 (15 phút) | 09:05 ngày 20/11/2026 | 1 giờ 5 phút"),
        ("en", "Friday 20/11/2026 · 09:05–09:20 (15 minutes) | 09:05 on 20/11/2026 | 1 hour 5 minutes"),
    ],
)
def test_times_are_written_as_the_reader_writes_them(language: str, said: str) -> None:
    text = Text(
        "{name}",
        {
            "name": Text(
                "{span} | {moment} | {length}",
                {
                    "span": Period(START, START + timedelta(minutes=15)),
                    "moment": Moment(START),
                    "length": Length(timedelta(minutes=65)),
                },
            )
        },
    )
    assert phrase(text, language, HANOI) == said
