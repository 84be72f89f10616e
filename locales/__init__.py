"""What the assistant says, in the reader's language.

Sources are English: the first argument of `Text("...")`. Translations are in
`<language>/LC_MESSAGES/truccam.po`, read at start; there is no compile step. `python -m locales` brings the
files up to date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one language, by their English source."""

    language: str
    sentences: Mapping[str, str]

    def gettext(self, msgid: str) -> str:
        """The sentence in this language; the source itself where it is not translated."""
        return self.sentences.get(msgid, msgid)


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language ("vi"); a language without a file speaks English."""
    path = po_path(language)
    if language == SOURCE_LANGUAGE or not path.is_file():
        return Catalogue(SOURCE_LANGUAGE, {})
    with path.open("rb") as file:
        entries = read_po(file, locale=language)
    return Catalogue(
        language,
        {
            entry.id: entry.string
            for entry in entries
            if isinstance(entry.id, str) and isinstance(entry.string, str) and entry.id and entry.string
        },
    )


def po_path(language: str) -> Path:
    """Where the sentences of a language are kept."""
    return _FOLDER / language / "LC_MESSAGES" / "truccam.po"
