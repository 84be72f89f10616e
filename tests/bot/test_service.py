import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.bootstrap import school
from bot.service import run
from bot.settings import Settings, SettingsError, load
from domain.chat import Account, Command, Incoming
from domain.people import Role
from simulator.telegram import SimulatedTelegram
from tests.bot.waiting import until, utc_now
from tests.end_to_end.outside import free_port

LAN = Account("telegram", "31")


def settings_for(telegram: SimulatedTelegram, folder: Path, port: int | None = None) -> Settings:
    config = folder / "truccam.toml"
    config.write_text(
        f"""
[database]
url = "sqlite:///truccam.db"
[paths]
state = "."
[web]
listen = "127.0.0.1:{port or free_port()}"
[telegram]
token = "{telegram.token}"
api_base = "{telegram.base_url}"
[summary]
at = ""
measure_at = ""
""",
        encoding="utf-8",
    )
    return load(config, {})


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[asyncio.Task[int]]:
    """The service in this process; stopped by the signal that a service manager sends."""
    task = asyncio.create_task(run(settings))
    try:
        yield task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
            assert await asyncio.wait_for(task, 10) == 0


async def status_of(settings: Settings, path: str) -> int:
    """The web endpoint's answer, as soon as there is one."""
    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(10):
            while True:
                try:
                    async with session.get(f"http://{settings.web.listen}{path}") as response:
                        return response.status
                except aiohttp.ClientConnectorError:
                    await asyncio.sleep(0.02)


async def test_it_is_alive_at_once_and_ready_when_telegram_answers(
    telegram: SimulatedTelegram, tmp_path: Path
) -> None:
    settings = settings_for(telegram, tmp_path)
    await telegram.cut(True)
    async with running(settings):
        assert await status_of(settings, "/healthz") == 200
        assert await status_of(settings, "/readyz") == 503
        await telegram.cut(False)
        async with asyncio.timeout(15):
            while await status_of(settings, "/readyz") != 200:  # noqa: ASYNC110 - a web endpoint rings no bell
                await asyncio.sleep(0.05)


async def test_what_came_in_and_was_never_answered_is_answered_at_the_start(
    telegram: SimulatedTelegram, tmp_path: Path
) -> None:
    settings = settings_for(telegram, tmp_path)
    phone = telegram.person("Cô Lan", int(LAN.id))
    await phone.say("/start")
    async with school(settings) as one:
        async with one.store.begin() as uow:
            person = await uow.people.add("Lan", Role.TEACHER, "Cô")
            await uow.people.link(LAN, person.id, utc_now())
            await uow.commit()
        await one.store.store_updates([Incoming(LAN, "before-the-crash", utc_now(), Command("quyche", ""))])
    async with running(settings):
        await phone.wait_for("Điều")
    assert len([message for message in phone.messages if "Điều" in message.text]) == 1


async def test_what_a_crash_left_in_the_spool_goes_at_the_start(
    telegram: SimulatedTelegram, tmp_path: Path
) -> None:
    settings = settings_for(telegram, tmp_path)
    left = tmp_path / "spool" / "left.jpg"
    left.parent.mkdir()
    left.write_bytes(b"left")
    async with running(settings):
        assert await status_of(settings, "/healthz") == 200
        await until(lambda: not left.exists())


async def test_a_port_that_is_taken_is_told_in_a_sentence(
    telegram: SimulatedTelegram, tmp_path: Path
) -> None:
    port = int(telegram.base_url.rpartition(":")[2])
    with pytest.raises(SettingsError, match=r"web\.listen: .*Address already in use"):
        await run(settings_for(telegram, tmp_path, port))
    async with running(settings_for(telegram, tmp_path)) as task:
        await telegram.bell.until(lambda: telegram.calls["getupdates"] > 0, 1)
        assert not task.done()


async def test_a_second_service_with_the_same_state_is_refused_until_the_first_has_ended(
    telegram: SimulatedTelegram, tmp_path: Path
) -> None:
    settings = settings_for(telegram, tmp_path)
    async with running(settings):
        assert await status_of(settings, "/healthz") == 200
        with pytest.raises(SettingsError, match="already running"):
            await run(settings_for(telegram, tmp_path))
        assert await status_of(settings, "/healthz") == 200
    async with running(settings):
        assert await status_of(settings, "/healthz") == 200
