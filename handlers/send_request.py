"""Sending, withdrawing and answering for a request: what the person who asked does with it."""

from domain import regulation
from domain.chat import Choice, Outgoing, Period, Text
from domain.people import Role
from domain.regulation import Granted, Refused
from domain.requests import FootageRequest, RequestState, code_of
from handlers import access, words
from handlers.access import DeniedError
from handlers.asking import Ask, answer, entry
from handlers.decision_cards import close_cards
from handlers.draft import FORGOTTEN_AFTER, KIND, Draft, draft_from
from handlers.ports import Tools, UnitOfWork
from handlers.release import ordered, undeliverable

ANSWER = "answer_more"
MOST_OPEN = 200  # of one person; far above what may be open at once


def progress_slot(request_id: int) -> str:
    """The requester's message about a request: one, edited as it goes on."""
    return f"request:{request_id}:progress"


async def may_ask(uow: UnitOfWork, tools: Tools, ask: Ask, draft: Draft | None = None) -> regulation.Ruling:
    """Whether the person may ask for a recording (of this span); raises `DeniedError`."""
    now = tools.now()
    start = draft.start if draft and draft.start else now
    end = draft.end if draft and draft.end else now
    open_requests = await uow.requests.count_open(ask.person.id)
    ruling = regulation.request_recording(
        await uow.role_table.rights(), ask.person, start, end, now, tools.limits, open_requests=open_requests
    )
    if isinstance(ruling, Refused):
        raise DeniedError(
            words.refusal(ruling, open=open_requests), "request:ask:refused", "?", ruling.article
        )
    return ruling


async def send(ask: Ask, tools: Tools) -> Text | None:
    """`Gửi yêu cầu`: the draft becomes a request; its footage is secured at once."""
    async with tools.begin() as uow:
        dialogue = await uow.dialogues.get(ask.account)
        is_open = dialogue and dialogue.kind == KIND and ask.at - dialogue.touched_at <= FORGOTTEN_AFTER
        draft = draft_from(dialogue.data) if dialogue and is_open else None
        if draft is None or draft.number != ask.text("draft") or draft.start is None or draft.end is None:
            return Text("This form is closed. Start again with /yeucau.")
        ruling = await may_ask(uow, tools, ask, draft)
        request = await _register(uow, tools, ask, draft, ruling.article)
        await uow.dialogues.clear(ask.account)
        await uow.outbox.say(answer(ask, *_summary(tools, request), slot=draft.slot), ask.at)
        await uow.jobs.want("hold", f"hold:{request.id}", {"request": request.id}, ask.at)
        if isinstance(ruling, Granted):
            await _own_order(uow, tools, ask, request)
        else:
            await uow.jobs.want("card", f"card:{request.id}", {"request": request.id}, ask.at)
            await _told(uow, tools, ask, request)
        await uow.commit()
    return None


async def withdraw(ask: Ask, tools: Tools) -> Text | None:
    """`Rút yêu cầu`: undecided, or approved but not yet extracted."""
    async with tools.begin() as uow:
        request = await access.own_request(uow, ask, ask.number("request"))
        if not request.may_go(RequestState.WITHDRAWN):
            return Text("{code} can no longer be withdrawn.", {"code": request.code})
        await _end(uow, tools, ask, request)
        await uow.outbox.say(
            answer(
                ask,
                Text("{code} is withdrawn.", {"code": request.code}),
                slot=progress_slot(request.id),
            ),
            ask.at,
        )
        await uow.commit()
    return None


async def withdraw_all(uow: UnitOfWork, tools: Tools, ask: Ask, person_id: int) -> None:
    """What somebody still asks for ends with their access: nobody decides it for nothing."""
    for request in await uow.requests.of_person(person_id, MOST_OPEN):
        if request.may_go(RequestState.WITHDRAWN):
            await _end(uow, tools, ask, request)
        elif request.state is RequestState.READY:
            await undeliverable(uow, {"request": request.id}, ask.at)


async def _end(uow: UnitOfWork, tools: Tools, ask: Ask, request: FootageRequest) -> None:
    """Withdrawn: the cards close, and what was held is destroyed."""
    request = await uow.requests.move(request, RequestState.WITHDRAWN)
    await uow.jobs.want("destroy", f"destroy:{request.id}", {"request": request.id}, ask.at)
    await uow.audit.write(entry(ask, "request:withdraw:done", request.code))
    await close_cards(uow, tools, request, None)


async def answered(ask: Ask, tools: Tools) -> bool:
    """Words after the leadership asked back: added to the request, which waits for a decision again."""
    async with tools.begin() as uow:
        dialogue = await uow.dialogues.get(ask.account)
        if dialogue is None or dialogue.kind != ANSWER:
            return False
        request = await access.own_request(uow, ask, int(dialogue.data["request"]))
        await uow.dialogues.clear(ask.account)
        if request.state is RequestState.NEEDS_INFO:
            request = await uow.requests.add_note(request.id, " ".join(ask.args.split())[:500])
            request = await uow.requests.move(request, RequestState.PENDING)
            await uow.audit.write(entry(ask, "request:answer:done", request.code))
            key = f"card:{request.id}:{tools.secret_code()}"
            await uow.jobs.want("card", key, {"request": request.id, "again": 1}, ask.at)
            text = Text("Your answer to {code} has been passed on.", {"code": request.code})
        else:
            text = Text("{code} has been settled meanwhile.", {"code": request.code})
        await uow.outbox.say(answer(ask, text), ask.at)
        await uow.commit()
    return True


async def _register(
    uow: UnitOfWork,
    tools: Tools,
    ask: Ask,
    draft: Draft,
    article: str,
) -> FootageRequest:
    if draft.start is None or draft.end is None:
        raise ValueError("a request needs a time")
    year = ask.at.astimezone(tools.zone).year
    code = code_of("YC", year, await uow.counters.next("YC", year))
    request = await uow.requests.add(
        code=code,
        requester_id=ask.person.id,
        camera_code=draft.camera,
        start=draft.start,
        end=draft.end,
        purpose=draft.purpose,
        reason=draft.reason,
        created_at=ask.at,
        expires_at=ask.at + tools.limits.decide_within,
    )
    await uow.audit.write(
        entry(
            ask,
            "request:ask:done",
            code,
            article,
            {
                "camera": draft.camera,
                "start": draft.start.isoformat(),
                "end": draft.end.isoformat(),
                "purpose": draft.purpose.value,
            },
        ),
    )
    return request


async def _told(uow: UnitOfWork, tools: Tools, ask: Ask, request: FootageRequest) -> None:
    who = await access.deciders(uow, tools, request)
    names = ", ".join(person.called for person in who)
    text = (
        Text("{code} received. {who} will decide.", {"code": request.code, "who": names})
        if names
        else Text(
            "{code} received, but nobody who may decide can be reached. Please tell the office.",
            {"code": request.code},
        )
    )
    await uow.outbox.say(
        answer(
            ask,
            text,
            Text("The footage is being secured now, so that it is not overwritten."),
            choices=((Choice(Text("Withdraw request"), "request.withdraw", {"request": request.id}),),),
            slot=progress_slot(request.id),
        ),
        ask.at,
    )


async def _own_order(uow: UnitOfWork, tools: Tools, ask: Ask, request: FootageRequest) -> None:
    """The principal's own need: an order at once, and the deputies are told (Điều 5; s)."""
    request = await ordered(uow, tools, request, ask.person, ask.at)
    await uow.audit.write(
        entry(ask, "request:order:done", request.code, "Điều 5", {"order": request.order_code})
    )
    await uow.outbox.say(
        answer(
            ask,
            Text("{code} received. Order {order}.", {"code": request.code, "order": request.order_code}),
            Text("The recording is being extracted."),
            slot=progress_slot(request.id),
        ),
        ask.at,
    )
    for deputy in await uow.people.with_roles((Role.DEPUTY,)):
        await uow.outbox.say(
            Outgoing(
                deputy.id,
                (
                    Text(
                        "{who} ordered an extraction: {code}, {camera}, {span}.",
                        {
                            "who": ask.person.called,
                            "code": request.code,
                            "camera": tools.cameras.by_code(request.camera_code).label,
                            "span": Period(request.start, request.end),
                        },
                    ),
                ),
            ),
            ask.at,
        )


def _summary(tools: Tools, request: FootageRequest) -> tuple[Text, ...]:
    return (
        Text("Request {code}", {"code": request.code}),
        Text("Camera: {camera}", {"camera": tools.cameras.by_code(request.camera_code).label}),
        Text("Time: {span}", {"span": Period(request.start, request.end)}),
        Text("Purpose: {purpose}", {"purpose": words.PURPOSES[request.purpose]}),
        Text("Reason: {reason}", {"reason": request.reason}),
    )
