"""Thirty days in which the service dies again and again: one summary a person and day, no more, no less."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from bot.bootstrap import tools_of
from bot.settings import Settings
from domain.chat import Account
from domain.measuring import Times
from domain.people import Role, named
from handlers.measuring import begin_rounds
from handlers.ports import Tools, UnitOfWork
from handlers.registry import JOBS
from handlers.summary import begin
from nvr_client.login import LoginGuard
from nvr_client.shared import SharedRecorder
from storage.codec import unpack_message
from storage.store import Store
from storage.tables import outbox
from storage.vault import Vault
from tests.conversations.recorder import PaperRecorder
from tests.conversations.stage import CAST, HANOI, _paper_settings
from tests.retention.world import Clock

DAYS = 30
FIRST = datetime(2026, 11, 1, 0, 0, tzinfo=HANOI)
READERS = ("Cô Hằng", "Thầy Quang", "Anh Dũng", "Bác Tiến")
DEATH = 0.12
MINUTES = (*range(60, 370, 21), *range(375, 480, 5), *range(480, 900, 20))


class Killed(BaseException):
    """The process has ended; nothing of it goes on."""


class Doomed:
    """A transaction whose process may die just before or just after it is committed."""

    def __init__(self, uow: UnitOfWork, dice: random.Random) -> None:
        self._uow = uow
        self._dice = dice

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)

    async def commit(self) -> None:
        if self._dice.random() < DEATH / 2:
            raise Killed
        await self._uow.commit()
        if self._dice.random() < DEATH / 2:
            raise Killed


class Service:
    """Watches and jobs as the service runs them; it dies now and then, its job engine forgets nothing."""

    def __init__(self, store: Store, tools: Tools, dice: random.Random, clock: Clock) -> None:
        self.store = store
        self.dice = dice
        self.clock = clock
        self.tools = replace(tools, begin=cast("Callable[[], Any]", self._begin))
        self.jobs: dict[str, tuple[datetime, str, Any, int]] = {}
        self.ended: set[str] = set()
        self.deaths = 0

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[Doomed]:
        async with self.store.begin() as uow:
            yield Doomed(uow, self.dice)

    async def minute(self) -> None:
        try:
            await begin_rounds(self.tools)
            await begin(self.tools)
            await self._take_up()
            await self._work()
        except Killed:
            self.deaths += 1

    async def _take_up(self) -> None:
        async with self.store.reading() as uow:
            wanted = await uow.jobs.unstarted()
        for job in wanted:
            if job.key not in self.ended:
                self.jobs.setdefault(job.key, (self.clock.at, job.name, job.data, 0))
            async with self.tools.begin() as uow:
                await cast("Any", uow).jobs.started(job.key)
                await uow.commit()

    async def _work(self) -> None:
        for key, (due, name, data, attempt) in list(self.jobs.items()):
            if due > self.clock.at:
                continue
            again = await JOBS[name](self.tools, data, attempt)
            if again is None:
                del self.jobs[key]
                self.ended.add(key)
            else:
                self.jobs[key] = (self.clock.at + again.after, name, data, attempt + 1)


@pytest.mark.parametrize("seed", range(2))
async def test_each_person_gets_one_summary_a_day_whatever_dies(
    url: str, settings: Settings, tmp_path: Path, seed: int
) -> None:
    store = await Store.open(url)
    try:
        await live_through(store, settings, tmp_path, random.Random(seed))
    finally:
        await store.aclose()


async def live_through(store: Store, settings: Settings, folder: Path, dice: random.Random) -> None:
    clock = Clock(FIRST)
    guard = LoginGuard("dau-ghi-1")
    recorder = PaperRecorder(folder / "none", clock, guard)
    shared = SharedRecorder(_paper_settings(), recorder, guard, None)
    tools = tools_of(settings, store, Vault(settings.paths.state), {"dau-ghi-1": shared}, {}, clock)
    tools = replace(
        tools,
        cameras=replace(tools.cameras, all=tools.cameras.all[:2]),
        times=Times(time(6, 30), (time(1, 0), time(6, 15)), timedelta(hours=4)),
    )
    async with store.begin() as uow:
        for number, (name, (role, unit)) in enumerate(CAST.items()):
            address, plain = named(name, role)
            person = await uow.people.add(plain, role, address, unit)
            await uow.people.link(Account("telegram", str(number)), person.id, clock())
        await uow.commit()
    service = Service(store, tools, dice, clock)
    off: set[int] = set()
    for day in range(DAYS):
        down = (time(0), time(0))
        if dice.random() < 0.2:  # the machine is off for the whole morning, or starts late
            down = (time(3), dice.choice([time(9, 7), time(13)]))
            if down[1] > time(12):
                off.add(day)
        for minutes in MINUTES:
            clock.at = FIRST + timedelta(days=day, minutes=minutes)
            if not down[0] <= clock.at.time() < down[1]:
                await service.minute()
    readers = [number for number, name in enumerate(CAST, start=1) if name in READERS]
    expected = {(number, day): 1 for number in readers for day in range(DAYS) if day not in off}
    assert await summaries(store) == Counter(expected)
    assert service.deaths > DAYS
    assert 0 < len(off) < DAYS / 2


async def summaries(store: Store) -> Counter[tuple[int, int]]:
    """How many summaries each person was sent on each day."""
    found: Counter[tuple[int, int]] = Counter()
    async with store._readers.connect() as connection:
        for row in await connection.execute(select(outbox)):
            if unpack_message(row.message).text[0].msgid.startswith("Morning summary"):
                found[row.person_id, (row.created_at - FIRST).days] += 1
    return found


def test_the_readers_are_leadership_it_staff_and_the_head_guard() -> None:
    roles = {CAST[name][0] for name in READERS}
    assert roles == {Role.PRINCIPAL, Role.DEPUTY, Role.IT, Role.HEAD_GUARD}
