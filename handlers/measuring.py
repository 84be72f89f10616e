"""Measuring what the recorders keep (Điều 5): one search at a time, a round at each set time.

A round first asks a recorder for its disks and its clock, then for each camera the oldest recording and the
days that are not final yet. Whatever is found is kept at once, so a round that was killed goes on where it
was; a round that is overtaken by the next one ends. The first round of a day is spread out.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar
from weakref import WeakKeyDictionary

from domain.cameras import Camera
from domain.chat import Outgoing, Text
from domain.measuring import day_bounds, days_to_search, failed_disks, lost_a_disk, spread_until
from domain.people import Role
from domain.retention import (
    CameraDay,
    DiskState,
    KnownCamera,
    Measured,
    RecorderState,
    Stretch,
    fallen,
    kept_since,
)
from handlers import access
from handlers.asking import system_entry
from handlers.ports import Again, Tools, UnitOfWork
from handlers.retention_report import named_days, read_report
from nvr_client.errors import AccessRefused, BadAnswer, NotSupported, RecorderError
from nvr_client.protocol import NvrClient, Span

SLICES = 12
"""A round that is spread out works in so many slices."""
TRY_AGAIN = timedelta(minutes=5)
REMEMBERED = timedelta(days=400)
ROUND = "retention:round:"
BELOW = "retention:below"
T = TypeVar("T")
_LOCKS: WeakKeyDictionary[NvrClient, asyncio.Lock] = WeakKeyDictionary()
"""A round that begins waits until the one before has ended its search."""


async def begin_rounds(tools: Tools) -> int:
    """Watch: when a set time has come, let every recorder be measured; how many were told to begin."""
    if not tools.times.measure_at:
        return 0
    local = tools.now().astimezone(tools.zone)
    due = [at for at in tools.times.measure_at if at <= local.time()]
    async with tools.reading() as uow:
        last = {name: await uow.facts.get(ROUND + name) for name in tools.cameras.recorders}
    begun = 0
    for name, latest in last.items():
        at = due[-1] if due else None
        if at is None and latest is not None:
            continue  # before the first time of the day: only a recorder that was never measured
        key = f"{local:%Y-%m-%d}T{at:%H:%M}" if at else f"{local:%Y-%m-%d}T00:00"
        if latest == key:
            continue
        until = spread_until(tools.times, at, local) if latest is not None and at else None
        async with tools.begin() as uow:
            await uow.facts.put(ROUND + name, key)
            data = {"recorder": name, "round": key, "begun": tools.now().isoformat()}
            if until is not None:
                data["until"] = until.isoformat()
            await uow.jobs.want("measure", f"measure:{name}:{key}", data, tools.now())
            await uow.commit()
        begun += 1
    return begun


async def measure(tools: Tools, data: Mapping[str, str | int], attempt: int) -> Again | None:
    """Job: one round on one recorder, or a slice of it."""
    del attempt
    return await _Round(tools, data).go_on()


class _Round:
    def __init__(self, tools: Tools, data: Mapping[str, str | int]) -> None:
        self._tools = tools
        self._name = str(data["recorder"])
        self._key = str(data["round"])
        self._begun = datetime.fromisoformat(str(data["begun"]))
        self._until = datetime.fromisoformat(str(data["until"])) if "until" in data else self._begun
        self._day = date.fromisoformat(self._key[:10])
        self._recorder: NvrClient | None = tools.cameras.recorders.get(self._name)
        self._cameras = [camera for camera in tools.cameras.all if camera.recorder == self._name]

    async def go_on(self) -> Again | None:
        if self._recorder is None:
            return None
        async with _LOCKS.setdefault(self._recorder, asyncio.Lock()):
            return await self._next_slice(self._recorder)

    async def _next_slice(self, recorder: NvrClient) -> Again | None:
        if not await self._is_current():
            return None
        async with self._tools.reading() as uow:
            measured = await uow.retention.measured()
            state = (await uow.retention.recorders()).get(self._name)
        if state is None or state.round != self._key or state.problem:
            try:
                await self._look_at_recorder(recorder, state)
            except RecorderError as error:
                return await self._failed(error)
        left = [
            camera
            for camera in self._cameras
            if camera.code not in measured or measured[camera.code].round != self._key
        ]
        size = len(left)
        if self._until > self._tools.now():
            size = -(-len(self._cameras) // SLICES)
        for camera in left[:size]:
            if not await self._is_current():
                return None
            try:
                await self._measure(recorder, camera)
            except RecorderError as error:
                if await self._is_lost(recorder):
                    return await self._failed(error)
                await self._keep_problem(camera, error)
        if len(left) > size:
            slices_left = -(-(len(left) - size) // size)
            return Again(max(self._until - self._tools.now(), timedelta()) / (slices_left + 1))
        await self._finish()
        return None

    async def _is_current(self) -> bool:
        """False once the next round has begun."""
        async with self._tools.reading() as uow:
            return await uow.facts.get(ROUND + self._name) == self._key

    async def _look_at_recorder(self, recorder: NvrClient, before: RecorderState | None) -> None:
        """Disks and clock; where a disk has gone, finished days may have gone with it."""
        disks = tuple(
            DiskState(disk.name, disk.status, disk.healthy, disk.capacity_bytes)
            for disk in await _or_none(recorder.storage) or ()
        )
        clock = await _or_none(recorder.clock)
        now = self._tools.now()
        state = RecorderState(
            name=self._name,
            day=self._day,
            round=self._key,
            measured_at=now,
            disks=disks,
            clock_offset_seconds=clock.offset.total_seconds() if clock else None,
        )
        known_disks = before.disks if before else ()
        async with self._tools.begin() as uow:
            if lost_a_disk(known_disks, disks):
                await uow.retention.forget_days([camera.code for camera in self._cameras])
            await uow.retention.put_recorder(state)
            await self._meet(uow)
            await self._tell_of_disks(uow, failed_disks(known_disks, disks), now)
            await uow.commit()

    async def _meet(self, uow: UnitOfWork) -> None:
        """Cameras that were never measured; one that hangs on another channel now is another camera."""
        known = await uow.retention.known()
        joined = any(
            camera.first_measured_at and camera.source.rpartition("/")[0] == self._name
            for camera in known.values()
        )
        for camera in self._cameras:
            source = f"{camera.recorder}/{camera.channel}"
            if camera.code in known and known[camera.code].source == source:
                continue
            await uow.retention.forget_days([camera.code])
            await uow.retention.remember(KnownCamera(camera.code, source, self._tools.now(), joined=joined))

    async def _measure(self, recorder: NvrClient, camera: Camera) -> None:
        tools = self._tools
        oldest = await recorder.oldest(camera.channel)
        wanted = (
            days_to_search(oldest, tools.now(), tools.zone, tools.limits.retention_days) if oldest else []
        )
        async with tools.reading() as uow:
            found = await uow.retention.days(min(wanted, default=self._day), camera.code)
        days = {one.day: one for one in found.get(camera.code, ())}
        for day in wanted:
            if day in days and (days[day].is_final or days[day].searched_at >= self._begun):
                continue
            days[day] = await self._search(recorder, camera, day)
        now = tools.now()
        since = kept_since(oldest, days.values(), now)
        async with tools.begin() as uow:
            known = (await uow.retention.known())[camera.code]
            if known.first_measured_at is None:
                await uow.retention.remember(replace(known, first_measured_at=now, first_oldest_at=oldest))
            await uow.retention.put_measured(
                Measured(camera.code, self._day, self._key, now, oldest, since),
            )
            await uow.commit()

    async def _search(self, recorder: NvrClient, camera: Camera, day: date) -> CameraDay:
        bounds = day_bounds(day, self._tools.zone)
        asked_at = self._tools.now()
        span = Span(bounds.start, min(bounds.end, asked_at))
        recorded = await recorder.recordings(camera.channel, span)
        parts = tuple(Stretch(part.start, part.end) for part in recorded)
        one = CameraDay(camera.code, day, bounds.start, bounds.end, asked_at, parts)
        async with self._tools.begin() as uow:
            await uow.retention.put_day(one)
            await uow.commit()
        return one

    async def _is_lost(self, recorder: NvrClient) -> bool:
        """After a camera could not be measured: whether it is the recorder that does not answer."""
        try:
            await recorder.clock()
        except NotSupported:
            return False
        except RecorderError:
            return True
        return False

    async def _keep_problem(self, camera: Camera, error: RecorderError) -> None:
        problem = type(error).__name__
        measured = Measured(camera.code, self._day, self._key, self._tools.now(), None, None, problem)
        async with self._tools.begin() as uow:
            await uow.retention.put_measured(measured)
            await uow.commit()

    async def _failed(self, error: RecorderError) -> Again | None:
        """The recorder does not answer: later once more, until the next round; a refused login ends it."""
        async with self._tools.begin() as uow:
            before = (await uow.retention.recorders()).get(self._name)
            now = self._tools.now()
            state = before or RecorderState(self._name, self._day, self._key, now, (), None)
            problem = type(error).__name__
            await uow.retention.put_recorder(
                replace(state, day=self._day, round=self._key, finished_at=None, problem=problem)
            )
            await uow.commit()
        return None if isinstance(error, AccessRefused) else Again(TRY_AGAIN)

    async def _finish(self) -> None:
        """Every camera is measured: who has newly fallen below the limit is told of at once."""
        async with self._tools.begin() as uow:
            now = self._tools.now()
            state = (await uow.retention.recorders())[self._name]
            await uow.retention.put_recorder(replace(state, finished_at=now))
            await uow.retention.forget_before(self._day - REMEMBERED)
            report = await read_report(uow, self._tools)
            told = set(json.loads(await uow.facts.get(BELOW) or "[]"))
            new, still = fallen(told, report.cameras, report.keep_days)
            await uow.facts.put(BELOW, json.dumps(sorted(still)))
            if new:
                text = Text(
                    "Newly below {days} days of footage (Điều 5): {cameras}.",
                    {"days": report.keep_days, "cameras": named_days(self._tools, new)},
                )
                advice = Text("Please check recorder and camera. /luutru shows the details.")
                readers = (Role.PRINCIPAL, Role.DEPUTY, Role.IT)
                for person in await access.retention_readers(uow, readers):
                    await uow.outbox.say(Outgoing(person.id, (text, advice)), now)
                for camera in new:
                    details = {"days": camera.shown_days}
                    await uow.audit.write(system_entry(now, "retention:below:noticed", camera.code, details))
            await uow.commit()

    async def _tell_of_disks(self, uow: UnitOfWork, failed: Sequence[DiskState], now: datetime) -> None:
        for disk in failed:
            await uow.audit.write(system_entry(now, "recorder:disk:noticed", f"{self._name}/{disk.name}"))
            text = Text(
                "Disk {disk} of {recorder} reports a fault ({status}). Please save what must be kept.",
                {"disk": disk.name, "recorder": self._name, "status": disk.status},
            )
            for person in await uow.people.with_roles((Role.IT,)):
                await uow.outbox.say(Outgoing(person.id, (text,)), now)


async def _or_none(call: Callable[[], Awaitable[T]]) -> T | None:
    """What a recorder tells, or None where it does not tell that at all."""
    try:
        return await call()
    except (NotSupported, BadAnswer):
        return None
