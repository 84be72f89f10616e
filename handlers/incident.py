"""Reporting what happened: `/suviec WORDS`, plain words, a photo, or buttons (Điều 3, Điều 7 khoản 1)."""

import re
from datetime import datetime, timedelta

from domain import regulation
from domain.chat import Choice, Text
from domain.incident_words import guess, helplines, is_a_question
from domain.incidents import USUAL, EntryKind, Incident, IncidentKind, IncidentState, Severity
from domain.regulation import Granted
from domain.requests import code_of
from domain.vietnamese.places import find_cameras
from domain.vietnamese.readings import Flag, Match, Outcome, SpanReading, Wish, WishKind
from domain.vietnamese.wishes import understand
from handlers import access, incident_book, incident_footage, words
from handlers.access import DeniedError
from handlers.asking import Ask, answer
from handlers.incident_alarm import changed, set_level
from handlers.incident_cards import report_slot, show_reporter
from handlers.incident_draft import (
    DIALOGUE,
    Asked,
    add_words,
    asked_of,
    go_on,
    kind_rows,
    level_rows,
    place_rows,
)
from handlers.incident_texts import CALL, GONE, headline
from handlers.ports import Tools, UnitOfWork
from handlers.request import limits_of, local_now

_CODE = re.compile(r"\s*(?P<code>sc-\d{4}-\d{1,6})\b[\s:,.]*(?P<words>.*)", re.IGNORECASE | re.DOTALL)
CODE_PREFIX = "SC"


async def incident(ask: Ask, tools: Tools) -> None:
    """`/suviec`: a code shows that incident (with words: adds them), words report, nothing asks."""
    if found := _CODE.fullmatch(ask.args):
        await incident_book.by_code(ask, tools, found["code"].upper(), found["words"].strip())
        return
    if ask.args.strip():
        wish = understand(ask.args, tools.cameras.index, local_now(tools), limits=limits_of(tools))
        await told(ask, tools, wish)
        return
    async with tools.begin() as uow:
        await _may_report(uow, ask)
        lists = (Choice(Text("Incidents so far"), "incident.list", {"by": "running"}),)
        text = Text(
            "What happened? Choose, or write it in a sentence. Photos, videos and voice are taken too."
        )
        await uow.outbox.say(answer(ask, text, choices=(*kind_rows(None), lists)), ask.at)
        await uow.commit()


async def told(ask: Ask, tools: Tools, wish: Wish, closed: tuple[Text, ...] = ()) -> None:
    """A sentence about something that happened. `closed` says that a form was forgotten."""
    async with tools.begin() as uow:
        await begin(uow, ask, tools, ask.args, wish.match, wish.span, *closed)
        await uow.commit()


async def begin(
    uow: UnitOfWork,
    ask: Ask,
    tools: Tools,
    text: str,
    match: Match,
    span: SpanReading | None = None,
    *notes: Text,
    kind: IncidentKind | None = None,
    has_file: bool = False,
) -> Incident:
    """A new draft with its code; `kind`: chosen by a button, so that no guess takes its place.

    With `has_file` the caller goes on once the file is in the book.
    """
    await _may_report(uow, ask)
    found = guess(text)
    number = await uow.counters.next(CODE_PREFIX, ask.at.astimezone(tools.zone).year)
    camera = match.camera
    severity = USUAL[kind] if kind else found.severity
    if _is_long_past(span, ask.at):
        severity = min(severity, Severity.SERIOUS)  # whom to call now helps nobody any more
    made = await uow.incidents.add(
        code=code_of(CODE_PREFIX, ask.at.astimezone(tools.zone).year, number),
        reporter_id=ask.person.id,
        kind=kind or found.kind or IncidentKind.OTHER,
        severity=severity,
        camera_code=camera.code if camera else "",
        place="",
        text=text.strip(),
        happened_at=_moment(span, ask.at),
        created_at=ask.at,
    )
    # What is asked rather than told is not sent at once, whatever it seems to say.
    asked = Asked(
        kind=kind is not None or bool(text.strip()), level=is_a_question(text), place=bool(text.strip())
    )
    if match.outcome is Outcome.UNCLEAR and not camera:
        notes = (*notes, Text("Not sure which place is meant; please choose it."))
    if has_file:
        await uow.dialogues.put(ask.account, DIALOGUE, asked.stored(made), ask.at)
    else:
        await go_on(uow, ask, tools, made, asked, *notes)
    return made


async def new(ask: Ask, tools: Tools) -> None:
    """A kind from the menu: the first tap of a report."""
    async with tools.begin() as uow:
        kind = IncidentKind(ask.text("kind"))
        await begin(uow, ask, tools, "", Match(Outcome.NOTHING), kind=kind)
        await uow.commit()


async def typed(ask: Ask, tools: Tools) -> bool:
    """Words while a report is open, or soon after it was sent. False where they are meant for another."""
    async with tools.begin() as uow:
        dialogue = await uow.dialogues.get(ask.account)
        found = await uow.incidents.get(int(dialogue.data["incident"])) if dialogue else None
        if dialogue is None or found is None or found.reporter_id != ask.person.id:
            return False
        if found.state is IncidentState.DRAFT:
            await add_words(uow, ask, tools, found, asked_of(dialogue, found.id))
            await uow.commit()
            return True
        if not _still_adding(tools, found, ask.at) or _is_another_wish(ask, tools, found):
            return False
        await incident_book.add_words(uow, ask, tools, found)
        await _place_said(uow, ask, tools, found)
        await uow.commit()
    return True


async def kind(ask: Ask, tools: Tools) -> Text | None:
    """Another kind: of a draft, or of a report that runs."""
    wanted = IncidentKind(ask.text("kind"))
    async with tools.begin() as uow:
        found = await _to_change(uow, ask)
        if found is None:
            return GONE
        if found.state is IncidentState.DRAFT:
            severity = found.severity if found.text else USUAL[wanted]
            found = await uow.incidents.amend(found.id, kind=wanted, severity=severity)
            asked = asked_of(await uow.dialogues.get(ask.account), found.id)
            await go_on(uow, ask, tools, found, Asked(kind=True, level=True, place=asked.place))
        else:
            found = await uow.incidents.amend(found.id, kind=wanted)
            await changed(uow, ask, tools, found, EntryKind.KIND, wanted.value)
        await uow.commit()
    return None


async def level(ask: Ask, tools: Tools) -> Text | None:
    """Another level of a report that runs: who was not told and now must be is told at once."""
    async with tools.begin() as uow:
        found = await _to_change(uow, ask)
        if found is None or found.state is IncidentState.DRAFT:
            return GONE
        await set_level(uow, ask, tools, found, Severity(ask.number("level")))
        await uow.commit()
    return None


async def camera(ask: Ask, tools: Tools) -> Text | None:
    """The camera near which it happened."""
    return await _place(ask, tools, ask.text("camera"), "")


async def place(ask: Ask, tools: Tools) -> Text | None:
    """An area without a camera, or a place that nobody knows."""
    return await _place(ask, tools, "", ask.text("place"))


async def area(ask: Ask, tools: Tools) -> Text | None:
    """The cameras of one area."""
    return await _choose(ask, tools, "place", ask.text("area"))


async def places(ask: Ask, tools: Tools) -> Text | None:
    """The areas, to choose the place anew."""
    return await _choose(ask, tools, "place")


async def kinds(ask: Ask, tools: Tools) -> Text | None:
    """The kinds, to choose anew."""
    return await _choose(ask, tools, "kind")


async def levels(ask: Ask, tools: Tools) -> Text | None:
    """The levels, to choose anew."""
    return await _choose(ask, tools, "level")


async def back(ask: Ask, tools: Tools) -> Text | None:
    """The card as it stood before something was to be chosen."""
    async with tools.begin() as uow:
        found = await _to_change(uow, ask)
        if found is None:
            return GONE
        if found.state is IncidentState.DRAFT:
            await go_on(uow, ask, tools, found, Asked(kind=True, level=True, place=True))
        else:
            await show_reporter(uow, tools, found, to=ask.account)
        await uow.commit()
    return None


async def _choose(ask: Ask, tools: Tools, what: str, area_name: str = "") -> Text | None:
    async with tools.begin() as uow:
        found = await _to_change(uow, ask)
        if found is None:
            return GONE
        rows = {
            "kind": lambda: kind_rows(found),
            "level": lambda: level_rows(found),
            "place": lambda: place_rows(tools, found, area_name),
        }[what]()
        if not area_name:  # the cameras of an area have their own way back
            rows = (*rows, (Choice(Text("Back"), "incident.back", {"incident": found.id}),))
        message = answer(ask, headline(tools, found), choices=rows, slot=report_slot(found.id))
        await uow.outbox.say(message, ask.at)
        await uow.commit()
    return None


async def _place(ask: Ask, tools: Tools, camera_code: str, place_name: str) -> Text | None:
    async with tools.begin() as uow:
        found = await _to_change(uow, ask)
        if found is None:
            return GONE
        found = await uow.incidents.amend(found.id, camera_code=camera_code, place=place_name)
        if found.state is IncidentState.DRAFT:
            asked = asked_of(await uow.dialogues.get(ask.account), found.id)
            await go_on(uow, ask, tools, found, Asked(asked.kind, asked.level, place=True))
        else:
            await incident_footage.keep(uow, tools, found)
            await changed(uow, ask, tools, found, EntryKind.PLACE, camera_code)
        await uow.commit()
    return None


async def _place_said(uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident) -> None:
    """Words after a report that name a camera, where none was known: that is the place."""
    said = find_cameras(ask.args, tools.cameras.index).camera
    if said is None or found.camera_code:
        return
    found = await uow.incidents.amend(found.id, camera_code=said.code)
    await incident_footage.keep(uow, tools, found)
    await changed(uow, ask, tools, found, EntryKind.PLACE, said.code)


async def _to_change(uow: UnitOfWork, ask: Ask) -> Incident | None:
    """A report that its reporter, or who sees to incidents, may still change; raises `DeniedError`."""
    found = await access.incident_to_see(uow, ask, ask.number("incident"))
    if found.reporter_id != ask.person.id:
        found = await access.incident_to_handle(uow, ask, found.id)
    return found if found.is_running or found.state is IncidentState.DRAFT else None


async def _may_report(uow: UnitOfWork, ask: Ask) -> None:
    person = await uow.people.get(ask.person.id)
    ruling = regulation.report_incident(await uow.role_table.rights(), person or ask.person)
    if not isinstance(ruling, Granted):
        text = words.refusal(ruling)
        found = guess(ask.args)
        if found.severity is Severity.EMERGENCY:  # whom to call is told to everybody
            line = helplines(found.kind or IncidentKind.OTHER, ask.args)[0]
            text = Text("{call} {why}", {"call": CALL[line], "why": text})
        raise DeniedError(text, "incident:report:refused", "?", ruling.article)


def _moment(span: SpanReading | None, at: datetime) -> datetime:
    """When it happened: as said, else now."""
    if span is None or not span.said or span.flag not in (Flag.RUN, Flag.CONFIRM, Flag.TOO_OLD):
        return at
    interval = span.interval
    if interval is None or interval.end - interval.start > timedelta(hours=1):
        return at
    return min(interval.start + (interval.end - interval.start) / 2, at)


def _is_long_past(span: SpanReading | None, at: datetime) -> bool:
    """Whether words tell of something that ended more than an hour ago."""
    interval = span.interval if span is not None and span.said else None
    return interval is not None and at - interval.end > timedelta(hours=1)


def _still_adding(tools: Tools, found: Incident, at: datetime) -> bool:
    return (
        found.is_running
        and found.reported_at is not None
        and at - found.reported_at <= tools.rules.add_within
    )


def _is_another_wish(ask: Ask, tools: Tools, found: Incident) -> bool:
    """Whether words soon after a report ask for something else, or tell of another place."""
    wish = understand(ask.args, tools.cameras.index, local_now(tools), limits=limits_of(tools))
    if wish.kind is WishKind.INCIDENT:
        named = wish.match.camera
        return bool(named and found.camera_code and named.code != found.camera_code)
    return wish.sure and wish.kind is not WishKind.NONE
