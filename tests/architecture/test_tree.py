"""What holds for every file of the tree."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, Module

MOST_LINES = 400
# A file past the limit is two features. Exceptions, each with its reason:
LONGER: dict[str, str] = {}

HOSTS = re.compile(
    r"pypi\.(?:org|python)|pythonhosted\.|registry\.npmjs|conda\.anaconda|--(?:extra-)?index-url"
)
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:work|farm|home|root|Users|tmp)/[\w.-]")

SUPPRESSION = re.compile(r"#\s*(?:noqa\b|type:\s*ignore\b)")
WITH_REASON = re.compile(
    r"#\s*noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)* +[-#] \w+\W+\w+"
    r"|#\s*type: ignore\[[\w, -]+\] +# \w+\W+\w+"
)


def text_of(path: Path) -> str | None:
    """The text of a file; None for fonts, pictures and recorded bytes."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


@pytest.fixture(scope="module")
def texts(files: list[Path]) -> dict[str, str]:
    others = [path for path in files if path != Path(__file__)]
    read = {path.relative_to(ROOT).as_posix(): text_of(path) for path in others}
    return {place: text for place, text in read.items() if text is not None}


def found(texts: dict[str, str], wanted: re.Pattern[str]) -> list[str]:
    """`place:line: text` of every line in which something is found."""
    return [
        f"{place}:{number}: {line.strip()}"
        for place, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if wanted.search(line)
    ]


def test_no_file_holds_two_features(modules: list[Module]) -> None:
    too_long = {module.place: len(module.lines) for module in modules if len(module.lines) > MOST_LINES}
    assert {place: length for place, length in too_long.items() if place not in LONGER} == {}
    assert set(LONGER) - set(too_long) == set(), "no longer needed in the list of exceptions"


def test_no_file_names_a_package_index(texts: dict[str, str]) -> None:
    assert found(texts, HOSTS) == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on(texts: dict[str, str]) -> None:
    assert found(texts, MACHINE_PATHS) == []


def test_each_silenced_warning_says_why(texts: dict[str, str]) -> None:
    python = {place: text for place, text in texts.items() if place.endswith(".py")}
    lines = found(python, SUPPRESSION)
    assert lines
    assert [line for line in lines if not WITH_REASON.search(line)] == []


def test_no_work_is_left_as_a_note(texts: dict[str, str]) -> None:
    python = {place: text for place, text in texts.items() if place.endswith(".py")}
    assert found(python, re.compile(r"#.*\b(?:TODO|FIXME|XXX)\b|raise NotImplementedError")) == []


def test_the_name_of_each_test_is_a_sentence(modules: list[Module]) -> None:
    names = [
        f"{module.place}: {name}"
        for module in modules
        if module.name.startswith("tests.")
        for name in re.findall(r"^(?:async )?def (test_\w+)", "\n".join(module.lines), re.MULTILINE)
    ]
    assert len(names) > 20
    assert [name for name in names if name.count("_") < 3] == []


def test_every_package_says_in_its_first_line_what_it_is(program: list[Module]) -> None:
    assert [
        module.place for module in program if not module.lines or not module.lines[0].startswith('"""')
    ] == []


def test_commands_are_executable(root: Path) -> None:
    for command in (root / "truccam", root / ".ci" / "run"):
        assert command.stat().st_mode & 0o111, command
