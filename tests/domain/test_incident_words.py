"""What the words of a report say, and how others read them."""

import pytest

from domain.incident_words import NEUTRAL, Helpline, accuses, guess, helplines, is_a_question, shown
from domain.incidents import IncidentKind, Severity

K, S = IncidentKind, Severity


@pytest.mark.parametrize(
    ("text", "kind", "severity"),
    [
        ("danh nhau nha xe hs, 1 em chay mau dau", K.FIGHT, S.EMERGENCY),
        ("đánh nhau ở sân cột cờ", K.FIGHT, S.SERIOUS),
        ("cháy ở bếp bán trú!!!", K.FIRE, S.EMERGENCY),
        ("có khói ở phòng máy chủ", K.FIRE, S.EMERGENCY),
        ("mùi khét ở phòng tin 1", K.FIRE, S.EMERGENCY),
        ("cây đổ ở sân trường rồi các thầy ơi", K.WEATHER, S.TODAY),
        ("mất xe đạp ở nhà xe", K.THEFT, S.TODAY),
        ("có người lạ trèo tường", K.STRANGER, S.SERIOUS),
        ("co nguoi la cam dao o cong", K.FIGHT, S.EMERGENCY),
        ("vỡ kính phòng tin 1", K.DAMAGE, S.TODAY),
        ("dây bị cắt, có thang dựng ngoài tường", K.EQUIPMENT, S.SERIOUS),
        ("học sinh hút thuốc lá điện tử sau nhà B", K.SUBSTANCE, S.SERIOUS),
        ("3 em đau bụng sau bữa trưa", K.FOOD, S.SERIOUS),
        ("ngộ độc ở nhà ăn", K.FOOD, S.EMERGENCY),
        ("ùn tắc ở cổng chính", K.TRAFFIC, S.TODAY),
        ("học sinh trèo tường ra ngoài", K.LEAVING, S.TODAY),
        ("em bị ngã cầu thang, bất tỉnh", K.INJURY, S.EMERGENCY),
        ("8A bắt nạt bạn ở hành lang", K.BULLYING, S.SERIOUS),
        ("camera C05 bị che", K.EQUIPMENT, S.TODAY),
        ("cam chốt bảo vệ rớt mạng rồi", K.EQUIPMENT, S.TODAY),
    ],
)
def test_kind_and_severity_follow_from_the_words(text: str, kind: IncidentKind, severity: Severity) -> None:
    found = guess(text)
    assert (found.kind, found.severity) == (kind, severity)
    assert found.because, "a guess names its words"


@pytest.mark.parametrize("text", ["", "học sinh quên tắt quạt", "chạy nhảy ồn ào", "lớp 7C đi muộn", "???"])
def test_words_that_say_nothing_of_it_are_only_noted(text: str) -> None:
    found = guess(text)
    assert (found.kind, found.severity, found.because) == (None, Severity.NOTED, ())


def test_a_guess_names_the_words_as_they_were_typed() -> None:
    assert guess("Đánh nhau nhà xe HS, 1 em chảy máu đầu").because == ("chảy máu đầu", "Đánh nhau")


@pytest.mark.parametrize(
    ("kind", "text", "first"),
    [
        (K.FIRE, "cháy ở bếp", Helpline.FIRE),
        (K.FIGHT, "đánh nhau, 1 em chảy máu đầu", Helpline.AMBULANCE),
        (K.FIGHT, "đánh nhau", Helpline.POLICE),
        (K.BULLYING, "", Helpline.CHILDREN),
        (K.OTHER, "", Helpline.AMBULANCE),
    ],
)
def test_the_first_number_to_call_fits_the_danger(kind: IncidentKind, text: str, first: Helpline) -> None:
    assert helplines(kind, text)[0] is first


@pytest.mark.parametrize("kind", IncidentKind)
def test_there_is_always_a_number_and_none_twice(kind: IncidentKind) -> None:
    lines = helplines(kind, "cháy, có em bị thương, có người lạ cầm dao")
    assert lines
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("em Nguyễn Văn An lớp 7C bị xô ngã", "em N.V.A lớp 7C bị xô ngã"),
        ("Trần Minh, lớp 8A2 khóc", "T.M, lớp 8A2 khóc"),
        ("có HS Phạm Quang Huy ngất", "có HS P.Q.H ngất"),
        ("bạn Lê Bình và em Đỗ Thị Hoa", "bạn L.B và em Đ.T.H"),
    ],
)
def test_pupils_are_read_by_their_initials(typed: str, read: str) -> None:
    assert shown(typed) == read


@pytest.mark.parametrize(
    "typed", ["em Sơn báo có đánh nhau", "cô Lan gọi bác Tiến", "Sân thể dục ướt", "nhà B tầng 2 mất điện"]
)
def test_other_names_and_places_stay_as_they_are(typed: str) -> None:
    assert shown(typed) == typed


@pytest.mark.parametrize("word", ["thủ phạm", "Thủ phạm", "kẻ trộm", "hung thủ", "côn đồ"])
def test_nobody_is_called_guilty(word: str) -> None:
    text = f"{word} còn ở nhà xe"
    assert accuses(text)
    assert shown(text) == f"{NEUTRAL} còn ở nhà xe"
    assert not accuses(shown(text))


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("hôm nay có đánh nhau không ạ?", True),
        ("co chay khong", True),
        ("ai gọi 115 chưa", True),
        ("cháy ở bếp?", True),
        ("có em không thở được", False),
        ("cháy ở bếp, chưa ai gọi 114", False),
    ],
)
def test_a_question_is_told_from_a_report(text: str, asks: bool) -> None:
    assert is_a_question(text) is asks
