"""Plain words without a command: a dialogue's answer first, else a wish."""

from domain.chat import Choice, Length, Text
from domain.regulation import Act
from domain.vietnamese.needs import is_forbidden
from domain.vietnamese.readings import Outcome, Wish, WishKind
from domain.vietnamese.wishes import understand
from handlers import basics, help_, incident, live_clip, outlook, request, snapshot
from handlers.asking import Ask, answer
from handlers.ports import Tools
from handlers.registry import DIALOGUES

LONGEST_WISH = 1000


async def free_text(ask: Ask, tools: Tools) -> None:
    """Hand the words to who waits for them, or do what they wish."""
    async with tools.reading() as uow:
        dialogue = await uow.dialogues.get(ask.account)
    closed: tuple[Text, ...] = ()
    if dialogue is not None and dialogue.kind in DIALOGUES:
        takes, life = DIALOGUES[dialogue.kind]
        if tools.now() - dialogue.touched_at > life:
            closed = (
                Text(
                    "What was begun here was closed after {life}; nothing was sent.", {"life": Length(life)}
                ),
            )
        elif await takes(ask, tools):
            return
    wish = understand(
        ask.args[:LONGEST_WISH],
        tools.cameras.index,
        request.local_now(tools),
        limits=request.limits_of(tools),
    )
    clear = wish.sure and not wish.unexplained
    looks = wish.kind is WishKind.SNAPSHOT and wish.kinds != () and wish.match.outcome is Outcome.ONE
    if clear and looks and not await _may_watch(ask, tools):
        await _what_about(ask, tools, wish)
    elif clear or wish.kind is WishKind.REQUEST:  # a request is a form that is shown before it is sent
        await _do(ask, tools, wish, closed)
    elif wish.kind is WishKind.NONE and is_forbidden(ask.args):
        await outlook.forbidden(ask, tools)
    elif wish.match.outcome is Outcome.ONE:
        await _what_about(ask, tools, wish)
    else:
        await basics.not_understood(ask, tools, closed)


async def _may_watch(ask: Ask, tools: Tools) -> bool:
    """Whether a look at a camera can be a picture of now for this person at all."""
    async with tools.reading() as uow:
        return help_.may(await uow.role_table.rights(), ask.person, Act.LIVE_PICTURE)


async def _do(ask: Ask, tools: Tools, wish: Wish, closed: tuple[Text, ...]) -> None:
    match wish.kind:
        case WishKind.SNAPSHOT:
            await snapshot.act_on(ask, tools, wish.match)
        case WishKind.LIVE_CLIP:
            await live_clip.act_on(ask, tools, wish.match, wish.duration)
        case WishKind.REQUEST:
            await request.begin(ask, tools, wish)
        case WishKind.INCIDENT:
            await incident.told(ask, tools, wish, closed)
        case WishKind.STATUS:
            await outlook.status(ask, tools, wish)
        case WishKind.HELP:
            await help_.help_(ask, tools)
        case WishKind.NONE if not closed:
            await basics.courtesy(ask, tools)
        case _:
            await basics.not_understood(ask, tools, closed)


async def _what_about(ask: Ask, tools: Tools, wish: Wish) -> None:
    """A camera was named, but not what for: ask, never guess."""
    camera = wish.match.cameras[0]
    seconds = int(tools.limits.default_live_clip.total_seconds())
    offers = (
        (Act.LIVE_PICTURE, Choice(Text("Picture of now"), "snapshot.take", {"camera": camera.code})),
        (
            Act.LIVE_CLIP,
            Choice(
                Text("{seconds} live seconds", {"seconds": seconds}),
                "clip.take",
                {"camera": camera.code, "seconds": seconds},
            ),
        ),
        (
            Act.REQUEST_RECORDING,
            Choice(Text("Ask for a recording"), "request.start", {"camera": camera.code}),
        ),
    )
    async with tools.reading() as uow:
        rights = await uow.role_table.rights()
    choices = tuple((choice,) for act, choice in offers if help_.may(rights, ask.person, act))
    if not choices:
        await basics.not_understood(ask, tools)
        return
    async with tools.begin() as uow:
        text = Text("{camera}: what would you like?", {"camera": camera.label})
        await uow.outbox.say(answer(ask, text, choices=choices), ask.at)
        await uow.commit()
