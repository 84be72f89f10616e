"""Lists of incidents by state, day and kind, as far as the matrix lets one see; the register as a file."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Required, TypedDict

from documents.incident_register import RegisterLine, incident_register
from domain import regulation
from domain.chat import Choice, Media, MediaKind, Moment, Text
from domain.incident_words import shown
from domain.incidents import RUNNING, EntryKind, HoldState, Incident, IncidentKind, IncidentState
from domain.people import LANGUAGE
from domain.regulation import Act, Because, Grant, Granted, Refused
from handlers import words
from handlers.access import DeniedError
from handlers.asking import Ask, Rows, answer, entry, rows_of
from handlers.incident_texts import KINDS, LEVELS, STATES, place_of
from handlers.ports import Tools, UnitOfWork

SHOWN = 8
MOST_EXPORTED = 5_000
IN_THE_BOOK = (*sorted(RUNNING), IncidentState.CLOSED)
SLOT = "incidents"
_FIRST_MONTH = 8


class Which(TypedDict, total=False):
    """Which incidents a list shows."""

    states: Required[Sequence[IncidentState]]
    kind: IncidentKind
    since: datetime


class Mine(TypedDict, total=False):
    """And which of them somebody may see."""

    concerning: int
    running_or_concerning: int


async def list_(ask: Ask, tools: Tools) -> None:
    """A list: `by` is running, today, week, all or kind; `before` the id from which the next page goes on."""
    by = str(ask.data.get("by", "running"))
    before = ask.data.get("before")
    async with tools.begin() as uow:
        rights = await uow.role_table.rights()
        right = rights.of(ask.person.role, Act.SEE_INCIDENTS)
        if right is None:
            raise DeniedError(
                words.refusal(Refused(Because.NO_RIGHT, "Điều 4 khoản 1")),
                "incident:list:refused",
                "?",
                "Điều 4 khoản 1",
            )
        found = await uow.incidents.find(
            limit=SHOWN + 1,
            before_id=int(before) if before is not None else None,
            **_filter(by, ask, tools),
            **_whose(right.grant, ask.person.id),
        )
        shown, more = found[:SHOWN], len(found) > SHOWN
        text = [_title(by)]
        text += [
            Text(
                "{code} · {when} · {level} · {kind} · {place} · {state}",
                {
                    "code": one.code,
                    "when": Moment(one.happened_at),
                    "level": LEVELS[one.severity],
                    "kind": KINDS[one.kind],
                    "place": place_of(tools, one),
                    "state": STATES[one.state],
                },
            )
            for one in shown
        ]
        if not shown:
            text.append(Text("There is none."))
        rows = _buttons(by, shown, may_export=rights.of(ask.person.role, Act.EXPORT_INCIDENTS) is not None)
        if more:
            rows = (
                *rows,
                (Choice(Text("Older ones"), "incident.list", {"by": by, "before": shown[-1].id}),),
            )
        await uow.outbox.say(answer(ask, *text, choices=rows, slot=SLOT), ask.at)
        await uow.commit()


async def by_kind(ask: Ask, tools: Tools) -> None:
    """Which kind?"""
    async with tools.begin() as uow:
        choices = [
            Choice(label, "incident.list", {"by": f"kind:{kind.value}"}) for kind, label in KINDS.items()
        ]
        choices.append(Choice(Text("Back"), "incident.list", {"by": "running"}))
        await uow.outbox.say(
            answer(ask, Text("Incidents of which kind?"), choices=rows_of(choices, 2), slot=SLOT), ask.at
        )
        await uow.commit()


async def export(ask: Ask, tools: Tools) -> None:
    """`Xuất sổ (XLSX)`: this school year's register as a file, for those who may have all of it."""
    async with tools.reading() as uow:
        ruling = regulation.look(await uow.role_table.rights(), ask.person, Act.EXPORT_INCIDENTS)
        if not isinstance(ruling, Granted):
            raise DeniedError(words.refusal(ruling), "incident:export:refused", "?", ruling.article)
        since = _school_year(ask.at.astimezone(tools.zone))
        found = await uow.incidents.find(states=IN_THE_BOOK, limit=MOST_EXPORTED, since=since)
        rows = [await _row(uow, tools, one) for one in reversed(found)]
    data = await asyncio.to_thread(incident_register, rows, _heading(tools, since))
    key = await tools.vault.spool(data, ".xlsx")
    name = f"so-su-viec-{ask.at.astimezone(tools.zone):%Y-%m-%d}.xlsx"
    async with tools.begin() as uow:
        await uow.audit.write(entry(ask, "incident:export:done", name, ruling.article, {"rows": len(rows)}))
        text = Text(
            "Register of incidents since {day}: {count}.", {"day": Moment(since, "day"), "count": len(rows)}
        )
        await uow.outbox.say(
            answer(ask, text, media=Media(MediaKind.DOCUMENT, key, name), protect=True), ask.at
        )
        await uow.commit()


async def _row(uow: UnitOfWork, tools: Tools, one: Incident) -> RegisterLine:
    async def name(person_id: int | None) -> str:
        person = await uow.people.get(person_id) if person_id is not None else None
        return person.called if person else ""

    def local(moment: datetime | None) -> datetime | None:
        return moment.astimezone(tools.zone) if moment else None

    entries = await uow.incidents.entries(one.id)
    told = [await name(alert.person_id) for alert in await uow.incidents.alerts.of(one.id)]
    holds = await uow.incidents.holds.of(one.id)
    return RegisterLine(
        code=one.code,
        happened_at=one.happened_at.astimezone(tools.zone),
        reported_at=local(one.reported_at),
        reporter=await name(one.reporter_id),
        level=int(one.severity),
        kind=tools.phrase(KINDS[one.kind], LANGUAGE),
        place=tools.phrase(place_of(tools, one), LANGUAGE),
        text=shown(one.text),
        told=", ".join(told),
        called=", ".join(line.about for line in entries if line.kind is EntryKind.CALLED),
        taken_by=await name(one.taken_by),
        taken_at=local(one.taken_at),
        footage="; ".join(
            f"{hold.camera_code} {hold.start.astimezone(tools.zone):%H:%M}"
            f"–{hold.end.astimezone(tools.zone):%H:%M}"
            for hold in holds
            if hold.state is HoldState.HELD
        ),
        state=tools.phrase(STATES[one.state], LANGUAGE),
        closed_at=local(one.closed_at),
        result=shown(one.result),
    )


def _heading(tools: Tools, since: datetime) -> tuple[str, str]:
    return tools.school, tools.phrase(
        Text("Register of incidents, from {day}", {"day": Moment(since, "day")}), LANGUAGE
    )


def _school_year(now: datetime) -> datetime:
    """1 August, when a school year begins."""
    year = now.year if now.month >= _FIRST_MONTH else now.year - 1
    return now.replace(year=year, month=_FIRST_MONTH, day=1, hour=0, minute=0, second=0, microsecond=0)


def _whose(grant: Grant, person_id: int) -> Mine:
    """What of the book a role may list."""
    if grant is Grant.YES:
        return {}
    return {"running_or_concerning": person_id} if grant is Grant.RUNNING else {"concerning": person_id}


def _filter(by: str, ask: Ask, tools: Tools) -> Which:
    today = ask.at.astimezone(tools.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    what, _, value = by.partition(":")
    match what:
        case "running":
            return {"states": sorted(RUNNING)}
        case "today":
            return {"states": IN_THE_BOOK, "since": today}
        case "week":
            return {"states": IN_THE_BOOK, "since": today - timedelta(days=6)}
        case "kind":
            return {"states": IN_THE_BOOK, "kind": IncidentKind(value)}
        case _:
            return {"states": IN_THE_BOOK}


_TITLES: dict[str, Text] = {
    "running": Text("Incidents that run:"),
    "today": Text("Incidents of today:"),
    "week": Text("Incidents of the last seven days:"),
    "all": Text("Incidents, the newest first:"),
    "kind": Text("Incidents, {kind}:"),
}


def _title(by: str) -> Text:
    what, _, value = by.partition(":")
    return _TITLES[what].filled(kind=KINDS[IncidentKind(value)]) if value else _TITLES[what]


def _buttons(by: str, found: list[Incident], *, may_export: bool) -> Rows:
    opened = [
        Choice(Text("{code}", {"code": one.code}), "incident.details", {"incident": one.id}) for one in found
    ]
    others = [
        Choice(label, "incident.list", {"by": name})
        for name, label in (
            ("running", Text("Running")),
            ("today", Text("Today")),
            ("week", Text("Seven days")),
            ("all", Text("All")),
        )
        if name != by
    ]
    others.append(Choice(Text("By kind"), "incident.by_kind"))
    rows = (*rows_of(opened, 2), *rows_of(others, 2))
    if may_export:
        rows = (*rows, (Choice(Text("Register as a file (XLSX)"), "incident.export"),))
    return rows
