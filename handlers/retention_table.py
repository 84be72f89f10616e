"""The measured retention as a table, for a sheet or a file: one row a camera, one column a day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.chat import Text
from domain.retention import CameraKept, Level, Report, continuous_since, kept_minutes
from handlers.ports import Tools

Cell = str | int | float | datetime | None

_LEVELS = {
    Level.RED: Text("below {days}"),
    Level.UNKNOWN: Text("not measured"),
    Level.AMBER: Text("close to {days}"),
    Level.NEW: Text("new camera"),
    Level.GOOD: Text("enough"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Headings with their width in characters, and rows; moments are of the school's zone."""

    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


def table_of(tools: Tools, report: Report, language: str) -> Table:
    """Every camera, worst first, with the minutes that are kept of each day, the newest day first.

    A day that is no longer kept, or was not searched, has an empty cell.
    """

    def said(text: Text) -> str:
        return tools.phrase(text, language)

    last = (report.measured_at or tools.now()).astimezone(tools.zone).date()
    days = [last - timedelta(days=back) for back in range(report.keep_days + 3)]
    columns = (
        (said(Text("Code")), 8),
        (said(Text("Camera")), 30),
        (said(Text("Unit")), 18),
        (said(Text("Days kept")), 10),
        (said(Text("Level")), 16),
        (said(Text("Oldest footage")), 18),
        (said(Text("Without a gap since")), 18),
        (said(Text("Measured at")), 18),
        *((f"{day:%d/%m}", 7) for day in days),
    )
    return Table(columns, tuple(_row(tools, camera, report, days, said) for camera in report.cameras))


def level_of(camera: CameraKept, report: Report) -> Text:
    """How a camera stands, in a few words."""
    return _LEVELS[camera.level].filled(days=report.keep_days)


def _row(
    tools: Tools, kept: CameraKept, report: Report, days: Sequence[date], said: Callable[[Text], str]
) -> tuple[Cell, ...]:
    camera = tools.cameras.by_code(kept.code)
    return (
        camera.code,
        camera.name,
        camera.owner,
        None if kept.kept is None else kept.shown_days,
        said(level_of(kept, report)),
        _local(tools, kept.kept_since),
        _local(tools, continuous_since(kept)),
        _local(tools, kept.measured_at),
        *(kept_minutes(kept, day) for day in days),
    )


def _local(tools: Tools, at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(tools.zone)
