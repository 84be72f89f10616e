"""Writes down how the delivery of a message ended, with what follows from it, in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.channels.base import Channel, Receipt
from bot.failures import describe
from handlers.ports import UnitOfWork as HandlersUnitOfWork
from handlers.ports import Vault
from storage.outbox_rows import OutboxRow
from storage.store import Store, UnitOfWork

log = structlog.get_logger(__name__)

FollowUp = Callable[[HandlersUnitOfWork, Mapping[str, str | int], datetime], Awaitable[None]]
"""Runs in the transaction that records a delivery: `Outgoing.then` names it, the mapping is `then_data`."""

FAILED = ".failed"
"""Added to `Outgoing.then`, it names the follow-up of a message that can never be sent."""

Report = Callable[[str, str, timedelta], None]
"""Told of each end of a row: channel, outcome ("sent", "edited", "again", "failed"), age of the message."""

_SPOOL = "spool/"
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0


def unreported(_channel: str, _outcome: str, _age: timedelta) -> None:
    """A `Report` for where nobody counts."""


def mark_fact(channel: str) -> str:
    """Name of the fact that keeps the highest message number of a channel over a restart."""
    return f"highest_seen:{channel}"


class Receipts:
    """The end of rows.

    A platform that has a message cannot be asked to forget it, so that writing is tried until it works.

    Args:
        store: the database.
        vault: where the files of messages lie.
        follow_ups: by the name in `Outgoing.then`.
        now: the clock; aware times.
        report: for metrics.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        follow_ups: Mapping[str, FollowUp],
        now: Callable[[], datetime],
        report: Report,
    ) -> None:
        self._store = store
        self._vault = vault
        self._follow_ups = follow_ups
        self._now = now
        self._report = report

    async def sent(self, row: OutboxRow, channel: Channel, receipt: Receipt, outcome: str) -> None:
        """The platform has it. The file of a message that was spooled for it is deleted afterwards."""

        async def write(uow: UnitOfWork) -> None:
            now = self._now()
            await uow.outbox.sent(row.id, receipt.message_key, now, had_media=receipt.had_media)
            await uow.facts.put(mark_fact(channel.name), channel.highest_seen())
            if row.message.then is not None:
                await self._follow_ups[row.message.then](uow, row.message.then_data, now)

        await self._write(row, write)
        self._end(row, outcome)

    async def failed(self, row: OutboxRow, why_code: str) -> None:
        """It can never be sent."""
        log.warning("deliver.failed", channel=row.account.channel, row=row.id, why=why_code)

        async def write(uow: UnitOfWork) -> None:
            await uow.outbox.failed(row.id, why_code)
            follow_up = self._follow_ups.get(f"{row.message.then}{FAILED}")
            if follow_up is not None:
                await follow_up(uow, row.message.then_data, self._now())

        await self._write(row, write)
        self._end(row, "failed")

    async def again(self, row: OutboxRow, not_before: datetime) -> None:
        """It was not sent and is tried once more later."""

        async def write(uow: UnitOfWork) -> None:
            await uow.outbox.again(row.id, not_before)

        await self._write(row, write)
        self._report(row.account.channel, "again", self._now() - row.created_at)

    async def _write(self, row: OutboxRow, write: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        while True:
            try:
                async with self._store.begin() as uow:
                    await write(uow)
                    await uow.commit()
            except Exception as error:  # noqa: BLE001 - the edge: whatever broke, what was sent must be recorded
                log.error("deliver.not_recorded", row=row.id, **describe(error))
                await asyncio.sleep(pause_seconds)
                pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)
            else:
                return

    def _end(self, row: OutboxRow, outcome: str) -> None:
        media = row.message.media
        if media is not None and media.key.startswith(_SPOOL):
            self._vault.remove(media.key)
        self._report(row.account.channel, outcome, self._now() - row.created_at)
