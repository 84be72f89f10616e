"""The card that asks the leadership to decide, and what stands in its place afterwards."""

from datetime import datetime

from domain.chat import Choice, Media, Moment, Outgoing, Period, Text
from domain.people import Person
from domain.requests import FootageRequest, Hold, RequestState
from handlers import words
from handlers.asking import Rows
from handlers.ports import Tools, UnitOfWork

REASON_SHOWN = 300  # a photo's caption is short; the whole reason is shown by /choduyet


def card_slot(request_id: int) -> str:
    """Where the card stands in each decider's chat."""
    return f"request:{request_id}:card"


def card(
    tools: Tools,
    request: FootageRequest,
    requester: Person,
    decider: Person,
    *,
    kept_until: datetime | None,
    picture: Media | None,
) -> Outgoing:
    """Who asks, which camera, from when to when, why, how long it is kept, and the buttons."""
    text = [
        Text(
            "{you}, request {code} is waiting for your decision.",
            {"you": decider.called, "code": request.code},
        ),
        *about(tools, request, requester),
        _safety(request, kept_until),
        Text("Please decide before {when}.", {"when": Moment(request.expires_at)}),
    ]
    if picture is None:
        text.append(Text("No pictures of the span could be fetched yet."))
    return Outgoing(
        decider.id,
        tuple(text),
        media=picture,
        choices=decision_buttons(request.id),
        slot=card_slot(request.id),
        protect=True,
    )


def decision_buttons(request_id: int) -> Rows:
    """One tap decides."""
    return (
        (
            Choice(Text("Approve"), "decide.approve", {"request": request_id}),
            Choice(Text("Refuse"), "decide.refuse", {"request": request_id}),
        ),
        (Choice(Text("Ask more"), "decide.ask_more", {"request": request_id}),),
    )


def about(tools: Tools, request: FootageRequest, requester: Person) -> tuple[Text, ...]:
    """The request in three lines, as every card shows it."""
    return (
        Text(
            "{who} ({role}) · {camera}",
            {
                "who": requester.called,
                "role": words.ROLES[requester.role],
                "camera": tools.cameras.by_code(request.camera_code).label,
            },
        ),
        Text("Time: {span}", {"span": Period(request.start, request.end)}),
        Text(
            "Purpose: {purpose}. Reason: {reason}",
            {"purpose": words.PURPOSES[request.purpose], "reason": _short(request.reason)},
        ),
    )


async def close_cards(
    uow: UnitOfWork,
    tools: Tools,
    request: FootageRequest,
    decider: Person | None,
) -> None:
    """Every card about a settled request loses its buttons and says who decided and when."""
    requester = await uow.people.get(request.requester_id)
    if requester is None:
        return
    for person_id in await uow.outbox.slot_open(card_slot(request.id)):
        await uow.outbox.say(
            Outgoing(
                person_id,
                (words.gone_card(request, decider), *about(tools, request, requester)),
                slot=card_slot(request.id),
            ),
            tools.now(),
        )


def still_open(request: FootageRequest) -> bool:
    """Whether a card should stand in the chats."""
    return request.state in (RequestState.PENDING, RequestState.NEEDS_INFO)


def _safety(request: FootageRequest, kept_until: datetime | None) -> Text:
    if request.hold in (Hold.HELD, Hold.RELEASED):
        if kept_until is None:
            return Text("A sealed copy is kept until you decide.")
        return Text(
            "The recorder keeps it until about {when}; a sealed copy is kept until you decide.",
            {"when": Moment(kept_until)},
        )
    if kept_until is None:
        return Text("The recorder does not answer now; the footage is not yet secured.")
    return Text(
        "The recorder keeps it until about {when}; it is being secured.", {"when": Moment(kept_until)}
    )


def _short(reason: str) -> str:
    return reason if len(reason) <= REASON_SHOWN else f"{reason[:REASON_SHOWN].rstrip()}…"
