"""The names of a school's cameras, prepared once for looking up in folded text."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.cameras import Camera
from domain.vietnamese.folding import Folded, fold, folded_text
from domain.vietnamese.lexicon import GRAMMAR_WORDS

_WORD = re.compile(r"[a-z0-9]+(?:[/:.\-]\d[\d/:.\-h]*)?|#+")
_CODE = re.compile(r"([a-z]+)0*(\d+)")
_TYPED_CODE = re.compile(r"([a-z]+)[.\-]?0*(\d+)")
_REGISTERED = re.compile(r"([a-z]*)[^a-z0-9]*0*(\d{1,5})$")
_SHORT = {
    "hl": ("hanh", "lang"),
    "ct": ("cau", "thang"),
    "hs": ("hoc", "sinh"),
    "hc": ("hanh", "chinh"),
    "gv": ("giao", "vien"),
    "nx": ("nha", "xe"),
    "td": ("the", "duc"),
    "p": ("phong",),
    "lau": ("tang",),
}
_HALL = ("hanh", "lang")
_HALL_OF_FLOOR = re.compile(r"hanh lang tang (\d) nha ([a-z])")
_HOUSES = frozenset({"day", "khu", "toa"})
_FILLERS = frozenset({"truong", "hoc", "nha", "phong", "so", "tang", "san"})
_BEFORE_WEEKDAY = frozenset(
    {"sang", "trua", "chieu", "toi", "dem", "hom", "ngay", "luc", "vao", "gio", "choi"}
)
_NUMBERED_ROOMS = frozenset({"tin", "hoc", "lab", "tang"})
_OPTIONAL_HEADS = frozenset({"phong", "cua"})
_NO_PLACES = frozenset({("bao", "ve"), ("dau", "ghi")})
"""Without "phòng" these are people and things."""

_SAME: dict[tuple[str, ...], tuple[str, ...]] = {
    ("phong", "may"): ("phong", "tin"),
    ("phong", "vi", "tinh"): ("phong", "tin"),
    ("bai", "xe"): ("nha", "xe"),
    ("bai", "gui", "xe"): ("nha", "xe"),
    ("bai", "de", "xe"): ("nha", "xe"),
    ("nha", "de", "xe"): ("nha", "xe"),
    **{
        (head, "so", said): (head, digit)
        for head in ("hoc", "tin")
        for said, digit in (("mot", "1"), ("hai", "2"))
    },
    ("phong", "tin", "mot"): ("phong", "tin", "1"),
    ("phong", "tin", "hai"): ("phong", "tin", "2"),
    ("tin", "hoc", "mot"): ("tin", "hoc", "1"),
    ("tin", "hoc", "hai"): ("tin", "hoc", "2"),
    ("cang", "tin"): ("canteen",),
    ("can", "tin"): ("canteen",),
    **{
        ("tang", said): ("tang", digit)
        for said, digit in zip(("mot", "hai", "ba", "bon"), "1234", strict=True)
    },
}
"""Other words for the same place, wherever they stand in a name."""

_SAME_FIRST = frozenset(spoken[0] for spoken in _SAME)
_FLOORS = frozenset("1234567")
_FLOOR_WORDS = _FLOORS | {"tang", "hanh", "lang", "va", "voi", "lan"}
_GLUED_HOUSE = re.compile(r"(hl|ct)([a-d])")
_GLUED = re.compile(r"(hl)?t(\d)([a-d])")
_TAIL_HEADS = frozenset({"tang", "nha"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name or a text; `start` and `end` are places in the folded text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """One way to say a camera. A `part` names it only together with others: "tầng 2 nhà A"."""

    words: tuple[str, ...]
    camera: Camera
    part: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """How far a name goes along a text: `count` words of the text, the whole of it if `full`."""

    name: Name
    count: int
    full: bool


@dataclass(frozen=True, slots=True)
class _Beginning:
    """A name by its first word: only `seconds` can take it further than `alone`."""

    name: Name
    seconds: frozenset[str]
    alone: Fit

    @classmethod
    def of(cls, name: Name) -> "_Beginning":
        end = 1
        while end < len(name.words) and _can_be_left_out(name.words[end]):
            end += 1
        return cls(name, frozenset(name.words[1 : end + 1]), Fit(name, 1, full=len(name.words) == 1))


class CameraIndex:
    """All ways to say the cameras of a school. Build it when the registry changes, not for each message."""

    def __init__(self, cameras: Sequence[Camera]) -> None:
        self.cameras = tuple(cameras)
        self.codes: dict[tuple[str, int], Camera] = {}
        self.names: list[Name] = []
        for camera in self.cameras:
            typed = folded_text(camera.code)
            code = _REGISTERED.search(typed)
            if code is not None:
                self.codes[code[1], int(code[2])] = camera
            elif not typed.isdigit():
                self.names.append(Name(_spelled(typed), camera))
            if code is not None and not _CODE.fullmatch(typed) and not typed.isdigit():
                self.names.append(Name((typed,), camera))
            for text in (camera.name, *camera.aliases):
                self._add(text, camera)
            self._add_short_forms(camera)
            if camera.area:
                self.names.append(Name(_spelled(camera.area), camera, part=True))
        self.names = list(dict.fromkeys(name for name in self.names if name.words))
        self.by_first: dict[str, list[_Beginning]] = {}
        for name in self.names:
            self.by_first.setdefault(name.words[0], []).append(_Beginning.of(name))
        self.tails: dict[tuple[str, ...], list[Camera]] = {}
        for name in self.names:
            if len(name.words) == 3 and not name.part:  # noqa: PLR2004 - a head and two words
                self.tails.setdefault(name.words[1:], []).append(name.camera)
        self.prefixes = frozenset(prefix for prefix, _ in self.codes if prefix)
        self.spellings = [" ".join(name.words) for name in self.names]
        words = {word for name in self.names for word in name.words if len(word) > 1}
        self.words = GRAMMAR_WORDS | words | set(_SHORT) | {f"{prefix}{n}" for prefix, n in self.codes}

    def _add(self, text: str, camera: Camera) -> None:
        words = _spelled(text)
        self.names.append(Name(words, camera))
        if len(words) > 2 and words[0] in _OPTIONAL_HEADS and words[1:] not in _NO_PLACES:  # noqa: PLR2004 - two words must remain
            self.names.append(Name(words[1:], camera))
        for index in range(1, len(words) - 1):
            if words[index] in _TAIL_HEADS and len(words[index:]) > 1:
                self.names.append(Name(words[index:], camera, part=True))

    def _add_short_forms(self, camera: Camera) -> None:
        """As in "B2" for the hall on floor 2 of house B, "hành lang kế toán" for one of two names."""
        words = _spelled(camera.name)
        floor = _HALL_OF_FLOOR.fullmatch(" ".join(words))
        if floor is not None:
            self.names.append(Name((floor[2] + floor[1],), camera))
        first, dash, last = camera.name.partition(" – ")
        if dash and _spelled(first)[:2] == _HALL:
            self.names.append(Name(_spelled(first), camera))
            self.names.append(Name((*_HALL, *_spelled(last)), camera))

    def folded(self, text: str) -> Folded:
        """The text folded, raw typing undone to the words of this school."""
        return fold(text, self.words)

    def numbered(self, number: int) -> Camera | None:
        """The camera with this number, if no two codes share it."""
        found = [camera for (_, n), camera in self.codes.items() if n == number]
        return found[0] if len(found) == 1 else None

    def coded(self, word: str) -> Camera | None:
        """The camera whose code this folded word is: "c01", "c1", "c.01"."""
        code = _TYPED_CODE.fullmatch(word)
        return self.codes.get((code[1], int(code[2]))) if code is not None and len(code[2]) < 6 else None  # noqa: PLR2004 - no code is longer

    def fits(self, words: Sequence[Word], first: int) -> list[Fit]:
        """Every name that begins at this word, as far as it goes."""
        beginnings = self.by_first.get(words[first].text, ())
        if first + 1 == len(words):
            return [beginning.alone for beginning in beginnings]
        second = words[first + 1].text
        return [
            _fit(beginning.name, words, first) if second in beginning.seconds else beginning.alone
            for beginning in beginnings
        ]


def words_of(folded: str) -> list[Word]:
    """The words of folded text, short forms written out: "hl t2 b" gives hành, lang, tầng, 2, b."""
    words: list[Word] = []
    found = list(_WORD.finditer(folded))
    for index, match in enumerate(found):
        text, start, end = match.group(), match.start(), match.end()
        before = words[-1].text if words else ""
        after = found[index + 1].group() if index + 1 < len(found) else ""
        words.extend(Word(word, start, end) for word in _written_out(text, before, after))
    if any(word.text in _SAME_FIRST for word in words):
        words = _with_synonyms(words)
    return _with_shared_house(words)


def _with_shared_house(words: list[Word]) -> list[Word]:
    """The words with the house said for each floor: "tầng 1 và 2 nhà A" is "tầng 1 nhà A và tầng 2 nhà A"."""
    house = next((place for place, word in enumerate(words) if word.text == "nha" and place > 2), None)  # noqa: PLR2004 - two floors stand before it
    if house is None or house + 1 == len(words) or len(words[house + 1].text) > 1:
        return words
    first = house
    while first and words[first - 1].text in _FLOOR_WORDS:
        first -= 1
    while words[first].text != "tang" and first < house:
        first += 1
    floors = [
        Word(word.text, before.start if before.text == "tang" else word.start, word.end)
        for before, word in itertools.pairwise(words[first:house])
        if word.text in _FLOORS
    ]
    if len(floors) < 2:  # noqa: PLR2004 - one floor shares nothing
        return words
    hall = _HALL if [word.text for word in words[max(0, first - 2) : first]] == ["hanh", "lang"] else ()
    letter = words[house + 1].text
    shared = words[: first - len(hall)]
    for floor in floors:
        start = words[first - len(hall)].start if floor is floors[0] else floor.start
        end = words[house + 1].end if floor is floors[-1] else floor.end
        shared += [Word(text, start, end) for text in (*hall, "tang", floor.text, "nha", letter)]
    return shared + words[house + 2 :]


def _with_synonyms(words: list[Word]) -> list[Word]:
    """The words with other names of a place replaced: "bãi gửi xe" by "nhà xe"."""
    replaced: list[Word] = []
    place = 0
    while place < len(words):
        for length in (3, 2):
            said = tuple(word.text for word in words[place : place + length])
            after = words[place + length].text if place + length < len(words) else ""
            same = _SAME.get(said) if len(said) == length else None
            if same is not None and not (said[-1] == "may" and after == "chu"):
                end = words[place + length - 1].end
                first = Word(same[0], words[place].start, end if len(same) == 1 else words[place].end)
                replaced.append(first)
                replaced.extend(Word(word, words[place + 1].start, end) for word in same[1:])
                place += length
                break
        else:
            replaced.append(words[place])
            place += 1
    return replaced


def _written_out(text: str, before: str, after: str) -> tuple[str, ...]:
    if text == "so" and after.isdigit() and before in _NUMBERED_ROOMS:
        return ()
    if text in _SHORT and not (text == "lau" and not after.isdigit()):
        return _SHORT[text]
    if text in _HOUSES and len(after) == 1 and after.isalpha():
        return ("nha",)
    house = _GLUED_HOUSE.fullmatch(text)
    if house is not None:
        return (*_SHORT[house[1]], "nha", house[2])
    glued = _GLUED.fullmatch(text)
    if glued is not None:
        hall = ("hanh", "lang") if glued[1] else ()
        return (*hall, "tang", glued[2], "nha", glued[3])
    match = _CODE.fullmatch(text)
    if match is None or text[len(match[1])] == "0":
        return (text,)
    letters, number = match[1], match[2]
    if letters == "t" and _is_floor(before, after):
        return ("tang", number)
    if len(letters) == 1 and before == "lang" and letters != "t":
        return ("tang", number, "nha", letters)
    if len(letters) > 1 and letters not in {"cam", "camera"}:
        return (letters, number)
    return (text,)


def _is_floor(before: str, after: str) -> bool:
    """Whether "t2" is a floor: "hl t2", "t2 nhà B", "t2 b"; in "sáng t2 a" it's a Monday and a courtesy."""
    if before in {"lang", "nha"} or after == "nha":
        return True
    if _CODE.fullmatch(before) is not None:
        return False
    return len(after) == 1 and after in "abcd" and before not in _BEFORE_WEEKDAY and not before[:1].isdigit()


def _spelled(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in words_of(folded_text(text)))


def _can_be_left_out(word: str) -> bool:
    return word in _FILLERS or word.isdigit()


def _fit(name: Name, words: Sequence[Word], first: int) -> Fit:
    at = 1
    count = 1
    total = len(name.words)
    for word in words[first + 1 :]:
        if at == total:
            break
        step = at
        while step < total and name.words[step] != word.text:
            if not _can_be_left_out(name.words[step]):
                return Fit(name, count, full=False)
            step += 1
        if step == total:
            break
        skipped_number = any(skipped.isdigit() for skipped in name.words[at:step])
        if skipped_number:
            return _loose(name, words, first, count, step)
        at = step + 1
        count += 1
    return Fit(name, count, full=at == total)


def _loose(name: Name, words: Sequence[Word], first: int, count: int, step: int) -> Fit:
    """Goes on after a skipped number ("hành lang nhà B"): the name can't be full any more."""
    for word in words[first + count :]:
        if step < len(name.words) and word.text == name.words[step]:
            step += 1
            count += 1
        else:
            break
    return Fit(name, count, full=False)
