"""Wishes that the chat can't fulfil itself: to know of a request, to have something switched off."""

from domain.chat import Choice, Text
from domain.regulation import Act, Grant
from domain.vietnamese.needs import is_about_a_request
from domain.vietnamese.readings import Outcome, Wish
from handlers import pending, retention
from handlers.asking import Ask, Rows, answer
from handlers.help_ import may
from handlers.ports import Tools, UnitOfWork


async def status(ask: Ask, tools: Tools, wish: Wish) -> None:
    """How a request stands, or what is known of cameras and recorder, to those who may read it."""
    if is_about_a_request(ask.args):
        await pending.pending(ask, tools)
        return
    async with tools.reading() as uow:
        right = (await uow.role_table.rights()).of(ask.person.role, Act.SEE_RETENTION)
        choices = await _look(uow, ask, wish)
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


async def _look(uow: UnitOfWork, ask: Ask, wish: Wish) -> Rows:
    """What this person can do about the camera that was named."""
    if wish.match.outcome is not Outcome.ONE:
        return ()
    rights = await uow.role_table.rights()
    camera = wish.match.cameras[0]
    if not may(rights, ask.person, Act.LIVE_PICTURE):
        return ()
    return ((Choice(Text("Picture of now"), "snapshot.take", {"camera": camera.code}),),)
