"""How long the recorder really keeps what each camera saw (Điều 5: at least 20 days), as pure rules.

Measured is what the recorder itself lists: per camera and day of the school the recorded parts, and per
camera its oldest recording. A finished day keeps its parts for good; what of it has been overwritten since
follows from the oldest recording.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import floor
from statistics import median

DAY = timedelta(days=1)
AMBER_DAYS = 2
"""So many days above the limit a camera is still close to it."""
STILL_BELOW = 0.5
"""Days above the limit that a camera must reach before its next fall is told again."""
LEFTOVER_HOLE = timedelta(days=7)
"""What lies behind a hole of more than this is a leftover (a locked clip), not retention."""
SMALLEST_GAP = timedelta(minutes=1)
RUNNING_FILE = timedelta(minutes=15)
"""The file being written may be listed late; no smaller hole at the end says that recording has stopped."""
SETTLED = timedelta(hours=1)
"""So long after midnight a day's files are closed, and what was found of it is final."""
OLDEST_MOVED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, aware, half-open."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class CameraDay:
    """What the recorder listed of one camera and one day of the school.

    `start` and `end` are the day's midnights; `searched_at` tells when the recorder was asked; `parts` are
    in order and do not touch.
    """

    camera_code: str
    day: date
    start: datetime
    end: datetime
    searched_at: datetime
    parts: tuple[Stretch, ...]

    @property
    def until(self) -> datetime:
        """The part of the day before this has been searched."""
        return min(self.end, self.searched_at)

    @property
    def is_final(self) -> bool:
        """Whether it need never be searched again."""
        return self.searched_at >= self.end + SETTLED

    @property
    def covered(self) -> timedelta:
        """How much of it was recorded."""
        return sum((part.length for part in self.parts), timedelta())


@dataclass(frozen=True, slots=True)
class KnownCamera:
    """What is remembered of a camera.

    `joined` says that it came to a registry that had been measured before; `first_oldest_at` is the oldest
    recording at its first measurement; `source` is the recorder and channel that it was then.
    """

    code: str
    source: str
    first_seen_at: datetime
    joined: bool
    first_measured_at: datetime | None = None
    first_oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One camera at one measurement. `problem` names why it could not be measured, "" where it could."""

    camera_code: str
    day: date
    round: str
    measured_at: datetime
    oldest_at: datetime | None
    kept_since: datetime | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DiskState:
    """A disk of a recorder as it calls itself."""

    name: str
    status: str
    healthy: bool
    capacity_bytes: int


@dataclass(frozen=True, slots=True)
class RecorderState:
    """One recorder at one measurement; `clock_offset_seconds` is device minus true time."""

    name: str
    day: date
    round: str
    measured_at: datetime
    disks: tuple[DiskState, ...]
    clock_offset_seconds: float | None
    finished_at: datetime | None = None
    problem: str = ""


class Level(StrEnum):
    """How a camera stands to Điều 5."""

    RED = "red"
    UNKNOWN = "unknown"
    AMBER = "amber"
    NEW = "new"
    GOOD = "good"


_WORST_FIRST = tuple(Level)


@dataclass(frozen=True, slots=True)
class CameraKept:
    """One camera in the report. `kept` is None where it was never measured; nothing recorded is zero."""

    code: str
    level: Level
    kept: timedelta | None
    kept_since: datetime | None
    measured_at: datetime | None
    problem: str
    days: tuple[CameraDay, ...]

    @property
    def shown_days(self) -> float:
        """Days with one decimal, rounded down: 19.97 is below 20 and must not read as 20.0."""
        return floor((self.kept or timedelta()) / DAY * 10) / 10


@dataclass(frozen=True, slots=True)
class Report:
    """Every camera, worst first, and what they are in sum. New and unmeasured cameras do not count."""

    cameras: tuple[CameraKept, ...]
    keep_days: int

    def of(self, *levels: Level) -> tuple[CameraKept, ...]:
        """The cameras of some levels, worst first."""
        return tuple(camera for camera in self.cameras if camera.level in levels)

    @property
    def counted(self) -> tuple[CameraKept, ...]:
        """The cameras that count, those which keep least first."""
        counting = self.of(Level.RED, Level.AMBER, Level.GOOD)
        return tuple(sorted(counting, key=lambda camera: camera.kept or timedelta()))

    @property
    def median_days(self) -> float:
        """Half of the cameras keep at least so many days; rounded down to one decimal."""
        return floor(median([(camera.kept or timedelta()) / DAY for camera in self.counted]) * 10) / 10

    @property
    def measured_at(self) -> datetime | None:
        """When the newest figure was taken."""
        return max((one.measured_at for one in self.cameras if one.measured_at), default=None)


def kept_since(oldest: datetime | None, days: Iterable[CameraDay], at: datetime) -> datetime | None:
    """From when on the footage of a camera is there, small and large gaps aside; None where nothing is.

    Footage behind a hole of more than `LEFTOVER_HOLE` does not count, nor a camera's whose last recording is
    longer ago.
    """
    if oldest is None:
        return None
    searched = sorted(days, key=lambda one: one.start)
    parts = [part for day in searched for part in _clipped(day.parts, oldest)]
    if not parts or at - parts[-1].end > LEFTOVER_HOLE:
        return None
    since = parts[-1].start
    for part in reversed(parts):
        if since - part.end > LEFTOVER_HOLE:
            return since
        since = part.start
    beyond = oldest < searched[0].start and since - searched[0].start <= LEFTOVER_HOLE
    return oldest if beyond else since


def gaps(kept: CameraKept, since: datetime) -> list[Stretch]:
    """What was not recorded after `since` and after the camera's oldest footage, oldest first.

    Holes shorter than a minute are none; a hole at the end counts from a quarter of an hour on.
    """
    if kept.kept_since is None:
        return []
    holes: list[Stretch] = []
    start = max(since, kept.kept_since)
    days = sorted(kept.days, key=lambda one: one.start)
    for day in days:
        reached = max(start, day.start)
        for part in day.parts:
            if part.start > reached:
                holes.append(Stretch(reached, part.start))
            reached = max(reached, part.end)
        if reached < day.until:
            holes.append(Stretch(reached, day.until))
    ended = days[-1].until if days else since
    joined: list[Stretch] = []
    for hole in holes:
        if joined and joined[-1].end == hole.start:
            joined[-1] = Stretch(joined[-1].start, hole.end)
        else:
            joined.append(hole)
    return [hole for hole in joined if hole.length >= (RUNNING_FILE if hole.end == ended else SMALLEST_GAP)]


def continuous_since(kept: CameraKept) -> datetime | None:
    """From when on nothing is missing; None where recording has stopped or nothing is kept."""
    if kept.kept_since is None:
        return None
    holes = gaps(kept, kept.kept_since)
    if holes and has_stopped(kept, holes[-1]):
        return None
    return holes[-1].end if holes else kept.kept_since


def has_stopped(kept: CameraKept, gap: Stretch) -> bool:
    """Whether this gap still goes on: the camera is not being recorded."""
    return bool(kept.days) and gap.end == max(day.until for day in kept.days)


def covered_share(kept: CameraKept, day: date) -> float | None:
    """How much of a day is kept, 0 to 1; None for a day that is no longer kept or was not searched."""
    found = next((one for one in kept.days if one.day == day), None)
    if found is None or kept.kept_since is None or kept.kept_since >= found.until:
        return None
    parts = _clipped(found.parts, kept.kept_since)
    length = found.until - max(found.start, kept.kept_since)
    return min(1.0, sum((part.length for part in parts), timedelta()) / length) if length else None


def kept_minutes(kept: CameraKept, day: date) -> int | None:
    """How many minutes of a day are kept; None for a day that is no longer kept or was not searched."""
    found = next((one for one in kept.days if one.day == day), None)
    if found is None or kept.kept_since is None or kept.kept_since >= found.until:
        return None
    parts = _clipped(found.parts, kept.kept_since)
    return round(sum((part.length for part in parts), timedelta()) / timedelta(minutes=1))


def judged(
    code: str,
    measured: Measured | None,
    known: KnownCamera | None,
    added: datetime | None,
    days: Sequence[CameraDay],
    keep_days: int,
) -> CameraKept:
    """How one camera stands to Điều 5.

    A camera that has not been there for `keep_days` is new: it cannot keep more than it has recorded. Known
    from the settings (`added`), from its coming later than the others, or because its oldest recording has
    stood still since it was first measured.
    """
    if measured is None or measured.problem:
        at = measured.measured_at if measured else None
        why = measured.problem if measured else ""
        return CameraKept(code, Level.UNKNOWN, None, None, at, why, tuple(days))
    kept = measured.measured_at - measured.kept_since if measured.kept_since else timedelta()
    began = _new_since(measured, known, added)
    if kept < keep_days * DAY:
        is_new = began is not None and measured.measured_at - began < keep_days * DAY
        level = Level.NEW if is_new else Level.RED
    else:
        level = Level.AMBER if kept < (keep_days + AMBER_DAYS) * DAY else Level.GOOD
    return CameraKept(code, level, kept, measured.kept_since, measured.measured_at, "", tuple(days))


def report(cameras: Iterable[CameraKept], keep_days: int) -> Report:
    """Every camera, worst first; one that is not being recorded now comes before those that are."""

    def badness(camera: CameraKept) -> tuple[int, bool, float, str]:
        is_certain = camera.level in (Level.RED, Level.UNKNOWN)
        is_recording = is_certain or continuous_since(camera) is not None
        rank = _WORST_FIRST.index(camera.level if is_recording else Level.UNKNOWN)
        return rank, is_recording, camera.shown_days, camera.code

    return Report(tuple(sorted(cameras, key=badness)), keep_days)


def fallen(
    told: AbstractSet[str], cameras: Iterable[CameraKept], keep_days: int
) -> tuple[list[CameraKept], set[str]]:
    """The cameras whose fall below the limit nobody has heard of, and the codes that are told from now on.

    A fall is over once the camera keeps half a day more than the limit: at the limit itself the figure goes
    up and down with every file that is overwritten.
    """
    new: list[CameraKept] = []
    still: set[str] = set()
    for camera in cameras:
        if camera.level is Level.RED:
            still.add(camera.code)
            if camera.code not in told:
                new.append(camera)
        elif camera.code in told:
            recovered = (camera.kept or timedelta()) >= (keep_days + STILL_BELOW) * DAY
            if camera.level is Level.UNKNOWN or not recovered:
                still.add(camera.code)
    return new, still


def overwritten_at(start: datetime, kept: CameraKept) -> datetime | None:
    """About when the recorder will overwrite a moment: its age limit is that of the oldest footage now."""
    if not kept.kept:
        return None
    return start + kept.kept


def _new_since(measured: Measured, known: KnownCamera | None, added: datetime | None) -> datetime | None:
    if added is not None:
        return added
    if known is None:
        return None
    if known.joined:
        return known.first_seen_at
    if known.first_oldest_at is None or known.first_measured_at is None or measured.oldest_at is None:
        return None
    watched = measured.measured_at - known.first_measured_at >= DAY
    stood_still = abs(measured.oldest_at - known.first_oldest_at) < OLDEST_MOVED
    return measured.oldest_at if watched and stood_still else None


def _clipped(parts: Iterable[Stretch], since: datetime) -> list[Stretch]:
    return [Stretch(max(part.start, since), part.end) for part in parts if part.end > since]
