"""States of an incident, who is told and when, and which cameras belong to it."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.cameras import Camera
from domain.incidents import (
    MOVES,
    Incident,
    IncidentKind,
    IncidentMoveError,
    IncidentRules,
    IncidentState,
    Severity,
    cameras_of,
    waves,
)
from domain.people import Person, Role

NOW = datetime(2026, 11, 23, 3, 20, 40, tzinfo=UTC)
HANG = Person(1, "Hằng", Role.PRINCIPAL, "Cô")
QUANG = Person(2, "Quang", Role.DEPUTY, "Thầy")
TIEN = Person(3, "Tiến", Role.HEAD_GUARD, "Bác", "Tổ bảo vệ")
DUNG = Person(4, "Dũng", Role.IT, "Anh")
SON = Person(5, "Sơn", Role.GUARD, "Anh", "Tổ bảo vệ")
YEN = Person(6, "Yến", Role.UNIT_HEAD, "Cô", "Thư viện")
LAN = Person(7, "Lan", Role.TEACHER, "Cô")
STAFF = (HANG, QUANG, TIEN, DUNG, SON, YEN, LAN)


def incident(state: IncidentState = IncidentState.REPORTED) -> Incident:
    return Incident(
        id=31,
        code="SC-2026-0031",
        reporter_id=SON.id,
        kind=IncidentKind.FIGHT,
        severity=Severity.EMERGENCY,
        state=state,
        camera_code="C03",
        place="",
        text="đánh nhau",
        happened_at=NOW,
        created_at=NOW,
    )


def told(
    severity: Severity, kind: IncidentKind = IncidentKind.THEFT, owner: str = "", reporter: Person = LAN
) -> list[list[str]]:
    return [[person.name for person in wave] for wave in waves(severity, kind, owner, STAFF, reporter.id)]


def test_level_one_is_told_to_nobody() -> None:
    assert told(Severity.NOTED) == []


def test_level_two_goes_to_the_head_guard_and_the_areas_own_unit_or_it_staff() -> None:
    assert told(Severity.TODAY, owner="Thư viện")[0] == ["Tiến", "Yến"]
    assert told(Severity.TODAY, owner="Tổ bảo vệ")[0] == ["Tiến", "Dũng"]
    assert told(Severity.TODAY)[0] == ["Tiến", "Dũng"]
    assert told(Severity.TODAY, IncidentKind.EQUIPMENT, "Thư viện")[0] == ["Tiến", "Dũng"]


def test_level_three_and_four_go_to_the_leadership_at_once() -> None:
    for severity in (Severity.SERIOUS, Severity.EMERGENCY):
        assert told(severity)[0] == ["Hằng", "Quang", "Tiến"]


def test_the_next_people_of_an_emergency_follow_in_waves_and_nobody_stands_in_two() -> None:
    plan = told(Severity.EMERGENCY)
    assert plan == [["Hằng", "Quang", "Tiến"], ["Dũng", "Sơn"], ["Yến"]]
    for severity in Severity:
        names = [name for wave in told(severity, owner="Thư viện") for name in wave]
        assert len(names) == len(set(names))


def test_nobody_is_told_of_the_own_report() -> None:
    assert told(Severity.SERIOUS, reporter=HANG)[0] == ["Quang", "Tiến"]


def test_an_empty_wave_is_left_out() -> None:
    only_it = waves(Severity.EMERGENCY, IncidentKind.FIRE, "", (DUNG, LAN), LAN.id)
    assert [[person.name for person in wave] for wave in only_it] == [["Dũng"]]


@pytest.mark.parametrize("start", IncidentState)
@pytest.mark.parametrize("to", IncidentState)
def test_only_the_moves_of_the_table_are_allowed(start: IncidentState, to: IncidentState) -> None:
    if to in MOVES[start]:
        incident(start).require(to)
    else:
        with pytest.raises(IncidentMoveError):
            incident(start).require(to)


def test_a_closed_incident_can_be_opened_again_and_a_dropped_one_cannot() -> None:
    assert incident(IncidentState.CLOSED).may_go(IncidentState.IN_WORK)
    assert MOVES[IncidentState.DROPPED] == frozenset()


def test_the_second_message_comes_after_five_minutes_and_the_next_people_after_five_more() -> None:
    rules = IncidentRules()
    minutes = [(rules.step_at(NOW, step) - NOW) / timedelta(minutes=1) for step in (1, 2, 3)]
    assert minutes == [5, 10, 15]


def test_a_draft_of_an_emergency_goes_by_itself_sooner() -> None:
    rules = IncidentRules()
    assert rules.goes_by_itself_at(Severity.EMERGENCY, NOW) - NOW == timedelta(minutes=1)
    assert rules.goes_by_itself_at(Severity.TODAY, NOW) - NOW == timedelta(minutes=3)


def test_the_span_that_is_kept_lies_around_the_incident_on_whole_minutes() -> None:
    start, end = IncidentRules().span(NOW)
    assert f"{start:%H:%M:%S}–{end:%H:%M:%S}" == "03:10:00–03:30:00"


def test_the_named_camera_comes_first_then_its_neighbours_up_to_the_limit() -> None:
    gate = Camera("C01", "Cổng chính", "dau-ghi-1", 1, near=("c08", "C02", "C05"))
    others = [Camera(code, code, "dau-ghi-1", 2) for code in ("C02", "C05", "C08")]
    everywhere = [gate, *others]
    assert [camera.code for camera in cameras_of(gate, everywhere, Severity.SERIOUS, 3)] == [
        "C01",
        "C08",
        "C02",
    ]
    assert [camera.code for camera in cameras_of(gate, everywhere, Severity.NOTED, 3)] == ["C01"]
