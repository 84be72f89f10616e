"""From pieces to a phrase: which hour goes with which day, what is from and what is to."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.vietnamese.atoms import APART, UP_TO, Atom, Kind
from domain.vietnamese.clocks import Spoken
from domain.vietnamese.days import DAY_KINDS
from domain.vietnamese.folding import MASK, Folded
from domain.vietnamese.hours import (
    ABOUT_MARGIN,
    Hours,
    and_more,
    at_end,
    either,
    fixed,
    mixed,
    of_bell,
    of_ellipsis,
    of_ends,
    of_length,
    of_point,
    of_range,
    open_ended,
    shifted,
    through,
)
from domain.vietnamese.readings import Reason
from domain.vietnamese.sifting import BELLS, CLOCKS, LETTERS, TIMES, TOS, near, sifted, without_deadline

_MOMENTS = frozenset({Kind.AGO, Kind.LATEST, Kind.LATELY})
_SIDES = frozenset({Kind.BEFORE, Kind.AFTER, Kind.BEGINNING, Kind.ENDING})
_UNCERTAIN_ENDS = frozenset({Kind.CLOCK_MORE, Kind.LAST_PERIOD, Kind.BETWEEN})
_BETWEEN_ENDS = TOS | DAY_KINDS | {Kind.PART, Kind.AFTER, Kind.AT, Kind.WEEK}
_GLUE = re.compile(r"[ ,.:;()\-]*")
_JOINED = re.compile(r" ?(?:-|(?:cho )?den|toi) ?(?:het )?")
_ANOTHER = re.compile(r" ?(?:va|&|\+|hoac|hay)(?: luc| tu)? ?")
_EITHER = re.compile(r"[ ,]*(?:va|hoac|hay|va ca)?[ ,]*")
_OR = re.compile(r" ?(?:hoac|hay|lan|laanx|la64n|va|va ca|cung nhu)(?: la)?(?: buoi)? ?")
_MINUTE = 60
_NOON = 12
_WORDS_BETWEEN = 4


@dataclass(slots=True)
class Phrase:
    """What a text says about time, not yet set against a calendar.

    `days` are the words for the day; `end_days` those for the day of the end, where both ends have one;
    `apart` is the range when these differ, its end counted from the second midnight on.
    `several_days` is set for "từ thứ 2 đến thứ 4", `night` for "đêm ... rạng sáng ...". `moment` counts
    from the present instead; `until_now` ends there ("từ 7h30 tới giờ"). `corrected` says that something
    was taken back.
    """

    days: list[Atom] = field(default_factory=list)
    end_days: list[Atom] = field(default_factory=list)
    week: Atom | None = None
    year: Atom | None = None
    part: str = ""
    hours: Hours | None = None
    apart: Hours | None = None
    moment: Atom | None = None
    night: bool = False
    several_days: bool = False
    small_hours: bool = False
    corrected: bool = False
    until_now: bool = False
    used: list[Atom] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing was said about time."""
        return (
            not self.days
            and self.week is None
            and self.year is None
            and self.hours is None
            and self.moment is None
        )


def phrase_of(atoms: Sequence[Atom], folded: Folded) -> Phrase:
    """Put the pieces together."""
    atoms = sifted(list(atoms), folded)
    gone = [atom for atom in atoms if atom.kind is Kind.TAKEN_BACK]
    atoms = [atom for atom in atoms if atom.kind is not Kind.TAKEN_BACK]
    phrase = Phrase(corrected=gone != [])
    phrase.days = [atom for atom in atoms if atom.kind in DAY_KINDS]
    phrase.week = next((atom for atom in atoms if atom.kind is Kind.WEEK), None)
    phrase.year = next((atom for atom in atoms if atom.kind is Kind.YEAR), None)
    parts = [atom for atom in atoms if atom.kind is Kind.PART]
    phrase.night = [part.name for part in parts[:2]] == ["dem", "rang sang"] and len(phrase.days) <= 2  # noqa: PLR2004 - a night and its morning
    phrase.several_days = _from_day_to_day(atoms)
    phrase.part = parts[0].name if parts else ""
    phrase.used = [*phrase.days, *parts, *(one for one in (phrase.week, phrase.year) if one)]
    atoms = without_deadline(atoms, folded)
    ends = _mixed_ends(atoms, folded)
    if ends is not None:
        _read_mixed(phrase, atoms, ends, folded)
    elif any(atom.kind in CLOCKS for atom in atoms):
        _read_clocks(phrase, atoms, parts, folded)
        phrase.used += [
            atom for atom in atoms if atom.kind in BELLS and folded.text[: atom.start].endswith("(")
        ]
    elif any(atom.kind in BELLS for atom in atoms):
        _read_bell(phrase, atoms, folded)
        _ask_for_the_half(phrase, parts, folded)
    else:
        phrase.moment = next((atom for atom in atoms if atom.kind in _MOMENTS), None)
        if phrase.moment is not None and not (
            phrase.moment.kind is Kind.LATELY and (phrase.days or phrase.week)
        ):
            phrase.used.append(phrase.moment)
        elif phrase.moment is not None:
            phrase.used.append(phrase.moment)
            phrase.moment = None
    phrase.used = sorted({*phrase.used, *gone}, key=lambda atom: atom.start)
    if phrase.empty:
        phrase.used = []
    return phrase


def _read_clocks(phrase: Phrase, atoms: list[Atom], parts: list[Atom], folded: Folded) -> None:
    clocks = [place for place, atom in enumerate(atoms) if atom.kind in CLOCKS]
    span = _range_places(atoms, clocks)
    exact = any(atom.kind is Kind.DATE and atom.numbers[2] is not None for atom in phrase.days)
    phrase.small_hours = atoms[clocks[0]].number() < _NOON
    if span is not None:
        start_at, to_at, end_at = span
        others = [
            place
            for place in clocks
            if place > end_at
            and (
                _ANOTHER.fullmatch(folded.text[atoms[place - 1].end : atoms[place].start]) is not None
                or (place + 2 in clocks and atoms[place + 1].kind in TOS)
            )
        ]
        _split_days(phrase, atoms, to_at, end_at, folded)
        first, last = atoms[start_at], atoms[end_at]
        start = _spoken(first, _part_of(start_at, atoms, parts, phrase, to_at), exact=exact)
        phrase.used += [first, atoms[to_at], last, *_lead(atoms, start_at, folded)]
        about = _about(atoms, start_at, folded)
        if last.kind is Kind.NUMBER:
            phrase.hours = of_ellipsis(start, last.number(0), last.number(1), about=about)
        else:
            end = _spoken(last, _part_of(end_at, atoms, parts, phrase, to_at), exact=exact)
            phrase.hours = _checked(of_range(start, end, about=about), start, end)
            phrase.apart = _checked(of_ends(start, end), start, end)
        if others:
            phrase.hours = Hours(phrase.hours.options, Reason.NEEDS_HOUR)
        return
    _read_one_hour(phrase, atoms, parts, clocks, folded, exact=exact)
    _ask_for_the_half(phrase, parts, folded)


def _ask_for_the_half(phrase: Phrase, parts: list[Atom], folded: Folded) -> None:
    """As in "sáng hoặc chiều", "cả sáng lẫn chiều": one request is about one of them."""
    if len(parts) > 1 and _OR.fullmatch(folded.text[parts[0].end : parts[1].start]) is not None:
        phrase.hours = phrase.hours and replace(
            phrase.hours, reason=phrase.hours.reason or Reason.NEEDS_HALF_OF_DAY
        )


def _read_one_hour(
    phrase: Phrase, atoms: list[Atom], parts: list[Atom], clocks: list[int], folded: Folded, *, exact: bool
) -> None:
    place = clocks[0]
    atom = atoms[place]
    part = _part_of(place, atoms, parts, phrase, None)
    spoken = _spoken(atom, part, exact=exact)
    phrase.used += [atom, *_lead(atoms, place, folded)]
    if len(clocks) > 1:
        end = _spoken(atoms[clocks[1]], part, exact=exact)
        phrase.used.append(atoms[clocks[1]])
        found = of_range(spoken, end, about=False)
        phrase.hours = Hours(found.options, Reason.NEEDS_END)
        return
    phrase.hours = _checked(_single(phrase, atoms, place, spoken, folded), spoken)


def _mixed_ends(atoms: list[Atom], folded: Folded) -> tuple[int, int] | None:
    """Where one end goes by the clock and one by the bell: "từ 9h đến giờ ra chơi"."""
    times = [place for place, atom in enumerate(atoms) if atom.kind in TIMES]
    for first, second in itertools.pairwise(times):
        one, other = atoms[first].kind, atoms[second].kind
        if (one is Kind.CLOCK) is (other is Kind.CLOCK) or _UNCERTAIN_ENDS & {one, other}:
            continue
        inside = {atom.kind for atom in atoms[first + 1 : second]}
        apart = folded.text[atoms[first].end : atoms[second].start]
        if inside & TOS and inside <= _BETWEEN_ENDS and len(LETTERS.findall(apart)) <= len(inside) + 2:
            return first, second
    return None


def _read_mixed(phrase: Phrase, atoms: list[Atom], ends: tuple[int, int], folded: Folded) -> None:
    first, second = ends
    start, end = atoms[first], atoms[second]
    bell, clock, starts = (end, start, False) if start.kind is Kind.CLOCK else (start, end, True)
    place = first if starts else second
    over = place > 0 and atoms[place - 1].kind is Kind.AFTER
    lead = [atoms[place - 1]] if over else []
    phrase.used += [*_lead(atoms, first, folded), *lead, *atoms[first : second + 1]]
    spoken = _spoken(clock, phrase.part, exact=False)
    found = mixed(of_bell(bell, phrase.part), spoken, bell_starts=starts, over=over)
    phrase.hours = _checked(found, spoken)


def _single(phrase: Phrase, atoms: list[Atom], place: int, spoken: Spoken, folded: Folded) -> Hours:
    atom = atoms[place]
    before = next((one for one in reversed(atoms[:place]) if one.kind is not Kind.AT), None)
    side = (
        before.kind if before is not None and before.kind in _SIDES and near(before, atom, folded) else None
    )
    length = next((other for other in atoms if other.kind is Kind.LENGTH and other.number() >= _MINUTE), None)
    if atom.kind is Kind.CLOCK_MORE:
        return and_more(spoken)
    if side in {Kind.BEFORE, Kind.AFTER} and before is not None:
        phrase.used.append(before)
    if length is not None:
        phrase.used.append(length)
        return of_length(spoken, length.number() // _MINUTE, before=side is Kind.BEFORE)
    if side in {Kind.BEFORE, Kind.AFTER}:
        return open_ended(spoken, before=side is Kind.BEFORE)
    after = next((one for one in atoms[place + 1 :] if one.kind not in DAY_KINDS | {Kind.PART}), None)
    last = atoms[atoms.index(after) - 1] if after is not None else atom
    if after is not None and after.kind in {Kind.ONWARD, Kind.UNTIL_NOW} and near(last, after, folded):
        phrase.used.append(after)
        phrase.until_now = after.kind is Kind.UNTIL_NOW
        return open_ended(spoken)
    if before is not None and before.kind in {Kind.FROM, Kind.TO} and near(before, atom, folded):
        phrase.used.append(before)
        return open_ended(spoken, before=before.kind is Kind.TO)
    if after is not None and after.kind is Kind.MARGIN and near(last, after, folded):
        phrase.used.append(after)
        return of_point(spoken, margin=after.number())
    return of_point(spoken, margin=ABOUT_MARGIN if _about(atoms, place, folded) else None)


def _checked(hours: Hours, *spoken: Spoken) -> Hours:
    return hours if all(one.valid for one in spoken) else fixed((), Reason.NO_SUCH_HOUR)


def _spoken(atom: Atom, part: str, *, exact: bool) -> Spoken:
    on_a_day_clock = atom.numbers[1] is not None and not part  # "06:05": nobody writes the afternoon that way
    led_by_zero = atom.numbers[2] == 1
    return Spoken(
        atom.number(0), atom.numbers[1] or 0, atom.name or part, led_by_zero and (exact or on_a_day_clock)
    )


def _range_places(atoms: list[Atom], clocks: list[int]) -> tuple[int, int, int] | None:
    for start in clocks:
        for to in range(start + 1, len(atoms)):
            kind = atoms[to].kind
            if kind in TOS and to + 1 < len(atoms):
                end = next(
                    (
                        place
                        for place in range(to + 1, len(atoms))
                        if atoms[place].kind not in DAY_KINDS | {Kind.PART, Kind.AT, Kind.ABOUT, Kind.WEEK}
                        and atoms[place].name != UP_TO
                    ),
                    None,
                )
                if end is not None and atoms[end].kind in {Kind.CLOCK, Kind.NUMBER}:
                    return start, to, end
            if kind not in DAY_KINDS | {Kind.PART, Kind.WEEK}:
                break
    return None


def _from_day_to_day(atoms: list[Atom]) -> bool:
    return any(
        atom.kind in TOS
        and 0 < place < len(atoms) - 1
        and atoms[place - 1].kind in DAY_KINDS
        and atoms[place + 1].kind in DAY_KINDS
        for place, atom in enumerate(atoms)
    )


def _split_days(phrase: Phrase, atoms: list[Atom], to_at: int, end_at: int, folded: Folded) -> None:
    """Gives the end a day of its own where one stands beside it."""
    before = [atom for atom in atoms[:to_at] if atom.kind in DAY_KINDS]
    after = [atom for atom in atoms[to_at:] if atom.kind in DAY_KINDS]
    if after and after[0].start > atoms[end_at].end:
        between = folded.text[atoms[end_at].end : after[0].start]
        named = sum(atom.kind is Kind.PART for atom in atoms[end_at:] if atom.start < after[0].start)
        if MASK in between or len(LETTERS.findall(between)) > named + 1:
            return
    if before and after and not phrase.night:
        phrase.days, phrase.end_days = before, after


def _part_of(place: int, atoms: list[Atom], parts: list[Atom], phrase: Phrase, to_at: int | None) -> str:
    """The part of the day that goes with an hour: its own side's, else the only one."""
    if phrase.night:
        return "rang sang" if atoms[place].number(0) <= 6 else "dem"  # noqa: PLR2004 - the small hours
    if to_at is not None and len(parts) > 1:
        own = [part for part in parts if (part.start < atoms[to_at].start) == (place < to_at)]
        return own[0].name if own else ""
    if to_at is None or not parts:
        return parts[0].name if parts else ""
    joined = (parts[0].start < atoms[to_at].start) == (place < to_at)
    return parts[0].name if joined else ""


def _about(atoms: list[Atom], place: int, folded: Folded) -> bool:
    for atom in atoms[max(0, place - 3) : place]:
        gap = folded.text[atom.end : atoms[place].start]
        apart = MASK in gap or len(LETTERS.findall(gap)) > _WORDS_BETWEEN
        if atom.kind is Kind.ABOUT and not apart and not folded.text[: atom.start].endswith("trong "):
            return True
    return False


def _lead(atoms: list[Atom], place: int, folded: Folded) -> list[Atom]:
    """The little words before an hour: "từ", "lúc", "khoảng"."""
    lead: list[Atom] = []
    for before in reversed(atoms[:place]):
        following = lead[-1] if lead else atoms[place]
        if before.kind not in {Kind.FROM, Kind.AT, Kind.ABOUT, Kind.MIDDLE} or not near(
            before, following, folded
        ):
            break
        lead.append(before)
    return lead


def _together(side: Atom, atom: Atom, folded: Folded) -> bool:
    """Whether no place stands between: "sau nhà đa năng giờ ra chơi" isn't after the break."""
    return MASK not in folded.text[side.end : atom.start]


def _read_bell(phrase: Phrase, atoms: list[Atom], folded: Folded) -> None:
    bells = [place for place, atom in enumerate(atoms) if atom.kind in BELLS]
    place = bells[0]
    atom = atoms[place]
    phrase.used.append(atom)
    hours = of_bell(atom, phrase.part)
    if atom.name == APART:
        ends = [replace(atom, numbers=(number, number), name="") for number in atom.numbers]
        phrase.hours = either(of_bell(ends[0], phrase.part), of_bell(ends[1], phrase.part))
        return
    length = next((other for other in atoms if other.kind is Kind.LENGTH and other.number() >= _MINUTE), None)
    beside = atoms[max(0, place - 2) : place]
    side = next((other for other in beside if other.kind in _SIDES and _together(other, atom, folded)), None)
    if len(bells) > 1:
        second = atoms[bells[1]]
        between = folded.text[atom.end : second.start]
        inside = {one.kind for one in atoms[place + 1 : bells[1]]}
        if _JOINED.fullmatch(between) is not None or (
            inside & TOS and inside <= TOS | DAY_KINDS | {Kind.PART, Kind.AFTER, Kind.ENDING}
        ):
            phrase.used += [*atoms[place : bells[1]], second]
            phrase.hours = through(hours, of_bell(second, phrase.part))
            return
        if _EITHER.fullmatch(between) is not None:
            phrase.used.append(second)
            phrase.hours = either(hours, of_bell(second, phrase.part))
            return
    if side is None:
        phrase.hours = hours
        return
    phrase.used.append(side)
    if length is None and folded.text[side.start : side.end] == "het":
        phrase.hours = at_end(hours)
        return
    if length is not None:
        phrase.used.append(length)
    phrase.hours = shifted(hours, side.kind, length.number() // _MINUTE if length else None)
