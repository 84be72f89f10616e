"""Which pieces of a text speak of the time that is meant: leaves out strangers, chance and deadlines."""

import re
import unicodedata
from dataclasses import replace

from domain.vietnamese.atoms import OR_NEXT, Atom, Kind
from domain.vietnamese.corrections import without_taken_back
from domain.vietnamese.days import DAY_KINDS
from domain.vietnamese.folding import Folded

CLOCKS = frozenset({Kind.CLOCK, Kind.CLOCK_MORE})
BELLS = frozenset({Kind.PERIOD, Kind.LAST_PERIOD, Kind.BETWEEN, Kind.EVENT})
TIMES = CLOCKS | BELLS
TOS = frozenset({Kind.TO, Kind.DASH})
LETTERS = re.compile(r"[a-z]{2,}")
_NEAR = re.compile(r"[ ,.]*(?:(?:hom|ngay|buoi|vao|luc|cua|gio) ?)?")
_TO_ME = re.compile(r"(?<![a-z])(?:cho|cua|giup|ho|voi|nho|con|xe|lop|nha|xin|moi|la|de) $")
_BOTH = re.compile(r" (?:hoac|hay|lan|laanx|la64n|va)(?: la)?(?: buoi)? ")
_OTHER_WORDS = 2
_REACH = 8


def sifted(atoms: list[Atom], folded: Folded) -> list[Atom]:
    """The pieces that speak of the time that is meant, each "toi" told apart."""
    atoms = without_taken_back(_without_chance(_told_apart(atoms, folded), folded), folded)
    return _without_later_deadline(atoms, folded)


def near(before: Atom, after: Atom, folded: Folded) -> bool:
    """Whether nothing but little words stands between two pieces."""
    return _NEAR.fullmatch(folded.text[before.end : after.start]) is not None


def _told_apart(atoms: list[Atom], folded: Folded) -> list[Atom]:
    """Decides for each "toi" whether it's "tới", "tối" or a stranger ("tôi" typed without marks)."""
    told: list[Atom] = []
    for place, atom in enumerate(atoms):
        if atom.kind is Kind.AND:
            if any(before.kind is Kind.MIDDLE for before in atoms[max(0, place - 3) : place]):
                told.append(Atom(Kind.TO, atom.start, atom.end))
            continue
        if atom.kind is not Kind.TOI:
            told.append(atom)
            continue
        before = atoms[place - 1] if place else None
        after = next((one for one in atoms[place + 1 :] if one.kind is not Kind.AT), None)
        typed = folded.original[folded.starts[atom.start] : folded.ends[atom.end - 1]]
        spoken = unicodedata.normalize("NFC", typed).lower()
        evening = spoken == "tối"
        begun = before is not None and (
            before.kind in TIMES or any(earlier.kind is Kind.CLOCK for earlier in told)
        )
        goes_on = after is not None and after.kind in TIMES | {Kind.NUMBER} and near(atom, after, folded)
        joins = begun and goes_on
        if joins and not evening:
            told.append(Atom(Kind.TO, atom.start, atom.end))
        elif spoken == "tới":
            if before is not None and before.kind is Kind.WEEKDAY and near(before, atom, folded):
                told.append(Atom(Kind.WEEK, atom.start, atom.end, (-1,)))
        else:
            weekday = before is not None and before.kind is Kind.WEEKDAY and near(before, atom, folded)
            ends = after is None or after.kind in {Kind.FROM, Kind.ABOUT} or goes_on
            if spoken == "toi" and weekday and ends and told and told[-1] is before:
                told[-1] = replace(told[-1], name=OR_NEXT)
            told.append(Atom(Kind.PART, atom.start, atom.end, name="toi", plain=atom.plain))
    return told


def _without_chance(atoms: list[Atom], folded: Folded) -> list[Atom]:
    """Leaves out what only looks like time: "sang" (to cross over), numbers that end no range."""
    kept: list[Atom] = []
    for place, atom in enumerate(atoms):
        before = atoms[place - 1] if place else None
        after = atoms[place + 1] if place + 1 < len(atoms) else None
        if atom.kind is Kind.PART and atom.plain and not _meant(atom, before, after, folded):
            continue
        if atom.kind is Kind.NUMBER:
            ends = (
                len(kept) > 1
                and kept[-1].kind in TOS
                and kept[-2].kind is Kind.CLOCK
                and not folded.text[kept[-1].end : atom.start].strip()
            )
            if not ends:
                continue
        leans = atom.kind is Kind.RELATIVE and folded.text[atom.start : atom.end] in {
            "nay",
            "qua",
            "kia",
            "mai",
        }
        if leans and not (kept and kept[-1].kind is Kind.PART and near(kept[-1], atom, folded)):
            continue
        kept.append(atom)
    return kept


def without_deadline(atoms: list[Atom], folded: Folded) -> list[Atom]:
    """Leaves out hours that other words part from a period said before: "tiết 3 ..., báo cáo trước 16h"."""
    clock = next((place for place, atom in enumerate(atoms) if atom.kind in CLOCKS), None)
    if clock is None or not any(atom.kind in BELLS for atom in atoms[:clock]):
        return atoms
    solid = BELLS | DAY_KINDS | {Kind.PART, Kind.WEEK}
    last = max(place for place in range(clock) if atoms[place].kind in solid)
    gap = folded.text[atoms[last].end : atoms[clock].start]
    between = sum(atom.kind not in solid for atom in atoms[last + 1 : clock])
    if len(LETTERS.findall(gap)) - between < _OTHER_WORDS:
        return atoms
    return [atom for place, atom in enumerate(atoms) if place <= last or atom.kind in solid - BELLS]


def _without_later_deadline(atoms: list[Atom], folded: Folded) -> list[Atom]:
    """Leaves out by when an answer is wanted: "9h-9h10 hôm qua ..., cô cần trước 16h chiều nay"."""
    for place, atom in enumerate(atoms):
        earlier = atoms[:place]
        if atom.kind is not Kind.BEFORE or not any(
            one.kind in TIMES | {Kind.AGO, Kind.LATEST} for one in earlier
        ):
            continue
        if len(LETTERS.findall(folded.text[earlier[-1].end : atom.start])) >= _OTHER_WORDS:
            return earlier
    return atoms


def _meant(part: Atom, before: Atom | None, after: Atom | None, folded: Folded) -> bool:
    """Whether a part of the day typed without marks is one: "sang" may be "to cross", "toi" may be "I"."""
    if folded.text.startswith("buoi", part.start):
        return True
    solid = TIMES | DAY_KINDS | {Kind.WEEK, Kind.PART}
    if before is not None and before.kind in solid | {Kind.LATELY} and near(before, part, folded):
        return True
    if after is not None and after.kind is Kind.PART:
        between = folded.text[part.end : after.start]
        if _BOTH.fullmatch(between) is not None:
            return True
    if after is None or not near(part, after, folded):
        return False
    if part.name == "toi":
        if after.kind is Kind.RELATIVE:
            return True
        return (
            after.kind in solid
            and _TO_ME.search(folded.text[max(0, part.start - _REACH) : part.start]) is None
        )
    return after.kind in solid | {Kind.FROM, Kind.LENGTH}
