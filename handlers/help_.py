"""`/trogiup`: what this person can do, in examples."""

from domain.chat import Text
from domain.people import Person
from domain.regulation import Act, Grant, Rights
from handlers.asking import Ask, answer
from handlers.ports import Tools

_EXAMPLES: tuple[tuple[Act, Text], ...] = (
    (Act.LIVE_PICTURE, Text("• Picture of now: /anh cổng chính (all: /anh tatca)")),
    (Act.LIVE_CLIP, Text("• Ten live seconds: /clip cổng 10")),
    (Act.REQUEST_RECORDING, Text("• Ask for a recording: /yeucau cổng chính hôm qua 9:05-9:20 reason")),
    (Act.DECIDE_REQUEST, Text("• Decide requests: /choduyet")),
    (Act.MANAGE_PEOPLE, Text("• People: /nguoidung · Delegate decisions: /uyquyen")),
    (Act.SEE_CAMERAS, Text("• List of cameras: /camera · Regulation: /quyche")),
)


def what_you_can_do(rights: Rights, person: Person) -> tuple[Text, ...]:
    """One example a line, only of what the role allows."""
    lines: list[Text] = []
    for act, example in _EXAMPLES:
        right = rights.of(person.role, act)
        asks_live = act in (Act.LIVE_PICTURE, Act.LIVE_CLIP) and right and right.grant is Grant.ASK
        if right is not None and not asks_live:
            lines.append(example)
    return tuple(lines)


async def help_(ask: Ask, tools: Tools) -> None:
    """Answer with the examples."""
    async with tools.begin() as uow:
        lines = what_you_can_do(await uow.role_table.rights(), ask.person)
        await uow.outbox.say(
            answer(
                ask,
                Text("{you} can write:", {"you": ask.person.called}),
                *lines,
                Text("Plain words are understood too, for example: chụp cổng chính."),
            ),
            ask.at,
        )
        await uow.commit()
