"""The deliverer in a process of its own, killed again and again right when Telegram has taken a message."""

import asyncio
import random
import sys
from pathlib import Path

import pytest

from domain.chat import Account, Outgoing, Text
from simulator.telegram import SimulatedTelegram
from storage.store import Store
from tests.bot.waiting import utc_now

ROOT = Path(__file__).parents[2]
PROCESS = """
import asyncio, sys, time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from bot.channels.telegram import TelegramChannel
from bot.deliver import Deliverer
from bot.pacing import Pace, Pacing
from storage.store import Store
from storage.vault import Vault

def now():
    return datetime.now(UTC)

async def main():
    token, base, folder = sys.argv[1:]
    store = await Store.open(f"sqlite:///{folder}/truccam.db")
    channel = TelegramChannel(token=token, now=now, api_base=base)
    await channel.connect()
    await Deliverer(
        store=store, channels={"telegram": channel}, vault=Vault(Path(folder) / "state"), follow_ups={},
        zone=ZoneInfo("Asia/Ho_Chi_Minh"), now=now, pacing=Pacing(Pace(chat_seconds=0.02), time.monotonic),
    ).run()

asyncio.run(main())
"""


async def outbox_is_empty(store: Store) -> bool:
    async with store.reading() as uow:
        counts = await uow.outbox.counts()
    return counts.queued == counts.sending == 0


@pytest.mark.crash
async def test_killed_again_and_again_each_message_arrives_once(
    telegram: SimulatedTelegram, tmp_path: Path
) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/truccam.db")
    await store.migrate()
    phones = [telegram.person(f"người {number}", 100 + number) for number in range(4)]
    for phone in phones:
        await phone.say("/start")
    wanted = [f"câu {number}" for number in range(15)]
    async with store.begin() as uow:
        # Known from before: the numbers that the messages so far have.
        await uow.facts.put("highest_seen:telegram", str(phones[-1].last.message_id))
        for words in wanted:
            for phone in phones:
                account = Account("telegram", str(phone.user_id))
                await uow.outbox.say(Outgoing(account, (Text("{words}", {"words": words}),)), utc_now())
        await uow.commit()
    # Answers come late, so that a kill often falls between a message and the knowledge of it.
    telegram.slow(0.03)
    chance = random.Random(20)
    kills = 0
    while not await outbox_is_empty(store):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROCESS, telegram.token, telegram.base_url, str(tmp_path), cwd=ROOT
        )
        target = len(telegram.sent) + chance.randint(4, 12) if kills < 6 else 10_000
        try:
            async with asyncio.timeout(60):
                while len(telegram.sent) < target and not await outbox_is_empty(store):  # noqa: ASYNC110 - the database of another process rings no bell
                    await asyncio.sleep(0.002)
        finally:
            process.kill()
            await process.wait()
        kills += 1
    await store.aclose()
    assert kills > 4
    for phone in phones:
        assert [message.text for message in phone.messages if message.from_bot] == wanted
