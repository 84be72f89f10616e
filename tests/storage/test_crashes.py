import asyncio
import os
import random
import signal
import sqlite3
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from domain.audit import Entry
from domain.chat import Outgoing, Text
from storage.outbox_rows import OutboxCounts
from storage.store import Store
from storage.tables import counters, inbox
from tests.storage.conftest import School

ROOT = Path(__file__).parents[2]
WORK_FOR_EVER = """
import asyncio, itertools, sys
from datetime import UTC, datetime
from domain.audit import Entry
from domain.chat import Account, Command, Incoming, Outgoing, Text
from storage.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    account, now = Account("telegram", "1"), datetime(2026, 11, 23, tzinfo=UTC)
    for number in itertools.count():
        ids = [f"{sys.argv[2]}-{number}-{place}" for place in range(10)]
        updates = [Incoming(account, update_id, now, Command("anh", "")) for update_id in ids]
        await store.store_updates(updates)
        async with store.begin(settles=updates[0]) as unit:
            await unit.counters.next("YC", 2026)
            await unit.audit.write(Entry(now, None, "", "a:b:c", "x"))
            await unit.outbox.say(Outgoing(to=account, text=(Text("Hello"),)), now)
            await unit.commit()
        print(number, flush=True)

asyncio.run(main())
"""


async def _write_all(store: Store, school: School, now: datetime) -> None:
    async with store.begin() as unit:
        await unit.counters.next("YC", 2026)
        await unit.audit.write(Entry(now, None, "", "a:b:c", "x"))
        await unit.outbox.say(Outgoing(to=school.guard.id, text=(Text("Hello"),)), now)
        await unit.commit()


async def _written(store: Store) -> int:
    """How many transactions left their mark; each left all of its marks and the chain is whole."""
    async with store.reading() as unit:
        assert await unit.audit.first_break() is None
        entries = len([entry async for entry in unit.audit.read()])
        assert await unit.outbox.counts() == OutboxCounts(queued=entries, sending=0, failed=0)
    async with store._readers.connect() as connection:
        counted = (await connection.execute(select(counters.c.number))).scalar()
    assert (counted or 0) == entries
    return entries


@pytest.mark.crash
async def test_a_killed_process_leaves_whole_transactions_and_whole_batches(store: Store, url: str) -> None:
    rng = random.Random(7)
    told = 0
    for turn in range(4):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", WORK_FOR_EVER, url, str(turn)),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": "."},
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        async with asyncio.timeout(30):
            for _ in range(rng.randrange(1, 40)):
                await process.stdout.readline()
                told += 1
            process.send_signal(signal.SIGKILL)
            told += len((await process.stdout.read()).splitlines())
            await process.wait()
    written = await _written(store)
    assert told <= written <= told + 4
    async with store._readers.connect() as connection:
        kept = (await connection.execute(select(func.count()).select_from(inbox))).scalar_one()
    assert kept % 10 == 0
    assert len(await store.unanswered()) == kept - written


async def test_a_transaction_that_is_cancelled_anywhere_is_whole_or_nothing(
    store: Store, school: School, now: datetime
) -> None:
    finished = 0
    for turns in range(60):
        task = asyncio.create_task(_write_all(store, school, now))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        try:
            await task
            finished += 1
        except asyncio.CancelledError:
            continue
    await _write_all(store, school, now)
    assert finished < await _written(store) <= 61


async def test_many_writers_of_which_some_are_cancelled_do_not_block_the_others(
    store: Store, school: School, now: datetime
) -> None:
    tasks = [asyncio.create_task(_write_all(store, school, now)) for _ in range(40)]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks[::3]:
        task.cancel()
    async with asyncio.timeout(30):
        results = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(result) for result in results} <= {type(None), asyncio.CancelledError}
    assert await _written(store) >= results.count(None)


async def test_a_transaction_inside_a_transaction_is_refused_instead_of_waiting_for_itself(
    store: Store, school: School, now: datetime
) -> None:
    async with asyncio.timeout(10), store.begin() as unit:
        await unit.facts.put("outer", "yes")
        with pytest.raises(RuntimeError, match="inside"):
            async with store.begin():
                pass
        await unit.commit()
    async with store.begin() as unit:
        assert await unit.facts.get("outer") == "yes"


async def test_nothing_is_written_outside_a_transaction_that_could_not_begin(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/x.db")
    await store.migrate()
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    try:
        assert store._writer is not None
        await store._writer.exec_driver_sql("PRAGMA busy_timeout = 1")
        await store._writer.rollback()
        other.execute("BEGIN IMMEDIATE")
        async with store.begin() as unit:
            with pytest.raises(OperationalError):
                await unit.facts.put("name", "early")
            other.execute("ROLLBACK")
            await unit.facts.put("name", "late")
        async with store.begin() as unit:
            assert await unit.facts.get("name") is None
    finally:
        other.close()
        await store.aclose()
