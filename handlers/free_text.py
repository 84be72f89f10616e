"""Plain words without a command: a dialogue's answer first, else a wish."""

from domain.chat import Choice, Text
from domain.vietnamese.readings import Outcome, Wish, WishKind
from domain.vietnamese.wishes import understand
from handlers import basics, help_, live_clip, request, snapshot
from handlers.asking import Ask, answer
from handlers.ports import Tools
from handlers.registry import DIALOGUES

LONGEST_WISH = 1000


async def free_text(ask: Ask, tools: Tools) -> None:
    """Hand the words to who waits for them, or do what they wish."""
    async with tools.reading() as uow:
        dialogue = await uow.dialogues.get(ask.account)
    if dialogue is not None and dialogue.kind in DIALOGUES:
        takes, life = DIALOGUES[dialogue.kind]
        if tools.now() - dialogue.touched_at <= life and await takes(ask, tools):
            return
    wish = understand(
        ask.args[:LONGEST_WISH],
        tools.cameras.index,
        request.local_now(tools),
        limits=request.limits_of(tools),
    )
    if wish.sure or wish.kind is WishKind.REQUEST:  # a request is a form that is shown before it is sent
        await _do(ask, tools, wish)
    elif wish.match.outcome is Outcome.ONE:
        await _what_about(ask, tools, wish)
    else:
        await basics.not_understood(ask, tools)


async def _do(ask: Ask, tools: Tools, wish: Wish) -> None:
    match wish.kind:
        case WishKind.SNAPSHOT:
            await snapshot.act_on(ask, tools, wish.match)
        case WishKind.LIVE_CLIP:
            await live_clip.act_on(ask, tools, wish.match, wish.duration)
        case WishKind.REQUEST:
            await request.begin(ask, tools, wish)
        case WishKind.HELP:
            await help_.help_(ask, tools)
        case _:
            await basics.not_understood(ask, tools)


async def _what_about(ask: Ask, tools: Tools, wish: Wish) -> None:
    """A camera was named, but not what for: ask, never guess."""
    camera = wish.match.cameras[0]
    seconds = int(tools.limits.default_live_clip.total_seconds())
    async with tools.begin() as uow:
        await uow.outbox.say(
            answer(
                ask,
                Text("{camera}: what would you like?", {"camera": camera.label}),
                choices=(
                    (Choice(Text("Picture of now"), "snapshot.take", {"camera": camera.code}),),
                    (
                        Choice(
                            Text("{seconds} live seconds", {"seconds": seconds}),
                            "clip.take",
                            {"camera": camera.code, "seconds": seconds},
                        ),
                    ),
                    (Choice(Text("Ask for a recording"), "request.start", {"camera": camera.code}),),
                ),
            ),
            ask.at,
        )
        await uow.commit()
