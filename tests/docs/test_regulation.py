"""Article -> function -> test: the page about the regulation, the code and the tests say the same."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain import regulation
from domain.people import Role
from domain.regulation import SEED, Act, Scope
from tests.docs.pages import ROOT, codes, page, rows, section

PAGE = page("regulation.md")
TEST = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")
SCENE = re.compile(r"(tests/[\w/]+\.txt) == (.+)")
CLAUSE = r"\d+(?:\.\d+| khoản \d+(?:-\d+)?)?"
CITED = re.compile(rf"Điều ({CLAUSE}(?:, {CLAUSE})*)")


def functions() -> list[str]:
    """Every function of the regulation that answers with a ruling."""
    return [
        name
        for name, function in inspect.getmembers(regulation, inspect.isfunction)
        if function.__module__ == regulation.__name__
        and not name.startswith("_")
        and inspect.signature(function).return_annotation == regulation.Ruling
    ]


def acts() -> list[list[str]]:
    """The rows of article, function, tests, defaults."""
    return [row for row in rows(section(PAGE, "## Article, function, test")) if len(row) == 4]


def clauses() -> dict[int, int]:
    """How many clauses each article has."""
    return {int(row[0].removeprefix("Điều ")): int(row[1]) for row in rows(section(PAGE, "## The articles"))}


def cited(text: str) -> Iterator[tuple[int, int]]:
    """Article and clause (0: the whole) of every place that is cited."""
    for places in CITED.findall(text):
        for place in places.split(", "):
            article, *inside = re.findall(r"\d+", place)
            yield from ((int(article), int(clause)) for clause in inside or ["0"])


def sources() -> list[Path]:
    folders = ("domain", "handlers", "bot", "storage")
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_every_function_of_the_regulation_has_one_row() -> None:
    assert sorted(functions()) == sorted(codes(row[1])[0] for row in acts())
    assert len(functions()) > 5


def test_every_row_names_tests_and_says_what_was_chosen() -> None:
    for row in acts():
        assert TEST.search(row[2]), row[1]
        assert row[3], row[1]


def test_every_test_that_is_named_is_there() -> None:
    named = TEST.findall(PAGE)
    assert len(named) > 20
    for file, name in named:
        assert re.search(rf"^(?:async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), name


def test_every_scene_that_is_named_is_there() -> None:
    named = [found for code in codes(PAGE) if (found := SCENE.fullmatch(code))]
    assert len(named) > 3
    for found in named:
        file, title = found.groups()
        assert f"== {title}" in (ROOT / file).read_text("utf-8").splitlines(), title


def test_an_article_of_a_row_is_cited_by_its_function_or_in_the_role_table() -> None:
    in_table = {place for right in SEED for place in cited(right.article)}
    for row in acts():
        in_code = set(cited(inspect.getsource(getattr(regulation, codes(row[1])[0])))) | in_table
        assert set(cited(row[0])) <= in_code, row[1]


def test_articles_are_read_however_they_are_written() -> None:
    assert list(cited("Điều 4.1, 7.1, 8.2; Điều 5")) == [(4, 1), (7, 1), (8, 2), (5, 0)]
    assert list(cited("Điều 4 khoản 1, 7 khoản 1, Điều 1 khoản 1-3")) == [(4, 1), (7, 1), (1, 1), (1, 3)]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_article_that_the_code_cites_exists(path: Path) -> None:
    known = clauses()
    for article, clause in cited(path.read_text("utf-8")):
        assert article in known, f"Điều {article}"
        assert clause <= known[article], f"Điều {article} khoản {clause}"


def test_the_role_table_of_the_page_is_the_seeded_one() -> None:
    table = section(PAGE, "## Who may do what")
    head = next(line for line in table.splitlines() if line.startswith("| act"))
    assert codes(head) == [role.value for role in Role]
    shown = {codes(row[0])[0]: row[1:] for row in rows(table)}
    rights = {(right.act, right.role): right for right in SEED}
    for act in Act:
        for role, cell in zip(Role, shown.pop(act.value), strict=True):
            right = rights.get((act, role))
            unit = " unit" if right and right.scope is Scope.OWN_UNIT else ""
            assert cell == (f"`{right.grant.value}`{unit}" if right else "–"), (act, role)
    assert shown == {}


def test_the_role_table_holds_each_right_once() -> None:
    keys = [(right.role, right.act) for right in SEED]
    assert len(keys) == len(set(keys))
