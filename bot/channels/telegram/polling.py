"""Receiving by long polling, with a loop of our own.

Own, because an update may be confirmed (by the next `getUpdates`) only after it was stored.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

import structlog
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.base import StoreBatch
from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.contact import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Contact, refused
from bot.channels.telegram.errors import is_webhook_conflict, wait_of
from bot.channels.telegram.updates import has_number
from domain.chat import Incoming

POLL_SECONDS = 25
# A server that does not hold the line must not be asked in a busy loop.
_SHORTEST_EMPTY_POLL_SECONDS = 0.3
log = structlog.get_logger(__name__)


async def poll(
    bot: TelegramBot,
    contact: Contact,
    read: Callable[[dict[str, Any]], Incoming | None],
    store_batch: StoreBatch,
) -> NoReturn:
    """Ask for updates until cancelled; the offset moves only after the batch was stored.

    Raises:
        ChannelRefused: the token is no longer accepted.
    """
    offset: int | None = None
    pause = FIRST_PAUSE_SECONDS
    while True:
        asked = time.monotonic()
        try:
            # After a cut the first poll returns at once, so that the return is known at once.
            batch = await bot.updates(offset, 0 if contact.lost else POLL_SECONDS)
        except InvalidToken:
            raise refused() from None
        except TelegramError as error:
            contact.note_lost(error)
            if is_webhook_conflict(error):
                await _drop_webhook(bot)
            await asyncio.sleep(wait_of(error).total_seconds() if isinstance(error, RetryAfter) else pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            continue
        contact.note_back()
        pause = FIRST_PAUSE_SECONDS
        incoming = [found for entry in batch if (found := read(entry)) is not None]
        if incoming:
            await store_batch(incoming)
        numbers = [entry["update_id"] for entry in batch if has_number(entry)]
        if numbers:
            offset = max(numbers) + 1
        elif batch:
            await asyncio.sleep(LONGEST_PAUSE_SECONDS)
        else:
            await asyncio.sleep(max(0.0, asked + _SHORTEST_EMPTY_POLL_SECONDS - time.monotonic()))


async def _drop_webhook(bot: TelegramBot) -> None:
    """Updates that a webhook would get come by polling instead; none is lost."""
    log.warning("telegram.webhook_dropped")
    with suppress(TelegramError):
        await bot.delete_webhook(drop_pending_updates=False)
