"""The leadership decides: approve, refuse with a reason, ask back (Điều 4 khoản 1, Điều 5)."""

from domain.chat import Choice, Outgoing, Text
from domain.requests import FootageRequest, RequestState
from handlers import access, words
from handlers.access import Decidable
from handlers.asking import Ask, answer, entry, rows_of
from handlers.decision_cards import about, card_slot, close_cards, decision_buttons
from handlers.ports import Tools, UnitOfWork
from handlers.release import ordered
from handlers.send_request import ANSWER, progress_slot

REFUSE = "refuse"
ASK_MORE = "ask_more"

_REASONS: tuple[Text, ...] = (
    Text("The purpose is not clear"),
    Text("Outside the purposes of the regulation"),
    Text("It can be settled without footage"),
    Text("It concerns the privacy of others"),
)


async def approve(ask: Ask, tools: Tools) -> Text | None:
    """`Duyệt`: the order to extract. The request is moved once; who comes later is told who decided."""
    async with tools.begin() as uow:
        found = await access.request_to_decide(uow, tools, ask, ask.number("request"))
        await uow.dialogues.clear(
            ask.account
        )  # a reason that was about to be written is no longer waited for
        request = await ordered(uow, tools, found.request, ask.person, ask.at)
        await uow.audit.write(
            entry(ask, "request:approve:done", request.code, found.article, {"order": request.order_code})
        )
        await close_cards(uow, tools, request, ask.person)
        await _tell_requester(
            uow,
            request,
            ask,
            words.decided(request, ask.person),
            Text("The recording is being extracted and will be sent here."),
        )
        await uow.commit()
    return Text("Approved.")


async def refuse(ask: Ask, tools: Tools) -> Text | None:
    """`Không duyệt`: asks for the reason, with buttons or in words."""
    async with tools.begin() as uow:
        found = await access.request_to_decide(uow, tools, ask, ask.number("request"))
        request_id = found.request.id
        await uow.dialogues.put(ask.account, REFUSE, {"request": request_id}, ask.at)
        reasons = [
            Choice(reason, "decide.reason", {"request": request_id, "reason": number})
            for number, reason in enumerate(_REASONS)
        ]
        await _ask_in_card(
            uow,
            tools,
            ask,
            found,
            Text("Why is {code} not approved? Choose, or write the reason.", {"code": found.request.code}),
            reasons,
        )
        await uow.commit()
    return None


async def reason_chosen(ask: Ask, tools: Tools) -> Text | None:
    """A reason's button."""
    reason = tools.phrase(_REASONS[ask.number("reason")], "vi")
    return await _refuse_because(ask, tools, ask.number("request"), reason)


async def reason_typed(ask: Ask, tools: Tools) -> bool:
    """Words after `Không duyệt`. False where no refusal waits for them."""
    async with tools.reading() as uow:
        dialogue = await uow.dialogues.get(ask.account)
    if dialogue is None or dialogue.kind != REFUSE:
        return False
    await _refuse_because(ask, tools, int(dialogue.data["request"]), " ".join(ask.args.split())[:500])
    return True


async def ask_more(ask: Ask, tools: Tools) -> Text | None:
    """`Hỏi thêm`: the next words are the question."""
    async with tools.begin() as uow:
        found = await access.request_to_decide(uow, tools, ask, ask.number("request"))
        await uow.dialogues.put(ask.account, ASK_MORE, {"request": found.request.id}, ask.at)
        await _ask_in_card(
            uow,
            tools,
            ask,
            found,
            Text("What would you like to ask about {code}? Please write it.", {"code": found.request.code}),
            [],
        )
        await uow.commit()
    return None


async def question_typed(ask: Ask, tools: Tools) -> bool:
    """The question itself goes to the person who asked for the recording."""
    async with tools.begin() as uow:
        dialogue = await uow.dialogues.get(ask.account)
        if dialogue is None or dialogue.kind != ASK_MORE:
            return False
        found = await access.request_to_decide(uow, tools, ask, int(dialogue.data["request"]))
        request = found.request
        if request.state is RequestState.PENDING:
            request = await uow.requests.move(request, RequestState.NEEDS_INFO)
        await uow.dialogues.clear(ask.account)
        await uow.audit.write(entry(ask, "request:question:done", request.code, found.article))
        question = " ".join(ask.args.split())[:500]
        for account in (await uow.people.accounts(request.requester_id))[:1]:
            await uow.dialogues.put(account, ANSWER, {"request": request.id}, ask.at)
        await uow.outbox.say(
            Outgoing(
                request.requester_id,
                (
                    Text(
                        "{who} asks about {code}: {question}",
                        {"who": ask.person.called, "code": request.code, "question": question},
                    ),
                    Text("Please answer in one message."),
                ),
            ),
            ask.at,
        )
        await _restore_card(uow, tools, ask, request)
        await uow.commit()
    return True


async def back(ask: Ask, tools: Tools) -> Text | None:
    """Back from the reasons to the decision."""
    async with tools.begin() as uow:
        found = await access.request_to_decide(uow, tools, ask, ask.number("request"))
        await uow.dialogues.clear(ask.account)
        await _restore_card(uow, tools, ask, found.request)
        await uow.commit()
    return None


async def _refuse_because(ask: Ask, tools: Tools, request_id: int, reason: str) -> Text | None:
    async with tools.begin() as uow:
        await uow.dialogues.clear(ask.account)
        found = await access.request_to_decide(uow, tools, ask, request_id)
        request = await uow.requests.move(
            found.request,
            RequestState.REJECTED,
            decided_by=ask.person.id,
            decided_at=ask.at,
            decision_reason=reason,
        )
        await uow.jobs.want("destroy", f"destroy:{request.id}", {"request": request.id}, ask.at)
        await uow.audit.write(entry(ask, "request:refuse:done", request.code, found.article))
        await close_cards(uow, tools, request, ask.person)
        await _tell_requester(
            uow,
            request,
            ask,
            words.decided(request, ask.person),
            Text("Reason: {reason}", {"reason": reason}),
        )
        await uow.commit()
    return Text("Not approved; the reason has been passed on.")


async def _ask_in_card(
    uow: UnitOfWork,
    tools: Tools,
    ask: Ask,
    found: Decidable,
    question: Text,
    choices: list[Choice],
) -> None:
    request = found.request
    requester = await uow.people.get(request.requester_id)
    lines = about(tools, request, requester) if requester else ()
    back_row = (Choice(Text("Back"), "decide.back", {"request": request.id}),)
    await uow.outbox.say(
        answer(ask, question, *lines, choices=(*rows_of(choices, 1), back_row), slot=card_slot(request.id)),
        ask.at,
    )


async def _restore_card(uow: UnitOfWork, tools: Tools, ask: Ask, request: FootageRequest) -> None:
    requester = await uow.people.get(request.requester_id)
    lines = about(tools, request, requester) if requester else ()
    await uow.outbox.say(
        answer(
            ask,
            Text("Request {code} is waiting for your decision.", {"code": request.code}),
            *lines,
            choices=decision_buttons(request.id),
            slot=card_slot(request.id),
        ),
        ask.at,
    )


async def _tell_requester(uow: UnitOfWork, request: FootageRequest, ask: Ask, *text: Text) -> None:
    await uow.outbox.say(Outgoing(request.requester_id, text, slot=progress_slot(request.id)), ask.at)
