"""Updates a second through dispatch, role check, audit and outbox; a tap to its answer among 200 people."""

import asyncio
import random
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter

from benchmarks.desk import Desk, desk, incoming, snapshot_of
from benchmarks.table import Row, milliseconds, percentile
from domain.chat import Account, Command, Tap
from domain.people import Role

UPDATES = 2_000
PEOPLE = 200
BATCH = 100  # what Telegram gives in one answer
TAPS_PER_SECOND = 40.0
TAPS = 400


async def rows() -> list[Row]:
    """Against bare commits of one row each, on the same disk."""
    async with desk(None, delivering=False) as one:
        throughput = await _throughput(one)
    async with desk(None) as one:
        return [throughput, *await _taps(one)]


async def _throughput(one: Desk) -> Row:
    teachers = await one.enrol(Role.TEACHER, 50)
    # A teacher may not look at live pictures: checked against the role table, refused, audited, told.
    work = [incoming(teachers[number % 50], snapshot_of("cổng chính")) for number in range(UPDATES)]
    started = perf_counter()
    for start in range(0, UPDATES, BATCH):
        await one.dispatch.accept(work[start : start + BATCH])
    await one.dispatch.idle()
    per_second = UPDATES / (perf_counter() - started)
    async with one.school.store.reading() as uow:
        assert (await uow.outbox.counts()).queued == UPDATES
    bare = _bare_commits_per_second()
    return Row(
        "updates through dispatch, role check, audit, outbox on SQLite (bare: commits of one row)",
        f"{per_second:.0f}/s",
        f"{bare:.0f}/s",
        f"{per_second / bare:.2f}x",
        ">= 500/s",
        per_second >= 500,
    )


def _bare_commits_per_second() -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bare.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, words TEXT)")
            started = perf_counter()
            for number in range(1_000):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO rows (words) VALUES (?)", (f"row {number}",))
                connection.execute("COMMIT")
            return 1_000 / (perf_counter() - started)


async def _taps(one: Desk) -> list[Row]:
    guards = await one.enrol(Role.GUARD, PEOPLE)
    tokens: dict[Account, str] = {}
    for guard in guards:
        await one.asked(guard, Command("anh", ""))
        shown = one.channel.handed[-1].message
        tokens[guard] = shown.buttons[0][0].token
    chance = random.Random(1)
    at, moments = 0.0, []
    for _ in range(TAPS):
        at += chance.expovariate(TAPS_PER_SECOND)
        moments.append(at)
    started = perf_counter()

    async def tap(number: int) -> float:
        await asyncio.sleep(moments[number] - (perf_counter() - started))
        return await one.asked(guards[number % PEOPLE], Tap(tokens[guards[number % PEOPLE]]))

    seconds = await asyncio.gather(*(tap(number) for number in range(TAPS)))
    p99 = percentile(seconds, 0.99)
    about = (
        f"a tap to its answer handed over, {PEOPLE} people, {TAPS_PER_SECOND:.0f} taps/s at random moments"
    )
    return [
        Row(f"{about}, p50", milliseconds(percentile(seconds, 0.5))),
        Row(f"{about}, p99", milliseconds(p99), "", "", "<= 50 ms", p99 <= 0.050),
    ]
