"""What is measured through the real client equals, to the minute, what the pretend recorder has."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from domain.measuring import day_bounds
from domain.retention import Level, gaps
from simulator.recorder import CameraModel, ngoc_lam_cameras
from simulator.recorder.model import DailyGap, Stretch
from tests.retention.world import HANOI, NOW, Clock, Measuring, measuring

MINUTE = timedelta(minutes=1)
CLOCK_ERROR = timedelta(seconds=94)
HUNG = datetime(2026, 11, 20, 14, 7, tzinfo=HANOI)


def a_bad_month() -> list[CameraModel]:
    """Thirty cameras: C05 keeps 11 days, C24 is new, C30 is offline, C03, C14 and C28 have gaps."""
    cameras = {camera.code: camera for camera in ngoc_lam_cameras()}
    cameras["C24"].begun = HUNG
    cameras["C03"].gaps.append(
        Stretch(datetime(2026, 11, 21, 23, 41, tzinfo=HANOI), datetime(2026, 11, 22, 0, 17, tzinfo=HANOI))
    )
    cameras["C14"].daily_gaps = (DailyGap(time(2, 10), time(2, 25)), DailyGap(time(12, 0), time(12, 1)))
    cameras["C28"].gaps.append(
        Stretch(datetime(2026, 11, 9, 5, 30, tzinfo=HANOI), datetime(2026, 11, 11, 18, 2, tzinfo=HANOI))
    )
    return list(cameras.values())


@pytest.fixture
async def month(migrated_file: Path, settings: Settings, tmp_path: Path) -> AsyncIterator[Measuring]:
    clock = Clock()
    url = f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'truccam.db')}"
    async with measuring(url, settings, a_bad_month(), clock, clock_offset=CLOCK_ERROR) as one:
        one.recorder.switches.bad_disk = 2
        cameras = tuple(
            replace(camera, added=HUNG.date()) if camera.code == "C24" else camera
            for camera in one.tools.cameras.all
        )
        one.tools = replace(one.tools, cameras=replace(one.tools.cameras, all=cameras))
        one.at("01:00", "06:15")
        yield one


async def test_minutes_days_and_gaps_are_those_of_the_recorder(month: Measuring) -> None:
    await month.measure()
    report = await month.report()
    assert len(report.cameras) == 30
    for camera in report.cameras:
        number = int(camera.code[1:])
        assert len(camera.days) == days_of(month, number)
        for day in camera.days:
            truth = month.recorder.model.footage(number, day.start, min(day.end, NOW))
            recorded = sum((part.end - part.start for part in truth), timedelta())
            assert abs(day.covered - recorded) < MINUTE / 2, (camera.code, day.day)
        oldest = month.recorder.model.oldest(number)
        assert oldest is not None
        assert camera.kept is not None
        assert abs(camera.kept - (NOW - oldest)) < MINUTE / 2, camera.code
        true_gaps = holes(month, number, oldest)
        found = [(gap.start, gap.end) for gap in gaps(camera, oldest)]
        assert len(found) == len(true_gaps), camera.code
        for one, other in zip(found, true_gaps, strict=True):
            assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) < MINUTE / 2, camera.code


async def test_a_short_and_a_new_camera_a_failing_disk_and_a_fast_clock_are_told(
    month: Measuring,
) -> None:
    await month.measure()
    found = {camera.code: camera for camera in (await month.report()).cameras}
    assert (found["C05"].level, found["C05"].shown_days) == (Level.RED, 11.0)
    assert (found["C24"].level, found["C24"].shown_days) == (Level.NEW, 2.6)
    assert {camera.level for code, camera in found.items() if code not in ("C05", "C24")} == {Level.AMBER}
    async with month.store.reading() as uow:
        state = (await uow.retention.recorders())["dau-ghi-1"]
    assert [(disk.healthy, disk.status) for disk in state.disks] == [(True, "ok"), (False, "smartFailed")]
    assert sum(disk.capacity_bytes for disk in state.disks) // 10**12 == 12
    assert state.clock_offset_seconds == pytest.approx(94, abs=1)
    assert state.finished_at is not None


def days_of(month: Measuring, number: int) -> int:
    oldest = month.recorder.model.oldest(number)
    assert oldest is not None
    return (NOW.date() - oldest.astimezone(HANOI).date()).days + 1


def holes(month: Measuring, number: int, oldest: datetime) -> list[tuple[datetime, datetime]]:
    """What the model did not record between its oldest footage and now."""
    parts = month.recorder.model.footage(number, oldest, NOW)
    ends = [oldest, *(part.end for part in parts)]
    starts = [*(part.start for part in parts), NOW]
    found = [(end, start) for end, start in zip(ends, starts, strict=True) if start - end >= MINUTE]
    return [hole for hole in found if hole[1] != NOW or hole[1] - hole[0] >= 15 * MINUTE]


def test_the_day_of_a_school_begins_at_its_own_midnight() -> None:
    assert day_bounds(NOW.date(), HANOI).start == datetime(2026, 11, 23, tzinfo=HANOI)
