"""Hours and days that are said and then taken back: "9h, à nhầm, 9h30", "không phải thứ 5 mà thứ 6"."""

import re

from domain.vietnamese.atoms import Atom, Kind
from domain.vietnamese.days import DAY_KINDS
from domain.vietnamese.folding import Folded

_HOURS = frozenset(
    {
        Kind.CLOCK,
        Kind.CLOCK_MORE,
        Kind.PERIOD,
        Kind.LAST_PERIOD,
        Kind.BETWEEN,
        Kind.EVENT,
        Kind.NUMBER,
        Kind.TO,
        Kind.DASH,
        Kind.FROM,
    }
)
_LITTLE = frozenset({Kind.AT, Kind.FROM, Kind.ABOUT})
_MISTAKEN = re.compile(
    r"(?<![a-z0-9#])(?:(?:a|af|a2|y|ay|ah|ui|oi|uh|em|e|xin loi)[ ,]*)?"
    r"(?:(?:nham|lon|quen)(?: roi| mat)?|(?:(?<=a )|(?<=af )|(?<=a2 ))khong(?: phai)?"
    r"|sua (?:lai )?(?:thanh|la)"
    r"|dung ra(?: la)?|phai la)[ ,.:]*(?:la |luc |hom |phai la )?$"
)
_NEGATED = re.compile(
    r"(?<![a-z0-9#])(?:chu |ma )?(?:khong|ko|k) phai (?:la |luc |hom |vao |o )?$"
    r"|(?<![a-z0-9#])chu (?:khong|ko) $"
)
_BUT = re.compile(r"[ ,]*(?:ma(?: la)?|la) ?(?:luc |hom )?")
_HINT = re.compile(r"(?<![a-z])(?:khong|ko|k|nham|lon|quen|sua|dung|phai)(?![a-z])")
"""One of these words is in every correction."""

_REACH = 24


def without_taken_back(atoms: list[Atom], folded: Folded) -> list[Atom]:
    """The pieces with those taken back turned into `TAKEN_BACK`; untouched where nothing would be left."""
    if _HINT.search(folded.text) is None:
        return atoms
    for place, atom in enumerate(atoms):
        said = _said(atom)
        if not said:
            continue
        before = folded.text[max(0, atom.start - _REACH) : atom.start]
        negated = _NEGATED.search(before)
        others = negated is not None and any(
            _said(one) == said for one in (*atoms[:place], *atoms[place + 1 :])
        )
        if negated is not None and others and not _in_range(atoms, place):
            but = _BUT.match(folded.text, atom.end)
            end = but.end() if but is not None and but.group().strip(" ,") else atom.end
            start = atom.start - len(negated.group())
            gone = Atom(Kind.TAKEN_BACK, start, max(atom.end, end - 1))
            return without_taken_back([*atoms[:place], gone, *atoms[place + 1 :]], folded)
        mistaken = _MISTAKEN.search(before)
        if mistaken is not None and any(_said(one) == said for one in atoms[:place]):
            start = atom.start - len(mistaken.group())
            kept = [
                Atom(Kind.TAKEN_BACK, one.start, one.end) if one.kind in _group(said) else one
                for one in atoms[:place]
                if one.end <= start
            ]
            gone = Atom(Kind.TAKEN_BACK, start, atom.start - 1)
            return [*kept, gone, *atoms[place:]]
    return atoms


def _said(atom: Atom) -> str:
    if atom.kind in DAY_KINDS:
        return "day"
    return "hour" if atom.kind in _HOURS - _LITTLE - {Kind.TO, Kind.DASH, Kind.NUMBER} else ""


def _group(said: str) -> frozenset[Kind]:
    return DAY_KINDS if said == "day" else _HOURS


def _in_range(atoms: list[Atom], place: int) -> bool:
    beside = atoms[max(0, place - 1) : place] + atoms[place + 1 : place + 2]
    return any(one.kind in {Kind.TO, Kind.DASH} for one in beside)
