"""Nothing is dropped silently: words beside the camera or the time that the reading doesn't account for.

A second hour, a negation, a correction, an "or", a loose number: each may change what was meant, so each
makes the reading a question. Words of the purpose ("3 em", "lớp 8A3", "cần trước 16h chiều nay") don't.
"""

import re

from domain.vietnamese.atoms import Atom, Kind, atoms_of
from domain.vietnamese.bells import Bells
from domain.vietnamese.days import DAY_KINDS
from domain.vietnamese.folding import Folded
from domain.vietnamese.hours import of_bell
from domain.vietnamese.readings import Match, Outcome, Piece, SpanReading
from domain.vietnamese.sifting import BELLS, CLOCKS, sifted

_SOLID = CLOCKS | BELLS | DAY_KINDS | {Kind.WEEK, Kind.YEAR, Kind.AGO, Kind.LATEST}
_PLACE, _TIME = "\x01", "\x02"
"""Stand for the letters of what was read; folding leaves no control characters in a text."""

_M = f"[{_PLACE}{_TIME}]"
_BEGIN = r"(?<![a-z0-9#])"
_END = r"(?![a-z0-9#])"
_NOT = r"(?:khong|ko|k|hok|chang)"
_LITTLE = r"(?:la|hom|luc|ngay|o|tai|cam|camera|buoi|gio|cai|cho|vao|tu|ben|xem|lay|chup|quay)"
_WRONG = "|".join(
    (
        rf"(?:ma |chu )?{_NOT} phai",
        rf"chu {_NOT}",
        rf"(?:a|af|a2|y|ui|oi|ay|ah|uh|uhm) {_NOT}",
        r"(?:a|af|a2|y|ui|oi|ay|ah|em|e|ghi|go|viet|noi|bi|xin loi) (?:nham|lon|quen)(?: roi| mat)?",
        r"thay vi|ngoai tru|tru|bo qua|khoi lay",
        r"(?:sua|doi) (?:lai )?(?:thanh|sang|la)",
        r"dung ra(?: la)?|noi dung hon|chinh xac (?:la|hon)",
    )
)
_ELSE = r"hoac(?: la)?|hay(?: la)?"

_BEFORE = re.compile(rf"{_BEGIN}(?:{_WRONG}|{_ELSE}|nham)(?: {_LITTLE}){{0,3}}[ ,.:;]*{_M}")
_SOFT = rf"(?:[ ,.;:!?()]|{_BEGIN}(?:a|nhe|nha|voi|giup|ho|em|co|thay|anh|cam on|roi|do|#+){_END})*"
_AFTER = re.compile(
    rf"{_M}{_SOFT}(?:{_WRONG}|{_BEGIN}nham|{_BEGIN}sai(?: roi)?|{_NOT} dung|moi dung|{_BEGIN}hoac"
    r"|(?:a )?ma thoi|bo qua|huy|quen di)"
    rf"{_END}(?! (?:{_NOT}|cap|do|xe|ao|tui|balo|sach|lop|phong)(?![a-z]))"
)
_COURTESY = r"(?:giup|ho|nhe|nha|ah?|vs|voi|di|dum|gium|cho (?:em|e|toi|thay|co)|luon|please|pls)(?![a-z])"
_OR_NUMBER = re.compile(
    rf"{_M}{_SOFT}(?:{_BEGIN}(?:hay|hoac)(?: la| luc)? ?\d{{1,2}}(?![a-z0-9/])"
    rf"|(?:va|&|\+|,)(?: luc)? ?\d{{1,2}}(?![a-z0-9/])(?! ?(?!{_COURTESY})[a-z]))"
)
_OR_PLACE = re.compile(rf"{_PLACE} (?:hay|hoac)(?: la)?(?: [a-z0-9]+){{1,2}} ?(?:{_M}|[,.]|$)")
_AND_SOME = re.compile(
    rf"{_TIME} ?(?:hon|may|gi do|mot (?:chut|ti|luc)|xiu){_END}"
    rf"|{_TIME}[ ,]*(?:tuan|thang) (?:kia|nao|[a-z]+ day){_END}"
    rf"|\+ ?[-/]+ ?(?:\d|{_TIME})"
    rf"|(?:{_M}|{_BEGIN}(?:khoang|tam|luc|tu|hoi)|^) ?\d{{1,2}} {_TIME}"
)
_FARTHER = re.compile(rf"{_TIME} kia{_END}")
_SIDE = re.compile(rf"{_BEGIN}(?:truoc|sau|cach)(?: hom| ngay| ca)? {_TIME}")
_ROUND = re.compile(
    rf"{_BEGIN}(?:(?:them|ca|lui|som|muon|tre) (?:lai )?(?:khoang )?\d{{1,2}} ?(?:phut|p|ph)"
    rf"|\d{{1,2}} ?(?:phut|p|ph) (?:truoc|sau)(?: do| nua| va)?){_END}"
)
_NUMBER = re.compile(
    rf"{_M} ?(?:luc |den |toi |- ?|so )?(\d{{1,4}})(?![a-z0-9]|[/.:]\d)(?! ?(?!{_COURTESY})[a-z])"
)
_AND_HOUSE = re.compile(rf"{_PLACE} ?(?:(?:va|&|\+) ?[a-d]|, ?[bcd])(?![a-z0-9.])")
_DENIED = re.compile(rf"^[^a-z0-9{_PLACE}{_TIME}]*{_NOT} phai{_END}")
"""The whole wish is denied: "không phải cho tôi hình cổng chính"."""

_OWNER = re.compile(
    rf"{_PLACE} (?:(?:truong )?(?:mam non|tieu hoc|cap [123]|hang xom|ben canh){_END}"
    rf"|(?:giao vien|gv|bao ve|cu|khac)(?= ?(?:{_M}|[,.]|$)))"
)

_DEADLINE = re.compile(
    rf"{_BEGIN}(?:truoc|can|nop|gui|hen|han|kip|chot|den|trong|cham nhat|tre nhat|muon|xong|lay|tra|hop)"
    r"(?: (?:vao|luc|khoang|het|gap|trong|truoc|cho|em|toi|thay|co|bgh|gvcn|ph|ngay|\x02+))* ?$"
)
_TOLD = re.compile(
    rf"{_BEGIN}(?:goi|bao|ke|noi|nhan|hoi|gap|biet|hay|den|ve|phat hien|nhan ra|truc|day|hoc|lam|gui|viet)"
    r"(?: (?:dien|vao|luc|tu|hoi|em|toi|thay|co|la|cho|tin|khoang|\x02+)){0,3} ?$"
)
_PARTS = re.compile(
    rf"{_BEGIN}(sang|trua|chieu|toi|dem|khuya) (sang|trua|chieu|toi|dem|khuya){_END}"
    r"(?! ?(?:luc |khoang |tam |gio )?\d)"
)
_ALIKE = (frozenset({"sang"}), frozenset({"trua", "chieu"}), frozenset({"toi", "dem", "khuya"}))
_EDGES = _PLACE + _TIME + " ,.:;()-"
_JOINED = re.compile(rf"{_BEGIN}(?:va|hoac|hay|voi|them|ca|cung)(?: (?:luc|vao|la|ca))? $|[&+] $")
_LENIENCE_MINUTES = 20
_HOMEWARD_MINUTES = 60
"""Pupils are still about an hour after the last lesson."""

_REACH = 40
_ENOUGH = 8
"""So many open words are no phrase any more; the rest needn't be looked at."""


def unexplained(folded: Folded, match: Match, span: SpanReading, bells: Bells) -> tuple[Piece, ...]:
    """The pieces of the text beside camera and time that the reading leaves open.

    Args:
        folded: The folded text, nothing masked in it.
        match: The cameras that were read.
        span: The time that was read.
        bells: Tells whether a period agrees with the hours said beside it.

    Returns:
        The words to ask about, none when everything is accounted for.
    """
    named = match.where if match.outcome not in {Outcome.NOTHING, Outcome.UNKNOWN} else ()
    left = folded.masked(named, _PLACE).masked(span.where, _TIME)
    found = [word.span() for pattern in _patterns(span) for word in pattern.finditer(left.text)]
    if span.said:
        found += _loose_times(left, span, bells)
    pieces = [_piece(left, *place) for place in found]
    pieces += [folded.piece(*place) for place in _two_parts(folded.text, left.text)]
    return tuple(sorted(pieces, key=lambda piece: piece.start))


def _two_parts(text: str, left: str) -> list[tuple[int, int]]:
    """Parts of the day that were both read as time and cannot both be meant: "8h tối sáng thứ 5"."""
    return [
        match.span()
        for match in _PARTS.finditer(text)
        if not any(alike.issuperset(match.groups()) for alike in _ALIKE)
        and not left[match.start() : match.end()].strip(_TIME + " ")
    ]


def _piece(left: Folded, start: int, end: int) -> Piece:
    """The place without the letters of camera and time at its edges."""
    words = left.text[start:end]
    start += len(words) - len(words.lstrip(_EDGES))
    end -= len(words) - len(words.rstrip(_EDGES))
    return left.piece(start, max(end, start + 1))


def _patterns(span: SpanReading) -> tuple[re.Pattern[str], ...]:
    always = (_BEFORE, _AFTER, _OR_NUMBER, _OR_PLACE, _AND_HOUSE, _DENIED, _OWNER)
    return (*always, _SIDE, _ROUND, _NUMBER, _FARTHER, _AND_SOME) if span.said else always


def _loose_times(left: Folded, span: SpanReading, bells: Bells) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    aside = -1
    for atom in sifted(atoms_of(left), left):
        if atom.kind is Kind.PART and 0 <= atom.start - aside <= 1:
            aside = atom.end
        if atom.kind not in _SOLID:
            continue
        if 0 <= atom.start - aside <= 1 or _accounted(atom, left.text, span, bells):
            aside = atom.end
        else:
            found.append((atom.start, atom.end))
        if len(found) >= _ENOUGH:
            break
    return found


def _accounted(atom: Atom, text: str, span: SpanReading, bells: Bells) -> bool:
    """Whether a piece of time beside the one that was read belongs to the purpose, or agrees with it."""
    before = text[max(0, atom.start - _REACH) : atom.start]
    if _DEADLINE.search(before) is not None or _TOLD.search(before) is not None:
        return True
    if atom.kind in DAY_KINDS | {Kind.WEEK, Kind.YEAR}:
        return False
    if _JOINED.search(before) is not None:
        return False
    if atom.kind in BELLS and span.interval is not None:
        start, end = span.interval.start, span.interval.end
        first, last = start.hour * 60 + start.minute, end.hour * 60 + end.minute
        lenience = 0 if atom.kind is Kind.PERIOD else _LENIENCE_MINUTES
        lenience = _HOMEWARD_MINUTES if atom.name == "tan hoc" else lenience
        return any(
            first < option[1] + lenience and option[0] - lenience < last
            for option in of_bell(atom, "").options(bells.on(start.date()))
        )
    return False
