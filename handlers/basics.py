"""What every chat needs: stop, the regulation in short, and an answer to what cannot be read."""

from domain.chat import Choice, Text
from domain.regulation import Act
from handlers import incident_draft
from handlers.asking import Ask, answer
from handlers.help_ import may
from handlers.ports import Tools


async def cancel(ask: Ask, tools: Tools) -> None:
    """`/huy`: leave whatever was being put together."""
    async with tools.begin() as uow:
        dialogue = await uow.dialogues.get(ask.account)
        await uow.dialogues.clear(ask.account)
        if dialogue is not None and dialogue.kind == incident_draft.DIALOGUE:
            await incident_draft.drop_open(uow, ask, int(dialogue.data["incident"]))
        text = Text("Stopped. Nothing was sent.") if dialogue else Text("There is nothing to stop.")
        await uow.outbox.say(answer(ask, text), ask.at)
        await uow.commit()


async def rules(ask: Ask, tools: Tools) -> None:
    """`/quyche`: the articles that matter in daily work."""
    async with tools.begin() as uow:
        await uow.outbox.say(
            answer(
                ask,
                Text("The camera regulation of {school}, in short:", {"school": tools.school}),
                Text("· Điều 2: 30 cameras; nobody may damage, obstruct or disable them."),
                Text("· Điều 3: everybody accepts the monitoring and may bring evidence or complain."),
                Text("· Điều 4: the leadership directs the use; everybody else asks for consent first."),
                Text(
                    "· Điều 5: recordings are kept at least 20 days; "
                    "IT staff extract on the leadership's order."
                ),
                Text("· Điều 7: guards watch around the clock and report."),
                Text("· Điều 10: breaches are dealt with by law."),
            ),
            ask.at,
        )
        await uow.commit()


async def not_understood(ask: Ask, tools: Tools, closed: tuple[Text, ...] = ()) -> None:
    """Words that are no wish: say what can be written, with buttons.

    `closed` says that they come too late for what waited for them; it's forgotten then.
    """
    async with tools.begin() as uow:
        rights = await uow.role_table.rights()
        offers = (
            (Act.LIVE_PICTURE, Choice(Text("Picture of a camera"), "snapshot.areas")),
            (Act.REQUEST_RECORDING, Choice(Text("Ask for a recording"), "request.start")),
        )
        if closed:
            await uow.dialogues.clear(ask.account)
        await uow.outbox.say(
            answer(
                ask,
                *(closed or (Text("That was not understood. What would you like to do?"),)),
                choices=(
                    *((choice,) for act, choice in offers if may(rights, ask.person, act)),
                    (Choice(Text("Help"), "help"),),
                ),
            ),
            ask.at,
        )
        await uow.commit()


async def courtesy(ask: Ask, tools: Tools) -> None:
    """Thanks, a greeting, "no more pictures": answered in one line, nothing is offered."""
    async with tools.begin() as uow:
        await uow.outbox.say(answer(ask, Text("All right.")), ask.at)
        await uow.commit()


async def unreadable(ask: Ask, tools: Tools) -> None:
    """A sticker, a voice message."""
    async with tools.begin() as uow:
        await uow.outbox.say(answer(ask, Text("Only written words and buttons are understood here.")), ask.at)
        await uow.commit()


async def edited(ask: Ask, tools: Tools) -> None:
    """A message that was changed after it was sent: what it asked before has been done already."""
    async with tools.begin() as uow:
        await uow.outbox.say(
            answer(ask, Text("Edited messages are not read again: please send a new one.")), ask.at
        )
        await uow.commit()
