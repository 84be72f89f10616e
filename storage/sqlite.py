"""SQLite, set up for a service that must not lose anything and is asked often.

aiosqlite runs each call in the connection's own thread, and SQLAlchemy makes three or four calls for one
statement (make a cursor, execute, fetch, close). The way to the thread and back costs more than the
statement, so the cursor needs one call for all of them here, and BEGIN goes along with the first statement.
"""

import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 30_000
READERS = 4


class _Connection(aiosqlite.Connection):
    """An aiosqlite connection whose cursor makes one call a statement. Its thread keeps no process alive."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True
        self._begin: str | None = None

    def cursor(self) -> Any:
        """The cursor for SQLAlchemy's adapter."""
        return _Cursor(self)

    def begin_later(self, statement: str) -> None:
        """Begin a transaction together with its first statement, in the same call."""
        self._begin = statement

    async def rollback(self) -> None:
        """Roll back, where something has begun."""
        self._begin = None
        await super().rollback()

    async def commit(self) -> None:
        """Commit, where something has begun."""
        self._begin = None
        await super().commit()

    async def run(self, work: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> "_Fetched":
        """Run one statement in the connection's thread and fetch all it gives."""

        def call() -> _Fetched:
            connection = self._conn
            if self._begin is not None:
                connection.execute(self._begin).close()
                self._begin = None  # not before: where BEGIN fails, a later statement must not go without it
            cursor = work(connection)
            rows = cursor.fetchall() if cursor.description else []
            fetched = _Fetched(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
            cursor.close()
            return fetched

        run: Callable[[Callable[[], _Fetched]], Awaitable[_Fetched]] = self._execute
        return await run(call)


class _Fetched(NamedTuple):
    description: Any
    rows: list[Any]
    rowcount: int
    lastrowid: int | None


class _Cursor:
    """What SQLAlchemy's adapter asks of an aiosqlite cursor."""

    arraysize = 1

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._fetched = _Fetched(None, [], -1, None)

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Self:
        if operation.startswith("BEGIN"):
            self._connection.begin_later(operation)
        else:
            self._fetched = await self._connection.run(lambda real: real.execute(operation, parameters))
        return self

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> Self:
        self._fetched = await self._connection.run(lambda real: real.executemany(operation, parameters))
        return self

    @property
    def description(self) -> Any:
        return self._fetched.description

    @property
    def rowcount(self) -> int:
        return self._fetched.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._fetched.lastrowid

    async def fetchall(self) -> list[Any]:
        return self._fetched.rows

    async def close(self) -> None:
        """Nothing is open: the real cursor was closed in the call that used it."""


def sqlite_engine(path: Path, *, begin: str) -> AsyncEngine:
    """An engine on one file.

    Args:
        path: the file; it is made (readable by its owner only) where it is missing, with its folder.
        begin: how a transaction begins: "BEGIN IMMEDIATE" for a writer (a plain one reads before it locks,
            and loses updates or fails at the first write), "BEGIN" for readers, which then may only read.
    """
    writer = begin == "BEGIN IMMEDIATE"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"query_only={'OFF' if writer else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    async def make() -> aiosqlite.Connection:
        return await _Connection(connect)

    engine = create_async_engine(
        "sqlite+aiosqlite:///file",  # the name only tells SQLAlchemy that it is a file: `make` opens it
        async_creator=make,
        pool_size=1 if writer else READERS,
        max_overflow=0,
        hide_parameters=True,  # an error's text must not hold what people wrote
    )

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
