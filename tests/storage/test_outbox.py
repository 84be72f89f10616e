import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.chat import Account, Choice, Media, MediaKind, Outgoing, Text
from domain.people import Role
from storage.outbox_rows import OutboxCounts, OutboxRow, SlotMessage
from storage.store import Committed, Store
from tests.storage.conftest import School


def _to(recipient: int | Account, words: str, slot: str | None = None, *, urgent: bool = False) -> Outgoing:
    return Outgoing(to=recipient, text=(Text(words),), slot=slot, urgent=urgent)


async def _say(store: Store, at: datetime, *messages: Outgoing) -> list[bool]:
    async with store.begin() as unit:
        said = [await unit.outbox.say(message, at) for message in messages]
        await unit.commit()
    return said


async def _claim(
    store: Store,
    now: datetime,
    busy: Sequence[Account] = (),
    limit: int = 100,
) -> list[OutboxRow]:
    async with store.begin() as unit:
        rows = await unit.outbox.claim(now, frozenset(busy), limit, {"telegram": "mark 7"})
        await unit.commit()
    return rows


async def _sent(store: Store, row: OutboxRow, at: datetime, key: str = "key", *, media: bool = False) -> None:
    async with store.begin() as unit:
        await unit.outbox.sent(row.id, key, at, had_media=media)
        await unit.commit()


def _words(rows: Sequence[OutboxRow]) -> list[str]:
    return [row.message.text[0].msgid for row in rows]


async def test_a_message_goes_to_the_persons_account(store: Store, school: School, now: datetime) -> None:
    message = Outgoing(
        to=school.guard.id,
        text=(Text("Hello {n}.", {"n": 1}),),
        choices=((Choice(Text("Yes"), "yes"), Choice(Text("No"), "no", {"why": 2})),),
    )
    assert await _say(store, now, message) == [True]
    (row,) = await _claim(store, now)
    assert (row.account, row.person_id, row.message) == (school.guards_chat, school.guard.id, message)
    assert (row.attempts, row.mark, row.created_at, row.previous) == (1, "mark 7", now, None)
    assert [len(tokens) for tokens in row.tokens] == [2]


async def test_a_person_with_two_accounts_is_told_where_they_enrolled_last(
    store: Store, school: School, now: datetime
) -> None:
    zalo = Account("zalo_bot", "z1")
    async with store.begin() as unit:
        await unit.people.link(zalo, school.guard.id, now + timedelta(days=1))
        assert await unit.people.accounts(school.guard.id) == [zalo, school.guards_chat]
        await unit.commit()
    await _say(store, now, _to(school.guard.id, "a"))
    assert [row.account for row in await _claim(store, now)] == [zalo]


async def test_nobody_is_told_where_there_is_no_account(store: Store, now: datetime) -> None:
    async with store.begin() as unit:
        person = await unit.people.add("An", Role.STAFF, "Anh/Chị")
        await unit.commit()
    heard: list[Committed] = []
    store.on_commit(heard.append)
    assert await _say(store, now, _to(person.id, "a"), _to(person.id, "b", "slot")) == [False, False]
    assert heard == []
    async with store.begin() as unit:
        await unit.people.link(Account("telegram", "9"), person.id, now)
        await unit.commit()
    assert await _say(store, now, _to(person.id, "a")) == [True]
    assert heard == [Committed(outbox=True, jobs=False)]


async def test_an_unknown_account_is_answered_and_a_known_one_belongs_to_its_person(
    store: Store, school: School, now: datetime
) -> None:
    stranger = Account("telegram", "666")
    await _say(store, now, _to(stranger, "a"), _to(school.guards_chat, "b"))
    rows = await _claim(store, now)
    assert [(row.account, row.person_id) for row in rows] == [
        (stranger, None),
        (school.guards_chat, school.guard.id),
    ]


async def test_a_button_means_what_was_offered_to_whom_it_was_shown(
    store: Store, school: School, now: datetime
) -> None:
    message = Outgoing(
        to=school.guard.id,
        text=(Text("Which?"),),
        choices=((Choice(Text("A"), "pick", {"id": 1}),), (Choice(Text("B"), "pick", {"id": 2}),)),
    )
    await _say(store, now, message)
    (row,) = await _claim(store, now)
    async with store.reading() as unit:
        offered = await unit.outbox.offered(row.tokens[1][0])
        assert offered is not None
        assert (offered.account, offered.person_id) == (school.guards_chat, school.guard.id)
        assert (offered.act, offered.data) == ("pick", {"id": 2})
        assert offered.expires_at == now + timedelta(days=8)
        assert await unit.outbox.offered("forged") is None


async def test_a_chat_gets_its_messages_one_after_the_other(
    store: Store, school: School, now: datetime
) -> None:
    await _say(store, now, *(_to(school.guard.id, str(number)) for number in range(3)))
    await _say(store, now, _to(school.teacher.id, "other"))
    got = []
    for _ in range(3):
        rows = await _claim(store, now)
        assert await _claim(store, now) == []
        got.append(_words(rows))
        for row in rows:
            await _sent(store, row, now)
    assert got == [["0", "other"], ["1"], ["2"]]
    assert await _claim(store, now) == []


async def test_urgent_messages_go_first(store: Store, school: School, now: datetime) -> None:
    await _say(store, now, _to(school.guard.id, "slow"), _to(school.guard.id, "fast", urgent=True))
    await _say(store, now, _to(school.teacher.id, "later"))
    rows = await _claim(store, now)
    assert _words(rows) == ["fast", "later"]


async def test_busy_chats_and_the_limit_are_respected(store: Store, school: School, now: datetime) -> None:
    await _say(store, now, _to(school.guard.id, "g"), _to(school.teacher.id, "t"))
    assert _words(await _claim(store, now, [school.guards_chat], limit=1)) == ["t"]
    assert _words(await _claim(store, now, limit=1)) == ["g"]


async def test_no_row_is_handed_out_twice_and_order_holds_under_many_claimers(
    store: Store, school: School, now: datetime
) -> None:
    chats = [Account("telegram", str(number)) for number in range(10)]
    await _say(store, now, *(_to(chat, f"{turn}") for turn in range(10) for chat in chats))
    got: dict[Account, list[str]] = {chat: [] for chat in chats}

    async def work() -> None:
        while sum(map(len, got.values())) < 100:
            for row in await _claim(store, now, limit=3):
                got[row.account].append(row.message.text[0].msgid)
                await _sent(store, row, now)

    async with asyncio.timeout(60):
        await asyncio.gather(*(work() for _ in range(6)))
    assert got == {chat: [str(turn) for turn in range(10)] for chat in chats}


async def test_a_failed_try_is_repeated_later_and_holds_its_chats_order(
    store: Store, school: School, now: datetime
) -> None:
    await _say(store, now, _to(school.guard.id, "first"), _to(school.guard.id, "second"))
    (row,) = await _claim(store, now)
    later = now + timedelta(seconds=30)
    async with store.begin() as unit:
        await unit.outbox.again(row.id, later)
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.outbox.next_due(now) == later
    assert await _claim(store, now) == []
    (again,) = await _claim(store, later)
    assert (again.id, again.attempts) == (row.id, 2)


async def test_a_message_that_cannot_be_sent_lets_the_next_one_pass(
    store: Store, school: School, now: datetime
) -> None:
    await _say(store, now, _to(school.guard.id, "first"), _to(school.guard.id, "second"))
    (row,) = await _claim(store, now)
    async with store.begin() as unit:
        await unit.outbox.failed(row.id, "blocked")
        await unit.commit()
    assert _words(await _claim(store, now)) == ["second"]
    async with store.reading() as unit:
        assert await unit.outbox.counts() == OutboxCounts(queued=0, sending=1, failed=1)


async def test_a_newer_message_of_a_slot_takes_the_place_of_a_waiting_one(
    store: Store, school: School, now: datetime
) -> None:
    asked = Outgoing(
        to=school.guard.id,
        text=(Text("10 %"),),
        choices=((Choice(Text("Stop"), "stop"),),),
        slot="progress:1",
    )
    await _say(store, now, asked, _to(school.guard.id, "between"), _to(school.guard.id, "20 %", "progress:1"))
    (row,) = await _claim(store, now)
    assert _words([row]) == ["20 %"]
    assert row.tokens == ()
    await _sent(store, row, now, "m1")
    assert _words(await _claim(store, now)) == ["between"]


async def test_slots_of_other_people_and_chats_do_not_touch_each_other(
    store: Store, school: School, now: datetime
) -> None:
    slot = "request:1"
    await _say(
        store,
        now,
        _to(school.guard.id, "g", slot),
        _to(school.teacher.id, "t", slot),
        _to(Account("telegram", "9"), "s", slot),
    )
    assert _words(await _claim(store, now)) == ["g", "t", "s"]


async def test_a_slot_tells_which_message_stands_there(store: Store, school: School, now: datetime) -> None:
    slot = "request:1"
    await _say(store, now, _to(school.guard.id, "card", slot))
    (first,) = await _claim(store, now)
    await _say(store, now, _to(school.guard.id, "closed", slot))
    await _sent(store, first, now, "m1", media=True)
    (second,) = await _claim(store, now)
    assert (first.previous, second.previous) == (None, SlotMessage("m1", had_media=True))
    async with store.reading() as unit:
        assert await unit.outbox.slot_open(slot) == [school.guard.id]
        assert await unit.outbox.slot_open("request:2") == []


async def test_a_failed_try_gives_way_to_a_newer_message_of_its_slot(
    store: Store, school: School, now: datetime
) -> None:
    await _say(store, now, _to(school.guard.id, "10 %", "progress:1"))
    (old,) = await _claim(store, now)
    await _say(store, now, _to(school.guard.id, "20 %", "progress:1"))
    async with store.begin() as unit:
        await unit.outbox.again(old.id, now)
        await unit.commit()
    (row,) = await _claim(store, now)
    assert _words([row]) == ["20 %"]
    await _sent(store, row, now)
    assert await _claim(store, now) == []


async def test_a_removed_person_gets_nothing_that_still_waits(
    store: Store, school: School, now: datetime
) -> None:
    await _say(store, now, _to(school.guard.id, "g"), _to(school.teacher.id, "t"))
    async with store.begin() as unit:
        await unit.people.deactivate(school.guard.id)
        await unit.commit()
    assert await _say(store, now, _to(school.guard.id, "g2")) == [False]
    assert _words(await _claim(store, now)) == ["t"]
    await _say(store, now, _to(school.guards_chat, "You are not known here."))
    (answer,) = await _claim(store, now)
    assert (answer.account, answer.person_id) == (school.guards_chat, None)


async def test_a_retry_for_somebody_who_was_removed_meanwhile_is_cancelled(
    store: Store, school: School, now: datetime
) -> None:
    await _say(store, now, _to(school.guard.id, "g"))
    (row,) = await _claim(store, now)
    async with store.begin() as unit:
        await unit.people.deactivate(school.guard.id)
        await unit.outbox.again(row.id, now)
        await unit.commit()
    assert await _claim(store, now) == []


async def test_an_account_that_changes_hands_gets_nothing_meant_for_the_one_before(
    store: Store, school: School, now: datetime
) -> None:
    await _say(store, now, _to(school.guard.id, "private"))
    async with store.begin() as unit:
        await unit.people.link(school.guards_chat, school.teacher.id, now)
        await unit.commit()
    assert await _claim(store, now) == []
    assert await _say(store, now, _to(school.guard.id, "more")) == [False]


async def test_after_a_crash_what_was_being_sent_is_asked_for_before_its_chat_goes_on(
    store: Store, url: str, school: School, now: datetime
) -> None:
    await _say(store, now, _to(school.guard.id, "first"), _to(school.guard.id, "second"))
    (row,) = await _claim(store, now)
    restarted = await Store.open(url)
    try:
        assert await _claim(restarted, now) == []
        async with restarted.begin() as unit:
            (uncertain,) = await unit.outbox.uncertain()
            assert (uncertain.id, uncertain.mark, uncertain.message) == (row.id, "mark 7", row.message)
            assert await unit.outbox.next_due(now) is None
            await unit.outbox.sent(uncertain.id, "found", now, had_media=False)
            await unit.commit()
        assert _words(await _claim(restarted, now)) == ["second"]
    finally:
        await restarted.aclose()


async def test_files_that_wait_are_known_until_they_are_sent(
    store: Store, school: School, now: datetime
) -> None:
    photo = Media(MediaKind.PHOTO, "spool/1.jpg", "C01.jpg")
    later = Media(MediaKind.VIDEO, "spool/2.mp4", "clip.mp4")
    await _say(store, now, replace(_to(school.guard.id, "1"), media=photo), _to(school.guard.id, "no file"))
    await _say(store, now, replace(_to(school.teacher.id, "2"), media=later))
    first, _ = await _claim(store, now)
    async with store.reading() as unit:
        assert await unit.outbox.files_waiting() == {"spool/1.jpg", "spool/2.mp4"}
    await _sent(store, first, now, media=True)
    async with store.reading() as unit:
        assert await unit.outbox.files_waiting() == {"spool/2.mp4"}


async def test_the_next_due_moment_is_never_in_the_past(store: Store, school: School, now: datetime) -> None:
    async with store.reading() as unit:
        assert await unit.outbox.next_due(now) is None
    await _say(store, now - timedelta(hours=1), _to(school.guard.id, "a"))
    async with store.reading() as unit:
        assert await unit.outbox.next_due(now) == now


async def test_a_claim_that_is_rolled_back_leaves_the_row_waiting(
    store: Store, school: School, now: datetime
) -> None:
    await _say(store, now, _to(school.guard.id, "a"))
    async with store.begin() as unit:
        assert len(await unit.outbox.claim(now, frozenset(), 10, {})) == 1
    (row,) = await _claim(store, now)
    assert row.attempts == 1
