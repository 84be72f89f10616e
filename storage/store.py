"""The database as a whole: opening it, transactions, and the memory of what came in."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from domain.chat import Incoming
from storage.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Committed:
    """What a transaction added: messages to deliver, jobs to start."""

    outbox: bool
    jobs: bool


class UnitOfWork:
    """One transaction over every repository. Leaving it without `commit()` rolls everything back."""

    outbox: Outbox

    async def commit(self) -> None:
        """Make it so. Raises `AlreadySettledError` where the update it answers was answered before."""
        raise NotImplementedError


class Store:
    """The database: SQLite in one file, or PostgreSQL."""

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect. `sqlite:///var/x.db` or `postgresql://...`; tables are made by `migrate()`."""
        raise NotImplementedError

    async def migrate(self) -> None:
        """Bring the tables to this version's shape and seed the role table once."""
        raise NotImplementedError

    def on_commit(self, callback: Callable[[Committed], None]) -> None:
        """Call this after every commit that added messages or jobs, on the event loop. It must not block."""
        raise NotImplementedError

    def begin(self, settles: Incoming | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        """A writing transaction; with `settles`, its commit also marks that update as answered."""
        raise NotImplementedError

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A reading transaction that never waits for writers."""
        raise NotImplementedError

    async def store_updates(self, batch: Sequence[Incoming]) -> int:
        """Keep what came in, before it is answered. How many were new (known by channel and update number)."""
        raise NotImplementedError

    async def unanswered(self) -> list[Incoming]:
        """What came in and was never answered, in order: to be worked off after a restart."""
        raise NotImplementedError

    async def prune(self, before: datetime) -> int:
        """Forget answered updates and finished messages older than this (at least 7 days are kept)."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close every connection."""
        raise NotImplementedError
