"""The glossary says each word once, and its names are in the code."""

import re

from tests.docs.pages import ROOT, codes, page, rows

PROGRAM = ("bot", "handlers", "domain", "nvr_client", "media", "storage")


def test_each_word_stands_once_in_each_language() -> None:
    table = rows(page("glossary.md"))
    assert len(table) > 30
    for column, language in enumerate(("Vietnamese", "English")):
        words = [row[column] for row in table]
        assert sorted(words) == sorted(set(words)), language


def test_every_name_of_the_glossary_is_in_the_code() -> None:
    source = "\n".join(
        path.read_text("utf-8") for folder in PROGRAM for path in sorted((ROOT / folder).rglob("*.py"))
    )
    names = set(re.findall(r"\w+", source))
    assert [row[1] for row in rows(page("glossary.md")) if not set(codes(row[3])) <= names] == []
