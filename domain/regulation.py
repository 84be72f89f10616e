"""The school's regulation (Quy chế) as pure functions.

Each regulated act has one function. It answers with the article it rests on: `Granted`, `NeedsApproval` or
`Refused`. What a role may do is data (`Rights`, kept in the database and seeded from `SEED`); an act that is
not in the table is refused, so an empty table lets nobody in.

Sources: the regulation's Điều 1-11; where it is silent the safe default is marked (s).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.cameras import Camera
from domain.incidents import Incident
from domain.people import Person, Role
from domain.requests import UNDECIDED, FootageRequest, RequestLimits


class Act(StrEnum):
    """Regulated acts: the rows of the role table."""

    LIVE_PICTURE = "live_picture"
    LIVE_CLIP = "live_clip"
    REQUEST_RECORDING = "request_recording"
    DECIDE_REQUEST = "decide_request"
    EXTRACT = "extract"
    MANAGE_PEOPLE = "manage_people"
    DELEGATE = "delegate"
    SEE_CAMERAS = "see_cameras"
    SEE_RETENTION = "see_retention"
    READ_AUDIT = "read_audit"
    REPORT_INCIDENT = "report_incident"
    SEE_INCIDENTS = "see_incidents"
    HANDLE_INCIDENT = "handle_incident"
    EXPORT_INCIDENTS = "export_incidents"


class Grant(StrEnum):
    """How far a role may go."""

    YES = "yes"
    ON_DUTY = "on_duty"
    WITH_ORDER = "with_order"
    DELEGATED = "delegated"
    ASK = "ask"
    SUMMARY = "summary"
    RUNNING = "running"
    OWN = "own"
    CALLED = "called"


class Scope(StrEnum):
    """Which cameras a right covers."""

    ALL = "all"
    OWN_UNIT = "own_unit"


@dataclass(frozen=True, slots=True)
class Right:
    """One cell of the role table with the article it rests on."""

    role: Role
    act: Act
    grant: Grant
    scope: Scope
    article: str


@dataclass(frozen=True, slots=True)
class Granted:
    """Allowed, by this article."""

    article: str


@dataclass(frozen=True, slots=True)
class NeedsApproval:
    """Allowed after the leadership's decision. `by` are the roles that may decide."""

    by: tuple[Role, ...]
    article: str


class Because(StrEnum):
    """Why something is refused; each has one sentence in `handlers/words.py`."""

    NO_RIGHT = "no_right"
    ASK_FIRST = "ask_first"
    NOT_ON_DUTY = "not_on_duty"
    OTHER_UNIT = "other_unit"
    TOO_LONG = "too_long"
    OWN_REQUEST = "own_request"
    NOT_DELEGATED = "not_delegated"
    ALREADY_DECIDED = "already_decided"
    TEACHING_AREA = "teaching_area"
    TOO_MANY_OPEN = "too_many_open"
    IN_THE_FUTURE = "in_the_future"
    ABOUT_ONESELF = "about_oneself"
    NOT_A_DEPUTY = "not_a_deputy"
    NOT_CONCERNED = "not_concerned"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not allowed, for this reason, by this article."""

    because: Because
    article: str


Ruling = Granted | NeedsApproval | Refused

_R, _A, _G, _S = Role, Act, Grant, Scope
_ALL_ROLES = tuple(Role)
_MAY_ASK = (_R.DEPUTY, _R.HEAD_GUARD, _R.GUARD, _R.IT, _R.UNIT_HEAD, _R.TEACHER, _R.STAFF)
_LEADERS = (_R.PRINCIPAL, _R.DEPUTY)
_OTHERS = (_R.TEACHER, _R.STAFF, _R.ACCOUNTANT)
_INCIDENTS = (_A.SEE_INCIDENTS, _A.HANDLE_INCIDENT, _A.EXPORT_INCIDENTS)

SEED: tuple[Right, ...] = (
    Right(_R.PRINCIPAL, _A.LIVE_PICTURE, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.DEPUTY, _A.LIVE_PICTURE, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.HEAD_GUARD, _A.LIVE_PICTURE, _G.YES, _S.ALL, "Điều 7 khoản 1"),
    Right(_R.GUARD, _A.LIVE_PICTURE, _G.ON_DUTY, _S.ALL, "Điều 7 khoản 1"),
    Right(_R.IT, _A.LIVE_PICTURE, _G.YES, _S.ALL, "Điều 8 khoản 2"),
    Right(_R.UNIT_HEAD, _A.LIVE_PICTURE, _G.ASK, _S.OWN_UNIT, "Điều 6"),
    Right(_R.TEACHER, _A.LIVE_PICTURE, _G.ASK, _S.ALL, "Điều 4 khoản 2"),
    Right(_R.STAFF, _A.LIVE_PICTURE, _G.ASK, _S.ALL, "Điều 4 khoản 2"),
    Right(_R.PRINCIPAL, _A.LIVE_CLIP, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.DEPUTY, _A.LIVE_CLIP, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.HEAD_GUARD, _A.LIVE_CLIP, _G.YES, _S.ALL, "Điều 7 khoản 1"),
    Right(_R.GUARD, _A.LIVE_CLIP, _G.ON_DUTY, _S.ALL, "Điều 7 khoản 1"),
    Right(_R.IT, _A.LIVE_CLIP, _G.YES, _S.ALL, "Điều 8 khoản 2"),
    Right(_R.UNIT_HEAD, _A.LIVE_CLIP, _G.ASK, _S.OWN_UNIT, "Điều 6"),
    Right(_R.TEACHER, _A.LIVE_CLIP, _G.ASK, _S.ALL, "Điều 4 khoản 2"),
    Right(_R.STAFF, _A.LIVE_CLIP, _G.ASK, _S.ALL, "Điều 4 khoản 2"),
    Right(_R.PRINCIPAL, _A.REQUEST_RECORDING, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    *(Right(role, _A.REQUEST_RECORDING, _G.ASK, _S.ALL, "Điều 4 khoản 2") for role in _MAY_ASK),
    Right(_R.PRINCIPAL, _A.DECIDE_REQUEST, _G.YES, _S.ALL, "Điều 4 khoản 1, Điều 5"),
    Right(_R.DEPUTY, _A.DECIDE_REQUEST, _G.DELEGATED, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.IT, _A.EXTRACT, _G.WITH_ORDER, _S.ALL, "Điều 5"),
    Right(_R.PRINCIPAL, _A.MANAGE_PEOPLE, _G.YES, _S.ALL, "Điều 1"),
    Right(_R.PRINCIPAL, _A.DELEGATE, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    *(Right(role, _A.SEE_CAMERAS, _G.YES, _S.ALL, "Điều 2 khoản 2") for role in _ALL_ROLES),
    Right(_R.PRINCIPAL, _A.SEE_RETENTION, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.DEPUTY, _A.SEE_RETENTION, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.HEAD_GUARD, _A.SEE_RETENTION, _G.YES, _S.ALL, "Điều 7 khoản 2"),
    Right(_R.GUARD, _A.SEE_RETENTION, _G.SUMMARY, _S.ALL, "Điều 7 khoản 1"),
    Right(_R.IT, _A.SEE_RETENTION, _G.YES, _S.ALL, "Điều 5, Điều 8"),
    Right(_R.UNIT_HEAD, _A.SEE_RETENTION, _G.YES, _S.OWN_UNIT, "Điều 6"),
    Right(_R.PRINCIPAL, _A.READ_AUDIT, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.DEPUTY, _A.READ_AUDIT, _G.YES, _S.ALL, "Điều 4 khoản 1"),
    Right(_R.IT, _A.READ_AUDIT, _G.YES, _S.ALL, "Điều 8"),
    *(Right(role, _A.REPORT_INCIDENT, _G.YES, _S.ALL, "Điều 3") for role in _ALL_ROLES),
    *(Right(role, act, _G.YES, _S.ALL, "Điều 4 khoản 1") for role in _LEADERS for act in _INCIDENTS),
    *(Right(_R.HEAD_GUARD, act, _G.YES, _S.ALL, "Điều 7 khoản 1") for act in _INCIDENTS),
    *(Right(_R.IT, act, _G.YES, _S.ALL, "Điều 8 khoản 1") for act in _INCIDENTS),
    Right(_R.GUARD, _A.SEE_INCIDENTS, _G.RUNNING, _S.ALL, "Điều 7 khoản 1"),
    Right(_R.GUARD, _A.HANDLE_INCIDENT, _G.ON_DUTY, _S.ALL, "Điều 7 khoản 1"),
    Right(_R.UNIT_HEAD, _A.SEE_INCIDENTS, _G.OWN, _S.ALL, "Điều 6"),
    Right(_R.UNIT_HEAD, _A.HANDLE_INCIDENT, _G.CALLED, _S.ALL, "Điều 6"),
    *(Right(role, _A.SEE_INCIDENTS, _G.OWN, _S.ALL, "Điều 3") for role in _OTHERS),
    *(Right(role, _A.HANDLE_INCIDENT, _G.CALLED, _S.ALL, "Điều 3") for role in _OTHERS),
)

DECIDERS = (Role.PRINCIPAL, Role.DEPUTY)


class Rights:
    """The role table as it stands now. Immutable; what is not in it is not allowed."""

    def __init__(self, rows: Iterable[Right]) -> None:
        self._rows = {(row.role, row.act): row for row in rows}

    def of(self, role: Role, act: Act) -> Right | None:
        """The right of a role, or None."""
        return self._rows.get((role, act))

    def roles(self, act: Act) -> tuple[Role, ...]:
        """Every role that has any right to an act."""
        return tuple(role for role, its_act in self._rows if its_act is act)


def live_picture(rights: Rights, person: Person, camera: Camera, *, on_duty: bool) -> Ruling:
    """See what a camera sees now (Điều 4.1, 7.1, 8.2; others must ask, Điều 4.2)."""
    return _live(rights.of(person.role, Act.LIVE_PICTURE), person, camera, on_duty=on_duty)


def live_clip(
    rights: Rights,
    person: Person,
    camera: Camera,
    length: timedelta,
    limits: RequestLimits,
    *,
    on_duty: bool,
) -> Ruling:
    """See a few live seconds (Điều 4.1, 7.1, 8.2); at most 30 s, guards 15 s (s)."""
    ruling = _live(rights.of(person.role, Act.LIVE_CLIP), person, camera, on_duty=on_duty)
    if not isinstance(ruling, Granted):
        return ruling
    longest = limits.guard_live_clip if person.role is Role.GUARD else limits.max_live_clip
    if length > longest:
        return Refused(Because.TOO_LONG, ruling.article)
    return ruling


def _live(right: Right | None, person: Person, camera: Camera, *, on_duty: bool) -> Ruling:
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 4 khoản 1")
    if right.scope is Scope.OWN_UNIT and camera.owner != person.unit:
        return Refused(Because.OTHER_UNIT, right.article)
    if right.grant is Grant.ON_DUTY and not on_duty:
        return Refused(Because.NOT_ON_DUTY, right.article)
    if right.grant in (Grant.YES, Grant.ON_DUTY):
        return Granted(right.article)
    return NeedsApproval(DECIDERS, right.article)


def request_recording(
    rights: Rights,
    person: Person,
    start: datetime,
    end: datetime,
    now: datetime,
    limits: RequestLimits,
    *,
    open_requests: int,
) -> Ruling:
    """Ask for a recording. Everybody but the principal needs a decision (Điều 4.1, 4.2, 5)."""
    right = rights.of(person.role, Act.REQUEST_RECORDING)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 4 khoản 2")
    if end > now:
        return Refused(Because.IN_THE_FUTURE, right.article)
    if end - start > limits.max_length:
        return Refused(Because.TOO_LONG, right.article)
    if open_requests >= limits.open_per_person:
        return Refused(Because.TOO_MANY_OPEN, right.article)
    if right.grant is Grant.YES:
        return Granted(right.article)
    return NeedsApproval(DECIDERS, right.article)


def decide_request(
    rights: Rights,
    person: Person,
    request: FootageRequest,
    camera: Camera,
    *,
    delegated: bool,
) -> Ruling:
    """Approve or refuse a request (Điều 4.1, 5).

    Nobody decides on his own request (s); a deputy acts only with a delegation in force (s); footage of a
    teaching area is for the principal alone (s).
    """
    right = rights.of(person.role, Act.DECIDE_REQUEST)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 4 khoản 1")
    if request.state not in UNDECIDED:
        return Refused(Because.ALREADY_DECIDED, right.article)
    if request.requester_id == person.id:
        return Refused(Because.OWN_REQUEST, right.article)
    if right.grant is Grant.DELEGATED and not delegated:
        return Refused(Because.NOT_DELEGATED, right.article)
    if camera.teaching_area and person.role is not Role.PRINCIPAL:
        return Refused(Because.TEACHING_AREA, right.article)
    if right.grant in (Grant.YES, Grant.DELEGATED):
        return Granted(right.article)
    return Refused(Because.NO_RIGHT, right.article)


def extract(rights: Rights, person: Person, *, ordered: bool) -> Ruling:
    """Make a copy by hand: IT staff, and only with the leadership's order (Điều 5)."""
    right = rights.of(person.role, Act.EXTRACT)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 5")
    if right.grant is Grant.WITH_ORDER and not ordered:
        return Refused(Because.ASK_FIRST, right.article)
    return Granted(right.article)


def manage_people(rights: Rights, person: Person, other: Person | None) -> Ruling:
    """Give, change or take away a role (Điều 1); never one's own (s)."""
    right = rights.of(person.role, Act.MANAGE_PEOPLE)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 1")
    if other is not None and other.id == person.id:
        return Refused(Because.ABOUT_ONESELF, right.article)
    return Granted(right.article)


def delegate_decisions(rights: Rights, person: Person, deputy: Person | None) -> Ruling:
    """Let a deputy decide requests for a stated time (Điều 4.1; only a deputy, in writing and dated, s).

    `deputy` is None while nobody has been chosen yet.
    """
    right = rights.of(person.role, Act.DELEGATE)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 4 khoản 1")
    if deputy is not None and (deputy.role is not Role.DEPUTY or not deputy.active):
        return Refused(Because.NOT_A_DEPUTY, right.article)
    return Granted(right.article)


def look(rights: Rights, person: Person, act: Act) -> Ruling:
    """Read a list or a report that shows no picture (Điều 2.2, 4.1, 5, 7.2, 8)."""
    right = rights.of(person.role, act)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 4 khoản 1")
    return Granted(right.article)


def see_retention(rights: Rights, person: Person, camera: Camera | None) -> Ruling:
    """Read how long footage is kept (Điều 4.1, 5, 6, 7.2, 8): of one camera, or (None) of the whole school.

    Guards read the figures of the whole only (Điều 7.1, s); the head of a unit reads of the unit's own
    cameras, and of the whole what concerns these.
    """
    right = rights.of(person.role, Act.SEE_RETENTION)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 5")
    if camera is None:
        return Granted(right.article)
    if right.grant is Grant.SUMMARY:
        return Refused(Because.NO_RIGHT, right.article)
    if right.scope is Scope.OWN_UNIT and camera.owner != person.unit:
        return Refused(Because.OTHER_UNIT, right.article)
    return Granted(right.article)


def report_incident(rights: Rights, person: Person) -> Ruling:
    """Report what happened: everybody may (Điều 3), and those on watch must (Điều 7.1)."""
    return look(rights, person, Act.REPORT_INCIDENT)


def see_incident(rights: Rights, person: Person, incident: Incident, *, concerned: bool) -> Ruling:
    """Read an incident: the leadership all, guards the running ones, others their own (Điều 3, 4.1, 7.1; s).

    `concerned`: was told of it or is to see to it. Who reported it is always.
    """
    right = rights.of(person.role, Act.SEE_INCIDENTS)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 4 khoản 1")
    is_own = concerned or incident.reporter_id == person.id
    is_running = right.grant is Grant.RUNNING and incident.is_running
    if right.grant is Grant.YES or is_running or is_own:
        return Granted(right.article)
    return Refused(Because.NOT_CONCERNED, right.article)


def handle_incident(rights: Rights, person: Person, *, called: bool, on_duty: bool) -> Ruling:
    """Take an incident, see to it, close it (Điều 4.1, 6, 7.1, 8.1); others only when called to it (s)."""
    right = rights.of(person.role, Act.HANDLE_INCIDENT)
    if right is None or not person.active:
        return Refused(Because.NO_RIGHT, "Điều 7 khoản 1")
    if called or right.grant is Grant.YES or (right.grant is Grant.ON_DUTY and on_duty):
        return Granted(right.article)
    is_guard = right.grant is Grant.ON_DUTY
    return Refused(Because.NOT_ON_DUTY if is_guard else Because.NOT_CONCERNED, right.article)
