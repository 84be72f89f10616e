"""Outbox -> channel: order per chat, pacing, retries, receipts."""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, tzinfo

from bot.channels.base import Channel
from handlers.ports import UnitOfWork, Vault
from storage.store import Store

FollowUp = Callable[[UnitOfWork, Mapping[str, str | int], datetime], Awaitable[None]]
"""Runs in the transaction that records a delivery: `Outgoing.then` names it, the mapping is `then_data`."""


class Deliverer:
    """Sends what the outbox holds.

    Args:
        store: the database; its commits wake the deliverer.
        channels: by `Account.channel`.
        vault: where the files of messages lie.
        follow_ups: by the name in `Outgoing.then`.
        zone: the school's time zone, for the times in sentences.
        now: the clock; aware times.
        monotonic: seconds, for pacing.
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
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        raise NotImplementedError

    def wake(self) -> None:
        """Look into the outbox now."""
        raise NotImplementedError

    async def run(self) -> None:
        """Deliver until cancelled; sends that are under way get a few seconds to end."""
        raise NotImplementedError
