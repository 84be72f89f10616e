"""A teacher's request up to the principal's card, as people do it on their phones."""

from datetime import datetime

from simulator.clock import ZONE
from simulator.telegram import Phone
from simulator.telegram.model import Message

PATIENCE_SECONDS = 40.0


async def ask(teacher: Phone, start: datetime, end: datetime, place: str = "cổng chính") -> str:
    """Send a request in; its code."""
    begin, finish = start.astimezone(ZONE), end.astimezone(ZONE)
    said = await teacher.say(f"/yeucau {place} {begin:%d/%m %H:%M}-{finish:%H:%M} học sinh bị xô ngã")
    check = await teacher.wait_for(
        lambda message: "Gửi yêu cầu" in message.buttons, PATIENCE_SECONDS, after=said
    )
    await teacher.tap((check, "Gửi yêu cầu"))
    got = await teacher.wait_for("YC-", PATIENCE_SECONDS, after=said)
    return next(word.strip(".,:") for word in got.text.split() if word.startswith("YC-"))


async def card(principal: Phone, code: str) -> Message:
    """The card about it, with pictures."""
    return await principal.wait_for(
        lambda message: message.kind == "photo" and code in message.text and "Duyệt" in message.buttons,
        PATIENCE_SECONDS,
    )


async def clip(teacher: Phone, code: str) -> Message:
    """The delivered clip."""
    return await teacher.wait_for(
        lambda message: message.kind == "video" and code in message.text, PATIENCE_SECONDS
    )


def clips(teacher: Phone, code: str) -> int:
    """How many clips of it were delivered."""
    return len([one for one in teacher.messages if one.kind == "video" and code in one.text])
