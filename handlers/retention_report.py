"""The measured retention (Điều 5) as it stands, in words and as a map; shared by summary, chat and shell."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from documents.retention_map import Band, MapWords, Row, retention_map
from domain.chat import Length, Media, MediaKind, Moment, Text
from domain.measuring import day_bounds
from domain.retention import (
    CameraKept,
    Level,
    RecorderState,
    Report,
    Stretch,
    covered_share,
    gaps,
    has_stopped,
    judged,
    report,
)
from handlers.ports import Tools, UnitOfWork

SHOWN = 6
"""So many cameras or gaps are named in one line of a message."""
CLOCK_ERROR = timedelta(seconds=30)


async def read_report(uow: UnitOfWork, tools: Tools, codes: Iterable[str] | None = None) -> Report:
    """What was measured last, of every camera of the settings or of some, judged by Điều 5."""
    keep_days = tools.limits.retention_days
    today = tools.now().astimezone(tools.zone).date()
    days = await uow.retention.days(today - timedelta(days=keep_days + 11))
    measured, known = await uow.retention.measured(), await uow.retention.known()
    wanted = None if codes is None else set(codes)
    return report(
        (
            judged(
                camera.code,
                measured.get(camera.code),
                known.get(camera.code),
                day_bounds(camera.added, tools.zone).start if camera.added else None,
                days.get(camera.code, ()),
                keep_days,
            )
            for camera in tools.cameras.all
            if wanted is None or camera.code in wanted
        ),
        keep_days,
    )


def named_days(tools: Tools, cameras: Sequence[CameraKept]) -> Text:
    """Cameras with their days, as in: C05 Sân trường – cột cờ 11.0, C07 Sân thể dục 18.4."""
    named = [
        Text(
            "{camera} {days}",
            {"camera": tools.cameras.by_code(camera.code).label, "days": camera.shown_days},
        )
        for camera in cameras
    ]
    return listed(named)


def named(tools: Tools, cameras: Sequence[CameraKept]) -> Text:
    """Cameras, as in: C05 Sân trường – cột cờ, C07 Sân thể dục."""
    return listed([Text("{name}", {"name": tools.cameras.by_code(camera.code).label}) for camera in cameras])


def listed(items: Sequence[Text], most: int = SHOWN) -> Text:
    """Items with commas between them; of a long list the first ones and how many more there are."""
    if not items:
        return Text("{name}", {"name": "–"})
    text = items[0]
    for item in items[1:most]:
        text = Text("{first}, {second}", {"first": text, "second": item})
    if len(items) > most:
        text = Text("{first} and {count} more", {"first": text, "count": len(items) - most})
    return text


def level_lines(tools: Tools, of: Report) -> list[Text]:
    """The cameras that somebody must look at: below the limit, or not measured."""
    lines: list[Text] = []
    if red := of.of(Level.RED):
        lines.append(
            Text(
                "• Below {days} days (Điều 5): {cameras}",
                {"days": of.keep_days, "cameras": named_days(tools, red)},
            )
        )
    if unknown := of.of(Level.UNKNOWN):
        lines.append(Text("• Could not be measured: {cameras}", {"cameras": named(tools, unknown)}))
    return lines


def gap_lines(tools: Tools, of: Report, since: datetime) -> list[Text]:
    """What was not recorded since a moment: cameras that have stopped first, then holes by length, whole."""
    stopped: list[Text] = []
    holes: list[tuple[timedelta, Text]] = []
    for camera in of.cameras:
        label = tools.cameras.by_code(camera.code).label
        for gap in gaps(camera, camera.kept_since or since):
            if gap.end <= since:
                continue
            if has_stopped(camera, gap):
                stopped.append(Text("{camera} since {when}", {"camera": label, "when": Moment(gap.start)}))
            else:
                holes.append(
                    (gap.length, Text("{camera} {gap}", {"camera": label, "gap": clocked(tools, gap)}))
                )
    lines = []
    if stopped:
        lines.append(Text("• Not being recorded: {cameras}", {"cameras": listed(stopped)}))
    if holes:
        longest_first = [text for _, text in sorted(holes, key=lambda hole: hole[0], reverse=True)]
        lines.append(Text("• Gaps in the recording: {gaps}", {"gaps": listed(longest_first)}))
    return lines


def clocked(tools: Tools, gap: Stretch) -> Text:
    """A gap as "02:10–02:25 on 22/11 (15 minutes)"."""
    start, end = gap.start.astimezone(tools.zone), gap.end.astimezone(tools.zone)
    return Text(
        "{start}–{end} on {day} ({length})",
        {
            "start": f"{start:%H:%M}",
            "end": f"{end:%H:%M}" if end.date() == start.date() else f"{end:%H:%M} {end:%d/%m}",
            "day": f"{start:%d/%m}",
            "length": Length(gap.length),
        },
    )


def recorder_lines(states: Iterable[RecorderState]) -> list[Text]:
    """Faults of disks, clocks that are off, recorders that did not answer."""
    lines: list[Text] = []
    for state in states:
        if state.problem and state.clock_offset_seconds is None and not state.disks:
            lines.append(Text("• {recorder} did not answer", {"recorder": state.name}))
        elif state.problem:
            lines.append(
                Text(
                    "• {recorder} did not answer; its figures are of {when}",
                    {"recorder": state.name, "when": Moment(state.measured_at)},
                )
            )
        lines += [
            Text(
                "• Disk {disk} of {recorder}: {status}",
                {"disk": disk.name, "recorder": state.name, "status": disk.status},
            )
            for disk in state.disks
            if not disk.healthy
        ]
        offset = timedelta(seconds=state.clock_offset_seconds or 0)
        if abs(offset) > CLOCK_ERROR:
            how = (
                Text("• The clock of {recorder} is {offset} ahead")
                if offset > timedelta()
                else Text("• The clock of {recorder} is {offset} behind")
            )
            lines.append(how.filled(recorder=state.name, offset=Length(abs(offset))))
    return lines


def figure_lines(tools: Tools, of: Report, states: Iterable[RecorderState]) -> list[Text]:
    """How many cameras keep the days that Điều 5 wants, the least and the middle, disks, when measured."""
    counted = of.counted
    lines: list[Text] = []
    if counted:
        enough = len([camera for camera in counted if camera.level is not Level.RED])
        lines.append(
            Text(
                "{enough} of {count} cameras keep {days} days or more (Điều 5).",
                {"enough": enough, "count": len(counted), "days": of.keep_days},
            )
        )
        lines.append(
            Text(
                "Least: {least} days ({camera}); median: {median} days.",
                {"least": counted[0].shown_days, "camera": counted[0].code, "median": of.median_days},
            )
        )
    amber = of.of(Level.AMBER)
    if len(amber) > SHOWN:
        lines.append(Text("Close to the limit: {count} cameras.", {"count": len(amber)}))
    elif amber:
        lines.append(Text("Close to the limit: {cameras}.", {"cameras": named_days(tools, amber)}))
    if new := of.of(Level.NEW):
        lines.append(Text("New, not counted: {cameras}.", {"cameras": named_days(tools, new)}))
    disks = [disk for state in states for disk in state.disks]
    if disks:
        size = sum(disk.capacity_bytes for disk in disks) / 1e12
        well = all(disk.healthy for disk in disks)
        text = (
            Text("Recorder: {count} disks, {size} TB, all well.")
            if well
            else Text("Recorder: {count} disks, {size} TB.")
        )
        lines.append(text.filled(count=len(disks), size=round(size, 1)))
    if of.measured_at is not None:
        lines.append(Text("Measured at {when}.", {"when": Moment(of.measured_at)}))
    return lines


async def map_of(tools: Tools, of: Report, language: str) -> bytes:
    """The map of all cameras and days, a PNG."""
    today = (of.measured_at or tools.now()).astimezone(tools.zone).date()
    days = [today - timedelta(days=back) for back in range(of.keep_days + 2, -1, -1)]
    rows = [_row(tools, camera, days, language) for camera in of.cameras]

    def said(text: Text) -> str:
        return tools.phrase(text, language)

    measured = Moment(of.measured_at) if of.measured_at else "–"
    words = MapWords(
        title=said(Text("How many days of footage are kept")),
        subtitle=said(Text("{school} · measured at {when}", {"school": tools.school, "when": measured})),
        days=said(Text("days")),
        today=said(Text("today")),
        limit=said(Text("{days} days (Điều 5)", {"days": of.keep_days})),
        whole=said(Text("whole day")),
        most=said(Text("under 1 hour missing")),
        half=said(Text("half or more recorded")),
        little=said(Text("less than half")),
        nothing=said(Text("not recorded")),
        gone=said(Text("no longer kept")),
        red=said(Text("under {days}", {"days": of.keep_days})),
        amber=said(Text("under {days}", {"days": of.keep_days + 2})),
        new=said(Text("new camera")),
    )
    return await retention_map(rows, days, words, keep_days=of.keep_days)


async def spooled(tools: Tools, of: Report, picture: bytes) -> Media:
    """A copy of the map for one message: a file of the spool goes when it has been sent."""
    day = (of.measured_at or tools.now()).astimezone(tools.zone)
    key = await tools.vault.spool(picture, ".png")
    return Media(MediaKind.PHOTO, key, f"luu-tru-{day:%Y-%m-%d}.png")


def _row(tools: Tools, kept: CameraKept, days: Sequence[date], language: str) -> Row:
    camera = tools.cameras.by_code(kept.code)
    figure = "?" if kept.kept is None else tools.phrase(Text("{name}", {"name": kept.shown_days}), language)
    return Row(
        code=camera.code,
        name=camera.name,
        figure=figure,
        band=Band(kept.level.value),
        shares=tuple(covered_share(kept, day) for day in days),
    )
