"""One conversation in the middle per account; it survives a restart."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.chat import Account, Dialogue
from storage.tables import dialogues
from storage.upsert import upsert

_HERE = (
    dialogues.c.channel == bindparam("b_channel"),
    dialogues.c.account_id == bindparam("b_account_id"),
)
_GET = select(dialogues.c.kind, dialogues.c.data, dialogues.c.touched_at).where(*_HERE)
_CLEAR = delete(dialogues).where(*_HERE)


class Dialogues:
    """`handlers.ports.Dialogues` over the table `dialogues`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, account: Account) -> Dialogue | None:
        """The account's conversation, or None."""
        row = (await self._connection.execute(_GET, _here(account))).first()
        return None if row is None else Dialogue(row.kind, row.data, row.touched_at)

    async def put(self, account: Account, kind: str, data: Mapping[str, str | int], at: datetime) -> None:
        """Begin or continue a conversation; it takes the place of the one before."""
        await self._connection.execute(
            upsert(
                self._connection,
                dialogues,
                keys={"channel": account.channel, "account_id": account.id},
                values={"kind": kind, "data": dict(data), "touched_at": at},
            ),
        )

    async def clear(self, account: Account) -> None:
        """End it; nothing happens where there is none."""
        await self._connection.execute(_CLEAR, _here(account))


def _here(account: Account) -> dict[str, str]:
    return {"b_channel": account.channel, "b_account_id": account.id}
