"""`/luutru`: how long footage is kept (Điều 5), of the whole school or of one camera."""

from datetime import datetime, timedelta

from domain.cameras import Camera
from domain.chat import Moment, Text
from domain.measuring import day_bounds
from domain.retention import CameraKept, Level, Report, continuous_since, gaps, has_stopped, kept_minutes
from domain.vietnamese.places import find_cameras
from domain.vietnamese.readings import Match, Outcome
from handlers import access, snapshot
from handlers.asking import Ask, Rows, answer, entry
from handlers.ports import Tools
from handlers.retention_report import (
    clocked,
    figure_lines,
    gap_lines,
    level_lines,
    listed,
    map_of,
    read_report,
    recorder_lines,
    spooled,
)

DAYS_TOLD = 7
GAPS_TOLD = 8

_LEVELS = {
    Level.RED: Text("{camera}: {days} days kept, below the {limit} days of Điều 5."),
    Level.AMBER: Text("{camera}: {days} days kept, close to the {limit} days of Điều 5."),
    Level.GOOD: Text("{camera}: {days} days kept (Điều 5 wants {limit})."),
    Level.NEW: Text("{camera}: new, {days} days kept so far (Điều 5 wants {limit})."),
}


async def retention(ask: Ask, tools: Tools) -> None:
    """`/luutru [CAMERA]`: the whole, or one camera with the gaps of its latest days."""
    match = find_cameras(ask.args, tools.cameras.index)
    is_unknown = match.outcome is Outcome.NOTHING and ask.args.strip()
    if is_unknown or match.outcome in (Outcome.UNCLEAR, Outcome.UNKNOWN):
        async with tools.reading() as uow:
            await access.retention_of_all(uow, tools, ask)
        await snapshot.which(ask, tools, match, "retention.camera")
    else:
        await act_on(ask, tools, match)


async def camera(ask: Ask, tools: Tools) -> None:
    """A camera's button."""
    await _one(ask, tools, tools.cameras.by_code(ask.text("camera")))


async def act_on(ask: Ask, tools: Tools, match: Match, choices: Rows = ()) -> None:
    """One camera where one was named, else the whole."""
    if match.outcome is Outcome.ONE:
        await _one(ask, tools, match.cameras[0], choices)
    else:
        await whole(ask, tools, choices)


async def whole(ask: Ask, tools: Tools, choices: Rows = ()) -> None:
    """Every camera that the person may read of, worst first, as words and as a map."""
    async with tools.reading() as uow:
        readable = await access.retention_of_all(uow, tools, ask)
        report = await read_report(uow, tools, [one.code for one in readable.cameras])
        states = [state for _, state in sorted((await uow.retention.recorders()).items())]
    lines = [Text("Footage that is kept, by what the recorder lists:")]
    is_whole = len(readable.cameras) == len(tools.cameras.all)
    if report.measured_at is None:
        lines = [not_yet(), *(recorder_lines(states) if is_whole else [])]
    elif not readable.sums_only:
        lines += level_lines(tools, report)
        lines += gap_lines(tools, report, yesterday(tools, report.measured_at))
        lines += recorder_lines(states) if is_whole else []
    lines += figure_lines(tools, report, states if is_whole else ())
    picture = None
    if is_whole and not readable.sums_only and report.measured_at is not None:
        picture = await map_of(tools, report, ask.person.language)
    async with tools.begin() as uow:
        await access.retention_of_all(uow, tools, ask)  # a removal meanwhile counts
        details = {"cameras": len(readable.cameras)}
        await uow.audit.write(entry(ask, "retention:all:shown", "all", readable.article, details))
        await uow.outbox.say(answer(ask, *lines, choices=choices), ask.at)
        if picture is not None:
            media = await spooled(tools, report, picture)
            await uow.outbox.say(answer(ask, map_words(report), media=media), ask.at)
        await uow.commit()


async def _one(ask: Ask, tools: Tools, camera: Camera, choices: Rows = ()) -> None:
    async with tools.begin() as uow:
        article = await access.retention_of(uow, ask, camera)
        kept = (await read_report(uow, tools, [camera.code])).cameras[0]
        lines = about(tools, camera, kept)
        await uow.audit.write(entry(ask, "retention:camera:shown", camera.code, article))
        await uow.outbox.say(answer(ask, *lines, choices=choices), ask.at)
        await uow.commit()


def about(tools: Tools, camera: Camera, kept: CameraKept) -> list[Text]:
    """One camera: its days, since when without a gap, minutes and gaps of the latest days."""
    if kept.level is Level.UNKNOWN or kept.measured_at is None:
        if not kept.problem:
            return [not_yet()]
        return [Text("{camera} could not be measured; IT staff see why.", {"camera": camera.label})]
    head = _LEVELS[kept.level].filled(
        camera=camera.label, days=kept.shown_days, limit=tools.limits.retention_days
    )
    if kept.kept_since is None:
        nothing = Text("The recorder lists no footage of it.")
        return [head, nothing, _measured(kept.measured_at)]
    lines = [head, Text("Oldest footage: {when}.", {"when": Moment(kept.kept_since)})]
    holes = gaps(kept, kept.kept_since)
    whole_since = continuous_since(kept)
    if holes and whole_since is not None:
        lines.append(Text("Without a gap since {when}.", {"when": Moment(whole_since)}))
    elif not holes:
        lines.append(Text("Without a gap since then."))
    else:
        lines.append(Text("Not being recorded since {when}.", {"when": Moment(holes[-1].start)}))
    lines += [Text("Minutes recorded:"), *_minutes(kept)]
    since = min(yesterday(tools, kept.measured_at) - timedelta(days=DAYS_TOLD - 2), kept.measured_at)
    recent = [hole for hole in holes if hole.end > since and not has_stopped(kept, hole)]
    if recent:
        told = listed([clocked(tools, hole) for hole in reversed(recent)], GAPS_TOLD)
        lines.append(Text("Gaps: {gaps}.", {"gaps": told}))
    return [*lines, _measured(kept.measured_at)]


def yesterday(tools: Tools, at: datetime) -> datetime:
    """The beginning of the day before."""
    day = at.astimezone(tools.zone).date() - timedelta(days=1)
    return day_bounds(day, tools.zone).start


def map_words(report: Report) -> Text:
    """What stands below the map."""
    return Text("Map of the last {days} days, worst first.", {"days": report.keep_days + 2})


def not_yet() -> Text:
    """Nothing was measured so far."""
    return Text("Nothing has been measured yet; the first measurement takes a minute or two.")


def _minutes(kept: CameraKept) -> list[Text]:
    latest = sorted(kept.days, key=lambda one: one.day, reverse=True)[:DAYS_TOLD]
    return [
        Text(
            "• {day}: {minutes} of {of}",
            {
                "day": f"{one.day:%d/%m}",
                "minutes": minutes,
                "of": round((one.until - one.start).total_seconds() / 60),
            },
        )
        for one in latest
        if (minutes := kept_minutes(kept, one.day)) is not None
    ]


def _measured(at: datetime) -> Text:
    return Text("Measured at {when}.", {"when": Moment(at)})
