"""The outbox: what is to be said, in order, once."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from domain.chat import Account, Offered, Outgoing
from storage.outbox_rows import OutboxCounts, OutboxRow


class Outbox:
    """Messages and their buttons. Handlers use the first three methods, delivery the others."""

    async def say(self, message: Outgoing, at: datetime) -> bool:
        """Queue a message. False where the person has no account (then nobody is told)."""
        raise NotImplementedError

    async def offered(self, token: str) -> Offered | None:
        """What a button meant."""
        raise NotImplementedError

    async def slot_open(self, slot: str) -> list[int]:
        """Ids of people who have a message in this slot, sent or waiting."""
        raise NotImplementedError

    async def claim(
        self,
        now: datetime,
        busy_chats: AbstractSet[Account],
        limit: int,
        mark: Mapping[str, str],
    ) -> list[OutboxRow]:
        """Take the next due row of each chat that is not busy, and mark it as being sent.

        `mark` gives for a channel's name the highest message number known now; it is kept with the row, so that
        after a crash a lost answer can be looked for. Rows of inactive people are cancelled instead.
        """
        raise NotImplementedError

    async def sent(self, row_id: int, message_key: str, at: datetime, *, had_media: bool) -> None:
        """The platform has it."""
        raise NotImplementedError

    async def again(self, row_id: int, not_before: datetime) -> None:
        """It was not sent; try once more later. A newer message of its slot takes its place meanwhile."""
        raise NotImplementedError

    async def failed(self, row_id: int, why_code: str) -> None:
        """It can never be sent."""
        raise NotImplementedError

    async def uncertain(self) -> list[OutboxRow]:
        """Rows whose sending began and whose end nobody knows: to be asked for after a restart."""
        raise NotImplementedError

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next queued row is due (`now` or earlier where one waits already); None where none is queued."""
        raise NotImplementedError

    async def counts(self) -> OutboxCounts:
        """Rows by state."""
        raise NotImplementedError
