"""What the use cases need from outside, as Protocols. `bot/bootstrap.py` names the classes behind them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol

from domain.audit import Chained, Entry
from domain.cameras import Camera
from domain.chat import Account, Attachment, Dialogue, Incoming, Offered, Outgoing, Text
from domain.incidents import IncidentRules
from domain.measuring import Times
from domain.people import Invitation, Person, Role
from domain.regulation import Rights
from domain.requests import Evidence, FootageRequest, Hold, Purpose, RequestLimits, RequestState
from domain.vietnamese.camera_index import CameraIndex
from handlers.incident_ports import Incidents
from handlers.retention_ports import RetentionBook
from nvr_client.protocol import NvrClient


class People(Protocol):
    """The staff list and their accounts."""

    async def get(self, person_id: int) -> Person | None: ...
    async def by_account(self, account: Account) -> Person | None:
        """The person behind an account, removed ones too (look at `active`)."""
        ...

    async def add(
        self, name: str, role: Role, address: str, unit: str = "", language: str = "vi"
    ) -> Person: ...
    async def deactivate(self, person_id: int) -> None:
        """Take a person's access away at once; what waits to be sent to them is cancelled."""
        ...

    async def speak(self, person_id: int, language: str) -> None:
        """From now on this person is written to in that language, what waits already included."""
        ...

    async def everybody(self) -> list[Person]:
        """Every active person, by role and name."""
        ...

    async def with_roles(self, roles: Sequence[Role]) -> list[Person]:
        """Every active person of these roles."""
        ...

    async def accounts(self, person_id: int) -> list[Account]:
        """A person's accounts, the preferred one first."""
        ...

    async def link(self, account: Account, person_id: int, at: datetime) -> None:
        """Give an account to a person; it leaves whom it belonged to before."""
        ...


class Invitations(Protocol):
    """One-time enrolment codes, known only by their hash."""

    async def add(self, person_id: int, code_hash: str, expires_at: datetime) -> Invitation: ...
    async def by_hash(self, code_hash: str) -> Invitation | None: ...
    async def use(self, invitation_id: int, at: datetime) -> bool:
        """Use it up. False where somebody was quicker."""
        ...

    async def note_wrong_try(self, account: Account, at: datetime) -> None: ...
    async def wrong_tries(self, account: Account, since: datetime) -> int: ...


class RoleTable(Protocol):
    """Rights and delegations."""

    async def rights(self) -> Rights: ...
    async def delegated(self, person_id: int, at: datetime) -> bool:
        """Whether the person holds a delegation in force."""
        ...

    async def delegates(self, at: datetime) -> list[Person]:
        """Active people who hold a delegation in force."""
        ...

    async def delegate(
        self,
        from_person_id: int,
        to_person_id: int,
        start: datetime,
        end: datetime,
        at: datetime,
    ) -> int: ...


class Requests(Protocol):
    """Requests for recordings."""

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
        ...

    async def get(self, request_id: int) -> FootageRequest | None: ...
    async def by_code(self, code: str) -> FootageRequest | None: ...
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
        """Change the state if it still is what `request` says, else `ForbiddenMoveError`; None: unchanged."""
        ...

    async def set_hold(
        self, request_id: int, hold: Hold, evidence_id: int | None = None
    ) -> FootageRequest: ...
    async def add_note(self, request_id: int, text: str) -> FootageRequest:
        """Add a line to the reason (the answer to a question)."""
        ...

    async def in_state(self, *states: RequestState) -> list[FootageRequest]:
        """Oldest first."""
        ...

    async def of_person(self, person_id: int, limit: int) -> list[FootageRequest]:
        """A person's latest requests, newest first."""
        ...

    async def count_open(self, person_id: int) -> int:
        """How many undecided requests a person has."""
        ...

    async def expiring(self, now: datetime) -> list[FootageRequest]:
        """Undecided requests whose time is over."""
        ...


class EvidenceBook(Protocol):
    """Originals in the vault."""

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
    ) -> Evidence: ...
    async def get(self, evidence_id: int) -> Evidence | None: ...


class Dialogues(Protocol):
    """One conversation per account; survives a restart."""

    async def get(self, account: Account) -> Dialogue | None: ...
    async def put(self, account: Account, kind: str, data: Mapping[str, str | int], at: datetime) -> None: ...
    async def clear(self, account: Account) -> None: ...


class Outbox(Protocol):
    """What is to be said. A row is sent after the transaction that wrote it."""

    async def say(self, message: Outgoing, at: datetime) -> bool:
        """Queue a message. False where the person has no account (then nobody is told)."""
        ...

    async def offered(self, token: str) -> Offered | None:
        """What a button meant."""
        ...

    async def slot_open(self, slot: str) -> list[int]:
        """Ids of people who have a message in this slot, sent or waiting."""
        ...

    async def slot_of(self, account: Account, message_key: str) -> str | None:
        """The slot of a message that was sent to an account; None for one without, or that is forgotten."""
        ...


class WantedJobs(Protocol):
    """Jobs that start after the transaction that wanted them; the same key starts once."""

    async def want(self, name: str, key: str, data: Mapping[str, str | int], at: datetime) -> None: ...


class ChainEnd(Protocol):
    """The last entry of the audit log."""

    @property
    def number(self) -> int: ...
    @property
    def hash(self) -> str: ...


class AuditLog(Protocol):
    """The append-only log."""

    async def write(self, entry: Entry) -> Chained: ...
    async def end(self) -> ChainEnd:
        """The chain's last number and hash, to be compared with a printed one."""
        ...

    def read(self, after_number: int = 0) -> AsyncIterator[Chained]:
        """Every entry after a number, in order."""
        ...


class Counters(Protocol):
    """Numbers of the codes that people read out."""

    async def next(self, prefix: str, year: int) -> int: ...


class Facts(Protocol):
    """Small facts that survive a restart (the bot's own user name, a device's verdict)."""

    async def get(self, name: str) -> str | None: ...
    async def put(self, name: str, value: str) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. Leaving it without `commit()` rolls everything back."""

    @property
    def people(self) -> People: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def role_table(self) -> RoleTable: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def evidence(self) -> EvidenceBook: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def dialogues(self) -> Dialogues: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def jobs(self) -> WantedJobs: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def retention(self) -> RetentionBook: ...
    @property
    def committed(self) -> bool:
        """Whether `commit()` has succeeded."""
        ...

    async def commit(self) -> None:
        """Make it so. Raises `AlreadySettledError` where the update it answers was answered before."""
        ...


class Store(Protocol):
    """The database."""

    def begin(self, settles: Incoming | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        """A writing transaction; with `settles`, its commit also marks that update as answered."""
        ...

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A reading transaction that never waits for writers."""
        ...


class Vault(Protocol):
    """Files: originals that are kept, and a spool of what is about to be sent. Keys are relative paths."""

    def path(self, key: str) -> Path:
        """Where a key's file is or will be; its folder exists."""
        ...

    async def spool(self, data: bytes, suffix: str) -> str:
        """Put bytes into the spool; the key. The file goes when it has been sent."""
        ...

    def spool_path(self, suffix: str) -> tuple[str, Path]:
        """A fresh key and path in the spool, for a tool that writes the file itself."""
        ...

    def remove(self, key: str) -> None:
        """Delete a file; nothing happens where there is none."""
        ...

    def keep(self, key: str) -> None:
        """Make an original read-only and durable (fsync of file and folder)."""
        ...


class Attachments(Protocol):
    """Files that people sent into a chat."""

    async def fetch(self, account: Account, attachment: Attachment, target: Path) -> None:
        """Save the file to `target`. Raises `AttachmentError`."""
        ...


class AttachmentError(Exception):
    """A file in a chat could not be fetched: too large for the platform, or gone."""


@dataclass(frozen=True, slots=True)
class Cameras:
    """The registry of cameras and the recorders behind them."""

    all: tuple[Camera, ...]
    recorders: Mapping[str, NvrClient]
    index: CameraIndex

    def by_code(self, code: str) -> Camera:
        """The camera of a code; KeyError where there is none."""
        for camera in self.all:
            if camera.code == code:
                return camera
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Again:
    """A job is not done and wants to run once more after a while."""

    after: timedelta


@dataclass(frozen=True, slots=True)
class Tools:
    """What a handler or a job is given.

    `begin` and `reading` open transactions; inside a handler, `begin` is bound to the update it answers.
    `upload_limit_bytes` is the largest file that the channels take.
    """

    begin: Callable[[], AbstractAsyncContextManager[UnitOfWork]]
    reading: Callable[[], AbstractAsyncContextManager[UnitOfWork]]
    cameras: Cameras
    vault: Vault
    attachments: Attachments
    now: Callable[[], datetime]
    limits: RequestLimits
    zone: tzinfo
    school: str
    secret_code: Callable[[], str]
    upload_limit_bytes: int
    ffmpeg: str | None
    """The program to run; None: the one that comes with the package."""
    phrase: Callable[[Text, str], str]
    """A sentence in a language, for words that are drawn into a picture."""
    rules: IncidentRules
    """When an incident is told to whom, and what is kept of it."""
    number: Callable[[str], Awaitable[str]]
    """The next code of a kind ("AN" -> "AN-2026-3310"), in a small transaction of its own."""
    times: Times
    """When recorders are measured and the summary is sent."""
