"""Handfuls of quirks at once, drawn by lot with a fixed seed: whatever meets, it is the right footage."""

import random
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from nvr_client.protocol import Channel, Span
from simulator.footage.stream import FootageStore
from simulator.recorder import CameraModel, Stretch
from simulator.recorder.dahua import DahuaSwitches, SimulatedDahuaRecorder
from tests.nvr_client.conftest import NOON, PASSWORD, START, USERNAME, Clock, Site, codes_in, span

Quirk = Callable[[DahuaSwitches], None]


def set_to(**values: object) -> Quirk:
    def change(switches: DahuaSwitches) -> None:
        for name, value in values.items():
            assert hasattr(switches, name)
            setattr(switches, name, value)

    return change


LOST = Stretch(START + timedelta(seconds=1), START + timedelta(seconds=8))
QUIRKS: dict[str, Quirk] = {
    "byte order mark": set_to(text_begins_with="\ufeff"),
    "blanks first": set_to(text_begins_with="\r\n "),
    "line feeds": set_to(bare_line_feeds=True),
    "errors with 200": set_to(errors_with_200=True),
    "channels from nought": set_to(find_base=0),
    "empty for nothing": set_to(nothing_found="empty"),
    "error for an empty page": set_to(nothing_found="empty", empty_page_is_error=True),
    "short pages": set_to(page_limit=1),
    "error at the end": set_to(find_ends_with_error=True, page_limit=1),
    "wrong counts": set_to(found_is_wrong=True),
    "one finder": set_to(most_finders=1),
    "no channel in items": set_to(item_channels=False),
    "more lines": set_to(utc_offset_lines=True),
    "short times": set_to(short_times=True),
    "second stream": set_to(sub_stream_files=True),
    "no states": set_to(camera_state_supported=False),
    "cameras by uuid": set_to(camera_state_supported=False, camera_list="uuid"),
    "cameras by index": set_to(camera_state_supported=False, camera_list="index"),
    "names forbidden": set_to(refused_configs=frozenset({"ChannelTitle"})),
    "info forbidden": set_to(refused_actions=frozenset({"magicBox.getSystemInfo"})),
    "onvif cameras": set_to(onvif_cameras=frozenset({1, 2, 3})),
    "other disk lines": set_to(storage_prefix="list", disk_state_lines=False),
    "no downloads": set_to(load_supported=False),
    "no junk": set_to(load_junk_bytes=0),
    "more junk": set_to(load_junk_bytes=12_801),
    "early start": set_to(load_early=timedelta(seconds=1)),
    "ends at gaps": set_to(load_stops_at_gaps=True),
    "cut downloads": set_to(truncate_download_at=300_000),
    "lost footage": set_to(lost_footage=(LOST,)),
    "stray frames": set_to(stray_video_frames=True),
    "endless playback": set_to(playback_runs_on=True),
}
NOT_TOGETHER = (
    {"channels from nought", "no channel in items"},  # nothing would tell whose footage it is
    {"no downloads", "lost footage"},  # what is lost in a download only
)


def handfuls(seed: int, count: int) -> list[tuple[str, ...]]:
    drawn = random.Random(seed)
    found: list[tuple[str, ...]] = []
    while len(found) < count:
        names = tuple(sorted(drawn.sample(sorted(QUIRKS), drawn.randint(3, 5))))
        if not any(pair <= set(names) for pair in NOT_TOGETHER):
            found.append(names)
    return found


@pytest.fixture(scope="module")
def store() -> FootageStore:
    return FootageStore()


@pytest.fixture
async def recorder(
    clock: Clock, cameras: list[CameraModel], store: FootageStore
) -> AsyncIterator[SimulatedDahuaRecorder]:
    async with SimulatedDahuaRecorder(
        username=USERNAME,
        password=PASSWORD,
        cameras=cameras,
        now=clock.now,
        clock_offset=timedelta(seconds=94),
        footage=store,
    ) as running:
        yield running


@pytest.mark.parametrize("names", handfuls(seed=3, count=8), ids=" + ".join)
async def test_a_handful_of_quirks_changes_nothing_but_the_way(
    names: tuple[str, ...], site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path
) -> None:
    for name in names:
        QUIRKS[name](recorder.switches)
    recorder.camera(4).online = False
    client = site.connect()
    assert (await client.device()).model == "DHI-NVR5432-16P-4KS3"
    assert (await client.clock()).offset == timedelta(seconds=94)
    named = "names forbidden" not in names
    assert await client.channels() == [
        Channel(number, camera.name if named else "", online=number != 4)
        for number, camera in recorder.model.cameras.items()
    ]
    assert all(disk.healthy for disk in await client.storage())
    morning = Span(NOON - timedelta(hours=5), NOON)
    assert await client.recordings(2, morning) == [morning]
    assert await client.recordings(2, span(NOON - timedelta(days=90))) == []
    asked = span(seconds=3)
    made = await client.export(2, asked, tmp_path / "clip")
    codes = [code for code in await codes_in(made.path) if code]
    assert {number for number, _ in codes} == {2}
    lost = "lost footage" in names
    assert made.gaps == ((Span(LOST.start, asked.end),) if lost else ())
    first, last = codes[0][1], codes[-1][1]
    early = timedelta(seconds=1) if made.first_frame_at is None else START - made.first_frame_at
    assert timedelta() <= START - first <= early
    expected_end = LOST.start if lost else asked.end
    late = timedelta(seconds=5) if made.method == "rtsp" else timedelta()
    assert expected_end - timedelta(seconds=1) <= last <= expected_end + late
    assert (recorder.open_finders, recorder.rejected_logins) == (0, 0)
