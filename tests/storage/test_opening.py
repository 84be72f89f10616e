import asyncio
import os
import stat
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, inspect, text
from sqlalchemy.exc import DBAPIError, StatementError

from domain.people import Role
from domain.regulation import SEED, Act
from storage.errors import DatabaseUnavailable
from storage.migrate import downgrade, upgrade
from storage.store import Committed, Store
from storage.tables import metadata, rights

ROOT = Path(__file__).parents[2]
OPEN_AND_MIGRATE = """
import asyncio, sys
from storage.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    await store.migrate()
    await store.aclose()

asyncio.run(main())
"""


async def test_migrations_go_up_down_and_up_again(store: Store) -> None:
    def tables(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}

    async with store._writing() as connection:
        assert await connection.run_sync(tables) == set(metadata.tables)
        await downgrade(connection, "base")
        assert await connection.run_sync(tables) == set()
        await upgrade(connection)
        assert await connection.run_sync(tables) == set(metadata.tables)
        await connection.commit()


async def test_the_migrated_tables_are_those_of_the_code(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with store._writing() as connection:
        assert await connection.run_sync(differences) == []


async def test_two_processes_that_start_together_make_the_tables_once(empty_url: str) -> None:
    other = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        OPEN_AND_MIGRATE,
        empty_url,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    store = await Store.open(empty_url)
    try:
        for _ in range(20):
            await store.migrate()
        assert await other.wait() == 0
        async with store.reading() as unit:
            assert (await unit.role_table.rights()).of(Role.GUARD, Act.LIVE_PICTURE) is not None
    finally:
        await store.aclose()


async def test_the_role_table_is_seeded_from_the_regulation(store: Store) -> None:
    async with store.reading() as unit:
        found = await unit.role_table.rights()
    assert all(found.of(right.role, right.act) == right for right in SEED)


async def test_an_emptied_role_table_stays_empty_and_admits_nobody(store: Store, url: str) -> None:
    async with store._writing() as connection:
        await connection.execute(delete(rights))
        await connection.commit()
    again = await Store.open(url)
    try:
        await again.migrate()
        async with again.reading() as unit:
            found = await unit.role_table.rights()
    finally:
        await again.aclose()
    assert [act for act in Act if found.roles(act)] == []


async def test_a_right_of_an_unknown_kind_gives_nothing(store: Store) -> None:
    async with store._writing() as connection:
        await connection.execute(text("UPDATE rights SET how_far = 'whatever' WHERE role = 'guard'"))
        await connection.commit()
    async with store.reading() as unit:
        found = await unit.role_table.rights()
    assert found.of(Role.GUARD, Act.LIVE_PICTURE) is None
    assert found.of(Role.PRINCIPAL, Act.LIVE_PICTURE) is not None


async def test_leaving_without_commit_rolls_everything_back(store: Store) -> None:
    async with store.begin() as unit:
        await unit.facts.put("kept", "no")
    async with store.begin() as unit:
        assert await unit.facts.get("kept") is None
        await unit.facts.put("kept", "yes")
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.facts.get("kept") == "yes"


async def test_a_cancelled_transaction_leaves_nothing_and_the_next_one_works(store: Store) -> None:
    begun = asyncio.Event()

    async def interrupted() -> None:
        async with store.begin() as unit:
            await unit.facts.put("half", "done")
            begun.set()
            while True:
                await unit.facts.put("half", "more")

    task = asyncio.create_task(interrupted())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.begin() as unit:
        assert await unit.facts.get("half") is None
        await unit.facts.put("next", "fine")
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.facts.get("next") == "fine"


async def _break_now(store: Store, url: str) -> None:
    """Fill SQLite's disk, as far as it knows, or cut PostgreSQL's connections."""
    if store._alone:
        assert store._writer is not None
        await store._writer.exec_driver_sql("PRAGMA max_page_count = 1")
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_a_database_that_cannot_do_it_now_says_so_and_works_again_later(store: Store, url: str) -> None:
    async def write(value: str) -> None:
        async with store.begin() as unit:
            await unit.facts.put("name", value)
            if value == "cut":
                await _break_now(store, url)
            await unit.facts.put("name", value * 100_000)
            await unit.commit()

    with pytest.raises(DatabaseUnavailable) as unavailable:
        await write("cut")
    assert "name" not in str(unavailable.value)
    if store._alone:
        async with store._writing() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    await write("new")
    async with store.reading() as unit:
        assert await unit.facts.get("name") == "new" * 100_000


async def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    async with store.begin() as writing:
        await writing.facts.put("name", "new")
        async with asyncio.timeout(5), store.reading() as reading:
            assert await reading.facts.get("name") is None
        await writing.commit()


async def test_a_reader_sees_one_moment(store: Store) -> None:
    async with store.reading() as reading:
        assert await reading.facts.get("name") is None
        async with store.begin() as writing:
            await writing.facts.put("name", "new")
            await writing.commit()
        assert await reading.facts.get("name") is None


async def test_a_reading_transaction_refuses_to_write(store: Store) -> None:
    with pytest.raises(DBAPIError):
        async with store.reading() as unit:
            await unit.facts.put("name", "new")
    async with store.reading() as unit:
        with pytest.raises(RuntimeError, match="nothing to commit"):
            await unit.commit()


async def test_two_stores_on_one_database_write_side_by_side(store: Store, url: str) -> None:
    other = await Store.open(url)

    async def count(which: Store) -> None:
        for _ in range(25):
            async with which.begin() as unit:
                await unit.counters.next("YC", 2026)
                await unit.commit()

    try:
        await asyncio.gather(count(store), count(other))
    finally:
        await other.aclose()
    async with store.begin() as unit:
        assert await unit.counters.next("YC", 2026) == 51


async def test_counters_give_no_number_twice_and_leave_none_out(store: Store) -> None:
    async def take(give_up: bool) -> int | None:
        async with store.begin() as unit:
            number = await unit.counters.next("YC", 2026)
            if give_up:
                return None
            await unit.commit()
            return number

    numbers = await asyncio.gather(*(take(turn % 5 == 0) for turn in range(100)))
    assert sorted(number for number in numbers if number is not None) == list(range(1, 81))
    async with store.begin() as unit:
        assert await unit.counters.next("YC", 2027) == 1
        assert await unit.counters.next("AN", 2026) == 1


async def test_listeners_hear_of_commits_that_added_something(store: Store, now: datetime) -> None:
    heard: list[Committed] = []
    store.on_commit(heard.append)
    async with store.begin() as unit:
        await unit.facts.put("nothing", "to do")
        await unit.commit()
    async with store.begin() as unit:
        await unit.jobs.want("hold", "hold:1", {"request_id": 1}, now)
    assert heard == []
    async with store.begin() as unit:
        await unit.jobs.want("hold", "hold:1", {"request_id": 1}, now)
        await unit.commit()
    assert heard == [Committed(outbox=False, jobs=True)]


async def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    hanoi = timezone(timedelta(hours=7))
    async with store.begin() as unit:
        person = await unit.people.add("Sơn", Role.GUARD, "Bác")
        expires = datetime(2026, 11, 23, 6, 30, 0, 123456, tzinfo=hanoi)
        invitation = await unit.invitations.add(person.id, "f" * 64, expires)
        await unit.commit()
    assert invitation.expires_at == datetime(2026, 11, 22, 23, 30, 0, 123456, tzinfo=UTC)
    assert invitation.expires_at.utcoffset() == timedelta(0)


async def test_a_naive_time_is_refused(store: Store) -> None:
    async with store.begin() as unit:
        person = await unit.people.add("Sơn", Role.GUARD, "Bác")
        with pytest.raises(StatementError, match="zone"):
            await unit.invitations.add(person.id, "f" * 64, datetime(2026, 11, 23))  # noqa: DTZ001  # the example


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "mysql://root:secret@host/x", "not a url: secret"],
    indirect=False,
)
async def test_a_database_of_another_kind_is_refused_without_telling_the_url(url: str) -> None:
    with pytest.raises(ValueError, match="database") as refused:
        await Store.open(url)
    assert "secret" not in str(refused.value)


async def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/new/folder/x.db")
    await store.migrate()
    await store.aclose()
    file = tmp_path / "new" / "folder" / "x.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
