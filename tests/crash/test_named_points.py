"""SIGKILL at chosen points: a lock on its database or a slow Telegram makes the bot stand still there."""

import asyncio

import pytest

from tests.crash.story import Asked, Story, until

pytestmark = [pytest.mark.crash, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_killed_before_the_tap_is_kept(story: Story) -> None:
    asked = await story.asked(story.teachers[0])
    with story.nothing_written():
        await story.tap(asked)
        await until(lambda: story.school.telegram.pending_updates == 1)
        await story.kill()
    assert story.state(asked) == "pending"
    await _goes_on(story, asked)


async def test_killed_when_the_order_stands_and_its_job_does_not(story: Story) -> None:
    asked = await story.asked(story.teachers[1])
    with story.nothing_written("truccam-jobs.db"):
        await story.tap(asked)
        await until(lambda: story.state(asked) == "approved")
        await story.kill()
    assert story.rows("SELECT name FROM wanted_jobs WHERE NOT started") == [("release",)]
    await _goes_on(story, asked)


async def test_killed_when_the_footage_is_fetched_and_not_registered(story: Story) -> None:
    fetched = story.school.recorder.calls["download"]
    story.school.recorder.switches.delay_seconds = 0.3
    asked = await story.asked(story.teachers[2], pictures=False)
    await story.tap(asked)
    await until(
        lambda: story.state(asked) == "approved" and story.school.recorder.calls["download"] > fetched
    )
    with story.nothing_written():
        await until(lambda: f"originals/{asked.code[3:7]}/{asked.code}.rec" in story.files("originals"))
        await story.kill()
    story.school.recorder.switches.delay_seconds = 0
    assert not story.rows(
        "SELECT 1 FROM evidence JOIN requests r ON r.id = request_id WHERE code = ?", asked.code
    )
    await _goes_on(story, asked)


async def test_killed_when_the_clip_is_made_and_not_queued(story: Story) -> None:
    asked = await story.asked(story.teachers[3])
    await story.tap(asked)
    await until(lambda: story.state(asked) in {"extracting", "ready", "delivered"})
    with story.nothing_written():
        assert story.state(asked) == "extracting"
        await until(lambda: f"spool/{asked.code}.mp4" in story.files("spool"))
        await story.kill()
    await _goes_on(story, asked)


async def test_killed_when_telegram_has_the_clip_and_nobody_noted_it(story: Story) -> None:
    asked = await story.asked(story.teachers[4])
    await story.tap(asked)
    await until(lambda: story.state(asked) == "extracting")
    story.school.telegram.slow(5)
    await story.clip(asked)
    await story.kill()
    story.school.telegram.slow(0)
    assert story.state(asked) == "ready"
    await _goes_on(story, asked)


async def test_killed_when_the_clip_is_claimed_and_not_sent(story: Story) -> None:
    """The teacher has just had another message, so that the clip waits for its turn while it is claimed."""
    asked = await story.asked(story.teachers[0])
    await story.tap(asked)
    sending = "SELECT 1 FROM outbox WHERE state = 'sending' AND message LIKE ?"
    await asked.teacher.say("/trogiup")
    await until(lambda: story.rows(sending, f"%{asked.code}.mp4%"))
    await story.kill()
    await _goes_on(story, asked)


async def test_killed_again_and_again_while_one_request_goes_its_way(story: Story) -> None:
    story.school.recorder.switches.delay_seconds = 0.3
    asked = await story.asked(story.teachers[1], pictures=False)
    await story.tap(asked)
    for moment_seconds in (0.1, 0.4, 0.7, 0.1):
        await asyncio.sleep(moment_seconds)
        await story.kill()
        await story.restart()
    story.school.recorder.switches.delay_seconds = 0
    await story.told(asked)
    story.check(asked)
    await story.check_the_rest()


async def test_killed_while_the_card_is_made_it_comes_once(story: Story) -> None:
    code = await story.sent_in(story.teachers[2])
    await until(lambda: f"originals/{code[3:7]}/{code}.rec" in story.files("originals"))
    await story.kill()
    await story.restart()
    card = await story.principal.wait_for(
        lambda message: message.kind == "photo" and code in message.text and "Duyệt" in message.buttons, 40
    )
    asked = Asked(code, story.teachers[2], card, pictures=True)
    await story.tap(asked)
    await story.told(asked)
    story.check(asked)
    await story.check_the_rest()


async def _goes_on(story: Story, asked: Asked) -> None:
    await story.restart()
    await story.told(asked)
    story.check(asked)
    await story.check_the_rest()
