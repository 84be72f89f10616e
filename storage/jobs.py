"""Jobs that start after the transaction that wanted them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import wanted_jobs
from storage.upsert import insert_into

_UNSTARTED = select(wanted_jobs).where(~wanted_jobs.c.started).order_by(wanted_jobs.c.id)


@dataclass(frozen=True, slots=True)
class WantedJob:
    """A job to start. The engine uses `key` as its own id, so that starting twice is starting once."""

    name: str
    key: str
    data: Mapping[str, str | int]
    wanted_at: datetime


class WantedJobs:
    """`handlers.ports.WantedJobs` over the table `wanted_jobs`; the job engine uses the last two methods."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.added = False

    async def want(self, name: str, key: str, data: Mapping[str, str | int], at: datetime) -> None:
        """Have a job started after the commit. A key that was wanted before changes nothing."""
        statement = insert_into(self._connection, wanted_jobs).values(
            key=key, name=name, data=dict(data), wanted_at=at, started=False
        )
        await self._connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
        self.added = True

    async def unstarted(self) -> list[WantedJob]:
        """Jobs that the engine has not taken over yet, oldest first."""
        return [
            WantedJob(row.name, row.key, row.data, row.wanted_at)
            for row in await self._connection.execute(_UNSTARTED)
        ]

    async def started(self, key: str) -> None:
        """The engine has it."""
        await self._connection.execute(
            update(wanted_jobs).where(wanted_jobs.c.key == key).values(started=True)
        )
