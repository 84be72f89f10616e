"""Words beside a camera's name that add another camera, or tell that a place without a camera is meant."""

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.cameras import Camera
from domain.vietnamese.camera_index import CameraIndex, Word
from domain.vietnamese.numbered import UNITS, Mention

_ROOM = (
    r"(?:nha ve sinh|ve sinh|wc|toilet|phong (?:thay do|tam|y te|tu van|nghi|\d{2,3})|phong hoc"
    r"|lop(?: hoc)? ?\d{1,2}[a-z]?\d?|lop [a-z])(?: (?:nam|nu|\d{1,3}[a-z]?))?"
)
_IN_ROOM = re.compile(rf"(?<![a-z0-9]){_ROOM},?(?: (?:o|tai|tren|cua))? $")
_NEAR_ROOM = re.compile(
    rf"(?<![a-z0-9]){_ROOM}(?: (?:o|tai))? (?:ben canh|canh|gan|sau|doi dien|truoc|phia sau) $"
)
_NEAR_CAMERA = re.compile(
    r"(?<![a-z0-9])(?:(?:cam|camera|cho|khu|goc)(?: nao)? (?:o )?(?:ben canh|canh|gan|doi dien|ke)"
    r"|cam(?:era)? sau"
    r"|(?:^|chup|xem|quay|anh|hinh|lay)(?: (?:giup|cho|em|a|ho))* ?(?:gan|canh|doi dien|ke|sat)) $"
)
_NEGATED = re.compile(
    r"(?<![a-z0-9])(?:(?:chu |ma )?(?:khong|ko|k) (?:phai|can|lay|xem)|chu (?:khong|ko)|ngoai tru|tru"
    r"|thay vi|(?:dung|khoi) (?:lay|chup|xem|quay))(?: (?:la|o|tai|xem|chup|quay|lay))?(?: cam(?:era)?)? $"
)
_TAKEN_BACK = re.compile(
    r"[ ,.]*(?:(?:a|af|a2|y|ay|ui|oi|uh|em|e|xin loi)[ ,]*)?(?:khong|ko|nham|lon|quen)(?: roi| mat)?"
    r"(?: phai)?[ ,.]*(?:(?:la|o|tai|xem|phai la) )?(?:cam(?:era)? )?"
)
_NOT_NUMBER = re.compile(
    r"(?: (?:nhe|nha|co|a|thoi|em))*[ ,.]*(?:chu |ma )?(?:khong|ko|k) phai (?:la )?"
    r"(?:cam |so |c)?\d{1,3}(?![\da-z:/])"
)
_MOVING = re.compile(
    r"(?<![a-z0-9])(?:chay|di|nhay|treo|leo|bo|lai|phong|dat|tron|lao|xong)(?: (?:bo|xe|nhanh))?"
    r"(?: (?:sang|vao|ra|len|xuong|qua|tu|den|toi|ve))? $"
    r"|(?<![a-z0-9])(?:hs|hoc sinh|em|xe|nguoi|ban) (?:sang|vao|ra|len|xuong|qua|tu|ve) $"
)
_ASKED = re.compile(
    r"(?<![a-z0-9])(?:xem|check|kiem tra|trich|lay|cam|camera|chup|quay)(?: lai| giup)?(?: cam)? $"
)
_PART_HEADS = frozenset({"tang", "nha", "day", "khu"})
_JOINERS = frozenset({"va", "voi", "lan", "cung"})
_REACH = 24
_NOT_TAILS = frozenset({("hoc", "sinh"), ("giao", "vien")})
"""People that a place is said beside: "cổng học sinh ..."."""


def is_elsewhere(before: str, head: str) -> bool:
    """Whether the words before a name speak of another place: "nhà vệ sinh tầng 2 nhà B", "cam gần cổng".

    `head` is the first word of the name; a building or a floor only says where the room is.
    """
    if head in _PART_HEADS and _IN_ROOM.search(before) is not None:
        return True
    return _NEAR_ROOM.search(before) is not None or _NEAR_CAMERA.search(before) is not None


_MISTAKEN = frozenset({"nham", "lon", "quen", "khong", "ko"})
"""Behind "à" in raw VNI ("a2"), which is no hall then."""

_HOUR_WORDS = frozenset({"gio", "luc"})
_HOUR_OF = frozenset({"ban"})
"""As in "giờ bán trú": an hour, not the kitchen."""

_NOT_PLACES = frozenset(
    {
        ("cong", "an"),
        ("cong", "viec"),
        ("cong", "doan"),
        ("cong", "tac"),
        ("cong", "khai"),
        ("cong", "nhan"),
        ("cong", "ty"),
        ("cong", "bo"),
        ("san", "sang"),
        ("san", "pham"),
        ("kho", "khan"),
        ("kho", "chiu"),
    }
)
"""They begin as a place does."""


def is_no_name(words: Sequence[Word], first: int) -> bool:
    """Whether a word only looks like the first of a name: "công an", "giờ bán trú", "a2 nhầm"."""
    said = words[first].text
    after = words[first + 1].text if first + 1 < len(words) else ""
    of_hour = first > 0 and words[first - 1].text in _HOUR_WORDS and said in _HOUR_OF
    return of_hour or (said, after) in _NOT_PLACES or (said == "a2" and after in _MISTAKEN)


def is_negated(before: str) -> bool:
    """Whether the words before a name exclude it: "không phải cổng chính", "trừ cổng phụ"."""
    return _NEGATED.search(before) is not None


def without_taken_back(
    mentions: Sequence[Mention], words: Sequence[Word], text: str
) -> tuple[Sequence[Mention], list[tuple[int, int]], set[Camera]]:
    """As in "không phải cổng chính, cổng phụ", "cổng chính à nhầm cổng phụ".

    Returns:
        The mentions that are meant, the places of the others in the text, and the cameras of those that
        were excluded by name. Nothing is taken back where nothing would be left.
    """
    kept: list[Mention] = []
    places: list[tuple[int, int]] = []
    excluded: set[Camera] = set()
    end = 0
    for place, mention in enumerate(mentions):
        start, last = words[mention.first].start, words[mention.last].end
        negated = _NEGATED.search(text, end, start)
        if negated is not None:
            places.append((negated.start(), last))
            excluded.update(mention.cameras)
        elif _is_passed(mentions, place, words, text):
            places.append((start, last))
        elif place + 1 < len(mentions) and _TAKEN_BACK.fullmatch(
            text, last, after := words[mentions[place + 1].first].start
        ):
            places.append((start, after - 1))
        else:
            kept.append(mention)
        number = _NOT_NUMBER.match(text, last)
        if number is not None and words[mention.last].text[-1].isdigit():
            places.append((last, number.end()))
        end = last
    return (kept, places, excluded) if kept else (mentions, [], set())


def _is_passed(mentions: Sequence[Mention], place: int, words: Sequence[Word], text: str) -> bool:
    """As in "hs chạy sang nhà B ..., xem hl t1 a": where somebody went, beside what is asked for."""
    start = words[mentions[place].first].start
    if len(mentions) == 1 or _MOVING.search(text, max(0, start - _REACH), start) is None:
        return False
    others = [words[one.first].start for one in mentions if one is not mentions[place]]
    return any(_ASKED.search(text, max(0, other - _REACH), other) is not None for other in others)


def with_sibling(words: Sequence[Word], mention: Mention, text: str, index: CameraIndex) -> Mention:
    """As in "phòng tin 1 và 2", "nhà xe hs, gv": the cameras that share the first words of a name.

    With nothing between ("nhà xe hs gv", "cổng bảo vệ") it's a question which of them is meant.
    """
    if len(mention.cameras) != 1:
        return mention
    after = mention.last + 1
    if after >= len(words):
        return mention
    joined = words[after].text in _JOINERS
    comma = text[words[mention.last].end : words[after].start].strip() == ","
    after += joined
    named = list(words[mention.first : mention.last + 1])
    if len(named) == 1:
        return mention if joined or comma else _of_tail(words, mention, after, index)
    for kept in range(len(named) - 1, 0, -1):
        others = list(words[after : after + len(named) - kept])
        if not others or not _may_name(others, words, after, joined=joined):
            continue
        camera = _full_name([*named[:kept], *others], index, part=not mention.full)
        if camera is not None and camera not in mention.cameras:
            several = (*mention.cameras, camera)
            last = after + len(others) - 1
            return replace(mention, last=last, cameras=several, grouped=joined or comma)
    return mention


def _may_name(others: Sequence[Word], words: Sequence[Word], after: int, *, joined: bool) -> bool:
    """Whether words can go on a name: no courtesy ("a"), no number of minutes or lessons."""
    first = others[0].text
    if len(first) == 1 and first.isalpha():
        return joined and not (first == "a" and words[after - 1].text == "voi")
    if not first.isdigit():
        return True
    beyond = [word.text for word in words[after + 1 : after + 3]]
    return (
        not beyond
        or beyond[0] not in UNITS
        or (beyond[0] == "tiet" and beyond[1:] != [] and beyond[1].isdigit())
    )


def _full_name(words: Sequence[Word], index: CameraIndex, *, part: bool) -> Camera | None:
    cameras = {
        fit.name.camera.code: fit.name.camera
        for fit in index.fits(words, 0)
        if fit.full and fit.count == len(words) and fit.name.part in {False, part}
    }
    return next(iter(cameras.values())) if len(cameras) == 1 else None


def _of_tail(words: Sequence[Word], mention: Mention, after: int, index: CameraIndex) -> Mention:
    tail = tuple(word.text for word in words[after : after + 2])
    if tail in _NOT_TAILS:
        return mention
    others = [camera for camera in index.tails.get(tail, ()) if camera not in mention.cameras]
    if not others:
        return mention
    return replace(mention, last=after + 1, cameras=(*mention.cameras, *others), full=False)
