"""Finds the sentences in the code and keeps the catalogue file in step with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "domain", "handlers")
_KEYWORDS = {"Text": None}
_HEADER = """\
# Trực Cam: what the assistant says. Brought up to date by `python -m locales`.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence of a catalogue that is not as it should be."""

    msgid: str
    what: str

    def __str__(self) -> str:
        return f"{self.what}: {self.msgid!r}"


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file in which a sentence may stand, in a stable order."""
    for folder in FOLDERS:
        yield from sorted((root / folder).rglob("*.py"))


def sentences(paths: Iterable[Path]) -> set[str]:
    """The first arguments of all `Text("...")` calls."""
    found: set[str] = set()
    for path in paths:
        for _line, message, _comments, _context in extract_from_file("python", path, keywords=_KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


def placeholders(sentence: str) -> set[str]:
    """The names between braces."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}


def read(path: Path, language: str) -> Catalog:
    """A catalogue file; an empty catalogue where there is none."""
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def problems(catalog: Catalog, wanted: set[str]) -> list[Problem]:
    """What keeps a catalogue from being complete and in step with the code."""
    known = {entry.id: entry for entry in catalog if isinstance(entry.id, str) and entry.id}
    found = [Problem(msgid, "missing") for msgid in sorted(wanted - known.keys())]
    found += [Problem(msgid, "no longer used") for msgid in sorted(known.keys() - wanted)]
    found += [Problem(str(msgid), "obsolete") for msgid in catalog.obsolete]
    for msgid in sorted(wanted & known.keys()):
        entry = known[msgid]
        if not entry.string or not isinstance(entry.string, str):
            found.append(Problem(msgid, "untranslated"))
        elif entry.fuzzy:
            found.append(Problem(msgid, "fuzzy"))
        elif placeholders(entry.string) != placeholders(msgid):
            found.append(Problem(msgid, "other placeholders in the translation"))
    return found


def brought_up_to_date(catalog: Catalog, wanted: set[str], language: str) -> str:
    """The text of the catalogue file: exactly the wanted sentences, translations kept, sorted."""
    fresh = Catalog(locale=language)
    for msgid in sorted(wanted):
        entry = catalog.get(msgid)
        fresh.add(
            msgid,
            string=entry.string if entry is not None and not entry.fuzzy else "",
            user_comments=entry.user_comments if entry is not None else (),
        )
    out = BytesIO()
    write_po(out, fresh, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return _HEADER.format(language=language) + out.getvalue().decode().strip() + "\n"
