"""The purpose in a sentence: what is left when camera, time and courtesies are cut out, as it was typed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from domain.vietnamese.folding import folded_text
from domain.vietnamese.readings import Piece

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def _spellings(words: str) -> frozenset[str]:
    """The words with their marks, and without any for those who type none."""
    marked = words.split()
    return frozenset(marked) | frozenset(folded_text(word) for word in marked)


_OPENING = _spellings(
    """
    dạ vâng ạ ơi a e em anh chị cô thầy bác chú tôi mình cháu chào kính thưa
    cho xin phép được nhờ giúp hộ với nhé nha dùm đúng please muốn cần yêu cầu
    xem lại coi check trích xuất tua cắt lấy gửi chụp quay trực tiếp
    lưu giữ khóa clip video hình ảnh đoạn ghi bản file cam camera
    là ở tại lúc vào từ đến trong khoảng tầm ngày hôm giờ hồi buổi giữa trước sau cái và của
    về để vì mục đích nhằm
    """
)
_PRONOUNS = _spellings("e em anh chị cô thầy bác chú tôi mình cháu")
_CLOSING = _spellings("ạ nhé nha nhe với giúp dùm hộ em anh chị cô thầy bác cảm ơn xin cho cam camera")
_LEADING_ON = _spellings("ở tại lúc vào và từ của trong")
"""Stripped before a camera or a time that was cut out, not at the end of the text."""

_REASON = _spellings("lý lí")
_OWN_MARKS_ONLY = frozenset({"co", "sau", "tai", "ve", "toi", "hinh", "ho", "ca"})
"""Without marks these are as often words of the purpose ("có", "tải"): only the marked one is courtesy."""

_ASKING = _spellings("xem clip video cam camera xin trích")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def purpose_of(text: str, cut: Sequence[Piece]) -> str:
    """What remains of `text` without the pieces and the courtesies at its edges, marks and capitals kept.

    When something remains on several sides of the pieces, the longest stretch is the purpose; one that
    only asks to see ("cho tôi xem camera") yields to one that doesn't.
    """
    parts = _between(text, cut)
    stretches = [_trimmed(part, last=place == len(parts) - 1) for place, part in enumerate(parts)]
    return max(stretches, key=_weight, default="")


def _weight(stretch: str) -> tuple[bool, int]:
    words = {word.text for word in _words(stretch)}
    return len(words) > 1 and words.isdisjoint(_ASKING), len(stretch)


def _between(text: str, cut: Sequence[Piece]) -> list[str]:
    found: list[str] = []
    at = 0
    for piece in sorted(cut, key=lambda piece: piece.start):
        if piece.start > at:
            found.append(text[at : piece.start])
        at = max(at, piece.end)
    found.append(text[at:])
    return found


def _words(stretch: str) -> list[_Word]:
    """The words; a mark typed as its own character belongs to the word before it."""
    words: list[_Word] = []
    for match in _WORD.finditer(stretch):
        end = match.end()
        while end < len(stretch) and unicodedata.combining(stretch[end]):
            end += 1
        if words and words[-1].end == match.start():
            words[-1] = _word(stretch, words[-1].start, end)
        else:
            words.append(_word(stretch, match.start(), end))
    return words


def _word(stretch: str, start: int, end: int) -> _Word:
    return _Word(unicodedata.normalize("NFC", stretch[start:end]).lower(), start, end)


def _trimmed(stretch: str, *, last: bool) -> str:
    closing = _CLOSING if last else _CLOSING | _LEADING_ON
    words = _words(stretch)
    first, end = 0, len(words)
    while first < end and (step := _courtesy(words, first)):
        first = min(first + step, end)
    while end > first and _is(words[end - 1], closing) and not _initial(stretch, words[end - 1]):
        end -= 1
    if first == end:
        return ""
    return " ".join(stretch[words[first].start : words[end - 1].end].split())


def _courtesy(words: Sequence[_Word], place: int) -> int:
    """How many words of courtesy begin here."""
    if words[place].text in _REASON and place + 1 < len(words) and words[place + 1].text == "do":
        return 2
    if not _is(words[place], _OPENING):
        return 0
    return int(words[place].text not in _PRONOUNS or _goes_on(words, place))


def _goes_on(words: Sequence[_Word], place: int) -> bool:
    """Whether somebody is only spoken to or asking ("em xin", "cô ơi"), not spoken of ("em bị mất")."""
    return place + 1 == len(words) or _is(words[place + 1], _OPENING)


def _initial(stretch: str, word: _Word) -> bool:
    """As the A in "N.V.A"."""
    return word.end - word.start == 1 and word.start > 0 and stretch[word.start - 1] == "."


def _is(word: _Word, courtesies: frozenset[str]) -> bool:
    return word.text in courtesies and word.text not in _OWN_MARKS_ONLY
