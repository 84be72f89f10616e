"""Finding the cameras that a text names: exactly first, then misspelt, never by a silent guess."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from domain.cameras import Camera
from domain.vietnamese.camera_index import CameraIndex, Fit, Word, words_of
from domain.vietnamese.folding import MOST_CHARACTERS, Folded, folded_text
from domain.vietnamese.lexicon import GRAMMAR_WORDS
from domain.vietnamese.neighbours import (
    is_elsewhere,
    is_negated,
    is_no_name,
    with_sibling,
    without_taken_back,
)
from domain.vietnamese.numbered import UNITS, Mention, by_number, more_numbers, unknown_code
from domain.vietnamese.readings import Match, Outcome, Piece

_SURE_SCORE = 80
_GLUED_SCORE = 100.0
"""Every letter is right, only the spaces are missing: "thuvien"."""

_SHORT_TEXT = 8
_SHORT_TEXT_SCORE = 87
_TIE_POINTS = 5
_NEAREST = 4
_MOST_WORDS = 200
_WHOLE_WORDS = 6
_SHORT_WORDS = 3
_SHORT_WORD = 3
_SHORTEST_NAME = 4
_LONGEST_NAME = 60
_GROUP_REACH = 20

_ALL = re.compile(r"(?<![a-z0-9#])(?:tat ?ca|toan bo|all|het ca)(?: (?:cac )?(?:cam(?:era)?))?(?![a-z0-9#])")
_GROUP = re.compile(r"(?:^|[^a-z0-9])(?:ca|cac|tat ca|toan bo)(?: (?:hai|ba|bon|\d))? $")
_COUNT = re.compile(r"(?:^|[^a-z0-9])(hai|ba|bon|[2-9]) $")
_COUNTS = {"hai": 2, "ba": 3, "bon": 4}
_NOT_COUNTED = frozenset(
    {
        "tiet",
        "thu",
        "tang",
        "cam",
        "camera",
        "luc",
        "den",
        "tu",
        "ngay",
        "hom",
        "so",
        "lop",
        "khoi",
        "tin",
        "kem",
    }
)
_MODIFIERS = frozenset(
    {"ben", "trai", "phai", "moi", "cu", "lon", "nho", "to", "be", "tren", "duoi", "khac", "nao"}
)
"""Words that make another place of a short name: "cổng bên" is hardly the main gate."""
_JOIN = re.compile(r"\s*(?:,|va|&|\+|voi|cung|lan|;|, va|va ca)?\s*")
_HEADS = frozenset(
    {
        "cam",
        "camera",
        "phong",
        "san",
        "nha",
        "hanh",
        "tang",
        "cau",
        "cong",
        "sanh",
        "chot",
        "bep",
        "kho",
        "tuong",
    }
)
_FEW = frozenset({"1", "2", "3", "4"})
_MANY = frozenset({"2", "3", "4", "5", "hai", "ba", "bon"})
_ALONE = frozenset({"san", "cong", "sanh", "chot", "bep", "kho"})
_NUMBERED = frozenset({"lab"})
_WITHIN = frozenset({"chot", "kho", "cua", "sanh", "phong", "san"})
"""With another place right behind them these may say where they are: "chốt bảo vệ cổng phụ"."""


def find_cameras(text: str, cameras: CameraIndex | Sequence[Camera]) -> Match:
    """The cameras a text names: a code, a name, an alias, a floor, a part of these, or "tất cả".

    The text may be a command's argument or a whole sentence. An exact code goes before an exact name, that
    before a spelling that is nearly one (`fuzz.ratio` of at least 80); candidates within 5 points of each
    other are all returned as UNCLEAR. A short text that names nothing known is UNKNOWN.
    """
    index = cameras if isinstance(cameras, CameraIndex) else CameraIndex(cameras)
    return match_folded(index.folded(text[:MOST_CHARACTERS]), index)


def match_folded(folded: Folded, index: CameraIndex, *, numbered: bool = True) -> Match:
    """As `find_cameras`, for text that is folded already.

    `numbered` is False where a number after a name is something else, as in "/clip cổng 3".
    """
    words = words_of(folded.text)[:_MOST_WORDS]
    mentions = _exact(words, folded.text, index, numbered=numbered)
    if mentions:
        return _settled(mentions, words, folded, index)
    everything = _ALL.search(folded.text)
    if everything is not None:
        return Match(Outcome.ALL, index.cameras, (folded.piece(*everything.span()),))
    return _nearly(words, folded, index)


def _exact(words: Sequence[Word], text: str, index: CameraIndex, *, numbered: bool) -> list[Mention]:
    found: list[Mention] = []
    for first, word in enumerate(words):
        start = word.start
        grouped = _GROUP.search(text[max(0, start - _GROUP_REACH) : start]) is not None
        mention = (
            by_number(words, first, index)
            or _counted(words, first, text, index)
            or _named(words, first, index, grouped=grouped)
        )
        if numbered and mention is not None and mention.full and _is_numbered(word.text, index):
            mention = more_numbers(words, mention, text, index)
        if mention is not None:
            mention = with_sibling(words, mention, text, index)
        if numbered and mention is not None and mention.full and _with_number(words, mention):
            mention = _named(words, first, index, grouped=True)
            mention = mention and replace(mention, full=False, grouped=False)
        if mention is not None:
            found.append(mention)
    found.sort(key=lambda mention: (-mention.count, not mention.full, mention.first))
    taken: set[int] = set()
    kept: list[Mention] = []
    for mention in found:
        places = range(mention.first, mention.last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(mention)
    kept.sort(key=lambda mention: mention.first)
    return kept


def _counted(words: Sequence[Word], first: int, text: str, index: CameraIndex) -> Mention | None:
    """As in "hai cổng", "2 nhà xe": a group where the number is that of its cameras, else a question."""
    count = _COUNT.search(text[max(0, words[first].start - _GROUP_REACH) : words[first].start])
    if count is None or words[first].text not in _HEADS:
        return None
    before = words[first - 2].text if first > 1 else ""
    if before in _NOT_COUNTED or before[:1].isdigit():
        return None
    number = _COUNTS.get(count[1]) or int(count[1])
    mention = _named(words, first, index, grouped=True)
    if mention is None or len(mention.cameras) == 1:
        return None
    fits = len(mention.cameras) == number
    return replace(mention, full=False, grouped=fits) if fits or count[1] in _COUNTS else None


def _is_numbered(word: str, index: CameraIndex) -> bool:
    return word.startswith("cam") or index.coded(word) is not None


def _with_number(words: Sequence[Word], mention: Mention) -> bool:
    """As in "cổng 2", "cổng số 2", "kho2": which of them?"""
    if mention.count > 1:
        return False
    beside = words[mention.last + 1] if mention.last + 1 < len(words) else None
    if beside is not None and beside.text.isdigit() and beside.start == words[mention.last].start:
        return True
    if words[mention.first].text not in _ALONE | _NUMBERED:
        return False
    after = [word.text for word in words[mention.last + 1 : mention.last + 4]]
    if after[:1] != [] and after[0] in _MODIFIERS and after[:2] not in (["moi", "nay"], ["moi", "day"]):
        return True
    if after[:1] == ["so"]:
        return after[1:2] != [] and after[1].isdigit()
    return after[:1] != [] and after[0] in _FEW and (len(after) == 1 or after[1] not in UNITS)


def _named(words: Sequence[Word], first: int, index: CameraIndex, *, grouped: bool) -> Mention | None:
    if is_no_name(words, first):
        return None
    fits = index.fits(words, first)
    if not fits:
        return None
    longest = max(fit.count for fit in fits)
    stretched = _stretched(fits, words, first, longest, index)
    if stretched is not None:
        return stretched
    best = [fit for fit in fits if fit.count == longest]
    full = [fit for fit in best if fit.full and not fit.name.part]
    if not full and longest == 1 and words[first].text not in _ALONE and len(words) > 1:
        return None
    if not full and longest == 1 and not any(fit.name.words[0] == words[first].text for fit in best):
        return None
    whole = [fit for fit in best if not fit.name.part]
    group = (whole or best) if grouped else full or best
    cameras = tuple(dict.fromkeys(fit.name.camera for fit in group))
    return Mention(first, first + longest - 1, cameras, full=bool(full), grouped=grouped)


def _stretched(
    fits: Sequence[Fit], words: Sequence[Word], first: int, longest: int, index: CameraIndex
) -> Mention | None:
    """As in "cong chnh": the next word is misspelt, so the short name before it wasn't meant."""
    if first + longest >= len(words):
        return None
    word = words[first + longest].text
    if word in index.words or word in GRAMMAR_WORDS or not word.isalpha() or len(word) < 2:  # noqa: PLR2004 - one letter is no spelling error
        return None
    cameras = tuple(
        dict.fromkeys(
            fit.name.camera
            for fit in fits
            if fit.count == longest
            and len(fit.name.words) > longest
            and fit.name.words[longest][0] == word[0]
            and fuzz.ratio(fit.name.words[longest], word) >= _SURE_SCORE
        )
    )
    return Mention(first, first + longest, cameras, full=False, exact=False) if cameras else None


def _settled(mentions: Sequence[Mention], words: Sequence[Word], folded: Folded, index: CameraIndex) -> Match:
    mentions = _narrowed(mentions, words, folded)
    mentions, taken_back, excluded = without_taken_back(mentions, words, folded.text)
    pieces = tuple(folded.piece(words[m.first].start, words[m.last].end) for m in mentions)
    pieces = tuple(sorted((*pieces, *(folded.piece(*place) for place in taken_back)), key=_start))
    exact = all(mention.exact for mention in mentions)
    cameras = tuple(dict.fromkeys(camera for mention in mentions for camera in mention.cameras))
    cameras = tuple(camera for camera in cameras if camera not in excluded) or cameras
    before = folded.text[: words[mentions[0].first].start]
    if (
        unknown_code(words, index)
        or is_negated(before)
        or (len(cameras) == 1 and _counts_floors(words))
        or is_elsewhere(before, words[mentions[0].first].text)
    ):
        return Match(Outcome.UNCLEAR, cameras, pieces, exact=False)
    if len(mentions) == 1 and mentions[0].count == 1 and len(words) <= _SHORT_WORDS:
        others = _qualified(words, index)
        if others:
            cameras = tuple(dict.fromkeys((*cameras, *others)))[:_NEAREST]
            return Match(Outcome.UNCLEAR, cameras, pieces, exact=False)
    if len(cameras) == 1:
        return Match(Outcome.ONE, cameras, pieces, exact, corrected=taken_back != [])
    clear = all(mention.grouped or len(mention.cameras) == 1 for mention in mentions)
    joined = all(
        _JOIN.fullmatch(folded.text[words[before.last].end : words[after.first].start]) is not None
        for before, after in itertools.pairwise(mentions)
    )
    joined = joined and not any(
        words[before.first].text in _WITHIN or (before.count == 1 and words[before.last].text in _ALONE)
        for before, after in itertools.pairwise(mentions)
        if not folded.text[words[before.last].end : words[after.first].start].strip()
    )
    outcome = Outcome.SET if clear and joined else Outcome.UNCLEAR
    return Match(outcome, cameras, pieces, exact, corrected=taken_back != [])


def _counts_floors(words: Sequence[Word]) -> bool:
    """As in "hành lang 3 tầng nhà A": three floors, not the third."""
    return any(
        count.text in _MANY and floor.text == "tang" and not after.text.isdigit()
        for count, floor, after in zip(words, words[1:], words[2:], strict=False)
    )


def _start(piece: Piece) -> int:
    return piece.start


def _narrowed(mentions: Sequence[Mention], words: Sequence[Word], folded: Folded) -> list[Mention]:
    """As in "nhà B tầng 3": neighbours that each leave several cameras mean the ones they share."""
    kept = [mentions[0]]
    for mention in mentions[1:]:
        before = kept[-1]
        gap = folded.text[words[before.last].end : words[mention.first].start]
        shared = tuple(camera for camera in before.cameras if camera in mention.cameras)
        if shared and len(before.cameras) > 1 and len(mention.cameras) > 1 and gap.strip() in {"", ","}:
            exact = before.exact and mention.exact
            kept[-1] = Mention(before.first, mention.last, shared, full=False, exact=exact)
        elif shared and len(before.cameras) == 1 and not mention.full and not gap.strip():
            kept[-1] = replace(before, last=mention.last)
        else:
            kept.append(mention)
    return kept


def _qualified(words: Sequence[Word], index: CameraIndex) -> tuple[Camera, ...]:
    """As in "back gate": a short name beside a word that no camera has isn't surely that camera."""
    if any(index.coded(word.text) for word in words):
        return ()
    strange = any(word.text.isalpha() and word.text not in index.words for word in words)
    return _nearest(words, index) if strange else ()


def _nearly(words: Sequence[Word], folded: Folded, index: CameraIndex) -> Match:
    candidates = [
        (first, last)
        for first, last in _windows(words)
        if _SHORTEST_NAME <= words[last].end - words[first].start <= _LONGEST_NAME
    ]
    best: dict[str, float] = {}
    where: Piece | None = None
    top = 0.0
    for first, last in candidates:
        spoken = " ".join(word.text for word in words[first : last + 1])
        near = process.extract(spoken, index.spellings, scorer=fuzz.ratio, score_cutoff=_SURE_SCORE, limit=8)
        near = [one for one in near if _plausible(spoken, one[0], one[1])]
        glued = [one for one in near if one[0].replace(" ", "") == spoken]
        if glued and top < _GLUED_SCORE:
            top, where, best = _GLUED_SCORE, folded.piece(words[first].start, words[last].end), {}
            best = {index.names[place].camera.code: top for _, _, place in glued}
            continue
        if not near or near[0][1] <= top:
            continue
        top = near[0][1]
        where = folded.piece(words[first].start, words[last].end)
        best = {}
        for _, score, place in near:
            code = index.names[place].camera.code
            best[code] = max(score, best.get(code, 0.0))
    if where is not None:
        close = [code for code, score in best.items() if score > top - _TIE_POINTS]
        cameras = tuple(camera for camera in index.cameras if camera.code in close)
        outcome = Outcome.ONE if len(cameras) == 1 else Outcome.UNCLEAR
        return Match(outcome, cameras, (where,), exact=top == _GLUED_SCORE and len(cameras) == 1)
    named = [word for word in words if not word.text.startswith("#")]
    plain = folded_text(folded.original).split() if len(words) < _SHORT_WORDS else []
    if _ALONE.intersection(plain):  # as in "công an": a place but for its marks
        return Match(Outcome.UNKNOWN, _nearest(named, index), exact=False)
    if all(_empty(word) for word in named):
        return Match(Outcome.NOTHING)
    if len(words) > _WHOLE_WORDS and not any(word.text in _HEADS for word in words):
        return Match(Outcome.NOTHING)
    return Match(Outcome.UNKNOWN, _nearest(named, index), exact=False)


def _plausible(spoken: str, spelling: str, score: float) -> bool:
    """Whether it's a slip: short texts must be nearer, short words begin alike ("nha ve" isn't "nha xe")."""
    if len(spoken) < _SHORT_TEXT and score < _SHORT_TEXT_SCORE:
        return False
    said, spelt = spoken.split(), spelling.split()
    return len(said) != len(spelt) or all(
        one[0] == other[0] or len(one) > _SHORT_WORD for one, other in zip(said, spelt, strict=True)
    )


def _empty(word: Word) -> bool:
    """Whether a word can't be a place."""
    return len(word.text) == 1 or (word.text in GRAMMAR_WORDS and word.text not in _HEADS)


def _windows(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Where a misspelt name is looked for: short texts anywhere, long ones around their unknown words."""
    starts = [
        place
        for place, word in enumerate(words)
        if word.text[0].isalpha() and (word.text in _HEADS or word.text not in GRAMMAR_WORDS)
    ][:4]
    return [
        (first, last)
        for first in starts
        for last in range(first, min(first + 5, len(words)))
        if all(word.text[0] != "#" for word in words[first : last + 1])
    ]


def _nearest(words: Sequence[Word], index: CameraIndex) -> tuple[Camera, ...]:
    spoken = " ".join(word.text for word in words[:_WHOLE_WORDS])[:_LONGEST_NAME]
    near = process.extract(spoken, index.spellings, scorer=fuzz.ratio, limit=12)
    return tuple(dict.fromkeys(index.names[place].camera for _, _, place in near))[:_NEAREST]
