"""A school that only measures: the real store, the real client, the pretend recorder, time handed in."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.bootstrap import tools_of
from bot.schedule import look
from bot.settings import Settings
from domain.measuring import Times
from domain.retention import Report
from handlers.ports import Again, Tools
from handlers.registry import JOBS
from handlers.retention_report import read_report
from nvr_client.factory import connect
from nvr_client.settings import RecorderSettings
from nvr_client.shared import SharedRecorder
from simulator.recorder import CameraModel, SimulatedRecorder
from storage.store import Store
from storage.vault import Vault

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 6, 15, tzinfo=HANOI)
USERNAME, PASSWORD = "truccam", "mat-khau"


@dataclass
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@dataclass
class Measuring:
    """What is measured, and a job engine that runs each job when the clock reaches it."""

    store: Store
    tools: Tools
    recorder: SimulatedRecorder
    client: SharedRecorder
    clock: Clock
    due: dict[str, tuple[datetime, str, Mapping[str, str | int], int]] = field(default_factory=dict)

    def at(self, *measure_at: str, spread: timedelta = timedelta()) -> None:
        """Measure at these times of the day."""
        times = Times(None, tuple(time.fromisoformat(one) for one in measure_at), spread)
        self.tools = replace(self.tools, times=times)

    async def look(self) -> None:
        """What happens once a minute; jobs that are wanted are taken up."""
        await look(self.tools)
        async with self.store.begin() as uow:
            for job in await uow.jobs.unstarted():
                await uow.jobs.started(job.key)
                self.due[job.key] = (self.clock.at, job.name, job.data, 0)
            await uow.commit()

    async def run_due(self) -> None:
        """Run what is due now, until nothing is."""
        while key := next((key for key, one in self.due.items() if one[0] <= self.clock.at), None):
            await self.run(key)

    async def run(self, key: str) -> Again | None:
        """One attempt of a job."""
        _, name, data, attempt = self.due.pop(key)
        again = await JOBS[name](self.tools, data, attempt)
        if again is not None:
            self.due[key] = (self.clock.at + again.after, name, data, attempt + 1)
        return again

    async def measure(self) -> None:
        """A whole round at this moment."""
        await self.look()
        await self.run_due()

    async def report(self) -> Report:
        async with self.store.reading() as uow:
            return await read_report(uow, self.tools)


@asynccontextmanager
async def measuring(
    url: str,
    settings: Settings,
    cameras: list[CameraModel],
    clock: Clock,
    clock_offset: timedelta = timedelta(),
) -> AsyncIterator[Measuring]:
    """The school's thirty cameras as the settings see them; the recorder has those that are given."""
    store = await Store.open(url)
    async with SimulatedRecorder(
        username=USERNAME, password=PASSWORD, cameras=cameras, now=clock, clock_offset=clock_offset
    ) as recorder:
        client = connect(
            RecorderSettings(
                name="dau-ghi-1",
                vendor="hikvision",
                host="127.0.0.1",
                http_port=recorder.http_port,
                rtsp_port=recorder.rtsp_port,
                username=USERNAME,
                password=PASSWORD,
                timezone="Asia/Ho_Chi_Minh",
            ),
            now=clock,
        )
        tools = tools_of(settings, store, Vault(settings.paths.state), {"dau-ghi-1": client}, {}, clock)
        known = {camera.number for camera in cameras}
        hung = tuple(camera for camera in tools.cameras.all if camera.channel in known)
        tools = replace(tools, cameras=replace(tools.cameras, all=hung))
        try:
            yield Measuring(store, tools, recorder, client, clock)
        finally:
            await client.aclose()
            await store.aclose()
