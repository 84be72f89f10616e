"""An incident: what kind, how serious, where it stands, who hears of it and when (Điều 3, 6, 7 khoản 1).

A report lives from its first word: unfinished it is a `DRAFT` in the book, so that nothing that was typed
can be lost; from `REPORTED` on it is told to whoever its severity costs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TypedDict

from domain.cameras import Camera
from domain.people import Person, Role


class IncidentKind(StrEnum):
    """What happened, in the school's own list."""

    FIGHT = "fight"
    BULLYING = "bullying"
    INJURY = "injury"
    STRANGER = "stranger"
    THEFT = "theft"
    DAMAGE = "damage"
    LEAVING = "leaving"
    SUBSTANCE = "substance"
    FIRE = "fire"
    TRAFFIC = "traffic"
    FOOD = "food"
    WEATHER = "weather"
    EQUIPMENT = "equipment"
    OTHER = "other"


class Severity(IntEnum):
    """How serious it is, and so what it costs."""

    NOTED = 1
    """Into the book; nobody is told."""
    TODAY = 2
    """Told to the head guard, and to the area's own unit or IT staff."""
    SERIOUS = 3
    """Told to the leadership and the head guard at once."""
    EMERGENCY = 4
    """The reporter calls for help first; every leader is alerted at once, then whoever comes next."""


USUAL: dict[IncidentKind, Severity] = {
    IncidentKind.FIGHT: Severity.SERIOUS,
    IncidentKind.BULLYING: Severity.SERIOUS,
    IncidentKind.INJURY: Severity.SERIOUS,
    IncidentKind.STRANGER: Severity.SERIOUS,
    IncidentKind.THEFT: Severity.TODAY,
    IncidentKind.DAMAGE: Severity.TODAY,
    IncidentKind.LEAVING: Severity.TODAY,
    IncidentKind.SUBSTANCE: Severity.SERIOUS,
    IncidentKind.FIRE: Severity.EMERGENCY,
    IncidentKind.TRAFFIC: Severity.TODAY,
    IncidentKind.FOOD: Severity.SERIOUS,
    IncidentKind.WEATHER: Severity.TODAY,
    IncidentKind.EQUIPMENT: Severity.TODAY,
    IncidentKind.OTHER: Severity.NOTED,
}
"""How serious an incident of a kind is taken to be until somebody says otherwise."""


class IncidentState(StrEnum):
    """Where it stands."""

    DRAFT = "draft"
    REPORTED = "reported"
    TAKEN = "taken"
    IN_WORK = "in_work"
    CLOSED = "closed"
    DROPPED = "dropped"


_S = IncidentState
MOVES: dict[IncidentState, frozenset[IncidentState]] = {
    _S.DRAFT: frozenset({_S.REPORTED, _S.DROPPED}),
    _S.REPORTED: frozenset({_S.TAKEN, _S.IN_WORK, _S.CLOSED}),
    _S.TAKEN: frozenset({_S.IN_WORK, _S.CLOSED}),
    _S.IN_WORK: frozenset({_S.CLOSED}),
    _S.CLOSED: frozenset({_S.IN_WORK}),
    _S.DROPPED: frozenset(),
}
RUNNING = frozenset({_S.REPORTED, _S.TAKEN, _S.IN_WORK})


class IncidentMoveError(Exception):
    """An incident cannot go from its state to the asked one: somebody was quicker, or it is over."""


class EntryKind(StrEnum):
    """What a line of the timeline tells."""

    REPORTED = "reported"
    COMPLETED_BY_ITSELF = "completed_by_itself"
    COMMENT = "comment"
    FILE = "file"
    LEVEL = "level"
    KIND = "kind"
    PLACE = "place"
    CALLED = "called"
    ALERTED = "alerted"
    UNREACHABLE = "unreachable"
    SECOND_MESSAGE = "second_message"
    TAKEN = "taken"
    SEEN = "seen"
    ASSIGNED = "assigned"
    IN_WORK = "in_work"
    CLOSED = "closed"
    REOPENED = "reopened"
    PICTURES = "pictures"
    NO_PICTURES = "no_pictures"
    HELD = "held"
    NOT_HELD = "not_held"
    ASKED_FOR = "asked_for"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. Times are aware UTC.

    `camera_code` is empty where no camera was named; `place` is then what the reporter chose or wrote.
    `unfinished`: the reporter left half-way and it was sent as it stood. `alarmed_at` and `step` say when the
    alarm of level 4 began and how far it has gone.
    """

    id: int
    code: str
    reporter_id: int
    kind: IncidentKind
    severity: Severity
    state: IncidentState
    camera_code: str
    place: str
    text: str
    happened_at: datetime
    created_at: datetime
    reported_at: datetime | None = None
    unfinished: bool = False
    alarmed_at: datetime | None = None
    step: int = 0
    taken_by: int | None = None
    taken_at: datetime | None = None
    assigned_to: int | None = None
    closed_by: int | None = None
    closed_at: datetime | None = None
    result: str = ""

    def require(self, state: IncidentState) -> None:
        """Raise `IncidentMoveError` unless the incident may go to `state`."""
        if state not in MOVES[self.state]:
            raise IncidentMoveError(f"{self.code}: {self.state} -> {state}")

    def may_go(self, state: IncidentState) -> bool:
        """Whether `state` is an allowed next one."""
        return state in MOVES[self.state]

    @property
    def is_running(self) -> bool:
        """Reported and not closed."""
        return self.state in RUNNING

    @property
    def is_emergency(self) -> bool:
        """Level 4."""
        return self.severity is Severity.EMERGENCY


class IncidentChanges(TypedDict, total=False):
    """What of an incident can be written anew; what is not named stays."""

    kind: IncidentKind
    severity: Severity
    camera_code: str
    place: str
    text: str
    happened_at: datetime
    reported_at: datetime
    unfinished: bool
    alarmed_at: datetime
    step: int
    taken_by: int
    taken_at: datetime
    assigned_to: int
    closed_by: int
    closed_at: datetime
    result: str


@dataclass(frozen=True, slots=True)
class IncidentEntry:
    """A line of the timeline. `person_id` None: the system. `about` is a code, never a person's words."""

    id: int
    incident_id: int
    at: datetime
    person_id: int | None
    kind: EntryKind
    text: str
    about: str


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """A picture, video or voice message of an incident; with `camera_code` it is a camera's picture."""

    id: int
    incident_id: int
    at: datetime
    person_id: int | None
    camera_code: str
    kind: str
    key: str
    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class IncidentAlert:
    """One person who was told. `failures` of `accounts` messages could never be delivered."""

    incident_id: int
    person_id: int
    wave: int
    told_at: datetime
    accounts: int
    failures: int = 0
    reminded_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether a message may still have arrived."""
        return self.failures < self.accounts


class HoldState(StrEnum):
    """How it stands with the footage around an incident."""

    QUEUED = "queued"
    HELD = "held"
    NOTHING = "nothing"
    FAILED = "failed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class IncidentHold:
    """The span around an incident on one camera, in the vault once `state` is `HELD`; nobody can see it.

    `first_at`..`last_at` is what the file covers.
    """

    id: int
    incident_id: int
    camera_code: str
    start: datetime
    end: datetime
    state: HoldState
    key: str = ""
    sha256: str = ""
    size_bytes: int = 0
    container: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None
    gaps: tuple[tuple[datetime, datetime], ...] = ()
    clock_offset_seconds: float = 0.0
    method: str = ""


@dataclass(frozen=True, slots=True)
class IncidentRules:
    """Numbers that the regulation leaves open; each is a setting.

    Attributes:
        second_message_after: to those who were silent about a level 4 alert.
        next_people_after: from then on, until somebody has taken it.
        unfinished_after: a report that was begun is sent as it stands.
        emergency_unfinished_after: the same at level 4.
        hold_before: the footage that is kept from before the incident.
        hold_after: and from after it.
        most_cameras: named and nearest cameras that are looked at and held.
        add_within: how long after a report further words and photos belong to it.
    """

    second_message_after: timedelta = timedelta(minutes=5)
    next_people_after: timedelta = timedelta(minutes=5)
    unfinished_after: timedelta = timedelta(minutes=3)
    emergency_unfinished_after: timedelta = timedelta(minutes=1)
    hold_before: timedelta = timedelta(minutes=10)
    hold_after: timedelta = timedelta(minutes=10)
    most_cameras: int = 3
    add_within: timedelta = timedelta(minutes=15)

    def goes_by_itself_at(self, severity: Severity, touched_at: datetime) -> datetime:
        """When a draft that nobody touches any more is sent as it stands."""
        is_emergency = severity is Severity.EMERGENCY
        return touched_at + (self.emergency_unfinished_after if is_emergency else self.unfinished_after)

    def step_at(self, alarmed_at: datetime, step: int) -> datetime:
        """When a step of the alarm is due: 1 the second message, 2 and more the next people."""
        return alarmed_at + self.second_message_after + (step - 1) * self.next_people_after

    def span(self, happened_at: datetime) -> tuple[datetime, datetime]:
        """The footage that is held, on whole minutes so that a request can name it."""
        start, end = happened_at - self.hold_before, happened_at + self.hold_after
        return start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)


def waves(
    severity: Severity,
    kind: IncidentKind,
    owner: str,
    people: Iterable[Person],
    reporter_id: int,
) -> tuple[tuple[Person, ...], ...]:
    """Who is told, wave after wave: the first at once, the next where nobody answers or can be reached.

    Args:
        severity: how serious.
        kind: what happened; equipment is IT staff's.
        owner: the unit whose area it is (Điều 6), empty where no camera is known.
        people: the active staff.
        reporter_id: never told of the own report.

    Returns:
        Waves without empty ones; nobody stands in two. None at all for level 1.
    """
    staff = [person for person in people if person.id != reporter_id]

    def of(*roles: Role) -> tuple[Person, ...]:
        return tuple(person for role in roles for person in staff if person.role is role)

    office = tuple(
        person for person in staff if owner and person.role is Role.UNIT_HEAD and person.unit == owner
    )
    if kind is IncidentKind.EQUIPMENT or not office:
        office = of(Role.IT)
    leaders = of(Role.PRINCIPAL, Role.DEPUTY, Role.HEAD_GUARD)
    planned: tuple[tuple[Person, ...], ...] = ()
    match severity:
        case Severity.TODAY:
            planned = ((*of(Role.HEAD_GUARD), *office), of(Role.DEPUTY), of(Role.PRINCIPAL))
        case Severity.SERIOUS:
            planned = (leaders, office, of(Role.IT, Role.GUARD))
        case Severity.EMERGENCY:
            planned = (leaders, of(Role.IT, Role.GUARD), of(Role.UNIT_HEAD))
        case Severity.NOTED:
            planned = ()
    told: set[int] = set()
    result: list[tuple[Person, ...]] = []
    for wave in planned:
        new = tuple({person.id: person for person in wave if person.id not in told}.values())
        told |= {person.id for person in new}
        if new:
            result.append(new)
    return tuple(result)


def cameras_of(camera: Camera, everywhere: Sequence[Camera], severity: Severity, most: int) -> list[Camera]:
    """The named camera and those that see a part of the same place; at level 1 the named one only."""
    if severity is Severity.NOTED:
        return [camera]
    codes = [code.casefold() for code in camera.near]
    near = [other for code in codes for other in everywhere if other.code.casefold() == code]
    return [camera, *near][:most]
