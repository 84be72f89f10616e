"""One search at a time, none twice, spread over the night, going on where it was killed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from bot.settings import Settings
from domain.retention import Level
from nvr_client.errors import BadAnswer
from nvr_client.protocol import NvrClient, Span
from nvr_client.shared import SharedRecorder
from simulator.recorder import CameraModel, ngoc_lam_cameras
from tests.retention.world import HANOI, NOW, Clock, Measuring, measuring

CAMERAS = 6
SELF_TEST = 1  # how the device writes times is found out once, with a search


def a_few() -> list[CameraModel]:
    return [camera for camera in ngoc_lam_cameras() if camera.number <= CAMERAS]


@pytest.fixture
async def few(url: str, settings: Settings) -> AsyncIterator[Measuring]:
    async with measuring(url, settings, a_few(), Clock()) as one:
        one.at("01:00", "06:15")
        yield one


def searches(one: Measuring) -> int:
    return one.recorder.calls["search"]


async def test_a_second_recorder_that_comes_later_does_not_make_its_cameras_new(few: Measuring) -> None:
    cameras = few.tools.cameras
    later = tuple(replace(camera, code=f"B{camera.code}", recorder="dau-ghi-2") for camera in cameras.all[4:])
    await few.measure()
    both = {"dau-ghi-1": few.client, "dau-ghi-2": few.client}
    few.tools = replace(few.tools, cameras=replace(cameras, all=(*cameras.all, *later), recorders=both))
    few.clock.at = NOW + timedelta(days=1)
    await few.measure()
    levels = {camera.code: camera.level for camera in (await few.report()).cameras}
    assert levels["BC05"] is Level.RED
    assert levels["BC06"] is Level.AMBER


async def reached(one: Measuring, count: int) -> None:
    """Wait until so many searches were answered."""
    async with asyncio.timeout(20):
        while searches(one) < count:  # noqa: ASYNC110 - what is waited for happens in the pretend recorder
            await asyncio.sleep(0.001)


async def test_the_first_round_searches_each_day_once_and_one_after_the_other(few: Measuring) -> None:
    few.recorder.switches.delay_seconds = 0.002
    await few.measure()
    days = 5 * 22 + 12
    assert searches(few) == SELF_TEST + CAMERAS + days
    assert few.recorder.max_in_flight == 1
    assert {camera.level for camera in (await few.report()).cameras} == {Level.RED, Level.AMBER}


async def test_the_next_round_asks_only_for_what_is_not_final(few: Measuring) -> None:
    await few.measure()
    before = searches(few)
    few.clock.at = NOW + timedelta(days=1)
    await few.measure()
    assert searches(few) - before == CAMERAS * 3, "the oldest, yesterday, today"


async def test_a_round_that_was_killed_does_not_search_again_what_it_found(few: Measuring) -> None:
    await few.look()
    [key] = few.due
    running = asyncio.create_task(few.run(key))
    await reached(few, 40)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    done = searches(few)
    few.due[key] = (few.clock.at, "measure", await _data(few, key), 0)
    await few.run_due()
    whole = SELF_TEST + CAMERAS + 5 * 22 + 12
    # The search that was under way, and the oldest recording of the camera that it was about.
    assert whole <= searches(few) <= whole + 2
    assert done < whole
    assert len((await few.report()).counted) == CAMERAS


async def test_a_round_that_is_overtaken_ends_and_never_searches_beside_the_next(few: Measuring) -> None:
    await few.look()
    [old] = few.due
    few.recorder.switches.delay_seconds = 0.002
    overtaken = asyncio.create_task(few.run(old))
    await reached(few, 5)
    few.clock.at = NOW + timedelta(days=1)
    await few.look()
    await asyncio.gather(overtaken, few.run_due())
    assert few.recorder.max_in_flight == 1
    assert len((await few.report()).counted) == CAMERAS


async def test_the_round_of_the_night_is_spread_and_done_in_time(few: Measuring) -> None:
    await few.measure()
    few.at("01:00", "06:15", spread=timedelta(hours=4))
    night = datetime(2026, 11, 24, 1, 0, tzinfo=HANOI)
    few.clock.at = night
    await few.look()
    [key] = few.due
    at_once = searches(few)
    slices = 0
    while key in few.due:
        few.clock.at = max(few.clock.at, few.due[key][0])
        before = searches(few)
        await few.run(key)
        assert searches(few) - before <= 3 * -(-CAMERAS // 12)
        slices += 1
    assert slices == CAMERAS
    assert searches(few) - at_once == CAMERAS * 3
    assert timedelta(hours=3) < few.clock.at - night <= timedelta(hours=4)


class OneBroken:
    """A recorder that answers nonsense about one channel."""

    def __init__(self, client: SharedRecorder, channel: int) -> None:
        self._client = client
        self._channel = channel

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)

    async def recordings(self, channel: int, span: Span) -> list[Span]:
        if channel == self._channel:
            raise BadAnswer("no list of files")
        return await self._client.recordings(channel, span)


async def test_a_camera_that_cannot_be_searched_keeps_nobody_else_waiting(few: Measuring) -> None:
    broken = cast("NvrClient", OneBroken(few.client, 3))
    few.tools = replace(few.tools, cameras=replace(few.tools.cameras, recorders={"dau-ghi-1": broken}))
    await few.measure()
    report = await few.report()
    assert [(one.code, one.problem) for one in report.of(Level.UNKNOWN)] == [("C03", "BadAnswer")]
    assert len(report.counted) == CAMERAS - 1
    async with few.store.reading() as uow:
        assert (await uow.retention.recorders())["dau-ghi-1"].finished_at is not None


async def test_a_recorder_that_is_off_is_asked_again_later_and_then_measured(few: Measuring) -> None:
    await few.recorder.power_off()
    await few.measure()
    async with few.store.reading() as uow:
        assert (await uow.retention.recorders())["dau-ghi-1"].problem == "Unreachable"
    await few.recorder.power_on()
    few.clock.at += timedelta(minutes=5)
    await few.run_due()
    async with few.store.reading() as uow:
        assert (await uow.retention.recorders())["dau-ghi-1"].problem == ""
    assert len((await few.report()).counted) == CAMERAS


async def test_a_disk_that_fails_has_every_day_searched_anew(few: Measuring) -> None:
    await few.measure()
    before = searches(few)
    few.recorder.switches.bad_disk = 1
    few.clock.at = NOW + timedelta(days=1)
    await few.measure()
    assert searches(few) - before > CAMERAS * 12


async def test_a_camera_that_comes_later_is_new(few: Measuring) -> None:
    late = few.tools.cameras.all[-1]
    all_of_them = few.tools.cameras.all
    few.tools = replace(few.tools, cameras=replace(few.tools.cameras, all=all_of_them[:-1]))
    await few.measure()
    few.recorder.model.cameras[late.channel].begun = NOW
    few.tools = replace(few.tools, cameras=replace(few.tools.cameras, all=all_of_them))
    few.clock.at = NOW + timedelta(days=1)
    await few.measure()
    levels = {camera.code: camera.level for camera in (await few.report()).cameras}
    assert levels[late.code] is Level.NEW
    assert levels["C05"] is Level.RED


async def _data(one: Measuring, key: str) -> dict[str, str | int]:
    name, round_ = key.removeprefix("measure:").split(":", 1)
    return {"recorder": name, "round": round_, "begun": NOW.isoformat()}
