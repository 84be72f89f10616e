"""The first measurement of a school: thirty cameras, 21 days, a recorder that takes 50 ms a search."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from time import perf_counter

from benchmarks.table import Row
from bot.bootstrap import school
from bot.settings import load
from domain.measuring import Times
from handlers.measuring import begin_rounds, measure
from simulator.recorder import SimulatedRecorder
from simulator.school import NO_SUMMARY, PASSWORD, _config
from simulator.telegram import SimulatedTelegram

SEARCH_SECONDS = 0.05
TARGET_SECONDS = 60.0


async def rows() -> list[Row]:
    """Until every camera and day is in the database; beside it, the searches alone."""
    with tempfile.TemporaryDirectory(prefix="truccam-bench-") as folder:
        async with (
            SimulatedRecorder(username="truccam", password=PASSWORD) as recorder,
            SimulatedTelegram(folder=Path(folder) / "telegram") as telegram,
        ):
            (Path(folder) / "dau-ghi-1").write_text(PASSWORD, encoding="utf-8")
            config = Path(folder) / "truccam.toml"
            today = datetime.now(UTC).date()
            config.write_text(_config(recorder, telegram, today, NO_SUMMARY), encoding="utf-8")
            async with school(load(config, {})) as one:
                tools = replace(one.tools, times=Times(None, (time(0),)))
                await begin_rounds(tools)
                async with one.store.reading() as uow:
                    [job] = await uow.jobs.unstarted()
                recorder.switches.delay_seconds = SEARCH_SECONDS
                started = perf_counter()
                assert await measure(tools, job.data, 0) is None
                seconds = perf_counter() - started
            searches = recorder.calls["search"]
            in_flight = recorder.max_in_flight
    bare = searches * SEARCH_SECONDS
    return [
        Row(
            f"first measurement, 30 cameras x 21 days, {searches} searches of 50 ms (bare: these alone)",
            f"{seconds:.1f} s",
            f"{bare:.1f} s",
            f"{seconds / bare:.2f}x",
            f"<= {TARGET_SECONDS:.0f} s",
            seconds <= TARGET_SECONDS,
        ),
        Row("searches in flight at once", str(in_flight), "", "", "1", in_flight == 1),
    ]
