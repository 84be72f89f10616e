"""A recorder on paper: one real picture, one real recording, and switches for its bad days."""

import asyncio
import hashlib
import io
import shutil
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

from media.video import to_mp4
from nvr_client.errors import CameraOffline, LoginBlocked, NothingRecorded, RecorderError
from nvr_client.login import LoginGuard
from nvr_client.protocol import (
    Channel,
    Clock,
    Device,
    Disk,
    Exported,
    PictureWay,
    Progress,
    RecorderEvent,
    Span,
)
from nvr_client.spans import without

CAMERAS = 30


def gate_picture() -> bytes:
    """A small JPEG that decodes."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((640, 360)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@dataclass
class PaperRecorder:
    """`NvrClient` without a network.

    Attributes:
        recording: the file that every export gives.
        now: the clock.
        guard: the breaker of the shared client; a refused password opens it as a real client would.
        kept: how far back its recordings reach.
        kept_of: the same for single channels.
        begun: since when a channel records at all.
        holes: what a channel did not record.
        disks: its disks.
        clock_error: device minus true time.
        begins_early: how long before its span an export's first key frame lies.
        gaps: what is missing inside spans.
        trouble: what every call raises, or None.
        export_trouble: what exports raise, or None.
        offline: channels without a picture.
        picture: what a snapshot gives.
        may_answer: while cleared, a snapshot waits.
        waiting: how many snapshots wait.
        exports: how often footage was copied.
        warnings: what a listener is told next.
    """

    recording: Path
    now: Callable[[], datetime]
    guard: LoginGuard
    kept: timedelta = timedelta(days=21)
    kept_of: dict[int, timedelta] = field(default_factory=dict)
    begun: dict[int, datetime] = field(default_factory=dict)
    holes: dict[int, list[Span]] = field(default_factory=dict)
    disks: tuple[Disk, ...] = (Disk("1", "ok", healthy=True, capacity_bytes=6 * 10**12, free_bytes=0),)
    begins_early: timedelta = timedelta()
    clock_error: timedelta = timedelta(seconds=2)
    gaps: tuple[Span, ...] = ()
    trouble: RecorderError | None = None
    export_trouble: RecorderError | None = None
    offline: set[int] = field(default_factory=set)
    picture: bytes = field(default_factory=gate_picture)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    exports: int = 0
    warnings: asyncio.Queue[RecorderEvent] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def device(self) -> Device:
        self._answer()
        return Device("paper", "1", "1", "dau-ghi-1")

    async def channels(self) -> list[Channel]:
        self._answer()
        return [Channel(n, f"C{n:02}", online=n not in self.offline) for n in range(1, CAMERAS + 1)]

    async def snapshot(self, channel: int) -> bytes:
        self.waiting += 1
        try:
            await self.may_answer.wait()
        finally:
            self.waiting -= 1
        self._answer(channel)
        return self.picture

    async def picture_ways(self, channel: int) -> list[PictureWay]:
        self._answer(channel)
        return [PictureWay("picture", 0.1, len(self.picture), None)]

    async def live_clip(self, channel: int, duration: timedelta, target: Path) -> None:
        self._answer(channel)
        await to_mp4(self.recording, target)

    async def recordings(self, channel: int, span: Span) -> list[Span]:
        self._answer()
        start = max(span.start, self._oldest(channel))
        whole = [Span(start, span.end)] if start < span.end else []
        return without(whole, self.holes.get(channel, ()))

    async def oldest(self, channel: int) -> datetime | None:
        self._answer()
        return self._oldest(channel)

    def _oldest(self, channel: int) -> datetime:
        kept = self.now() - self.kept_of.get(channel, self.kept)
        return max(kept, self.begun.get(channel, kept))

    async def export(
        self, channel: int, span: Span, target: Path, progress: Progress | None = None
    ) -> Exported:
        self._answer()
        if self.export_trouble is not None:
            raise self.export_trouble
        found = await self.recordings(channel, span)
        if not found:
            raise NothingRecorded("nothing there")
        self.exports += 1
        data = await asyncio.to_thread(Path(shutil.copy(self.recording, target)).read_bytes)
        return Exported(
            path=target,
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            container="mpeg-ps",
            span=found[0],
            gaps=self.gaps,
            clock_offset=timedelta(seconds=2),
            method="paper",
            first_frame_at=found[0].start - self.begins_early,
        )

    async def storage(self) -> list[Disk]:
        self._answer()
        return list(self.disks)

    async def clock(self) -> Clock:
        self._answer()
        return Clock(self.now() + self.clock_error, self.clock_error)

    async def events(self) -> AsyncGenerator[RecorderEvent, None]:
        self._answer()
        while True:
            yield await self.warnings.get()

    async def aclose(self) -> None:
        """Nothing is open."""

    def _answer(self, channel: int | None = None) -> None:
        if isinstance(self.trouble, LoginBlocked):
            raise self.guard.reject("paper")
        if self.trouble is not None:
            raise self.trouble
        if channel in self.offline:
            raise CameraOffline("no picture")
