"""What the pretend recorder has on its disks: which camera has footage when.

It knows nothing of ISAPI or any other protocol and nothing of a wrong device clock: times are true, aware
UTC. Everything follows from `now()`; nothing is stored.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from simulator.footage.view import Scene, View

SCHOOL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FILE_LENGTH = timedelta(hours=1)
"""Files end at every whole hour, as a recorder with hourly packing does."""

_NOMINAL_BYTES_PER_SECOND = 80_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open stretch of true time, aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class DailyGap:
    """Footage missing every day between two local clock times, or on one weekday only (0 is Monday)."""

    start: time
    end: time
    weekday: int | None = None


@dataclass(slots=True)
class CameraModel:
    """One camera of the school.

    Attributes:
        number: the recorder's channel, 1-based.
        code: the school's code, such as C01.
        name: as burnt into the picture.
        scene: what it looks at.
        online: whether it has a picture now; change it through `RecorderModel.set_online`.
        kept_days: how many days of footage the recorder keeps for it.
        begun: since when it records at all; None: for ever.
        gaps: footage that was never recorded, as fixed stretches.
        daily_gaps: footage that is missing again and again.
        offline_for: for a camera that starts offline: how long it has been so when the recorder starts.
    """

    number: int
    code: str
    name: str
    scene: Scene
    online: bool = True
    kept_days: int = 21
    begun: datetime | None = None
    gaps: list[Stretch] = field(default_factory=list)
    daily_gaps: tuple[DailyGap, ...] = ()
    offline_for: timedelta = timedelta(hours=9)

    @property
    def view(self) -> View:
        """What the renderer needs of it."""
        return View(self.number, self.name, self.scene)


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """One file on the recorder's disks; `size_bytes` is what the recorder claims, not a promise."""

    camera: int
    start: datetime
    end: datetime
    name: str
    size_bytes: int


class RecorderModel:
    """All cameras with their recordings, seen from `now()` (aware)."""

    def __init__(self, cameras: Iterable[CameraModel], now: Callable[[], datetime]) -> None:
        self.now = now
        self.cameras = {camera.number: camera for camera in cameras}
        self.no_recordings = False
        self._offline_since = {
            camera.number: now() - camera.offline_for for camera in self.cameras.values() if not camera.online
        }

    def set_online(self, number: int, *, online: bool) -> None:
        """Unplug or plug in a camera now. What it did not record meanwhile stays a gap."""
        camera = self.cameras[number]
        if camera.online == online:
            return
        camera.online = online
        if online:
            camera.gaps.append(Stretch(self._offline_since.pop(number), self.now()))
        else:
            self._offline_since[number] = self.now()

    def footage(self, number: int, start: datetime, end: datetime) -> list[Stretch]:
        """The recorded parts of [start, end) of one camera, oldest first, whole seconds, merged."""
        camera = self.cameras[number]
        start = max(start, self._horizon(camera)).astimezone(UTC)
        end = min(end, self._offline_since.get(number, self.now())).astimezone(UTC).replace(microsecond=0)
        if self.no_recordings or start >= end:
            return []
        pieces = [Stretch(start, end)]
        for gap in [*camera.gaps, *_daily(camera.daily_gaps, start, end)]:
            pieces = [rest for piece in pieces for rest in without(piece, gap)]
        return pieces

    def files(self, number: int, start: datetime, end: datetime) -> list[RecordedFile]:
        """The files of one camera that hold something of [start, end), whole, oldest first."""
        first = _floor_to_file(start.astimezone(UTC))
        last = _floor_to_file(end.astimezone(UTC)) + FILE_LENGTH
        found: list[RecordedFile] = []
        for piece in self.footage(number, first, last):
            cut = piece.start
            while cut < piece.end:
                until = min(piece.end, _floor_to_file(cut) + FILE_LENGTH)
                if cut < end and until > start:
                    found.append(_file(number, cut, until))
                cut = until
        return found

    def oldest(self, number: int) -> datetime | None:
        """Start of the oldest footage of a camera; None where it has none."""
        stretches = self.footage(number, datetime(2000, 1, 1, tzinfo=UTC), self.now())
        return stretches[0].start if stretches else None

    def _horizon(self, camera: CameraModel) -> datetime:
        # Whole files are overwritten, so up to an hour more than promised is there.
        kept = _floor_to_file((self.now() - timedelta(days=camera.kept_days)).astimezone(UTC))
        return kept if camera.begun is None else max(kept, camera.begun.astimezone(UTC))


def _file(number: int, start: datetime, end: datetime) -> RecordedFile:
    serial = number * 10_000_000 + int(start.timestamp()) // 60 % 10_000_000
    size = int((end - start).total_seconds()) * _NOMINAL_BYTES_PER_SECOND
    return RecordedFile(number, start, end, f"{serial:017d}", size)


def _floor_to_file(moment: datetime) -> datetime:
    # Viet Nam is a whole number of hours from UTC, so hours begin together.
    return moment.replace(minute=0, second=0, microsecond=0)


def _daily(gaps: Iterable[DailyGap], start: datetime, end: datetime) -> list[Stretch]:
    found: list[Stretch] = []
    for gap in gaps:
        day = start.astimezone(SCHOOL_ZONE).date() - timedelta(days=1)
        while day <= end.astimezone(SCHOOL_ZONE).date():
            if gap.weekday in (None, day.weekday()):
                opens = datetime.combine(day, gap.start, SCHOOL_ZONE)
                found.append(Stretch(opens, datetime.combine(day, gap.end, SCHOOL_ZONE)))
            day += timedelta(days=1)
    return found


def without(piece: Stretch, gap: Stretch) -> list[Stretch]:
    """What of a stretch lies outside another."""
    if gap.end <= piece.start or gap.start >= piece.end:
        return [piece]
    rest = []
    if piece.start < gap.start:
        rest.append(Stretch(piece.start, gap.start.astimezone(UTC)))
    if gap.end < piece.end:
        rest.append(Stretch(gap.end.astimezone(UTC), piece.end))
    return rest
