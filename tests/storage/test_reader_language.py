"""Each message leaves the outbox with the language of whoever reads it."""

from datetime import UTC, datetime

from domain.chat import Account, Outgoing, Text
from domain.people import Role
from storage.store import Store

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NAM, STRANGER = Account("telegram", "1"), Account("telegram", "2")


async def languages(store: Store) -> dict[str, str]:
    async with store.begin() as uow:
        rows = await uow.outbox.claim(AT, frozenset(), 10, {})
        await uow.commit()
    return {row.account.id: row.language for row in rows}


async def test_a_message_that_waits_is_written_in_the_language_chosen_meanwhile(store: Store) -> None:
    async with store.begin() as uow:
        person = await uow.people.add("Nam", Role.TEACHER, "Thầy")
        await uow.people.link(NAM, person.id, AT)
        await uow.outbox.say(Outgoing(person.id, (Text("Help"),)), AT)
        await uow.outbox.say(Outgoing(STRANGER, (Text("Help"),)), AT)
        await uow.people.speak(person.id, "en")
        await uow.commit()
    assert await languages(store) == {"1": "en", "2": "vi"}


async def test_a_message_left_unfinished_is_finished_in_its_readers_language(store: Store) -> None:
    async with store.begin() as uow:
        person = await uow.people.add("Nam", Role.TEACHER, "Thầy", language="en")
        await uow.people.link(NAM, person.id, AT)
        await uow.outbox.say(Outgoing(NAM, (Text("Help"),)), AT)
        await uow.commit()
    assert await languages(store) == {"1": "en"}
    async with store.reading() as uow:
        assert [row.language for row in await uow.outbox.uncertain()] == ["en"]
