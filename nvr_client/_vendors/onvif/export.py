"""Footage of a span onto our disk by replay, frame by frame, each with the time at which it was recorded.

The frames become an MPEG program stream. It begins at the last key frame at or before the asked start and
ends with the last frame before the asked end; pauses are taken out and told as gaps. The first frame's time
must fit what was asked, which finds out a device that sends live video or everything it has. A connection
that breaks is taken up again behind the last frame.
"""

from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from nvr_client._vendors.onvif.labels import label_of, true_time
from nvr_client._vendors.onvif.live import OnvifLive
from nvr_client._vendors.onvif.replay import Silence, replay
from nvr_client._vendors.onvif.rtp import Frame
from nvr_client._vendors.onvif.search import Stretch
from nvr_client._vendors.onvif.soap import Soap, path_of
from nvr_client.errors import BadAnswer, NothingRecorded, NoVideoPort
from nvr_client.exporting import ExportWays, Made, Wanted, Way
from nvr_client.part_file import PartFile
from nvr_client.program_stream import Codec, ProgramStream
from nvr_client.protocol import Exported, Progress, Span
from nvr_client.settings import Now, RecorderSettings
from nvr_client.spans import SEAM, joined
from nvr_client.video_tool import VideoTool
from nvr_client.wall_clock import DeviceTime

log = structlog.get_logger(__name__)

TOLERANCE = timedelta(seconds=3)
LONGEST_GOP = timedelta(seconds=30)
RUNNING = timedelta(minutes=1)
RUNNING_TOLERANCE = timedelta(seconds=20)
TRIES = 4
_LEAST = timedelta(seconds=1)
_USUAL_STEP = timedelta(milliseconds=40)
_RTSP = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}


@dataclass(frozen=True, slots=True)
class _Wanted(Wanted):
    """With the recordings that hold the parts."""

    stretches: list[Stretch]


class Exports:
    """Exports from one device."""

    def __init__(
        self, settings: RecorderSettings, soap: Soap, *, live: OnvifLive, tool: VideoTool, now: Now
    ) -> None:
        self._recorder = settings.name
        self._soap = soap
        self._live = live
        self._now = now
        self._all: ExportWays[_Wanted] = ExportWays(settings.name, soap.guard, live=live, tool=tool, now=now)
        self._ways: dict[str, Way[_Wanted]] = {"replay": self._replayed}

    async def export(
        self,
        channel: int,
        span: Span,
        target: Path,
        *,
        stretches: list[Stretch],
        time: DeviceTime,
        progress: Progress | None,
    ) -> Exported:
        """See `NvrClient.export`; `stretches` are what the search found in the span."""
        parts = joined([stretch.span for stretch in stretches], span)
        if not parts:
            raise NothingRecorded("the recorder has nothing in this span")
        wanted = _Wanted(channel, span, parts, time, progress, stretches)
        return await self._all.first_good(target, wanted, ["replay"], self._ways)

    async def _replayed(self, part: PartFile, wanted: _Wanted) -> Made:
        await self._live.prove()
        film = _Film(part, wanted)
        holes: list[Span] = []
        for stretch in wanted.stretches:
            answer = await self._soap.call(
                "replay", "GetReplayUri", StreamSetup=_RTSP, RecordingToken=stretch.token
            )
            holes += await self._played(film, path_of(str(answer or "")), stretch)
        if not film.frames:
            raise NothingRecorded("the recorder sent no footage of this span")
        return Made("replay", tuple(holes), first_frame_at=film.began)

    async def _played(self, film: "_Film", path: str, stretch: Stretch) -> list[Span]:
        """Add one stretch to the film; gives the holes that showed."""
        reel = _Reel(stretch, self._now())
        for tries_left in reversed(range(TRIES)):
            before = reel.reached
            try:
                await self._once(film, reel, path)
            except NothingRecorded:
                if stretch.known and reel.reached is None:
                    raise
                break
            except (NoVideoPort, Silence) as error:
                if reel.at_end or (isinstance(error, Silence) and not stretch.known):
                    break
                if tries_left and reel.reached != before:
                    log.warning("export.taken_up_again", recorder=self._recorder, reason=type(error).__name__)
                    reel.taken_up_at = reel.reached
                    continue
                if not reel.complete:
                    raise BadAnswer("the recorder sent half a file") from error
            break
        if stretch.known and not reel.complete:
            raise BadAnswer("the recorder sent half a file")
        return reel.all_holes()

    async def _once(self, film: "_Film", reel: "_Reel", path: str) -> None:
        time, login = film.wanted.time, self._live.login
        start, end = label_of(reel.next_start, time), label_of(reel.span.end, time)
        async with replay(login, path, start, end) as running, aclosing(running.frames()) as frames:
            lead = _Lead(reel.next_start)
            shift: timedelta | None = None
            async for frame in frames:
                moment = true_time(frame.label, time)
                if shift is None:
                    shift = reel.check_first(moment, time)
                moment += shift
                if moment >= reel.span.end:
                    return
                for held, at in lead.take(frame, moment):
                    if reel.take(at):
                        await film.add(held, at, running.track.codec)
            if reel.reached is None and running.first is not None:
                reel.check_not_live(true_time(running.first, time))


class _Lead:
    """Holds frames before the start back, so that only those from the last key frame on count."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._held: list[tuple[Frame, datetime]] = []
        self._open = False

    def take(self, frame: Frame, moment: datetime) -> list[tuple[Frame, datetime]]:
        if self._open:
            return [(frame, moment)]
        if frame.key:
            self._held = []
        elif not self._held:
            return []  # nothing can be decoded before the first key frame
        self._held.append((frame, moment))
        if moment < self._start:
            return []
        self._open = True
        held, self._held = self._held, []
        return held


@dataclass(slots=True)
class _Reel:
    """How far one stretch has come."""

    stretch: Stretch
    now: datetime
    reached: datetime | None = None
    taken_up_at: datetime | None = None
    holes: list[Span] = field(default_factory=list)
    _step: timedelta = _USUAL_STEP

    @property
    def span(self) -> Span:
        return self.stretch.span

    @property
    def next_start(self) -> datetime:
        """From when it is to be played."""
        return self.span.start if self.reached is None else max(self.reached, self.span.start)

    @property
    def at_end(self) -> bool:
        """Whether not even one frame is missing at its end."""
        return self.reached is not None and self.span.end - self.reached <= self._step * 2

    @property
    def complete(self) -> bool:
        """Whether next to nothing is missing at its end; that of just now may be on its way to the disk."""
        if self.reached is None:
            return False
        if self.span.end > self.now - RUNNING:
            allowed = min(RUNNING_TOLERANCE, self.span.duration / 2)
        else:
            allowed = min(TOLERANCE, max(self.span.duration / 10, _LEAST))
        return self.at_end or self.span.end - self.reached <= allowed

    def check_first(self, moment: datetime, time: DeviceTime) -> timedelta:
        """What must be added to the times of frames; raises where other footage comes than was asked.

        Some devices write true UTC into frames and local digits everywhere else, or the other way round.
        """
        latest = self.next_start + TOLERANCE if self.stretch.known else self.span.end
        ahead = self.span.start.astimezone(time.zone).utcoffset() or timedelta()
        for shift in (timedelta(), ahead, -ahead):
            if self.next_start - LONGEST_GOP <= moment + shift <= latest:
                return shift
        raise BadAnswer("the recorder sends other footage than was asked")

    def check_not_live(self, moment: datetime) -> None:
        """Raises where what came instead of older footage is what the camera sees now."""
        if abs(moment - self.now) <= RUNNING and self.span.end < self.now - RUNNING:
            raise BadAnswer("the recorder sends live video instead of its recording")

    def take(self, moment: datetime) -> bool:
        """Whether a frame is new; a pause before it is a hole. Frames may come out of the order of times."""
        if self.taken_up_at is not None:
            if moment <= self.taken_up_at:
                return False
            self.taken_up_at = None
        if self.reached is None:
            if moment - self.span.start > SEAM:
                self.holes.append(Span(self.span.start, moment))
        elif moment - self.reached > SEAM:
            self.holes.append(Span(self.reached + self._step, moment))
        elif moment > self.reached:
            self._step = moment - self.reached
        self.reached = moment if self.reached is None else max(moment, self.reached)
        return True

    def all_holes(self) -> list[Span]:
        """What is missing in it, its end included."""
        if self.reached is None:
            return [self.span]
        end = self.reached + self._step
        if self.span.end - end > TOLERANCE or (not self.complete and end < self.span.end):
            return [*self.holes, Span(end, self.span.end)]
        return self.holes


class _Film:
    """The file that grows; its time runs on over pauses."""

    def __init__(self, part: PartFile, wanted: _Wanted) -> None:
        self.wanted = wanted
        self.frames = 0
        self.began: datetime | None = None
        self._part = part
        self._stream: ProgramStream | None = None
        self._codec: Codec | None = None
        self._zero: datetime | None = None
        self._last = datetime.min.replace(tzinfo=UTC)
        self._step = _USUAL_STEP

    async def add(self, frame: Frame, moment: datetime, codec: Codec) -> None:
        """Append a frame that was recorded at `moment`."""
        if self._stream is None or self._codec != codec:
            if self._stream is not None:
                raise BadAnswer("the recording changes its format within the span")
            self._stream, self._codec = ProgramStream(codec), codec
        if self._zero is None:
            self._zero = self.began = moment
        else:
            step = moment - self._last
            if step > SEAM:
                self._zero += step - self._step
            elif step > timedelta():
                self._step = step
        self._last = max(moment, self._last)
        self.frames += 1
        await self._part.write(self._stream.frame(frame.data, moment - self._zero, key=frame.key))
        if self.wanted.progress is not None:
            self.wanted.progress(self._part.size_bytes, None)
