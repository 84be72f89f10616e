"""Enrolment by a one-time code: `/start CODE`. Roles are given by the leadership (Điều 1)."""

import hashlib
from datetime import datetime, timedelta

from domain.audit import Entry
from domain.chat import Account, Outgoing, Text
from domain.people import (
    INVITATION_LIFE,
    WRONG_CODES_PER_HOUR,
    Person,
    Role,
    named,
)
from handlers import words
from handlers.help_ import what_you_can_do
from handlers.ports import Tools, UnitOfWork


def code_hash(code: str) -> str:
    """How a code is stored: SHA-256 of its letters in upper case, without spaces and dashes."""
    letters = "".join(code.upper().split()).replace("-", "")
    return hashlib.sha256(letters.encode()).hexdigest()


async def invite(
    uow: UnitOfWork,
    *,
    name: str,
    role: Role,
    unit: str,
    code: str,
    now: datetime,
    by: Person | None,
) -> Person:
    """Put somebody on the staff list and give them a code; `by` is None on the command line."""
    address, plain_name = named(name, role)
    person = await uow.people.add(plain_name, role, address, unit)
    await uow.invitations.add(person.id, code_hash(code), now + INVITATION_LIFE)
    await uow.audit.write(
        Entry(
            at=now,
            actor=by.id if by else None,
            role=by.role.value if by else "operator",
            what="person:invited:done",
            about=f"person {person.id}",
            article="Điều 1",
            details={"role": role.value},
        ),
    )
    return person


async def enrol(account: Account, code: str, tools: Tools) -> None:
    """Somebody unknown sent a code: link the account, or answer what every stranger hears."""
    now = tools.now()
    async with tools.begin() as uow:
        person = await _accepted(uow, account, code, now)
        if person is None:
            await uow.invitations.note_wrong_try(account, now)
            await uow.outbox.say(Outgoing(account, (words.STRANGER,)), now)
        else:
            await uow.people.link(account, person.id, now)
            await uow.audit.write(
                Entry(
                    now,
                    person.id,
                    person.role.value,
                    "person:enrolled:done",
                    f"person {person.id}",
                    "Điều 1",
                    account.channel,
                ),
            )
            await uow.outbox.say(
                Outgoing(
                    account,
                    (
                        Text(
                            "Welcome, {you}. Your role: {role}.",
                            {"you": person.called, "role": words.ROLES[person.role]},
                        ),
                        *what_you_can_do(await uow.role_table.rights(), person),
                    ),
                ),
                now,
            )
        await uow.commit()


async def _accepted(uow: UnitOfWork, account: Account, code: str, now: datetime) -> Person | None:
    tries = await uow.invitations.wrong_tries(account, now - timedelta(hours=1))
    if tries >= WRONG_CODES_PER_HOUR:
        return None
    invitation = await uow.invitations.by_hash(code_hash(code))
    if invitation is None or not invitation.usable(now):
        return None
    person = await uow.people.get(invitation.person_id)
    if person is None or not person.active or not await uow.invitations.use(invitation.id, now):
        return None
    return person
