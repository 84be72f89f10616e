"""Rights (role x act) and delegations."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.people import Person, Role
from domain.regulation import SEED, Act, Grant, Right, Rights, Scope
from storage.facts import Facts
from storage.people import person_of
from storage.tables import delegations, people, rights

SEEDED = "rights_seeded"
_ALL = select(rights.c.role, rights.c.act, rights.c.how_far, rights.c.scope, rights.c.article)
_ROLES, _ACTS = frozenset(Role), frozenset(Act)
_GRANTS, _SCOPES = frozenset(Grant), frozenset(Scope)


@lru_cache(maxsize=4)
def _rights(rows: tuple[tuple[str, str, str, str, str], ...]) -> Rights:
    """The rows as `Rights`, made once for the same rows: every act asks for them, and they rarely change.

    A word that this version does not know gives no right: the default is no.
    """
    return Rights(
        Right(Role(role), Act(act), Grant(how_far), Scope(scope), article)
        for role, act, how_far, scope, article in rows
        if role in _ROLES and act in _ACTS and how_far in _GRANTS and scope in _SCOPES
    )


class RoleTable:
    """`handlers.ports.RoleTable` over the tables `rights` and `delegations`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def seed(self) -> None:
        """Fill the table from the regulation, once in a database's life: an emptied table stays empty."""
        facts = Facts(self._connection)
        if await facts.get(SEEDED) is not None:
            return
        await self._connection.execute(
            rights.insert(),
            [
                {
                    "role": right.role,
                    "act": right.act,
                    "how_far": right.grant,
                    "scope": right.scope,
                    "article": right.article,
                }
                for right in SEED
            ],
        )
        await facts.put(SEEDED, "yes")

    async def rights(self) -> Rights:
        """The role table as it stands in this transaction."""
        return _rights(tuple(tuple(row) for row in await self._connection.execute(_ALL)))

    async def delegated(self, person_id: int, at: datetime) -> bool:
        """Whether the person holds a delegation in force (from its start on, until before its end)."""
        statement = select(delegations.c.id).where(
            delegations.c.to_person_id == person_id,
            delegations.c.start_at <= at,
            delegations.c.end_at > at,
        )
        return (await self._connection.execute(statement.limit(1))).first() is not None

    async def delegates(self, at: datetime) -> list[Person]:
        """Active people who hold a delegation in force."""
        in_force = select(delegations.c.to_person_id).where(
            delegations.c.start_at <= at, delegations.c.end_at > at
        )
        found = await self._connection.execute(
            select(people).where(people.c.id.in_(in_force), people.c.active).order_by(people.c.id),
        )
        return [person_of(row) for row in found]

    async def delegate(
        self,
        from_person_id: int,
        to_person_id: int,
        start: datetime,
        end: datetime,
        at: datetime,
    ) -> int:
        """A new delegation; its number."""
        statement = delegations.insert().values(
            from_person_id=from_person_id,
            to_person_id=to_person_id,
            start_at=start,
            end_at=end,
            created_at=at,
        )
        new: int = (await self._connection.execute(statement.returning(delegations.c.id))).scalar_one()
        return new
