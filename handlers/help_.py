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
    (Act.REPORT_INCIDENT, Text("• Report an incident: /suviec, or write it, or send a photo")),
    (Act.DECIDE_REQUEST, Text("• Decide requests: /choduyet")),
    (Act.MANAGE_PEOPLE, Text("• People: /nguoidung · Delegate decisions: /uyquyen")),
    (Act.SEE_RETENTION, Text("• How long footage is kept: /luutru (one camera: /luutru cổng chính)")),
    (Act.SEE_CAMERAS, Text("• List of cameras: /camera · Regulation: /quyche")),
)


_PLAIN_WORDS: tuple[tuple[Act, Text], ...] = (
    (Act.LIVE_PICTURE, Text("Plain words are understood too, for example: chụp cổng chính.")),
    (
        Act.REQUEST_RECORDING,
        Text("Plain words are understood too, for example: xin xem lại cổng chính hôm qua 9:05-9:20."),
    ),
)


def may(rights: Rights, person: Person, act: Act) -> bool:
    """Whether it is worth offering an act to somebody: live pictures not to those who must ask first."""
    right = rights.of(person.role, act)
    asks_first = right is not None and right.grant is Grant.ASK
    return right is not None and not (asks_first and act in (Act.LIVE_PICTURE, Act.LIVE_CLIP))


def what_you_can_do(rights: Rights, person: Person) -> tuple[Text, ...]:
    """One example a line, only of what the role allows."""
    lines = [example for act, example in _EXAMPLES if may(rights, person, act)]
    if may(rights, person, Act.REQUEST_RECORDING) and not may(rights, person, Act.DECIDE_REQUEST):
        lines.insert(-1, Text("• Your own requests: /choduyet"))
    return tuple(lines)


async def help_(ask: Ask, tools: Tools) -> None:
    """Answer with the examples."""
    async with tools.begin() as uow:
        rights = await uow.role_table.rights()
        plain_words = [text for act, text in _PLAIN_WORDS if may(rights, ask.person, act)]
        await uow.outbox.say(
            answer(
                ask,
                Text("{you} can write:", {"you": ask.person.called}),
                *what_you_can_do(rights, ask.person),
                *plain_words[:1],
            ),
            ask.at,
        )
        await uow.commit()
