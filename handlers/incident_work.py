"""Seeing to an incident: give it to somebody, work on it, close it, open it again, ask for its footage."""

from domain.chat import Choice, Outgoing, Text
from domain.incidents import EntryKind, Incident, IncidentState
from domain.people import LANGUAGE, Role
from domain.requests import Purpose
from handlers import access, request
from handlers.asking import Ask, answer, entry, rows_of
from handlers.draft import Draft
from handlers.incident_book import show
from handlers.incident_cards import show_everybody
from handlers.incident_texts import KINDS, headline
from handlers.ports import Tools, UnitOfWork
from handlers.words import ROLES

RESULT = "incident_result"
ASSIGNABLE = (Role.DEPUTY, Role.HEAD_GUARD, Role.GUARD, Role.IT, Role.UNIT_HEAD, Role.STAFF)
MIN_RESULT = 3


async def assign(ask: Ask, tools: Tools) -> None:
    """`Giao cho`: to whom?"""
    async with tools.begin() as uow:
        found = await access.incident_to_handle(uow, ask, ask.number("incident"))
        choices = [
            Choice(
                Text("{name} · {role}", {"name": person.called, "role": ROLES[person.role]}),
                "incident.assigned",
                {"incident": found.id, "person": person.id},
            )
            for person in await uow.people.with_roles(ASSIGNABLE)
        ]
        choices.append(Choice(Text("Back"), "incident.details", {"incident": found.id}))
        text = Text("{code}: who is to see to it?", {"code": found.code})
        slot = f"incident:{found.id}:details"
        await uow.outbox.say(answer(ask, text, choices=rows_of(choices, 2), slot=slot), ask.at)
        await uow.commit()


async def assigned(ask: Ask, tools: Tools) -> Text | None:
    """Somebody was chosen: they are told, and it is theirs to work on and to close."""
    async with tools.begin() as uow:
        found = await access.incident_to_handle(uow, ask, ask.number("incident"))
        person = await uow.people.get(ask.number("person"))
        if person is None or not person.active or not found.is_running:
            return Text("This has been settled meanwhile.")
        found = await uow.incidents.amend(found.id, assigned_to=person.id)
        await uow.incidents.note(found.id, ask.at, ask.person.id, EntryKind.ASSIGNED, about=str(person.id))
        await uow.audit.write(
            entry(ask, "incident:assign:done", found.code, "Điều 7 khoản 1", {"person": person.id})
        )
        text = (
            Text("{who} asks you to see to {code}.", {"who": ask.person.called, "code": found.code}),
            headline(tools, found),
        )
        choices = (
            (
                Choice(Text("Working on it"), "incident.work", {"incident": found.id}),
                Choice(Text("Details"), "incident.details", {"incident": found.id}),
            ),
        )
        message = Outgoing(person.id, text, choices=choices, urgent=found.is_emergency)
        is_told = await uow.outbox.say(message, ask.at)
        await show_everybody(uow, tools, found)
        note = (
            Text("{who} has been told.", {"who": person.called})
            if is_told
            else Text("{who} has no chat account: please call.", {"who": person.called})
        )
        await show(uow, ask, tools, found, note)
        await uow.commit()
    return None


async def work(ask: Ask, tools: Tools) -> Text | None:
    """`Đang xử lý`."""
    async with tools.begin() as uow:
        found = await access.incident_to_handle(uow, ask, ask.number("incident"))
        if not (found.is_running and found.may_go(IncidentState.IN_WORK)):
            return Text("This has been settled meanwhile.")
        if found.taken_by is None:
            found = await uow.incidents.move(
                found, IncidentState.IN_WORK, taken_by=ask.person.id, taken_at=ask.at
            )
        else:
            found = await uow.incidents.move(found, IncidentState.IN_WORK)
        await _note(uow, ask, tools, found, EntryKind.IN_WORK, "incident:work:done")
        await uow.commit()
    return Text("Noted: {code} is being worked on.", {"code": found.code})


async def close(ask: Ask, tools: Tools) -> Text | None:
    """`Đóng`: with what result?"""
    async with tools.begin() as uow:
        found = await access.incident_to_handle(uow, ask, ask.number("incident"))
        if not found.is_running:
            return Text("This has been settled meanwhile.")
        await uow.dialogues.put(ask.account, RESULT, {"incident": found.id}, ask.at)
        text = Text("{code}: how did it end? Please write a sentence.", {"code": found.code})
        await uow.outbox.say(answer(ask, text), ask.at)
        await uow.commit()
    return None


async def result_typed(ask: Ask, tools: Tools) -> bool:
    """The result, in words: the incident is closed."""
    async with tools.begin() as uow:
        dialogue = await uow.dialogues.get(ask.account)
        if dialogue is None or dialogue.kind != RESULT or len(ask.args.strip()) < MIN_RESULT:
            return False
        found = await access.incident_to_handle(uow, ask, int(dialogue.data["incident"]))
        await uow.dialogues.clear(ask.account)
        if found.is_running:
            await _close(uow, ask, tools, found, ask.args.strip())
            text = Text("{code} is closed.", {"code": found.code})
        else:
            text = Text("{code} is closed already.", {"code": found.code})
        await uow.outbox.say(answer(ask, text), ask.at)
        await uow.commit()
    return True


async def mistake(ask: Ask, tools: Tools) -> Text | None:
    """`Báo nhầm`: closed at once; everybody who was told sees it."""
    async with tools.begin() as uow:
        found = await access.incident_to_see(uow, ask, ask.number("incident"))
        if found.reporter_id != ask.person.id:
            found = await access.incident_to_handle(uow, ask, found.id)
        if not found.is_running:
            return Text("This has been settled meanwhile.")
        await _close(uow, ask, tools, found, tools.phrase(Text("false alarm"), LANGUAGE))
        await uow.commit()
    return Text("{code} is closed: false alarm.", {"code": found.code})


async def reopen(ask: Ask, tools: Tools) -> Text | None:
    """`Mở lại`: there is more to it."""
    async with tools.begin() as uow:
        found = await access.incident_to_handle(uow, ask, ask.number("incident"))
        if found.state is not IncidentState.CLOSED:
            return Text("This has been settled meanwhile.")
        found = await uow.incidents.move(found, IncidentState.IN_WORK)
        await _note(uow, ask, tools, found, EntryKind.REOPENED, "incident:reopen:done")
        await uow.commit()
    return Text("{code} is open again.", {"code": found.code})


async def ask_for_recording(ask: Ask, tools: Tools) -> None:
    """`Yêu cầu đoạn ghi`: a request filled in with camera, span, purpose and the incident's code."""
    async with tools.begin() as uow:
        found = await access.incident_to_see(uow, ask, ask.number("incident"))
        camera = str(ask.data.get("camera", "")) or found.camera_code
        start, end = tools.rules.span(found.happened_at)
        # Only the past can be asked for; soon after the incident its second half has not happened yet.
        end = min(end, tools.now().replace(second=0, microsecond=0))
        reason = f"{found.code}: {tools.phrase(KINDS[found.kind], LANGUAGE)}"
        draft = Draft(
            number=tools.secret_code(),
            camera=camera,
            start=start.astimezone(tools.zone),
            end=end.astimezone(tools.zone),
            purpose=Purpose.ORDER,
            reason=reason,
        )
        await request.prefilled(uow, ask, tools, draft)
        await uow.incidents.note(found.id, ask.at, ask.person.id, EntryKind.ASKED_FOR, about=camera)
        await uow.commit()


async def _close(uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident, result: str) -> None:
    found = await uow.incidents.move(
        found, IncidentState.CLOSED, closed_by=ask.person.id, closed_at=ask.at, result=result
    )
    await uow.incidents.note(found.id, ask.at, ask.person.id, EntryKind.CLOSED, result)
    await uow.audit.write(entry(ask, "incident:close:done", found.code, "Điều 4 khoản 1"))
    await show_everybody(uow, tools, found)


async def _note(
    uow: UnitOfWork, ask: Ask, tools: Tools, found: Incident, what: EntryKind, audited: str
) -> None:
    await uow.incidents.note(found.id, ask.at, ask.person.id, what)
    await uow.audit.write(entry(ask, audited, found.code, "Điều 7 khoản 1"))
    await show_everybody(uow, tools, found)
