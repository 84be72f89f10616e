"""Who may do what, and by which article; each refusal stands beside the success that differs in one thing."""

import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import regulation
from domain.cameras import Camera
from domain.people import Person, Role
from domain.regulation import (
    DECIDERS,
    SEED,
    Act,
    Because,
    Grant,
    Granted,
    NeedsApproval,
    Refused,
    Rights,
    Ruling,
    Scope,
)
from domain.requests import (
    UNDECIDED,
    FootageRequest,
    Hold,
    Purpose,
    RequestLimits,
    RequestState,
)
from tests.domain.test_incidents import incident

# One row an act, one column a role, as the school's matrix has them: "-" is no.
# HT principal, PHT deputy, TT head guard, BV guard, CNTT IT staff, KT accountant, BP head of a unit, GV, NV.
MATRIX = """
                   HT   PHT        TT   BV       CNTT        KT   BP   GV   NV
live_picture       yes  yes        yes  on_duty  yes         -    ask  ask  ask
live_clip          yes  yes        yes  on_duty  yes         -    ask  ask  ask
request_recording  yes  ask        ask  ask      ask         -    ask  ask  ask
decide_request     yes  delegated  -    -        -           -    -    -    -
extract            -    -          -    -        with_order  -    -    -    -
manage_people      yes  -          -    -        -           -    -    -    -
delegate           yes  -          -    -        -           -    -    -    -
see_cameras        yes  yes        yes  yes      yes         yes  yes  yes  yes
see_retention      yes  yes        yes  summary  yes         -    yes  -    -
read_audit         yes  yes        -    -        yes         -    -    -    -
report_incident    yes  yes        yes  yes      yes         yes  yes  yes  yes
see_incidents      yes  yes        yes  running  yes         own  own  own  own
handle_incident    yes  yes        yes  on_duty  yes         called called called called
export_incidents   yes  yes        yes  -        yes         -    -    -    -
"""

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RIGHTS = Rights(SEED)
NOTHING = Rights(())
LIMITS = RequestLimits()
GATE = Camera("C01", "Cổng chính", "dau-ghi-1", 1, owner="Tổ bảo vệ")
LIBRARY = Camera("C23", "Thư viện", "dau-ghi-1", 23, owner="Thư viện")
LAB = Camera("C20", "Phòng tin học 1", "dau-ghi-1", 20, owner="Tổ Tin học", teaching_area=True)


def person(role: Role, number: int = 7, unit: str = "") -> Person:
    return Person(number, "Lan", role, "Cô", unit)


def removed(role: Role) -> Person:
    return replace(person(role), active=False)


def request(requester_id: int = 99, state: RequestState = RequestState.PENDING) -> FootageRequest:
    start = NOW - timedelta(days=3)
    return FootageRequest(
        id=1,
        code="YC-2026-0001",
        requester_id=requester_id,
        camera_code="C01",
        start=start,
        end=start + timedelta(minutes=15),
        purpose=Purpose.ORDER,
        reason="học sinh bị xô ngã",
        state=state,
        hold=Hold.QUEUED,
        created_at=NOW,
        expires_at=NOW + LIMITS.decide_within,
    )


def because(ruling: Ruling) -> Because:
    assert isinstance(ruling, Refused), ruling
    assert ruling.article
    return ruling.because


def table() -> dict[tuple[Role, Act], str]:
    _roles, *rows = MATRIX.strip().splitlines()
    cells: dict[tuple[Role, Act], str] = {}
    for row in rows:
        act, *grants = row.split()
        cells |= {(role, Act(act)): grant for role, grant in zip(Role, grants, strict=True) if grant != "-"}
    return cells


def test_the_seed_is_the_schools_matrix() -> None:
    assert {(right.role, right.act): right.grant.value for right in SEED} == table()


def test_each_cell_names_its_article_and_stands_once() -> None:
    assert all(right.article.startswith("Điều ") for right in SEED)
    assert len({(right.role, right.act) for right in SEED}) == len(SEED)


def test_only_the_head_of_a_unit_is_bound_to_its_own_cameras() -> None:
    own = {(right.role, right.act) for right in SEED if right.scope is Scope.OWN_UNIT}
    bound = (Act.LIVE_PICTURE, Act.LIVE_CLIP, Act.SEE_RETENTION)
    assert own == {(Role.UNIT_HEAD, act) for act in bound}


@pytest.mark.parametrize("role", Role)
def test_live_pictures_follow_the_matrix(role: Role) -> None:
    ruling = regulation.live_picture(RIGHTS, person(role), GATE, on_duty=True)
    match table().get((role, Act.LIVE_PICTURE)):
        case "yes" | "on_duty":
            assert isinstance(ruling, Granted)
        case "ask" if role is Role.UNIT_HEAD:
            assert because(ruling) is Because.OTHER_UNIT
        case "ask":
            assert ruling == NeedsApproval(DECIDERS, "Điều 4 khoản 2")
        case _:
            assert because(ruling) is Because.NO_RIGHT


def test_a_guard_looks_only_on_duty() -> None:
    guard = person(Role.GUARD)
    assert regulation.live_picture(RIGHTS, guard, GATE, on_duty=True) == Granted("Điều 7 khoản 1")
    assert because(regulation.live_picture(RIGHTS, guard, GATE, on_duty=False)) is Because.NOT_ON_DUTY
    head = person(Role.HEAD_GUARD)
    assert isinstance(regulation.live_picture(RIGHTS, head, GATE, on_duty=False), Granted)


def test_the_head_of_a_unit_may_ask_for_the_own_camera_only() -> None:
    librarian = person(Role.UNIT_HEAD, unit="Thư viện")
    own = regulation.live_picture(RIGHTS, librarian, LIBRARY, on_duty=True)
    assert own == NeedsApproval(DECIDERS, "Điều 6")
    assert because(regulation.live_picture(RIGHTS, librarian, GATE, on_duty=True)) is Because.OTHER_UNIT


@pytest.mark.parametrize(
    ("role", "longest_seconds"), [(Role.GUARD, 15), (Role.HEAD_GUARD, 30), (Role.IT, 30)]
)
def test_a_live_clip_has_a_longest_length(role: Role, longest_seconds: int) -> None:
    def ruling(seconds: int) -> Ruling:
        length = timedelta(seconds=seconds)
        return regulation.live_clip(RIGHTS, person(role), GATE, length, LIMITS, on_duty=True)

    assert isinstance(ruling(longest_seconds), Granted)
    assert because(ruling(longest_seconds + 1)) is Because.TOO_LONG


def test_who_may_not_look_is_told_that_and_not_of_the_length() -> None:
    hour = timedelta(hours=1)
    ruling = regulation.live_clip(RIGHTS, person(Role.TEACHER), GATE, hour, LIMITS, on_duty=True)
    assert isinstance(ruling, NeedsApproval)


def asked(
    asker: Person, *, ago: timedelta = timedelta(days=3), minutes: int = 15, open_requests: int = 0
) -> Ruling:
    start = NOW - ago
    end = start + timedelta(minutes=minutes)
    return regulation.request_recording(RIGHTS, asker, start, end, NOW, LIMITS, open_requests=open_requests)


@pytest.mark.parametrize("role", Role)
def test_everybody_but_the_principal_needs_a_decision(role: Role) -> None:
    ruling = asked(person(role))
    match table().get((role, Act.REQUEST_RECORDING)):
        case "yes":
            assert role is Role.PRINCIPAL
            assert ruling == Granted("Điều 4 khoản 1")
        case "ask":
            assert ruling == NeedsApproval(DECIDERS, "Điều 4 khoản 2")
        case _:
            assert because(ruling) is Because.NO_RIGHT


def test_only_the_past_can_be_asked_for() -> None:
    teacher = person(Role.TEACHER)
    assert isinstance(asked(teacher, ago=timedelta(minutes=15)), NeedsApproval)
    assert because(asked(teacher, ago=timedelta(minutes=14))) is Because.IN_THE_FUTURE


def test_a_request_has_a_longest_length() -> None:
    teacher = person(Role.TEACHER)
    assert isinstance(asked(teacher, minutes=45), NeedsApproval)
    assert because(asked(teacher, minutes=46)) is Because.TOO_LONG


def test_a_person_has_at_most_so_many_open_requests() -> None:
    teacher = person(Role.TEACHER)
    assert isinstance(asked(teacher, open_requests=LIMITS.open_per_person - 1), NeedsApproval)
    assert because(asked(teacher, open_requests=LIMITS.open_per_person)) is Because.TOO_MANY_OPEN


def decided(
    decider: Person, asked_for: FootageRequest, camera: Camera = GATE, *, delegated: bool = True
) -> Ruling:
    return regulation.decide_request(RIGHTS, decider, asked_for, camera, delegated=delegated)


@pytest.mark.parametrize("role", Role)
def test_only_the_leadership_decides(role: Role) -> None:
    ruling = decided(person(role), request())
    if role in DECIDERS:
        assert isinstance(ruling, Granted)
    else:
        assert because(ruling) is Because.NO_RIGHT


def test_a_deputy_decides_only_with_a_delegation() -> None:
    deputy = person(Role.DEPUTY)
    assert decided(deputy, request()) == Granted("Điều 4 khoản 1")
    assert because(decided(deputy, request(), delegated=False)) is Because.NOT_DELEGATED
    principal = person(Role.PRINCIPAL)
    assert isinstance(decided(principal, request(), delegated=False), Granted)


@pytest.mark.parametrize("role", DECIDERS)
def test_nobody_decides_on_the_own_request(role: Role) -> None:
    decider = person(role)
    assert isinstance(decided(decider, request(requester_id=decider.id + 1)), Granted)
    assert because(decided(decider, request(requester_id=decider.id))) is Because.OWN_REQUEST


def test_a_teaching_area_is_for_the_principal_alone() -> None:
    assert isinstance(decided(person(Role.PRINCIPAL), request(), LAB), Granted)
    assert because(decided(person(Role.DEPUTY), request(), LAB)) is Because.TEACHING_AREA


@pytest.mark.parametrize("state", RequestState)
def test_what_is_decided_is_not_decided_again(state: RequestState) -> None:
    ruling = decided(person(Role.PRINCIPAL), request(state=state))
    if state in UNDECIDED:
        assert isinstance(ruling, Granted)
    else:
        assert because(ruling) is Because.ALREADY_DECIDED


@pytest.mark.parametrize("role", Role)
def test_only_it_staff_extract_and_only_with_an_order(role: Role) -> None:
    with_order = regulation.extract(RIGHTS, person(role), ordered=True)
    without = regulation.extract(RIGHTS, person(role), ordered=False)
    if role is Role.IT:
        assert with_order == Granted("Điều 5")
        assert because(without) is Because.ASK_FIRST
    else:
        assert because(with_order) is Because.NO_RIGHT
        assert because(without) is Because.NO_RIGHT


@pytest.mark.parametrize("role", Role)
def test_only_the_principal_gives_and_takes_access(role: Role) -> None:
    ruling = regulation.manage_people(RIGHTS, person(role), person(Role.TEACHER, number=8))
    if role is Role.PRINCIPAL:
        assert ruling == Granted("Điều 1")
    else:
        assert because(ruling) is Because.NO_RIGHT


def test_nobody_changes_the_own_access() -> None:
    principal = person(Role.PRINCIPAL)
    assert isinstance(regulation.manage_people(RIGHTS, principal, None), Granted)
    assert because(regulation.manage_people(RIGHTS, principal, principal)) is Because.ABOUT_ONESELF


@pytest.mark.parametrize("role", Role)
def test_only_the_principal_delegates(role: Role) -> None:
    ruling = regulation.delegate_decisions(RIGHTS, person(role), person(Role.DEPUTY, number=8))
    if role is Role.PRINCIPAL:
        assert ruling == Granted("Điều 4 khoản 1")
    else:
        assert because(ruling) is Because.NO_RIGHT


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEPUTY])
def test_only_to_a_deputy_can_be_delegated(role: Role) -> None:
    principal = person(Role.PRINCIPAL)
    assert isinstance(regulation.delegate_decisions(RIGHTS, principal, person(Role.DEPUTY)), Granted)
    other = regulation.delegate_decisions(RIGHTS, principal, person(role, number=8))
    assert because(other) is Because.NOT_A_DEPUTY
    gone = regulation.delegate_decisions(RIGHTS, principal, removed(Role.DEPUTY))
    assert because(gone) is Because.NOT_A_DEPUTY


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", [Act.SEE_CAMERAS, Act.SEE_RETENTION, Act.READ_AUDIT])
def test_lists_and_reports_follow_the_matrix(role: Role, act: Act) -> None:
    ruling = regulation.look(RIGHTS, person(role), act)
    if (role, act) in table():
        assert isinstance(ruling, Granted)
    else:
        assert because(ruling) is Because.NO_RIGHT


@pytest.mark.parametrize("role", Role)
def test_how_long_footage_is_kept_is_read_by_the_matrix(role: Role) -> None:
    ruling = regulation.see_retention(RIGHTS, person(role), None)
    if (role, Act.SEE_RETENTION) in table():
        assert isinstance(ruling, Granted)
    else:
        assert because(ruling) is Because.NO_RIGHT


def test_a_guard_reads_the_figures_of_the_whole_but_of_no_single_camera() -> None:
    assert isinstance(regulation.see_retention(RIGHTS, person(Role.GUARD), None), Granted)
    assert isinstance(regulation.see_retention(RIGHTS, person(Role.HEAD_GUARD), GATE), Granted)
    assert because(regulation.see_retention(RIGHTS, person(Role.GUARD), GATE)) is Because.NO_RIGHT


def test_the_head_of_a_unit_reads_of_the_own_cameras_only() -> None:
    head = person(Role.UNIT_HEAD, unit="Thư viện")
    assert regulation.see_retention(RIGHTS, head, LIBRARY) == Granted("Điều 6")
    assert because(regulation.see_retention(RIGHTS, head, GATE)) is Because.OTHER_UNIT


def every_ruling(rights: Rights, who: Person) -> dict[str, Ruling]:
    start = NOW - timedelta(days=3)
    end = start + timedelta(minutes=15)
    length = timedelta(seconds=10)
    return {
        "live_picture": regulation.live_picture(rights, who, GATE, on_duty=True),
        "live_clip": regulation.live_clip(rights, who, GATE, length, LIMITS, on_duty=True),
        "request": regulation.request_recording(rights, who, start, end, NOW, LIMITS, open_requests=0),
        "decide": regulation.decide_request(rights, who, request(), GATE, delegated=True),
        "extract": regulation.extract(rights, who, ordered=True),
        "manage": regulation.manage_people(rights, who, None),
        "delegate": regulation.delegate_decisions(rights, who, None),
        "look": regulation.look(rights, who, Act.SEE_CAMERAS),
        "retention": regulation.see_retention(rights, who, None),
        "report": regulation.report_incident(rights, who),
        "see_incident": regulation.see_incident(rights, who, incident(), concerned=True),
        "handle_incident": regulation.handle_incident(rights, who, called=True, on_duty=True),
    }


def test_every_rule_is_among_those_that_are_tried_on_everybody() -> None:
    public = {
        name
        for name, found in vars(regulation).items()
        if inspect.isfunction(found) and found.__module__ == regulation.__name__ and name[0] != "_"
    }
    assert len(public) == len(every_ruling(RIGHTS, person(Role.PRINCIPAL)))


@pytest.mark.parametrize("role", Role)
def test_an_empty_table_admits_nobody(role: Role) -> None:
    assert {because(ruling) for ruling in every_ruling(NOTHING, person(role)).values()} == {Because.NO_RIGHT}


@pytest.mark.parametrize("role", Role)
def test_a_removed_person_has_no_right_at_all(role: Role) -> None:
    assert any(not isinstance(ruling, Refused) for ruling in every_ruling(RIGHTS, person(role)).values())
    assert {because(ruling) for ruling in every_ruling(RIGHTS, removed(role)).values()} == {Because.NO_RIGHT}


def test_a_grant_that_an_act_does_not_know_gives_nothing() -> None:
    odd = Rights(replace(right, grant=Grant.ASK) for right in SEED if right.act is Act.DECIDE_REQUEST)
    ruling = regulation.decide_request(odd, person(Role.PRINCIPAL), request(), GATE, delegated=True)
    assert because(ruling) is Because.NO_RIGHT


def test_the_table_tells_which_roles_an_act_concerns() -> None:
    assert set(RIGHTS.roles(Act.DECIDE_REQUEST)) == set(DECIDERS)
    assert RIGHTS.of(Role.ACCOUNTANT, Act.LIVE_PICTURE) is None
