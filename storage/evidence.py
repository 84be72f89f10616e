"""The register of originals in the vault."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.requests import Evidence
from storage.tables import evidence


def _evidence(row: Row[tuple[int]]) -> Evidence:
    return Evidence(
        id=row.id,
        request_id=row.request_id,
        key=row.key,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        container=row.container,
        first_at=row.first_at,
        last_at=row.last_at,
        gaps=tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in row.gaps),
        clock_offset_seconds=row.clock_offset_seconds,
        taken_at=row.taken_at,
        method=row.method,
    )


class EvidenceBook:
    """`handlers.ports.EvidenceBook` over the table `evidence`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        *,
        request_id: int,
        key: str,
        sha256: str,
        size_bytes: int,
        container: str,
        first_at: datetime,
        last_at: datetime,
        gaps: Sequence[tuple[datetime, datetime]],
        clock_offset_seconds: float,
        taken_at: datetime,
        method: str,
    ) -> Evidence:
        """Register an original. Its file must be kept in the vault before."""
        if any(start.tzinfo is None or end.tzinfo is None for start, end in gaps):
            raise ValueError("a gap needs aware times")
        statement = evidence.insert().values(
            request_id=request_id,
            key=key,
            sha256=sha256,
            size_bytes=size_bytes,
            container=container,
            first_at=first_at,
            last_at=last_at,
            gaps=[(start.isoformat(), end.isoformat()) for start, end in gaps],
            clock_offset_seconds=clock_offset_seconds,
            taken_at=taken_at,
            method=method,
        )
        return _evidence((await self._connection.execute(statement.returning(evidence))).one())

    async def get(self, evidence_id: int) -> Evidence | None:
        """An original, or None."""
        statement = select(evidence).where(evidence.c.id == evidence_id)
        row = (await self._connection.execute(statement)).first()
        return None if row is None else _evidence(row)
