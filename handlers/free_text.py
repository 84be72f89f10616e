"""Plain words without a command: a dialogue's answer first, else a wish."""

from domain.vietnamese.wishes import understand

from domain.vietnamese.readings import WishKind
from handlers import basics, help, live_clip, request, snapshot
from handlers.asking import Ask
from handlers.ports import Tools
from handlers.registry import DIALOGUES

LONGEST_WISH = 1000


async def free_text(ask: Ask, tools: Tools) -> None:
    """Hand the words to who waits for them, or do what they wish."""
    async with tools.reading() as uow:
        dialogue = await uow.dialogues.get(ask.account)
    takes = DIALOGUES.get(dialogue.kind) if dialogue else None
    if takes is not None and await takes(ask, tools):
        return
    await do_wish(ask, tools)


async def do_wish(ask: Ask, tools: Tools) -> None:
    """Read the wish; below certainty ask with buttons."""
    wish = understand(
        ask.args[:LONGEST_WISH],
        tools.cameras.index,
        request.local_now(tools),
        limits=request.limits_of(tools),
    )
    if not wish.sure:
        await basics.not_understood(ask, tools)
        return
    match wish.kind:
        case WishKind.SNAPSHOT:
            await snapshot.act_on(ask, tools, wish.match)
        case WishKind.LIVE_CLIP:
            await live_clip.act_on(ask, tools, wish.match, wish.duration)
        case WishKind.REQUEST:
            await request.begin(ask, tools, wish)
        case WishKind.HELP:
            await help.help_(ask, tools)
        case _:
            await basics.not_understood(ask, tools)
