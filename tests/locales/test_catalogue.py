import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from locales import catalogue, po_path
from locales.__main__ import main
from locales.extraction import (
    ROOT,
    brought_up_to_date,
    placeholders,
    problems,
    read,
    sentences,
    sources,
)

MADE_OF_SENTENCES = {"Outgoing": ("text", 1), "Choice": ("label", 0)}


def calls_of(name: str) -> Iterator[tuple[str, ast.Call]]:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_sentence_is_translated_with_the_same_placeholders() -> None:
    found = problems(read(po_path("vi"), "vi"), sentences(sources()))
    assert [str(problem) for problem in found] == []


def test_every_sentence_is_written_as_a_literal() -> None:
    built = [
        where
        for where, call in calls_of("Text")
        if not (call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
    ]
    assert built == []


def test_the_tool_finds_every_sentence_that_the_syntax_tree_shows() -> None:
    shown = {
        call.args[0].value
        for _where, call in calls_of("Text")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert sentences(sources()) == shown


@pytest.mark.parametrize("made", sorted(MADE_OF_SENTENCES))
def test_no_bare_string_reaches_a_chat(made: str) -> None:
    keyword, position = MADE_OF_SENTENCES[made]
    bare = []
    for where, call in calls_of(made):
        given = [entry.value for entry in call.keywords if entry.arg == keyword]
        given += call.args[position : position + 1]
        for value in given:
            parts = value.elts if isinstance(value, ast.Tuple) else [value]
            bare += [where for part in parts if isinstance(part, (ast.Constant, ast.JoinedStr, ast.BinOp))]
    assert bare == []


def test_english_speaks_its_sources() -> None:
    assert catalogue("en").gettext("Anything {code}") == "Anything {code}"


def po(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "truccam.po"
    path.write_text(f'msgid ""\nmsgstr ""\n"Language: vi\\n"\n\n{body}', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("", "missing"),
        ('msgid "Code {code}."\nmsgstr ""\n', "untranslated"),
        ('#, fuzzy\nmsgid "Code {code}."\nmsgstr "Mã {code}."\n', "fuzzy"),
        ('msgid "Code {code}."\nmsgstr "Mã {ma}."\n', "other placeholders in the translation"),
        ('msgid "Code {code}."\nmsgstr "Mã {code}."\n\nmsgid "Old"\nmsgstr "Cũ"\n', "no longer used"),
        ('msgid "Code {code}."\nmsgstr "Mã {code}."\n\n#~ msgid "Old"\n#~ msgstr "Cũ"\n', "obsolete"),
    ],
)
def test_a_catalogue_out_of_step_is_told(tmp_path: Path, body: str, what: str) -> None:
    found = problems(read(po(tmp_path, body), "vi"), {"Code {code}."})
    assert [problem.what for problem in found] == [what]


def test_a_catalogue_in_step_has_no_problem(tmp_path: Path) -> None:
    path = po(tmp_path, 'msgid "Code {code}."\nmsgstr "Mã {code}."\n')
    assert problems(read(path, "vi"), {"Code {code}."}) == []


def test_bringing_up_to_date_keeps_translations_and_settles(tmp_path: Path) -> None:
    path = po(tmp_path, 'msgid "Code {code}."\nmsgstr "Mã {code}."\n\nmsgid "Old"\nmsgstr "Cũ"\n')
    wanted = {"Code {code}.", 'New "one"\nin two lines'}
    text = brought_up_to_date(read(path, "vi"), wanted, "vi")
    path.write_text(text, encoding="utf-8")
    again = brought_up_to_date(read(path, "vi"), wanted, "vi")
    assert again == text
    assert 'msgstr "Mã {code}."' in text
    assert "Old" not in text
    assert "Date" not in text


def test_placeholders_are_the_names_between_braces() -> None:
    assert placeholders("Camera {camera}, {code} {{literal}}") == {"camera", "code"}


def test_the_tool_checks_without_changing_anything(capsys: pytest.CaptureFixture[str]) -> None:
    before = po_path("vi").read_bytes()
    assert main(["--check"]) == 0, capsys.readouterr().err
    assert po_path("vi").read_bytes() == before
