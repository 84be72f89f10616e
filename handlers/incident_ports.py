"""What the incidents' use cases need of the database, as Protocols."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, Unpack

from domain.incidents import (
    EntryKind,
    HoldState,
    Incident,
    IncidentAlert,
    IncidentChanges,
    IncidentEntry,
    IncidentFile,
    IncidentHold,
    IncidentKind,
    IncidentState,
    Severity,
)


class IncidentAlerts(Protocol):
    """Who was told of an incident, and who has answered."""

    async def add(self, incident_id: int, person_id: int, wave: int, accounts: int, at: datetime) -> None: ...
    async def of(self, incident_id: int) -> list[IncidentAlert]:
        """Everybody who was told, in the order of their waves."""
        ...

    async def get(self, incident_id: int, person_id: int) -> IncidentAlert | None: ...
    async def seen(self, incident_id: int, person_id: int, at: datetime) -> None:
        """Somebody has answered; the first time counts."""
        ...

    async def reminded(self, incident_id: int, person_id: int, at: datetime) -> None: ...
    async def undelivered(self, incident_id: int, person_id: int) -> IncidentAlert | None:
        """One of the messages can never arrive. The alert as it stands then."""
        ...


class IncidentHolds(Protocol):
    """The footage that is kept around incidents."""

    async def add(
        self, incident_id: int, camera_code: str, start: datetime, end: datetime
    ) -> IncidentHold | None:
        """A span that is to be kept. None where this camera's is there already."""
        ...

    async def get(self, hold_id: int) -> IncidentHold | None: ...
    async def of(self, incident_id: int) -> list[IncidentHold]: ...
    async def kept_within(self, camera_code: str, start: datetime, end: datetime) -> list[IncidentHold]:
        """What is in the vault of a camera and lies wholly inside a span, the longest first."""
        ...

    async def set_state(self, hold_id: int, state: HoldState) -> None: ...
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
        ...


class Incidents(Protocol):
    """The book of incidents."""

    @property
    def alerts(self) -> IncidentAlerts: ...
    @property
    def holds(self) -> IncidentHolds: ...
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
        ...

    async def get(self, incident_id: int) -> Incident | None: ...
    async def by_code(self, code: str) -> Incident | None: ...
    async def move(
        self, incident: Incident, to: IncidentState, **changes: Unpack[IncidentChanges]
    ) -> Incident:
        """Change the state if it still is what `incident` says, else `IncidentMoveError`."""
        ...

    async def amend(self, incident_id: int, **changes: Unpack[IncidentChanges]) -> Incident:
        """Write fields anew."""
        ...

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
        """The newest first; `concerning` a person: reported by, told to or assigned to them."""
        ...

    async def note(
        self,
        incident_id: int,
        at: datetime,
        person_id: int | None,
        kind: EntryKind,
        text: str = "",
        about: str = "",
    ) -> None:
        """A line of the timeline. `about` is a code, never words of a person."""
        ...

    async def entries(self, incident_id: int) -> list[IncidentEntry]: ...
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
        ...

    async def remove_file(self, file_id: int) -> None:
        """Forget a file; it was deleted from the vault."""
        ...

    async def files(self, incident_id: int) -> list[IncidentFile]: ...
