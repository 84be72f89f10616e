"""`/camera`: the public list of cameras by area (Điều 2 khoản 2)."""

from domain import regulation
from domain.cameras import by_area
from domain.chat import Text
from domain.regulation import Act, Granted
from handlers import words
from handlers.access import DeniedError
from handlers.asking import Ask, answer
from handlers.ports import Tools


async def cameras(ask: Ask, tools: Tools) -> None:
    """Codes and names; no picture."""
    async with tools.begin() as uow:
        ruling = regulation.look(await uow.role_table.rights(), ask.person, Act.SEE_CAMERAS)
        if not isinstance(ruling, Granted):
            raise DeniedError(words.refusal(ruling), "cameras:list:refused", "all", ruling.article)
        lines = [
            Text(
                "{area}: {cameras}",
                {"area": words.area_label(area), "cameras": ", ".join(camera.label for camera in group)},
            )
            for area, group in by_area(tools.cameras.all).items()
        ]
        await uow.outbox.say(
            answer(ask, Text("{count} cameras:", {"count": len(tools.cameras.all)}), *lines), ask.at
        )
        await uow.commit()
