import asyncio
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.audit import Entry, first_break
from storage.store import Store
from storage.tables import audit, audit_head


def _entry(at: datetime, about: str = "C01") -> Entry:
    details: dict[str, str | int | float] = {"seconds": 10, "offset": -0.5, "mã": "AN-2026-0001"}
    return Entry(at, 1, "guard", "camera:live_picture:granted", about, "Điều 7", "telegram", details)


async def _write(store: Store, now: datetime, count: int) -> None:
    async with store.begin() as unit:
        for number in range(count):
            await unit.audit.write(_entry(now, f"C{number:02d}"))
        await unit.commit()


async def _change(store: Store, *statements: str) -> None:
    async with store._writing() as connection:
        for statement in statements:
            await connection.execute(text(statement))
        await connection.commit()


def _without_guards(store: Store) -> list[str]:
    if store._alone:
        return [
            "DROP TRIGGER audit_no_update",
            "DROP TRIGGER audit_no_delete",
            "DROP TRIGGER audit_follows",
            "DROP TRIGGER audit_moves_head",
        ]
    return ["DROP TRIGGER audit_no_change ON audit", "DROP TRIGGER audit_follows ON audit"]


async def _found_break(store: Store) -> int | None:
    async with store.reading() as unit:
        return await unit.audit.first_break()


async def test_entries_are_read_back_as_they_were_written(store: Store, now: datetime) -> None:
    async with store.begin() as unit:
        entries = [_entry(now), Entry(now, None, "", "system:start:done", "")]
        written = [await unit.audit.write(entry) for entry in entries]
        await unit.commit()
    async with store.reading() as unit:
        found = [entry async for entry in unit.audit.read()]
        assert [entry async for entry in unit.audit.read(1)] == found[1:]
    assert found[0] == written[0]
    assert [entry.hash for entry in found] == [entry.hash for entry in written]
    assert first_break(found) is None


async def test_a_long_log_is_read_whole(store: Store, now: datetime) -> None:
    await _write(store, now, 1_001)
    async with store.reading() as unit:
        assert [entry.number async for entry in unit.audit.read(1)] == list(range(2, 1_002))
    assert await _found_break(store) is None


async def test_writers_at_once_make_one_unbroken_chain(store: Store, url: str, now: datetime) -> None:
    other = await Store.open(url)
    try:
        async with asyncio.timeout(60):
            await asyncio.gather(*(_write(which, now, 2) for which in (store, other) for _ in range(20)))
    finally:
        await other.aclose()
    async with store.reading() as unit:
        assert len([entry async for entry in unit.audit.read()]) == 80
    assert await _found_break(store) is None


async def test_a_rolled_back_entry_leaves_no_hole(store: Store, now: datetime) -> None:
    await _write(store, now, 1)
    async with store.begin() as unit:
        await unit.audit.write(_entry(now))
    await _write(store, now, 1)
    assert await _found_break(store) is None


@pytest.mark.parametrize("act", ["UPDATE audit SET about = 'C99'", "DELETE FROM audit"])
async def test_an_entry_can_neither_be_changed_nor_deleted(store: Store, now: datetime, act: str) -> None:
    await _write(store, now, 3)
    with pytest.raises(DBAPIError, match="append-only"):
        await _change(store, act)
    assert await _found_break(store) is None


async def test_an_entry_that_does_not_follow_the_head_is_refused(store: Store, now: datetime) -> None:
    await _write(store, now, 2)
    columns = ", ".join(column.name for column in audit.columns if column.name not in {"number", "previous"})
    with pytest.raises(DBAPIError, match="must follow the head"):
        await _change(
            store,
            f"INSERT INTO audit (number, previous, {columns}) "  # noqa: S608  # names from our own table
            f"SELECT 3, previous, {columns} FROM audit WHERE number = 2",
        )
    assert await _found_break(store) is None


@pytest.mark.parametrize(
    ("tampering", "shows_at"),
    [
        ("UPDATE audit SET about = 'C99' WHERE number = 3", 3),
        ("UPDATE audit SET details = '{}' WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 5", 5),
        ("DELETE FROM audit", 1),
    ],
)
async def test_tampering_behind_the_guards_shows(
    store: Store, now: datetime, tampering: str, shows_at: int
) -> None:
    await _write(store, now, 5)
    await _change(store, *_without_guards(store))
    assert await _found_break(store) is None
    await _change(store, tampering)
    assert await _found_break(store) == shows_at


async def test_the_head_is_where_the_log_ends(store: Store, now: datetime) -> None:
    await _write(store, now, 2)
    async with store._readers.connect() as connection:
        head = (await connection.execute(audit_head.select())).one()
        last = (await connection.execute(audit.select().order_by(audit.c.number.desc()))).first()
    assert last is not None
    assert (head.number, head.hash) == (last.number, last.hash)
