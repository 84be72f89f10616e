"""`/ngonngu`: each person reads the assistant in Vietnamese or in English."""

from domain.chat import Choice, Text
from domain.people import LANGUAGES
from handlers.asking import Ask, answer
from handlers.ports import Tools

_OWN_NAMES = {"vi": "Tiếng Việt", "en": "English"}
_SLOT = "language"


async def language(ask: Ask, tools: Tools) -> None:
    """Offer the languages, each by its own name."""
    async with tools.begin() as uow:
        await uow.outbox.say(
            answer(
                ask,
                Text("In which language should the assistant write to {you}?", {"you": ask.person.called}),
                Text("It reads Vietnamese, and common English words."),
                choices=(
                    tuple(
                        Choice(
                            Text("{name}", {"name": _OWN_NAMES[code]}), "language.choose", {"language": code}
                        )
                        for code in LANGUAGES
                    ),
                ),
                slot=_SLOT,
                anew=True,
            ),
            ask.at,
        )
        await uow.commit()


async def choose(ask: Ask, tools: Tools) -> None:
    """A button: from this answer on, everything is written in that language."""
    async with tools.begin() as uow:
        await uow.people.speak(ask.person.id, ask.text("language"))
        await uow.outbox.say(
            answer(ask, Text("From now on the assistant writes in English."), slot=_SLOT), ask.at
        )
        await uow.commit()
