import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.requests import FootageRequest, ForbiddenMoveError, Hold, Purpose, RequestState
from storage.store import Store, UnitOfWork
from tests.storage.conftest import School


async def _ask(unit: UnitOfWork, school: School, now: datetime, code: str = "YC-2026-0001") -> FootageRequest:
    return await unit.requests.add(
        code=code,
        requester_id=school.teacher.id,
        camera_code="C01",
        start=now - timedelta(days=3, minutes=15),
        end=now - timedelta(days=3),
        purpose=Purpose.EVIDENCE,
        reason="học sinh bị xô ngã",
        created_at=now,
        expires_at=now + timedelta(days=7),
    )


async def test_a_new_request_is_pending_and_its_hold_queued(
    store: Store, school: School, now: datetime
) -> None:
    async with store.begin() as unit:
        request = await _ask(unit, school, now)
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.requests.get(request.id) == request
        assert await unit.requests.by_code("YC-2026-0001") == request
        assert await unit.requests.by_code("YC-2026-0002") is None
    assert (request.state, request.hold) == (RequestState.PENDING, Hold.QUEUED)
    assert (request.start, request.reason) == (now - timedelta(days=3, minutes=15), "học sinh bị xô ngã")


async def test_a_code_is_given_once(store: Store, school: School, now: datetime) -> None:
    async with store.begin() as unit:
        await _ask(unit, school, now)
        with pytest.raises(IntegrityError):
            await _ask(unit, school, now)


async def test_of_two_hundred_decisions_at_once_exactly_one_counts(
    store: Store, school: School, now: datetime
) -> None:
    async with store.begin() as unit:
        request = await _ask(unit, school, now)
        await unit.commit()

    async def decide(turn: int) -> RequestState | None:
        to = RequestState.APPROVED if turn % 2 else RequestState.REJECTED
        try:
            async with store.begin() as unit:
                moved = await unit.requests.move(
                    request, to, decided_by=school.guard.id, decided_at=now, decision_reason=str(turn)
                )
                await unit.commit()
        except ForbiddenMoveError:
            return None
        return moved.state

    decisions = [state for state in await asyncio.gather(*map(decide, range(200))) if state is not None]
    async with store.reading() as unit:
        after = await unit.requests.get(request.id)
    assert after is not None
    assert decisions == [after.state]
    assert (after.decided_by, after.decided_at) == (school.guard.id, now)


async def test_a_move_changes_only_what_is_given(store: Store, school: School, now: datetime) -> None:
    async with store.begin() as unit:
        request = await _ask(unit, school, now)
        approved = await unit.requests.move(
            request,
            RequestState.APPROVED,
            decided_by=school.guard.id,
            decided_at=now,
            order_code="LTX-2026-0001",
        )
        extracting = await unit.requests.move(approved, RequestState.EXTRACTING)
    assert extracting == replace(
        request,
        state=RequestState.EXTRACTING,
        decided_by=school.guard.id,
        decided_at=now,
        order_code="LTX-2026-0001",
    )


async def test_a_move_that_the_table_of_moves_forbids_is_refused(
    store: Store, school: School, now: datetime
) -> None:
    async with store.begin() as unit:
        request = await _ask(unit, school, now)
        with pytest.raises(ForbiddenMoveError):
            await unit.requests.move(request, RequestState.DELIVERED)
        assert await unit.requests.get(request.id) == request


async def test_an_answer_is_added_to_the_reason(store: Store, school: School, now: datetime) -> None:
    async with store.begin() as unit:
        request = await _ask(unit, school, now)
        noted = await unit.requests.add_note(request.id, "vào lúc ra chơi")
        assert noted.reason == "học sinh bị xô ngã\nvào lúc ra chơi"
        with pytest.raises(LookupError):
            await unit.requests.add_note(999, "x")


async def test_the_original_is_registered_with_its_request(
    store: Store, school: School, now: datetime
) -> None:
    async with store.begin() as unit:
        request = await _ask(unit, school, now)
        kept = await unit.evidence.add(
            request_id=request.id,
            key="originals/2026/YC-2026-0001.ps",
            sha256="a" * 64,
            size_bytes=5_000_000_000,
            container="mpeg-ps",
            first_at=request.start,
            last_at=request.end,
            gaps=[(request.start, request.start + timedelta(microseconds=1))],
            clock_offset_seconds=-12.25,
            taken_at=now,
            method="download",
        )
        held = await unit.requests.set_hold(request.id, Hold.HELD, kept.id)
        released = await unit.requests.set_hold(request.id, Hold.RELEASED)
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.evidence.get(kept.id) == kept
        assert await unit.evidence.get(999) is None
    assert (held.hold, released.hold, released.evidence_id) == (Hold.HELD, Hold.RELEASED, kept.id)
    assert (kept.size_bytes, kept.clock_offset_seconds) == (5_000_000_000, -12.25)
    assert kept.gaps == ((request.start, request.start + timedelta(microseconds=1)),)


async def test_requests_are_found_by_state_person_and_time(
    store: Store, school: School, now: datetime
) -> None:
    async with store.begin() as unit:
        first, second, third = [await _ask(unit, school, now, f"YC-2026-000{number}") for number in (1, 2, 3)]
        info = await unit.requests.move(second, RequestState.NEEDS_INFO)
        gone = await unit.requests.move(third, RequestState.WITHDRAWN)
        requests = unit.requests
        assert await requests.in_state(RequestState.PENDING, RequestState.NEEDS_INFO) == [first, info]
        assert await requests.in_state() == []
        assert await requests.of_person(school.teacher.id, 2) == [gone, info]
        assert await requests.of_person(school.guard.id, 2) == []
        assert await requests.count_open(school.teacher.id) == 2
        assert await requests.expiring(now + timedelta(days=7, seconds=-1)) == []
        assert await requests.expiring(now + timedelta(days=7)) == [first, info]
