"""The regulation as functions: each refusal shares its set-up with the matching success."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

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
    Right,
    Rights,
    Ruling,
    Scope,
    decide_request,
    extract,
    live_clip,
    live_picture,
    look,
    manage_people,
    request_recording,
)
from domain.requests import UNDECIDED, FootageRequest, Hold, Purpose, RequestLimits, RequestState

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
RIGHTS = Rights(SEED)
EMPTY = Rights(())
LIMITS = RequestLimits()
GATE = Camera("C01", "Cổng chính", "dau-ghi-1", 1, owner="Tổ bảo vệ")
CLASSROOM = replace(GATE, code="C20", teaching_area=True)
EVERYBODY = {role: Person(number, role.value, role, "Cô") for number, role in enumerate(Role, start=1)}
LESSON = timedelta(minutes=15)


def asked(by: Role, state: RequestState = RequestState.PENDING) -> FootageRequest:
    return FootageRequest(
        id=1,
        code="YC-2026-0001",
        requester_id=EVERYBODY[by].id,
        camera_code="C01",
        start=NOW - timedelta(hours=2),
        end=NOW - timedelta(hours=2) + LESSON,
        purpose=Purpose.ORDER,
        reason="",
        state=state,
        hold=Hold.HELD,
        created_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )


def ask(
    role: Role, *, ago: timedelta = timedelta(hours=1), length: timedelta = LESSON, waiting: int = 0
) -> Ruling:
    start = NOW - ago
    return request_recording(
        RIGHTS, EVERYBODY[role], start, start + length, NOW, LIMITS, open_requests=waiting
    )


def decide(
    role: Role,
    request: FootageRequest | None = None,
    camera: Camera = GATE,
    *,
    delegated: bool = False,
    rights: Rights = RIGHTS,
) -> Ruling:
    return decide_request(
        rights, EVERYBODY[role], request or asked(Role.TEACHER), camera, delegated=delegated
    )


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.DEPUTY, Role.HEAD_GUARD, Role.GUARD, Role.IT])
def test_who_has_a_duty_sees_what_a_camera_sees_now(role: Role) -> None:
    assert isinstance(live_picture(RIGHTS, EVERYBODY[role], GATE, on_duty=True), Granted)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.STAFF])
def test_others_need_the_leaderships_consent_to_watch_live(role: Role) -> None:
    ruling = live_picture(RIGHTS, EVERYBODY[role], GATE, on_duty=True)
    assert ruling == NeedsApproval(DECIDERS, "Điều 4 khoản 2")


def test_the_accountant_sees_no_pictures() -> None:
    ruling = live_picture(RIGHTS, EVERYBODY[Role.ACCOUNTANT], GATE, on_duty=True)
    assert ruling == Refused(Because.NO_RIGHT, "Điều 4 khoản 1")


def test_a_guard_watches_only_on_duty() -> None:
    guard = EVERYBODY[Role.GUARD]
    assert live_picture(RIGHTS, guard, GATE, on_duty=True) == Granted("Điều 7 khoản 1")
    assert live_picture(RIGHTS, guard, GATE, on_duty=False) == Refused(Because.NOT_ON_DUTY, "Điều 7 khoản 1")


def test_a_head_of_unit_may_ask_about_the_units_own_cameras_only() -> None:
    head = replace(EVERYBODY[Role.UNIT_HEAD], unit="Thư viện")
    assert isinstance(
        live_picture(RIGHTS, head, replace(GATE, owner="Thư viện"), on_duty=True), NeedsApproval
    )
    assert live_picture(RIGHTS, head, GATE, on_duty=True) == Refused(Because.OTHER_UNIT, "Điều 6")


@pytest.mark.parametrize(("role", "longest"), [(Role.GUARD, 15), (Role.HEAD_GUARD, 30), (Role.PRINCIPAL, 30)])
def test_a_live_clip_has_a_longest_length(role: Role, longest: int) -> None:
    def clip(seconds: int) -> Ruling:
        length = timedelta(seconds=seconds)
        return live_clip(RIGHTS, EVERYBODY[role], GATE, length, LIMITS, on_duty=True)

    assert isinstance(clip(longest), Granted)
    too_long = clip(longest + 1)
    assert isinstance(too_long, Refused)
    assert too_long.because is Because.TOO_LONG


def test_who_may_not_see_a_picture_may_not_see_a_clip() -> None:
    second = timedelta(seconds=1)
    ruling = live_clip(RIGHTS, EVERYBODY[Role.TEACHER], GATE, second, LIMITS, on_duty=True)
    assert isinstance(ruling, NeedsApproval)


def test_everybody_but_the_principal_needs_a_decision_for_a_recording() -> None:
    assert ask(Role.PRINCIPAL) == Granted("Điều 4 khoản 1")
    for role in set(Role) - {Role.PRINCIPAL, Role.ACCOUNTANT}:
        assert ask(role) == NeedsApproval(DECIDERS, "Điều 4 khoản 2")


def test_the_accountant_may_not_ask_for_a_recording() -> None:
    assert ask(Role.ACCOUNTANT) == Refused(Because.NO_RIGHT, "Điều 4 khoản 2")


def test_a_recording_lies_in_the_past() -> None:
    assert isinstance(ask(Role.TEACHER, ago=LESSON), NeedsApproval)
    just_too_late = ask(Role.TEACHER, ago=LESSON - timedelta(seconds=1))
    assert just_too_late == Refused(Because.IN_THE_FUTURE, "Điều 4 khoản 2")


def test_a_recording_has_a_longest_length() -> None:
    assert isinstance(ask(Role.TEACHER, length=LIMITS.max_length), NeedsApproval)
    too_long = ask(Role.TEACHER, ago=timedelta(hours=2), length=LIMITS.max_length + timedelta(seconds=1))
    assert too_long == Refused(Because.TOO_LONG, "Điều 4 khoản 2")


def test_a_person_has_so_many_open_requests_at_most() -> None:
    assert isinstance(ask(Role.TEACHER, waiting=LIMITS.open_per_person - 1), NeedsApproval)
    assert ask(Role.TEACHER, waiting=LIMITS.open_per_person) == Refused(
        Because.TOO_MANY_OPEN, "Điều 4 khoản 2"
    )


def test_the_principal_decides() -> None:
    assert decide(Role.PRINCIPAL) == Granted("Điều 4 khoản 1, Điều 5")


@pytest.mark.parametrize("role", sorted(set(Role) - set(DECIDERS)))
def test_nobody_outside_the_leadership_decides(role: Role) -> None:
    assert decide(role, asked(Role.PRINCIPAL), delegated=True) == Refused(Because.NO_RIGHT, "Điều 4 khoản 1")


def test_a_deputy_decides_only_with_a_delegation() -> None:
    assert isinstance(decide(Role.DEPUTY, delegated=True), Granted)
    assert decide(Role.DEPUTY, delegated=False) == Refused(Because.NOT_DELEGATED, "Điều 4 khoản 1")


def test_footage_of_a_teaching_area_is_for_the_principal_alone() -> None:
    assert isinstance(decide(Role.PRINCIPAL, camera=CLASSROOM), Granted)
    assert decide(Role.DEPUTY, camera=CLASSROOM, delegated=True) == Refused(
        Because.TEACHING_AREA, "Điều 4 khoản 1"
    )


def test_nobody_decides_on_their_own_request() -> None:
    for role in DECIDERS:
        ruling = decide(role, asked(role), delegated=True)
        assert isinstance(ruling, Refused)
        assert ruling.because is Because.OWN_REQUEST


@pytest.mark.parametrize("state", list(RequestState))
def test_only_an_undecided_request_can_be_decided(state: RequestState) -> None:
    ruling = decide(Role.PRINCIPAL, asked(Role.TEACHER, state))
    if state in UNDECIDED:
        assert isinstance(ruling, Granted)
    else:
        assert ruling == Refused(Because.ALREADY_DECIDED, "Điều 4 khoản 1, Điều 5")


@pytest.mark.parametrize("grant", [Grant.ASK, Grant.ON_DUTY, Grant.WITH_ORDER])
def test_a_right_of_a_kind_that_decides_nothing_decides_nothing(grant: Grant) -> None:
    odd = Rights([Right(Role.PRINCIPAL, Act.DECIDE_REQUEST, grant, Scope.ALL, "Điều 5")])
    assert decide(Role.PRINCIPAL, rights=odd) == Refused(Because.NO_RIGHT, "Điều 5")


def test_it_staff_extract_on_an_order_only() -> None:
    it = EVERYBODY[Role.IT]
    assert extract(RIGHTS, it, ordered=True) == Granted("Điều 5")
    assert extract(RIGHTS, it, ordered=False) == Refused(Because.ASK_FIRST, "Điều 5")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.IT}))
def test_nobody_else_extracts_even_on_an_order(role: Role) -> None:
    assert extract(RIGHTS, EVERYBODY[role], ordered=True) == Refused(Because.NO_RIGHT, "Điều 5")


def test_the_principal_manages_people_but_never_their_own_role() -> None:
    principal = EVERYBODY[Role.PRINCIPAL]
    assert manage_people(RIGHTS, principal, EVERYBODY[Role.GUARD]) == Granted("Điều 1")
    assert manage_people(RIGHTS, principal, None) == Granted("Điều 1")
    assert manage_people(RIGHTS, principal, principal) == Refused(Because.ABOUT_ONESELF, "Điều 1")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PRINCIPAL}))
def test_nobody_else_manages_people(role: Role) -> None:
    assert manage_people(RIGHTS, EVERYBODY[role], None) == Refused(Because.NO_RIGHT, "Điều 1")


def test_everybody_may_read_the_list_of_cameras() -> None:
    for person in EVERYBODY.values():
        assert look(RIGHTS, person, Act.SEE_CAMERAS) == Granted("Điều 2 khoản 2")


def test_the_log_is_read_by_the_leadership_and_it_staff() -> None:
    readers = {
        role
        for role, person in EVERYBODY.items()
        if isinstance(look(RIGHTS, person, Act.READ_AUDIT), Granted)
    }
    assert readers == {Role.PRINCIPAL, Role.DEPUTY, Role.IT}


def rulings(rights: Rights, person: Person) -> list[Ruling]:
    """Every act that there is, in circumstances that leave only the person to be judged."""
    return [
        live_picture(rights, person, GATE, on_duty=True),
        live_clip(rights, person, GATE, timedelta(seconds=1), LIMITS, on_duty=True),
        request_recording(rights, person, NOW - LESSON, NOW, NOW, LIMITS, open_requests=0),
        decide_request(rights, person, replace(asked(Role.TEACHER), requester_id=0), GATE, delegated=True),
        extract(rights, person, ordered=True),
        manage_people(rights, person, None),
        *(look(rights, person, act) for act in Act),
    ]


@pytest.mark.parametrize("role", list(Role))
def test_an_empty_role_table_admits_nobody(role: Role) -> None:
    assert any(isinstance(ruling, Granted) for ruling in rulings(RIGHTS, EVERYBODY[role]))
    assert all(isinstance(ruling, Refused) for ruling in rulings(EMPTY, EVERYBODY[role]))


@pytest.mark.parametrize("role", list(Role))
def test_a_removed_person_may_do_nothing(role: Role) -> None:
    removed = replace(EVERYBODY[role], active=False)
    assert all(isinstance(ruling, Refused) for ruling in rulings(RIGHTS, removed))
