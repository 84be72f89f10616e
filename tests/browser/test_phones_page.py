"""What somebody does on the phones page reaches the bot, and what the bot says is seen."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Stage

# One browser serves all tests of this file, so they share its event loop.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def seat(stage: Stage, name: str) -> Locator:
    return stage.page.locator(f".seat[aria-label='{name}']")


async def begin(stage: Stage) -> None:
    """Read the guide, as a first visitor does."""
    await stage.page.get_by_role("button", name="Bắt đầu").click()


async def eventually(stage: Stage, condition: Callable[[], bool]) -> None:
    assert await stage.telegram.bell.until(condition, 10)


async def test_the_guide_is_shown_once_and_can_be_read_again(stage: Stage) -> None:
    guide = stage.page.locator("#guide")
    await expect(guide).to_contain_text("ba bước")
    await begin(stage)
    await stage.page.reload()
    await expect(seat(stage, "Anh Sơn")).to_be_visible()
    await expect(guide).to_be_hidden()
    await stage.page.get_by_role("button", name="Hướng dẫn").click()
    await expect(guide).to_be_visible()


async def test_four_people_a_clock_and_the_cameras_are_shown(stage: Stage) -> None:
    await expect(stage.page.locator(".owner-words b")).to_have_text(
        ["Anh Sơn", "Cô Lan", "Cô Hằng", "Anh Dũng"]
    )
    await expect(stage.page.locator("#school")).to_have_text("Trường THCS Ngọc Lâm")
    await expect(stage.page.locator("#clock")).to_contain_text("08:05:")
    await expect(stage.page.locator("#day")).to_have_text("Thứ Hai, 23/11/2026")
    await expect(stage.page.locator(".camera-name")).to_have_text(
        ["Cổng chính", "Cổng phụ", "Nhà xe học sinh"]
    )
    await expect(stage.page.locator(".camera.short")).to_contain_text("11 ngày")


async def test_what_is_typed_reaches_the_bot_and_its_answer_the_phone(stage: Stage) -> None:
    await begin(stage)
    son = stage.phone("Anh Sơn")
    box = seat(stage, "Anh Sơn").get_by_role("textbox")
    await box.fill("chụp cổng chính")
    await box.press("Enter")
    await eventually(stage, lambda: bool(son.messages))
    assert son.last.text == "chụp cổng chính"
    await stage.bot("sendChatAction", chat_id=son.user_id, action="typing")
    await expect(seat(stage, "Anh Sơn").locator(".bar-words span")).to_have_text("đang nhập…")
    await stage.bot(
        "sendMessage",
        chat_id=son.user_id,
        text="Ảnh của <b>cổng</b> & <sân>".replace("&", "&amp;").replace("<sân>", "&lt;sân&gt;"),
        parse_mode="HTML",
        reply_parameters={"message_id": son.last.message_id},
    )
    answer = seat(stage, "Anh Sơn").locator(".message").last
    await expect(answer.locator(".words")).to_have_text("Ảnh của cổng & <sân>")
    await expect(answer.locator(".words b")).to_have_text("cổng")
    await expect(answer.locator(".reply")).to_contain_text("chụp cổng chính")


async def test_a_suggestion_and_a_command_of_the_menu_are_sent_by_one_click(stage: Stage) -> None:
    await begin(stage)
    lan = stage.phone("Cô Lan")
    await stage.bot("setMyCommands", commands=[{"command": "yeucau", "description": "Xin trích xuất"}])
    place = seat(stage, "Cô Lan")
    await place.locator(".chip").first.click()
    await eventually(stage, lambda: len(lan.messages) == 1)
    assert lan.last.text == "/yeucau cổng chính 20/11 9:05-9:20 học sinh bị xô ngã"
    await place.get_by_role("button", name="Danh sách lệnh").click()
    await place.get_by_role("option", name="Xin trích xuất").click()
    await eventually(stage, lambda: len(lan.messages) == 2)
    assert lan.last.text == "/yeucau"


async def test_a_tap_shows_that_it_is_working_until_the_bot_answers(stage: Stage) -> None:
    await begin(stage)
    hang = stage.phone("Cô Hằng")
    await hang.say("/start")
    rows = [[{"text": "Duyệt", "callback_data": "a"}, {"text": "Không duyệt", "callback_data": "b"}]]
    sent = await stage.bot(
        "sendMessage", chat_id=hang.user_id, text="Chờ duyệt", reply_markup={"inline_keyboard": rows}
    )
    button = seat(stage, "Cô Hằng").get_by_role("button", name="Không duyệt")
    await button.click()
    await expect(button).to_have_class("working")
    query = (await stage.bot("getUpdates"))[-1]["callback_query"]
    assert query["data"] == "b"
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"], text="Cô đã từ chối")
    await expect(seat(stage, "Cô Hằng").locator(".toast")).to_have_text("Cô đã từ chối")
    await stage.bot("editMessageText", chat_id=hang.user_id, message_id=sent["message_id"], text="Đã từ chối")
    await expect(seat(stage, "Cô Hằng").locator(".message").last).to_contain_text("đã sửa")
    await expect(button).to_have_count(0)


async def test_an_alert_stays_until_it_is_read(stage: Stage) -> None:
    await begin(stage)
    hang = stage.phone("Cô Hằng")
    await hang.say("/start")
    rows = [[{"text": "Duyệt", "callback_data": "a"}]]
    await stage.bot(
        "sendMessage", chat_id=hang.user_id, text="Thẻ cũ", reply_markup={"inline_keyboard": rows}
    )
    await seat(stage, "Cô Hằng").get_by_role("button", name="Duyệt").click()
    await eventually(stage, lambda: bool(hang.open_taps))
    await stage.bot(
        "answerCallbackQuery",
        callback_query_id=hang.open_taps[0].query_id,
        text="Thẻ này đã hết hiệu lực",
        show_alert=True,
    )
    alert = stage.page.get_by_role("alertdialog")
    await expect(alert).to_contain_text("Thẻ này đã hết hiệu lực")
    await alert.get_by_role("button", name="Đã hiểu").click()
    await expect(alert).to_have_count(0)


async def test_a_protected_picture_opens_big_and_says_that_it_is_protected(
    stage: Stage, picture: Path
) -> None:
    await begin(stage)
    son = stage.phone("Anh Sơn")
    await son.say("/start")
    body = await asyncio.to_thread(picture.read_bytes)
    await stage.bot_sends(
        "photo", son.user_id, body, "cong.jpg", caption="C01 Cổng chính", protect_content="true"
    )
    shown = seat(stage, "Anh Sơn").locator("img.picture")
    await expect(shown).to_have_js_property("naturalWidth", 1280)
    await shown.click()
    box = stage.page.locator("#lightbox")
    await expect(box.locator("img")).to_be_visible()
    await expect(box).to_contain_text("C01 Cổng chính")
    await expect(box.locator(".shield")).to_be_visible()
    await stage.page.keyboard.press("Escape")
    await expect(box).to_be_hidden()


async def test_a_video_plays_and_can_be_sought(stage: Stage, clip: Path) -> None:
    await begin(stage)
    lan = stage.phone("Cô Lan")
    await lan.say("/start")
    await stage.bot_sends("video", lan.user_id, await asyncio.to_thread(clip.read_bytes), "cong.mp4")
    video = seat(stage, "Cô Lan").locator("video")
    await expect(video).to_have_js_property("duration", 2)
    reached = await video.evaluate(
        "async (video) => { video.muted = true; await video.play(); video.pause();"
        " video.currentTime = 1.5; await new Promise((done) => { video.onseeked = done; });"
        " return video.currentTime; }"
    )
    assert reached == 1.5


async def test_a_picture_is_attached_with_the_typed_words_as_its_caption(stage: Stage, picture: Path) -> None:
    await begin(stage)
    dung = stage.phone("Anh Dũng")
    place = seat(stage, "Anh Dũng")
    await place.get_by_role("textbox").fill("ảnh đầu ghi")
    await place.locator("input[type=file]").set_input_files(picture)
    await expect(place.locator(".message.mine img.picture")).to_be_visible()
    assert (dung.last.kind, dung.last.text) == ("photo", "ảnh đầu ghi")
    assert dung.last.media == await asyncio.to_thread(picture.read_bytes)


async def test_one_s_own_message_can_be_corrected(stage: Stage) -> None:
    await begin(stage)
    son = stage.phone("Anh Sơn")
    await son.say("chụp cổng chinh")
    mine = seat(stage, "Anh Sơn").locator(".message.mine")
    await mine.hover()
    await mine.get_by_role("button", name="Sửa tin nhắn").click()
    box = seat(stage, "Anh Sơn").get_by_role("textbox")
    await box.fill("chụp cổng chính")
    await box.press("Enter")
    await expect(mine).to_contain_text("đã sửa")
    assert son.last.text == "chụp cổng chính"


async def test_bad_luck_is_switched_on_and_off(stage: Stage) -> None:
    await begin(stage)
    camera = stage.page.locator(".camera", has_text="C02")
    await camera.click()
    await expect(camera).to_contain_text("mất hình")
    assert stage.school.online == {"C01": True, "C02": False, "C03": True}
    await stage.page.get_by_text("Tắt đầu ghi", exact=True).click()
    await expect(stage.page.locator("#board-sum")).to_have_text("Đầu ghi đang tắt")
    assert not stage.school.recorder_on
    await stage.page.get_by_text("Cắt Telegram", exact=True).click()
    await eventually(stage, lambda: stage.telegram.is_cut)
    await stage.page.get_by_text("Cắt Telegram", exact=True).click()
    await stage.page.get_by_text("Tắt đầu ghi", exact=True).click()
    await camera.click()
    await expect(stage.page.locator("#board-sum")).to_have_text("3/3 camera có hình")
    await eventually(stage, lambda: not stage.telegram.is_cut)
