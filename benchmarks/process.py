"""Start to ready, and what the service needs when nothing happens."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.table import Row, percentile
from simulator.school import pretend_school

STARTS = 3
IDLE_SECONDS = 30.0
LIBRARIES = (
    "import aiohttp.web, aiosqlite, alembic, dbos, pydantic_settings, sqlalchemy.ext.asyncio, telegram.ext"
)


async def rows() -> list[Row]:
    """Starts against a bare interpreter that loads the same libraries; then half a minute of rest."""
    with tempfile.TemporaryDirectory(prefix="truccam-bench-") as folder:
        async with pretend_school(Path(folder) / "school") as school:
            ours, theirs = [], []
            for _ in range(STARTS):
                await school.bot.stop()
                started = perf_counter()
                await school.bot.start()
                ours.append(perf_counter() - started)
                started = perf_counter()
                bare = await asyncio.create_subprocess_exec(sys.executable, "-c", LIBRARIES)
                await bare.wait()
                theirs.append(perf_counter() - started)
            await asyncio.sleep(3)  # what a start leaves to do is not idling
            process_id = school.bot.process_id
            before = _cpu_seconds(process_id)
            await asyncio.sleep(IDLE_SECONDS)
            share = (_cpu_seconds(process_id) - before) / IDLE_SECONDS
            memory_bytes = _memory_bytes(process_id)
    mine, its = percentile(ours, 0.5), percentile(theirs, 0.5)
    return [
        Row(
            "start to `ready` on an existing database (bare: the interpreter loading the same libraries)",
            f"{mine:.2f} s",
            f"{its:.2f} s",
            f"{mine / its:.2f}x",
            "<= 3 s",
            mine <= 3,
        ),
        Row(
            f"idle for {IDLE_SECONDS:.0f} s: CPU of one core", f"{share:.2%}", "", "", "<= 1 %", share <= 0.01
        ),
        Row("idle: memory", f"{memory_bytes / 2**20:.0f} MiB", "", "", "<= 150 MB", memory_bytes <= 150e6),
    ]


def _cpu_seconds(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_bytes(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
