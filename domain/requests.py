"""A request for a recording: its states, its allowed moves, its limits (Điều 4, Điều 5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class RequestState(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    EXTRACTING = "extracting"
    READY = "ready"
    DELIVERED = "delivered"
    CLOSED = "closed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


class Hold(StrEnum):
    """Whether the asked span is already safe in the vault ("hold first")."""

    QUEUED = "queued"
    HELD = "held"
    NOTHING = "nothing"
    FAILED = "failed"
    RELEASED = "released"
    DESTROYED = "destroyed"


class Purpose(StrEnum):
    """Purpose codes: Điều 1 khoản 1-3, Điều 3, Điều 4 khoản 2."""

    ORDER = "MD1"
    TEACHING = "MD2"
    EQUIPMENT = "MD3"
    EVIDENCE = "MD4"
    PROFESSIONAL = "MD5"


_S = RequestState
MOVES: dict[RequestState, frozenset[RequestState]] = {
    _S.PENDING: frozenset(
        {_S.NEEDS_INFO, _S.APPROVED, _S.REJECTED, _S.EXPIRED, _S.WITHDRAWN, _S.UNAVAILABLE}
    ),
    _S.NEEDS_INFO: frozenset(
        {_S.PENDING, _S.APPROVED, _S.REJECTED, _S.EXPIRED, _S.WITHDRAWN, _S.UNAVAILABLE},
    ),
    _S.APPROVED: frozenset({_S.EXTRACTING, _S.WITHDRAWN, _S.UNAVAILABLE, _S.FAILED}),
    _S.EXTRACTING: frozenset({_S.READY, _S.UNAVAILABLE, _S.FAILED}),
    _S.FAILED: frozenset({_S.EXTRACTING, _S.READY, _S.WITHDRAWN, _S.UNAVAILABLE}),
    _S.READY: frozenset({_S.DELIVERED}),
    _S.DELIVERED: frozenset({_S.CLOSED}),
    _S.CLOSED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.UNAVAILABLE: frozenset(),
}
UNDECIDED = frozenset({_S.PENDING, _S.NEEDS_INFO})
DEAD = frozenset({_S.REJECTED, _S.EXPIRED, _S.WITHDRAWN, _S.UNAVAILABLE})


class ForbiddenMoveError(Exception):
    """A request cannot go from its state to the asked one: somebody was quicker, or it is over."""


@dataclass(frozen=True, slots=True)
class FootageRequest:
    """One request. Times are aware UTC; the span is half-open.

    `order_code` is the leadership's order to extract (Điều 5), given with the approval.
    """

    id: int
    code: str
    requester_id: int
    camera_code: str
    start: datetime
    end: datetime
    purpose: Purpose
    reason: str
    state: RequestState
    hold: Hold
    created_at: datetime
    expires_at: datetime
    decided_by: int | None = None
    decided_at: datetime | None = None
    decision_reason: str = ""
    order_code: str = ""
    evidence_id: int | None = None

    def require(self, state: RequestState) -> None:
        """Raise `ForbiddenMoveError` unless the request may go to `state`."""
        if state not in MOVES[self.state]:
            raise ForbiddenMoveError(f"{self.code}: {self.state} -> {state}")

    def may_go(self, state: RequestState) -> bool:
        """Whether `state` is an allowed next one."""
        return state in MOVES[self.state]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The original as the recorder gave it (Điều 4 khoản 3).

    `first_at`..`last_at` is what the file covers, from its first key frame; `gaps` are missing parts inside
    the asked span.
    """

    id: int
    request_id: int
    key: str
    sha256: str
    size_bytes: int
    container: str
    first_at: datetime
    last_at: datetime
    gaps: tuple[tuple[datetime, datetime], ...]
    clock_offset_seconds: float
    taken_at: datetime
    method: str


def code_of(prefix: str, year: int, number: int) -> str:
    """A code that people can read out: YC-2026-0147, LTX-2026-0052, AN-2026-3310."""
    return f"{prefix}-{year}-{number:04d}"


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Numbers that the regulation leaves open; each is a setting."""

    max_length: timedelta = timedelta(minutes=45)
    max_live_clip: timedelta = timedelta(seconds=30)
    guard_live_clip: timedelta = timedelta(seconds=15)
    default_live_clip: timedelta = timedelta(seconds=10)
    open_per_person: int = 10
    decide_within: timedelta = timedelta(days=7)
    retention_days: int = 20
    keep_copies: timedelta = timedelta(days=90)
