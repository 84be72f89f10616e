from datetime import datetime, timedelta

import pytest

from domain.chat import Account, AlreadySettledError, Command, Incoming, Outgoing, Tap, Text
from storage.store import Store
from tests.storage.conftest import School


def _update(number: int, now: datetime, channel: str = "telegram") -> Incoming:
    return Incoming(Account(channel, "101"), str(number), now, Command("anh", "cổng \x00chính"))


async def test_a_batch_is_kept_in_order_and_repeated_updates_only_once(store: Store, now: datetime) -> None:
    first = [_update(number, now) for number in (3, 1, 2)]
    assert await store.store_updates(first) == 3
    assert await store.store_updates([*first, _update(4, now)]) == 1
    assert await store.store_updates([]) == 0
    assert await store.unanswered() == [*first, _update(4, now)]


async def test_two_channels_may_use_the_same_number(store: Store, now: datetime) -> None:
    assert await store.store_updates([_update(1, now), _update(1, now, "zalo_bot")]) == 2


async def test_an_update_is_answered_with_its_transaction(
    store: Store, school: School, now: datetime
) -> None:
    update = _update(1, now)
    await store.store_updates([update, _update(2, now)])
    async with store.begin(settles=update) as unit:
        await unit.outbox.say(Outgoing(to=school.guard.id, text=(Text("a"),)), now)
        await unit.commit()
    assert await store.unanswered() == [_update(2, now)]
    assert await store.store_updates([update]) == 0


async def test_an_update_that_was_answered_before_changes_nothing(
    store: Store, school: School, now: datetime
) -> None:
    update = Incoming(school.guards_chat, "1", now, Tap("token", "query"))
    await store.store_updates([update])
    async with store.begin(settles=update) as unit:
        assert await unit.counters.next("YC", 2026) == 1
        await unit.commit()
    async with store.begin(settles=update) as unit:
        assert await unit.counters.next("YC", 2026) == 2
        with pytest.raises(AlreadySettledError):
            await unit.commit()
    async with store.begin() as unit:
        assert await unit.counters.next("YC", 2026) == 2


async def test_an_update_that_was_never_kept_cannot_be_answered(store: Store, now: datetime) -> None:
    with pytest.raises(AlreadySettledError):
        async with store.begin(settles=_update(1, now)) as unit:
            await unit.commit()


async def test_a_transaction_that_fails_leaves_its_update_unanswered(store: Store, now: datetime) -> None:
    update = _update(1, now)
    await store.store_updates([update])

    async def fail() -> None:
        async with store.begin(settles=update) as unit:
            await unit.facts.put("half", "done")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await store.unanswered() == [update]
    async with store.begin(settles=update) as unit:
        assert await unit.facts.get("half") is None
        await unit.commit()
    assert await store.unanswered() == []


async def test_what_a_person_wrote_is_forgotten_once_it_is_answered(store: Store, now: datetime) -> None:
    update = _update(1, now)
    await store.store_updates([update])
    async with store.begin(settles=update) as unit:
        await unit.commit()
    async with store._readers.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT body FROM inbox")).all()
    assert [tuple(row) for row in rows] == [(None,)]


async def test_pruning_forgets_answered_updates_only(store: Store, now: datetime) -> None:
    answered, waiting = _update(1, now), _update(2, now)
    await store.store_updates([answered, waiting])
    async with store.begin(settles=answered) as unit:
        await unit.commit()
    assert await store.prune(now) == 0
    assert await store.prune(now + timedelta(seconds=1)) == 1
    assert await store.unanswered() == [waiting]
    assert await store.store_updates([answered]) == 1


async def test_pruning_keeps_messages_as_long_as_their_buttons_work(
    store: Store, school: School, now: datetime
) -> None:
    async with store.begin() as unit:
        await unit.outbox.say(Outgoing(to=school.guard.id, text=(Text("a"),), slot="s"), now)
        await unit.outbox.say(Outgoing(to=school.teacher.id, text=(Text("waits"),), slot="s"), now)
        (row, _) = await unit.outbox.claim(now, frozenset(), 2, {})
        await unit.outbox.sent(row.id, "m1", now, had_media=False)
        await unit.commit()
    await store.prune(now + timedelta(days=8))
    async with store.reading() as unit:
        assert await unit.outbox.slot_open("s") == [school.guard.id, school.teacher.id]
    await store.prune(now + timedelta(days=8, seconds=1))
    async with store.reading() as unit:
        assert await unit.outbox.slot_open("s") == [school.teacher.id]
