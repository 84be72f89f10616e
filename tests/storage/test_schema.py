"""Whether the tables are this version's, found out without changing anything."""

from pathlib import Path

import pytest
from sqlalchemy import text

from storage.errors import DatabaseDamaged, DatabaseUnavailable
from storage.migrate import downgrade
from storage.schema import Schema
from storage.store import Store


async def test_tables_of_this_version_are_current_and_none_are_empty(store: Store) -> None:
    assert await store.schema() is Schema.CURRENT
    async with store._writing() as connection:
        await downgrade(connection, "base")
        await connection.commit()
    assert await store.schema() is Schema.EMPTY
    await store.migrate()
    assert await store.schema() is Schema.CURRENT


async def test_tables_of_a_newer_version_are_not_known(store: Store) -> None:
    async with store._writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        await connection.commit()
    assert await store.schema() is Schema.UNKNOWN


async def test_a_file_that_is_no_database_is_told_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "truccam.db"
    path.write_bytes(b"not a database, whatever it is called" * 100)
    store = await Store.open(f"sqlite:///{path}")
    with pytest.raises(DatabaseDamaged):
        await store.schema()
    await store.aclose()


async def test_a_server_that_is_not_there_is_told_as_unavailable() -> None:
    store = await Store.open("postgresql://nobody:x@127.0.0.1:9/none")
    with pytest.raises(DatabaseUnavailable) as caught:
        await store.schema()
    await store.aclose()
    assert not isinstance(caught.value, DatabaseDamaged)
