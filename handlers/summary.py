"""The morning summary: first what needs a person, then the figures, then the map. No picture of people.

Sent once a person and day, at the set time (`[summary] at`); a service that was not running then sends it
late until noon and says so. The fact that it was sent is written in the transaction that puts it into every
chat's queue, so that no restart doubles it.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, time, timedelta

from domain.chat import Media, Moment, Outgoing, Text
from domain.incidents import RUNNING
from domain.people import Person, Role
from domain.requests import UNDECIDED, FootageRequest, Hold, RequestState
from domain.retention import CameraKept, RecorderState, Report, overwritten_at
from handlers import access, alarm
from handlers.asking import system_entry
from handlers.incident_texts import LEVELS, STATES
from handlers.measuring import ROUND
from handlers.ports import Again, Tools, UnitOfWork
from handlers.retention import map_words, not_yet, yesterday
from handlers.retention_report import (
    figure_lines,
    gap_lines,
    level_lines,
    listed,
    map_of,
    read_report,
    recorder_lines,
    spooled,
)

READERS = (Role.PRINCIPAL, Role.DEPUTY, Role.IT, Role.HEAD_GUARD)
NO_LATER_THAN = time(12)
LATE = timedelta(minutes=15)
SOON = timedelta(days=3)
SENT = "summary:sent"
WANTED = "summary:wanted"
WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=5)
SHORT_HASH = 12
INCIDENTS_READ = 50


async def begin(tools: Tools) -> int:
    """Watch: in the morning, let the day's summary be sent; 1 when it was told to."""
    at = tools.times.summary_at
    local = tools.now().astimezone(tools.zone)
    if at is None or not at <= local.time() < max(NO_LATER_THAN, _after(at)):
        return 0
    today, this_hour = f"{local:%Y-%m-%d}", f"{local:%Y-%m-%dT%H}"
    async with tools.reading() as uow:
        # A job that has given up is wanted once more an hour later.
        if await _is_done(uow, today) or await uow.facts.get(WANTED) == this_hour:
            return 0
    async with tools.begin() as uow:
        await uow.facts.put(WANTED, this_hour)
        data = {"day": today, "begun": tools.now().isoformat()}
        await uow.jobs.want("summary", f"summary:{this_hour}", data, tools.now())
        await uow.commit()
    return 1


async def send(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: wait a little for a measurement that is under way, then tell everybody in one transaction."""
    del attempt
    day = str(data["day"])
    waited = tools.now() - datetime.fromisoformat(str(data["begun"]))
    async with tools.reading() as uow:
        if await _is_done(uow, day) or tools.now().astimezone(tools.zone).date() > date.fromisoformat(day):
            return None
        if waited < LONGEST_WAIT and await _is_measuring(uow, tools):
            return Again(WAIT)
        readers = await access.retention_readers(uow, READERS)
        report = await read_report(uow, tools)
    maps = await _maps(tools, report, readers)
    async with tools.begin() as uow:
        if await _is_done(uow, day):
            return None
        now = tools.now()
        lines = await text_of(uow, tools)
        told = 0
        for person in await access.retention_readers(uow, READERS):
            if not await uow.outbox.say(Outgoing(person.id, tuple(lines)), now):
                continue
            told += 1
            if media := maps.get(person.id):
                await uow.outbox.say(Outgoing(person.id, (map_words(report),), media=media), now)
        await uow.facts.put(SENT, day)
        await uow.audit.write(system_entry(now, "summary:send:done", day, {"people": told}))
        await uow.commit()
    return None


async def _maps(tools: Tools, report: Report, readers: list[Person]) -> dict[int, Media]:
    """A copy of the map for each person; on a full disk the words go without it."""
    if report.measured_at is None:
        return {}
    languages = sorted({person.language for person in readers})
    pictures = {language: await map_of(tools, report, language) for language in languages}
    try:
        return {person.id: await spooled(tools, report, pictures[person.language]) for person in readers}
    except OSError as error:
        await alarm.failed(tools, error)
        return {}


async def text_of(uow: UnitOfWork, tools: Tools) -> list[Text]:
    """The whole text, as it is this moment."""
    morning = Morning(
        tools,
        await read_report(uow, tools),
        [state for _, state in sorted((await uow.retention.recorders()).items())],
    )
    local = tools.now().astimezone(tools.zone)
    lines = [
        Text(
            "Morning summary, {day}",
            {"day": Moment(tools.now(), "day")},
        )
    ]
    planned = tools.times.summary_at
    if planned is not None and local - datetime.combine(local.date(), planned, tools.zone) > LATE:
        lines.append(
            Text(
                "Sent late, at {when}: the assistant was not running at {planned}.",
                {"when": f"{local:%H:%M}", "planned": f"{planned:%H:%M}"},
            )
        )
    needed = [line for section in SECTIONS for line in await section(uow, morning)]
    lines.append(Text("Needs attention:") if needed else Text("Nothing needs attention."))
    lines += needed
    end = await uow.audit.end()
    return [
        *lines,
        Text("Figures:"),
        *figure_lines(tools, morning.report, morning.recorders),
        Text(
            "Audit log: {count} entries, ends with {hash}.",
            {"count": end.number, "hash": end.hash[:SHORT_HASH]},
        ),
    ]


class Morning:
    """What the sections of the summary are made from."""

    def __init__(self, tools: Tools, report: Report, recorders: list[RecorderState]) -> None:
        self.tools = tools
        self.report = report
        self.recorders = recorders
        self.since = yesterday(tools, report.measured_at or tools.now())

    def kept(self, camera_code: str) -> CameraKept | None:
        """One camera of the report."""
        return next((one for one in self.report.cameras if one.code == camera_code), None)


async def _incidents(uow: UnitOfWork, morning: Morning) -> list[Text]:
    """Incidents that nobody has closed: code, level and state, for not every reader may see more."""
    del morning
    running = await uow.incidents.find(states=sorted(RUNNING), limit=INCIDENTS_READ)
    if not running:
        return []
    running.sort(key=lambda incident: (-incident.severity, incident.id))
    told = [
        Text(
            "{code} {level}, {state}",
            {
                "code": incident.code,
                "level": LEVELS[incident.severity],
                "state": STATES[incident.state],
            },
        )
        for incident in running
    ]
    return [Text("• Incidents that run: {incidents}", {"incidents": listed(told)})]


async def _levels(uow: UnitOfWork, morning: Morning) -> list[Text]:
    del uow
    if morning.report.measured_at is None:
        return [Text("• {what}", {"what": not_yet()})]
    return level_lines(morning.tools, morning.report)


async def _gaps(uow: UnitOfWork, morning: Morning) -> list[Text]:
    del uow
    return gap_lines(morning.tools, morning.report, morning.since)


async def _recorders(uow: UnitOfWork, morning: Morning) -> list[Text]:
    del uow
    return recorder_lines(morning.recorders)


async def _requests(uow: UnitOfWork, morning: Morning) -> list[Text]:
    del morning
    waiting = await uow.requests.in_state(*UNDECIDED)
    by_hand = await uow.requests.in_state(RequestState.FAILED)
    lines: list[Text] = []
    if waiting:
        codes = listed([Text("{name}", {"name": request.code}) for request in waiting])
        lines.append(
            Text("• {count} requests wait for a decision: {codes}", {"count": len(waiting), "codes": codes})
        )
    if by_hand:
        codes = listed([Text("{name}", {"name": request.code}) for request in by_hand])
        lines.append(
            Text(
                "• {count} recordings wait to be extracted by hand: {codes}",
                {"count": len(by_hand), "codes": codes},
            )
        )
    return lines


async def _soon_overwritten(uow: UnitOfWork, morning: Morning) -> list[Text]:
    """Footage that somebody asked for, that is not in the vault and that the recorder will soon overwrite."""
    open_states = (*UNDECIDED, RequestState.APPROVED, RequestState.FAILED)
    found: list[tuple[datetime, FootageRequest]] = []
    for request in await uow.requests.in_state(*open_states):
        kept = morning.kept(request.camera_code)
        if request.hold in (Hold.HELD, Hold.RELEASED) or kept is None:
            continue
        at = overwritten_at(request.start, kept)
        if at is not None and at - morning.tools.now() < SOON:
            found.append((at, request))
    return [
        Text(
            "• Soon overwritten: {code}, {camera}, about {when}",
            {
                "code": request.code,
                "camera": morning.tools.cameras.by_code(request.camera_code).label,
                "when": Moment(at),
            },
        )
        for at, request in sorted(found, key=lambda one: one[0])
    ]


Section = Callable[[UnitOfWork, Morning], Awaitable[list[Text]]]
SECTIONS: tuple[Section, ...] = (_incidents, _levels, _gaps, _recorders, _requests, _soon_overwritten)
"""What may need a person, in the order in which it is told. Another feature joins with a function here."""


async def _is_done(uow: UnitOfWork, day: str) -> bool:
    return (await uow.facts.get(SENT) or "") >= day


async def _is_measuring(uow: UnitOfWork, tools: Tools) -> bool:
    """Whether a recorder that answers is being measured now, or soon for the first time."""
    if not tools.times.measure_at:
        return False
    states = await uow.retention.recorders()
    for name in tools.cameras.recorders:
        state, current = states.get(name), await uow.facts.get(ROUND + name)
        if state is None or state.round != current or not (state.finished_at or state.problem):
            return True
    return False


def _after(at: time) -> time:
    """An hour later, for a school that wants its summary at noon or in the evening."""
    return (datetime.combine(date.min, at) + timedelta(hours=1)).time() if at < time(23) else time.max
