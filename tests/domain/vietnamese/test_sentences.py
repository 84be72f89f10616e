"""Whole sentences: wish, cameras, time and what may be done with them, however they are typed."""

import unicodedata
from collections.abc import Callable
from datetime import datetime

import pytest

from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.echo import echo
from domain.vietnamese.readings import Outcome, WishKind
from domain.vietnamese.verdict import camera_codes, marks, meant_interval
from domain.vietnamese.wishes import read_request, understand
from tests.domain.vietnamese.ngoc_lam import CAMERAS
from tests.domain.vietnamese.table import NOW, Sentence, labelled_sentences
from tests.domain.vietnamese.typing_habits import telex, vni, without_marks

INDEX = CameraIndex(CAMERAS)
SENTENCES = labelled_sentences()

Reading = tuple[str, tuple[str, ...], datetime | None, datetime | None, tuple[str, ...]]


def reading(text: str) -> Reading:
    wish = understand(text, INDEX, NOW)
    all_of_them = wish.match.outcome is Outcome.ALL and wish.kind is not WishKind.NONE
    cameras = ("all",) if all_of_them else camera_codes(wish)
    interval = meant_interval(wish)
    flags = tuple(flag.value for flag in marks(wish))
    start, end = (interval.start, interval.end) if interval is not None else (None, None)
    return wish.kind.value, cameras, start, end, flags


def label(sentence: Sentence) -> Reading:
    return sentence.wish, sentence.cameras, sentence.start, sentence.end, sentence.marks


def all_of(sentences: list[Sentence]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sentence", sentences, ids=[sentence.text for sentence in sentences])


def besides(texts: set[str]) -> list[Sentence]:
    assert texts <= {sentence.text for sentence in SENTENCES}
    return [sentence for sentence in SENTENCES if sentence.text not in texts]


@all_of(SENTENCES)
def test_a_sentence_means_what_its_label_says(sentence: Sentence) -> None:
    assert reading(sentence.text) == label(sentence)


def test_no_sentence_stands_twice() -> None:
    texts = [sentence.text for sentence in SENTENCES]
    assert len(texts) == len(set(texts))


HABITS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "polite": lambda text: f"Dạ, em nhờ thầy {text} giúp em với ạ",
    "thanks": lambda text: f"cho em xin {text} nhé, em cảm ơn ạ 🙏",
    "please": lambda text: f"{text} với ạ",
    "spaces": lambda text: "  " + text.replace(" ", "   ") + "\n",
}

ASKING = {"polite", "thanks", "please"}
"""They ask for something, so that they would turn thanks into a wish."""

# Nothing but courtesy themselves, or so short that every word counts.
BARE = {
    "bảo vệ nghỉ, cổng phụ không ai trực",
    "can I see the library camera now",
    "xem phim gì hay",
    "xem c5",
    "clip cổng chính",
    "clip ngày 1/11 còn không anh",
    "giúp em với",
    "hẹn gặp ở cổng chính lúc 17h",
    "choots baor veej giowf thees naof rooif",
    "xem cầu thang",
    "xem giùm nhà để xe gv",
    "có rắn ở sân thể dục",
    "xem cả hai nhà xe hs và gv nhé",
    "chiều nay 14h họp tổ ở phòng hội đồng nhé mọi người",
    "hôm qua tôi trực cổng chính từ 7h đến 7h30, không có gì",
    "8h30 sáng mai thầy có cuộc họp ở sảnh nhà A, nhớ mở cửa nhé",
    "thứ 6 vừa rồi văn nghệ ở sân khấu vui quá cô ạ",
    "?",
    "chụp chốt bv",
    "anh phong may chu",
    "xem giúp cổng chính có ai đứng không",
    "xem giúp em tường rào có ai trèo không",
}


def changed_by(habit: Callable[[str], str], sentences: list[Sentence]) -> list[tuple[str, Reading]]:
    """Those that read otherwise when they are typed so, and how they read."""
    texts = [(habit(sentence.text), sentence) for sentence in sentences]
    return [(text, reading(text)) for text, sentence in texts if reading(text) != label(sentence)]


@pytest.mark.parametrize("habit", HABITS)
def test_habits_of_typing_change_nothing(habit: str) -> None:
    wishes = [one for one in besides(BARE) if (one.wish, *one.marks) != ("none", "OK")]
    assert changed_by(HABITS[habit], wishes if habit in ASKING else besides(BARE)) == []


AROUND = ("{}.", '("{}!")', "- {} :)", "• {},\n")


@pytest.mark.parametrize("around", AROUND)
def test_punctuation_around_changes_nothing(around: str) -> None:
    assert changed_by(around.format, besides(BARE)) == []


def test_a_question_mark_behind_a_wish_changes_nothing() -> None:
    asked = [one for one in SENTENCES if one.wish in {"request", "snapshot", "live_clip"}]
    assert changed_by("{}?".format, asked) == []


# Only a mark tells these from other words: ảnh from anh, tới from tối, kìa from kia, cháy from chạy; or a
# number is glued to a word, where raw typing has letters and numbers of its own.
NEEDS_MARKS = {
    "thư viện 7h30 đến bây giờ",
    "Anh em trực gửi ảnh chốt bảo vệ lúc này",
    "em vừa thấy khói bốc ra từ bếp",
    "ừ",
    "hôm kìa 9h đến 9h30 sân cột cờ",
    "hôm qua tôi trực cổng chính từ 7h đến 7h30, không có gì",
    "hl nhà B lúc này",
    "gửi cô ảnh lớp 8A3",
    "học sinh lớp 7 nghịch bình chữa cháy ở hành lang tầng 2 nhà A",
    "ổ cứng còn trống bao nhiêu",
    "cổng chính đông quá",
    "ra chơi cả sáng lẫn chiều t6 sân cột cờ",
    "xin clip ngắn phòng tin học 2 lúc này ạ",
    "cả cổng chính lẫn cổng phụ thứ 6 từ 6h45-7h05 ạ",
    "trần nhà đa năng dột ngập hết sàn",
    "dung lượng ổ cứng còn bao nhiêu",
    "chiều nay họp hội đồng lúc 14h nhé",
    "máy chủ camera còn chạy không",
    "chụp cả cổng chính lẫn cổng phụ",
    "cho a xem nhà ăn lúc này đông chưa, gửi ảnh",
    "ảnh bếp ngay bây giờ",
    "cho thầy một bức ảnh sân thể dục",
    "cho xin cái ảnh nhà đa năng nha",
    "cháy ở bếp, gọi 114 giúp",
    "thứ 6 tới 7h cổng chính",
    "anh bảo vệ ơi cho em cái hình nhà xe giáo viên với",
    "cho thầy xem qua ảnh cửa phòng hội đồng",
    "sáng hoặc chiều thứ 6 lúc 4h cổng phụ",
    "em chào cô, cô cho em xin cái ảnh khu nhà ăn lúc này với ạ",
    "ảnh phòng máy chủ",
    "cổng chính thứ 6 tới 7h-7h10",
    "hôm kìa 9h-9h10 cổng chính",
    "hình cầu nối A-B",
    "công việc hôm nay",
    "cho e xin tấm hình bếp bán trú lúc này với",
    "cháy ở bếp bán trú",
    "phát hiện khói ở phòng máy chủ",
    "thứ5 9h-9h10 cổng chính",
    "tiết3 sáng t5 hl t2 b",
    "tiêt3 s t5 hl t2 b",
    "9h10phút đến 9h20phút t5 cổng chính",
    "nãy có ai vào cổng phụ vậy",
    "ổ cứng đầy chưa",
    "ổ cứng báo lỗi rồi",
    "yêu cầu hôm qua của tôi tới đâu rồi",
    "họp hội đồng lúc 14h chiều nay",
}


def _please_without_marks(text: str) -> str:
    return without_marks(f"{text} với ạ")


@pytest.mark.parametrize("spelling", [without_marks, telex, vni, _please_without_marks])
def test_missing_marks_and_raw_typing_change_nothing(spelling: Callable[[str], str]) -> None:
    sentences = besides(NEEDS_MARKS)
    if spelling is _please_without_marks:
        sentences = [one for one in sentences if one.wish == "request" and one.cameras]
    assert changed_by(spelling, sentences) == []


def test_without_the_mark_that_matters_no_wrong_camera_is_taken() -> None:
    for sentence in SENTENCES:
        if sentence.text in NEEDS_MARKS:
            cameras = reading(without_marks(sentence.text))[1]
            assert cameras in (sentence.cameras, (), ("C19",)), sentence.text


def _said_back(sentence: Sentence) -> str:
    wish = understand(sentence.text, INDEX, NOW)
    assert wish.span.interval is not None
    return echo(wish.match.meant if wish.match.outcome is not Outcome.ALL else (), wish.span.interval)


def test_the_echo_of_a_sentence_reads_the_same() -> None:
    for sentence in SENTENCES:
        if sentence.wish != "request" or sentence.start is None:
            continue
        again = read_request(_said_back(sentence), INDEX, NOW)
        assert (again.span.start, again.span.end) == (sentence.start, sentence.end), sentence.text
        if sentence.cameras != ("all",):
            assert set(camera_codes(again)) == set(sentence.cameras), sentence.text
