"""The example configuration is the school's: thirty places, each found by any of its names."""

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest

TABLES = {"school", "database", "web", "telegram", "zalo_bot", "zalo_oa", "summary", "recorders", "cameras"}
CAMERA_KEYS = {"code", "name", "recorder", "channel", "aliases", "area", "owner"}
# Places where no camera may hang, whoever asks.
NEVER = re.compile(r"vệ sinh|wc|thay đồ|phòng tắm|y tế|tư vấn|nghỉ trưa|phòng ngủ", re.IGNORECASE)


def folded(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


@pytest.fixture(scope="module")
def example(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "examples" / "ngoc-lam.toml").read_text("utf-8"))


def test_the_example_has_every_table_and_no_secret(example: dict[str, Any]) -> None:
    assert set(example) == TABLES
    recorder = example["recorders"][0]
    assert "password" not in recorder
    assert recorder["password_file"]
    assert not example["telegram"].get("token")


def test_the_example_has_the_thirty_cameras_in_order(example: dict[str, Any]) -> None:
    cameras = example["cameras"]
    assert [camera["code"] for camera in cameras] == [f"C{number:02}" for number in range(1, 31)]
    assert [camera["channel"] for camera in cameras] == list(range(1, 31))
    assert {camera["recorder"] for camera in cameras} == {
        recorder["name"] for recorder in example["recorders"]
    }
    assert all(camera.keys() - {"teaching_area", "near"} == CAMERA_KEYS for camera in cameras)
    assert all(camera["name"] and camera["area"] and camera["owner"] for camera in cameras)


def test_no_two_cameras_of_the_example_share_a_name(example: dict[str, Any]) -> None:
    seen: dict[str, str] = {}
    for camera in example["cameras"]:
        for name in {folded(text) for text in (camera["name"], camera["code"], *camera["aliases"])}:
            assert seen.setdefault(name, camera["code"]) == camera["code"], name


def test_every_camera_of_the_example_can_be_asked_for_in_english(example: dict[str, Any]) -> None:
    plain = re.compile(r"[a-z0-9 ]{3,}", re.IGNORECASE)
    for camera in example["cameras"]:
        assert any(plain.fullmatch(alias) for alias in camera["aliases"]), camera


def test_only_the_rooms_of_lessons_are_teaching_areas(example: dict[str, Any]) -> None:
    teaching = [camera["code"] for camera in example["cameras"] if camera.get("teaching_area")]
    assert teaching == ["C20", "C21", "C22"]


def test_no_camera_of_the_example_hangs_where_none_may(example: dict[str, Any]) -> None:
    assert [camera["name"] for camera in example["cameras"] if NEVER.search(camera["name"])] == []
