"""What came in, kept before it is answered: nothing is lost by a crash, and nothing is answered twice."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.chat import Account, AlreadySettledError, Incoming
from storage.codec import pack_body, unpack_body
from storage.tables import inbox
from storage.upsert import insert_into

_UNANSWERED = select(inbox).where(~inbox.c.answered).order_by(inbox.c.id)
_SETTLE = (
    update(inbox)
    .where(
        inbox.c.channel == bindparam("b_channel"),
        inbox.c.update_id == bindparam("b_update_id"),
        ~inbox.c.answered,
    )
    .values(answered=True, body=None)
)


class Inbox:
    """Updates by channel and update number, over the table `inbox`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, batch: Sequence[Incoming]) -> int:
        """Keep updates; those that are known already are left alone. How many were new."""
        if not batch:
            return 0
        statement = insert_into(self._connection, inbox).on_conflict_do_nothing(
            index_elements=["channel", "update_id"]
        )
        added = await self._connection.execute(
            statement,
            [
                {
                    "channel": update_.account.channel,
                    "update_id": update_.update_id,
                    "account_id": update_.account.id,
                    "received_at": update_.received_at,
                    "body": pack_body(update_.body),
                    "answered": False,
                }
                for update_ in batch
            ],
            execution_options={"preserve_rowcount": True},
        )
        return added.rowcount

    async def unanswered(self) -> list[Incoming]:
        """What was never answered, in the order in which it came."""
        return [
            Incoming(
                account=Account(row.channel, row.account_id),
                update_id=row.update_id,
                received_at=row.received_at,
                body=unpack_body(row.body),
            )
            for row in await self._connection.execute(_UNANSWERED)
        ]

    async def settle(self, incoming: Incoming) -> None:
        """Mark an update as answered and forget what it said.

        Raises:
            AlreadySettledError: it was answered before, or never kept.
        """
        where = {"b_channel": incoming.account.channel, "b_update_id": incoming.update_id}
        if (await self._connection.execute(_SETTLE, where)).rowcount != 1:
            raise AlreadySettledError(f"{incoming.account.channel} update {incoming.update_id}")

    async def prune(self, before: datetime) -> int:
        """Forget answered updates that came before this. Until then a repeated one is recognised."""
        forgotten = await self._connection.execute(
            delete(inbox).where(inbox.c.answered, inbox.c.received_at < before)
        )
        return forgotten.rowcount
