"""The life of a request: which moves there are, and that there are no others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.requests import (
    DEAD,
    MOVES,
    UNDECIDED,
    FootageRequest,
    ForbiddenMoveError,
    Hold,
    Purpose,
    RequestState,
    code_of,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
REQUEST = FootageRequest(
    id=1,
    code="YC-2026-0001",
    requester_id=8,
    camera_code="C01",
    start=NOW - timedelta(days=3),
    end=NOW - timedelta(days=3) + timedelta(minutes=15),
    purpose=Purpose.ORDER,
    reason="học sinh bị xô ngã",
    state=RequestState.PENDING,
    hold=Hold.QUEUED,
    created_at=NOW,
    expires_at=NOW + timedelta(days=7),
)

# From each state to the states it may go to; what is not here is not allowed.
LIFE = """
pending     needs_info approved rejected expired withdrawn unavailable
needs_info  pending approved rejected expired withdrawn unavailable
approved    extracting withdrawn unavailable failed
extracting  ready unavailable failed
failed      extracting ready withdrawn unavailable
ready       delivered
delivered   closed
closed
rejected
expired
withdrawn
unavailable
"""


def life() -> dict[RequestState, set[RequestState]]:
    lines = [line.split() for line in LIFE.strip().splitlines()]
    return {RequestState(first): {RequestState(word) for word in others} for first, *others in lines}


def test_the_moves_are_the_written_ones() -> None:
    assert {state: set(following) for state, following in MOVES.items()} == life()
    assert set(MOVES) == set(RequestState)


@pytest.mark.parametrize("start", RequestState)
@pytest.mark.parametrize("end", RequestState)
def test_every_other_move_is_refused(start: RequestState, end: RequestState) -> None:
    request = replace(REQUEST, state=start)
    if end in life()[start]:
        request.require(end)
        assert request.may_go(end)
        return
    assert not request.may_go(end)
    with pytest.raises(ForbiddenMoveError, match="YC-2026-0001"):
        request.require(end)


@pytest.mark.parametrize("state", sorted(DEAD))
def test_the_dead_do_not_come_back(state: RequestState) -> None:
    assert MOVES[state] == frozenset()


def test_nothing_is_delivered_without_a_decision() -> None:
    reached = {RequestState.PENDING}
    while True:
        following = {
            state for start in reached if start in UNDECIDED for state in MOVES[start] if state in UNDECIDED
        }
        if following <= reached:
            break
        reached |= following
    after = {state for start in reached for state in MOVES[start]} - UNDECIDED
    assert after == {RequestState.APPROVED} | DEAD


def test_no_way_leads_around_the_approval() -> None:
    to_delivery = {start for start, following in MOVES.items() if RequestState.READY in following}
    assert to_delivery == {RequestState.EXTRACTING, RequestState.FAILED}
    to_extraction = {
        start
        for start, following in MOVES.items()
        if following & {RequestState.EXTRACTING, RequestState.FAILED}
    }
    assert not to_extraction & UNDECIDED


@pytest.mark.parametrize(
    ("prefix", "number", "code"),
    [("YC", 147, "YC-2026-0147"), ("LTX", 1, "LTX-2026-0001"), ("AN", 12345, "AN-2026-12345")],
)
def test_codes_can_be_read_out(prefix: str, number: int, code: str) -> None:
    assert code_of(prefix, 2026, number) == code
