"""A report while it is being put together: in the book from its first word, so that nothing can be lost.

One message, edited: kind, place, then the summary with a button to send at each level. A draft that nobody
touches any more is sent as it stands (after a minute at level 4, else after three): somebody who was called
away in the middle of an incident must not be the reason that nobody hears of it. Where only a kind was
tapped and no word was written, it is offered once more instead, and dropped after a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.cameras import by_area
from domain.chat import Choice, Dialogue, Moment, Outgoing, Text
from domain.incident_words import accuses, guess, helplines
from domain.incidents import Incident, IncidentState, Severity
from domain.vietnamese.places import find_cameras
from domain.vietnamese.readings import Match
from handlers import incident_footage
from handlers.asking import Ask, Rows, entry, rows_of, system_entry
from handlers.incident_alarm import send
from handlers.incident_cards import button, report_slot
from handlers.incident_texts import CALL, KINDS, LEVELS, OTHER_NUMBERS, headline, said
from handlers.ports import Again, Tools, UnitOfWork
from handlers.words import area_label

DIALOGUE = "incident"
FORGOTTEN_AFTER = timedelta(hours=12)
DROPPED_AFTER = timedelta(days=1)
_MOSTLY = 0.7


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reporter has chosen, so that no guess takes its place; and whether the place was asked."""

    kind: bool = False
    level: bool = False
    place: bool = False

    def stored(self, incident: Incident) -> dict[str, str | int]:
        """As the dialogue keeps it."""
        return {
            "incident": incident.id,
            "kind": int(self.kind),
            "level": int(self.level),
            "place": int(self.place),
        }


def asked_of(dialogue: Dialogue | None, incident_id: int) -> Asked:
    """What the dialogue remembers; another conversation in between loses only what was not chosen yet."""
    if dialogue is None or dialogue.kind != DIALOGUE or dialogue.data.get("incident") != incident_id:
        return Asked(kind=True, level=False, place=True)
    data = dialogue.data
    return Asked(bool(data.get("kind")), bool(data.get("level")), bool(data.get("place")))


async def go_on(
    uow: UnitOfWork,
    ask: Ask,
    tools: Tools,
    incident: Incident,
    asked: Asked,
    *notes: Text,
    area: str = "",
    anew: bool = False,
) -> None:
    """Ask what is missing, or show the summary; a clear emergency is sent at once."""
    await uow.dialogues.put(ask.account, DIALOGUE, asked.stored(incident), ask.at)
    is_clear = incident.is_emergency and bool(incident.text) and not asked.level
    if is_clear:
        notes = () if incident.camera_code else (*notes, Text("Where is it? Please write the place."))
        await send(uow, tools, incident, ask, *notes)
        return
    await incident_footage.look(uow, tools, incident)
    key = f"incident:{incident.id}:finish:{incident.step}"
    await uow.jobs.want("incident.finish", key, {"incident": incident.id}, ask.at)
    text, rows = question(tools, incident, asked, area, ask.at)
    await uow.outbox.say(
        Outgoing(ask.account, (*notes, *text), choices=rows, slot=report_slot(incident.id), anew=anew), ask.at
    )


def question(
    tools: Tools, incident: Incident, asked: Asked, area: str, at: datetime
) -> tuple[tuple[Text, ...], Rows]:
    """What is asked next, with its buttons."""
    drop = (button(incident, Text("Drop it"), "incident.drop"),)
    if not asked.kind:
        return (Text("{code}: what happened?", {"code": incident.code}),), (*kind_rows(incident), drop)
    if not incident.camera_code and not asked.place:
        place: tuple[Text, ...] = (Text("Where? Or write the place."),)
        if area:
            place = (Text("{area}: near which camera?", {"area": area_label(area)}),)
        rows = (*place_rows(tools, incident, area), drop)
        return (*_calls(incident), *place, *_goes_by_itself(tools, incident, at)), rows
    return _summary(tools, incident, at), (*_send_rows(incident), drop)


def _calls(incident: Incident) -> tuple[Text, ...]:
    """Whom to call comes before anything that is asked."""
    if not incident.is_emergency:
        return ()
    return (*(CALL[line] for line in helplines(incident.kind, incident.text)[:2]), OTHER_NUMBERS)


def _summary(tools: Tools, incident: Incident, at: datetime) -> tuple[Text, ...]:
    text = [*_calls(incident), headline(tools, incident)]
    text.append(
        Text("“{text}”", {"text": said(incident.text)})
        if incident.text
        else Text("Please write in a sentence what happened; photos, videos and voice are taken too.")
    )
    found = guess(incident.text)
    if found.because:
        text.append(Text("Understood from “{words}”.", {"words": "”, “".join(found.because)}))
    if accuses(incident.text):
        text.append(
            Text("Others will read “person in the recorded pictures” where somebody is called guilty.")
        )
    return (*text, *_goes_by_itself(tools, incident, at))


def _goes_by_itself(tools: Tools, incident: Incident, at: datetime) -> tuple[Text, ...]:
    if not says_something(incident):
        return ()
    due = tools.rules.goes_by_itself_at(incident.severity, at)
    return (Text("Not sent yet. It is sent by itself at {when}.", {"when": Moment(due, "clock_seconds")}),)


def says_something(incident: Incident) -> bool:
    """Whether a draft tells more than its kind; at level 4 that is enough."""
    return bool(incident.text or incident.camera_code or incident.place) or incident.is_emergency


def _send_rows(incident: Incident) -> Rows:
    first = button(
        incident,
        Text("Send, level {level}", {"level": int(incident.severity)}),
        "incident.send",
        level=int(incident.severity),
    )
    others = [
        button(incident, Text("Level {level}", {"level": int(level)}), "incident.send", level=int(level))
        for level in Severity
        if level is not incident.severity
    ]
    return (
        (first,),
        tuple(others),
        (
            button(incident, Text("Change kind"), "incident.kinds"),
            button(incident, Text("Change place"), "incident.places"),
        ),
    )


def kind_rows(incident: Incident | None) -> Rows:
    """Every kind as a button; without an incident each begins a new one."""
    choices = [
        Choice(label, "incident.new", {"kind": kind.value})
        if incident is None
        else button(incident, label, "incident.kind", kind=kind.value)
        for kind, label in KINDS.items()
    ]
    return rows_of(choices, 2)


def place_rows(tools: Tools, incident: Incident, area: str) -> Rows:
    """The areas, or the cameras of one."""
    groups = by_area(tools.cameras.all)
    if area in groups:
        cameras = [
            button(incident, Text("{name}", {"name": camera.label}), "incident.camera", camera=camera.code)
            for camera in groups[area]
        ]
        whole = button(incident, Text("Somewhere else here"), "incident.place", place=area)
        return (*rows_of(cameras, 1), (whole, button(incident, Text("Back"), "incident.places")))
    areas = [
        button(incident, Text("{name}", {"name": area_label(name)}), "incident.area", area=name)
        for name in groups
        if name
    ]
    return (*rows_of(areas, 2), (button(incident, Text("Elsewhere, not sure"), "incident.place", place=""),))


def level_rows(incident: Incident) -> Rows:
    """Every level as a button."""
    return tuple((button(incident, LEVELS[level], "incident.level", level=int(level)),) for level in Severity)


async def send_at(ask: Ask, tools: Tools) -> Text | None:
    """`Gửi, mức N`: the draft is sent at that level."""
    async with tools.begin() as uow:
        incident = await own_draft(uow, ask)
        if incident is None:
            return Text("This report has been sent or dropped already.")
        level = Severity(ask.number("level"))
        if level is not incident.severity:
            incident = await uow.incidents.amend(incident.id, severity=level)
        await send(uow, tools, incident, ask)
        await uow.dialogues.put(
            ask.account, DIALOGUE, Asked(kind=True, level=True, place=True).stored(incident), ask.at
        )
        await uow.commit()
    return None


async def drop(ask: Ask, tools: Tools) -> Text | None:
    """`Bỏ`: nothing is sent; the book says that it was begun and dropped."""
    async with tools.begin() as uow:
        incident = await own_draft(uow, ask)
        if incident is None:
            return Text("This report has been sent or dropped already.")
        await uow.dialogues.clear(ask.account)
        await drop_open(uow, ask, incident.id)
        await uow.commit()
    return None


async def drop_open(uow: UnitOfWork, ask: Ask, incident_id: int) -> None:
    """`/huy`: the draft that was open is not sent by itself any more; what was sent already stays."""
    incident = await uow.incidents.get(incident_id)
    if incident is None or incident.state is not IncidentState.DRAFT:
        return
    await uow.incidents.move(incident, IncidentState.DROPPED)
    await uow.audit.write(entry(ask, "incident:drop:done", incident.code, "Điều 3"))
    text = Text("{code} is dropped; nobody was told.", {"code": incident.code})
    await uow.outbox.say(Outgoing(ask.account, (text,), slot=report_slot(incident.id)), ask.at)


async def add_words(uow: UnitOfWork, ask: Ask, tools: Tools, incident: Incident, asked: Asked) -> None:
    """Further words of a draft: they complete it, and may tell more of what, how serious and where."""
    match = find_cameras(ask.args, tools.cameras.index)
    is_place = match.camera is not None and not asked.place and _is_only_a_place(ask.args, match)
    text = incident.text if is_place else f"{incident.text}\n{ask.args}".strip()
    found = guess(text)
    kind = incident.kind if asked.kind or found.kind is None else found.kind
    severity = incident.severity if asked.level else max(incident.severity, found.severity)
    camera = incident.camera_code or (match.camera.code if match.camera else "")
    incident = await uow.incidents.amend(
        incident.id, text=text, kind=kind, severity=severity, camera_code=camera
    )
    asked = replace(
        asked, kind=asked.kind or found.kind is not None, place=asked.place or bool(incident.text)
    )
    await go_on(uow, ask, tools, incident, asked, anew=True)


def _is_only_a_place(words: str, match: Match) -> bool:
    """Whether an answer to "where?" names a camera and tells nothing else."""
    named = sum(piece.end - piece.start for piece in match.where)
    return named >= len(words.strip()) * _MOSTLY


async def own_draft(uow: UnitOfWork, ask: Ask) -> Incident | None:
    """The draft that a button belongs to, if it still is one."""
    incident = await uow.incidents.get(ask.number("incident"))
    is_mine = incident is not None and incident.reporter_id == ask.person.id
    return incident if is_mine and incident is not None and incident.state is IncidentState.DRAFT else None


async def finish(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: send a draft that nobody touches any more, or offer it again where it says nothing yet."""
    del attempt
    async with tools.begin() as uow:
        incident = await uow.incidents.get(int(data["incident"]))
        if incident is None or incident.state is not IncidentState.DRAFT:
            return None
        now = tools.now()
        due = tools.rules.goes_by_itself_at(incident.severity, await _touched_at(uow, incident))
        if now < due:
            return Again(due - now)
        files = await uow.incidents.files(incident.id)
        again: Again | None = None
        if files or says_something(incident):
            note = Text("Sent as it stands, so that it is not lost. Please add what is missing.")
            await send(uow, tools, incident, None, note)
        elif now - incident.created_at >= DROPPED_AFTER:
            await uow.incidents.move(incident, IncidentState.DROPPED)
            await uow.audit.write(system_entry(now, "incident:drop:by_itself", incident.code))
        else:
            if not incident.step:
                await uow.incidents.amend(incident.id, step=1)
                await _offer_again(uow, tools, incident)
            again = Again(incident.created_at + DROPPED_AFTER - now)
        await uow.commit()
    return again


async def _offer_again(uow: UnitOfWork, tools: Tools, incident: Incident) -> None:
    text = (
        Text("{code} was begun and not sent. Please finish it or drop it.", {"code": incident.code}),
        headline(tools, incident),
    )
    rows = (*_send_rows(incident), (button(incident, Text("Drop it"), "incident.drop"),))
    message = Outgoing(incident.reporter_id, text, choices=rows, slot=report_slot(incident.id), anew=True)
    await uow.outbox.say(message, tools.now())


async def _touched_at(uow: UnitOfWork, incident: Incident) -> datetime:
    """When the reporter last did something with the draft."""
    moments = [incident.created_at]
    for account in await uow.people.accounts(incident.reporter_id):
        dialogue = await uow.dialogues.get(account)
        if dialogue is not None and dialogue.data.get("incident") == incident.id:
            moments.append(dialogue.touched_at)
    moments += [
        file.at for file in await uow.incidents.files(incident.id) if file.person_id == incident.reporter_id
    ]
    return max(moments)
