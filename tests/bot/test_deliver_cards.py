"""Cards: messages of one slot, which replace each other in place."""

import asyncio
from dataclasses import replace

from bot.pacing import Pace
from domain.chat import Choice, Media, Outgoing, Text
from simulator.telegram import Phone, SimulatedTelegram
from tests.bot.desk import LAN, Desk, from_bot, words


def card(text: str, *labels: str, media: Media | None = None) -> Outgoing:
    choices = tuple((Choice(Text("{words}", {"words": label}), "decide"),) for label in labels)
    return Outgoing(to=LAN, text=words(text), media=media, choices=choices, slot="request:1")


async def test_messages_of_a_slot_replace_each_other_in_place(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt"))
        await desk.idle()
        await desk.say(card("đã duyệt"))
        await desk.idle()
        await desk.say(card("đã giao"))
        await desk.idle()
    assert from_bot(lan) == ["đã giao"]
    assert lan.last.buttons == ()
    assert desk.ends == ["sent", "edited", "edited"]


async def test_the_caption_of_a_card_with_a_picture_is_edited(desk: Desk, lan: Phone) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt", media=await desk.spooled()))
        await desk.idle()
        await desk.say(card("đã duyệt"))
        await desk.idle()
    assert from_bot(lan) == ["đã duyệt"]
    assert lan.last.kind == "photo"


async def test_a_picture_comes_as_a_new_message_and_the_old_one_loses_its_buttons(
    desk: Desk, lan: Phone
) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt"))
        await desk.idle()
        await desk.say(card("có ảnh", "Duyệt", media=await desk.spooled()))
        await desk.idle()
        await lan.wait_until(lambda phone: phone.messages[1].buttons == ())
    assert from_bot(lan) == ["chờ duyệt", "có ảnh"]
    assert lan.last.buttons == ("Duyệt",)


async def test_a_card_wanted_anew_comes_last_and_the_one_before_loses_its_buttons(
    desk: Desk, lan: Phone
) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt"))
        await desk.say(Outgoing(LAN, words("tin khác")))
        await desk.idle()
        await desk.say(replace(card("vẫn chờ duyệt", "Duyệt"), anew=True))
        await desk.idle()
        assert from_bot(lan) == ["chờ duyệt", "tin khác", "vẫn chờ duyệt"]
        await lan.wait_until(lambda phone: phone.messages[1].buttons == ())
        assert list(lan.last.buttons) == ["Duyệt"]
        await desk.say(card("đã duyệt"))
        await desk.idle()
    assert from_bot(lan) == ["chờ duyệt", "tin khác", "đã duyệt"]
    assert list(lan.last.buttons) == []


async def test_a_card_that_was_deleted_is_sent_anew(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone
) -> None:
    async with desk.delivering():
        await desk.say(card("chờ duyệt", "Duyệt"))
        await desk.idle()
        del lan._chat.messages[lan.last.message_id]
        await desk.say(card("đã duyệt"))
        await desk.idle()
    assert from_bot(lan) == ["đã duyệt"]


async def test_many_changes_of_one_message_are_thinned_out_to_the_newest(
    telegram: SimulatedTelegram, desk: Desk, lan: Phone
) -> None:
    desk.pace = Pace(chat_seconds=0, burst=1_000, edits_at_once=2, edit_seconds=0.3)
    async with desk.delivering():
        await desk.say(card("0 %"))
        await desk.idle()
        for percent in range(1, 30):
            await desk.say(card(f"{percent} %"))
            await asyncio.sleep(0.01)
        await desk.idle()
    assert from_bot(lan) == ["29 %"]
    assert telegram.calls["editmessagetext"] <= 6
