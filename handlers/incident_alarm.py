"""Telling people of an incident, until somebody has taken it (Điều 7 khoản 1).

What is told stands in the outbox in the transaction of its cause. At level 4 a durable job sends a second
message to whoever was silent, then tells the next people; who cannot be reached is passed over at once.
"""

from collections.abc import Mapping
from datetime import datetime

from domain.chat import Text
from domain.incidents import EntryKind, Incident, IncidentState, Severity, waves
from handlers import access, incident_footage
from handlers.asking import Ask, entry, system_entry
from handlers.incident_cards import show_everybody, show_reporter, tell
from handlers.ports import Again, Tools, UnitOfWork


async def send(uow: UnitOfWork, tools: Tools, incident: Incident, ask: Ask | None, *notes: Text) -> Incident:
    """A draft becomes a report: into the book, to whoever its level costs, and its footage is kept.

    `ask` None: the reporter left half-way, and it goes as it stands.
    """
    now = tools.now()
    incident = await uow.incidents.move(
        incident, IncidentState.REPORTED, reported_at=now, unfinished=ask is None
    )
    details = {"level": int(incident.severity), "kind": incident.kind.value}
    if ask is None:
        await uow.incidents.note(incident.id, now, None, EntryKind.COMPLETED_BY_ITSELF)
        await uow.audit.write(system_entry(now, "incident:report:by_itself", incident.code, details))
    else:
        await uow.incidents.note(incident.id, now, incident.reporter_id, EntryKind.REPORTED)
        await uow.audit.write(entry(ask, "incident:report:done", incident.code, "Điều 3", details))
    await incident_footage.keep(uow, tools, incident)
    incident = await raise_alarm(uow, tools, incident)
    await show_reporter(uow, tools, incident, *notes, to=ask.account if ask else None)
    return incident


async def raise_alarm(uow: UnitOfWork, tools: Tools, incident: Incident) -> Incident:
    """Tell whoever the level costs and has not been told; at level 4 go on until somebody takes it."""
    now = tools.now()
    if incident.is_emergency and incident.alarmed_at is None:
        incident = await uow.incidents.amend(incident.id, alarmed_at=now, step=0)
        key = f"incident:{incident.id}:escalate"
        await uow.jobs.want("incident.escalate", key, {"incident": incident.id}, now)
    await _tell_next(uow, tools, incident, first=True)
    return incident


async def take(ask: Ask, tools: Tools) -> Text | None:
    """`Đã nhận`: the first who taps sees to it, the others are told who that is."""
    async with tools.begin() as uow:
        incident = await access.incident_to_handle(uow, ask, ask.number("incident"))
        now = tools.now()
        await uow.incidents.alerts.seen(incident.id, ask.person.id, now)
        if incident.taken_by is not None or not incident.may_go(IncidentState.TAKEN):
            await uow.incidents.note(incident.id, now, ask.person.id, EntryKind.SEEN)
            await tell(uow, tools, incident, ask.person.id)
            await uow.commit()
            return await _who_has_it(tools, incident)
        incident = await uow.incidents.move(
            incident, IncidentState.TAKEN, taken_by=ask.person.id, taken_at=now
        )
        await uow.incidents.note(incident.id, now, ask.person.id, EntryKind.TAKEN)
        await uow.audit.write(entry(ask, "incident:take:done", incident.code, "Điều 7 khoản 1"))
        await show_everybody(uow, tools, incident)
        await uow.commit()
    return Text("You have taken {code}.", {"code": incident.code})


async def _who_has_it(tools: Tools, incident: Incident) -> Text:
    async with tools.reading() as uow:
        by = incident.taken_by or incident.closed_by
        person = await uow.people.get(by) if by is not None else None
    if person is None:
        return Text("{code} is closed already.", {"code": incident.code})
    return Text("{who} has already taken {code}.", {"who": person.called, "code": incident.code})


async def set_level(uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident, wanted: Severity) -> Incident:
    """Write the level anew, tell those whom it costs, and say it on every card; an emergency rings again."""
    is_new_emergency = wanted is Severity.EMERGENCY and not found.is_emergency
    told = [alert for alert in await uow.incidents.alerts.of(found.id) if alert.is_reachable]
    found = await uow.incidents.amend(found.id, severity=wanted)
    await incident_footage.keep(uow, tools, found)
    found = await raise_alarm(uow, tools, found)
    await changed(uow, ask, tools, found, EntryKind.LEVEL, str(int(wanted)))
    if is_new_emergency:
        for alert in told:
            await tell(uow, tools, found, alert.person_id, Text("Now an emergency."), is_new=True)
    return found


async def changed(
    uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident, what: EntryKind, about: str
) -> None:
    """Something about a report was written anew: into timeline and log, and onto every card."""
    await uow.incidents.note(found.id, ask.at, ask.person.id, what, about=about)
    await uow.audit.write(
        entry(ask, f"incident:{what.value}:changed", found.code, "Điều 3", {what.value: about})
    )
    await show_everybody(uow, tools, found)


async def escalate(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: the second message, then the next people, until somebody has taken it."""
    del attempt
    async with tools.begin() as uow:
        incident = await uow.incidents.get(int(data["incident"]))
        if incident is None or not _is_waiting(incident) or incident.alarmed_at is None:
            return None
        now, step = tools.now(), incident.step + 1
        due = tools.rules.step_at(incident.alarmed_at, step)
        if now < due:
            return Again(due - now)
        incident = await uow.incidents.amend(incident.id, step=step)
        if step == 1:
            await _second_message(uow, tools, incident)
            goes_on = True
        else:
            goes_on = await _tell_next(uow, tools, incident)
        await show_reporter(uow, tools, incident)
        await uow.audit.write(system_entry(now, "incident:escalate:done", incident.code, {"step": step}))
        await uow.commit()
    return Again(tools.rules.step_at(incident.alarmed_at or now, step + 1) - now) if goes_on else None


async def unreachable(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: somebody can never get the message; the next person is told at once."""
    del attempt
    async with tools.begin() as uow:
        incident = await uow.incidents.get(int(data["incident"]))
        if incident is None:
            return None
        now, person_id = tools.now(), int(data["person"])
        alert = await uow.incidents.alerts.get(incident.id, person_id)
        known = await uow.incidents.entries(incident.id)
        is_noted = any(line.kind is EntryKind.UNREACHABLE and line.about == str(person_id) for line in known)
        if alert is None or alert.is_reachable or is_noted:
            return None
        await _note_unreachable(uow, tools, incident, person_id, now)
        if incident.is_running and incident.taken_by is None:
            await _tell_next(uow, tools, incident, one=True)
        await show_everybody(uow, tools, incident)
        await uow.commit()
    return None


async def alerted(uow: UnitOfWork, data: Mapping[str, str | int], now: datetime) -> None:
    """Follow-up: an alert has arrived. Whether it is read, only its button tells."""
    del uow, data, now


async def not_alerted(uow: UnitOfWork, data: Mapping[str, str | int], now: datetime) -> None:
    """Follow-up: an alert can never arrive (blocked, no such chat)."""
    incident_id, person_id = int(data["incident"]), int(data["person"])
    alert = await uow.incidents.alerts.undelivered(incident_id, person_id)
    if alert is not None and not alert.is_reachable:
        key = f"incident:{incident_id}:unreachable:{person_id}"
        await uow.jobs.want("incident.unreachable", key, dict(data), now)


def _is_waiting(incident: Incident) -> bool:
    return incident.is_emergency and incident.is_running and incident.taken_by is None


async def _second_message(uow: UnitOfWork, tools: Tools, incident: Incident) -> None:
    now = tools.now()
    for alert in await uow.incidents.alerts.of(incident.id):
        if alert.seen_at is None and alert.is_reachable:
            await uow.incidents.alerts.reminded(incident.id, alert.person_id, now)
            await tell(
                uow,
                tools,
                incident,
                alert.person_id,
                Text("Second message: nobody has taken this yet. Please call the others."),
                is_new=True,
            )
    await uow.incidents.note(incident.id, now, None, EntryKind.SECOND_MESSAGE)


async def _tell_next(
    uow: UnitOfWork, tools: Tools, incident: Incident, *, first: bool = False, one: bool = False
) -> bool:
    """Tell the next wave in which somebody has not been told and can be reached.

    `first`: only those of the first wave, unless none of them can be reached. `one`: only one person.

    Returns:
        Whether anybody was told.
    """
    now = tools.now()
    owner = tools.cameras.by_code(incident.camera_code).owner if incident.camera_code else ""
    known = {alert.person_id for alert in await uow.incidents.alerts.of(incident.id)}
    plan = waves(incident.severity, incident.kind, owner, await uow.people.everybody(), incident.reporter_id)
    for number, wave in enumerate(plan):
        reached = 0
        for person in wave:
            if person.id in known:
                continue
            accounts = len(await uow.people.accounts(person.id))
            await uow.incidents.alerts.add(incident.id, person.id, number, accounts, now)
            if not accounts:
                await _note_unreachable(uow, tools, incident, person.id, now)
                continue
            await uow.incidents.note(incident.id, now, None, EntryKind.ALERTED, about=str(person.id))
            await tell(uow, tools, incident, person.id, is_new=True)
            reached += 1
            if one:
                return True
        if reached:
            return True
        if first and any(person.id in known for person in wave):
            return False
    return False


async def _note_unreachable(
    uow: UnitOfWork, tools: Tools, incident: Incident, person_id: int, now: datetime
) -> None:
    await uow.incidents.note(incident.id, now, None, EntryKind.UNREACHABLE, about=str(person_id))
    details = {"person": person_id}
    await uow.audit.write(system_entry(tools.now(), "incident:alert:undelivered", incident.code, details))
