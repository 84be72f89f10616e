"""An incident in the book: its timeline, words and files, shown to those concerned (Điều 4 khoản 3)."""

from collections.abc import Mapping
from datetime import timedelta

from domain import regulation
from domain.chat import Choice, Media, MediaKind, Moment, Outgoing, Period, Text
from domain.incident_words import guess
from domain.incidents import (
    EntryKind,
    HoldState,
    Incident,
    IncidentEntry,
    IncidentKind,
    IncidentState,
    Severity,
)
from domain.regulation import Granted
from handlers import access
from handlers.asking import Ask, Rows, answer, entry
from handlers.incident_alarm import set_level
from handlers.incident_cards import button, show_everybody
from handlers.incident_texts import KINDS, LEVELS, STATES, headline, said
from handlers.ports import Tools, UnitOfWork

NOTE = "incident_note"
ANSWERED_WITHIN = timedelta(minutes=15)
LINES_SHOWN = 30


async def by_code(ask: Ask, tools: Tools, code: str, words: str) -> None:
    """`/suviec SC-2026-0031`: its timeline; words after the code are added to it."""
    async with tools.begin() as uow:
        found = await uow.incidents.by_code(code)
        if found is None:
            await uow.outbox.say(answer(ask, Text("There is no incident {code}.", {"code": code})), ask.at)
        else:
            found = await access.incident_to_see(uow, ask, found.id)
            if words:
                await add_words(uow, ask, tools, found, words)
            else:
                await show(uow, ask, tools, found)
        await uow.commit()


async def details(ask: Ask, tools: Tools) -> None:
    """`Chi tiết`: the timeline, with what this person may do."""
    async with tools.begin() as uow:
        found = await access.incident_to_see(uow, ask, ask.number("incident"))
        await show(uow, ask, tools, found)
        await uow.commit()


async def show(uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident, *notes: Text) -> None:
    """The whole of it in one message, the newest lines of the timeline where they are many."""
    reporter = await uow.people.get(found.reporter_id)
    files = await uow.incidents.files(found.id)
    lines = [*notes, headline(tools, found), Text("State: {state}.", {"state": STATES[found.state]})]
    if found.text:
        lines.append(Text("“{text}”", {"text": said(found.text)}))
    lines.append(
        Text(
            "Reported by {who}; happened at {when}.",
            {"who": reporter.called if reporter else "–", "when": Moment(found.happened_at)},
        )
    )
    lines += [
        Text(
            "{camera}, {span}: {state}.",
            {
                "camera": tools.cameras.by_code(hold.camera_code).label,
                "span": Period(hold.start, hold.end),
                "state": _HOLDS[hold.state],
            },
        )
        for hold in await uow.incidents.holds.of(found.id)
    ]
    entries = await uow.incidents.entries(found.id)
    lines += [await _line(uow, one) for one in entries[-LINES_SHOWN:]]
    rows = await _buttons(uow, ask, found, has_files=bool(files))
    await uow.outbox.say(
        answer(ask, *lines, choices=rows, slot=f"incident:{found.id}:details", anew=True), ask.at
    )


async def note(ask: Ask, tools: Tools) -> None:
    """`Ghi thêm`: the next words and files of this chat belong to the incident."""
    async with tools.begin() as uow:
        found = await access.incident_to_see(uow, ask, ask.number("incident"))
        await uow.dialogues.put(ask.account, NOTE, {"incident": found.id}, ask.at)
        text = Text("{code}: please write, or send photos, videos, voice.", {"code": found.code})
        await uow.outbox.say(answer(ask, text), ask.at)
        await uow.commit()


async def note_typed(ask: Ask, tools: Tools) -> bool:
    """Words after `Ghi thêm`."""
    async with tools.begin() as uow:
        dialogue = await uow.dialogues.get(ask.account)
        if dialogue is None or dialogue.kind != NOTE:
            return False
        found = await access.incident_to_see(uow, ask, int(dialogue.data["incident"]))
        await uow.dialogues.clear(ask.account)
        await add_words(uow, ask, tools, found)
        await uow.commit()
    return True


async def add_words(uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident, words: str = "") -> None:
    """A comment into the timeline; those who see to it are told. Words of an emergency raise the level."""
    text = (words or ask.args).strip()
    await uow.incidents.note(found.id, ask.at, ask.person.id, EntryKind.COMMENT, text)
    await uow.audit.write(entry(ask, "incident:comment:done", found.code, "Điều 3"))
    await uow.outbox.say(answer(ask, Text("Added to {code}.", {"code": found.code})), ask.at)
    is_worse = guess(text).severity is Severity.EMERGENCY and not found.is_emergency
    if is_worse and found.reporter_id == ask.person.id and found.is_running:
        found = await set_level(uow, ask, tools, found, Severity.EMERGENCY)
    message = Text(
        "{code}: {who} adds: “{text}”", {"code": found.code, "who": ask.person.called, "text": said(text)}
    )
    await tell_concerned(uow, ask, tools, found, message)


async def tell_concerned(uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident, text: Text) -> None:
    """Say something new to the reporter and to who sees to it; while nobody does, to all who were told."""
    seeing_to_it = [person for person in (found.taken_by, found.assigned_to) if person is not None]
    if not seeing_to_it:
        told = await uow.incidents.alerts.of(found.id)
        seeing_to_it = [alert.person_id for alert in told if alert.is_reachable]
    for person_id in dict.fromkeys([found.reporter_id, *seeing_to_it]):
        if person_id != ask.person.id:
            message = Outgoing(
                person_id,
                (text,),
                choices=((button(found, Text("Details"), "incident.details"),),),
                slot=f"incident:{found.id}:news:{tools.secret_code()}",
                urgent=found.is_emergency,
            )
            await uow.outbox.say(message, tools.now())


async def called(ask: Ask, tools: Tools) -> Text | None:
    """`Đã gọi 115`: everybody who was told sees it."""
    number = ask.text("number")
    async with tools.begin() as uow:
        found = await access.incident_to_see(uow, ask, ask.number("incident"))
        known = await uow.incidents.entries(found.id)
        if any(one.kind is EntryKind.CALLED and one.about == number for one in known):
            return Text("It is noted already that {number} was called.", {"number": number})
        await uow.incidents.note(found.id, ask.at, ask.person.id, EntryKind.CALLED, about=number)
        await uow.audit.write(
            entry(ask, "incident:call:noted", found.code, "Điều 7 khoản 1", {"number": number})
        )
        await show_everybody(uow, tools, found)
        await uow.commit()
    return Text("Noted: {number} was called.", {"number": number})


async def files(ask: Ask, tools: Tools) -> Text | None:
    """`Ảnh, tệp`: what people sent, and of cameras what this person may see."""
    async with tools.begin() as uow:
        found = await access.incident_to_see(uow, ask, ask.number("incident"))
        all_files = await uow.incidents.files(found.id)
        sent = [file for file in all_files if not file.camera_code]
        seen = [
            file
            for file in all_files
            if file.camera_code
            and await access.may_see_live(uow, ask.person, tools.cameras.by_code(file.camera_code))
        ]
        if not sent and not seen:
            return Text("There is nothing that you may see.")
        for file in sent:
            text = Text("{code} · sent at {when}", {"code": found.code, "when": Moment(file.at)})
            media = Media(MediaKind(file.kind), file.key, file.name)
            await uow.outbox.say(answer(ask, text, media=media, protect=True), ask.at)
        if seen:
            data = {"incident": found.id, "person": ask.person.id}
            await uow.jobs.want("incident.show", f"incident.show:{tools.secret_code()}", data, ask.at)
        details = {"files": len(sent)}
        await uow.audit.write(entry(ask, "incident:files:shown", found.code, "Điều 4 khoản 1", details))
        await uow.commit()
    return None


_HOLDS: Mapping[HoldState, Text] = {
    HoldState.QUEUED: Text("footage is being kept"),
    HoldState.HELD: Text("footage kept, sealed"),
    HoldState.NOTHING: Text("the recorder has no footage"),
    HoldState.FAILED: Text("footage could not be kept"),
    HoldState.DESTROYED: Text("kept footage destroyed"),
}
_LINES: Mapping[EntryKind, Text] = {
    EntryKind.REPORTED: Text("{when} {who} reported it"),
    EntryKind.COMPLETED_BY_ITSELF: Text("{when} sent as it stood, not finished by the reporter"),
    EntryKind.COMMENT: Text("{when} {who}: “{text}”"),
    EntryKind.FILE: Text("{when} {who} sent a file"),
    EntryKind.LEVEL: Text("{when} {who} changed the level: {level}"),
    EntryKind.KIND: Text("{when} {who} changed the kind: {kind}"),
    EntryKind.PLACE: Text("{when} {who} named the place: {about}"),
    EntryKind.CALLED: Text("{when} {who} called {about}"),
    EntryKind.ALERTED: Text("{when} told: {person}"),
    EntryKind.UNREACHABLE: Text("{when} could not be reached: {person}"),
    EntryKind.SECOND_MESSAGE: Text("{when} second message to those who were silent"),
    EntryKind.TAKEN: Text("{when} {who} took it"),
    EntryKind.SEEN: Text("{when} {who} has seen it"),
    EntryKind.ASSIGNED: Text("{when} {who} gave it to {person}"),
    EntryKind.IN_WORK: Text("{when} {who} is working on it"),
    EntryKind.CLOSED: Text("{when} {who} closed it: “{text}”"),
    EntryKind.REOPENED: Text("{when} {who} opened it again"),
    EntryKind.PICTURES: Text("{when} recorded pictures shown to {person}"),
    EntryKind.NO_PICTURES: Text("{when} no picture could be had"),
    EntryKind.HELD: Text("{when} footage of {about} kept, sealed"),
    EntryKind.NOT_HELD: Text("{when} footage of {about} could not be kept"),
    EntryKind.ASKED_FOR: Text("{when} {who} asks for the recording: {about}"),
    EntryKind.DESTROYED: Text("{when} what was kept is destroyed: {about}"),
}
_ABOUT_PEOPLE = frozenset({EntryKind.ALERTED, EntryKind.UNREACHABLE, EntryKind.ASSIGNED, EntryKind.PICTURES})


async def _line(uow: UnitOfWork, one: IncidentEntry) -> Text:
    who = await uow.people.get(one.person_id) if one.person_id is not None else None
    values: dict[str, str | Moment | Text] = {
        "when": Moment(one.at, "clock"),
        "who": who.called if who else "–",
        "text": said(one.text),
        "about": one.about or "–",
    }
    if one.kind in _ABOUT_PEOPLE:
        person = await uow.people.get(int(one.about))
        values["person"] = person.called if person else "–"
    elif one.kind is EntryKind.LEVEL:
        values["level"] = LEVELS[Severity(int(one.about))]
    elif one.kind is EntryKind.KIND:
        values["kind"] = KINDS[IncidentKind(one.about)]
    return _LINES[one.kind].filled(**values)


async def _buttons(uow: UnitOfWork, ask: Ask, found: Incident, *, has_files: bool) -> Rows:
    """What this person may do with it now."""
    if found.state in (IncidentState.DRAFT, IncidentState.DROPPED):
        return ()
    alert = await uow.incidents.alerts.get(found.id, ask.person.id)
    called_ = alert is not None or found.assigned_to == ask.person.id
    rights = await uow.role_table.rights()
    ruling = regulation.handle_incident(rights, ask.person, called=called_, on_duty=access.ON_DUTY)
    rows: list[tuple[Choice, ...]] = []
    if isinstance(ruling, Granted):
        if found.is_running and found.taken_by is None:
            rows.append((button(found, Text("Received"), "incident.take"),))
        if found.may_go(IncidentState.IN_WORK) and found.is_running:
            rows.append(
                (
                    button(found, Text("Working on it"), "incident.work"),
                    button(found, Text("Give to"), "incident.assign"),
                )
            )
        if found.is_running:
            rows.append((button(found, Text("Close"), "incident.close"), _add(found)))
        else:
            rows.append((button(found, Text("Open again"), "incident.reopen"), _add(found)))
        if rights.of(ask.person.role, regulation.Act.REQUEST_RECORDING) is not None:
            holds = await uow.incidents.holds.of(found.id)
            rows += [
                (
                    button(
                        found,
                        Text("Ask for the recording of {camera}", {"camera": hold.camera_code}),
                        "incident.request",
                        camera=hold.camera_code,
                    ),
                )
                for hold in holds
            ]
    else:
        rows.append((_add(found),))
    if has_files:
        rows.append((button(found, Text("Pictures, files"), "incident.files"),))
    return tuple(rows)


def _add(found: Incident) -> Choice:
    return button(found, Text("Add more"), "incident.note")
