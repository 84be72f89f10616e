"""The append-only log, chained by hash.

Triggers in the database refuse to change or delete an entry and to insert one that does not follow the head,
and move the head: also a program that bypasses this module cannot break the chain by mistake.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple

from sqlalchemy import Row, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.audit import GENESIS, Chained, Entry, chain, hash_of
from storage.tables import audit, audit_head

_PAGE = 500
_HEAD = select(audit_head.c.number, audit_head.c.hash)
_HEAD_LOCKED = _HEAD.with_for_update()  # SQLite's writers are alone anyway; it is written without the words
_INSERT = audit.insert()
_NEXT_PAGE = select(audit).where(audit.c.number > bindparam("after")).order_by(audit.c.number).limit(_PAGE)


def _chained(row: Row[tuple[int]]) -> Chained:
    entry = Entry(
        at=row.at,
        actor=row.actor,
        role=row.role,
        what=row.what,
        about=row.about,
        article=row.article,
        channel=row.channel,
        details=row.details,
    )
    return Chained(row.number, entry, row.previous, row.hash)


class Head(NamedTuple):
    """The last entry of the chain: number and hash."""

    number: int
    hash: str


def _follow(entry: Entry, head: Head) -> Chained:
    return chain(head.number + 1, entry, head.hash)


class AuditLog:
    """`handlers.ports.AuditLog` over the tables `audit` and `audit_head`.

    Attributes:
        head: where the chain ends as far as this transaction knows. One that an earlier transaction of this
            process left may be given: the database refuses an entry that does not follow; then it is read.
    """

    def __init__(self, connection: AsyncConnection, head: Head | None = None) -> None:
        self._connection = connection
        self.head = head
        self._sure = False

    async def lock(self) -> None:
        """Be the only writer until this transaction's end."""
        await self._read_head()

    async def _read_head(self) -> Head:
        row = (await self._connection.execute(_HEAD_LOCKED)).one()
        self._sure = True
        self.head = Head(row.number, row.hash)
        return self.head

    async def write(self, entry: Entry) -> Chained:
        """Put an entry at the end of the chain."""
        linked = _follow(entry, self.head or await self._read_head())
        try:
            await self._insert(linked)
        except IntegrityError:
            if self._sure:
                raise
            linked = _follow(entry, await self._read_head())  # another process wrote meanwhile
            await self._insert(linked)
        self._sure = True
        self.head = Head(linked.number, linked.hash)
        return linked

    async def _insert(self, linked: Chained) -> None:
        entry = linked.entry
        await self._connection.execute(
            _INSERT,
            {
                "number": linked.number,
                "at": entry.at,
                "actor": entry.actor,
                "role": entry.role,
                "what": entry.what,
                "about": entry.about,
                "article": entry.article,
                "channel": entry.channel,
                "details": dict(entry.details or {}),
                "previous": linked.previous,
                "hash": linked.hash,
            },
        )

    async def read(self, after_number: int = 0) -> AsyncIterator[Chained]:
        """Every entry after a number, in order; read page by page."""
        last = after_number
        while rows := (await self._connection.execute(_NEXT_PAGE, {"after": last})).all():
            for row in rows:
                yield _chained(row)
            last = rows[-1].number

    async def end(self) -> Head:
        """The chain's last number and hash, to be compared with a printed one."""
        row = (await self._connection.execute(_HEAD)).one()
        return Head(row.number, row.hash)

    async def first_break(self) -> int | None:
        """Number of the first entry that was changed, put in or taken away (also at the end), or None."""
        number, previous = 0, GENESIS
        async for row in self.read():
            fits = row.number == number + 1 and row.previous == previous
            if not fits or row.hash != hash_of(row.number, row.entry, row.previous):
                return number + 1
            number, previous = row.number, row.hash
        head = (await self._connection.execute(_HEAD)).one()
        return None if (head.number, head.hash) == (number, previous) else number + 1
