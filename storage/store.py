"""The database as a whole: opening it, transactions, and the memory of what came in."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import delete
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.chat import Incoming
from storage.audit import AuditLog, Head
from storage.counters import Counters
from storage.dialogues import Dialogues
from storage.errors import translated
from storage.evidence import EvidenceBook
from storage.facts import Facts
from storage.inbox import Inbox
from storage.incidents import Incidents
from storage.invitations import Invitations
from storage.jobs import WantedJobs
from storage.migrate import upgrade
from storage.outbox import CHOICE_LIFE, Outbox
from storage.people import People
from storage.requests import Requests
from storage.retention import RetentionBook
from storage.role_table import RoleTable
from storage.schema import Schema, schema_of
from storage.sqlite import sqlite_engine
from storage.tables import outbox, wanted_jobs, wrong_tries

_POSTGRES_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Committed:
    """What a transaction added: messages to deliver, jobs to start."""

    outbox: bool
    jobs: bool


class UnitOfWork:
    """One transaction over every repository (`handlers.ports.UnitOfWork`).

    Leaving it without `commit()` rolls everything back.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        settles: Incoming | None = None,
        committed: Callable[[Committed, Head | None], None] | None = None,
        head: Head | None = None,
    ) -> None:
        self.people = People(connection)
        self.invitations = Invitations(connection)
        self.role_table = RoleTable(connection)
        self.requests = Requests(connection)
        self.evidence = EvidenceBook(connection)
        self.incidents = Incidents(connection)
        self.dialogues = Dialogues(connection)
        self.outbox = Outbox(connection)
        self.jobs = WantedJobs(connection)
        self.audit = AuditLog(connection, head)
        self.counters = Counters(connection)
        self.facts = Facts(connection)
        self.retention = RetentionBook(connection)
        self._connection = connection
        self._settles = settles
        self._committed = committed
        self.committed = False

    async def commit(self) -> None:
        """Make it so. Raises `AlreadySettledError` where the update it answers was answered before."""
        if self._committed is None:
            raise RuntimeError("a reading transaction has nothing to commit")
        if self._settles is not None:
            await Inbox(self._connection).settle(self._settles)
        await self._connection.commit()
        self.committed = True
        added = Committed(outbox=self.outbox.added, jobs=self.jobs.added)
        self.outbox.added = self.jobs.added = False
        self._committed(added, self.audit.head)


class Store:
    """The database: SQLite in one file, or PostgreSQL.

    Every method and transaction raises `DatabaseUnavailable` where the database cannot do it now, and
    `DatabaseDamaged` where its file is none.
    """

    def __init__(self, writers: AsyncEngine, readers: AsyncEngine) -> None:
        self._writers = writers
        self._readers = readers
        self._alone = writers.dialect.name == "sqlite"
        self._turn = asyncio.Lock()
        self._writing_tasks: set[asyncio.Task[object] | None] = set()
        self._head: Head | None = None
        self._writer: AsyncConnection | None = None
        self._callbacks: list[Callable[[Committed], None]] = []

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect to `sqlite:///var/x.db` (the file and its folder are made) or `postgresql://...`.

        Tables are made by `migrate()`. Raises `ValueError` for another kind of URL; its text never shows the
        URL, because a password may be in it.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise ValueError("the database URL cannot be read") from error
        kind = parsed.get_backend_name() if parsed.drivername != "postgres" else "postgresql"
        if kind == "sqlite":
            if parsed.database in (None, "", ":memory:"):
                raise ValueError("a SQLite database needs a file: sqlite:///var/truccam.db")
            path = Path(str(parsed.database))
            return cls(sqlite_engine(path, begin="BEGIN IMMEDIATE"), sqlite_engine(path, begin="BEGIN"))
        if kind == "postgresql":
            engine = create_async_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_size=_POSTGRES_CONNECTIONS,
                max_overflow=0,
                pool_pre_ping=True,
                hide_parameters=True,  # an error's text must not hold what people wrote
            )
            return cls(
                engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            )
        raise ValueError(f"a database is sqlite:///... or postgresql://..., not {kind}")

    async def migrate(self) -> None:
        """Bring the tables to this version's shape and fill the role table once, in one transaction."""
        async with self._writing() as connection:
            await upgrade(connection)
            await RoleTable(connection).seed()
            await connection.commit()

    async def schema(self) -> Schema:
        """Whether the tables are those of this version; nothing is changed."""
        with translated():
            async with self._readers.connect() as connection:
                return await schema_of(connection)

    def on_commit(self, callback: Callable[[Committed], None]) -> None:
        """Call this after every commit that added messages or jobs, on the event loop. It must not block."""
        self._callbacks.append(callback)

    def _tell(self, committed: Committed, head: Head | None) -> None:
        self._head = head
        if committed.outbox or committed.jobs:
            for callback in self._callbacks:
                callback(committed)

    def begin(self, settles: Incoming | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        """A writing transaction; with `settles`, its commit also marks that update as answered.

        Writers follow one another (on SQLite those of a process in the order in which they came), so they
        neither overwrite each other's work nor wait for each other in a circle. Keep it short: what is slow
        is done before or after. `RuntimeError` for a transaction inside another one of the same task.
        """
        return self._begin(settles)

    @asynccontextmanager
    async def _begin(self, settles: Incoming | None) -> AsyncIterator[UnitOfWork]:
        async with self._writing() as connection:
            unit = UnitOfWork(connection, settles, self._tell, self._head if self._alone else None)
            if not self._alone:
                await unit.audit.lock()
            yield unit

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A reading transaction: one moment's view, never waiting for writers. A write in it is refused."""
        return self._reading()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[UnitOfWork]:
        with translated():
            async with self._readers.connect() as connection:
                yield UnitOfWork(connection)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        task = asyncio.current_task()
        if task in self._writing_tasks:
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        self._writing_tasks.add(task)
        try:
            with translated():
                async with self._lone_writer() if self._alone else self._writers.connect() as connection:
                    yield connection
        finally:
            self._writing_tasks.discard(task)

    @asynccontextmanager
    async def _lone_writer(self) -> AsyncIterator[AsyncConnection]:
        async with self._turn:
            if self._writer is not None and self._writer.invalidated:
                # The one before was cancelled in the middle of a statement.
                await self._writer.close()
                self._writer = None
            if self._writer is None:
                self._writer = await self._writers.connect()
            connection = self._writer
            try:
                yield connection
            finally:
                await connection.rollback()

    async def store_updates(self, batch: Sequence[Incoming]) -> int:
        """Keep what came in before it is answered. How many were new, by channel and update number."""
        async with self._writing() as connection:
            new = await Inbox(connection).add(batch)
            await connection.commit()
            return new

    async def unanswered(self) -> list[Incoming]:
        """What came in and was never answered, in order: to be worked off after a restart."""
        with translated():
            async with self._readers.connect() as connection:
                return await Inbox(connection).unanswered()

    async def prune(self, before: datetime) -> int:
        """Forget what nobody needs any more. How many rows went.

        Answered updates and wrong tries from before that moment go at once (give it 7 days: platforms repeat
        updates for a day or more), finished messages and their buttons 8 days later, when these expired.
        """
        async with self._writing() as connection:
            forgotten = await Inbox(connection).prune(before)
            for statement in (
                delete(wrong_tries).where(wrong_tries.c.at < before),
                delete(outbox).where(
                    outbox.c.created_at < before - CHOICE_LIFE,
                    outbox.c.state.not_in(["queued", "sending"]),
                ),
                delete(wanted_jobs).where(
                    wanted_jobs.c.wanted_at < before - CHOICE_LIFE, wanted_jobs.c.started
                ),
            ):
                forgotten += (await connection.execute(statement)).rowcount
            await connection.commit()
            return forgotten

    async def aclose(self) -> None:
        """Close every connection, after the transaction that is under way."""
        async with self._turn:
            if self._writer is not None:
                await self._writer.close()
                self._writer = None
            await self._writers.dispose()
            await self._readers.dispose()
