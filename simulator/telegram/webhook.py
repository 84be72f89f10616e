"""Delivery of updates to the bot's webhook, in order, until it answers 2xx."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from aiohttp import ClientError, ClientSession, ClientTimeout

from simulator.telegram.updates import UpdateQueue, Webhook

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 5.0


class WebhookDelivery:
    """Posts waiting updates to the webhook while one is set.

    Args:
        updates: The queue to empty.
        now: The clock, for `last_error_date`.
        reachable: False while the school's network is cut.
    """

    def __init__(
        self, updates: UpdateQueue, now: Callable[[], datetime], reachable: Callable[[], bool]
    ) -> None:
        self._updates = updates
        self._now = now
        self._reachable = reachable
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self._task = asyncio.create_task(self._run(), name="telegram-webhook")

    async def stop(self) -> None:
        """End delivery; what was not taken stays in the queue."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        async with ClientSession(timeout=ClientTimeout(total=60)) as session:
            while True:
                await self._updates.bell.until(self._has_work, 3600)
                webhook = self._updates.webhook
                if webhook is None or not self._has_work():
                    continue
                if await self._deliver(session, webhook):
                    pause_seconds = _FIRST_PAUSE_SECONDS
                else:
                    await asyncio.sleep(pause_seconds)
                    pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

    def _has_work(self) -> bool:
        return bool(self._updates.webhook and self._updates.waiting and self._reachable())

    async def _deliver(self, session: ClientSession, webhook: Webhook) -> bool:
        update = self._updates.waiting[0]
        headers = {_SECRET_HEADER: webhook.secret} if webhook.secret else {}
        try:
            async with session.post(webhook.url, json=update, headers=headers) as answer:
                status = answer.status
        except (ClientError, TimeoutError) as error:
            return self._failed(webhook, f"Connection failed: {type(error).__name__}")
        if not 200 <= status < 300:
            return self._failed(webhook, f"Wrong response from the webhook: {status}")
        if self._updates.webhook is webhook:
            self._updates.confirm_through(update["update_id"])
        return True

    def _failed(self, webhook: Webhook, words: str) -> bool:
        webhook.last_error_date = int(self._now().timestamp())
        webhook.last_error_message = words
        return False
