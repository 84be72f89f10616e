"""The phones page in a real browser, with a pretend Telegram and a school behind it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import imageio_ffmpeg
import pytest
import pytest_asyncio
from aiohttp import ClientSession, FormData, web
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, async_playwright, expect

from simulator.phones import CameraTile, phones_app
from simulator.telegram import FloodLimits, Phone, SimulatedTelegram

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# The machine may be busy with other tests; what does not happen costs this once.
expect.set_options(timeout=20_000)


def _chromium() -> str:
    """Path of a Chromium; without one the test is skipped, in CI it fails."""
    path = os.environ.get("TRUCCAM_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        words = f"no Chromium at {path}: install one (apt install chromium) or set TRUCCAM_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    return path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = _chromium()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield launched
        await launched.close()


@dataclass
class School:
    """A school of three cameras whose switches are real for Telegram and remembered for the rest."""

    telegram: SimulatedTelegram
    school_name: str = "Trường THCS Ngọc Lâm"
    recorder_on: bool = True
    online: dict[str, bool] = field(default_factory=lambda: {"C01": True, "C02": True, "C03": True})
    at: datetime = datetime(2026, 11, 23, 8, 5, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

    @property
    def telegram_cut(self) -> bool:
        return self.telegram.is_cut

    def now(self) -> datetime:
        return self.at

    def cameras(self) -> list[CameraTile]:
        names = {"C01": "Cổng chính", "C02": "Cổng phụ", "C03": "Nhà xe học sinh"}
        kept = {"C01": 21, "C02": 21, "C03": 11}
        return [CameraTile(code, names[code], self.online[code], kept[code]) for code in names]

    async def set_recorder(self, on: bool) -> None:
        self.recorder_on = on

    async def set_camera(self, code: str, online: bool) -> None:
        if code not in self.online:
            raise LookupError(code)
        self.online[code] = online

    async def set_telegram_cut(self, cut: bool) -> None:
        await self.telegram.cut(cut)


@dataclass
class Stage:
    """A page that is open, and the bot's side of it."""

    telegram: SimulatedTelegram
    school: School
    page: Page
    session: ClientSession

    def phone(self, name: str) -> Phone:
        return next(phone for phone in self.telegram.phones if phone.name == name)

    async def bot(self, method: str, **parameters: Any) -> Any:
        """Call the Bot API as the bot does."""
        url = f"{self.telegram.base_url}/bot{self.telegram.token}/{method}"
        async with self.session.post(url, json=parameters) as answer:
            return (await answer.json())["result"]

    async def bot_sends(self, kind: str, chat_id: int, body: bytes, name: str, **parameters: Any) -> Any:
        """Upload a file as the bot does."""
        form = FormData({"chat_id": str(chat_id), **{key: str(value) for key, value in parameters.items()}})
        form.add_field(kind, body, filename=name, content_type="video/mp4" if kind == "video" else None)
        url = f"{self.telegram.base_url}/bot{self.telegram.token}/send{kind.capitalize()}"
        async with self.session.post(url, data=form) as answer:
            return (await answer.json())["result"]


@dataclass
class Served:
    """The page's server without a browser."""

    telegram: SimulatedTelegram
    school: School
    address: str


@asynccontextmanager
async def serving() -> AsyncIterator[Served]:
    """Serve the page on a free port."""
    async with SimulatedTelegram(limits=FloodLimits(chat_burst=100)) as telegram:
        school = School(telegram)
        runner = web.AppRunner(phones_app(telegram, school))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Served(telegram, school, f"http://127.0.0.1:{runner.addresses[0][1]}/")
        await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    async with serving() as served:
        context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(served.address)
        async with ClientSession() as session:
            yield Stage(served.telegram, served.school, page, session)
        await context.close()
        assert complaints == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "cong.jpg"
    image = Image.new("RGB", (1280, 720), "#78909c")
    ImageDraw.Draw(image).rectangle((0, 420, 1280, 720), fill="#546e7a")
    image.save(path)
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds that a browser without licensed decoders can play, too."""
    path = tmp_path / "cong.mp4"
    arguments = ("-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=2")
    encoder = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart")
    code = os.spawnv(  # noqa: S606 - the project's own ffmpeg, fixed arguments
        os.P_WAIT, imageio_ffmpeg.get_ffmpeg_exe(), ["ffmpeg", *arguments, *encoder, str(path)]
    )
    assert code == 0
    return path
