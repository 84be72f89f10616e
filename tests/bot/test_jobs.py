import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from structlog.typing import EventDict

from bot import jobs
from bot.jobs import DurableJobs
from handlers.ports import Again, Tools
from storage.store import Store
from tests.bot.waiting import until, utc_now

SOON = timedelta(seconds=0.05)
TOOLS = cast("Tools", object())  # the engine only hands them on


class Work:
    """Jobs that note their runs and do as they are told."""

    def __init__(self) -> None:
        self.runs: list[tuple[int, int]] = []
        self.again: dict[int, Again] = {}
        self.breaks = 0

    async def run(self, tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
        assert tools is TOOLS
        self.runs.append((int(data["number"]), attempt))
        if self.breaks:
            self.breaks -= 1
            raise RuntimeError("broken, and what it says may quote people")
        return self.again.get(attempt)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    work = Work()
    monkeypatch.setattr(jobs, "JOBS", {"work": work.run})
    monkeypatch.setattr(jobs, "AFTER_A_BREAK", SOON)
    monkeypatch.setattr(jobs, "TRY_AGAIN_SECONDS", 0.05)
    return work


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{tmp_path}/truccam.db")
    await store.migrate()
    yield store
    await store.aclose()


@asynccontextmanager
async def engine(store: Store, folder: Path) -> AsyncIterator[None]:
    engine = DurableJobs(store, TOOLS, f"sqlite:///{folder}/jobs.db")
    await engine.start()
    try:
        yield
    finally:
        await engine.aclose()


async def want(store: Store, number: int, *, commit: bool = True) -> None:
    async with store.begin() as uow:
        await uow.jobs.want("work", f"work:{number}", {"number": number}, utc_now())
        if commit:
            await uow.commit()


async def unstarted(store: Store) -> int:
    async with store.reading() as uow:
        return len(await uow.jobs.unstarted())


async def test_a_wanted_job_runs_after_the_commit_and_never_without_it(
    store: Store, tmp_path: Path, work: Work
) -> None:
    async with engine(store, tmp_path):
        await want(store, 1, commit=False)
        await want(store, 2)
        await until(lambda: work.runs == [(2, 0)])
    assert await unstarted(store) == 0


async def test_a_job_wanted_twice_runs_once(store: Store, tmp_path: Path, work: Work) -> None:
    async with engine(store, tmp_path):
        await want(store, 1)
        await until(lambda: work.runs == [(1, 0)])
        await want(store, 1)
        await want(store, 2)
        await until(lambda: (2, 0) in work.runs)
    assert work.runs == [(1, 0), (2, 0)]


async def test_a_job_that_is_not_done_runs_again(store: Store, tmp_path: Path, work: Work) -> None:
    work.again = {0: Again(SOON), 1: Again(SOON)}
    async with engine(store, tmp_path):
        await want(store, 1)
        await until(lambda: work.runs == [(1, 0), (1, 1), (1, 2)])


async def test_a_job_that_sleeps_over_a_restart_goes_on_where_it_was(
    store: Store, tmp_path: Path, work: Work
) -> None:
    work.again = {0: Again(SOON), 1: Again(timedelta(seconds=1))}
    async with engine(store, tmp_path):
        await want(store, 1)
        await until(lambda: work.runs == [(1, 0), (1, 1)])
        await asyncio.sleep(0.2)  # the engine writes down what came of the second run
    async with engine(store, tmp_path):
        await until(lambda: work.runs == [(1, 0), (1, 1), (1, 2)])


async def test_jobs_that_were_wanted_while_nothing_ran_are_started(
    store: Store, tmp_path: Path, work: Work
) -> None:
    await want(store, 1)
    async with engine(store, tmp_path):
        await until(lambda: work.runs == [(1, 0)])


async def test_a_job_that_breaks_is_tried_again_and_its_words_stay_out_of_the_log(
    store: Store, tmp_path: Path, work: Work, logs: list[EventDict]
) -> None:
    work.breaks = 2
    async with engine(store, tmp_path):
        await want(store, 1)
        await until(lambda: work.runs == [(1, 0), (1, 1), (1, 2)])
    broke = [line for line in logs if line["event"] == "job.broke"]
    assert len(broke) == 2
    assert "quote people" not in str(broke)


async def test_a_job_that_breaks_for_ever_is_given_up(
    store: Store, tmp_path: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BREAKS_ALLOWED", 2)
    work.breaks = 100
    async with engine(store, tmp_path):
        await want(store, 1)
        await until(lambda: len(work.runs) == 3)
        await want(store, 2)
        await until(lambda: (2, 0) in work.runs)
    assert [run for run in work.runs if run[0] == 1] == [(1, 0), (1, 1), (1, 2)]


async def test_a_database_that_stumbles_once_leaves_no_job_behind(
    store: Store, tmp_path: Path, work: Work, monkeypatch: pytest.MonkeyPatch, logs: list[EventDict]
) -> None:
    reading = store.reading
    stumbles = [OSError(28, "No space left on device")]

    def stumbling() -> object:
        if stumbles:
            raise stumbles.pop()
        return reading()

    async with engine(store, tmp_path):
        await want(store, 1)
        await until(lambda: work.runs == [(1, 0)])
        monkeypatch.setattr(store, "reading", stumbling)
        await want(store, 2)
        await until(lambda: (2, 0) in work.runs)
    assert [line["event"] for line in logs if line["event"] == "jobs.stumbled"] == ["jobs.stumbled"]
