"""Small facts that survive a restart."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import facts
from storage.upsert import upsert

_GET = select(facts.c.value).where(facts.c.name == bindparam("name"))


class Facts:
    """`handlers.ports.Facts` over the table `facts`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, name: str) -> str | None:
        """What is known, or None."""
        return (await self._connection.execute(_GET, {"name": name})).scalar_one_or_none()

    async def put(self, name: str, value: str) -> None:
        """Know it from now on."""
        await self._connection.execute(
            upsert(self._connection, facts, keys={"name": name}, values={"value": value}),
        )
