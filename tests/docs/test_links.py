"""What the pages point to is there."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, codes

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FOLDERS = (
    "bot|handlers|domain|nvr_client|media|documents|storage|locales|simulator|tests|docs|deploy|examples"
    "|benchmarks"
)
PLACE = re.compile(rf"(?:{FOLDERS})/[\w./-]*")

pages = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


@pages
def test_every_link_leads_to_a_file_and_a_heading(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        place = path.parent / file if file else path
        assert place.exists(), target
        if anchor:
            assert anchor in anchors(place.read_text("utf-8")), target


@pages
def test_every_file_that_is_named_is_there(path: Path) -> None:
    named = [code for code in codes(path.read_text("utf-8")) if PLACE.fullmatch(code)]
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    readme, *others = PAGES
    linked = {
        (readme.parent / target.partition("#")[0]).resolve()
        for target in LINK.findall(readme.read_text("utf-8"))
    }
    assert [page.name for page in others if page.resolve() not in linked] == []


def test_the_picture_of_the_phones_is_a_picture_and_small() -> None:
    picture = ROOT / "docs" / "pictures" / "phones.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 700_000
