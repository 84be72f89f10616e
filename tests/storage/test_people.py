import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.chat import Account, Dialogue
from domain.people import Person, Role
from storage.jobs import WantedJob
from storage.store import Store
from tests.storage.conftest import School


async def test_a_person_is_found_by_account_also_after_the_removal(store: Store, school: School) -> None:
    async with store.begin() as unit:
        assert await unit.people.by_account(school.guards_chat) == school.guard
        assert await unit.people.get(school.teacher.id) == school.teacher
        assert await unit.people.by_account(Account("zalo_bot", school.guards_chat.id)) is None
        await unit.people.deactivate(school.guard.id)
        await unit.commit()
    async with store.reading() as unit:
        found = await unit.people.by_account(school.guards_chat)
        assert found is not None
        assert not found.active


async def test_lists_hold_active_people_by_role_and_name(store: Store, school: School) -> None:
    async with store.begin() as unit:
        await unit.people.add("Bình", Role.GUARD, "Anh/Chị")
        principal = await unit.people.add("Lan", Role.PRINCIPAL, "Cô")
        gone = await unit.people.add("An", Role.GUARD, "Anh/Chị")
        await unit.people.deactivate(gone.id)
        await unit.commit()
    async with store.reading() as unit:
        everybody = await unit.people.everybody()
        assert [person.name for person in everybody] == ["Lan", "Bình", "Sơn", "Hằng"]
        assert await unit.people.with_roles([Role.PRINCIPAL]) == [principal]
        guards_and_teachers = await unit.people.with_roles([Role.GUARD, Role.TEACHER])
        assert [person.name for person in guards_and_teachers] == ["Bình", "Sơn", "Hằng"]
        assert await unit.people.with_roles([]) == []


async def test_an_account_leaves_whom_it_belonged_to(store: Store, school: School, now: datetime) -> None:
    async with store.begin() as unit:
        await unit.people.link(school.guards_chat, school.teacher.id, now + timedelta(hours=1))
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.people.accounts(school.guard.id) == []
        assert await unit.people.accounts(school.teacher.id) == [school.guards_chat, school.teachers_chat]


async def test_an_account_cannot_belong_to_nobody(store: Store, now: datetime) -> None:
    async with store.begin() as unit:
        with pytest.raises(IntegrityError):
            await unit.people.link(Account("telegram", "1"), 999, now)


async def test_text_that_a_database_cannot_hold_is_made_holdable(store: Store) -> None:
    async with store.begin() as unit:
        person = await unit.people.add("S\x00ơn \ud800 👮", Role.GUARD, "Bác")
        await unit.commit()
    assert person.name == "S\N{REPLACEMENT CHARACTER}ơn ? 👮"


async def test_an_invitation_is_used_once_by_the_quickest(
    store: Store, school: School, now: datetime
) -> None:
    async with store.begin() as unit:
        invitation = await unit.invitations.add(school.guard.id, "a" * 64, now + timedelta(hours=72))
        await unit.commit()

    async def use() -> bool:
        async with store.begin() as unit:
            found = await unit.invitations.by_hash("a" * 64)
            assert found is not None
            used = await unit.invitations.use(found.id, now)
            await unit.commit()
            return used

    assert sorted(await asyncio.gather(*(use() for _ in range(20)))) == [False] * 19 + [True]
    async with store.reading() as unit:
        found = await unit.invitations.by_hash("a" * 64)
        assert found is not None
        assert (invitation.usable(now), found.usable(now), found.used_at) == (True, False, now)
        assert await unit.invitations.by_hash("b" * 64) is None


async def test_wrong_tries_are_counted_per_account_and_time(store: Store, now: datetime) -> None:
    stranger, other = Account("telegram", "1"), Account("telegram", "2")
    async with store.begin() as unit:
        for minutes in (0, 10, 70):
            await unit.invitations.note_wrong_try(stranger, now + timedelta(minutes=minutes))
        assert await unit.invitations.wrong_tries(stranger, now + timedelta(minutes=10)) == 2
        assert await unit.invitations.wrong_tries(other, now) == 0


async def test_a_delegation_is_in_force_from_its_start_until_before_its_end(
    store: Store, school: School, now: datetime
) -> None:
    start, end = now, now + timedelta(days=1)
    async with store.begin() as unit:
        deputy = await unit.people.add("Minh", Role.DEPUTY, "Thầy")
        await unit.role_table.delegate(school.teacher.id, deputy.id, start, end, now)
        in_force = [
            await unit.role_table.delegated(deputy.id, at)
            for at in (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end)
        ]
        assert in_force == [False, True, True, False]
        assert await unit.role_table.delegates(start) == [deputy]
        assert not await unit.role_table.delegated(school.teacher.id, start)
        await unit.people.deactivate(deputy.id)
        assert await unit.role_table.delegates(start) == []


async def test_a_dialogue_goes_on_after_a_restart(
    store: Store, url: str, school: School, now: datetime
) -> None:
    async with store.begin() as unit:
        await unit.dialogues.put(school.guards_chat, "request", {"camera": "C01", "step": 2}, now)
        await unit.dialogues.put(school.guards_chat, "request", {"camera": "C01", "step": 3}, now)
        await unit.commit()
    restarted = await Store.open(url)
    try:
        async with restarted.begin() as unit:
            found = await unit.dialogues.get(school.guards_chat)
            assert found == Dialogue("request", {"camera": "C01", "step": 3}, now)
            assert await unit.dialogues.get(school.teachers_chat) is None
            await unit.dialogues.clear(school.guards_chat)
            assert await unit.dialogues.get(school.guards_chat) is None
    finally:
        await restarted.aclose()


async def test_a_wanted_job_is_handed_over_once(store: Store, now: datetime) -> None:
    async with store.begin() as unit:
        await unit.jobs.want("hold", "hold:1", {"request_id": 1}, now)
        await unit.jobs.want("hold", "hold:2", {"request_id": 2}, now)
        await unit.jobs.want("hold", "hold:1", {"request_id": 99}, now)
        await unit.commit()
    async with store.begin() as unit:
        first, second = await unit.jobs.unstarted()
        assert first == WantedJob("hold", "hold:1", {"request_id": 1}, now)
        await unit.jobs.started(first.key)
        await unit.commit()
    async with store.begin() as unit:
        await unit.jobs.want("hold", "hold:1", {"request_id": 1}, now)
        assert await unit.jobs.unstarted() == [second]


async def test_a_person_is_what_the_caller_gave(store: Store) -> None:
    async with store.begin() as unit:
        person = await unit.people.add("Hằng", Role.UNIT_HEAD, "Cô", "Tổ Toán", "en")
    assert person == Person(person.id, "Hằng", Role.UNIT_HEAD, "Cô", "Tổ Toán", "en", active=True)
