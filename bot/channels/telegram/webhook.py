"""Receiving by webhook: Telegram calls us. Source: core.telegram.org/bots/api#setwebhook.

Telegram repeats an update until it is answered with 2xx, so that 200 is said only after it was stored.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import structlog
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.contact import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Contact, refused
from bot.channels.telegram.errors import wait_of
from bot.channels.telegram.updates import ALLOWED_UPDATES, has_number
from bot.failures import describe

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
# Somebody else may take the webhook away, and only Telegram knows that it cannot reach us.
LOOK_AFTER_SECONDS = 60.0
_OK = 200
_TRY_AGAIN = 503
log = structlog.get_logger(__name__)

Take = Callable[[dict[str, Any]], Awaitable[None]]
"""Stores one update durably, or raises."""


class TelegramWebhook:
    """One address at which Telegram leaves updates (`bot.channels.base.Hook`).

    Args:
        public_url: how Telegram reaches `[web] listen`, without a slash at the end.
        name: last part of the path; hard to guess, so that scanners find nothing.
        secret: what Telegram says with each update; letters, digits, `_` and `-`.
    """

    def __init__(self, *, public_url: str, name: str, secret: str) -> None:
        self.path = f"/telegram/{name}"
        self.url = public_url + self.path
        self.secret = secret
        self._take: Take | None = None

    def __repr__(self) -> str:
        return "TelegramWebhook()"

    @contextmanager
    def open(self, take: Take) -> Iterator[None]:
        """While inside, updates go to `take`; outside, Telegram is asked to come again."""
        self._take = take
        try:
            yield
        finally:
            self._take = None

    def admits(self, headers: Mapping[str, str]) -> bool:
        """As `Hook.admits`: the secret, compared in constant time."""
        return hmac.compare_digest(headers.get(SECRET_HEADER, "").encode(), self.secret.encode())

    async def receive(self, body: bytes) -> int:
        """As `Hook.receive`. What can never be read is taken and dropped: repeating would not mend it."""
        if self._take is None:
            return _TRY_AGAIN
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            update = None
        if not has_number(update):
            log.warning("telegram.unreadable", update="without a number")
            return _OK
        try:
            await self._take(update)
        except Exception as error:  # noqa: BLE001 - the edge: whatever stops the storing, Telegram repeats it
            log.error("telegram.not_stored", update=update["update_id"], **describe(error))
            return _TRY_AGAIN
        return _OK


async def keep_webhook(bot: TelegramBot, contact: Contact, webhook: TelegramWebhook) -> NoReturn:
    """Set the webhook, then see to it that it stays set, until cancelled.

    Raises:
        ChannelRefused: the token is not accepted.
    """
    pause = FIRST_PAUSE_SECONDS
    is_set = False
    told = ""
    while True:
        try:
            if not is_set:
                await bot.set_webhook(
                    webhook.url, secret_token=webhook.secret, allowed_updates=list(ALLOWED_UPDATES)
                )
            info = await bot.get_webhook_info()
        except InvalidToken:
            raise refused() from None
        except TelegramError as error:
            contact.note_lost(error)
            await asyncio.sleep(wait_of(error).total_seconds() if isinstance(error, RetryAfter) else pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            continue
        contact.note_back()
        pause = FIRST_PAUSE_SECONDS
        is_set = info.url == webhook.url
        if not is_set:
            log.warning("telegram.webhook_taken_away")
            await asyncio.sleep(pause)
            continue
        failing = info.last_error_message or "" if info.pending_update_count else ""
        if failing and failing != told:
            log.warning("telegram.webhook_failing", why=failing, waiting=info.pending_update_count)
        told = failing
        await asyncio.sleep(LOOK_AFTER_SECONDS)
