"""The staff list and the chat accounts of each person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.chat import Account
from domain.people import Person, Role
from storage.tables import accounts, outbox, people
from storage.upsert import upsert

_GET = select(people).where(people.c.id == bindparam("id"))
_BY_ACCOUNT = (
    select(people)
    .join(accounts, accounts.c.person_id == people.c.id)
    .where(accounts.c.channel == bindparam("channel"), accounts.c.account_id == bindparam("account_id"))
)
_ADD = people.insert().returning(people)
_ACTIVE = select(people).where(people.c.active)
_ACCOUNTS = (
    select(accounts.c.channel, accounts.c.account_id)
    .where(accounts.c.person_id == bindparam("person_id"))
    .order_by(accounts.c.linked_at.desc(), accounts.c.channel)
)
_ROLE_ORDER = {role: place for place, role in enumerate(Role)}


def person_of(row: Row[tuple[int, str, str, str, str, str, bool]]) -> Person:
    """A row of `people` as a person."""
    return Person(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        address=row.address,
        unit=row.unit,
        language=row.language,
        active=row.active,
    )


class People:
    """`handlers.ports.People` over the tables `people` and `accounts`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, person_id: int) -> Person | None:
        """A person, removed ones too."""
        row = (await self._connection.execute(_GET, {"id": person_id})).first()
        return None if row is None else person_of(row)

    async def by_account(self, account: Account) -> Person | None:
        """The person behind an account, removed ones too (look at `active`)."""
        found = await self._connection.execute(
            _BY_ACCOUNT, {"channel": account.channel, "account_id": account.id}
        )
        row = found.first()
        return None if row is None else person_of(row)

    async def add(self, name: str, role: Role, address: str, unit: str = "", language: str = "vi") -> Person:
        """A new active person."""
        values = {
            "name": name,
            "role": role,
            "address": address,
            "unit": unit,
            "language": language,
            "active": True,
        }
        return person_of((await self._connection.execute(_ADD, values)).one())

    async def deactivate(self, person_id: int) -> None:
        """Take a person's access away at once; what waits to be sent to them is cancelled."""
        await self._connection.execute(update(people).where(people.c.id == person_id).values(active=False))
        await self._connection.execute(
            update(outbox)
            .where(outbox.c.person_id == person_id, outbox.c.state == "queued")
            .values(state="cancelled", why="person_removed"),
        )

    async def speak(self, person_id: int, language: str) -> None:
        """From now on this person is written to in that language, what waits already included."""
        await self._connection.execute(
            update(people).where(people.c.id == person_id).values(language=language)
        )

    async def everybody(self) -> list[Person]:
        """Every active person, by role and name."""
        return _sorted([person_of(row) for row in await self._connection.execute(_ACTIVE)])

    async def with_roles(self, roles: Sequence[Role]) -> list[Person]:
        """Every active person of these roles, by role and name."""
        found = await self._connection.execute(_ACTIVE.where(people.c.role.in_(list(roles))))
        return _sorted([person_of(row) for row in found])

    async def accounts(self, person_id: int) -> list[Account]:
        """A person's accounts, the preferred one first: the one that was linked last."""
        found = await self._connection.execute(_ACCOUNTS, {"person_id": person_id})
        return [Account(row.channel, row.account_id) for row in found]

    async def link(self, account: Account, person_id: int, at: datetime) -> None:
        """Give an account to a person; it leaves whom it belonged to before.

        What still waits there for the one before is cancelled: it would be read by somebody else.
        """
        await self._connection.execute(
            upsert(
                self._connection,
                accounts,
                keys={"channel": account.channel, "account_id": account.id},
                values={"person_id": person_id, "linked_at": at},
            ),
        )
        await self._connection.execute(
            update(outbox)
            .where(
                outbox.c.channel == account.channel,
                outbox.c.account_id == account.id,
                outbox.c.person_id != person_id,
                outbox.c.state == "queued",
            )
            .values(state="cancelled", why="account_moved"),
        )


def _sorted(found: list[Person]) -> list[Person]:
    return sorted(found, key=lambda person: (_ROLE_ORDER[person.role], person.name, person.id))
