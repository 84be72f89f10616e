import unicodedata

import pytest

from domain.vietnamese.needs import Danger, dangers, is_about_a_device, is_about_a_request, is_forbidden


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("đánh nhau ở nhà xe hs, 1 em chảy máu đầu", (Danger.HURT, Danger.VIOLENCE)),
        ("danh nhau nha xe hs, 1 em chay mau dau", (Danger.HURT, Danger.VIOLENCE)),
        ("cháy ở bếp", (Danger.FIRE,)),
        ("có khói ở kho, một em bị ngất", (Danger.FIRE, Danger.HURT)),
        ("hs chạy ra cổng", ()),
        ("cây đổ ở sân", ()),
        ("có người lạ trèo tường", (Danger.VIOLENCE,)),
        ("fire in kitchen", (Danger.FIRE,)),
    ],
)
def test_words_tell_which_help_to_call(text: str, found: tuple[Danger, ...]) -> None:
    assert dangers(text) == found
    assert dangers(unicodedata.normalize("NFD", text)) == found


def test_a_question_about_a_request_is_told_from_one_about_the_cameras() -> None:
    assert is_about_a_request("YC-2026-0147 sao rồi")
    assert is_about_a_request("yêu cầu của em duyệt chưa")
    assert not is_about_a_request("cam nào mất hình")


def test_switching_off_and_deleting_are_forbidden_wishes() -> None:
    assert is_forbidden("tắt camera 5 giúp em")
    assert is_forbidden("xoa clip cong chinh")
    assert not is_forbidden("chụp tất cả camera")


def test_a_fault_of_a_camera_is_told_from_what_people_did() -> None:
    assert is_about_a_device("cam 7 đen thui rồi anh ơi")
    assert is_about_a_device("ổ cứng báo lỗi đỏ")
    assert not is_about_a_device("thư viện bị đập vỡ kính")
    assert not is_about_a_device("đánh nhau ở nhà xe hs")
