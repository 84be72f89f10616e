from datetime import timedelta

import pytest

from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.readings import Flag, Outcome, WishKind
from domain.vietnamese.wishes import read_live_clip, read_request, understand
from tests.domain.vietnamese.ngoc_lam import CAMERAS
from tests.domain.vietnamese.table import NOW

INDEX = CameraIndex(CAMERAS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("chụp cổng chính", WishKind.SNAPSHOT),
        ("chup cong chinh giup em", WishKind.SNAPSHOT),
        ("ảnh sân cột cờ", WishKind.SNAPSHOT),
        ("gửi ảnh cổng phụ cho em", WishKind.SNAPSHOT),
        ("cho xin tấm hình nhà xe", WishKind.SNAPSHOT),
        ("snapshot gate", WishKind.SNAPSHOT),
        ("chụp tất cả", WishKind.SNAPSHOT),
        ("quay cổng 10 giây", WishKind.LIVE_CLIP),
        ("quay 15s nhà xe hs", WishKind.LIVE_CLIP),
        ("video cổng chính", WishKind.LIVE_CLIP),
        ("xem trực tiếp C03", WishKind.LIVE_CLIP),
        ("ghi hình cổng 10 giây", WishKind.LIVE_CLIP),
        ("live cổng", WishKind.LIVE_CLIP),
        ("clip cổng 10 giây", WishKind.LIVE_CLIP),
        ("cho em xem lại cổng lúc 7h", WishKind.REQUEST),
        ("cho em xin xem cam hành lang tầng 2 nhà B giờ ra chơi sáng thứ 6 ạ", WishKind.REQUEST),
        ("trích cam nhà xe hs chiều qua 5h-5h10", WishKind.REQUEST),
        ("xin clip tiết 2 sáng t5 ptn", WishKind.REQUEST),
        ("cổng chính hôm qua 9h-9h10", WishKind.REQUEST),
        ("check cam cổng hôm qua 9h-9h10", WishKind.REQUEST),
        ("xem lại cổng", WishKind.REQUEST),
        ("có đánh nhau ở nhà xe", WishKind.INCIDENT),
        ("danh nhau nha xe hs, 1 em chay mau dau", WishKind.INCIDENT),
        ("có người lạ vào trường", WishKind.INCIDENT),
        ("bếp chập điện, có cháy", WishKind.INCIDENT),
        ("có khói ở phòng tin 1", WishKind.INCIDENT),
        ("cháy nhà bếp", WishKind.INCIDENT),
        ("học sinh bị ngã ở cầu thang A", WishKind.INCIDENT),
        ("camera nào mất tín hiệu", WishKind.STATUS),
        ("cam cổng mất hình rồi", WishKind.INCIDENT),
        ("C18 đen thui", WishKind.INCIDENT),
        ("yêu cầu của em sao rồi", WishKind.STATUS),
        ("cam cổng còn lưu được mấy ngày", WishKind.STATUS),
        ("YC-2026-0147 duyệt chưa ạ", WishKind.STATUS),
        ("đầu ghi hoạt động không", WishKind.STATUS),
        ("cam cổng sao mất hình vậy", WishKind.STATUS),
        ("/anh C05", WishKind.SNAPSHOT),
        ("/clip C02 15", WishKind.LIVE_CLIP),
        ("/yeucau cổng chính hôm qua 9h-9h10", WishKind.REQUEST),
        ("/suviec", WishKind.INCIDENT),
        ("/luutru", WishKind.STATUS),
        ("/start", WishKind.HELP),
        ("/khongco", WishKind.NONE),
        ("trợ giúp", WishKind.HELP),
        ("help", WishKind.HELP),
        ("hướng dẫn em với", WishKind.HELP),
        ("em muốn xem camera thì làm thế nào ạ", WishKind.HELP),
        ("chào buổi sáng", WishKind.NONE),
        ("em cảm ơn cô", WishKind.NONE),
        ("", WishKind.NONE),
        ("👍", WishKind.NONE),
        ("Привет", WishKind.NONE),
    ],
)
def test_a_sentence_asks_for_what_it_says(text: str, kind: WishKind) -> None:
    assert understand(text, INDEX, NOW).kind is kind


@pytest.mark.parametrize(
    "text", ["cổng chính", "xem cổng chính", "cho em xem cam cổng chính", "hl t2 b", "Kho.", "nx gv nhé"]
)
def test_a_camera_alone_or_looked_at_is_a_picture(text: str) -> None:
    wish = understand(text, INDEX, NOW)
    assert (wish.kind, wish.sure) == (WishKind.SNAPSHOT, True)
    assert wish.match.outcome is Outcome.ONE


@pytest.mark.parametrize("text", ["cổng chính dạo này", "cho xem tất cả camera", "nhà xe"])
def test_a_camera_with_more_than_a_look_is_asked_about(text: str) -> None:
    wish = understand(text, INDEX, NOW)
    assert wish.kind is WishKind.SNAPSHOT
    assert not wish.sure or wish.match.outcome is Outcome.UNCLEAR
    assert understand("chụp cổng chính", INDEX, NOW).sure


@pytest.mark.parametrize(
    "text", ["tắt camera cổng", "tat cam 5", "xoá bản ghi hôm qua", "ngưng ghi cổng chính"]
)
def test_switching_off_and_deleting_is_nothing_that_can_be_wished(text: str) -> None:
    wish = understand(text, INDEX, NOW)
    assert (wish.kind, wish.sure, wish.kinds) == (WishKind.NONE, False, ())


def test_now_is_no_hour() -> None:
    wish = understand("cổng bây giờ thế nào, chụp giúp em", INDEX, NOW)
    assert wish.kind is WishKind.SNAPSHOT
    assert not wish.span.said
    assert understand("chup cong chinh bay gio", INDEX, NOW).kind is WishKind.SNAPSHOT


def test_what_happened_long_ago_is_a_request_and_what_just_happened_is_asked_about() -> None:
    told = understand("học sinh bị xô ngã ở cổng chính 20/11 9:05-9:20", INDEX, NOW)
    assert (told.kind, told.sure) == (WishKind.REQUEST, True)
    fresh = understand("học sinh bị xô ngã ở cổng chính lúc 7h50", INDEX, NOW)
    assert (fresh.kind, fresh.sure) == (WishKind.REQUEST, False)
    assert fresh.kinds == (WishKind.REQUEST, WishKind.INCIDENT)


PURPOSES = {
    "cổng chính 20/11 9:05-9:20 học sinh bị xô ngã": "học sinh bị xô ngã",
    "cổng chính 20/11 9:05-9:20, lý do: học sinh lớp 8A bị xô ngã.": "học sinh lớp 8A bị xô ngã",
    "20/11 9h-9h20 cổng để xác minh việc mất XE ĐẠP của em N.V.A ạ": "xác minh việc mất XE ĐẠP của em N.V.A",
    "học sinh bị xô ngã ở cổng chính 20/11 9:05-9:20": "học sinh bị xô ngã",
    "cong chinh 20/11 9:05-9:20 hoc sinh bi xo nga": "hoc sinh bi xo nga",
    "Dạ em xin xem lại cam hl t2 b ra chơi sáng thứ 6 ạ, HS lớp em bị ngã": "HS lớp em bị ngã",
    "xin xem nhà xe HS 4/11 16h50-17h, em L mất xe đạp, mẹ mới báo": "em L mất xe đạp, mẹ mới báo",
    "cổng hôm qua 9h-9h10 có xe tải đâm vào rào": "có xe tải đâm vào rào",
    "con tôi bị đánh ở nhà xe hs chiều qua 5h-5h10, cho tôi xem camera và gửi clip": "con tôi bị đánh",
    "cổng hôm qua 9h-9h10 em bị mất ví lúc chơi": "em bị mất ví lúc chơi",
    "cong hom qua 9h-9h10 em Nam lop 6A bi dau": "em Nam lop 6A bi dau",
    "cổng hôm qua 9h-9h10, cô ơi nhờ kiểm tra xe ra vào": "kiểm tra xe ra vào",
    "cổng chính 20/11 9:05-9:20": "",
    "Dạ cho em xin xem lại cổng chính 20/11 9:05-9:20 với ạ": "",
}


@pytest.mark.parametrize(("text", "purpose"), PURPOSES.items())
def test_the_purpose_is_what_is_left_as_typed(text: str, purpose: str) -> None:
    assert read_request(text, INDEX, NOW).rest == purpose


def test_a_place_in_the_purpose_is_not_taken_for_the_camera() -> None:
    wish = read_request("cổng chính 20/11 9:05-9:20 học sinh chạy từ sân khấu ra", INDEX, NOW)
    assert wish.match.camera is not None
    assert wish.match.camera.code == "C01"
    assert wish.rest == "học sinh chạy từ sân khấu ra"


def test_two_places_on_one_side_of_the_time_are_a_question() -> None:
    wish = read_request("hôm qua 9h-9h10 em đứng ở cổng chính nhìn sang thư viện", INDEX, NOW)
    assert wish.match.outcome is Outcome.UNCLEAR


@pytest.mark.parametrize(
    ("args", "code", "seconds"),
    [
        ("cổng 10", "C01", 10),
        ("cổng chính 10s", "C01", 10),
        ("cam 5 15 giây", "C05", 15),
        ("15 giây cam 5", "C05", 15),
        ("tin 1 10", "C20", 10),
        ("C14 trong 20 giây", "C14", 20),
        ("cổng 1 phút", "C01", 60),
        ("cổng", "C01", None),
        ("c10", "C10", None),
    ],
)
def test_a_clip_command_takes_camera_and_seconds(args: str, code: str, seconds: int | None) -> None:
    match, length = read_live_clip(args, INDEX)
    assert match.camera is not None
    assert match.camera.code == code
    assert length == (None if seconds is None else timedelta(seconds=seconds))


def test_an_unknown_place_is_told_with_the_time_that_was_read() -> None:
    wish = read_request("phòng y tế hôm qua 9h-9h10", INDEX, NOW)
    assert wish.match.outcome is Outcome.UNKNOWN
    assert wish.span.flag is Flag.RUN


def test_a_wish_without_time_says_so() -> None:
    assert not read_request("cổng chính", INDEX, NOW).span.said
    assert read_request("cổng chính hôm qua", INDEX, NOW).span.said
