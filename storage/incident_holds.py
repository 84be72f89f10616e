"""The footage that is kept around incidents, whether anybody has asked for it or not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.incidents import HoldState, IncidentHold
from storage.tables import incident_holds


def _hold(row: Row[tuple[int]]) -> IncidentHold:
    return IncidentHold(
        id=row.id,
        incident_id=row.incident_id,
        camera_code=row.camera_code,
        start=row.start_at,
        end=row.end_at,
        state=HoldState(row.state),
        key=row.key,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        container=row.container,
        first_at=row.first_at,
        last_at=row.last_at,
        gaps=tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in row.gaps),
        clock_offset_seconds=row.clock_offset_seconds,
        method=row.method,
    )


class IncidentHolds:
    """`handlers.incident_ports.IncidentHolds` over the table `incident_holds`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, incident_id: int, camera_code: str, start: datetime, end: datetime
    ) -> IncidentHold | None:
        """A span that is to be kept. None where this camera's is there already."""
        known = select(incident_holds.c.id).where(
            incident_holds.c.incident_id == incident_id, incident_holds.c.camera_code == camera_code
        )
        if (await self._connection.execute(known)).first() is not None:
            return None
        statement = incident_holds.insert().values(
            incident_id=incident_id,
            camera_code=camera_code,
            start_at=start,
            end_at=end,
            state=HoldState.QUEUED,
            key="",
            sha256="",
            size_bytes=0,
            container="",
            gaps=[],
            clock_offset_seconds=0.0,
            method="",
        )
        return _hold((await self._connection.execute(statement.returning(incident_holds))).one())

    async def get(self, hold_id: int) -> IncidentHold | None:
        """One, or None."""
        row = (
            await self._connection.execute(select(incident_holds).where(incident_holds.c.id == hold_id))
        ).first()
        return None if row is None else _hold(row)

    async def of(self, incident_id: int) -> list[IncidentHold]:
        """Every camera's of an incident."""
        statement = (
            select(incident_holds)
            .where(incident_holds.c.incident_id == incident_id)
            .order_by(incident_holds.c.id)
        )
        return [_hold(row) for row in await self._connection.execute(statement)]

    async def kept_within(self, camera_code: str, start: datetime, end: datetime) -> list[IncidentHold]:
        """What is in the vault of a camera and lies wholly inside a span, the longest first."""
        statement = select(incident_holds).where(
            incident_holds.c.camera_code == camera_code,
            incident_holds.c.state == HoldState.HELD,
            incident_holds.c.start_at >= start,
            incident_holds.c.end_at <= end,
        )
        found = [_hold(row) for row in await self._connection.execute(statement)]
        return sorted(found, key=lambda hold: hold.start - hold.end)

    async def set_state(self, hold_id: int, state: HoldState) -> None:
        """Nothing was there, it failed, or it was destroyed."""
        statement = update(incident_holds).where(incident_holds.c.id == hold_id)
        await self._connection.execute(statement.values(state=state))

    async def held(
        self,
        hold_id: int,
        *,
        key: str,
        sha256: str,
        size_bytes: int,
        container: str,
        first_at: datetime,
        last_at: datetime,
        gaps: Sequence[tuple[datetime, datetime]],
        clock_offset_seconds: float,
        method: str,
    ) -> None:
        """It is in the vault; its file must be kept there before."""
        statement = update(incident_holds).where(incident_holds.c.id == hold_id)
        await self._connection.execute(
            statement.values(
                state=HoldState.HELD,
                key=key,
                sha256=sha256,
                size_bytes=size_bytes,
                container=container,
                first_at=first_at,
                last_at=last_at,
                gaps=[(start.isoformat(), end.isoformat()) for start, end in gaps],
                clock_offset_seconds=clock_offset_seconds,
                method=method,
            ),
        )
