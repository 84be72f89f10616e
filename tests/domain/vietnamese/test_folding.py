import unicodedata

import pytest

from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.folding import MASK, fold, folded_text
from domain.vietnamese.readings import Piece
from tests.domain.vietnamese.ngoc_lam import CAMERAS

WORDS = CameraIndex(CAMERAS).words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cổng  CHÍNH", "cong chinh"),
        ("Đường ĐI đâu", "duong di dau"),
        ("oà òa", "oa oa"),
        ("７h３０", "7h30"),
        ("9h–9h10 — 9h20", "9h-9h10 - 9h20"),
        ("7h30’", "7h30'"),
        ("a\u200bb\n\tc", "ab c"),
    ],
)
def test_marks_capitals_and_kinds_of_dashes_are_folded(text: str, folded: str) -> None:
    assert folded_text(text) == folded
    assert folded_text(unicodedata.normalize("NFD", text)) == folded


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("coongr chinhs", "cong chinh"),
        ("hoom qua", "hom qua"),
        ("ddeens", "den"),
        ("ruwowix", "ruoi"),
        ("cong63 chinh1", "cong chinh"),
        ("ho6m qua", "hom qua"),
        ("d9en61n", "d9en61n"),
        ("tie61t 3 sa1ng", "tiet 3 sang"),
        ("tiet3", "tiet 3"),
        ("thu6", "thu 6"),
        ("cam5", "cam 5"),
        ("c1 b2 8a1", "c1 b2 8a1"),
        ("class news", "class news"),
    ],
)
def test_raw_telex_and_vni_are_undone_only_to_known_words(typed: str, folded: str) -> None:
    assert fold(typed, WORDS).text == folded


@pytest.mark.parametrize("word", ["tôi", "công", "quá", "tooi", "to6i"])
def test_words_that_only_marks_tell_from_time_or_place_are_hidden(word: str) -> None:
    assert set(fold(word, WORDS).text) == {MASK}
    assert MASK not in fold("tối", WORDS).text


def test_a_folded_stretch_is_found_again_in_the_original() -> None:
    text = unicodedata.normalize("NFD", "Xem  cổng chính nhé")
    folded = fold(text, WORDS)
    at = folded.text.index("cong chinh")
    piece = folded.piece(at, at + len("cong chinh"))
    assert unicodedata.normalize("NFC", text[piece.start : piece.end]) == "cổng chính"


def test_masked_pieces_keep_their_length() -> None:
    folded = fold("xem cổng chính", WORDS)
    hidden = folded.masked((Piece(4, 14),))
    assert hidden.text == "xem " + MASK * 10
    assert hidden.starts == folded.starts
