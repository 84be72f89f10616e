"""SQLite, set up for a service that must not lose anything and is asked often.

aiosqlite runs each call in the connection's own thread, and SQLAlchemy makes four calls for one statement (make a
cursor, execute, fetch, close). The way to the thread and back costs more than the statement, so the cursor here does
all four in one call.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 30_000
READERS = 4


class _Cursor:
    """What SQLAlchemy's adapter asks of an aiosqlite cursor, with one call to the thread a statement."""

    def __init__(self, call: Callable[[Callable[[sqlite3.Connection], None]], Any]) -> None:
        self._call = call
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Self:
        def work(connection: sqlite3.Connection) -> None:
            self._keep(connection.execute(operation, parameters))

        await self._call(work)
        return self

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> Self:
        def work(connection: sqlite3.Connection) -> None:
            self._keep(connection.executemany(operation, parameters))

        await self._call(work)
        return self

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
        cursor.close()

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []


class _Connection(aiosqlite.Connection):
    """An aiosqlite connection with the cursor above. Its thread does not keep the process alive."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True

    def cursor(self) -> Any:
        return _Cursor(self._call)

    async def _call(self, work: Callable[[sqlite3.Connection], None]) -> None:
        await self._execute(work, self._conn)


def sqlite_engine(path: Path, *, begin: str) -> AsyncEngine:
    """An engine on one file.

    Args:
        path: the file; it is made (readable by its owner only) where it is missing, with its folder.
        begin: how a transaction begins: "BEGIN IMMEDIATE" for a writer (a plain one reads before it locks, and
            loses updates or fails at the first write), "BEGIN" for readers, which then may only read.
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
    )

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
