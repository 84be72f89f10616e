"""What measuring needs from the storage."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from domain.retention import CameraDay, KnownCamera, Measured, RecorderState


class RetentionBook(Protocol):
    """What was measured of each camera and recorder, one row a day."""

    async def known(self) -> dict[str, KnownCamera]:
        """Every camera that was ever measured, by code."""
        ...

    async def remember(self, camera: KnownCamera) -> None: ...
    async def days(self, since: date, camera_code: str | None = None) -> dict[str, list[CameraDay]]:
        """The days of every camera, or of one, from a day on; oldest first."""
        ...

    async def put_day(self, day: CameraDay) -> None: ...
    async def forget_days(self, camera_codes: Sequence[str]) -> None:
        """All days of these cameras: they have to be searched again."""
        ...

    async def forget_before(self, day: date) -> None: ...
    async def measured(self) -> dict[str, Measured]:
        """The latest measurement of each camera, by code."""
        ...

    async def put_measured(self, measured: Measured) -> None: ...
    async def recorders(self) -> dict[str, RecorderState]:
        """The latest state of each recorder, by name."""
        ...

    async def put_recorder(self, state: RecorderState) -> None: ...
