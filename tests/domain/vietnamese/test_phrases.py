import unicodedata
from collections.abc import Callable
from datetime import datetime

import pytest

from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.echo import echo
from domain.vietnamese.readings import Flag, Outcome, SpanReading, Wish
from domain.vietnamese.wishes import read_request, understand
from tests.domain.vietnamese.ngoc_lam import CAMERAS
from tests.domain.vietnamese.table import NOW, Labelled, labelled_phrases
from tests.domain.vietnamese.typing_habits import telex, vni, without_marks

INDEX = CameraIndex(CAMERAS)
PHRASES = labelled_phrases()

Meaning = tuple[tuple[str, ...], bool, datetime | None, datetime | None, tuple[str, ...]]


def meaning(wish: Wish) -> Meaning:
    found = wish.match.outcome not in {Outcome.NOTHING, Outcome.UNKNOWN}
    codes = tuple(camera.code for camera in wish.match.cameras) if found else ()
    flags = tuple(flag.value for flag in wish.span.flags)
    return codes, wish.match.outcome is not Outcome.UNCLEAR, wish.span.start, wish.span.end, flags


def label(phrase: Labelled) -> Meaning:
    return phrase.cameras, phrase.clear, phrase.start, phrase.end, phrase.marks


def all_of(phrases: list[Labelled]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("phrase", phrases, ids=[phrase.text for phrase in phrases])


@all_of(PHRASES)
def test_a_phrase_means_what_its_label_says(phrase: Labelled) -> None:
    assert meaning(read_request(phrase.text, INDEX, NOW)) == label(phrase)


@all_of(PHRASES)
def test_a_free_sentence_is_read_like_the_words_after_a_command(phrase: Labelled) -> None:
    assert meaning(understand(phrase.text, INDEX, NOW)) == label(phrase)


HABITS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "polite": lambda text: f"Dạ, em nhờ thầy {text} giúp em với ạ",
    "thanks": lambda text: f"cho em xin {text} nhé, em cảm ơn ạ 🙏",
    "please": lambda text: f"{text} với ạ",
    "spaces": lambda text: "  " + text.replace(" ", "   ") + "\n",
}


def changed_by(habit: Callable[[str], str], phrases: list[Labelled]) -> list[tuple[str, Meaning]]:
    """Those that read otherwise when they are typed so, and how they read."""
    read = [(text := habit(one.text), meaning(read_request(text, INDEX, NOW)), one) for one in phrases]
    return [(text, found) for text, found, one in read if found != label(one)]


@pytest.mark.parametrize("habit", HABITS)
def test_habits_of_typing_change_nothing(habit: str) -> None:
    assert changed_by(HABITS[habit], PHRASES) == []


@pytest.mark.parametrize("around", ["{}.", "{}?", "{} :)", '("{}")', "- {};", "• {},\n", "{} …"])
def test_punctuation_around_changes_nothing(around: str) -> None:
    assert changed_by(around.format, PHRASES) == []


# Marks are the only thing that tells these from other words.
NEEDS_MARKS = ("hôm kìa",)


@pytest.mark.parametrize("spelling", [without_marks, telex, vni])
def test_missing_marks_and_raw_typing_change_nothing(spelling: Callable[[str], str]) -> None:
    marked = [phrase for phrase in PHRASES if not phrase.text.startswith(NEEDS_MARKS)]
    assert changed_by(spelling, marked) == []


def _spoken(reading: SpanReading) -> bool:
    return reading.interval is not None and reading.flag in {Flag.RUN, Flag.CONFIRM, Flag.TOO_OLD}


@all_of([phrase for phrase in PHRASES if phrase.start is not None])
def test_the_echo_of_a_reading_reads_the_same(phrase: Labelled) -> None:
    wish = read_request(phrase.text, INDEX, NOW)
    interval = wish.span.interval
    assert interval is not None
    cameras = wish.match.cameras if wish.match.outcome in {Outcome.ONE, Outcome.SET} else ()
    again = read_request(echo(cameras, interval), INDEX, NOW)
    assert again.span.interval == interval
    assert {camera.code for camera in again.match.cameras if cameras} == {camera.code for camera in cameras}
    if _spoken(wish.span):
        assert again.span.flag in {Flag.RUN, Flag.TOO_OLD}
    assert again.rest == ""
