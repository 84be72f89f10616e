"""One school for all kills: the bot is started again after each, as it would be there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from simulator.school import pretend_school
from tests.crash.story import STAFF, Story


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def story(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    async with pretend_school(tmp_path_factory.mktemp("crash") / "school", people=STAFF) as school:
        story = Story(school)
        for phone in (*story.teachers, story.principal, story.it):
            await phone.wait_for("Xin chào")
        yield story
