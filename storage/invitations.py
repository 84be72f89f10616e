"""One-time enrolment codes (known only by their hash) and the wrong tries of strangers."""

from datetime import datetime

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.chat import Account
from domain.people import Invitation
from storage.tables import invitations, wrong_tries


def _invitation(row: Row[tuple[int, int, str, datetime, datetime | None]]) -> Invitation:
    return Invitation(id=row.id, person_id=row.person_id, expires_at=row.expires_at, used_at=row.used_at)


class Invitations:
    """`handlers.ports.Invitations` over the tables `invitations` and `wrong_tries`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, person_id: int, code_hash: str, expires_at: datetime) -> Invitation:
        """A new code. Earlier unused ones of the person stay usable until they expire."""
        values = {"person_id": person_id, "code_hash": code_hash, "expires_at": expires_at}
        statement = invitations.insert().values(values).returning(invitations)
        return _invitation((await self._connection.execute(statement)).one())

    async def by_hash(self, code_hash: str) -> Invitation | None:
        """The code with this hash, used and expired ones too."""
        statement = select(invitations).where(invitations.c.code_hash == code_hash)
        row = (await self._connection.execute(statement)).first()
        return None if row is None else _invitation(row)

    async def use(self, invitation_id: int, at: datetime) -> bool:
        """Use it up. False where somebody was quicker."""
        used = await self._connection.execute(
            update(invitations)
            .where(invitations.c.id == invitation_id, invitations.c.used_at.is_(None))
            .values(used_at=at),
        )
        return used.rowcount == 1

    async def note_wrong_try(self, account: Account, at: datetime) -> None:
        """Remember that this account gave a wrong code."""
        values = {"channel": account.channel, "account_id": account.id, "at": at}
        await self._connection.execute(wrong_tries.insert().values(values))

    async def wrong_tries(self, account: Account, since: datetime) -> int:
        """How many wrong codes this account gave since then, that instant included."""
        statement = select(func.count()).where(
            wrong_tries.c.channel == account.channel,
            wrong_tries.c.account_id == account.id,
            wrong_tries.c.at >= since,
        )
        return (await self._connection.execute(statement)).scalar_one()
