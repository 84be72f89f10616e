"""What was measured of each camera and recorder, one row a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.retention import CameraDay, DiskState, KnownCamera, Measured, RecorderState, Stretch
from storage.retention_tables import (
    retention_cameras,
    retention_days,
    retention_kept,
    retention_recorders,
)
from storage.upsert import upsert

_SECOND = timedelta(seconds=1)


class RetentionBook:
    """`handlers.ports.RetentionBook` over the tables `retention_…`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def known(self) -> dict[str, KnownCamera]:
        """Every camera that was ever measured, by code."""
        return {row.code: _known(row) for row in await self._connection.execute(select(retention_cameras))}

    async def remember(self, camera: KnownCamera) -> None:
        """Write down what is known of a camera; it replaces what was known before."""
        await self._connection.execute(
            upsert(
                self._connection,
                retention_cameras,
                keys={"code": camera.code},
                values={
                    "source": camera.source,
                    "first_seen_at": camera.first_seen_at,
                    "joined": camera.joined,
                    "first_measured_at": camera.first_measured_at,
                    "first_oldest_at": camera.first_oldest_at,
                },
            )
        )

    async def days(self, since: date, camera_code: str | None = None) -> dict[str, list[CameraDay]]:
        """The days of every camera, or of one, from a day on; oldest first."""
        wanted = select(retention_days).where(retention_days.c.day >= since).order_by(retention_days.c.day)
        if camera_code is not None:
            wanted = wanted.where(retention_days.c.camera_code == camera_code)
        found: dict[str, list[CameraDay]] = {}
        for row in await self._connection.execute(wanted):
            found.setdefault(row.camera_code, []).append(_day(row))
        return found

    async def put_day(self, day: CameraDay) -> None:
        """Keep what was found of one camera's day."""
        await self._connection.execute(
            upsert(
                self._connection,
                retention_days,
                keys={"camera_code": day.camera_code, "day": day.day},
                values={
                    "start_at": day.start,
                    "end_at": day.end,
                    "searched_at": day.searched_at,
                    "covered_seconds": round(day.covered.total_seconds()),
                    "parts": [
                        (_seconds(part.start - day.start), _seconds(part.end - day.start))
                        for part in day.parts
                    ],
                },
            )
        )

    async def forget_days(self, camera_codes: Sequence[str]) -> None:
        """All days of these cameras: they have to be searched again."""
        await self._connection.execute(
            delete(retention_days).where(retention_days.c.camera_code.in_(camera_codes))
        )

    async def forget_before(self, day: date) -> None:
        """Every row of an earlier day."""
        for table in (retention_days, retention_kept, retention_recorders):
            await self._connection.execute(delete(table).where(table.c.day < day))

    async def measured(self) -> dict[str, Measured]:
        """The latest measurement of each camera, by code."""
        return {row.camera_code: _measured(row) for row in await self._latest(retention_kept, "camera_code")}

    async def put_measured(self, measured: Measured) -> None:
        """Keep a measurement; one a camera and day, the latest."""
        await self._connection.execute(
            upsert(
                self._connection,
                retention_kept,
                keys={"camera_code": measured.camera_code, "day": measured.day},
                values={
                    "round": measured.round,
                    "measured_at": measured.measured_at,
                    "oldest_at": measured.oldest_at,
                    "kept_since": measured.kept_since,
                    "problem": measured.problem,
                },
            )
        )

    async def recorders(self) -> dict[str, RecorderState]:
        """The latest state of each recorder, by name."""
        return {row.name: _recorder(row) for row in await self._latest(retention_recorders, "name")}

    async def put_recorder(self, state: RecorderState) -> None:
        """Keep a recorder's state; one a recorder and day, the latest."""
        await self._connection.execute(
            upsert(
                self._connection,
                retention_recorders,
                keys={"name": state.name, "day": state.day},
                values={
                    "round": state.round,
                    "measured_at": state.measured_at,
                    "disks": [
                        (disk.name, disk.status, disk.healthy, disk.capacity_bytes) for disk in state.disks
                    ],
                    "clock_offset_seconds": state.clock_offset_seconds,
                    "finished_at": state.finished_at,
                    "problem": state.problem,
                },
            )
        )

    async def _latest(self, table: Any, key: str) -> Sequence[Row[Any]]:
        column = table.c[key]
        newest = select(column.label("key"), func.max(table.c.day).label("day")).group_by(column).subquery()
        joined = table.join(newest, and_(column == newest.c.key, table.c.day == newest.c.day))
        return (await self._connection.execute(select(table).select_from(joined))).all()


def _seconds(of: timedelta) -> int:
    return round(of / _SECOND)


def _known(row: Row[Any]) -> KnownCamera:
    return KnownCamera(
        code=row.code,
        source=row.source,
        first_seen_at=row.first_seen_at,
        joined=row.joined,
        first_measured_at=row.first_measured_at,
        first_oldest_at=row.first_oldest_at,
    )


def _day(row: Row[Any]) -> CameraDay:
    start: datetime = row.start_at
    return CameraDay(
        camera_code=row.camera_code,
        day=row.day,
        start=start,
        end=row.end_at,
        searched_at=row.searched_at,
        parts=tuple(Stretch(start + first * _SECOND, start + last * _SECOND) for first, last in row.parts),
    )


def _measured(row: Row[Any]) -> Measured:
    return Measured(
        camera_code=row.camera_code,
        day=row.day,
        round=row.round,
        measured_at=row.measured_at,
        oldest_at=row.oldest_at,
        kept_since=row.kept_since,
        problem=row.problem,
    )


def _recorder(row: Row[Any]) -> RecorderState:
    return RecorderState(
        name=row.name,
        day=row.day,
        round=row.round,
        measured_at=row.measured_at,
        disks=tuple(DiskState(*disk) for disk in row.disks),
        clock_offset_seconds=row.clock_offset_seconds,
        finished_at=row.finished_at,
        problem=row.problem,
    )
