"""What changes the meaning of a clear sentence changes its reading: nothing is dropped silently."""

import random
from collections.abc import Callable

import pytest

from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.verdict import camera_codes, marks
from domain.vietnamese.wishes import understand
from tests.domain.vietnamese.ngoc_lam import CAMERAS
from tests.domain.vietnamese.table import NOW, Sentence, labelled_sentences

INDEX = CameraIndex(CAMERAS)
CLEAR = [
    sentence
    for sentence in labelled_sentences()
    if sentence.wish == "request"
    and sentence.marks[0] in {"OK", "XN"}
    and sentence.cameras != ("all",)
    and understand(sentence.text, INDEX, NOW).rest == ""
]
"""Where something is added, it stands beside camera or time, not in a purpose."""

Mutation = Callable[[Sentence], str]
MUTATIONS: dict[str, Mutation] = {
    "another hour": lambda one: f"{one.text} và 19h40",
    "another hour, taken for the first": lambda one: f"{one.text}, à nhầm 19h40-19h50",
    "another range": lambda one: f"{one.text}, 19h40-19h50",
    "another day": lambda one: f"{one.text} và ngày 10/11",
    "another weekday": lambda one: f"{one.text} hoặc thứ 7",
    "another lesson": lambda one: f"{one.text} và tiết 5 chiều",
    "another camera": lambda one: f"{one.text} và thư viện",
    "or another camera": lambda one: f"{one.text} hoặc thư viện",
    "another camera by code": lambda one: f"{one.text}, cam 18",
    "taken back": lambda one: f"không phải {one.text}",
    "mistaken": lambda one: f"{one.text}, em nhầm",
    "wrong": lambda one: f"{one.text} sai rồi",
    "or a number": lambda one: f"{one.text} hay 4",
}


def silent(text: str, sentence: Sentence) -> bool:
    """Whether the reading is run as if nothing had been added."""
    wish = understand(text, INDEX, NOW)
    same = (wish.span.start, wish.span.end) == (sentence.start, sentence.end)
    same = same and set(camera_codes(wish)) == set(sentence.cameras)
    return same and marks(wish)[0].value == "OK"


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_what_is_added_is_never_dropped_silently(mutation: str) -> None:
    dropped = [
        text
        for sentence in CLEAR
        if {"C18", "C23"}.isdisjoint(sentence.cameras) and "10/11" not in sentence.text
        if silent(text := MUTATIONS[mutation](sentence), sentence)
    ]
    assert dropped == [], "\n".join(dropped)


def test_what_only_adds_to_the_purpose_changes_nothing() -> None:
    added = ("có 3 em lớp 8A3 chạy", "mất 500k", "gọi em số 0912345678", "em cần trước 16h chiều nay")
    chance = random.Random(4)
    for sentence in CLEAR:
        text = f"{sentence.text}, {chance.choice(added)}"
        wish = understand(text, INDEX, NOW)
        assert (wish.span.start, wish.span.end) == (sentence.start, sentence.end), text
        assert set(camera_codes(wish)) == set(sentence.cameras), text
        assert wish.unexplained == (), text
