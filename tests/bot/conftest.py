"""A simulated Telegram and the channel that speaks to it over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.channels.telegram import TelegramChannel
from domain.chat import Incoming
from simulator.telegram import FloodLimits, Phone, SimulatedTelegram
from storage.store import Store
from storage.vault import Vault
from tests.bot.desk import LAN, NAM, Desk, phone_of
from tests.bot.waiting import until, utc_now

NO_LIMITS = FloodLimits(chat_per_second=1e6, chat_burst=1000, total_per_second=1e6, total_burst=1000)


class Inbox:
    """Where a listening channel stores what came in; can refuse for a while."""

    def __init__(self) -> None:
        self.got: list[Incoming] = []
        self.refuse: Exception | None = None

    async def store(self, batch: Sequence[Incoming]) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.got.extend(batch)

    async def next(self, count: int = 1) -> list[Incoming]:
        await until(lambda: len(self.got) >= count)
        return self.got


@asynccontextmanager
async def listening(channel: TelegramChannel) -> AsyncIterator[Inbox]:
    inbox = Inbox()
    task = asyncio.create_task(channel.listen(inbox.store))
    try:
        yield inbox
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def logs() -> Iterator[list[EventDict]]:
    """Every line of our own log."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[SimulatedTelegram]:
    async with SimulatedTelegram(limits=NO_LIMITS, folder=tmp_path / "telegram") as server:
        yield server


@pytest.fixture
async def channel(telegram: SimulatedTelegram) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(token=telegram.token, now=utc_now, api_base=telegram.base_url)
    await channel.connect()
    yield channel
    await channel.aclose()


@pytest.fixture
async def desk(tmp_path: Path, channel: TelegramChannel) -> AsyncIterator[Desk]:
    store = await Store.open(f"sqlite:///{tmp_path}/truccam.db")
    await store.migrate()
    yield Desk(store, Vault(tmp_path / "state"), channel)
    await store.aclose()


@pytest.fixture
async def lan(telegram: SimulatedTelegram, channel: TelegramChannel) -> Phone:
    return await phone_of(telegram, channel, LAN)


@pytest.fixture
async def nam(telegram: SimulatedTelegram, channel: TelegramChannel) -> Phone:
    return await phone_of(telegram, channel, NAM)
