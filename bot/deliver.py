"""Outbox -> channel: what is due is claimed, one message a chat at a time, chats side by side.

A row is claimed (and committed as being sent) before the platform hears of it, and reported after. What a
crash or a lost answer leaves uncertain in between is looked for on the platform before it is sent again, so
that it is neither lost nor doubled.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, tzinfo
from typing import Any

import structlog

from bot.channels.base import Channel
from bot.failures import describe
from bot.handover import Handover
from bot.outages import Outages
from bot.pacing import Pace, Pacing
from bot.receipts import FollowUp, Receipts, Report, mark_fact, unreported
from domain.chat import Account
from handlers.ports import Vault
from storage.errors import DatabaseUnavailable
from storage.outbox_rows import OutboxRow
from storage.store import Committed, Store

log = structlog.get_logger(__name__)

_AT_ONCE = 32
_FOR_URGENT = 8  # more at once, for what must not wait behind 32 that wait for their turn
_IDLE_SECONDS = 30.0
_SHORTEST_WAIT_SECONDS = 0.005
_BUSY_WAIT_SECONDS = 0.1
_DATABASE_PAUSE_SECONDS = 1.0
_LAST_SENDS_SECONDS = 2.0


class Deliverer:
    """Sends what the outbox holds.

    Args:
        store: the database; its commits wake the deliverer.
        channels: by `Account.channel`.
        vault: where the files of messages lie.
        follow_ups: by the name in `Outgoing.then`.
        zone: the school's time zone, for the times in sentences.
        now: the clock; aware times.
        pacing: turns of sending; the usual ones when None.
        report: for metrics.
    """

    def __init__(
        self,
        *,
        store: Store,
        channels: Mapping[str, Channel],
        vault: Vault,
        follow_ups: Mapping[str, FollowUp],
        zone: tzinfo,
        now: Callable[[], datetime],
        pacing: Pacing | None = None,
        report: Report = unreported,
    ) -> None:
        self._store = store
        self._channels = channels
        self._now = now
        self._outages = Outages()
        self._handover = Handover(
            channels=channels,
            vault=vault,
            receipts=Receipts(store, vault, follow_ups, now, report),
            outages=self._outages,
            pacing=pacing or Pacing(Pace(), time.monotonic),
            zone=zone,
            now=now,
        )
        self._wake = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], Account] = {}
        store.on_commit(self._on_commit)

    def wake(self) -> None:
        """Look into the outbox now."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; sends that are under way get a few seconds to end."""
        try:
            await self._resume()
            while True:
                self._wake.clear()
                wait_seconds = await self._round()
                try:
                    async with asyncio.timeout(wait_seconds):
                        await self._wake.wait()
                except TimeoutError:
                    continue
        finally:
            await self._finish()

    def _on_commit(self, committed: Committed) -> None:
        if committed.outbox:
            self._wake.set()

    async def _resume(self) -> None:
        """After a restart: know where message numbers stand, and ask for what was left unfinished."""
        while True:
            try:
                async with self._store.reading() as uow:
                    marks = {name: await uow.facts.get(mark_fact(name)) for name in self._channels}
                    rows = await uow.outbox.uncertain()
            except DatabaseUnavailable as error:
                log.warning("deliver.database", **describe(error))
                await asyncio.sleep(_DATABASE_PAUSE_SECONDS)
                continue
            for name, mark in marks.items():
                if mark:
                    self._channels[name].note_seen(mark)
            for row in rows:
                self._start(row, self._handover.settle_unfinished(row))
            return

    async def _round(self) -> float:
        """Claim what can be sent now and start it; seconds until the next look, unless woken before."""
        now = self._now()
        paused_until = self._outages.all_paused_until(self._channels, now)
        if paused_until is not None:
            return _seconds_between(now, paused_until)
        # While a channel is lost, one message at a time finds out whether it is back.
        most = 1 if self._outages else _AT_ONCE
        ordinary = most - len(self._tasks)
        room = ordinary if self._outages else ordinary + _FOR_URGENT
        if room <= 0:
            return _IDLE_SECONDS
        try:
            async with self._store.begin() as uow:
                marks = {name: channel.highest_seen() for name, channel in self._channels.items()}
                rows = await uow.outbox.claim(
                    now, frozenset(self._tasks.values()), room, marks, ordinary=max(ordinary, 0)
                )
                due = None if rows else await uow.outbox.next_due(now)
                await uow.commit()
        except DatabaseUnavailable as error:
            log.warning("deliver.database", **describe(error))
            return _DATABASE_PAUSE_SECONDS
        for row in rows:
            self._start(row, self._handover.deliver(row))
        if due is None or (ordinary <= 0 and not rows):
            return _IDLE_SECONDS  # the end of a sending, or an urgent message, wakes this loop
        # A chat whose message is still being finished seems due; the end of its task wakes this loop.
        return max(_seconds_between(now, due), _BUSY_WAIT_SECONDS if self._tasks else 0.0)

    def _start(self, row: OutboxRow, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=f"deliver-{row.id}")
        self._tasks[task] = row.account
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._wake.set()
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # Its row stays "being sent", so that its chat waits until the next start asks for it.
            log.error("deliver.broke", **describe(error))

    async def _finish(self) -> None:
        if not self._tasks:
            return
        _done, late = await asyncio.wait(self._tasks, timeout=_LAST_SENDS_SECONDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)


def _seconds_between(now: datetime, then: datetime) -> float:
    return min(max((then - now).total_seconds(), _SHORTEST_WAIT_SECONDS), _IDLE_SECONDS)
