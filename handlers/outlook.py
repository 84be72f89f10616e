"""Wishes that the chat can't fulfil itself: a told incident, a question about cameras and recorder."""

from domain.chat import Choice, Text
from domain.regulation import Act, Grant
from domain.vietnamese.needs import Danger, dangers, is_about_a_request
from domain.vietnamese.readings import Outcome, Wish
from handlers import pending, retention
from handlers.asking import Ask, Rows, answer
from handlers.help_ import may
from handlers.ports import Tools, UnitOfWork

_CALL: dict[Danger, Text] = {
    Danger.FIRE: Text("Fire: call 114 at once."),
    Danger.HURT: Text("Somebody is hurt: call 115 at once."),
    Danger.VIOLENCE: Text("Somebody is in danger: call 113 at once."),
}


async def incident(ask: Ask, tools: Tools, wish: Wish, closed: tuple[Text, ...] = ()) -> None:
    """Something happened: whom to call first, and that this chat doesn't take the report.

    `closed` says that a form was forgotten for which the words may have been meant.
    """
    emergencies = [_CALL[danger] for danger in dangers(ask.args)]
    async with tools.begin() as uow:
        if closed:
            await uow.dialogues.clear(ask.account)
        await uow.outbox.say(
            answer(
                ask,
                *closed,
                *emergencies,
                Text("Please call the guards on duty and the leadership: nobody is told by this chat."),
                choices=await _look(uow, ask, wish, recording=True),
            ),
            ask.at,
        )
        await uow.commit()


async def status(ask: Ask, tools: Tools, wish: Wish) -> None:
    """How a request stands, or what is known of cameras and recorder, to those who may read it."""
    if is_about_a_request(ask.args):
        await pending.pending(ask, tools)
        return
    async with tools.reading() as uow:
        right = (await uow.role_table.rights()).of(ask.person.role, Act.SEE_RETENTION)
        choices = await _look(uow, ask, wish, recording=False)
    if right is not None and right.grant is Grant.SUMMARY:
        await retention.whole(ask, tools, choices)
        return
    if right is not None:
        await retention.act_on(ask, tools, wish.match, choices)
        return
    async with tools.begin() as uow:
        await uow.outbox.say(
            answer(
                ask,
                Text("The state of cameras and recorder can't be asked here; please ask the IT staff."),
                choices=choices,
            ),
            ask.at,
        )
        await uow.commit()


async def forbidden(ask: Ask, tools: Tools) -> None:
    """Nobody can disable a camera or delete what it recorded (Điều 2): said plainly, whoever asks."""
    async with tools.begin() as uow:
        await uow.outbox.say(
            answer(ask, Text("Cameras can't be switched off here, nor recordings deleted (Điều 2).")), ask.at
        )
        await uow.commit()


async def _look(uow: UnitOfWork, ask: Ask, wish: Wish, *, recording: bool) -> Rows:
    """What this person can do about the camera that was named."""
    if wish.match.outcome is not Outcome.ONE:
        return ()
    rights = await uow.role_table.rights()
    camera = wish.match.cameras[0]
    offers = [
        (Act.LIVE_PICTURE, Choice(Text("Picture of now"), "snapshot.take", {"camera": camera.code})),
    ]
    if recording:
        start = Choice(Text("Ask for a recording"), "request.start", {"camera": camera.code})
        offers.append((Act.REQUEST_RECORDING, start))
    return tuple((choice,) for act, choice in offers if may(rights, ask.person, act))
