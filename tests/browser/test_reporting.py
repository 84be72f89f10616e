"""A new user reports an incident with a photo on the phones page, with the real bot behind it."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from simulator.phones import phones_app
from simulator.school import pretend_school

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
WITHIN_SECONDS = 30.0


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, tmp_path: Path) -> AsyncIterator[Page]:
    """The page of a whole pretend school."""
    async with pretend_school(tmp_path / "school") as school:
        runner = web.AppRunner(phones_app(school.telegram, school.board))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        opened = await context.new_page()
        await opened.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        yield opened
        await context.close()
        await runner.cleanup()


async def test_a_report_with_a_photo_takes_less_than_half_a_minute(page: Page, picture: Path) -> None:
    lan, dung = (page.locator(f".seat[aria-label='{name}']") for name in ("Cô Lan", "Anh Dũng"))
    await expect(dung.get_by_text("Xin chào").first).to_be_visible(timeout=20_000)
    started = time.monotonic()
    await page.get_by_role("button", name="Bắt đầu").click()
    await lan.get_by_role("textbox").fill("vỡ kính phòng tin 1")
    await lan.locator("input[type=file]").set_input_files(picture)
    await lan.get_by_role("button", name="Gửi, mức 2").click(timeout=15_000)
    await expect(lan.locator(".message").last).to_contain_text("Đã báo: Anh Dũng", timeout=15_000)
    await expect(dung.locator(".message").filter(has_text="vỡ kính phòng tin 1").first).to_contain_text(
        "SC-", timeout=15_000
    )
    assert time.monotonic() - started < WITHIN_SECONDS
