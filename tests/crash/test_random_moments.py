"""SIGKILL at twenty random moments between the principal's tap and the teacher's clip."""

import asyncio
import os
import random
import secrets
from time import monotonic

import pytest

from tests.crash.story import Asked, Story

KILLS = 10
BEYOND = 1.2  # the last kills hit what follows the delivery

pytestmark = [pytest.mark.crash, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]


async def test_ten_kills_while_a_held_recording_is_released_give_ten_deliveries(story: Story) -> None:
    rounds = [[story.asked(teacher) for teacher in story.teachers] for _ in range(2)]
    waiting = [one for a_round in rounds for one in await asyncio.gather(*a_round)]
    window_seconds = min([await _undisturbed(story, await _later(story)) for _ in range(2)])
    for one, moment_seconds in zip(waiting, _moments(window_seconds), strict=True):
        await _killed(story, one, moment_seconds)
    for one in waiting:
        story.check(one)
    await story.check_the_rest()


async def test_ten_kills_while_the_recording_is_still_fetched_give_ten_deliveries(story: Story) -> None:
    story.school.recorder.switches.delay_seconds = 0.4
    try:
        window_seconds = await _undisturbed(story, await _early(story, 0))
        killed = []
        for number, moment_seconds in enumerate(_moments(window_seconds), start=1):
            one = await _early(story, number)
            await _killed(story, one, moment_seconds)
            killed.append(one)
    finally:
        story.school.recorder.switches.delay_seconds = 0
    for one in killed:
        story.check(one)
    await story.check_the_rest()


def _moments(window_seconds: float) -> list[float]:
    """Spread over the whole window, each at random within its tenth, in random order."""
    seed = int(os.environ.get("TRUCCAM_CRASH_SEED") or secrets.randbelow(1_000_000))
    print(f"TRUCCAM_CRASH_SEED={seed}; {window_seconds:.2f} s from tap to clip")  # noqa: T201 - to repeat a run
    chance = random.Random(seed)
    moments = [(number + chance.random()) / KILLS * BEYOND * window_seconds for number in range(KILLS)]
    chance.shuffle(moments)
    return moments


async def _killed(story: Story, asked: Asked, moment_seconds: float) -> None:
    await story.tap(asked)
    await asyncio.sleep(moment_seconds)
    await story.kill()
    state = story.state(asked)
    await story.restart()
    await story.told(asked)
    print(f"{asked.code}: killed after {moment_seconds:.2f} s, when it was {state}")  # noqa: T201 - as above


async def _later(story: Story) -> Asked:
    """A request whose teacher has been left in peace for a while, so that pacing holds nothing up."""
    asked = await story.asked(story.teachers[0])
    await asyncio.sleep(1)
    return asked


async def _early(story: Story, number: int) -> Asked:
    """The principal looks a request up while its footage is still being fetched."""
    return await story.asked(story.teachers[number % len(story.teachers)], pictures=False)


async def _undisturbed(story: Story, asked: Asked) -> float:
    await story.tap(asked)
    tapped = monotonic()
    await story.clip(asked)
    window_seconds = monotonic() - tapped
    await story.told(asked)
    story.check(asked)
    return window_seconds
