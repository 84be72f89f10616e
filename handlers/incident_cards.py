"""How an incident stands in the chats: the reporter's card, and the card of everybody who was told."""

from domain.chat import Account, Choice, Moment, Outgoing, Period, Text
from domain.incident_words import guess, helplines
from domain.incidents import EntryKind, HoldState, Incident, IncidentEntry, IncidentHold, Severity
from domain.people import Person
from handlers import words
from handlers.asking import Rows, rows_of
from handlers.incident_texts import CALL, OTHER_NUMBERS, STATES, headline, said
from handlers.ports import Tools, UnitOfWork


def report_slot(incident_id: int) -> str:
    """Where a report stands in its reporter's chat."""
    return f"incident:{incident_id}:report"


def alert_slot(incident_id: int) -> str:
    """Where it stands in the chats of those who were told."""
    return f"incident:{incident_id}:alert"


async def show_everybody(uow: UnitOfWork, tools: Tools, incident: Incident) -> None:
    """Every card about an incident says how it stands now."""
    await show_reporter(uow, tools, incident)
    for alert in await uow.incidents.alerts.of(incident.id):
        if alert.is_reachable:
            await tell(uow, tools, incident, alert.person_id)


async def show_reporter(
    uow: UnitOfWork, tools: Tools, incident: Incident, *notes: Text, to: Account | None = None
) -> None:
    """The reporter's own card; `to`: the account that just wrote."""
    entries = await uow.incidents.entries(incident.id)
    text = [*notes]
    if incident.is_emergency and incident.is_running:
        lines = helplines(incident.kind, incident.text)
        text += [CALL[line] for line in lines[:2]]
        text.append(OTHER_NUMBERS)
    text.append(headline(tools, incident))
    if incident.text:
        text.append(Text("“{text}”", {"text": said(incident.text)}))
    text += _guessed(incident)
    text += await _told(uow, incident)
    text += await _standing(uow, incident, entries)
    text += _kept(tools, await uow.incidents.holds.of(incident.id))
    message = Outgoing(
        to or incident.reporter_id,
        tuple(text),
        choices=_reporter_buttons(incident, entries),
        slot=report_slot(incident.id),
        urgent=incident.is_emergency,
    )
    await uow.outbox.say(message, tools.now())


async def tell(
    uow: UnitOfWork, tools: Tools, incident: Incident, person_id: int, *notes: Text, is_new: bool = False
) -> int:
    """The card of somebody who is told, on every account. `is_new`: it rings, also where one stands.

    Returns:
        How many accounts it was said to: 0 where nobody can be reached there.
    """
    entries = await uow.incidents.entries(incident.id)
    reporter = await uow.people.get(incident.reporter_id)
    text = [*notes]
    if incident.is_emergency and incident.is_running:
        text.append(Text("URGENT."))
    text.append(headline(tools, incident))
    text.append(_reported(incident, reporter))
    if incident.unfinished:
        text.append(Text("The report was not finished; the reporter is asked for more."))
    text += await _standing(uow, incident, entries)
    text += _kept(tools, await uow.incidents.holds.of(incident.id))
    said_to = 0
    for account in await uow.people.accounts(person_id):
        message = Outgoing(
            account,
            tuple(text),
            choices=_alert_buttons(incident),
            slot=alert_slot(incident.id),
            anew=is_new,
            urgent=incident.is_emergency,
            then="incident.alerted" if is_new else None,
            then_data={"incident": incident.id, "person": person_id} if is_new else {},
        )
        said_to += await uow.outbox.say(message, tools.now())
    return said_to


def _reported(incident: Incident, reporter: Person | None) -> Text:
    values: dict[str, str | Moment | Text] = {
        "who": reporter.called if reporter else "–",
        "role": words.ROLES[reporter.role] if reporter else "–",
        "when": Moment(incident.reported_at or incident.created_at),
    }
    if not incident.text:
        return Text("{who} ({role}) reported it at {when}.", values)
    return Text("{who} ({role}) at {when}: “{text}”", {**values, "text": said(incident.text)})


def _guessed(incident: Incident) -> list[Text]:
    """Which words the level and kind rest on, while they are what was guessed."""
    found = guess(incident.text)
    is_guess = found.kind is incident.kind and found.severity is incident.severity
    if not (found.because and is_guess and incident.is_running):
        return []
    return [
        Text(
            "Level and kind follow from “{words}”; change them if they are wrong.",
            {"words": "”, “".join(found.because)},
        )
    ]


async def _told(uow: UnitOfWork, incident: Incident) -> list[Text]:
    alerts = await uow.incidents.alerts.of(incident.id)
    told = [await uow.people.get(alert.person_id) for alert in alerts if alert.is_reachable]
    names = ", ".join(person.called for person in told if person is not None)
    if names:
        return [Text("Told: {names}.", {"names": names})]
    return [Text("Written into the book; nobody has to be told.")]


async def _standing(uow: UnitOfWork, incident: Incident, entries: list[IncidentEntry]) -> list[Text]:
    """Who called for help, who could not be reached, who has taken it, how it ended."""
    lines: list[Text] = []
    for entry in entries:
        who = await _name(uow, entry.person_id)
        if entry.kind is EntryKind.CALLED:
            values: dict[str, str | Moment] = {
                "who": who,
                "number": entry.about,
                "when": Moment(entry.at, "clock"),
            }
            lines.append(Text("{who} called {number} at {when}.", values))
        elif entry.kind is EntryKind.UNREACHABLE and incident.is_running:
            missing = await _name(uow, int(entry.about))
            lines.append(Text("{who} could not be reached.", {"who": missing}))
    if incident.taken_by is not None and incident.taken_at is not None:
        values = {"who": await _name(uow, incident.taken_by), "when": Moment(incident.taken_at)}
        lines.append(Text("{who} has taken it at {when}.", values))
    if incident.assigned_to is not None and incident.is_running:
        lines.append(Text("{who} sees to it.", {"who": await _name(uow, incident.assigned_to)}))
    if incident.closed_at is not None and not incident.is_running:
        lines.append(
            Text(
                "Closed by {who} at {when}: {result}",
                {
                    "who": await _name(uow, incident.closed_by),
                    "when": Moment(incident.closed_at),
                    "result": said(incident.result),
                },
            )
        )
    elif incident.taken_by is None and incident.severity is not Severity.NOTED:
        lines.append(Text("State: {state}.", {"state": STATES[incident.state]}))
    return lines


def _kept(tools: Tools, holds: list[IncidentHold]) -> list[Text]:
    """Which footage is kept or being kept; to see it takes an approved request."""
    good = [hold for hold in holds if hold.state in (HoldState.QUEUED, HoldState.HELD)]
    if not good:
        return []
    names = ", ".join(tools.cameras.by_code(hold.camera_code).code for hold in good)
    span = Period(good[0].start, good[0].end)
    if all(hold.state is HoldState.HELD for hold in good):
        return [Text("Footage kept, sealed: {cameras}, {span}.", {"cameras": names, "span": span})]
    return [Text("Footage is being kept: {cameras}, {span}.", {"cameras": names, "span": span})]


def _reporter_buttons(incident: Incident, entries: list[IncidentEntry]) -> Rows:
    if not incident.is_running:
        return ((button(incident, Text("Details"), "incident.details"),),)
    called = {entry.about for entry in entries if entry.kind is EntryKind.CALLED}
    rows: list[tuple[Choice, ...]] = []
    if incident.is_emergency:
        lines = [line for line in helplines(incident.kind, incident.text)[:3] if line.value not in called]
        rows += rows_of(
            [
                button(
                    incident,
                    Text("Called {number}", {"number": line.value}),
                    "incident.called",
                    number=line.value,
                )
                for line in lines
            ],
            3,
        )
    rows.append(
        (
            button(incident, Text("Change level"), "incident.levels"),
            button(incident, Text("Change kind"), "incident.kinds"),
        )
    )
    rows.append(
        (
            button(incident, Text("Change place"), "incident.places"),
            button(incident, Text("Add more"), "incident.note"),
        )
    )
    rows.append(
        (
            button(incident, Text("Details"), "incident.details"),
            button(incident, Text("False alarm"), "incident.mistake"),
        )
    )
    return tuple(rows)


def _alert_buttons(incident: Incident) -> Rows:
    rows: list[tuple[Choice, ...]] = []
    if incident.is_running and incident.taken_by is None:
        rows.append((button(incident, Text("Received"), "incident.take"),))
    rows.append((button(incident, Text("Details"), "incident.details"),))
    return tuple(rows)


def button(incident: Incident, label: Text, act: str, **data: str | int) -> Choice:
    """A button about one incident."""
    return Choice(label, act, {"incident": incident.id, **data})


async def _name(uow: UnitOfWork, person_id: int | None) -> str:
    person = await uow.people.get(person_id) if person_id is not None else None
    return person.called if person else "–"
