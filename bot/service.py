"""`./truccam run`: everything at work until a signal says stop."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from aiohttp.web import AppRunner

from bot import web
from bot.alone import AlreadyRunningError, alone
from bot.bootstrap import School, now, school
from bot.channels.base import Channel, ChannelRefused
from bot.failures import describe
from bot.jobs import DurableJobs
from bot.schedule import watch
from bot.settings import Settings, SettingsError
from domain.retention import Level
from handlers.people import BOT_NAME
from handlers.registry import MENU
from handlers.retention_report import read_report
from storage.errors import DatabaseUnavailable

LISTEN_AGAIN_SECONDS = 2.0
LAST_ANSWERS_SECONDS = 2.0  # with the deliverer's last sends less than the five that service managers grant
log = structlog.get_logger(__name__)


async def run(settings: Settings, *, clock: Callable[[], datetime] = now) -> int:
    """Start, print `ready` on standard error when every channel is up, work until SIGTERM or SIGINT.

    Returns:
        The exit status: 0 after a clean stop, 2 where a channel refuses our credentials.
    """
    try:
        with alone(settings.paths.state):
            return await _run(settings, clock)
    except AlreadyRunningError as error:
        where = f"paths.state: dịch vụ đang chạy với thư mục {settings.paths.state} (already running)"
        raise SettingsError((where,)) from error


async def _run(settings: Settings, clock: Callable[[], datetime]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with school(settings, clock=clock) as one:
        if not one.channels:
            raise SettingsError(("telegram.token: chưa cấu hình kênh chat nào (no chat channel is set)",))
        service = _Service(one)
        try:
            return await service.work(stop)
        finally:
            await service.aclose()


class _Service:
    def __init__(self, one: School) -> None:
        self._school = one
        self._jobs = DurableJobs(one.store, one.tools, one.settings.jobs_url)
        self._up: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._refused: asyncio.Event = asyncio.Event()
        self._runner: AppRunner | None = None
        self._started = time.monotonic()

    async def work(self, stop: asyncio.Event) -> int:
        one = self._school
        app = web.application(self._ready, self._figures, one.hooks)
        listen = one.settings.web.listen
        try:
            self._runner = await web.serve(app, listen)
        except OSError as taken:
            why = os.strerror(taken.errno or 0)
            raise SettingsError((f"web.listen: không mở được {listen} (cannot listen: {why})",)) from taken
        await self._clear_leftovers()
        await self._jobs.start()
        one.dispatch.work_off(await one.store.unanswered())
        self._tasks = [
            asyncio.create_task(one.deliverer.run()),
            asyncio.create_task(watch(one.store, one.tools)),
            *(asyncio.create_task(self._channel(channel)) for channel in one.channels.values()),
        ]
        waits: list[asyncio.Task[bool]] = [
            asyncio.create_task(event.wait()) for event in (stop, self._refused)
        ]
        await asyncio.wait([*waits, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        for task in self._tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                log.error("service.broke", **describe(error))
                return 1
        return 2 if self._refused.is_set() else 0

    async def _clear_leftovers(self) -> None:
        """Nothing writes files yet: what lies about was left by a crash."""
        async with self._school.store.reading() as uow:
            wanted = await uow.outbox.files_waiting()
        cleared = await asyncio.to_thread(self._school.vault.clear_leftovers, wanted)
        if cleared:
            log.info("vault.cleared", count=cleared)

    async def aclose(self) -> None:
        """Stop listening first, let answers end, then stop the rest."""
        listening = self._tasks[2:]
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        await self._school.dispatch.aclose(LAST_ANSWERS_SECONDS)
        for task in self._tasks[:2]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._jobs.aclose()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _channel(self, channel: Channel) -> None:
        """Bring a channel up, say so when all are, then listen for ever."""
        one = self._school
        try:
            username = await channel.connect()
            async with one.store.begin() as uow:
                await uow.facts.put(BOT_NAME, username)
                await uow.commit()
            self._up.add(channel.name)
            if self._ready():
                print("ready", file=sys.stderr, flush=True)  # noqa: T201 - programs wait for this line
            menu = asyncio.create_task(
                channel.announce_commands({name: one.tools.phrase(text, "vi") for name, text in MENU})
            )
            menu.add_done_callback(_looked_at)
            while True:
                try:
                    await channel.listen(one.dispatch.accept)
                except ChannelRefused:
                    raise
                except Exception as error:  # noqa: BLE001 - the edge: a full disk today must not end the listening
                    log.error("channel.stumbled", channel=channel.name, **describe(error))
                    await asyncio.sleep(LISTEN_AGAIN_SECONDS)
        except ChannelRefused:
            log.error("channel.refused", channel=channel.name)
            print(  # noqa: T201 - the operator reads it
                f"{channel.name}: mã truy cập (token) không đúng hoặc đã bị thu hồi; xem lại cấu hình.",
                file=sys.stderr,
                flush=True,
            )
            self._refused.set()

    def _ready(self) -> bool:
        return len(self._up) == len(self._school.channels)

    async def _figures(self) -> dict[str, float]:
        return {
            "updates_answered": self._school.dispatch.handled,
            "channels_up": len(self._up),
            "uptime_seconds": time.monotonic() - self._started,
            **await self._kept(),
        }

    async def _kept(self) -> dict[str, float]:
        """How long footage is kept; nothing before the first measurement or while the database is away."""
        one = self._school
        try:
            async with one.store.reading() as uow:
                report = await read_report(uow, one.tools)
        except DatabaseUnavailable:
            return {}
        if not report.counted:
            return {}
        least = report.counted[0].kept or timedelta()
        return {
            "retention_lowest_days": least / timedelta(days=1),
            "retention_cameras_below": len(report.of(Level.RED)),
            "retention_cameras_unknown": len(report.of(Level.UNKNOWN)),
        }


def _looked_at(task: asyncio.Task[None]) -> None:
    """The menu is a nicety: a platform that refuses it is noted, nothing more."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("channel.menu_failed", **describe(error))
