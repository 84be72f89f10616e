"""The book of incidents. A state is only changed from the one that the caller saw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import Row, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.incidents import (
    RUNNING,
    EntryKind,
    Incident,
    IncidentChanges,
    IncidentEntry,
    IncidentFile,
    IncidentKind,
    IncidentMoveError,
    IncidentState,
    Severity,
)
from storage.incident_alerts import IncidentAlerts
from storage.incident_holds import IncidentHolds
from storage.tables import incident_alerts, incident_entries, incident_files, incidents


def _incident(row: Row[tuple[int]]) -> Incident:
    return Incident(
        id=row.id,
        code=row.code,
        reporter_id=row.reporter_id,
        kind=IncidentKind(row.kind),
        severity=Severity(row.severity),
        state=IncidentState(row.state),
        camera_code=row.camera_code,
        place=row.place,
        text=row.text,
        happened_at=row.happened_at,
        created_at=row.created_at,
        reported_at=row.reported_at,
        unfinished=row.unfinished,
        alarmed_at=row.alarmed_at,
        step=row.step,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        assigned_to=row.assigned_to,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        result=row.result,
    )


def _entry(row: Row[tuple[int]]) -> IncidentEntry:
    return IncidentEntry(
        row.id, row.incident_id, row.at, row.person_id, EntryKind(row.kind), row.text, row.about
    )


def _file(row: Row[tuple[int]]) -> IncidentFile:
    return IncidentFile(
        id=row.id,
        incident_id=row.incident_id,
        at=row.at,
        person_id=row.person_id,
        camera_code=row.camera_code,
        kind=row.kind,
        key=row.key,
        name=row.name,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
    )


class Incidents:
    """`handlers.incident_ports.Incidents` over the tables `incidents` and `incident_*`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.alerts = IncidentAlerts(connection)
        self.holds = IncidentHolds(connection)

    async def add(
        self,
        *,
        code: str,
        reporter_id: int,
        kind: IncidentKind,
        severity: Severity,
        camera_code: str,
        place: str,
        text: str,
        happened_at: datetime,
        created_at: datetime,
    ) -> Incident:
        """A new draft."""
        statement = incidents.insert().values(
            code=code,
            reporter_id=reporter_id,
            kind=kind,
            severity=int(severity),
            state=IncidentState.DRAFT,
            camera_code=camera_code,
            place=place,
            text=text,
            happened_at=happened_at,
            created_at=created_at,
            unfinished=False,
            step=0,
            result="",
        )
        return _incident((await self._connection.execute(statement.returning(incidents))).one())

    async def get(self, incident_id: int) -> Incident | None:
        """An incident, or None."""
        return await self._one(incidents.c.id == incident_id)

    async def by_code(self, code: str) -> Incident | None:
        """The incident that people call so, or None."""
        return await self._one(incidents.c.code == code)

    async def _one(self, condition: Any) -> Incident | None:
        row = (await self._connection.execute(select(incidents).where(condition))).first()
        return None if row is None else _incident(row)

    async def move(
        self, incident: Incident, to: IncidentState, **changes: Unpack[IncidentChanges]
    ) -> Incident:
        """Change the state if it still is what `incident` says, else `IncidentMoveError`."""
        incident.require(to)
        moved = await self._connection.execute(
            update(incidents)
            .where(incidents.c.id == incident.id, incidents.c.state == incident.state)
            .values(state=to, **changes)
            .returning(incidents),
        )
        row = moved.first()
        if row is None:
            raise IncidentMoveError(f"{incident.code}: is not {incident.state} any more, cannot become {to}")
        return _incident(row)

    async def amend(self, incident_id: int, **changes: Unpack[IncidentChanges]) -> Incident:
        """Write fields anew. `LookupError` where there is no such incident."""
        changed = await self._connection.execute(
            update(incidents).where(incidents.c.id == incident_id).values(**changes).returning(incidents),
        )
        row = changed.first()
        if row is None:
            raise LookupError(f"no incident {incident_id}")
        return _incident(row)

    async def find(
        self,
        *,
        states: Sequence[IncidentState],
        limit: int,
        before_id: int | None = None,
        kind: IncidentKind | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        concerning: int | None = None,
        running_or_concerning: int | None = None,
    ) -> list[Incident]:
        """The newest first.

        Args:
            states: in one of these.
            limit: how many at most.
            before_id: only older ones: the next page.
            kind: only of this kind.
            since: happened then or later.
            until: happened before.
            concerning: only those that this person reported, was told of or is to see to.
            running_or_concerning: those, and everything that runs.
        """
        where: list[Any] = [incidents.c.state.in_(states)]
        if before_id is not None:
            where.append(incidents.c.id < before_id)
        if kind is not None:
            where.append(incidents.c.kind == kind)
        if since is not None:
            where.append(incidents.c.happened_at >= since)
        if until is not None:
            where.append(incidents.c.happened_at < until)
        if concerning is not None:
            where.append(_concerns(concerning))
        if running_or_concerning is not None:
            where.append(or_(incidents.c.state.in_(sorted(RUNNING)), _concerns(running_or_concerning)))
        statement = select(incidents).where(and_(*where)).order_by(incidents.c.id.desc()).limit(limit)
        return [_incident(row) for row in await self._connection.execute(statement)]

    async def note(
        self,
        incident_id: int,
        at: datetime,
        person_id: int | None,
        kind: EntryKind,
        text: str = "",
        about: str = "",
    ) -> None:
        """A line of the timeline."""
        await self._connection.execute(
            incident_entries.insert().values(
                incident_id=incident_id, at=at, person_id=person_id, kind=kind, text=text, about=about
            ),
        )

    async def entries(self, incident_id: int) -> list[IncidentEntry]:
        """The timeline, oldest first."""
        statement = (
            select(incident_entries)
            .where(incident_entries.c.incident_id == incident_id)
            .order_by(incident_entries.c.id)
        )
        return [_entry(row) for row in await self._connection.execute(statement)]

    async def add_file(
        self,
        incident_id: int,
        at: datetime,
        *,
        person_id: int | None,
        camera_code: str,
        kind: str,
        key: str,
        name: str,
        sha256: str,
        size_bytes: int,
    ) -> IncidentFile:
        """A file that lies in the vault already."""
        statement = incident_files.insert().values(
            incident_id=incident_id,
            at=at,
            person_id=person_id,
            camera_code=camera_code,
            kind=kind,
            key=key,
            name=name,
            sha256=sha256,
            size_bytes=size_bytes,
        )
        return _file((await self._connection.execute(statement.returning(incident_files))).one())

    async def remove_file(self, file_id: int) -> None:
        """Forget a file; it was deleted from the vault."""
        await self._connection.execute(delete(incident_files).where(incident_files.c.id == file_id))

    async def files(self, incident_id: int) -> list[IncidentFile]:
        """Its files, oldest first."""
        statement = (
            select(incident_files)
            .where(incident_files.c.incident_id == incident_id)
            .order_by(incident_files.c.id)
        )
        return [_file(row) for row in await self._connection.execute(statement)]


def _concerns(person_id: int) -> Any:
    told = select(incident_alerts.c.incident_id).where(incident_alerts.c.person_id == person_id)
    return or_(
        incidents.c.reporter_id == person_id,
        incidents.c.assigned_to == person_id,
        incidents.c.id.in_(told),
    )
