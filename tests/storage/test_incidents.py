"""The book of incidents on both databases: states, timeline, files, alerts, held footage, and its rights."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, text

from domain.chat import Account, Media, MediaKind, Outgoing, Text
from domain.incidents import (
    EntryKind,
    HoldState,
    Incident,
    IncidentKind,
    IncidentMoveError,
    IncidentState,
    Severity,
)
from domain.people import Role
from domain.regulation import SEED, Act
from storage.migrate import downgrade, upgrade
from storage.store import Store
from storage.tables import rights
from tests.storage.conftest import School

NOW = datetime(2026, 11, 23, 3, 20, tzinfo=UTC)
INCIDENT_ACTS = (Act.REPORT_INCIDENT, Act.SEE_INCIDENTS, Act.HANDLE_INCIDENT, Act.EXPORT_INCIDENTS)


@pytest.fixture
async def store(store: Store) -> Store:
    await store.migrate()
    return store


async def reported(store: Store, reporter_id: int, number: int = 31, camera: str = "C03") -> Incident:
    async with store.begin() as unit:
        found = await unit.incidents.add(
            code=f"SC-2026-{number:04d}",
            reporter_id=reporter_id,
            kind=IncidentKind.FIGHT,
            severity=Severity.EMERGENCY,
            camera_code=camera,
            place="",
            text="đánh nhau\x00 ở nhà xe",
            happened_at=NOW,
            created_at=NOW,
        )
        found = await unit.incidents.move(found, IncidentState.REPORTED, reported_at=NOW)
        await unit.commit()
    return found


async def test_a_report_comes_back_as_it_was_written(store: Store, school: School) -> None:
    found = await reported(store, school.guard.id)
    async with store.reading() as unit:
        assert await unit.incidents.by_code("SC-2026-0031") == found
        assert await unit.incidents.get(found.id) == found
        assert await unit.incidents.by_code("SC-2026-0032") is None
    assert (found.state, found.severity, found.reported_at) == (
        IncidentState.REPORTED,
        Severity.EMERGENCY,
        NOW,
    )


async def test_only_the_first_of_two_takes_it(store: Store, school: School) -> None:
    seen = await reported(store, school.guard.id)
    async with store.begin() as unit:
        taken = await unit.incidents.move(seen, IncidentState.TAKEN, taken_by=school.guard.id, taken_at=NOW)
        assert taken.taken_by == school.guard.id
        with pytest.raises(IncidentMoveError):
            await unit.incidents.move(seen, IncidentState.TAKEN, taken_by=school.teacher.id)
        await unit.commit()


async def test_what_is_not_amended_stays(store: Store, school: School) -> None:
    found = await reported(store, school.guard.id)
    async with store.begin() as unit:
        changed = await unit.incidents.amend(found.id, severity=Severity.TODAY, place="sân")
        with pytest.raises(LookupError):
            await unit.incidents.amend(999, place="sân")
        await unit.commit()
    assert (changed.severity, changed.place, changed.kind) == (Severity.TODAY, "sân", found.kind)


async def test_a_list_is_filtered_and_paged_newest_first(store: Store, school: School) -> None:
    for number in range(5):
        await reported(store, (school.guard if number % 2 else school.teacher).id, number)
    running = [IncidentState.REPORTED]
    async with store.reading() as unit:
        page = await unit.incidents.find(states=running, limit=2)
        following = await unit.incidents.find(states=running, limit=9, before_id=page[-1].id)
        mine = await unit.incidents.find(states=running, limit=9, concerning=school.guard.id)
        other_kind = await unit.incidents.find(states=running, limit=9, kind=IncidentKind.FIRE)
        later = await unit.incidents.find(states=running, limit=9, since=NOW + timedelta(seconds=1))
        before = await unit.incidents.find(states=running, limit=9, until=NOW)
    assert [one.code[-1] for one in (*page, *following)] == ["4", "3", "2", "1", "0"]
    assert [one.code[-1] for one in mine] == ["3", "1"]
    assert other_kind == later == before == []


async def test_who_was_told_is_concerned_and_a_closed_one_is_hidden_from_others(
    store: Store, school: School
) -> None:
    found = await reported(store, school.guard.id)
    async with store.begin() as unit:
        await unit.incidents.alerts.add(found.id, school.teacher.id, 0, 1, NOW)
        await unit.incidents.move(found, IncidentState.CLOSED, closed_at=NOW, result="xong")
        await unit.commit()
    async with store.reading() as unit:
        for person in (school.guard, school.teacher):
            seen = await unit.incidents.find(
                states=[IncidentState.CLOSED], limit=9, running_or_concerning=person.id
            )
            assert [one.id for one in seen] == [found.id]
        other = await unit.incidents.find(states=[IncidentState.CLOSED], limit=9, running_or_concerning=999)
    assert other == []


async def test_the_timeline_and_files_keep_their_order(store: Store, school: School) -> None:
    found = await reported(store, school.guard.id)
    async with store.begin() as unit:
        await unit.incidents.note(found.id, NOW, school.guard.id, EntryKind.COMMENT, "đã gọi 115")
        await unit.incidents.note(found.id, NOW, None, EntryKind.HELD, about="C03")
        file = await unit.incidents.add_file(
            found.id,
            NOW,
            person_id=None,
            camera_code="C03",
            kind="photo",
            key="originals/2026/SC-2026-0031-C03.jpg",
            name="C03.jpg",
            sha256="0" * 64,
            size_bytes=5_000_000_000,
        )
        await unit.commit()
    async with store.begin() as unit:
        assert [line.kind for line in await unit.incidents.entries(found.id)] == [
            EntryKind.COMMENT,
            EntryKind.HELD,
        ]
        assert await unit.incidents.files(found.id) == [file]
        await unit.incidents.remove_file(file.id)
        assert await unit.incidents.files(found.id) == []


async def test_an_alert_is_unreachable_when_every_account_failed(store: Store, school: School) -> None:
    found = await reported(store, school.guard.id)
    async with store.begin() as unit:
        await unit.incidents.alerts.add(found.id, school.teacher.id, 0, 2, NOW)
        first = await unit.incidents.alerts.undelivered(found.id, school.teacher.id)
        second = await unit.incidents.alerts.undelivered(found.id, school.teacher.id)
        assert await unit.incidents.alerts.undelivered(found.id, school.guard.id) is None
        await unit.incidents.alerts.seen(found.id, school.teacher.id, NOW)
        await unit.incidents.alerts.seen(found.id, school.teacher.id, NOW + timedelta(minutes=1))
        alert = await unit.incidents.alerts.get(found.id, school.teacher.id)
    assert first is not None
    assert second is not None
    assert alert is not None
    assert (first.is_reachable, second.is_reachable) == (True, False)
    assert alert.seen_at == NOW


async def test_held_footage_is_found_only_inside_the_asked_span(store: Store, school: School) -> None:
    found = await reported(store, school.guard.id)
    start, end = NOW - timedelta(minutes=10), NOW + timedelta(minutes=10)
    async with store.begin() as unit:
        hold = await unit.incidents.holds.add(found.id, "C03", start, end)
        assert hold is not None
        assert await unit.incidents.holds.add(found.id, "C03", start, end) is None
        assert await unit.incidents.holds.kept_within("C03", start, end) == []
        await unit.incidents.holds.held(
            hold.id,
            key="originals/2026/SC-2026-0031-C03.rec",
            sha256="0" * 64,
            size_bytes=1,
            container="mpeg-ps",
            first_at=start,
            last_at=end,
            gaps=[(start, start + timedelta(seconds=3))],
            clock_offset_seconds=2.0,
            method="paper",
        )
        kept = await unit.incidents.holds.kept_within("C03", start, end)
        assert [one.gaps for one in kept] == [((start, start + timedelta(seconds=3)),)]
        assert await unit.incidents.holds.kept_within("C03", start, NOW) == []
        assert await unit.incidents.holds.kept_within("C04", start, end) == []
        await unit.incidents.holds.set_state(hold.id, HoldState.DESTROYED)
        assert await unit.incidents.holds.kept_within("C03", start, end) == []


async def test_the_slot_of_a_message_is_known_by_its_number(store: Store, school: School) -> None:
    message = Outgoing(
        school.guards_chat, (Text("Thẻ"),), media=Media(MediaKind.PHOTO, "k", "n"), slot="incident:31:alert"
    )
    async with store.begin() as unit:
        await unit.outbox.say(message, NOW)
        (row,) = await unit.outbox.claim(NOW, frozenset(), 1, {})
        await unit.outbox.sent(row.id, "77", NOW, had_media=True)
        assert await unit.outbox.slot_of(school.guards_chat, "77") == "incident:31:alert"
        assert await unit.outbox.slot_of(school.guards_chat, "78") is None
        assert await unit.outbox.slot_of(Account("telegram", "999"), "77") is None


async def test_a_school_that_had_its_role_table_gets_the_new_rights(store: Store) -> None:
    async with store._writing() as connection:
        await downgrade(connection, "0002")
        left = (await connection.execute(text("SELECT count(*) FROM rights"))).scalar_one()
        assert left == len([right for right in SEED if right.act not in INCIDENT_ACTS])
        await upgrade(connection)
        await connection.commit()
    async with store.reading() as unit:
        table = await unit.role_table.rights()
    for right in SEED:
        assert table.of(right.role, right.act) == right


async def test_an_emptied_role_table_stays_empty(store: Store) -> None:
    async with store._writing() as connection:
        await downgrade(connection, "0002")
        await connection.execute(delete(rights))
        await upgrade(connection)
        await connection.commit()
    async with store.reading() as unit:
        table = await unit.role_table.rights()
    assert [table.of(role, act) for role in Role for act in Act if table.of(role, act)] == []
