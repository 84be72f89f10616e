"""A store, a vault, a channel and a deliverer together, as the tests of delivery use them."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from PIL import Image

from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.deliver import Deliverer
from bot.pacing import Pace, Pacing
from domain.chat import Account, Media, MediaKind, Outgoing, Text
from handlers.ports import UnitOfWork
from simulator.telegram import Phone, SimulatedTelegram
from storage.store import Store
from storage.vault import Vault
from tests.bot.waiting import utc_now

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LAN = Account("telegram", "31")
NAM = Account("telegram", "32")
NO_PACE = Pace(chat_seconds=0, burst=1_000, edits_at_once=1_000)


def words(text: str) -> tuple[Text, ...]:
    return (Text("{words}", {"words": text}),)


async def note_delivery(uow: UnitOfWork, data: Mapping[str, str | int], at: datetime) -> None:
    await uow.facts.put(f"delivered:{data['code']}", at.isoformat())


async def refuse_delivery(uow: UnitOfWork, data: Mapping[str, str | int], at: datetime) -> None:
    if await uow.facts.get("allowed") is None:
        raise RuntimeError("not now")


class Desk:
    """A store, a vault and a channel with a deliverer that can be started, killed and started again."""

    def __init__(self, store: Store, vault: Vault, channel: Channel, pace: Pace = NO_PACE) -> None:
        self.store = store
        self.vault = vault
        self.channel = channel
        self.pace = pace
        self.ends: list[str] = []

    def deliverer(self, channel: Channel | None = None) -> Deliverer:
        return Deliverer(
            store=self.store,
            channels={"telegram": channel or self.channel},
            vault=self.vault,
            follow_ups={"note_delivery": note_delivery, "refuse_delivery": refuse_delivery},
            zone=HANOI,
            now=utc_now,
            pacing=Pacing(self.pace, time.monotonic),
            report=lambda _channel, outcome, _age: self.ends.append(outcome),
        )

    @asynccontextmanager
    async def delivering(self, channel: Channel | None = None) -> AsyncIterator[Deliverer]:
        deliverer = self.deliverer(channel)
        task = asyncio.create_task(deliverer.run())
        try:
            yield deliverer
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def say(self, *messages: Outgoing) -> None:
        async with self.store.begin() as uow:
            for message in messages:
                assert await uow.outbox.say(message, utc_now())
            await uow.commit()

    async def fact(self, name: str) -> str | None:
        async with self.store.reading() as uow:
            return await uow.facts.get(name)

    async def put_fact(self, name: str, value: str) -> None:
        async with self.store.begin() as uow:
            await uow.facts.put(name, value)
            await uow.commit()

    async def idle(self) -> None:
        """Wait until nothing waits and nothing is being sent."""
        async with asyncio.timeout(15):
            while True:
                async with self.store.reading() as uow:
                    counts = await uow.outbox.counts()
                if counts.queued == counts.sending == 0:
                    return
                await asyncio.sleep(0.01)

    async def spooled(self, kind: MediaKind = MediaKind.PHOTO) -> Media:
        key, path = self.vault.spool_path(".jpg")
        await asyncio.to_thread(Image.new("RGB", (320, 180), "navy").save, path)
        return Media(kind, key, "C01.jpg")


async def phone_of(telegram: SimulatedTelegram, channel: TelegramChannel, account: Account) -> Phone:
    phone = telegram.person(f"người {account.id}", int(account.id))
    said = await phone.say("/start")
    channel.note_seen(str(said.message_id))
    return phone


def from_bot(phone: Phone) -> list[str]:
    return [message.text for message in phone.messages if message.from_bot]
