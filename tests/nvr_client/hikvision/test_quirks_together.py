"""Handfuls of quirks at once, drawn by lot with a fixed seed: whatever meets, it is the right footage."""

import random
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from nvr_client._vendors.hikvision import search
from nvr_client.protocol import Span
from simulator.recorder import CameraModel, SimulatedRecorder, Stretch
from tests.nvr_client.conftest import NOON, START, Site, assert_shows, span

QUIRKS: Mapping[str, Mapping[str, object]] = {
    "hikvision.com": {"namespace": "hikvision"},
    "isapi.org": {"namespace": "isapi"},
    "psia": {"namespace": "psia"},
    "std-cgi": {"namespace": "std-cgi"},
    "mixed namespaces": {"namespace": "mixed"},
    "prefixes": {"namespace": "prefix"},
    "undeclared prefixes": {"namespace": "undeclared prefix"},
    "byte order mark": {"byte_order_mark": True},
    "no declaration": {"declaration": False},
    "zero byte": {"ends_with_zero": True},
    "errors with 200": {"errors_with_200": True},
    "stale nonces": {"stale_every": 3},
    "one spelling": {"paging": "searchResultPosition"},
    "no paging": {"paging": "ignored", "page_limit": 2},
    "no paging, one file": {"paging": "ignored", "page_limit": 1, "touching_files": True},
    "short pages": {"page_limit": 1},
    "small searches": {"most_results": 20},
    "counts all": {"counts_all": True},
    "touching files": {"touching_files": True},
    "no wide search": {"wide_search_refused": True},
    "busy about downloads": {"refused": {"download_capabilities": "deviceBusy"}},
    "school zone": {"time_suffix": "+07:00"},
    "other zone": {"time_suffix": "-05:00"},
    "other host": {"playback_host": "rtsp://admin@10.0.0.1:80"},
    "no scheme": {"playback_host": "10.0.0.1:554"},
    "no addresses": {"playback_host": None},
    "whole files by time": {"by_time_gives_file": True},
    "by name only": {"by_time_supported": False},
    "post only": {"download_methods": frozenset({"POST"})},
    "no downloads": {"download_methods": frozenset()},
    "empty downloads": {"empty_download": True},
    "cut downloads": {"truncate_download_at": 60_000},
    "busy downloads": {"refused": {"download": "deviceBusy"}},
    "endless playback": {"playback_runs_on": True},
    "no time document": {"refused": {"time": "notSupport"}},
}


ALL = sorted(QUIRKS)
SEEDS = 5


def a_handful(seed: int) -> list[str]:
    return random.Random(seed).sample(ALL, 5)


def file_around(camera: CameraModel) -> None:
    """Leave one file of a minute there, so that fetching it whole is quick."""
    camera.gaps += [
        Stretch(START - timedelta(minutes=50), START - timedelta(seconds=20)),
        Stretch(START + timedelta(seconds=40), START + timedelta(minutes=40)),
    ]


async def assert_true(site: Site, recorder: SimulatedRecorder, folder: Path) -> None:
    """Everything that a client tells of camera 2 is so."""
    file_around(recorder.model.cameras[2])
    recorder.camera(4).online = False
    client = site.connect()
    assert (await client.device()).model == "DS-7732NI-M4"
    channels = await client.channels()
    assert [(each.number, each.online) for each in channels] == [(n, n != 4) for n in range(1, 7)]
    assert channels[0].name == recorder.model.cameras[1].name
    assert [disk.healthy for disk in await client.storage()] == [True, True]
    assert (await client.snapshot(2)).startswith(b"\xff\xd8")
    assert (await client.clock()).offset == timedelta(seconds=94)
    assert await client.oldest(1) == recorder.model.oldest(1)
    morning = Span(NOON - timedelta(hours=5), NOON)
    assert await client.recordings(1, morning) == [morning]
    asked = span(seconds=2)
    made = await client.export(2, asked, folder / "clip")
    assert made.gaps == ()
    await assert_shows(made.path, 2, asked)
    assert recorder.rejected_logins == 0


@pytest.mark.parametrize("seed", range(SEEDS), ids=lambda seed: ", ".join(a_handful(seed)))
async def test_quirks_that_meet_change_nothing_of_what_is_true(
    seed: int, site: Site, recorder: SimulatedRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BUSY_PAUSE_SECONDS", 0.01)
    for name in a_handful(seed):
        for switch, value in QUIRKS[name].items():
            assert hasattr(recorder.switches, switch)
            setattr(recorder.switches, switch, value)
    await assert_true(site, recorder, tmp_path)
