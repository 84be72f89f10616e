import resource
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image

from bot.channels.base import (
    Button,
    DeliveryError,
    EditImpossible,
    MediaFile,
    NotSent,
    Receipt,
    Rejected,
    Rendered,
    Uncertain,
)
from bot.channels.telegram import TelegramChannel
from domain.chat import Account, MediaKind
from simulator.telegram import Phone, SimulatedTelegram
from tests.bot.waiting import utc_now

CHAT = Account("telegram", "21")
CARD = Rendered("Yêu cầu YC-2026-0147", buttons=((Button("Duyệt", "t1"), Button("Không duyệt", "t2")),))


@pytest.fixture
async def phone(telegram: SimulatedTelegram, channel: TelegramChannel) -> Phone:
    phone = telegram.person("Lan", 21)
    said = await phone.say("/start")
    channel.note_seen(str(said.message_id))
    return phone


@pytest.fixture
def picture(tmp_path: Path) -> MediaFile:
    path = tmp_path / "gate.jpg"
    Image.new("RGB", (640, 360), "navy").save(path)
    return MediaFile(MediaKind.PHOTO, path, "C01.jpg")


async def test_text_arrives_with_buttons_that_carry_the_tokens(
    channel: TelegramChannel, phone: Phone
) -> None:
    receipt = await channel.send(CHAT, CARD)
    assert receipt == Receipt(str(phone.last.message_id), had_media=False)
    assert phone.last.text == "Yêu cầu YC-2026-0147"
    assert [[(button.text, button.data) for button in row] for row in phone.last.keyboard] == [
        [("Duyệt", "t1"), ("Không duyệt", "t2")]
    ]


async def test_what_people_typed_is_never_read_as_markup(channel: TelegramChannel, phone: Phone) -> None:
    await channel.send(CHAT, Rendered("<b>đậm</b > *sao* _gạch_ [x](y) &amp;"))
    assert phone.last.text == "<b>đậm</b > *sao* _gạch_ [x](y) &amp;"
    assert {entity["type"] for entity in phone.last.content.entities} <= {"bot_command"}


@pytest.mark.parametrize("kind", list(MediaKind))
async def test_a_file_arrives_whole_with_caption_and_protection(
    channel: TelegramChannel, phone: Phone, picture: MediaFile, kind: MediaKind
) -> None:
    media = MediaFile(kind, picture.path, picture.name)
    receipt = await channel.send(CHAT, Rendered("C01 Cổng chính", media, protect=True))
    assert receipt.had_media
    assert phone.last.kind == kind.value
    assert phone.last.text == "C01 Cổng chính"
    assert phone.last.protected
    assert phone.last.media == picture.path.read_bytes()


async def test_a_message_is_protected_only_where_asked(channel: TelegramChannel, phone: Phone) -> None:
    await channel.send(CHAT, Rendered("mở"))
    assert not phone.last.protected


async def test_a_picture_that_is_no_photo_for_telegram_comes_as_a_document(
    channel: TelegramChannel, phone: Phone, tmp_path: Path
) -> None:
    path = tmp_path / "strip.jpg"
    Image.new("RGB", (4_200, 100), "navy").save(path)
    await channel.send(CHAT, Rendered("dải ảnh", MediaFile(MediaKind.PHOTO, path, "strip.jpg")))
    assert (phone.last.kind, phone.last.text) == ("document", "dải ảnh")
    assert phone.last.media == path.read_bytes()


async def test_a_large_upload_is_not_read_into_memory(
    channel: TelegramChannel, phone: Phone, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    with path.open("wb") as out:
        out.truncate(49 * 1024 * 1024)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await channel.send(CHAT, Rendered("đoạn ghi", MediaFile(MediaKind.VIDEO, path, "clip.mp4")))
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib
    assert grown_kib < 24 * 1024
    assert phone.last.kind == "video"


async def test_an_edit_changes_text_and_buttons_in_place(channel: TelegramChannel, phone: Phone) -> None:
    receipt = await channel.send(CHAT, CARD)
    closed = Rendered("Đã duyệt lúc 08:31")
    await channel.edit(CHAT, receipt.message_key, closed, had_media=False)
    await channel.edit(CHAT, receipt.message_key, closed, had_media=False)
    assert phone.last.text == "Đã duyệt lúc 08:31"
    assert phone.last.buttons == ()
    assert len(phone.messages) == 2


async def test_an_edit_of_a_picture_changes_its_caption(
    channel: TelegramChannel, phone: Phone, picture: MediaFile
) -> None:
    receipt = await channel.send(CHAT, Rendered("thẻ", picture, CARD.buttons))
    await channel.edit(CHAT, receipt.message_key, Rendered("đóng"), had_media=True)
    assert (phone.last.text, phone.last.kind, phone.last.buttons) == ("đóng", "photo", ())


async def test_buttons_can_be_dropped_alone(channel: TelegramChannel, phone: Phone) -> None:
    receipt = await channel.send(CHAT, CARD)
    await channel.drop_buttons(CHAT, receipt.message_key)
    await channel.drop_buttons(CHAT, receipt.message_key)
    assert (phone.last.text, phone.last.buttons) == (CARD.text, ())


async def test_a_message_that_is_gone_cannot_be_edited(channel: TelegramChannel, phone: Phone) -> None:
    with pytest.raises(EditImpossible):
        await channel.edit(CHAT, "999", CARD, had_media=False)


async def test_flood_control_is_told_with_its_wait(
    telegram: SimulatedTelegram, channel: TelegramChannel, phone: Phone
) -> None:
    telegram.fail_next("sendMessage", 429, "Too Many Requests: retry after 7", retry_after_seconds=7)
    with pytest.raises(NotSent) as caught:
        await channel.send(CHAT, CARD)
    assert caught.value.retry_after == timedelta(seconds=7)


async def test_a_blocked_bot_and_an_unknown_chat_are_rejections(
    channel: TelegramChannel, phone: Phone
) -> None:
    await phone.block()
    with pytest.raises(Rejected):
        await channel.send(CHAT, CARD)
    with pytest.raises(Rejected):
        await channel.send(Account("telegram", "404"), CARD)


async def test_a_refused_connection_is_surely_not_sent(
    telegram: SimulatedTelegram, channel: TelegramChannel, phone: Phone
) -> None:
    await telegram.cut(True)
    with pytest.raises(DeliveryError):
        # The first one may still go into a connection that was open before.
        await channel.send(CHAT, CARD)
    with pytest.raises(NotSent):
        await channel.send(CHAT, CARD)
    assert telegram.sent == ()


async def test_a_lost_answer_and_a_server_error_are_uncertain(
    telegram: SimulatedTelegram, channel: TelegramChannel, phone: Phone
) -> None:
    telegram.drop_answer_next("sendMessage")
    with pytest.raises(Uncertain):
        await channel.send(CHAT, CARD)
    telegram.fail_next("sendMessage", 502, "Bad Gateway")
    with pytest.raises(Uncertain):
        await channel.send(CHAT, CARD)


@pytest.mark.parametrize("with_media", [False, True])
async def test_a_message_whose_answer_was_lost_is_found(
    telegram: SimulatedTelegram,
    channel: TelegramChannel,
    phone: Phone,
    picture: MediaFile,
    with_media: bool,
) -> None:
    message = Rendered(CARD.text, picture if with_media else None, CARD.buttons)
    mark = channel.highest_seen()
    other = telegram.person("Nam", 22)
    await other.say("chen vào giữa")
    await channel.send(Account("telegram", "22"), Rendered("trả lời Nam"))
    telegram.drop_answer_next("sendPhoto" if with_media else "sendMessage")
    with pytest.raises(Uncertain):
        await channel.send(CHAT, message)
    assert await channel.find_sent(CHAT, message, mark) == str(phone.last.message_id)
    assert phone.last.text == CARD.text
    assert other.last.text == "trả lời Nam"


async def test_a_message_that_never_arrived_is_not_found(
    telegram: SimulatedTelegram, channel: TelegramChannel, phone: Phone
) -> None:
    mark = channel.highest_seen()
    telegram.fail_next("sendMessage", 502, "Bad Gateway")
    with pytest.raises(Uncertain):
        await channel.send(CHAT, CARD)
    await phone.say("sao lâu thế")
    before = phone.transcript()
    assert await channel.find_sent(CHAT, CARD, mark) is None
    assert phone.transcript() == before


@pytest.fixture
async def obliging(telegram: SimulatedTelegram, phone: Phone) -> AsyncIterator[TelegramChannel]:
    """A channel to a server that answers `ok` to every edit with what it was asked to write."""

    async def edit(request: web.Request) -> web.Response:
        asked = await request.post()
        chat = {"id": int(str(asked["chat_id"])), "type": "private", "first_name": "Lan"}
        number = int(str(asked["message_id"]))
        message = {"message_id": number, "date": 1, "chat": chat, "text": asked["text"]}
        return web.json_response({"ok": True, "result": message})

    app = web.Application()
    app.router.add_post("/bot{token}/editMessageText", edit)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    channel = TelegramChannel(token=telegram.token, now=utc_now, api_base=f"http://{host}:{port}")
    yield channel
    await channel.aclose()
    await runner.cleanup()


async def test_a_server_that_says_yes_to_everything_is_not_believed(obliging: TelegramChannel) -> None:
    assert await obliging.find_sent(CHAT, CARD, "5") is None


async def test_a_server_without_edits_is_taken_for_one_that_has_not_got_the_message(
    obliging: TelegramChannel, picture: MediaFile
) -> None:
    assert await obliging.find_sent(CHAT, Rendered("ảnh", picture), "5") is None


async def test_nothing_is_looked_for_without_a_mark(
    telegram: SimulatedTelegram, channel: TelegramChannel, phone: Phone
) -> None:
    assert await channel.find_sent(CHAT, CARD, "") is None
    assert telegram.calls["editmessagetext"] == 0


async def test_the_command_menu_is_announced(channel: TelegramChannel, phone: Phone) -> None:
    await channel.announce_commands({"anh": "Xem ảnh tức thời", "yeucau": "Yêu cầu xem lại"})
    assert [(entry.command, entry.description) for entry in phone.commands] == [
        ("anh", "Xem ảnh tức thời"),
        ("yeucau", "Yêu cầu xem lại"),
    ]


def test_what_a_channel_shows_of_itself_holds_no_token(channel: TelegramChannel) -> None:
    assert repr(channel) == "TelegramChannel()"
    assert repr(channel._bot) == "TelegramBot()"
