"""Numbers of the codes that people read out: one series a prefix and year, no gaps, no doubles."""

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import counters
from storage.upsert import insert_into


class Counters:
    """`handlers.ports.Counters` over the table `counters`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def next(self, prefix: str, year: int) -> int:
        """The next number, from 1 on. It is only used up by the commit; others wait for it until then."""
        statement = insert_into(self._connection, counters).values(prefix=prefix, year=year, number=1)
        counted = statement.on_conflict_do_update(
            index_elements=["prefix", "year"],
            set_={"number": counters.c.number + 1},
        )
        number: int = (await self._connection.execute(counted.returning(counters.c.number))).scalar_one()
        return number
