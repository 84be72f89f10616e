"""Edits, deletions and taps as two foreign clients do them."""

from pathlib import Path

import pytest

from simulator.telegram import NoSuchButtonError, Phone
from tests.simulator.telegram.clients import Client, bytes_of, refused
from tests.simulator.telegram.conftest import Clock


async def test_an_edit_replaces_text_and_buttons_and_is_marked(son: Phone, client: Client) -> None:
    sent = await client.send(1001, "Chờ duyệt", rows=[[("Duyệt", "a")]])
    edited = await client.edit_text(1001, sent["message_id"], "Đã duyệt")
    assert (son.last.text, son.last.buttons) == ("Đã duyệt", ())
    assert son.last.edited_at is not None
    assert edited["edit_date"] == int(son.last.edited_at.timestamp())
    assert len(son.messages) == 2
    assert [content.text for content in son.last.earlier] == ["Chờ duyệt"]


async def test_an_edit_that_changes_nothing_is_refused(son: Phone, client: Client) -> None:
    sent = await client.send(1001, "Chờ duyệt", rows=[[("Duyệt", "a")]])
    with refused(
        "message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    ):
        await client.edit_text(1001, sent["message_id"], "Chờ duyệt", rows=[[("Duyệt", "a")]])
    await client.edit_text(1001, sent["message_id"], "Chờ duyệt", rows=[[("Duyệt", "b")]])


async def test_only_the_bots_own_messages_can_be_edited(son: Phone, client: Client) -> None:
    with refused("message can't be edited"):
        await client.edit_text(1001, son.messages[0].message_id, "khác")
    with refused("message to edit not found"):
        await client.edit_text(1001, 99, "khác")


async def test_buttons_alone_may_go_without_an_edited_mark(son: Phone, client: Client) -> None:
    sent = await client.send(1001, "Chọn", rows=[[("Cổng", "a")]])
    await client.edit_rows(1001, sent["message_id"], [])
    assert (son.last.buttons, son.last.edited_at) == ((), None)


async def test_a_caption_and_a_picture_can_be_exchanged(son: Phone, client: Client, picture: Path) -> None:
    other = picture.with_name("other.jpg")
    other.write_bytes(bytes_of(picture) + b"\0")
    sent = await client.send_file("photo", 1001, picture, "trước")
    await client.edit_caption(1001, sent["message_id"], "sau", rows=[[("Chụp lại", "a")]])
    assert (son.last.text, son.last.buttons) == ("sau", ("Chụp lại",))
    await client.edit_photo(1001, sent["message_id"], other, "mới")
    assert (son.last.text, son.last.media) == ("mới", bytes_of(other))


async def test_text_of_a_photo_and_caption_of_a_text_cannot_be_edited(
    son: Phone, client: Client, picture: Path
) -> None:
    photo = await client.send_file("photo", 1001, picture, "trước")
    text = await client.send(1001, "chữ")
    with refused("there is no text in the message to edit"):
        await client.edit_text(1001, photo["message_id"], "sau")
    with refused("there is no caption in the message to edit"):
        await client.edit_caption(1001, text["message_id"], "sau")


async def test_a_message_can_be_deleted_for_48_hours(son: Phone, client: Client, clock: Clock) -> None:
    first = await client.send(1001, "một")
    second = await client.send(1001, "hai")
    await client.delete(1001, first["message_id"])
    assert [message.text for message in son.messages] == ["/start", "hai"]
    with refused("message to delete not found"):
        await client.delete(1001, first["message_id"])
    clock.pass_seconds(48 * 3600 + 1)
    with refused("message can't be deleted for everyone"):
        await client.delete(1001, second["message_id"])


async def test_a_tap_reaches_the_bot_and_its_answer_the_phone(son: Phone, client: Client) -> None:
    sent = await client.send(1001, "Duyệt chứ?", rows=[[("Duyệt", "a1"), ("Không", "a2")]])
    tap = await son.tap("Không")
    query = (await client.updates())[-1]["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("a2", sent["message_id"])
    assert query["from"]["id"] == 1001
    await client.answer(query["id"], "Đã ghi nhận", alert=True)
    assert tap.answered
    assert [(toast.text, toast.alert) for toast in son.toasts] == [("Đã ghi nhận", True)]


async def test_a_tap_is_answered_once_and_in_time(son: Phone, client: Client, clock: Clock) -> None:
    await client.send(1001, "Duyệt chứ?", rows=[[("Duyệt", "a")]])
    words = "query is too old and response timeout expired or query ID is invalid"
    first, second = await son.tap("Duyệt"), await son.tap("Duyệt")
    await client.answer(first.query_id)
    with refused(words):
        await client.answer(first.query_id)
    clock.pass_seconds(61)
    with refused(words):
        await client.answer(second.query_id)


async def test_a_button_that_is_gone_can_be_tapped_late(son: Phone, client: Client) -> None:
    sent = await client.send(1001, "Duyệt chứ?", rows=[[("Duyệt", "a")]])
    message, button = son.last, son.last.keyboard[0][0]
    await client.edit_text(1001, sent["message_id"], "Đã hết hạn")
    with pytest.raises(NoSuchButtonError, match="no button 'Duyệt'"):
        await son.tap("Duyệt")
    await son.tap((message, button))
    assert (await client.updates())[-1]["callback_query"]["data"] == "a"
