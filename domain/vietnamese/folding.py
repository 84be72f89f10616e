"""Folding: text without marks and capitals, each letter remembering where it came from.

"Cổng CHÍNH", "cong chinh" and decomposed "Cổng" become one spelling. Raw Telex ("coongr chinhs") and VNI
("cong63 chinh1") typing is undone only where that yields a known word and the word as typed is none.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from domain.vietnamese.lexicon import (
    GRAMMAR_WORDS,
    NOT_MEANT,
    NOT_MEANT_RAW,
    SHORT_FORMS,
    SPLIT_BEFORE_NUMBER,
)
from domain.vietnamese.readings import Piece

MASK = "#"
MOST_CHARACTERS = 1000
"""Beyond this a text is no phrase any more: the rest of it is not searched, it can only be purpose."""

_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2192~")
_QUOTES = frozenset("\u2019\u2018\u00b4`\u2032")
_RAW_WORD = re.compile(r"[a-z][a-z0-9]*")
_CERTAIN_VNI = re.compile(
    r"(?<![a-z0-9])[a-z]*(?:[aeiouy][1-8]{1,2}[a-z]|[aeiouy][a-z]{0,2}[678][1-5](?!\d)|d9[a-z])"
)
_DOUBLED = re.compile(r"d{2,}|a{2,}|e{2,}|o{2,}")
_TONE_LETTER = re.compile(r"(?<=[aeiouy])([a-z]*?)[sfrxj]")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text. Its letter i came from `original[starts[i]:ends[i]]`."""

    text: str
    original: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def piece(self, start: int, end: int) -> Piece:
        """Where `text[start:end]` (not empty) stands in the original."""
        return Piece(self.starts[start], self.ends[end - 1])

    def masked(self, pieces: tuple[Piece, ...], mask: str = MASK) -> "Folded":
        """The same with each letter of these pieces of the original replaced by `mask`."""
        if not pieces:
            return self
        letters = list(self.text)
        for piece in pieces:
            first = bisect_left(self.starts, piece.start)
            last = bisect_left(self.starts, piece.end)
            letters[first:last] = mask * (last - first)
        return Folded("".join(letters), self.original, self.starts, self.ends)


def fold(text: str, words: frozenset[str] = GRAMMAR_WORDS) -> Folded:
    """Fold a text; `words` are the folded words that raw Telex and VNI typing may be undone to."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, character in enumerate(text):
        folded = _folded(character)
        if not folded:
            if ends and character != "\u200b":
                ends[-1] = position + 1
            continue
        if folded == " " and letters and letters[-1] == " ":
            ends[-1] = position + 1
            continue
        for letter in folded:
            letters.append(letter)
            starts.append(position)
            ends.append(position + 1)
    return _with_typing_undone(Folded("".join(letters), text, tuple(starts), tuple(ends)), words)


def folded_text(text: str) -> str:
    """The folded letters alone, trimmed, nothing undone."""
    return fold(text, frozenset()).text.strip()


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character == "\u00b1":
        return "+-"
    if character in _QUOTES:
        return "'"
    if character.isspace():
        return " "
    base = "".join(
        part
        for part in unicodedata.normalize("NFKD", character)
        if unicodedata.category(part) not in {"Mn", "Cf", "Cc"}
    )
    base = base.lower().replace("đ", "d")
    if not base:
        return ""
    return base if all(part.isalnum() or part.isascii() for part in base) else " "


def _with_typing_undone(folded: Folded, words: frozenset[str]) -> Folded:
    text = folded.text
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    vni = _CERTAIN_VNI.search(text) is not None
    for found in _RAW_WORD.finditer(text):
        start, end = found.span()
        if start and text[start - 1].isdigit():
            continue
        word = found.group()
        better = _better_word(word, folded, (start, end), words, vni=vni)
        if better == word:
            continue
        letters.append(text[done:start])
        starts.extend(folded.starts[done:start])
        ends.extend(folded.ends[done:start])
        if len(better) == len(word):
            starts.extend(folded.starts[start:end])
            ends.extend(folded.ends[start:end])
        else:
            starts.extend([folded.starts[start]] * len(better))
            ends.extend([folded.ends[end - 1]] * len(better))
        letters.append(better)
        done = end
    if not done:
        return folded
    letters.append(text[done:])
    starts.extend(folded.starts[done:])
    ends.extend(folded.ends[done:])
    return Folded("".join(letters), folded.original, tuple(starts), tuple(ends))


def _better_word(
    word: str, folded: Folded, place: tuple[int, int], words: frozenset[str], *, vni: bool
) -> str:
    if not words:
        return word
    start, end = place
    typed = folded.original[folded.starts[start] : folded.ends[end - 1]]
    if not typed.isascii():
        spoken = unicodedata.normalize("NFC", typed).lower()
        return MASK * len(word) if spoken in NOT_MEANT else word
    if word in words:
        return word
    if word in SHORT_FORMS:
        return SHORT_FORMS[word]
    if word in NOT_MEANT_RAW:
        return MASK * len(word)
    if word.isalpha():
        return _telex_undone(word, words) or word
    return _vni_undone(word, folded.text[end : end + 2], words, certain=vni) or word


@lru_cache(maxsize=4096)
def _telex_undone(word: str, words: frozenset[str]) -> str | None:
    if len(word) > 12:  # noqa: PLR2004 - no syllable is longer, even typed raw
        return None
    plain = _DOUBLED.sub(lambda pair: pair.group()[0], word).replace("w", "")
    if plain != word and len(plain) > 1 and plain in words:
        return plain
    for tone in reversed(list(_TONE_LETTER.finditer(plain))):
        bare = plain[: tone.end() - 1] + plain[tone.end() :]
        if len(bare) > 1 and bare in words:
            return bare
    return None


@lru_cache(maxsize=4096)
def _vni_undone(word: str, after: str, words: frozenset[str], *, certain: bool) -> str | None:
    bare = "".join(letter for letter in word if letter.isalpha())
    number = word[len(bare) :]
    together = not certain and word.startswith(bare) and bare in SPLIT_BEFORE_NUMBER
    if together and len(number) <= 2 and not after.strip()[:1].isdigit():  # noqa: PLR2004 - a day has two digits
        return None if number[0] == "0" else f"{bare} {number}"
    return bare if len(bare) > 1 and bare in words else None
