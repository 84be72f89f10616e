"""Silence never approves: reminders, and the end of a request that nobody decided (Điều 4; seven days, s)."""

from datetime import timedelta

from domain.chat import Moment, Outgoing, Text
from domain.requests import UNDECIDED, RequestState
from handlers import access
from handlers.asking import system_entry
from handlers.decision_cards import about, card_slot, close_cards, decision_buttons
from handlers.ports import Tools

REMIND_EVERY = timedelta(hours=24)


async def expire(tools: Tools) -> int:
    """Close every request whose time is over; the number of them."""
    now = tools.now()
    async with tools.reading() as uow:
        due = await uow.requests.expiring(now)
    for request in due:
        async with tools.begin() as uow:
            current = await uow.requests.get(request.id)
            if current is None or current.state not in UNDECIDED or current.expires_at > now:
                continue
            current = await uow.requests.move(current, RequestState.EXPIRED)
            await uow.jobs.want("destroy", f"destroy:{current.id}", {"request": current.id}, now)
            await uow.audit.write(system_entry(now, "request:expire:done", current.code))
            await close_cards(uow, tools, current, None)
            await uow.outbox.say(
                Outgoing(
                    current.requester_id,
                    (
                        Text(
                            "{code} has expired, because nobody decided in time. "
                            "You may ask again with /yeucau.",
                            {"code": current.code},
                        ),
                    ),
                    slot=f"request:{current.id}:progress",
                ),
                now,
            )
            await uow.commit()
    return len(due)


async def remind(tools: Tools) -> int:
    """Once a day, show the card of a request that waits once more; the number of reminders."""
    now = tools.now()
    async with tools.reading() as uow:
        waiting = await uow.requests.in_state(RequestState.PENDING)
    sent = 0
    for request in waiting:
        days = int((now - request.created_at) / REMIND_EVERY)
        if days < 1:
            continue
        async with tools.begin() as uow:
            mark = f"reminded:{request.id}"
            if int(await uow.facts.get(mark) or 0) >= days:
                continue
            await uow.facts.put(mark, str(days))
            requester = await uow.people.get(request.requester_id)
            lines = about(tools, request, requester) if requester else ()
            for person in await access.deciders(uow, tools, request):
                await uow.outbox.say(
                    Outgoing(
                        person.id,
                        (
                            Text(
                                "{you}, request {code} still waits for your decision.",
                                {"you": person.called, "code": request.code},
                            ),
                            *lines,
                            Text("Please decide before {when}.", {"when": Moment(request.expires_at)}),
                        ),
                        choices=decision_buttons(request.id),
                        slot=card_slot(request.id),
                        anew=True,
                    ),
                    now,
                )
                sent += 1
            await uow.commit()
    return sent
