"""`/nguoidung`: who has access; the principal gives and takes it (Điều 1)."""

from domain import regulation
from domain.chat import Choice, Text
from domain.people import INVITATION_LIFE, Person, Role
from domain.regulation import Granted
from handlers import words
from handlers.access import DeniedError
from handlers.asking import Ask, answer, entry, rows_of
from handlers.enrol import invite
from handlers.ports import Tools, UnitOfWork
from handlers.send_request import withdraw_all

NEW_PERSON = "new_person"
LONGEST_NAME = 60
BOT_NAME = "telegram:username"


async def people(ask: Ask, tools: Tools) -> None:
    """The staff list with the buttons to add and remove."""
    async with tools.begin() as uow:
        await _may_manage(uow, ask, None)
        lines = [
            Text("{who} · {role}", {"who": person.called, "role": words.ROLES[person.role]})
            for person in await uow.people.everybody()
        ]
        await uow.outbox.say(
            answer(
                ask,
                Text("People with access:"),
                *lines,
                choices=(
                    (
                        Choice(Text("Add somebody"), "people.add"),
                        Choice(Text("Remove somebody"), "people.list"),
                    ),
                ),
                slot="people",
            ),
            ask.at,
        )
        await uow.commit()


async def add(ask: Ask, tools: Tools) -> None:
    """Which role the new person has."""
    async with tools.begin() as uow:
        await _may_manage(uow, ask, None)
        choices = [
            Choice(words.ROLES[role], "people.role", {"role": role.value})
            for role in Role
            if role is not Role.PRINCIPAL
        ]
        await uow.outbox.say(
            answer(
                ask, Text("Which role will the new person have?"), choices=rows_of(choices, 2), slot="people"
            ),
            ask.at,
        )
        await uow.commit()


async def role_chosen(ask: Ask, tools: Tools) -> None:
    """Then the name, in words."""
    async with tools.begin() as uow:
        await _may_manage(uow, ask, None)
        role = Role(ask.text("role"))
        await uow.dialogues.put(ask.account, NEW_PERSON, {"role": role.value}, ask.at)
        await uow.outbox.say(
            answer(
                ask,
                Text(
                    "Name of the new {role}? Please write it with the form of address, for example: Cô Lan",
                    {"role": words.ROLES[role]},
                ),
                slot="people",
            ),
            ask.at,
        )
        await uow.commit()


async def name_typed(ask: Ask, tools: Tools) -> bool:
    """The name: make a one-time code to pass on. False where no name is waited for."""
    async with tools.begin() as uow:
        dialogue = await uow.dialogues.get(ask.account)
        if dialogue is None or dialogue.kind != NEW_PERSON:
            return False
        await _may_manage(uow, ask, None)
        name = " ".join(ask.args.split())
        if len(name) > LONGEST_NAME or not any(letter.isalpha() for letter in name):
            await uow.outbox.say(
                answer(ask, Text("Please write just the form of address and the name, for example: Cô Lan")),
                ask.at,
            )
            await uow.commit()
            return True
        await uow.dialogues.clear(ask.account)
        code = tools.secret_code()
        person = await invite(
            uow,
            name=name,
            role=Role(str(dialogue.data["role"])),
            unit="",
            code=code,
            now=ask.at,
            by=ask.person,
        )
        bot_name = await uow.facts.get(BOT_NAME)
        lines = [
            Text(
                "Code for {who}: {code}",
                {"who": person.called, "code": code},
            ),
            Text(
                "Valid once, for {hours} hours. {who} sends it to this assistant as: /start {code}",
                {"hours": int(INVITATION_LIFE.total_seconds() // 3600), "who": person.called, "code": code},
            ),
        ]
        if bot_name:
            lines.append(Text("Or opens: {link}", {"link": f"https://t.me/{bot_name}?start={code}"}))
        await uow.outbox.say(answer(ask, *lines, protect=True), ask.at)
        await uow.commit()
    return True


async def to_remove(ask: Ask, tools: Tools) -> None:
    """Whom to remove."""
    async with tools.begin() as uow:
        await _may_manage(uow, ask, None)
        choices = [
            Choice(
                Text("{who} · {role}", {"who": person.called, "role": words.ROLES[person.role]}),
                "people.remove",
                {"person": person.id},
            )
            for person in await uow.people.everybody()
            if person.id != ask.person.id
        ]
        await uow.outbox.say(
            answer(ask, Text("Whose access ends?"), choices=rows_of(choices, 1), slot="people"), ask.at
        )
        await uow.commit()


async def remove(ask: Ask, tools: Tools) -> None:
    """Ask once more before it counts."""
    async with tools.begin() as uow:
        person = await _other(uow, ask)
        await uow.outbox.say(
            answer(
                ask,
                Text("End the access of {who}?", {"who": person.called}),
                choices=(
                    (
                        Choice(Text("End access"), "people.removed", {"person": person.id}),
                        Choice(Text("Back"), "people.list"),
                    ),
                ),
                slot="people",
            ),
            ask.at,
        )
        await uow.commit()


async def removed(ask: Ask, tools: Tools) -> None:
    """Access ends at once."""
    async with tools.begin() as uow:
        person = await _other(uow, ask)
        await uow.people.deactivate(person.id)
        await withdraw_all(uow, tools, ask, person.id)
        await uow.audit.write(entry(ask, "person:remove:done", f"person {person.id}", "Điều 1"))
        await uow.outbox.say(
            answer(ask, Text("{who} has no access any more.", {"who": person.called}), slot="people"), ask.at
        )
        await uow.commit()


async def _other(uow: UnitOfWork, ask: Ask) -> Person:
    person = await uow.people.get(ask.number("person"))
    await _may_manage(uow, ask, person)
    if person is None:
        raise DeniedError(words.NO_LONGER_HERE, "person:manage:refused", "?", "Điều 1")
    return person


async def _may_manage(uow: UnitOfWork, ask: Ask, other: Person | None) -> None:
    ruling = regulation.manage_people(await uow.role_table.rights(), ask.person, other)
    if isinstance(ruling, Granted):
        return
    raise DeniedError(words.refusal(ruling), "person:manage:refused", "?", ruling.article)
