"""Who may report, read and see to incidents."""

from dataclasses import replace

import pytest

from domain import regulation
from domain.incidents import IncidentState
from domain.people import Person, Role
from domain.regulation import SEED, Act, Because, Granted, Refused, Rights
from tests.domain.test_incidents import SON, incident

RIGHTS = Rights(SEED)
EMPTY = Rights(())
REPORTED_BY_ANOTHER = replace(incident(), reporter_id=99)


def person(role: Role) -> Person:
    return Person(50, "X", role, "Cô")


@pytest.mark.parametrize("role", Role)
def test_everybody_may_report(role: Role) -> None:
    assert isinstance(regulation.report_incident(RIGHTS, person(role)), Granted)
    assert isinstance(regulation.report_incident(EMPTY, person(role)), Refused)
    assert isinstance(regulation.report_incident(RIGHTS, replace(person(role), active=False)), Refused)


@pytest.mark.parametrize("role", Role)
def test_the_leadership_sees_all_guards_what_runs_others_their_own(role: Role) -> None:
    def sees(state: IncidentState, *, concerned: bool = False) -> bool:
        found = replace(REPORTED_BY_ANOTHER, state=state)
        ruling = regulation.see_incident(RIGHTS, person(role), found, concerned=concerned)
        return isinstance(ruling, Granted)

    sees_all = role in (Role.PRINCIPAL, Role.DEPUTY, Role.HEAD_GUARD, Role.IT)
    assert sees(IncidentState.CLOSED) is sees_all
    assert sees(IncidentState.REPORTED) is (sees_all or role is Role.GUARD)
    assert sees(IncidentState.CLOSED, concerned=True)


def test_who_reported_it_sees_it_also_when_it_is_closed() -> None:
    closed = incident(IncidentState.CLOSED)
    assert isinstance(regulation.see_incident(RIGHTS, SON, closed, concerned=False), Granted)
    another = replace(SON, id=98)
    ruling = regulation.see_incident(RIGHTS, another, closed, concerned=False)
    assert ruling == Refused(Because.NOT_CONCERNED, "Điều 7 khoản 1")
    assert isinstance(regulation.see_incident(EMPTY, SON, closed, concerned=False), Refused)


@pytest.mark.parametrize("role", Role)
def test_who_is_called_may_see_to_it(role: Role) -> None:
    def may(*, called: bool) -> bool:
        return isinstance(
            regulation.handle_incident(RIGHTS, person(role), called=called, on_duty=True), Granted
        )

    assert may(called=True)
    by_office = (Role.PRINCIPAL, Role.DEPUTY, Role.HEAD_GUARD, Role.GUARD, Role.IT)
    assert may(called=False) is (role in by_office)
    assert isinstance(regulation.handle_incident(EMPTY, person(role), called=True, on_duty=True), Refused)


def test_a_guard_sees_to_it_only_on_duty() -> None:
    guard = person(Role.GUARD)
    assert isinstance(regulation.handle_incident(RIGHTS, guard, called=False, on_duty=True), Granted)
    ruling = regulation.handle_incident(RIGHTS, guard, called=False, on_duty=False)
    assert ruling == Refused(Because.NOT_ON_DUTY, "Điều 7 khoản 1")


@pytest.mark.parametrize("role", Role)
def test_the_register_is_for_the_leadership_head_guard_and_it_staff(role: Role) -> None:
    may = isinstance(regulation.look(RIGHTS, person(role), Act.EXPORT_INCIDENTS), Granted)
    assert may is (role in (Role.PRINCIPAL, Role.DEPUTY, Role.HEAD_GUARD, Role.IT))
