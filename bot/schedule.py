"""What runs when, besides chats and jobs."""

import asyncio
from datetime import timedelta

import structlog

from bot.failures import describe
from handlers.ports import Tools
from handlers.registry import WATCHES
from storage.store import Store

EVERY_SECONDS = 60.0
PRUNE_EVERY_ROUNDS = 60
REMEMBER_UPDATES = timedelta(days=7)
log = structlog.get_logger(__name__)


async def watch(store: Store, tools: Tools) -> None:
    """Once a minute: expiries and reminders; once an hour: forget what nobody needs. Until cancelled."""
    rounds = 0
    while True:
        await look(tools)
        if rounds % PRUNE_EVERY_ROUNDS == 0:
            await store.prune(tools.now() - REMEMBER_UPDATES)
        rounds += 1
        await asyncio.sleep(EVERY_SECONDS)


async def look(tools: Tools) -> None:
    """One round. A watch that breaks does not keep the others from running."""
    for one in WATCHES:
        try:
            done = await one(tools)
        except Exception as error:  # noqa: BLE001 - the edge: the next round tries again
            log.error("watch.broke", watch=one.__name__, **describe(error))
        else:
            if done:
                log.info("watch.done", watch=one.__name__, count=done)
