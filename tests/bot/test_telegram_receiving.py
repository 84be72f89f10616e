import asyncio
import logging
from pathlib import Path

import pytest
from PIL import Image
from structlog.typing import EventDict

from bot.channels.base import Button, ChannelRefused, Rendered
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.updates import words_or_command
from domain.chat import Account, Attachment, Command, MediaKind, Other, Tap, Words
from handlers.ports import AttachmentError
from simulator.telegram import SimulatedTelegram
from tests.bot.conftest import listening
from tests.bot.waiting import until, utc_now


def _own_lines(caplog: pytest.LogCaptureFixture, logs: list[EventDict]) -> str:
    """What this side logged; the simulated server in the same process logs its own requests."""
    library = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp")]
    return "\n".join([*library, *map(str, logs)])


def _events(logs: list[EventDict]) -> list[str]:
    return [str(entry["event"]) for entry in logs]


async def test_connecting_tells_the_bots_user_name(
    telegram: SimulatedTelegram, channel: TelegramChannel
) -> None:
    assert await channel.connect() == telegram.username


async def test_a_wrong_token_is_refused_without_telling_it(
    telegram: SimulatedTelegram, caplog: pytest.LogCaptureFixture, logs: list[EventDict]
) -> None:
    wrong = TelegramChannel(token="123456:WRONG-SECRET", now=utc_now, api_base=telegram.base_url)
    with caplog.at_level(logging.DEBUG), pytest.raises(ChannelRefused) as refused:
        await wrong.connect()
    await wrong.aclose()
    assert "WRONG-SECRET" not in str(refused.value)
    assert "WRONG-SECRET" not in _own_lines(caplog, logs)


async def test_connecting_waits_until_telegram_can_be_reached(telegram: SimulatedTelegram) -> None:
    channel = TelegramChannel(token=telegram.token, now=utc_now, api_base=telegram.base_url)
    await telegram.cut(True)
    connecting = asyncio.create_task(channel.connect())
    done, _waiting = await asyncio.wait([connecting], timeout=0.2)
    assert done == set()
    await telegram.cut(False)
    assert await connecting == telegram.username
    await channel.aclose()


async def test_no_log_line_holds_the_token(
    telegram: SimulatedTelegram,
    channel: TelegramChannel,
    caplog: pytest.LogCaptureFixture,
    logs: list[EventDict],
) -> None:
    caplog.set_level(logging.DEBUG)
    async with listening(channel) as inbox:
        phone = telegram.person("Sơn", 11)
        await phone.say("xin chào")
        await inbox.next()
        await telegram.cut(True)
        await until(lambda: "telegram.lost" in _events(logs))
        await telegram.cut(False)
        await until(lambda: "telegram.back" in _events(logs))
    assert telegram.token not in _own_lines(caplog, logs)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("/anh cổng chính", Command("anh", "cổng chính")),
        ("/ANH@truccam_bot  C01 ", Command("anh", "C01")),
        ("/start abc123", Command("start", "abc123")),
        ("/huy", Command("huy", "")),
        ("/yeucau cổng\nhai dòng", Command("yeucau", "cổng\nhai dòng")),
        ("chụp cổng chính", Words("chụp cổng chính")),
        ("/", Words("/")),
        ("20/11 9:05", Words("20/11 9:05")),
    ],
)
def test_a_slash_makes_a_command_and_nothing_else_does(text: str, body: Command | Words) -> None:
    assert words_or_command(text) == body


async def test_words_come_with_their_account_and_number(
    telegram: SimulatedTelegram, channel: TelegramChannel
) -> None:
    async with listening(channel) as inbox:
        await telegram.person("Sơn", 11).say("chụp cổng chính")
        (first,) = await inbox.next()
    assert first.account == Account("telegram", "11")
    assert first.body == Words("chụp cổng chính")
    assert first.update_id.isdigit()
    assert channel.highest_seen() == "1"


async def test_an_update_is_confirmed_only_after_it_was_stored(
    telegram: SimulatedTelegram, channel: TelegramChannel
) -> None:
    await telegram.person("Sơn", 11).say("một")
    async with listening(channel) as inbox:
        inbox.refuse = OSError("disk full")
        await until(lambda: telegram.calls["getupdates"] >= 1)
    assert telegram.pending_updates == 1

    async with listening(channel) as inbox:
        await inbox.next()
        await until(lambda: telegram.pending_updates == 0)
    assert [entry.body for entry in inbox.got] == [Words("một")]


async def test_a_cut_is_waited_out_and_nothing_is_lost(
    telegram: SimulatedTelegram, channel: TelegramChannel, logs: list[EventDict]
) -> None:
    phone = telegram.person("Sơn", 11)
    async with listening(channel) as inbox:
        await phone.say("trước")
        await inbox.next()
        await telegram.cut(True)
        await phone.say("trong khi mất mạng")
        await until(lambda: "telegram.lost" in _events(logs))
        await telegram.cut(False)
        await inbox.next(2)
    assert [entry.body for entry in inbox.got] == [Words("trước"), Words("trong khi mất mạng")]
    assert _events(logs) == ["telegram.lost", "telegram.back"]


async def test_a_second_program_is_waited_out(telegram: SimulatedTelegram, channel: TelegramChannel) -> None:
    telegram.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    async with listening(channel) as inbox:
        await telegram.person("Sơn", 11).say("còn đó không")
        await inbox.next()
    assert inbox.got[0].body == Words("còn đó không")


async def test_a_webhook_that_was_left_over_is_dropped_and_its_updates_come(
    telegram: SimulatedTelegram, channel: TelegramChannel
) -> None:
    await channel._bot.set_webhook("http://127.0.0.1:9/never")
    await telegram.person("Sơn", 11).say("còn chờ")
    async with listening(channel) as inbox:
        await inbox.next()
    assert inbox.got[0].body == Words("còn chờ")


async def test_a_malformed_update_is_skipped_and_the_next_one_is_read(
    telegram: SimulatedTelegram, channel: TelegramChannel, logs: list[EventDict]
) -> None:
    phone = telegram.person("Sơn", 11)
    telegram._world.updates.add("message", {"message_id": "x", "chat": 5, "text": "bí mật"})
    telegram._world.updates.add("callback_query", {"id": "1"})
    await phone.say("vẫn đọc được")
    async with listening(channel) as inbox:
        await inbox.next()
        await until(lambda: telegram.pending_updates == 0)
    assert [entry.body for entry in inbox.got] == [Words("vẫn đọc được")]
    assert _events(logs) == ["telegram.unreadable", "telegram.unreadable"]
    assert "bí mật" not in str(logs)


async def test_a_group_is_not_listened_to(telegram: SimulatedTelegram, channel: TelegramChannel) -> None:
    phone = telegram.person("Sơn", 11)
    await phone.say("riêng")
    heard = telegram._world.updates.waiting[-1]["message"]
    telegram._world.updates.add("message", {**heard, "chat": {"id": -5, "type": "group", "title": "Tổ"}})
    await phone.say("riêng nữa")
    async with listening(channel) as inbox:
        await until(lambda: telegram.pending_updates == 0)
    assert [entry.body for entry in inbox.got] == [Words("riêng"), Words("riêng nữa")]


async def test_a_changed_message_is_told_as_such(
    telegram: SimulatedTelegram, channel: TelegramChannel
) -> None:
    phone = telegram.person("Sơn", 11)
    async with listening(channel) as inbox:
        said = await phone.say("/anh cong")
        await inbox.next()
        await phone.edit(said, "/anh cong chinh")
        await inbox.next(2)
    assert inbox.got[1].body == Other("edited")


async def test_a_picture_comes_as_an_attachment_and_is_fetched_to_disk(
    telegram: SimulatedTelegram, channel: TelegramChannel, tmp_path: Path
) -> None:
    picture = tmp_path / "gate.jpg"
    Image.new("RGB", (640, 360), "navy").save(picture)
    phone = telegram.person("Dũng", 12)
    async with listening(channel) as inbox:
        question = await phone.say("đây")
        await phone.send_photo(picture, "ảnh cổng", reply_to=question)
        await inbox.next(2)
    body = inbox.got[1].body
    assert isinstance(body, Attachment)
    assert body.kind is MediaKind.PHOTO
    assert body.caption == "ảnh cổng"
    assert body.reply_to == str(question.message_id)
    target = tmp_path / "fetched.jpg"
    await channel.fetch(body, target)
    assert target.stat().st_size == body.size_bytes > 0


async def test_a_file_that_is_too_large_or_gone_is_told(channel: TelegramChannel, tmp_path: Path) -> None:
    large = Attachment(MediaKind.VIDEO, "any", "dài.mp4", 21 * 1024 * 1024)
    gone = Attachment(MediaKind.VIDEO, "gone", "mất.mp4", 10)
    for attachment in (large, gone):
        with pytest.raises(AttachmentError):
            await channel.fetch(attachment, tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


async def test_a_tap_brings_its_token_and_is_acknowledged(
    telegram: SimulatedTelegram, channel: TelegramChannel
) -> None:
    phone = telegram.person("Hằng", 13)
    await phone.say("/start")
    chat = Account("telegram", "13")
    await channel.send(chat, Rendered("Duyệt?", buttons=((Button("Duyệt", "tok-1"),),)))
    async with listening(channel) as inbox:
        tap = await phone.tap("Duyệt")
        await inbox.next(2)
        assert inbox.got[1].body == Tap("tok-1", tap.query_id)
        await channel.acknowledge(tap.query_id, "Đã ghi nhận")
        await channel.acknowledge(tap.query_id, "lần hai")
    assert [toast.text for toast in phone.toasts] == ["Đã ghi nhận"]


async def test_a_server_that_does_not_hold_the_line_is_not_asked_without_pause(
    telegram: SimulatedTelegram, channel: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.POLL_SECONDS", 0)
    async with listening(channel) as inbox:
        await asyncio.sleep(0.5)
        await telegram.person("Sơn", 11).say("đây")
        await inbox.next()
    assert telegram.calls["getupdates"] <= 5


async def test_listening_ends_when_it_is_cancelled(channel: TelegramChannel) -> None:
    async with asyncio.timeout(5):
        async with listening(channel):
            await asyncio.sleep(0)
