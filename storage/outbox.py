"""The outbox as handlers see it: what is to be said waits here in order, and is sent after the commit."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.chat import Account, Offered, Outgoing
from storage.codec import pack_message
from storage.outbox_delivery import OutboxDelivery
from storage.tables import accounts, choices, outbox, people

CHOICE_LIFE = timedelta(days=8)
_TOKEN_BYTES = 9  # 72 bits cannot be guessed; the 12 letters fit into the button of every platform

_ACCOUNT_OF = (
    select(people.c.id, accounts.c.channel, accounts.c.account_id)
    .join(accounts, accounts.c.person_id == people.c.id)
    .where(people.c.id == bindparam("person_id"), people.c.active)
    .order_by(accounts.c.linked_at.desc(), accounts.c.channel)
    .limit(1)
)
_OWNER_OF = (
    select(people.c.id)
    .join(accounts, accounts.c.person_id == people.c.id)
    .where(
        accounts.c.channel == bindparam("channel"),
        accounts.c.account_id == bindparam("account_id"),
        people.c.active,
    )
)
_INSERT = outbox.insert().returning(outbox.c.id)
_WAITING_IN_SLOT = (
    select(outbox.c.id)
    .where(
        outbox.c.channel == bindparam("b_channel"),
        outbox.c.account_id == bindparam("b_account_id"),
        outbox.c.slot == bindparam("b_slot"),
        outbox.c.state == "queued",
    )
    .order_by(outbox.c.id)
    .limit(1)
)
# It keeps its number, so its place in the queue, and the time before which it may not be tried again.
_REPLACE = (
    update(outbox)
    .where(outbox.c.id == _WAITING_IN_SLOT.scalar_subquery(), outbox.c.state == "queued")
    .values(
        message=bindparam("b_message", type_=outbox.c.message.type),
        tokens=bindparam("b_tokens", type_=outbox.c.tokens.type),
        person_id=bindparam("b_person_id", type_=outbox.c.person_id.type),
        urgent=or_(outbox.c.urgent, bindparam("b_urgent", type_=outbox.c.urgent.type)),
    )
    .returning(outbox.c.id, outbox.c.attempts)
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
    """`handlers.ports.Outbox` over the tables `outbox` and `choices`; delivery's side is in `OutboxDelivery`."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self.added = False

    async def say(self, message: Outgoing, at: datetime) -> bool:
        """Queue a message. False where the person has no account or was removed (then nobody is told).

        A message to a person goes to the account that was linked last. Where one of the same slot still waits for
        the same account, the new one takes its place in the queue and the old one is never shown.
        """
        if isinstance(message.to, Account):
            account = message.to
            found = await self._connection.execute(
                _OWNER_OF, {"channel": account.channel, "account_id": account.id}
            )
            person_id = found.scalar_one_or_none()
        else:
            row = (await self._connection.execute(_ACCOUNT_OF, {"person_id": message.to})).first()
            if row is None:
                return False
            person_id, account = message.to, Account(row.channel, row.account_id)
        tokens = [[secrets.token_urlsafe(_TOKEN_BYTES) for _ in row] for row in message.choices]
        outbox_id = await self._put(message, account, person_id, tokens, at)
        if tokens:
            await self._connection.execute(
                choices.insert(),
                [
                    {
                        "token": token,
                        "outbox_id": outbox_id,
                        "channel": account.channel,
                        "account_id": account.id,
                        "person_id": person_id,
                        "act": choice.act,
                        "data": dict(choice.data),
                        "expires_at": at + CHOICE_LIFE,
                    }
                    for token_row, row in zip(tokens, message.choices, strict=True)
                    for token, choice in zip(token_row, row, strict=True)
                ],
            )
        self.added = True
        return True

    async def _put(
        self,
        message: Outgoing,
        account: Account,
        person_id: int | None,
        tokens: list[list[str]],
        at: datetime,
    ) -> int:
        packed = pack_message(message)
        if message.slot is not None:
            replaced = await self._replace_waiting(message, account, person_id, tokens, packed)
            if replaced is not None:
                return replaced
        values = {
            "person_id": person_id,
            "channel": account.channel,
            "account_id": account.id,
            "message": packed,
            "tokens": tokens,
            "slot": message.slot,
            "urgent": message.urgent,
            "state": "queued",
            "attempts": 0,
            "not_before": at,
            "mark": "",
            "had_media": False,
            "created_at": at,
        }
        return (await self._connection.execute(_INSERT, values)).scalar_one()

    async def _replace_waiting(
        self,
        message: Outgoing,
        account: Account,
        person_id: int | None,
        tokens: list[list[str]],
        packed: dict[str, Any],
    ) -> int | None:
        found = await self._connection.execute(
            _REPLACE,
            {
                "b_channel": account.channel,
                "b_account_id": account.id,
                "b_slot": message.slot,
                "b_message": packed,
                "b_tokens": tokens,
                "b_person_id": person_id,
                "b_urgent": message.urgent,
            },
        )
        row = found.first()
        if row is None:
            return None
        if row.attempts == 0:  # else its buttons may have been seen, although no answer came back
            await self._connection.execute(_DROP_CHOICES, {"b_outbox_id": row.id})
        return row.id

    async def offered(self, token: str) -> Offered | None:
        """What a button meant; None for a token that was never given out or whose message is long forgotten."""
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
