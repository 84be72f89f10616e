"""What people do, as it reaches the bot: polling, webhooks, files."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from simulator.telegram import Phone, SimulatedTelegram
from tests.simulator.telegram.clients import Client, bytes_of, refused


async def test_an_update_comes_until_an_offset_confirms_it(son: Phone, client: Client) -> None:
    first = await client.updates()
    again = await client.updates()
    assert first == again
    assert first[0]["message"]["text"] == "/start"
    assert first[0]["message"]["entities"][0]["type"] == "bot_command"
    assert await client.updates(offset=first[0]["update_id"] + 1) == []


async def test_a_long_poll_ends_when_somebody_writes(son: Phone, client: Client) -> None:
    seen = (await client.updates())[-1]["update_id"]
    poll = asyncio.create_task(client.updates(offset=seen + 1, timeout_seconds=20))
    await son.say("chụp cổng chính")
    updates = await asyncio.wait_for(poll, 5)
    assert [update["message"]["text"] for update in updates] == ["chụp cổng chính"]


async def test_a_second_poller_ends_the_first_with_a_conflict(
    telegram: SimulatedTelegram, client: Client
) -> None:
    first = asyncio.create_task(client.updates(timeout_seconds=20))
    async with ClientSession() as session:
        second: asyncio.Task[object] | None = None
        while not first.done():
            second = asyncio.create_task(_raw(session, telegram, "getUpdates", poll_seconds=0))
            await second
            await asyncio.wait([first], timeout=0.05)
    with refused("terminated by other getUpdates request; make sure that only one bot instance is running"):
        await first


async def test_a_person_edits_what_was_said(son: Phone, client: Client) -> None:
    said = await son.say("chụp cổng chính")
    await son.edit(said, "chụp cổng phụ")
    update = (await client.updates())[-1]
    assert update["edited_message"]["text"] == "chụp cổng phụ"
    assert update["edited_message"]["message_id"] == said.message_id


async def test_a_persons_photo_video_and_file_reach_the_bot(
    son: Phone, client: Client, picture: Path, clip: Path
) -> None:
    said = await son.say("đây ạ")
    await son.send_photo(picture, "cổng", reply_to=said)
    await son.send_video(clip)
    await son.send_document(clip, "bản gốc")
    photo, video, document = [update["message"] for update in (await client.updates())[-3:]]
    assert photo["caption"] == "cổng"
    assert photo["reply_to_message"]["message_id"] == said.message_id
    assert await client.download(photo["photo"][-1]["file_id"]) == bytes_of(picture)
    assert video["video"]["mime_type"] == "video/mp4"
    assert document["document"]["file_name"] == "gate.mp4"


@pytest.fixture
async def inbox() -> AsyncIterator["Inbox"]:
    taken = Inbox()
    app = web.Application()
    app.router.add_post("/hook", taken.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield taken
    await runner.cleanup()


class Inbox:
    """A bot's webhook that fails as often as told."""

    def __init__(self) -> None:
        self.url = ""
        self.failures = 0
        self.updates: asyncio.Queue[tuple[int, str | None]] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        body = await request.json()
        await self.updates.put((body["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response()


async def test_a_webhook_gets_each_update_in_order_with_its_secret(
    son: Phone, client: Client, inbox: Inbox
) -> None:
    await client.set_webhook(inbox.url, "school-secret")
    await son.say("hai")
    got = [await asyncio.wait_for(inbox.updates.get(), 5) for _ in range(2)]
    assert [secret for _, secret in got] == ["school-secret"] * 2
    assert got[0][0] < got[1][0]
    with refused("use deleteWebhook to delete the webhook first"):
        await client.updates()


async def test_a_webhook_that_fails_gets_the_update_again(
    telegram: SimulatedTelegram, son: Phone, client: Client, inbox: Inbox
) -> None:
    inbox.failures = 2
    await client.set_webhook(inbox.url, "s")
    await asyncio.wait_for(inbox.updates.get(), 5)
    assert (await client.webhook_info())["last_error_message"] == "Wrong response from the webhook: 503"
    await client.delete_webhook()
    await son.say("hai")
    assert (await client.updates())[-1]["message"]["text"] == "hai"


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(
    telegram: SimulatedTelegram, client: Client
) -> None:
    await client.me()
    async with ClientSession() as session:
        assert await _raw(session, telegram, "getNothing") == (404, "Not Found: method not found")
        assert await _raw(session, telegram, "getMe", token="1:wrong") == (401, "Unauthorized")


async def _raw(
    session: ClientSession,
    telegram: SimulatedTelegram,
    method: str,
    *,
    token: str = "",
    poll_seconds: int = 0,
) -> tuple[int, str]:
    url = f"{telegram.base_url}/bot{token or telegram.token}/{method}"
    async with session.post(url, json={"timeout": poll_seconds}) as answer:
        body = await answer.json()
        return answer.status, body.get("description", "")


async def test_the_command_menu_is_seen_on_the_phone(son: Phone, client: Client) -> None:
    menu = [("anh", "Xem ảnh camera"), ("yeucau", "Xin trích xuất")]
    await client.set_commands(menu)
    assert await client.commands() == menu
    assert [(entry.command, entry.description) for entry in son.commands] == menu
    with refused("BOT_COMMAND_INVALID"):
        await client.set_commands([("ảnh", "Xem ảnh camera")])


async def test_a_chat_can_be_looked_up(son: Phone, client: Client) -> None:
    chat = await client.chat(1001)
    assert (chat["type"], chat["first_name"]) == ("private", "Sơn")
    with refused("chat not found"):
        await client.chat(7)
