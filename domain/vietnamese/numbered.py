"""Cameras by their numbers and codes: "c5", "cam 5", "camera số 05", "cam 14 và 15"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.cameras import Camera
from domain.vietnamese.atoms import number_of
from domain.vietnamese.camera_index import CameraIndex, Word
from domain.vietnamese.lexicon import NUMBERS

UNITS = frozenset(
    {"giay", "s", "phut", "p", "h", "g", "gio", "thang", "ruoi", "kem", "den", "toi", "tieng", "ngay", "tiet"}
)
_NUMBER_WORDS = frozenset({*NUMBERS, "muoi"})
_MOST_NUMBER_WORDS = 3
_CODE = re.compile(r"([a-z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` to `last` of a text that name cameras; `full` if nothing of the name is missing."""

    first: int
    last: int
    cameras: tuple[Camera, ...]
    full: bool
    exact: bool = True
    grouped: bool = False

    @property
    def count(self) -> int:
        """How many words."""
        return self.last - self.first + 1


def by_number(words: Sequence[Word], first: int, index: CameraIndex) -> Mention | None:
    """Cameras by number: "c5", "c.05", "cam 5", "camera số 05"."""
    word = words[first].text
    coded = index.coded(word)
    if coded is not None:
        return Mention(first, first, (coded,), full=True)
    if word.startswith("cam"):
        together = re.fullmatch(r"cam(?:era)?[.\-]?0*(\d{1,4})", word)
        if together is not None:
            return _by_number(int(together[1]), first, first, index)
    if word not in {"cam", "camera"}:
        return None
    last = first + 1
    if last < len(words) and words[last].text == "so":
        last += 1
    if last < len(words) and words[last].text.isdigit() and len(words[last].text) < 4:  # noqa: PLR2004 - no school has 1,000
        return _by_number(int(words[last].text), first, last, index)
    return _in_words(words, first, last, index)


def _in_words(words: Sequence[Word], first: int, at: int, index: CameraIndex) -> Mention | None:
    """As in "cam số ba mươi", "camera mười hai"; a single word of number needs its "số"."""
    last = at
    while last < len(words) and last < at + _MOST_NUMBER_WORDS and words[last].text in _NUMBER_WORDS:
        last += 1
    said = [word.text for word in words[at:last]]
    if not said or ("muoi" not in said[:2] and (at == first + 1 or len(said) > 1)):
        return None
    return _by_number(number_of(" ".join(said)), first, last - 1, index)


def _by_number(number: int, first: int, last: int, index: CameraIndex) -> Mention | None:
    camera = index.numbered(number)
    return None if camera is None else Mention(first, last, (camera,), full=True)


def more_numbers(words: Sequence[Word], mention: Mention, text: str, index: CameraIndex) -> Mention:
    """As in "cam 14 và 15", "cam 3, 4, 5": the numbers that follow are cameras, too.

    With nothing between ("cam 5 6") they may be; that's a question.
    """
    cameras, last, loose = list(mention.cameras), mention.last, False
    while last + 1 < len(words):
        word = words[last + 1]
        gap = text[words[last].end : word.start]
        after = words[last + 2].text if last + 2 < len(words) else ""
        number = word.text if word.text.isdigit() and after not in UNITS else ""
        if word.text in {"va", "voi"} and last + 2 < len(words) and words[last + 2].text.isdigit():
            beyond = words[last + 3].text if last + 3 < len(words) else ""
            number, step = (words[last + 2].text, 2) if beyond not in UNITS else ("", 0)
        elif not gap.strip(" ,&+"):
            step = 1
        else:
            break
        camera = index.numbered(int(number)) if 0 < len(number) < 4 else None  # noqa: PLR2004 - no school has 1,000
        if camera is None:
            break
        cameras.append(camera)
        loose = loose or (step == 1 and not gap.strip())
        last += step
    cameras = list(dict.fromkeys(cameras))
    several = len(cameras) > 1 and not loose
    return replace(mention, last=last, cameras=tuple(cameras), grouped=several or mention.grouped)


def unknown_code(words: Sequence[Word], index: CameraIndex) -> bool:
    """As in "c1 và c33" where there's no C33."""
    return any(
        (code := _CODE.fullmatch(word.text)) is not None
        and code[1] in index.prefixes
        and len(code[2]) > 1
        and index.coded(word.text) is None
        for word in words
    )
