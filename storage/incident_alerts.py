"""Who was told of an incident, and who has answered."""

from datetime import datetime

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.incidents import IncidentAlert
from storage.tables import incident_alerts


def _alert(row: Row[tuple[int]]) -> IncidentAlert:
    return IncidentAlert(
        incident_id=row.incident_id,
        person_id=row.person_id,
        wave=row.wave,
        told_at=row.told_at,
        accounts=row.accounts,
        failures=row.failures,
        reminded_at=row.reminded_at,
        seen_at=row.seen_at,
    )


class IncidentAlerts:
    """`handlers.incident_ports.IncidentAlerts` over the table `incident_alerts`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, incident_id: int, person_id: int, wave: int, accounts: int, at: datetime) -> None:
        """Somebody was told; each person stands here once an incident."""
        await self._connection.execute(
            incident_alerts.insert().values(
                incident_id=incident_id,
                person_id=person_id,
                wave=wave,
                told_at=at,
                accounts=accounts,
                failures=0,
            ),
        )

    async def of(self, incident_id: int) -> list[IncidentAlert]:
        """Everybody who was told, in the order of their waves."""
        statement = (
            select(incident_alerts)
            .where(incident_alerts.c.incident_id == incident_id)
            .order_by(incident_alerts.c.wave, incident_alerts.c.told_at, incident_alerts.c.person_id)
        )
        return [_alert(row) for row in await self._connection.execute(statement)]

    async def get(self, incident_id: int, person_id: int) -> IncidentAlert | None:
        """One person's, or None who was not told."""
        row = (
            await self._connection.execute(select(incident_alerts).where(*_one(incident_id, person_id)))
        ).first()
        return None if row is None else _alert(row)

    async def seen(self, incident_id: int, person_id: int, at: datetime) -> None:
        """Somebody has answered; the first time counts."""
        statement = update(incident_alerts).where(
            *_one(incident_id, person_id), incident_alerts.c.seen_at.is_(None)
        )
        await self._connection.execute(statement.values(seen_at=at))

    async def reminded(self, incident_id: int, person_id: int, at: datetime) -> None:
        """The second message went out."""
        statement = update(incident_alerts).where(*_one(incident_id, person_id))
        await self._connection.execute(statement.values(reminded_at=at))

    async def undelivered(self, incident_id: int, person_id: int) -> IncidentAlert | None:
        """One of the messages can never arrive. The alert as it stands then; None who was not told."""
        statement = (
            update(incident_alerts)
            .where(*_one(incident_id, person_id))
            .values(failures=incident_alerts.c.failures + 1)
            .returning(incident_alerts)
        )
        row = (await self._connection.execute(statement)).first()
        return None if row is None else _alert(row)


def _one(incident_id: int, person_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return incident_alerts.c.incident_id == incident_id, incident_alerts.c.person_id == person_id
