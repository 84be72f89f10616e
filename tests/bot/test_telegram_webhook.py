"""Telegram leaves updates at our address: stored first, answered then; a forged call decides nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from structlog.typing import EventDict

from bot.bootstrap import telegram_webhook
from bot.channels.base import ChannelRefused
from bot.channels.telegram import TelegramChannel, TelegramWebhook
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.settings import load
from bot.web import LARGEST_UPDATE_BYTES, application
from domain.chat import Words
from simulator.telegram import SimulatedTelegram
from storage.store import Store
from tests.bot.conftest import listening
from tests.bot.waiting import until, utc_now

SECRET = "bi-mat_01"


async def no_figures() -> dict[str, float]:
    return {}


class Door:
    """Our web application with one webhook, and a stranger who knocks at it."""

    def __init__(self, webhook: TelegramWebhook, stranger: ClientSession, url: str) -> None:
        self.webhook = webhook
        self.url = url
        self._stranger = stranger

    async def knock(self, body: bytes, *, secret: str | None = SECRET, path: str | None = None) -> int:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        url = self.url + (path or self.webhook.path)
        async with self._stranger.post(url, data=body, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    webhook = TelegramWebhook(public_url="", name="duong-dan", secret=SECRET)
    runner = web.AppRunner(application(lambda: True, no_figures, (webhook,)), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    webhook.url = f"http://127.0.0.1:{runner.addresses[0][1]}{webhook.path}"
    async with ClientSession() as stranger:
        yield Door(webhook, stranger, webhook.url.removesuffix(webhook.path))
    await runner.cleanup()


@pytest.fixture
async def called(telegram: SimulatedTelegram, door: Door) -> AsyncIterator[TelegramChannel]:
    """A channel whose updates come by webhook."""
    channel = TelegramChannel(
        token=telegram.token, now=utc_now, api_base=telegram.base_url, webhook=door.webhook
    )
    await channel.connect()
    yield channel
    await channel.aclose()


def written(number: int, text: str) -> bytes:
    message = (
        f'{{"message_id": {number}, "date": 1795000000, "chat": {{"id": 11, "type": "private"}}, '
        f'"from": {{"id": 11, "is_bot": false, "first_name": "S"}}, "text": "{text}"}}'
    )
    return f'{{"update_id": {number}, "message": {message}}}'.encode()


async def test_updates_come_to_the_webhook_and_nothing_is_polled(
    telegram: SimulatedTelegram, called: TelegramChannel
) -> None:
    await telegram.person("Sơn", 11).say("đã gửi từ trước")
    async with listening(called) as inbox:
        await telegram.person("Sơn", 11).say("chụp cổng chính")
        await inbox.next(2)
        await until(lambda: telegram.pending_updates == 0)
    assert [entry.body for entry in inbox.got] == [Words("đã gửi từ trước"), Words("chụp cổng chính")]
    assert telegram.calls["setwebhook"] == 1
    assert telegram.calls["getupdates"] == 0


async def test_an_update_is_confirmed_only_after_it_was_stored(
    telegram: SimulatedTelegram, called: TelegramChannel, logs: list[EventDict]
) -> None:
    async with listening(called) as inbox:
        inbox.refuse = OSError("disk full, and the words: bí mật")
        await telegram.person("Sơn", 11).say("bí mật")
        await until(lambda: "telegram.not_stored" in [entry["event"] for entry in logs])
        assert telegram.pending_updates == 1
        inbox.refuse = None
        await inbox.next()
        await until(lambda: telegram.pending_updates == 0)
    assert [entry.body for entry in inbox.got] == [Words("bí mật")]
    assert "bí mật" not in str(logs)


async def test_while_nobody_listens_telegram_is_asked_to_come_again(
    telegram: SimulatedTelegram, called: TelegramChannel, door: Door
) -> None:
    assert await door.knock(written(1, "sớm quá")) == 503
    async with listening(called) as inbox:
        await until(lambda: telegram.calls["setwebhook"] == 1)
        assert await door.knock(written(1, "đúng lúc")) == 200
        assert [entry.body for entry in inbox.got] == [Words("đúng lúc")]
    assert await door.knock(written(2, "muộn rồi")) == 503


@pytest.mark.parametrize("secret", [None, "", "bi-mat_0", "bi-mat_02", "mật"])
async def test_a_call_without_the_secret_decides_nothing(
    telegram: SimulatedTelegram, called: TelegramChannel, door: Door, secret: str | None
) -> None:
    async with listening(called) as inbox:
        await until(lambda: telegram.calls["setwebhook"] == 1)
        assert await door.knock(written(1, "giả mạo"), secret=secret) == 403
        assert await door.knock(written(2, "thật")) == 200
    assert [entry.body for entry in inbox.got] == [Words("thật")]


@pytest.mark.parametrize("path", ["/telegram/duong-da", "/telegram/", "/telegram/duong-dan/x", "/x"])
async def test_another_path_is_not_there(door: Door, path: str) -> None:
    assert await door.knock(written(1, "lạc"), path=path) == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"5", b'"bi mat"', b"\xff", b'{"update_id": "1"}', b"[" * 100_000],
)
async def test_what_is_no_update_is_taken_and_dropped(
    telegram: SimulatedTelegram, called: TelegramChannel, door: Door, logs: list[EventDict], body: bytes
) -> None:
    async with listening(called) as inbox:
        await until(lambda: telegram.calls["setwebhook"] == 1)
        assert await door.knock(body) == 200
        assert inbox.got == []
    assert [entry for entry in logs if entry["event"] == "telegram.unreadable"] == [
        {"event": "telegram.unreadable", "log_level": "warning", "update": "without a number"}
    ]


async def test_a_malformed_update_is_taken_and_told_by_its_number_only(
    telegram: SimulatedTelegram, called: TelegramChannel, door: Door, logs: list[EventDict]
) -> None:
    async with listening(called) as inbox:
        await until(lambda: telegram.calls["setwebhook"] == 1)
        assert await door.knock(b'{"update_id": 7, "message": {"chat": "bi mat"}}') == 200
        assert inbox.got == []
    assert [entry.get("update") for entry in logs] == [7]
    assert "bi mat" not in str(logs)


async def test_a_body_that_is_too_large_is_not_read(
    telegram: SimulatedTelegram, called: TelegramChannel, door: Door
) -> None:
    async with listening(called) as inbox:
        await until(lambda: telegram.calls["setwebhook"] == 1)
        assert await door.knock(written(1, "x" * LARGEST_UPDATE_BYTES)) == 413
        assert await door.knock(written(2, "x" * 100)) == 200
    assert len(inbox.got) == 1


async def test_a_webhook_that_was_taken_away_is_set_again(
    telegram: SimulatedTelegram, called: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.webhook.LOOK_AFTER_SECONDS", 0.01)
    async with listening(called) as inbox:
        await until(lambda: telegram.calls["setwebhook"] == 1)
        await called._bot.delete_webhook()
        await telegram.person("Sơn", 11).say("còn nhận không")
        await inbox.next()
    assert telegram.calls["setwebhook"] == 2


async def test_that_telegram_cannot_reach_the_webhook_is_told_once(
    telegram: SimulatedTelegram, monkeypatch: pytest.MonkeyPatch, logs: list[EventDict]
) -> None:
    monkeypatch.setattr("bot.channels.telegram.webhook.LOOK_AFTER_SECONDS", 0.01)
    nowhere = TelegramWebhook(public_url="http://127.0.0.1:9", name="x", secret=SECRET)
    channel = TelegramChannel(token=telegram.token, now=utc_now, api_base=telegram.base_url, webhook=nowhere)
    await channel.connect()
    async with listening(channel):
        await telegram.person("Sơn", 11).say("có ai không")
        await until(lambda: bool(logs))
        asked = telegram.calls["getwebhookinfo"]
        await until(lambda: telegram.calls["getwebhookinfo"] > asked + 3)
    await channel.aclose()
    assert [entry["event"] for entry in logs] == ["telegram.webhook_failing"]
    assert SECRET not in str(logs)


async def test_a_cut_is_waited_out_before_the_webhook_is_set(
    telegram: SimulatedTelegram, called: TelegramChannel, logs: list[EventDict]
) -> None:
    await telegram.cut(True)
    async with listening(called) as inbox:
        await until(lambda: "telegram.lost" in [entry["event"] for entry in logs])
        await telegram.cut(False)
        await telegram.person("Sơn", 11).say("đây")
        await inbox.next()
    assert [entry["event"] for entry in logs] == ["telegram.lost", "telegram.back"]


async def test_a_refused_token_ends_the_listening(telegram: SimulatedTelegram, door: Door) -> None:
    wrong = TelegramChannel(
        token="123456:WRONG-SECRET", now=utc_now, api_base=telegram.base_url, webhook=door.webhook
    )
    with pytest.raises(ChannelRefused):
        await asyncio.wait_for(wrong.listen(lambda _batch: asyncio.sleep(0)), 5)
    await wrong.aclose()


async def test_path_and_secret_are_made_once_and_only_for_webhook_mode(tmp_path: Path) -> None:
    config = tmp_path / "truccam.toml"
    config.write_text('[web]\npublic_url = "https://camera.example/"\n[telegram]\ntoken = "1:a"\n')
    store = await Store.open(f"sqlite:///{tmp_path}/truccam.db")
    await store.migrate()
    polling, webhook = load(config, {}), load(config, {"TRUCCAM_TELEGRAM__MODE": "webhook"})
    assert await telegram_webhook(polling, store) is None
    first = await telegram_webhook(webhook, store)
    second = await telegram_webhook(webhook, store)
    await store.aclose()
    assert first is not None
    assert second is not None
    assert first.url.startswith("https://camera.example/telegram/")
    assert (first.url, first.secret) == (second.url, second.secret)
    assert len(first.secret) > 40
    assert first.secret not in repr(first)
