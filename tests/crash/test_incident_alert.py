"""SIGKILL between a report and its alert: every leader is alerted, and exactly once."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from simulator.school import pretend_school
from tests.crash.story import PATIENCE_SECONDS, STAFF, Story, until

pytestmark = [pytest.mark.crash, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def story(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    """A school of its own: footage around an incident is kept for minutes after these tests have ended."""
    async with pretend_school(tmp_path_factory.mktemp("alert") / "school", people=STAFF) as school:
        one = Story(school)
        for phone in (*one.teachers, one.principal, one.it):
            await phone.wait_for("Xin chào")
        yield one


async def test_killed_before_the_report_is_kept(story: Story) -> None:
    words = "cháy ở bếp bán trú, lần một"
    with story.nothing_written():
        await story.teachers[0].say(f"/suviec {words}")
        await until(lambda: story.school.telegram.pending_updates == 1)
        await story.kill()
    assert not story.rows("SELECT 1 FROM incidents WHERE text = ?", words)
    await _alerted_once(story, words)


async def test_killed_when_the_report_stands_and_nobody_was_told(story: Story) -> None:
    words = "cháy ở bếp bán trú, lần hai"
    await story.teachers[1].say(f"/suviec {words}")
    story.school.telegram.slow(5)
    await until(lambda: story.rows("SELECT 1 FROM incidents WHERE text = ? AND state = 'reported'", words))
    await story.kill()
    story.school.telegram.slow(0)
    await _alerted_once(story, words)


async def test_killed_when_telegram_has_the_alert_and_nobody_noted_it(story: Story) -> None:
    words = "cháy ở bếp bán trú, lần ba"
    story.school.telegram.slow(5)
    await story.teachers[2].say(f"/suviec {words}")
    await story.principal.wait_for(words, PATIENCE_SECONDS)
    await story.kill()
    story.school.telegram.slow(0)
    await _alerted_once(story, words)


async def _alerted_once(story: Story, words: str) -> None:
    await story.restart()
    await story.principal.wait_for(words, PATIENCE_SECONDS)
    await until(lambda: not story.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending')"))
    alerts = [
        message
        for message in story.principal.messages
        if message.from_bot and words in message.text and "Đã nhận" in message.buttons
    ]
    assert len(alerts) == 1
    assert len(story.rows("SELECT code FROM incidents WHERE text = ?", words)) == 1
