"""Jobs without an engine of their own: run when the script's clock reaches them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.ports import Tools
from handlers.registry import JOBS
from storage.store import Store


@dataclass(frozen=True, order=True)
class _Due:
    at: datetime
    place: int
    name: str
    data: Mapping[str, str | int]
    attempt: int


class ScriptedJobs:
    """Takes up wanted jobs and runs them one after the other, earliest first."""

    def __init__(self, store: Store, tools: Callable[[], Tools], now: Callable[[], datetime]) -> None:
        self._store = store
        self._tools = tools
        self._now = now
        self._due: list[_Due] = []
        self._place = 0

    async def take_up(self) -> None:
        """Notice what transactions wanted."""
        async with self._store.begin() as uow:
            for job in await uow.jobs.unstarted():
                await uow.jobs.started(job.key)
                self._put(self._now(), job.name, job.data, 0)
            await uow.commit()

    def next_at(self) -> datetime | None:
        """When the next job is due."""
        return min(self._due).at if self._due else None

    async def run_one(self) -> None:
        """Run the job that is due first."""
        job = min(self._due)
        self._due.remove(job)
        again = await JOBS[job.name](self._tools(), job.data, job.attempt)
        if again is not None:
            self._put(self._now() + again.after, job.name, job.data, job.attempt + 1)

    def _put(self, at: datetime, name: str, data: Mapping[str, str | int], attempt: int) -> None:
        self._place += 1
        self._due.append(_Due(at, self._place, name, data, attempt))
