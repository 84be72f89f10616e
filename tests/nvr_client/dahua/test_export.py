import asyncio
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from nvr_client._vendors.dahua import load_file
from nvr_client._vendors.dahua.export import _pieces
from nvr_client.errors import BadAnswer, NotSupported, TooSlow
from nvr_client.protocol import Span
from simulator.footage.stream import FootageStore
from simulator.recorder import CameraModel, Stretch
from simulator.recorder.dahua import SimulatedDahuaRecorder
from tests.nvr_client.conftest import (
    NOON,
    PASSWORD,
    START,
    USERNAME,
    Clock,
    Site,
    assert_shows,
    codes_in,
    left_in,
    span,
)
from tests.nvr_client.dahua.conftest import ScriptedCgi
from tests.nvr_client.dahua.footage import dav
from tests.nvr_client.dahua.test_media_find import answers_of_a_search

LOAD = "loadfile.startLoad"
NINE = NOON - timedelta(hours=3)  # when the scripted device's one file begins


@pytest.mark.parametrize(
    ("way", "method"), [("time", "time-loadfile"), ("rtsp", "rtsp"), ("auto", "time-loadfile")]
)
async def test_every_way_gives_the_camera_and_the_seconds_that_were_asked(
    way: str, method: str, site: Site, tmp_path: Path
) -> None:
    made = await site.connect(export_method=way).export(4, span(seconds=4), tmp_path / "clip")
    assert made.method == method
    assert made.container == ("dav" if "time" in method else "mp4")
    await assert_shows(made.path, 4, span(seconds=4))


async def test_a_way_of_other_makers_is_not_supported(site: Site, tmp_path: Path) -> None:
    with pytest.raises(NotSupported):
        await site.connect(export_method="file").export(4, span(), tmp_path / "clip")


def test_at_most_an_hour_is_asked_at_once() -> None:
    whole = Span(NOON - timedelta(hours=9, minutes=30), NOON)
    pieces = list(_pieces([whole]))
    assert max(piece.duration for piece in pieces) == timedelta(hours=1)
    assert len(pieces) == 10
    assert pieces[0].start == whole.start
    assert pieces[-1].end == whole.end
    assert all(before.end == after.start for before, after in pairwise(pieces))


async def test_no_download_asks_for_a_second_more_than_an_hour(
    site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = timedelta(seconds=3)
    monkeypatch.setattr("nvr_client._vendors.dahua.export.LONGEST", longest)
    recorder.switches.load_limit = longest
    asked = Span(START + timedelta(seconds=0.5), START + timedelta(seconds=7.25))
    made = await site.connect().export(2, asked, tmp_path / "clip")
    assert (made.method, made.span, made.gaps) == ("time-loadfile", asked, ())
    await assert_shows(made.path, 2, asked)


@pytest.mark.parametrize("early", [0, 2])
async def test_pieces_join_without_a_frame_twice_or_missing(
    early: int,
    site: Site,
    recorder: SimulatedDahuaRecorder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nvr_client._vendors.dahua.export.LONGEST", timedelta(seconds=3))
    recorder.switches.load_early = timedelta(seconds=early)
    made = await site.connect().export(2, span(seconds=8), tmp_path / "clip")
    assert recorder.calls[LOAD] == 3
    times = [code[1] for code in await codes_in(made.path) if code]
    first = START - timedelta(seconds=early)
    assert times == [first + timedelta(seconds=frame // 4) for frame in range((8 + early) * 4)]
    assert made.gaps == ()


async def test_a_download_that_breaks_off_goes_on_where_it_ended(
    site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path
) -> None:
    client = site.connect(export_method="time")
    whole = await client.export(2, span(seconds=8), tmp_path / "whole")
    recorder.switches.truncate_download_at = whole.size_bytes * 3 // 4
    resumed = await client.export(2, span(seconds=8), tmp_path / "resumed")
    assert recorder.calls[LOAD] == 3
    assert resumed.sha256 == whole.sha256
    recorder.switches.truncate_download_at = whole.size_bytes // 8
    with pytest.raises(BadAnswer):
        await client.export(2, span(seconds=8), tmp_path / "cut")
    assert left_in(tmp_path) == [tmp_path / "resumed", tmp_path / "whole"]


async def test_a_device_without_downloads_is_played_back_and_remembered(
    site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path
) -> None:
    recorder.switches.load_supported = False
    client = site.connect()
    made = await client.export(1, span(seconds=3), tmp_path / "1")
    assert made.method == "rtsp"
    await assert_shows(made.path, 1, span(seconds=3))
    assert (await client.export(1, span(seconds=2), tmp_path / "2")).method == "rtsp"
    assert recorder.calls[LOAD] == 1


async def test_a_device_that_ends_downloads_at_gaps_still_gives_everything(
    site: Site, recorder: SimulatedDahuaRecorder, cameras: list[CameraModel], tmp_path: Path
) -> None:
    recorder.switches.load_stops_at_gaps = True
    gap = Stretch(START + timedelta(seconds=3), START + timedelta(seconds=13))
    cameras[0].gaps.append(gap)
    made = await site.connect().export(1, span(seconds=16), tmp_path / "clip")
    assert [(hole.start, hole.end) for hole in made.gaps] == [(gap.start, gap.end)]
    times = {code[1] for code in await codes_in(made.path) if code}
    assert times == {START + timedelta(seconds=second) for second in (0, 1, 2, 13, 14, 15)}


@pytest.mark.parametrize(
    ("begin", "end"), [(0, 8), (6, 14), (12, 20)], ids=["late", "in the middle", "ends early"]
)
async def test_footage_that_the_search_lists_and_the_device_lacks_is_told_as_a_gap(
    begin: int, end: int, site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path
) -> None:
    lost = Stretch(START + timedelta(seconds=begin), START + timedelta(seconds=end))
    recorder.switches.lost_footage = (lost,)
    made = await site.connect().export(1, span(seconds=20), tmp_path / "clip")
    assert made.method == "time-loadfile"
    assert [(hole.start, hole.end) for hole in made.gaps] == [(lost.start, lost.end)]
    times = {code[1] for code in await codes_in(made.path) if code}
    kept = [second for second in range(20) if not begin <= second < end]
    assert times == {START + timedelta(seconds=second) for second in kept}


async def test_footage_that_begins_late_is_not_believed_where_the_device_has_what_is_before(
    scripted_site: Site, cgi: ScriptedCgi, tmp_path: Path
) -> None:
    answers_of_a_search(cgi, channel="0")
    client = scripted_site.connect(export_method="time")
    late = NINE + timedelta(seconds=12)
    cgi.answers[LOAD] = [footage(dav(late, seconds=8)), footage(dav(NINE, seconds=12))]
    with pytest.raises(BadAnswer):
        await client.export(1, span(NINE, seconds=20), tmp_path / "c")
    cgi.answers[LOAD] = [footage(dav(late, seconds=8)), web.Response(body=b"")]
    made = await client.export(1, span(NINE, seconds=20), tmp_path / "c")
    assert made.gaps == (Span(NINE, late),)


@pytest.mark.parametrize("early", [0, 10])
async def test_it_is_told_when_the_file_begins(
    early: int, site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path
) -> None:
    recorder.switches.load_early = timedelta(seconds=early)
    made = await site.connect().export(2, span(seconds=3), tmp_path / "clip")
    assert made.first_frame_at == START - timedelta(seconds=early)


async def test_a_download_that_stands_still_once_goes_on_where_it_stood(
    site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.connect(export_method="time")
    whole = await client.export(2, span(seconds=8), tmp_path / "whole")
    monkeypatch.setattr(load_file, "STALL_SECONDS", 0.3)
    recorder.switches.load_hangs_at = whole.size_bytes * 3 // 4
    assert (await client.export(2, span(seconds=8), tmp_path / "again")).sha256 == whole.sha256


@pytest.mark.parametrize("find_base", [0, 1])
@pytest.mark.parametrize("errors_with_200", [True, False])
async def test_quirks_in_combination_still_give_the_right_footage(
    find_base: int, errors_with_200: bool, site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path
) -> None:
    switches = recorder.switches
    switches.find_base = find_base  # type: ignore[assignment] # one of the two
    switches.errors_with_200 = errors_with_200
    switches.camera_state_supported = False
    switches.page_limit = 1
    switches.find_ends_with_error = True
    switches.short_times = True
    switches.utc_offset_lines = True
    switches.camera_list = "uuid"
    switches.load_junk_bytes = 12_801
    switches.load_early = timedelta(seconds=1)
    recorder.clock.offset = timedelta(hours=7, seconds=-94)
    asked = span(NOON - timedelta(hours=1, seconds=2), seconds=5)
    made = await site.connect().export(3, asked, tmp_path / "clip")
    assert (made.method, made.span, made.gaps) == ("time-loadfile", asked, ())
    await assert_shows(made.path, 3, asked)


async def test_a_hole_that_only_the_footage_shows_is_named(
    scripted_site: Site, cgi: ScriptedCgi, tmp_path: Path
) -> None:
    answers_of_a_search(cgi, channel="0")
    cgi.answers[LOAD] = footage(dav(NINE, seconds=10) + dav(NINE + timedelta(seconds=40), seconds=20))
    made = await scripted_site.connect(export_method="time").export(1, span(NINE, seconds=60), tmp_path / "c")
    assert made.span == span(NINE, seconds=60)
    assert made.gaps == (Span(NINE + timedelta(seconds=10), NINE + timedelta(seconds=40)),)


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(body=b""),
        web.Response(body=b"\x01\x02" * 50),
        web.Response(text="Error\r\nNo Record!\r\n"),
        web.Response(status=400, text="Error\r\nBad Request!\r\n"),
        web.Response(body=dav(NINE + timedelta(minutes=30), seconds=20)),
        web.Response(body=dav(NINE - timedelta(minutes=30), seconds=20)),
    ],
    ids=["empty", "junk", "error", "400", "later", "earlier"],
)
async def test_what_is_not_the_asked_footage_is_never_taken_for_it(
    answer: web.Response, scripted_site: Site, cgi: ScriptedCgi, tmp_path: Path
) -> None:
    answers_of_a_search(cgi, channel="0")
    client = scripted_site.connect(export_method="time")
    cgi.answers[LOAD] = answer
    with pytest.raises(BadAnswer):
        await client.export(1, span(NINE, seconds=20), tmp_path / "c")
    assert left_in(tmp_path) == []
    cgi.answers[LOAD] = footage(dav(NINE, seconds=20))
    assert (await client.export(1, span(NINE, seconds=20), tmp_path / "c")).container == "dav"


@pytest.mark.parametrize("seconds", [18, 19, 20, 200])
async def test_footage_is_cut_at_the_asked_end_and_may_lack_its_last_seconds(
    seconds: int, scripted_site: Site, cgi: ScriptedCgi, tmp_path: Path
) -> None:
    answers_of_a_search(cgi, channel="0")
    cgi.answers[LOAD] = footage(dav(NINE, seconds=seconds))
    made = await scripted_site.connect(export_method="time").export(1, span(NINE, seconds=20), tmp_path / "c")
    assert await asyncio.to_thread(made.path.read_bytes) == dav(NINE, seconds=min(seconds, 20))


async def test_a_download_that_stands_still_is_too_slow(
    site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.connect(export_method="time")
    assert (await client.export(1, span(seconds=5), tmp_path / "whole")).size_bytes > 100_000
    recorder.switches.load_hangs_at = 1  # behind the junk, before the first frame
    monkeypatch.setattr(load_file, "STALL_SECONDS", 0.3)
    async with asyncio.timeout(10):
        with pytest.raises(TooSlow):
            await client.export(1, span(seconds=5), tmp_path / "clip")
    assert left_in(tmp_path) == [tmp_path / "whole"]


async def test_playback_that_does_not_end_is_ended_by_us(
    site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path
) -> None:
    recorder.switches.playback_runs_on = True
    asked = span(seconds=3)
    async with asyncio.timeout(20):
        made = await site.connect(export_method="rtsp").export(1, asked, tmp_path / "clip")
    times = [code[1] for code in await codes_in(made.path) if code]
    assert times[0] == asked.start
    assert asked.end - timedelta(seconds=1) <= times[-1] <= asked.end + timedelta(seconds=5)


async def test_frames_that_are_no_packets_do_not_spoil_a_playback(
    site: Site, recorder: SimulatedDahuaRecorder, tmp_path: Path
) -> None:
    recorder.switches.stray_video_frames = True
    made = await site.connect(export_method="rtsp").export(1, span(seconds=3), tmp_path / "clip")
    await assert_shows(made.path, 1, span(seconds=3))


async def test_h265_comes_as_it_was_recorded(clock: Clock, tmp_path: Path) -> None:
    async with SimulatedDahuaRecorder(
        username=USERNAME, password=PASSWORD, now=clock.now, footage=FootageStore(codec="H265")
    ) as recorder:
        site = Site(clock, recorder.http_port, recorder.rtsp_port, vendor="dahua")
        made = await site.connect().export(4, span(seconds=3), tmp_path / "clip")
        assert (made.method, made.container) == ("time-loadfile", "dav")
        await assert_shows(made.path, 4, span(seconds=3))
        await site.opened[0].aclose()


def footage(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/http")
