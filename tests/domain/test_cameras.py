import pytest

from domain.cameras import Camera, by_area
from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.places import find_cameras
from domain.vietnamese.readings import Outcome
from tests.domain.vietnamese.ngoc_lam import CAMERAS

INDEX = CameraIndex(CAMERAS)


def codes(text: str) -> tuple[str, ...]:
    return tuple(camera.code for camera in find_cameras(text, INDEX).cameras)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C01", "C01"),
        ("c1", "C01"),
        ("c05", "C05"),
        ("cam 5", "C05"),
        ("cam5", "C05"),
        ("cam số 5", "C05"),
        ("camera số 5", "C05"),
        ("camera 30", "C30"),
        ("gate", "C01"),
        ("main gate", "C01"),
        ("side gate", "C02"),
        ("cong chinh", "C01"),
        ("cổng chính", "C01"),
        ("CỔNG CHÍNH", "C01"),
        ("Co\u0302\u0309ng chi\u0301nh", "C01"),
        ("coongr chinhs", "C01"),
        ("cong63 chinh1", "C01"),
        ("cổng", "C01"),
        ("cổng trường", "C01"),
        ("cổng sau", "C02"),
        ("nhà xe hs", "C03"),
        ("nx hs", "C03"),
        ("nhà xe gv", "C04"),
        ("nhà xe giáo viên", "C04"),
        ("sân cột cờ", "C05"),
        ("sân trường cột cờ", "C05"),
        ("sân khấu", "C06"),
        ("sân td", "C07"),
        ("chốt bảo vệ", "C08"),
        ("sảnh", "C09"),
        ("A1", "C10"),
        ("hl t2 a", "C11"),
        ("hành lang a2", "C11"),
        ("hl t2 b", "C14"),
        ("hl tang2 b", "C14"),
        ("hanh lang tang 2 nha b", "C14"),
        ("Hành lang tầng 2 nhà B", "C14"),
        ("tầng 2 nhà B", "C14"),
        ("nhà B tầng 3", "C15"),
        ("dãy b tầng 3", "C15"),
        ("lầu 3 nhà b", "C15"),
        ("ct a", "C16"),
        ("cầu thang b", "C17"),
        ("nhà cầu", "C18"),
        ("cầu nối A-B", "C18"),
        ("phòng hội đồng", "C19"),
        ("tin 1", "C20"),
        ("tin1", "C20"),
        ("phòng tin 2", "C21"),
        ("p tin 2", "C21"),
        ("ptn", "C22"),
        ("phòng thí nghiệm", "C22"),
        ("thư viện", "C23"),
        ("tv", "C23"),
        ("kho", "C24"),
        ("nđn", "C25"),
        ("bếp", "C26"),
        ("nhà ăn", "C27"),
        ("hành lang hành chính", "C28"),
        ("hc", "C28"),
        ("phòng máy chủ", "C29"),
        ("hàng rào", "C30"),
        ("tường rào", "C30"),
    ],
)
def test_one_camera_is_found_by_code_name_alias_or_short_form(text: str, code: str) -> None:
    match = find_cameras(text, INDEX)
    assert (match.outcome, codes(text)) == (Outcome.ONE, (code,))


@pytest.mark.parametrize("camera", CAMERAS, ids=[camera.code for camera in CAMERAS])
def test_every_camera_is_found_by_its_own_names(camera: Camera) -> None:
    for text in (camera.code, camera.name, camera.label, camera.name.upper(), *camera.aliases):
        assert codes(text) == (camera.code,), text


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("nhà xe", ("C03", "C04")),
        ("nha xe", ("C03", "C04")),
        ("sân", ("C05", "C06", "C07")),
        ("sân trường", ("C05", "C06")),
        ("hành lang tầng 2", ("C11", "C14")),
        ("tầng 2", ("C11", "C14")),
        ("hành lang nhà B", ("C13", "C14", "C15")),
        ("cầu thang", ("C16", "C17")),
        ("phòng tin", ("C20", "C21")),
        ("cổng chính hoặc cổng phụ", ("C01", "C02")),
    ],
)
def test_a_name_that_several_cameras_share_is_a_question(text: str, candidates: tuple[str, ...]) -> None:
    match = find_cameras(text, INDEX)
    assert (match.outcome, codes(text)) == (Outcome.UNCLEAR, candidates)
    assert match.camera is None
    assert match.meant == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cong chnh", "C01"),
        ("thu vin", "C23"),
        ("cong ph", "C02"),
        ("nha da nag", "C25"),
        ("chot bao ve.", "C08"),
    ],
)
def test_a_spelling_error_is_overlooked_when_one_name_is_near(text: str, code: str) -> None:
    match = find_cameras(text, INDEX)
    assert (match.outcome, codes(text)) == (Outcome.ONE, (code,))


@pytest.mark.parametrize("text", ["hành lan tầng 2", "cau thag nha"])
def test_a_spelling_error_near_several_names_is_a_question(text: str) -> None:
    assert find_cameras(text, INDEX).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("text", ["xyz", "cam 99", "C31", "phòng y tế", "nhà vệ sinh", "công an"])
def test_an_unknown_name_gets_at_most_four_near_ones(text: str) -> None:
    match = find_cameras(text, INDEX)
    assert match.outcome is Outcome.UNKNOWN
    assert 0 < len(match.cameras) <= 4
    assert not match.where


def test_a_short_name_beside_a_strange_word_is_not_guessed() -> None:
    assert find_cameras("back gate", INDEX).outcome is Outcome.UNCLEAR
    assert find_cameras("gate", INDEX).outcome is Outcome.ONE


@pytest.mark.parametrize(
    "text", ["tatca", "tất cả", "tat ca", "TẤT CẢ", "all", "toàn bộ", "tất cả các camera"]
)
def test_all_cameras_are_meant_by_these_words(text: str) -> None:
    match = find_cameras(text, INDEX)
    assert match.outcome is Outcome.ALL
    assert match.meant == CAMERAS


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cổng chính và cổng phụ", ("C01", "C02")),
        ("c1, c2", ("C01", "C02")),
        ("C01 C02", ("C01", "C02")),
        ("sân cột cờ, sân khấu", ("C05", "C06")),
        ("cả hai cổng", ("C01", "C02")),
        ("cả nhà xe", ("C03", "C04")),
        ("tất cả hành lang tầng 2", ("C11", "C14")),
    ],
)
def test_several_cameras_may_be_named_at_once(text: str, wanted: tuple[str, ...]) -> None:
    match = find_cameras(text, INDEX)
    assert (match.outcome, codes(text)) == (Outcome.SET, wanted)


@pytest.mark.parametrize("text", ["", "   ", "giúp em với ạ", "🙏", "..."])
def test_nothing_named_is_told_apart_from_something_unknown(text: str) -> None:
    assert find_cameras(text, INDEX).outcome is Outcome.NOTHING


@pytest.mark.parametrize(
    ("text", "code", "typed"),
    [
        ("chụp cổng chính giúp em", "C01", "cổng chính"),
        (
            "cho em xin xem cam hành lang tầng 2 nhà B giờ ra chơi sáng thứ 6 ạ",
            "C14",
            "hành lang tầng 2 nhà B",
        ),
        ("cổng chính 20/11 9:05-9:20 học sinh bị xô ngã", "C01", "cổng chính"),
        ("xem hộ cam 5 lúc 9h", "C05", "cam 5"),
        ("cong an phuong goi dien xin clip cong truong 17h-17h30", "C01", "cong truong"),
        ("Nhờ anh xem coongr phuj giúp", "C02", "coongr phuj"),
    ],
)
def test_the_words_that_named_a_camera_are_told(text: str, code: str, typed: str) -> None:
    match = find_cameras(text, INDEX)
    assert codes(text) == (code,)
    assert [text[piece.start : piece.end] for piece in match.where] == [typed]


def test_a_plain_list_of_cameras_does_as_well_as_an_index() -> None:
    assert find_cameras("gate", CAMERAS) == find_cameras("gate", INDEX)
    assert find_cameras("gate", ()).cameras == ()


def test_cameras_are_grouped_by_area_in_the_order_of_the_registry() -> None:
    nameless = Camera("C31", "Kho mới", "dau-ghi-1", 31)
    groups = by_area([nameless, *CAMERAS])
    assert list(groups)[:3] == ["Cổng", "Nhà xe", "Sân"]
    assert list(groups)[-1] == ""
    assert [camera.code for camera in groups["Cổng"]] == ["C01", "C02", "C08", "C30"]
    assert sum(len(group) for group in groups.values()) == 31


@pytest.mark.parametrize("text", ["cam 7", "camera số 7", "CAM-07", "cam-07", "bể bơi"])
def test_other_ways_to_number_cameras_are_understood(text: str) -> None:
    pool = Camera("CAM-07", "Bể bơi", "dau-ghi-1", 7)
    match = find_cameras(text, (pool, Camera("CAM-08", "Sân bóng", "dau-ghi-1", 8)))
    assert match.camera == pool


def test_a_camera_that_is_only_a_number_needs_the_word_camera() -> None:
    cameras = (Camera("1", "Cổng", "dau-ghi-1", 1), Camera("2", "Sân", "dau-ghi-1", 2))
    assert find_cameras("cam 2", cameras).camera == cameras[1]
    assert find_cameras("cổng có 2 xe", cameras).camera == cameras[0]
