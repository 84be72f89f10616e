"""What every recorder can be asked, whoever made it.

Channels are 1-based, as printed on the recorder. Every time is an aware UTC `datetime`; a client turns it
into the device's own wall clock and back. Spans are half-open: [start, end).
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, aware UTC, half-open."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span needs aware times")
        if self.end <= self.start:
            raise ValueError("a span ends after it starts")

    @property
    def duration(self) -> timedelta:
        """How long it is; always more than zero."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Device:
    """Who the recorder says it is."""

    model: str
    serial: str
    firmware: str
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """One camera as the recorder knows it. `online` is None where the device does not tell."""

    number: int
    name: str
    online: bool | None


@dataclass(frozen=True, slots=True)
class PictureWay:
    """One way to a picture, tried once. `problem` is None where it worked, else the name of the error."""

    name: str
    seconds: float
    size_bytes: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The recorder's clock. `offset` is device minus true time: positive means the recorder is ahead."""

    device_time: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class Disk:
    """One disk. `free_bytes` 0 is normal on a healthy recorder that overwrites."""

    name: str
    status: str
    healthy: bool
    capacity_bytes: int
    free_bytes: int


class EventKind(Enum):
    """What a recorder warns of. A camera that is covered, turned away or out of focus is `TAMPER`."""

    VIDEO_LOSS = "video-loss"
    TAMPER = "tamper"
    DISK_ERROR = "disk-error"
    DISK_FULL = "disk-full"
    RECORDING_FAILED = "recording-failed"


@dataclass(frozen=True, slots=True)
class RecorderEvent:
    """Something went wrong, or is well again.

    Attributes:
        kind: what.
        channel: the camera; None where it is the recorder itself.
        active: False once it is over. Not every device tells the end of everything.
        at: our own time (UTC) when the recorder told it: it tells at once, and its clock may be wrong.
    """

    kind: EventKind
    channel: int | None
    active: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export left on disk.

    Attributes:
        path: the file exactly as the recorder sent it; of ONVIF's single frames, a program stream with them.
        sha256: hex digest taken while it streamed.
        size_bytes: its length.
        container: "mpeg-ps", "mp4" or "dav", told by its first bytes.
        span: the part of the asked span that the recorder has; smaller where footage is missing.
        gaps: uncovered parts inside the asked span, in order.
        clock_offset: the recorder's clock error when it was exported (device minus true).
        method: which of the device's ways worked, for the log.
        first_frame_at: when the file begins, to the second: at the key frame before `span` (true UTC); None
            where the footage itself does not tell.
    """

    path: Path
    sha256: str
    size_bytes: int
    container: str
    span: Span
    gaps: tuple[Span, ...]
    clock_offset: timedelta
    method: str
    first_frame_at: datetime | None = None


Progress = Callable[[int, int | None], None]
"""Called with bytes so far and the expected total (None where unknown). Must be quick; never awaited."""


class NvrClient(Protocol):
    """One recorder. Every call may raise `nvr_client.errors.RecorderError` and nothing else.

    Each may be cancelled at any time: what it had begun ends within a second and leaves nothing behind.
    """

    async def device(self) -> Device:
        """Model, serial number and firmware."""
        ...

    async def channels(self) -> list[Channel]:
        """Every camera the recorder has, by number."""
        ...

    async def snapshot(self, channel: int) -> bytes:
        """A JPEG of this moment, checked to be a whole picture."""
        ...

    async def picture_ways(self, channel: int) -> list[PictureWay]:
        """Every way to a picture, tried once and one after the other, to find out what a device can do.

        Raises only where trying on makes no sense: a rejected login, a dead recorder.
        """
        ...

    async def live_clip(self, channel: int, duration: timedelta, target: Path) -> None:
        """Record what the camera sees now into `target`, a playable MP4 with faststart."""
        ...

    async def recordings(self, channel: int, span: Span) -> list[Span]:
        """The recorded parts inside `span`, merged over file borders, oldest first; [] where nothing is."""
        ...

    async def oldest(self, channel: int) -> datetime | None:
        """Start of the oldest recording of a channel; None where nothing is recorded."""
        ...

    async def export(
        self, channel: int, span: Span, target: Path, progress: Progress | None = None
    ) -> Exported:
        """Copy recorded footage to `target`, streaming and hashing on the way.

        Written to a temporary name beside `target` and renamed when whole, so `target` exists only when
        complete. Raises `NothingRecorded` where the recorder has nothing in the span.
        """
        ...

    async def storage(self) -> list[Disk]:
        """The recorder's disks."""
        ...

    async def clock(self) -> Clock:
        """The recorder's time beside ours."""
        ...

    def events(self) -> AsyncGenerator[RecorderEvent, None]:
        """What the recorder warns of, from now on, each change once; endless.

        It ends with an error only: `Unreachable` when the connection is lost, `TooSlow` when the recorder
        has fallen silent; the caller listens again then, and asks `channels` for what it has missed.
        A caller that leaves early closes it (`contextlib.aclosing`); a cancelled one need not.
        Raises `NotSupported` where the device tells nothing.
        """
        ...

    async def aclose(self) -> None:
        """End what is in flight and let go of every connection; the client is of no use afterwards."""
        ...
