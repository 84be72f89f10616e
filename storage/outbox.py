"""The outbox as handlers see it: what is to be said waits here in order, and is sent after the commit."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    bindparam,
    delete,
    false,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from domain.chat import Account, Offered, Outgoing
from storage.codec import pack_message
from storage.outbox_delivery import OutboxDelivery
from storage.tables import accounts, choices, outbox, people

CHOICE_LIFE = timedelta(days=8)
_TOKEN_BYTES = 9  # 72 bits cannot be guessed; the 12 letters fit into the button of every platform

_QUEUED: ColumnElement[str] = literal_column(
    "'queued'"
)  # a bound value would keep SQLite from using the partial indexes
_HERE = {
    "channel": bindparam("b_channel", type_=outbox.c.channel.type),
    "account_id": bindparam("b_account_id", type_=outbox.c.account_id.type),
}
_PERSONS_ACCOUNT = (
    select(accounts.c.channel, accounts.c.account_id)
    .join(people, accounts.c.person_id == people.c.id)
    .where(people.c.id == bindparam("b_person_id"), people.c.active)
    .order_by(accounts.c.linked_at.desc(), accounts.c.channel)
    .limit(1)
)
_ACCOUNTS_PERSON = (
    select(people.c.id)
    .join(accounts, accounts.c.person_id == people.c.id)
    .where(
        accounts.c.channel == _HERE["channel"],
        accounts.c.account_id == _HERE["account_id"],
        people.c.active,
    )
    .scalar_subquery()
)
_GIVEN = {
    "message": bindparam("b_message", type_=outbox.c.message.type),
    "tokens": bindparam("b_tokens", type_=outbox.c.tokens.type),
    "slot": bindparam("b_slot", type_=outbox.c.slot.type),
    "urgent": bindparam("b_urgent", type_=outbox.c.urgent.type),
    "not_before": bindparam("b_at", type_=outbox.c.not_before.type),
    "created_at": bindparam("b_at", type_=outbox.c.created_at.type),
    "state": _QUEUED,
    "attempts": literal_column("0"),
    "mark": literal_column("''"),
    "had_media": false(),
}
_WRITTEN = (outbox.c.id, outbox.c.person_id, outbox.c.channel, outbox.c.account_id, outbox.c.attempts)


def _insert(person_id: ColumnElement[int | None], account: FromClause | None) -> ReturningInsert[Any]:
    """Where a message goes is looked up in the statement that writes it: one way to the database, not two."""
    columns = _HERE if account is None else {"channel": account.c.channel, "account_id": account.c.account_id}
    wanted = {"person_id": person_id, **columns, **_GIVEN}
    return outbox.insert().from_select(list(wanted), select(*wanted.values())).returning(*_WRITTEN)


def _replace(*conditions: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """It keeps its number, so its place in the queue, and the time before which it may not be tried again."""
    waiting = (
        select(outbox.c.id)
        .where(outbox.c.slot == _GIVEN["slot"], outbox.c.state == _QUEUED, *conditions)
        .order_by(outbox.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        update(outbox)
        .where(outbox.c.id == waiting, outbox.c.state == _QUEUED)
        .values(
            message=_GIVEN["message"],
            tokens=_GIVEN["tokens"],
            urgent=or_(outbox.c.urgent, _GIVEN["urgent"]),
        )
        .returning(*_WRITTEN)
    )


_PERSON = bindparam("b_person_id", type_=outbox.c.person_id.type)
_INSERT_TO_PERSON = _insert(_PERSON, _PERSONS_ACCOUNT.subquery())
_INSERT_TO_ACCOUNT = _insert(_ACCOUNTS_PERSON, None)
_REPLACE_TO_PERSON = _replace(
    outbox.c.person_id == _PERSON,
    tuple_(outbox.c.channel, outbox.c.account_id).in_(_PERSONS_ACCOUNT),
)
_REPLACE_TO_ACCOUNT = _replace(
    outbox.c.channel == _HERE["channel"], outbox.c.account_id == _HERE["account_id"]
)
_DROP_CHOICES = delete(choices).where(choices.c.outbox_id == bindparam("b_outbox_id"))
_OFFERED = select(choices).where(choices.c.token == bindparam("token"))
_SLOT_OPEN = (
    select(outbox.c.person_id)
    .where(
        outbox.c.slot == bindparam("slot"),
        outbox.c.person_id.is_not(None),
        outbox.c.state.in_(["queued", "sending", "sent"]),
    )
    .distinct()
    .order_by(outbox.c.person_id)
)


class Outbox(OutboxDelivery):
    """`handlers.ports.Outbox` over the tables `outbox` and `choices`, with delivery's side of it."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self.added = False

    async def say(self, message: Outgoing, at: datetime) -> bool:
        """Queue a message. False where the person has no account or was removed (then nobody is told).

        A message to a person goes to the account that was linked last. Where one of the same slot still waits
        for the same account, the new one takes its place in the queue and the old one is never shown.
        """
        tokens = [[secrets.token_urlsafe(_TOKEN_BYTES) for _ in row] for row in message.choices]
        row = await self._write(message, tokens, at)
        if row is None:
            return False
        if tokens:
            await self._connection.execute(
                choices.insert(),
                [
                    {
                        "token": token,
                        "outbox_id": row.id,
                        "channel": row.channel,
                        "account_id": row.account_id,
                        "person_id": row.person_id,
                        "act": choice.act,
                        "data": dict(choice.data),
                        "expires_at": at + CHOICE_LIFE,
                    }
                    for token_row, choice_row in zip(tokens, message.choices, strict=True)
                    for token, choice in zip(token_row, choice_row, strict=True)
                ],
            )
        self.added = True
        return True

    async def _write(self, message: Outgoing, tokens: list[list[str]], at: datetime) -> Row[Any] | None:
        values: dict[str, Any] = {
            "b_message": pack_message(message),
            "b_tokens": tokens,
            "b_slot": message.slot,
            "b_urgent": message.urgent,
        }
        if isinstance(message.to, Account):
            values |= {"b_channel": message.to.channel, "b_account_id": message.to.id}
            replace, add = _REPLACE_TO_ACCOUNT, _INSERT_TO_ACCOUNT
        else:
            values |= {"b_person_id": message.to}
            replace, add = _REPLACE_TO_PERSON, _INSERT_TO_PERSON
        if message.slot is not None:
            replaced: Row[Any] | None = (await self._connection.execute(replace, values)).first()
            if replaced is not None:
                if (
                    replaced.attempts == 0
                ):  # else its buttons may have been seen, although no answer came back
                    await self._connection.execute(_DROP_CHOICES, {"b_outbox_id": replaced.id})
                return replaced
        added: Row[Any] | None = (await self._connection.execute(add, {**values, "b_at": at})).first()
        return added

    async def offered(self, token: str) -> Offered | None:
        """What a button meant; None for a token that was never given out or is long forgotten."""
        row = (await self._connection.execute(_OFFERED, {"token": token})).first()
        if row is None:
            return None
        return Offered(
            account=Account(row.channel, row.account_id),
            person_id=row.person_id,
            act=row.act,
            data=row.data,
            expires_at=row.expires_at,
        )

    async def slot_open(self, slot: str) -> list[int]:
        """Ids of people who have a message in this slot, sent or waiting."""
        return list((await self._connection.execute(_SLOT_OPEN, {"slot": slot})).scalars())

    async def slot_of(self, account: Account, message_key: str) -> str | None:
        """The slot of a message that was sent to an account; None for one without, or that is forgotten."""
        statement = (
            select(outbox.c.slot)
            .where(
                outbox.c.channel == account.channel,
                outbox.c.account_id == account.id,
                outbox.c.message_key == message_key,
                outbox.c.slot.is_not(None),
            )
            .order_by(outbox.c.id.desc())
            .limit(1)
        )
        found: str | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return found
