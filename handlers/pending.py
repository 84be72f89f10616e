"""`/choduyet`: what waits for a decision; for everybody else, their own requests."""

from domain.chat import Choice, Period, Text
from domain.regulation import Act
from domain.requests import UNDECIDED, RequestState
from handlers import access, words
from handlers.asking import Ask, answer
from handlers.decision_cards import about, card_slot, decision_buttons
from handlers.ports import Tools, UnitOfWork

SHOWN = 10


async def pending(ask: Ask, tools: Tools) -> None:
    """Cards again for who may decide; a list of one's own for the others."""
    async with tools.begin() as uow:
        rights = await uow.role_table.rights()
        if rights.of(ask.person.role, Act.DECIDE_REQUEST) is None:
            await _own(uow, ask, tools)
        else:
            await _to_decide(uow, ask, tools)
        await uow.commit()


async def _to_decide(uow: UnitOfWork, ask: Ask, tools: Tools) -> None:
    waiting = [
        request
        for request in await uow.requests.in_state(*UNDECIDED)
        if any(person.id == ask.person.id for person in await access.deciders(uow, tools, request))
    ]
    if not waiting:
        await uow.outbox.say(answer(ask, Text("Nothing waits for your decision.")), ask.at)
    for request in waiting[:SHOWN]:
        requester = await uow.people.get(request.requester_id)
        if requester is None:
            continue
        await uow.outbox.say(
            answer(
                ask,
                Text("Request {code} is waiting for your decision.", {"code": request.code}),
                *about(tools, request, requester),
                choices=decision_buttons(request.id),
                slot=card_slot(request.id),
                anew=True,
            ),
            ask.at,
        )


async def _own(uow: UnitOfWork, ask: Ask, tools: Tools) -> None:
    mine = await uow.requests.of_person(ask.person.id, SHOWN)
    if not mine:
        await uow.outbox.say(answer(ask, Text("You have no requests. /yeucau starts one.")), ask.at)
        return
    lines = [
        Text(
            "{code} · {camera} · {span} · {state}",
            {
                "code": request.code,
                "camera": tools.cameras.by_code(request.camera_code).label,
                "span": Period(request.start, request.end),
                "state": words.STATES[request.state],
            },
        )
        for request in mine
    ]
    choices = tuple(
        (
            Choice(
                Text("Withdraw {code}", {"code": request.code}), "request.withdraw", {"request": request.id}
            ),
        )
        for request in mine
        if request.may_go(RequestState.WITHDRAWN)
    )
    await uow.outbox.say(answer(ask, Text("Your latest requests:"), *lines, choices=choices), ask.at)
