"""Delivery in the ordinary course: order, pace, follow-ups, and who gets nothing."""

import itertools
from datetime import timedelta

from structlog.typing import EventDict

from bot.channels.telegram import TelegramChannel
from bot.pacing import Pace
from domain.chat import Account, Outgoing, Text
from domain.people import Role
from simulator.telegram import Phone, SimulatedTelegram
from tests.bot.desk import LAN, NAM, Desk, from_bot, phone_of, words
from tests.bot.waiting import until, utc_now


async def test_what_is_said_arrives_at_once(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("xin chào")))
        await lan.wait_for("xin chào", 2)
        await desk.idle()
    assert desk.ends == ["sent"]


async def test_one_chat_is_served_in_order_and_urgent_first(desk: Desk, lan: Phone) -> None:
    await desk.say(*(Outgoing(to=LAN, text=words(f"câu {number}")) for number in range(10)))
    await desk.say(Outgoing(to=LAN, text=words("khẩn"), urgent=True))
    async with desk.delivering():
        await desk.idle()
    assert from_bot(lan) == ["khẩn", *(f"câu {number}" for number in range(10))]


async def test_a_slow_chat_does_not_hold_up_another(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone, nam: Phone
) -> None:
    telegram.fail_next("sendMessage", 429, "Too Many Requests: retry after 1", retry_after_seconds=1)
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("một")))
        await until(lambda: telegram.refused[429] == 1)
        await desk.say(Outgoing(to=LAN, text=words("hai")), Outgoing(to=NAM, text=words("Nam")))
        await nam.wait_for("Nam", 0.9)
        assert from_bot(lan) == []
        await desk.idle()
    assert from_bot(lan) == ["một", "hai"]
    assert desk.ends.count("again") == 1


async def test_new_messages_of_one_chat_keep_their_distance(desk: Desk, lan: Phone) -> None:
    desk.pace = Pace(chat_seconds=0.2)
    await desk.say(*(Outgoing(to=LAN, text=words(f"câu {number}")) for number in range(4)))
    async with desk.delivering():
        await desk.idle()
    at = [message.sent_at for message in lan.messages if message.from_bot]
    assert all(later - sooner >= timedelta(seconds=0.19) for sooner, later in itertools.pairwise(at))


async def test_news_for_fifty_people_leaves_at_the_platforms_pace(
    telegram: SimulatedTelegram, desk: Desk, channel: TelegramChannel
) -> None:
    desk.pace = Pace(burst=20, burst_seconds=0.5)
    for number in range(100, 150):
        await phone_of(telegram, channel, Account("telegram", str(number)))
    await desk.say(
        *(Outgoing(to=Account("telegram", str(number)), text=words("tin")) for number in range(100, 150))
    )
    async with desk.delivering():
        await desk.idle()
    assert len(telegram.sent) == 50
    assert telegram.refused[429] == 0


async def test_what_follows_a_delivery_is_recorded_with_it(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("clip"), then="note_delivery", then_data={"code": "YC-2"}))
        await desk.idle()
    assert await desk.fact("delivered:YC-2") is not None


async def test_a_blocked_bot_fails_without_holding_up_the_next_person(
    desk: Desk, lan: Phone, nam: Phone, logs: list[EventDict]
) -> None:
    await lan.block()
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=words("không tới")), Outgoing(to=NAM, text=words("tới")))
        await nam.wait_for("tới")
        await desk.idle()
    assert sorted(desk.ends) == ["failed", "sent"]
    assert "deliver.failed" in [entry["event"] for entry in logs]


async def test_a_removed_person_gets_nothing_more(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone
) -> None:
    async with desk.store.begin() as uow:
        person = await uow.people.add("Lan", Role.TEACHER, "Cô")
        await uow.people.link(LAN, person.id, utc_now())
        await uow.outbox.say(Outgoing(to=person.id, text=words("không gửi nữa")), utc_now())
        await uow.people.deactivate(person.id)
        await uow.commit()
    async with desk.delivering():
        await desk.idle()
    assert from_bot(lan) == []


async def test_a_sentence_with_a_mistake_fails_and_the_chat_goes_on(
    desk: Desk, lan: Phone, logs: list[EventDict]
) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=LAN, text=(Text("{missing}"),)), Outgoing(to=LAN, text=words("sau")))
        await desk.idle()
    assert from_bot(lan) == ["sau"]
    assert "deliver.not_renderable" in [entry["event"] for entry in logs]


async def test_a_message_for_a_channel_that_is_off_fails(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(Outgoing(to=Account("zalo", "1"), text=words("x")))
        await desk.idle()
    assert desk.ends == ["failed"]
