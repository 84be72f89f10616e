"""Requests for recordings. A state is only changed from the one that the caller saw."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.requests import UNDECIDED, FootageRequest, ForbiddenMoveError, Hold, Purpose, RequestState
from storage.columns import Written
from storage.tables import requests

_UNDECIDED = sorted(UNDECIDED)


def _request(row: Row[tuple[int]]) -> FootageRequest:
    return FootageRequest(
        id=row.id,
        code=row.code,
        requester_id=row.requester_id,
        camera_code=row.camera_code,
        start=row.start_at,
        end=row.end_at,
        purpose=Purpose(row.purpose),
        reason=row.reason,
        state=RequestState(row.state),
        hold=Hold(row.hold),
        created_at=row.created_at,
        expires_at=row.expires_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        order_code=row.order_code,
        evidence_id=row.evidence_id,
    )


class Requests:
    """`handlers.ports.Requests` over the table `requests`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        *,
        code: str,
        requester_id: int,
        camera_code: str,
        start: datetime,
        end: datetime,
        purpose: Purpose,
        reason: str,
        created_at: datetime,
        expires_at: datetime,
    ) -> FootageRequest:
        """A new request: pending, hold queued."""
        statement = requests.insert().values(
            code=code,
            requester_id=requester_id,
            camera_code=camera_code,
            start_at=start,
            end_at=end,
            purpose=purpose,
            reason=reason,
            state=RequestState.PENDING,
            hold=Hold.QUEUED,
            created_at=created_at,
            expires_at=expires_at,
            decision_reason="",
            order_code="",
        )
        return _request((await self._connection.execute(statement.returning(requests))).one())

    async def get(self, request_id: int) -> FootageRequest | None:
        """A request, or None."""
        return await self._one(requests.c.id == request_id)

    async def by_code(self, code: str) -> FootageRequest | None:
        """The request that people call so, or None."""
        return await self._one(requests.c.code == code)

    async def _one(self, condition: Any) -> FootageRequest | None:
        row = (await self._connection.execute(select(requests).where(condition))).first()
        return None if row is None else _request(row)

    async def move(
        self,
        request: FootageRequest,
        to: RequestState,
        *,
        decided_by: int | None = None,
        decided_at: datetime | None = None,
        decision_reason: str | None = None,
        order_code: str | None = None,
    ) -> FootageRequest:
        """Change the state if it still is what `request` says, else `ForbiddenMoveError`.

        A field that is None stays as it is.
        """
        request.require(to)
        given = {
            "decided_by": decided_by,
            "decided_at": decided_at,
            "decision_reason": decision_reason,
            "order_code": order_code,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        moved = await self._connection.execute(
            update(requests)
            .where(requests.c.id == request.id, requests.c.state == request.state)
            .values(state=to, **changes)
            .returning(requests),
        )
        row = moved.first()
        if row is None:
            raise ForbiddenMoveError(f"{request.code}: is not {request.state} any more, cannot become {to}")
        return _request(row)

    async def set_hold(self, request_id: int, hold: Hold, evidence_id: int | None = None) -> FootageRequest:
        """Say how the hold stands. None leaves the evidence. `LookupError` where there is no such request."""
        changes: dict[str, Any] = {"hold": hold}
        if evidence_id is not None:
            changes["evidence_id"] = evidence_id
        return await self._change(request_id, changes)

    async def add_note(self, request_id: int, text: str) -> FootageRequest:
        """Add a line to the reason. `LookupError` where there is no such request."""
        note = literal(text, Written)
        reason = case((requests.c.reason == "", note), else_=requests.c.reason + "\n" + note)
        return await self._change(request_id, {"reason": reason})

    async def _change(self, request_id: int, changes: dict[str, Any]) -> FootageRequest:
        changed = await self._connection.execute(
            update(requests).where(requests.c.id == request_id).values(changes).returning(requests),
        )
        row = changed.first()
        if row is None:
            raise LookupError(f"no request {request_id}")
        return _request(row)

    async def in_state(self, *states: RequestState) -> list[FootageRequest]:
        """Oldest first."""
        return await self._many(select(requests).where(requests.c.state.in_(states)).order_by(requests.c.id))

    async def of_person(self, person_id: int, limit: int) -> list[FootageRequest]:
        """A person's latest requests, newest first."""
        return await self._many(
            select(requests)
            .where(requests.c.requester_id == person_id)
            .order_by(requests.c.id.desc())
            .limit(limit),
        )

    async def count_open(self, person_id: int) -> int:
        """How many undecided requests a person has."""
        statement = select(func.count()).where(
            requests.c.requester_id == person_id, requests.c.state.in_(_UNDECIDED)
        )
        return (await self._connection.execute(statement)).scalar_one()

    async def expiring(self, now: datetime) -> list[FootageRequest]:
        """Undecided requests whose time is over, oldest first."""
        return await self._many(
            select(requests)
            .where(requests.c.state.in_(_UNDECIDED), requests.c.expires_at <= now)
            .order_by(requests.c.id),
        )

    async def _many(self, statement: Any) -> list[FootageRequest]:
        return [_request(row) for row in await self._connection.execute(statement)]
