"""A report of an emergency is on every leader's phone within two seconds, whatever else is queued."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.telegram import TelegramChannel
from bot.pacing import Pace
from domain.chat import Account, Outgoing
from simulator.telegram import FloodLimits, SimulatedTelegram
from storage.store import Store
from storage.vault import Vault
from tests.bot.desk import Desk, phone_of, words
from tests.bot.waiting import utc_now

QUEUED = 500
LEADERS = 3
ALARMS = 8
WITHIN_SECONDS = 2.0


@pytest.fixture
async def real_pace(tmp_path: Path) -> AsyncIterator[tuple[SimulatedTelegram, Desk]]:
    """Telegram with its real limits, and a deliverer that keeps them."""
    async with SimulatedTelegram(limits=FloodLimits(), folder=tmp_path / "telegram") as telegram:
        channel = TelegramChannel(token=telegram.token, now=utc_now, api_base=telegram.base_url)
        await channel.connect()
        store = await Store.open(f"sqlite:///{tmp_path}/truccam.db")
        await store.migrate()
        yield telegram, Desk(store, Vault(tmp_path / "state"), channel, Pace())
        await store.aclose()
        await channel.aclose()


async def test_an_alarm_passes_five_hundred_queued_messages(
    real_pace: tuple[SimulatedTelegram, Desk],
) -> None:
    telegram, desk = real_pace
    assert isinstance(desk.channel, TelegramChannel)
    accounts = [Account("telegram", str(1_000 + number)) for number in range(QUEUED)]
    phones = {account: await phone_of(telegram, desk.channel, account) for account in accounts}
    await desk.say(*(Outgoing(account, words("Mời họp chiều nay")) for account in accounts))
    chance = random.Random(5)
    took: list[float] = []
    async with desk.delivering():
        for number in range(ALARMS):
            text = f"KHẨN {number}"
            leaders = chance.sample(accounts, LEADERS)  # they are in the queue like anybody else
            started = time.monotonic()
            await desk.say(*(Outgoing(leader, words(text), urgent=True) for leader in leaders))

            async def arrives(leader: Account, text: str = text, started: float = started) -> None:
                await phones[leader].wait_for(text, 10)
                took.append(time.monotonic() - started)

            await asyncio.gather(*(arrives(leader) for leader in leaders))
        async with desk.store.reading() as uow:
            still_queued = (await uow.outbox.counts()).queued
    assert still_queued > QUEUED // 4, "the alarms did not pass a queue"
    took.sort()
    assert took[int(len(took) * 0.95)] <= WITHIN_SECONDS, took
