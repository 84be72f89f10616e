"""Oddities of devices seldom come alone: handfuls of them, drawn by a seed."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from nvr_client._vendors.onvif import search
from nvr_client.protocol import Span
from simulator.recorder import CameraModel, Stretch
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client.conftest import NOON, Site, assert_shows, codes_in, span

ODDITIES: tuple[tuple[str, object], ...] = (
    ("wrong_host", True),
    ("local_as_z", True),
    ("http_digest", True),
    ("open_snapshots", True),
    ("snapshot_missing", True),
    ("open_ended", True),
    ("signal_events", False),
    ("opaque_sources", True),
    ("captions", True),
    ("media2", frozenset(range(1, 7))),
    ("media2", frozenset({2, 4})),
    ("open_information", True),
    ("own_prefixes", True),
    ("repeats_results", True),
    ("hesitant_search", True),
    ("endless_search", True),
    ("start_state", False),
    ("reference_parameters", True),
    ("page_size", 1),
    ("described_to_replayers", True),
    ("wants_slash", True),
    ("rate_control_refused", 551),
    ("timed", "key"),
    ("timed", "all"),
    ("terminal_bit", False),
    ("goodbye", True),
    ("cut_replay_after_frames", 5),
    ("get_parameter", False),
)
GAP = Stretch(NOON - timedelta(hours=2), NOON - timedelta(hours=1))


@pytest.mark.parametrize("seed", range(4))
async def test_oddities_together_change_nothing_of_what_is_true(
    seed: int,
    site: Site,
    cameras: list[CameraModel],
    recorder: SimulatedOnvifRecorder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "QUIET_SECONDS", 0.1)
    for name, value in random.Random(seed).sample(ODDITIES, 5):
        setattr(recorder.switches, name, value)
    cameras[1].gaps.append(GAP)
    client = site.connect()
    assert [(each.number, each.name) for each in await client.channels()] == [
        (camera.number, camera.name) for camera in cameras
    ]
    assert (await client.snapshot(4)).startswith(b"\xff\xd8")
    assert abs((await client.clock()).offset - timedelta(seconds=94)) <= timedelta(seconds=1)
    assert await client.oldest(5) == recorder.model.oldest(5)
    found = await client.recordings(2, Span(GAP.start - timedelta(hours=1), NOON))
    assert found == [Span(GAP.start - timedelta(hours=1), GAP.start), Span(GAP.end, NOON)]
    asked = span(seconds=2)
    made = await client.export(4, asked, tmp_path / "clip")
    await assert_shows(made.path, 4, asked)
    assert len(await codes_in(made.path)) == 8
    assert made.gaps == ()
    assert recorder.rejected_logins == 0
