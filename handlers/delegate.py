"""`/uyquyen`: the principal lets a deputy decide for a stated time (Điều 4 khoản 1; written and dated, s)."""

from datetime import datetime, time, timedelta

from domain import regulation
from domain.chat import Choice, Moment, Outgoing, Text
from domain.people import Person, Role
from domain.regulation import Granted
from domain.requests import UNDECIDED
from handlers import words
from handlers.access import DeniedError
from handlers.asking import Ask, answer, entry, rows_of
from handlers.ports import Tools, UnitOfWork

DAYS_OFFERED = (1, 2, 3, 5, 7)
LONGEST_DAYS = 14


async def delegate(ask: Ask, tools: Tools) -> None:
    """Which deputy."""
    async with tools.begin() as uow:
        await _may_delegate(uow, ask, None)
        deputies = await uow.people.with_roles((Role.DEPUTY,))
        if deputies:
            choices = [
                Choice(Text("{who}", {"who": person.called}), "delegate.to", {"person": person.id})
                for person in deputies
            ]
            text = Text("Who may decide requests for recordings in your place?")
        else:
            choices, text = [], Text("There is no deputy with access yet. /nguoidung adds one.")
        await uow.outbox.say(answer(ask, text, choices=rows_of(choices, 1), slot="delegate"), ask.at)
        await uow.commit()


async def until(ask: Ask, tools: Tools) -> None:
    """For how long, from now on."""
    async with tools.begin() as uow:
        deputy = await _deputy(uow, ask)
        choices = [
            Choice(
                Text("until {when}", {"when": Moment(_end(ask, tools, days))}),
                "delegate.done",
                {"person": deputy.id, "days": days},
            )
            for days in DAYS_OFFERED
        ]
        await uow.outbox.say(
            answer(
                ask,
                Text("{who} decides from now until when?", {"who": deputy.called}),
                choices=rows_of(choices, 1),
                slot="delegate",
            ),
            ask.at,
        )
        await uow.commit()


async def done(ask: Ask, tools: Tools) -> None:
    """In force at once; both are told; pending cards go to the deputy as well."""
    async with tools.begin() as uow:
        deputy = await _deputy(uow, ask)
        end = _end(ask, tools, min(ask.number("days"), LONGEST_DAYS))
        number = await uow.role_table.delegate(ask.person.id, deputy.id, ask.at, end, ask.at)
        await uow.audit.write(
            entry(
                ask,
                "delegation:give:done",
                f"delegation {number}",
                "Điều 4 khoản 1",
                {"to": deputy.id, "until": end.isoformat()},
            ),
        )
        text = Text(
            "{deputy} may decide requests for recordings until {when}, on behalf of {principal}. "
            "Money, release outside the school and access of people are not included.",
            {"deputy": deputy.called, "when": Moment(end), "principal": ask.person.called},
        )
        await uow.outbox.say(answer(ask, text, slot="delegate"), ask.at)
        await uow.outbox.say(Outgoing(deputy.id, (text,)), ask.at)
        await _cards_for(uow, ask, deputy, number)
        await uow.commit()


def _end(ask: Ask, tools: Tools, days: int) -> datetime:
    local = ask.at.astimezone(tools.zone)
    return datetime.combine(local.date() + timedelta(days=days), time(17), tools.zone)


async def _may_delegate(uow: UnitOfWork, ask: Ask, deputy: Person | None) -> None:
    ruling = regulation.delegate_decisions(await uow.role_table.rights(), ask.person, deputy)
    if not isinstance(ruling, Granted):
        raise DeniedError(words.refusal(ruling), "delegation:give:refused", "?", ruling.article)


async def _deputy(uow: UnitOfWork, ask: Ask) -> Person:
    person = await uow.people.get(ask.number("person"))
    if person is None:
        raise DeniedError(words.NO_LONGER_HERE, "delegation:give:refused", "?", "Điều 4 khoản 1")
    await _may_delegate(uow, ask, person)
    return person


async def _cards_for(uow: UnitOfWork, ask: Ask, deputy: Person, number: int) -> None:
    """What waits already is put before the deputy as well."""
    for request in await uow.requests.in_state(*UNDECIDED):
        key = f"card:{request.id}:delegation:{number}"
        await uow.jobs.want("card", key, {"request": request.id, "only": deputy.id}, ask.at)
