"""A live look that failed: one sentence, one audit line, and IT staff where only they can mend it."""

from domain.cameras import Camera
from domain.chat import Text
from handlers import alarm, words
from handlers.asking import Ask, answer, entry
from handlers.ports import Tools


async def could_not(ask: Ask, tools: Tools, camera: Camera, code: str, error: Exception, what: str) -> None:
    """Say why there is nothing to see; `what` is the act in the audit log."""
    async with tools.begin() as uow:
        now = tools.now()
        details = {"camera": camera.code, "error": type(error).__name__}
        await uow.audit.write(entry(ask, what, code, details=details))
        text = Text(
            "{camera}: {why} Code {code}.",
            {"camera": camera.label, "why": words.failure(error), "code": code},
        )
        await uow.outbox.say(answer(ask, text), now)
        if isinstance(error, words.FOR_IT):
            await alarm.tell(uow, now, error)
        await uow.commit()
