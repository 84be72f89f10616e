"""The outbox as delivery sees it: claim, send, report. One chat is never sent two messages at a time."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.chat import Account
from domain.people import LANGUAGE
from storage.codec import unpack_message
from storage.outbox_rows import OutboxCounts, OutboxRow, SlotMessage
from storage.tables import outbox, people

# Bound values would keep SQLite from using the partial indexes.
_QUEUED: ColumnElement[str] = literal_column("'queued'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
_CANCEL_REMOVED = (
    update(outbox)
    .where(
        outbox.c.state == _QUEUED,
        outbox.c.person_id.in_(select(people.c.id).where(~people.c.active)),
    )
    .values(state="cancelled", why="person_removed")
)
_under_way = outbox.alias("under_way")
# The first row of each chat; a chat where a row is being sent has none.
_first = (
    select(
        outbox.c.id,
        outbox.c.channel,
        outbox.c.account_id,
        outbox.c.urgent,
        outbox.c.not_before,
        func.row_number()
        .over(
            partition_by=(outbox.c.channel, outbox.c.account_id),
            order_by=(outbox.c.urgent.desc(), outbox.c.id),
        )
        .label("place"),
    )
    .where(
        outbox.c.state == _QUEUED,
        ~select(_under_way.c.id)
        .where(
            _under_way.c.state == _SENDING,
            _under_way.c.channel == outbox.c.channel,
            _under_way.c.account_id == outbox.c.account_id,
        )
        .exists(),
    )
    .subquery()
)
_DUE = (
    select(_first.c.id, _first.c.channel, _first.c.account_id, _first.c.urgent)
    .where(_first.c.place == 1, _first.c.not_before <= bindparam("now"))
    .order_by(_first.c.urgent.desc(), _first.c.id)
    .limit(bindparam("most"))
)
_NEXT_DUE = select(func.min(_first.c.not_before)).where(_first.c.place == 1)
_TAKE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("b_ids", expanding=True)), outbox.c.state == _QUEUED)
    .values(state="sending", attempts=outbox.c.attempts + 1, mark=bindparam("b_mark"))
    .returning(outbox)
)
_IN_SLOT = (
    select(outbox.c.message_key, outbox.c.had_media)
    .where(
        outbox.c.channel == bindparam("channel"),
        outbox.c.account_id == bindparam("account_id"),
        outbox.c.slot == bindparam("slot"),
        outbox.c.state == "sent",
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_LANGUAGES = select(people.c.id, people.c.language).where(people.c.id.in_(bindparam("ids", expanding=True)))
_UNCERTAIN = select(outbox).where(outbox.c.state == _SENDING).order_by(outbox.c.id)
_WAITING = select(outbox.c.message).where(outbox.c.state.in_([_QUEUED, _SENDING]))
_END = (
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"), outbox.c.state == _SENDING)
    .values(
        state=bindparam("b_state"),
        message_key=bindparam("b_message_key"),
        sent_at=bindparam("b_sent_at"),
        had_media=bindparam("b_had_media"),
        why=bindparam("b_why"),
    )
)
_newer = outbox.alias("newer")
_AGAIN = (
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"), outbox.c.state == _SENDING)
    .values(state="queued", not_before=bindparam("b_not_before"))
)
_OVERTAKEN = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("b_id"),
        outbox.c.state == _SENDING,
        select(_newer.c.id)
        .where(
            _newer.c.channel == outbox.c.channel,
            _newer.c.account_id == outbox.c.account_id,
            _newer.c.slot == outbox.c.slot,
            _newer.c.id > outbox.c.id,
            _newer.c.state == _QUEUED,
        )
        .exists(),
    )
    .values(state="superseded")
)
_COUNTS = (
    select(outbox.c.state, func.count().label("rows"))
    .where(outbox.c.state.in_(["queued", "sending", "failed"]))
    .group_by(outbox.c.state)
)


class OutboxDelivery:
    """Claiming and reporting. Each runs inside the caller's transaction, so a follow-up can share it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(
        self,
        now: datetime,
        busy_chats: AbstractSet[Account],
        limit: int,
        mark: Mapping[str, str],
        *,
        ordinary: int | None = None,
    ) -> list[OutboxRow]:
        """Take the first row of each chat where it is due, and mark it as being sent.

        A chat's first row is its oldest one, urgent ones before others. A chat that is in `busy_chats` or
        where a row is being sent already (by anybody, also before a crash: see `uncertain`) gives none; nor
        does one whose first row is not due yet, so that a chat's order holds through retries.

        Args:
            now: the present moment.
            busy_chats: chats that the caller does not want now.
            limit: how many rows at most.
            mark: for a channel's name the highest message number known now. It is kept with the row, so that
                after a crash a lost answer can be looked for.
            ordinary: how many of them may be not urgent; as many as `limit` when None.

        Returns:
            Rows in the order in which they should be sent. Rows of people who were removed are cancelled
            instead.
        """
        await self._connection.execute(_CANCEL_REMOVED)
        due = await self._connection.execute(_DUE, {"now": now, "most": limit + len(busy_chats)})
        place: dict[int, int] = {}
        by_channel: dict[str, list[int]] = {}
        left = limit if ordinary is None else ordinary
        for row in due:
            is_free = Account(row.channel, row.account_id) not in busy_chats
            if len(place) < limit and is_free and (row.urgent or left > 0):
                left -= not row.urgent
                place[row.id] = len(place)
                by_channel.setdefault(row.channel, []).append(row.id)
        taken: list[Row[Any]] = []
        for channel, ids in by_channel.items():
            values = {"b_ids": ids, "b_mark": mark.get(channel, "")}
            taken.extend(await self._connection.execute(_TAKE, values))
        taken.sort(key=lambda row: place[row.id])
        return await self._rows(taken)

    async def sent(self, row_id: int, message_key: str, at: datetime, *, had_media: bool) -> None:
        """The platform has it, and calls it `message_key`."""
        await self._end(row_id, "sent", message_key=message_key, sent_at=at, had_media=had_media)

    async def failed(self, row_id: int, why_code: str) -> None:
        """It can never be sent; `why_code` is a short word for the metrics and the log."""
        await self._end(row_id, "failed", why=why_code)

    async def _end(
        self,
        row_id: int,
        state: str,
        *,
        message_key: str | None = None,
        sent_at: datetime | None = None,
        had_media: bool = False,
        why: str | None = None,
    ) -> None:
        await self._connection.execute(
            _END,
            {
                "b_id": row_id,
                "b_state": state,
                "b_message_key": message_key,
                "b_sent_at": sent_at,
                "b_had_media": had_media,
                "b_why": why,
            },
        )

    async def again(self, row_id: int, not_before: datetime) -> None:
        """It was not sent; try once more later, unless a newer message of its slot waits: that one goes."""
        if (await self._connection.execute(_OVERTAKEN, {"b_id": row_id})).rowcount:
            return
        await self._connection.execute(_AGAIN, {"b_id": row_id, "b_not_before": not_before})

    async def uncertain(self) -> list[OutboxRow]:
        """Rows whose sending began and whose end was never reported, oldest first.

        After a restart each must be ended by `sent`, `again` or `failed`: until then its chat gets nothing.
        """
        return await self._rows((await self._connection.execute(_UNCERTAIN)).all())

    async def files_waiting(self) -> set[str]:
        """Keys of the files that are still to be sent."""
        messages = (await self._connection.execute(_WAITING)).scalars()
        media = (unpack_message(message).media for message in messages)
        return {one.key for one in media if one is not None}

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next row can be claimed, never earlier than `now`; None where none waits.

        Chats where a row is being sent do not count: the end of that sending is the next moment for them.
        """
        due = (await self._connection.execute(_NEXT_DUE)).scalar_one()
        return None if due is None else max(due, now)

    async def counts(self) -> OutboxCounts:
        """Rows by state."""
        by_state = {row.state: row.rows for row in await self._connection.execute(_COUNTS)}
        return OutboxCounts(
            queued=by_state.get("queued", 0),
            sending=by_state.get("sending", 0),
            failed=by_state.get("failed", 0),
        )

    async def _rows(self, found: Sequence[Row[Any]]) -> list[OutboxRow]:
        """The rows in the same order, each with its reader's language."""
        ids = {row.person_id for row in found if row.person_id is not None}
        languages: dict[int, str] = {}
        if ids:
            read = await self._connection.execute(_LANGUAGES, {"ids": list(ids)})
            languages = {row.id: row.language for row in read}
        return [await self._row(row, languages.get(row.person_id, LANGUAGE)) for row in found]

    async def _row(self, row: Row[Any], language: str) -> OutboxRow:
        previous = None
        if row.slot is not None:
            where = {"channel": row.channel, "account_id": row.account_id, "slot": row.slot}
            last = (await self._connection.execute(_IN_SLOT, where)).first()
            previous = None if last is None else SlotMessage(last.message_key, last.had_media)
        return OutboxRow(
            id=row.id,
            account=Account(row.channel, row.account_id),
            person_id=row.person_id,
            message=unpack_message(row.message),
            tokens=tuple(tuple(tokens) for tokens in row.tokens),
            attempts=row.attempts,
            mark=row.mark,
            created_at=row.created_at,
            language=language,
            previous=previous,
        )
