"""What every vendor's export shares: ways tried in order, one verdict remembered, one file or none.

A way writes into a file of its own that only gets its name when the way says that the footage is whole. The
way that worked is remembered and tried first.

Footage that plays shorter than the recorder says that it has is not believed at once: it may have been cut on
its way. When it comes whole in itself and equally short a second time, by a way of another kind or at the
next try, the recorder has no more; then it is taken, and what is missing stands in `Exported.gaps`.

A way that hangs in the middle costs its time once: the next way of another kind is tried, and from then on
it comes last. A busy answer is believed of a way that has worked; some devices give it for what they do not
know.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from nvr_client.errors import (
    AccessRefused,
    BadAnswer,
    Busy,
    NotSupported,
    NoVideoPort,
    RecorderError,
    TooSlow,
)
from nvr_client.footage import HEAD_BYTES, container_of
from nvr_client.live import Live
from nvr_client.login import LoginGuard
from nvr_client.part_file import PartFile, no_space
from nvr_client.protocol import Exported, Progress, Span
from nvr_client.settings import Now
from nvr_client.spans import SEAM, gaps_between, without
from nvr_client.video_tool import VideoTool
from nvr_client.wall_clock import DeviceTime

log = structlog.get_logger(__name__)

JOIN_SECONDS = 600.0
TOLERANCE = timedelta(seconds=3)
RUNNING_FILE = timedelta(minutes=1)
RUNNING_TOLERANCE = timedelta(seconds=20)
TOO_LONG = timedelta(seconds=60)
LEAST_SECONDS = 1.0
SAME_SECONDS = 2.0
REMEMBERED_SHORT = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one export is about; `parts` are the recorded stretches inside the asked span, at least one."""

    channel: int
    asked: Span
    parts: list[Span]
    time: DeviceTime
    progress: Progress | None

    @property
    def whole(self) -> Span:
        """From the first recorded moment to the last."""
        return Span(self.parts[0].start, self.parts[-1].end)

    @property
    def footage(self) -> timedelta:
        """How much is recorded."""
        return sum((part.duration for part in self.parts), timedelta())


@dataclass(frozen=True, slots=True)
class Made:
    """How the footage was had, `holes` that only showed in it, and when it begins, where it tells that."""

    method: str
    holes: tuple[Span, ...] = ()
    first_frame_at: datetime | None = None


W = TypeVar("W", bound=Wanted)
Way = Callable[[PartFile, W], Awaitable[Made]]


class ShortFootage(BadAnswer):
    """A file that is whole in itself plays shorter than what is recorded."""

    def __init__(self, played_seconds: float) -> None:
        super().__init__("the recorder sent half a file")
        self.played_seconds = played_seconds


@dataclass(slots=True)
class _Tried:
    """What one export has met so far; `short` tells how many seconds each way gave."""

    error: RecorderError | None = None
    short: dict[str, float] = field(default_factory=dict)
    hung: set[str] = field(default_factory=set)


class ExportWays(Generic[W]):
    """Tries ways of exporting from one recorder.

    Args:
        recorder: its name, for the log.
        guard: the breaker on rejected logins.
        live: plays recorded video back.
        tool: measures and joins video.
        now: the true time.
        alike: ways that ask for the same thing in the same place: where one hangs or cuts, the others do.
    """

    def __init__(
        self,
        recorder: str,
        guard: LoginGuard,
        *,
        live: Live,
        tool: VideoTool,
        now: Now,
        alike: frozenset[str] = frozenset(),
    ) -> None:
        self._recorder = recorder
        self._guard = guard
        self._live = live
        self._tool = tool
        self._now = now
        self._alike = alike
        self._worked: str | None = None
        self._hung: set[str] = set()
        self._short: OrderedDict[tuple[int, Span], float] = OrderedDict()

    async def first_good(
        self, target: Path, wanted: W, order: Sequence[str], ways: Mapping[str, Way[W]]
    ) -> Exported:
        """The outcome of the first of the ways that gives the whole footage.

        Raises:
            RecorderError: none did; the error of the first, a retryable one before others.
        """
        await asyncio.to_thread(_sweep, target)
        tried = _Tried()
        for way in sorted(order, key=lambda name: (name in self._hung, name != self._worked)):
            if way in self._alike and tried.hung & self._alike:
                continue
            async with PartFile(target) as part:
                try:
                    made = await ways[way](part, wanted)
                except (BadAnswer, NotSupported, AccessRefused, NoVideoPort, Busy, TooSlow) as error:
                    if self._is_final(way, error, tried):
                        raise
                    if self._as_short_as_before(wanted, way, error, tried):
                        return await _finished(part, wanted, _cut_short(way, wanted, tried.short[way]))
                    continue
                except OSError as error:
                    raise no_space(error) from error
                exported = await _finished(part, wanted, made)
                self._worked = way
                self._hung.discard(way)
                return exported
        self._remember_short(wanted, tried)
        raise tried.error or NotSupported("the recorder offers no export")

    def _is_final(self, way: str, error: RecorderError, tried: "_Tried") -> bool:
        """Whether trying other ways would be in vain; notes what happened."""
        if self._guard.blocked or (isinstance(error, Busy) and way == self._worked):
            return True
        if type(error) is TooSlow and not tried.hung:
            tried.hung.add(way)
            self._hung.add(way)
        elif isinstance(error, TooSlow):
            return True
        reason, why = type(error).__name__, str(error)
        log.warning("export.way_failed", recorder=self._recorder, way=way, reason=reason, why=why)
        if tried.error is None or not tried.error.retryable:
            tried.error = error
        return False

    def _as_short_as_before(self, wanted: W, way: str, error: RecorderError, tried: "_Tried") -> bool:
        """Whether the same footage came just as short at an earlier try, or now by a way of another kind."""
        if not isinstance(error, ShortFootage) or error.played_seconds < LEAST_SECONDS:
            return False
        before = [seconds for other, seconds in tried.short.items() if not {way, other} <= self._alike]
        earlier = self._short.get((wanted.channel, wanted.asked))
        if earlier is not None:
            before.append(earlier)
        tried.short[way] = error.played_seconds
        return any(abs(seconds - error.played_seconds) <= SAME_SECONDS for seconds in before)

    def _remember_short(self, wanted: W, tried: "_Tried") -> None:
        self._short.pop((wanted.channel, wanted.asked), None)
        for seconds in tried.short.values():
            self._short[wanted.channel, wanted.asked] = seconds
        while len(self._short) > REMEMBERED_SHORT:
            self._short.popitem(last=False)

    async def played_back(self, part: PartFile, wanted: W, path_of: Callable[[Span], str]) -> datetime | None:
        """Every recorded part over RTSP, at the pace of life, into one MP4; `path_of` tells where one is.

        Gives when it begins: the device ends where it was asked to, so what it plays longer lies before. None
        where it would not have ended.
        """
        first_frame_at: datetime | None = None
        async with AsyncExitStack() as stack:
            pieces: list[Path] = []
            for number, recorded in enumerate(wanted.parts):
                piece = part.path.with_name(f"{part.path.name}.{number}.mp4")
                stack.callback(piece.unlink, missing_ok=True)
                ended = await self._live.playback(path_of(recorded), recorded.duration, piece)
                if ended and not pieces:
                    first_frame_at = began(recorded, await self._tool.duration(piece))
                pieces.append(piece)
                if wanted.progress is not None:
                    wanted.progress(sum(made.stat().st_size for made in pieces), None)
            await self.put_together(part, pieces)
        return first_frame_at

    async def put_together(self, part: PartFile, pieces: list[Path]) -> None:
        """MP4 pieces behind each other become the file."""
        if len(pieces) == 1:
            pieces[0].replace(part.path)
        else:
            await self._tool.join(pieces, part.path, seconds=JOIN_SECONDS)
        await part.hash_again()

    def shortfall_allowed(self, footage: timedelta, end: datetime, *, borders: int = 0) -> timedelta:
        """How much less than is recorded may come: seconds at its ends and at borders of files.

        The file that is being written now may lack more.
        """
        allowed = TOLERANCE + footage / 100 + SEAM * borders
        if end > self._now() - RUNNING_FILE:
            allowed += RUNNING_TOLERANCE
        return min(allowed, max(footage / 2, timedelta(seconds=1)))

    async def check_length(self, part: PartFile, wanted: W, *, borders: int) -> float | None:
        """How many seconds the footage plays; None where it does not tell.

        Raises:
            ShortFootage: it plays shorter than what is recorded.
            BadAnswer: it is another, much longer one, or broken.
        """
        await part.flush()
        container = await asyncio.to_thread(container_in, part.path)
        if container == "mpeg-ps":
            played = part.played.seconds()
        else:
            played = await self._tool.duration(part.path)
        if played is None:
            if container == "mp4":
                raise BadAnswer("the recorder sent half a file")
            return None
        expected = wanted.footage
        # Footage may pause where the camera was away for a moment; the recorder counts that as recorded.
        short = expected - timedelta(seconds=played + part.played.gap_seconds)
        if short > self.shortfall_allowed(expected, wanted.whole.end, borders=borders):
            raise ShortFootage(played + part.played.gap_seconds)
        if timedelta(seconds=played) > longest(expected):
            raise BadAnswer("the recorder sent more than was asked")
        return played + part.played.gap_seconds


def began(recorded: Span, played_seconds: float | None) -> datetime | None:
    """When footage begins that ends with `recorded`: at the key frame before it, to the second."""
    if played_seconds is None:
        return None
    early = round(played_seconds - recorded.duration.total_seconds())
    return recorded.start - timedelta(seconds=max(early, 0))


def _cut_short(way: str, wanted: Wanted, played_seconds: float) -> Made:
    """Nothing tells where the footage is missing; it is taken to end too early."""
    end = wanted.whole.start + timedelta(seconds=played_seconds)
    log.warning("export.short", way=way, played_seconds=round(played_seconds, 1))
    holes = (Span(end, wanted.whole.end),) if end < wanted.whole.end else ()
    return Made(f"{way}-short", holes)


def longest(footage: timedelta) -> timedelta:
    """What a file of so much footage may play; one that plays longer is another one."""
    return footage + TOO_LONG + footage / 10


def container_in(path: Path) -> str:
    """The container of a file on disk; raises `BadAnswer` where it is no footage."""
    with path.open("rb") as file:
        container = container_of(file.read(HEAD_BYTES))
    if container is None:
        raise BadAnswer("the file is no footage")
    return container


async def _finished(part: PartFile, wanted: Wanted, made: Made) -> Exported:
    digest = await part.flush()
    container = await asyncio.to_thread(container_in, part.path)
    await part.commit()
    covered = without(wanted.parts, made.holes)
    return Exported(
        path=part.target,
        sha256=digest,
        size_bytes=part.size_bytes,
        container=container,
        span=Span(covered[0].start, covered[-1].end),
        gaps=gaps_between(covered, wanted.asked),
        clock_offset=wanted.time.offset,
        method=made.method,
        first_frame_at=made.first_frame_at,
    )


def _sweep(target: Path) -> None:
    """Remove what an export of this target left behind when its process was killed."""
    leftover = re.compile(re.escape(target.name) + r"\.(\d+\.)?part(\.\d+\.mp4)?")
    for path in target.parent.glob("*"):
        if leftover.fullmatch(path.name):
            path.unlink(missing_ok=True)
