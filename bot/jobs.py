"""Durable jobs: the only module that knows DBOS.

A handler's transaction writes down which job it wants; after the commit the engine starts it under the same
key, so a job is neither lost nor started twice. A job is a function of `handlers.registry.JOBS`; it says
`Again` where it wants to run once more, and the engine sleeps durably until then. Killed at any moment, it
goes on after the next start. Jobs are at-least-once: each is written so that running it twice does no harm.

DBOS is set up for that: a constant application version and executor id (else a restart or an upgrade would
leave jobs behind), JSON instead of pickle, WAL, a bounded thread pool, no console.
"""

import asyncio
import sqlite3
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from bot.failures import describe
from handlers.ports import Again, Tools
from handlers.registry import JOBS
from storage.store import Committed, Store

APPLICATION_VERSION = "1"
EXECUTOR_ID = "truccam"
MAX_EXECUTOR_THREADS = 8
LISTEN_SECONDS = 1.0  # for messages between jobs, which nobody sends here
AFTER_A_BREAK = timedelta(seconds=30)
BREAKS_ALLOWED = 20
TRY_AGAIN_SECONDS = 2.0
LOOK_EVERY_SECONDS = 60.0
log = structlog.get_logger(__name__)


class JobEngine(Protocol):
    """Runs the jobs that transactions wanted."""

    async def start(self) -> None:
        """Take up what was left, then what comes."""
        ...

    async def aclose(self) -> None:
        """Stop; what is under way goes on after the next start."""
        ...


class _Running:
    """What the workflow functions work with: DBOS wants them at module level."""

    tools: Tools | None = None


@DBOS.step()
async def _attempt(name: str, key: str, data: dict[str, str | int], attempt: int) -> float | None:
    """One run of a job. Seconds until the next one, or None when it is done."""
    tools = _Running.tools
    if tools is None:
        raise RuntimeError("the job engine is not started")
    try:
        again = await JOBS[name](tools, data, attempt)
    except Exception as error:  # noqa: BLE001 - the edge: a job that broke must not be forgotten
        log.error("job.broke", job=name, key=key, **describe(error))
        again = Again(AFTER_A_BREAK) if attempt < BREAKS_ALLOWED else None
    return None if again is None else again.after.total_seconds()


@DBOS.workflow()
async def _job(name: str, key: str, data: dict[str, str | int]) -> None:
    attempt = 0
    while (seconds := await _attempt(name, key, data, attempt)) is not None:
        await DBOS.sleep_async(seconds)
        attempt += 1


class DurableJobs:
    """`JobEngine` on DBOS."""

    def __init__(self, store: Store, tools: Tools, database_url: str) -> None:
        self._store = store
        self._tools = tools
        self._database_url = database_url
        self._wake = asyncio.Event()
        self._starter: asyncio.Task[None] | None = None
        store.on_commit(self._committed)

    async def start(self) -> None:
        """Launch the engine on this loop; it takes up what was left."""
        _Running.tools = self._tools
        _write_ahead_log(self._database_url)
        config: DBOSConfig = {
            "name": "truccam",
            "system_database_url": self._database_url,
            "application_version": APPLICATION_VERSION,
            "executor_id": EXECUTOR_ID,
            "log_level": "WARNING",
            "max_executor_threads": MAX_EXECUTOR_THREADS,
            "notification_listener_polling_interval_sec": LISTEN_SECONDS,
            "serializer": DBOSPortableJSONSerializer(),
        }
        DBOS(config=config)
        DBOS.launch()
        self._starter = asyncio.create_task(self._start_wanted())
        self._wake.set()

    async def aclose(self) -> None:
        """Stop the engine."""
        if self._starter is not None:
            self._starter.cancel()
            await asyncio.gather(self._starter, return_exceptions=True)
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=0)

    def _committed(self, committed: Committed) -> None:
        if committed.jobs:
            self._wake.set()

    async def _start_wanted(self) -> None:
        while True:
            with suppress(TimeoutError):
                # A commit whose answer was lost told nobody, so look now and then, too.
                async with asyncio.timeout(LOOK_EVERY_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._start_all()
            except Exception as error:  # noqa: BLE001 - the edge: a full disk today must not end the starting of jobs
                log.error("jobs.stumbled", **describe(error))
                await asyncio.sleep(TRY_AGAIN_SECONDS)
                self._wake.set()

    async def _start_all(self) -> None:
        async with self._store.reading() as uow:
            wanted = await uow.jobs.unstarted()
        for job in wanted:
            with SetWorkflowID(job.key):
                await DBOS.start_workflow_async(_job, job.name, job.key, dict(job.data))
            async with self._store.begin() as uow:
                await uow.jobs.started(job.key)
                await uow.commit()


def _write_ahead_log(url: str) -> None:
    """DBOS leaves SQLite in rollback mode; WAL is asked for once and stays."""
    if not url.startswith("sqlite:///"):
        return
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()
