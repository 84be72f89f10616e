"""A pretend Telegram with a clock in hand, and each of two foreign clients connected to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from simulator.telegram import FloodLimits, Phone, SimulatedTelegram
from tests.simulator.telegram.clients import AiogramClient, Client, PtbClient


@dataclass
class Clock:
    """Time that passes only when a test says so."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 1, 5, tzinfo=UTC))
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_seconds(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture(autouse=True)
def _waits_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns at each 429 until one opts in to its new type of `retry_after`."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[SimulatedTelegram]:
    limits = FloodLimits(chat_burst=1000, total_burst=1000)
    async with SimulatedTelegram(now=clock.now, monotonic=clock.monotonic, limits=limits) as simulated:
        yield simulated


@pytest.fixture(params=[PtbClient, AiogramClient], ids=["python-telegram-bot", "aiogram"])
async def client(request: pytest.FixtureRequest, telegram: SimulatedTelegram) -> AsyncIterator[Client]:
    connected: Client = await request.param.connect(telegram.base_url, telegram.token)
    yield connected
    await connected.aclose()


@pytest.fixture
async def son(telegram: SimulatedTelegram) -> Phone:
    """A guard who has written to the bot before."""
    phone = telegram.person("Sơn", 1001)
    await phone.say("/start")
    return phone


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "gate.jpg"
    Image.effect_noise((1920, 1080), 40).convert("RGB").save(path, quality=80)
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Bytes that nobody decodes here: the server does not look into videos."""
    path = tmp_path / "gate.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(3000))
    return path
