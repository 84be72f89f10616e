import asyncio
import hashlib
import re
import resource
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import unescape

import pytest
from aiohttp import web

from nvr_client._vendors.hikvision import download
from nvr_client.errors import BadAnswer, Busy, NoSpace, NothingRecorded, RecorderError, TooSlow
from simulator.recorder import CameraModel, SimulatedRecorder, Stretch
from tests.nvr_client.conftest import (
    NOON,
    START,
    ScriptedDevice,
    Site,
    assert_shows,
    codes_in,
    left_in,
    run_ffmpeg,
    span,
    until,
)

DOWNLOAD = "/ISAPI/ContentMgmt/download"
SEARCH = "/ISAPI/ContentMgmt/search"


@pytest.mark.parametrize(
    ("way", "method"), [("time", "time-get"), ("file", "file-get"), ("rtsp", "rtsp"), ("auto", "time-get")]
)
async def test_every_way_gives_the_camera_and_the_seconds_that_were_asked(
    way: str, method: str, site: Site, recorder: SimulatedRecorder, cameras: list[CameraModel], tmp_path: Path
) -> None:
    # A file of one minute, so that fetching it whole is quick.
    cameras[3].gaps += [
        Stretch(NOON - timedelta(days=1), START - timedelta(seconds=20)),
        Stretch(START + timedelta(seconds=40), NOON),
    ]
    asked = span(seconds=4)
    target = tmp_path / "clip.mp4"
    seen: list[int] = []
    made = await site.connect(export_method=way).export(4, asked, target, lambda size, _: seen.append(size))
    saved = await asyncio.to_thread(target.read_bytes)
    assert made.method == method
    assert made.path == target
    assert made.size_bytes == len(saved) == seen[-1] or way == "file"
    assert made.sha256 == hashlib.sha256(saved).hexdigest()
    assert made.container == ("mpeg-ps" if "time" in method else "mp4")
    assert made.span == asked
    assert made.gaps == ()
    assert made.clock_offset == timedelta(seconds=94)
    await assert_shows(target, 4, asked)
    assert left_in(tmp_path) == [target]


async def test_gaps_are_named_and_the_rest_comes(
    site: Site, cameras: list[CameraModel], tmp_path: Path
) -> None:
    gap = Stretch(START + timedelta(seconds=6), START + timedelta(seconds=16))
    cameras[0].gaps += [gap, Stretch(START + timedelta(seconds=20), START + timedelta(seconds=60))]
    made = await site.connect().export(1, span(seconds=30), tmp_path / "c.mp4")
    assert made.span == span(seconds=20)
    assert [(hole.start, hole.end) for hole in made.gaps] == [
        (gap.start, gap.end),
        (START + timedelta(seconds=20), START + timedelta(seconds=30)),
    ]
    times = sorted({code[1] for code in await codes_in(made.path) if code})
    assert times == [START + timedelta(seconds=second) for second in (*range(6), *range(16, 20))]


@pytest.mark.parametrize(
    "start",
    [
        NOON - timedelta(hours=1, seconds=2),
        (NOON - timedelta(hours=12)).replace(second=58, minute=59, hour=16),
    ],
    ids=["file border", "midnight in Viet Nam"],
)
async def test_a_span_over_a_border_comes_whole(start: datetime, site: Site, tmp_path: Path) -> None:
    asked = span(start, seconds=5)
    made = await site.connect().export(2, asked, tmp_path / "c.mp4")
    assert made.gaps == ()
    await assert_shows(made.path, 2, asked)


async def test_several_files_cut_and_joined_by_us_come_whole(
    site: Site, cameras: list[CameraModel], tmp_path: Path
) -> None:
    border = NOON - timedelta(hours=1)
    cameras[1].gaps += [
        Stretch(border - timedelta(hours=2), border - timedelta(seconds=20)),
        Stretch(border + timedelta(seconds=20), NOON),
    ]
    asked = span(border - timedelta(seconds=3), seconds=6)
    made = await site.connect(export_method="file").export(2, asked, tmp_path / "c.mp4")
    await assert_shows(made.path, 2, asked)
    assert left_in(tmp_path) == [made.path]


async def test_nothing_recorded_is_said_plainly(
    site: Site, cameras: list[CameraModel], recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    client = site.connect()
    cameras[0].gaps.append(Stretch(START - timedelta(hours=1), START + timedelta(hours=1)))
    with pytest.raises(NothingRecorded):
        await client.export(1, span(), tmp_path / "c.mp4")
    assert (await client.export(2, span(), tmp_path / "d.mp4")).size_bytes
    assert recorder.calls["download"] == 1


async def test_a_device_that_takes_only_post_is_asked_so_first_next_time(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    recorder.switches.download_methods = frozenset({"POST"})
    client = site.connect()
    assert (await client.export(1, span(), tmp_path / "1.mp4")).method == "time-post"
    before = recorder.calls["download"]
    assert (await client.export(1, span(), tmp_path / "2.mp4")).method == "time-post"
    assert recorder.calls["download"] == before + 1


async def test_a_device_without_downloads_by_time_is_played_back_and_remembered(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    recorder.switches.by_time_supported = False
    recorder.switches.empty_download = True
    client = site.connect()
    made = await client.export(1, span(seconds=3), tmp_path / "1.mp4")
    assert made.method == "rtsp"
    await assert_shows(made.path, 1, span(seconds=3))
    before = recorder.calls["download"]
    assert (await client.export(1, span(seconds=2), tmp_path / "2.mp4")).method == "rtsp"
    assert recorder.calls["download"] == before


async def test_half_a_file_an_empty_one_and_a_document_are_never_left_behind(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    client = site.connect(export_method="time")
    target = tmp_path / "c.mp4"
    recorder.switches.truncate_download_at = 60_000
    with pytest.raises(BadAnswer):
        await client.export(1, span(seconds=10), target)
    recorder.switches.truncate_download_at = None
    recorder.switches.empty_download = True
    with pytest.raises(BadAnswer):
        await client.export(1, span(seconds=10), target)
    recorder.switches.empty_download = False
    recorder.switches.xml_with_200 = True
    with pytest.raises(RecorderError):
        await client.export(1, span(seconds=10), target)
    recorder.switches.xml_with_200 = False
    recorder.switches.busy = True
    with pytest.raises(Busy):
        await client.export(1, span(seconds=10), target)
    assert left_in(tmp_path) == []
    recorder.switches.busy = False
    assert (await client.export(1, span(seconds=10), target)).size_bytes > 60_000


def one_file(
    device: ScriptedDevice, uri: str = "rtsp://10.9.8.7:80/Streaming/tracks/101/?starttime=x"
) -> None:
    device.on(
        "POST",
        SEARCH,
        "<CMSearchResult><responseStatusStrg>OK</responseStatusStrg><matchList><searchMatchItem><timeSpan>"
        "<startTime>2026-11-23T09:00:00Z</startTime><endTime>2026-11-23T10:00:00Z</endTime></timeSpan>"
        f"<mediaSegmentDescriptor><playbackURI>{uri}</playbackURI></mediaSegmentDescriptor>"
        "</searchMatchItem></matchList></CMSearchResult>",
    )


async def test_a_file_that_ends_early_without_an_error_is_noticed(
    site: Site, scripted_site: Site, device: ScriptedDevice, tmp_path: Path
) -> None:
    whole = await site.connect().export(1, span(seconds=10), tmp_path / "real")
    footage = whole.path.read_bytes()
    one_file(device)
    device.on("GET", DOWNLOAD, footage)
    client = scripted_site.connect(export_method="time")
    assert (await client.export(1, span(seconds=10), tmp_path / "c.mp4")).sha256 == whole.sha256
    device.on("GET", DOWNLOAD, footage[: len(footage) // 2])
    with pytest.raises(BadAnswer):
        await client.export(1, span(seconds=10), tmp_path / "d.mp4")
    assert left_in(tmp_path) == [tmp_path / "c.mp4", tmp_path / "real"]


async def test_footage_that_is_short_twice_is_all_there_is_and_what_is_missing_is_said(
    site: Site, scripted_site: Site, device: ScriptedDevice, tmp_path: Path
) -> None:
    asked = span(seconds=60)
    canned = (await site.connect().export(1, span(seconds=10), tmp_path / "real")).path.read_bytes()
    one_file(device)
    device.on("GET", DOWNLOAD, canned)
    client = scripted_site.connect(export_method="time")
    with pytest.raises(BadAnswer):
        await client.export(1, asked, tmp_path / "c.mp4")
    got = await client.export(1, asked, tmp_path / "c.mp4")
    assert got.method == "time-short"
    assert len(got.gaps) == 1
    assert abs(got.gaps[0].start - START - timedelta(seconds=10)) < timedelta(seconds=1)
    assert got.gaps[0].end == asked.end
    device.on("GET", DOWNLOAD, canned[: len(canned) // 2])
    with pytest.raises(BadAnswer):
        await client.export(1, asked, tmp_path / "d.mp4")  # another length again: cut on its way


async def test_the_host_in_a_returned_address_is_never_used(
    site: Site, scripted_site: Site, device: ScriptedDevice, tmp_path: Path
) -> None:
    footage = (await site.connect().export(1, span(), tmp_path / "real")).path.read_bytes()
    one_file(
        device, "rtsp://10.9.8.7:80/Streaming/tracks/101/?starttime=a&amp;endtime=b&amp;name=f&amp;size=9"
    )
    asked: list[str] = []

    def download_answer(request: web.Request, body: bytes) -> bytes | web.Response:
        asked.append(unescape(body.decode()) or unquote(request.query_string))
        return footage if "name=f" in asked[-1] else web.Response(status=404)

    for method in ("GET", "POST"):
        device.on(method, DOWNLOAD, download_answer)
    made = await scripted_site.connect(export_method="narrowed").export(1, span(), tmp_path / "c.mp4")
    assert made.method == "narrowed-get"
    assert all("rtsp://127.0.0.1:1/Streaming/tracks/101" in uri for uri in asked)
    assert not any("10.9.8.7" in uri for uri in asked)
    assert re.search(r"starttime=20261123T090010Z&endtime=20261123T090015Z&name=f", asked[-1])


async def test_what_a_killed_export_left_behind_is_removed(site: Site, tmp_path: Path) -> None:
    target, other = tmp_path / "c.mp4", tmp_path / "c.mp4.txt"
    for left in (*(f"c.mp4{end}" for end in (".part", ".0.part", ".part.1.mp4")), other.name):
        (tmp_path / left).write_bytes(b"x")
    await site.connect().export(1, span(), target)
    assert left_in(tmp_path) == [target, other]


async def test_a_full_disk_is_no_space(site: Site, tmp_path: Path) -> None:
    client = site.connect(export_method="time")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(NoSpace):
            await client.export(1, span(seconds=10), tmp_path / "c.mp4")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert left_in(tmp_path) == []
    assert (await client.export(1, span(seconds=10), tmp_path / "c.mp4")).size_bytes


async def test_a_download_that_stalls_is_too_slow_and_one_that_is_cancelled_ends_at_once(
    scripted_site: Site, device: ScriptedDevice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_file(device)
    running = asyncio.Event()

    async def stall(request: web.Request, _body: bytes) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"\x00\x00\x01\xba" + bytes(8192))
        running.set()
        await asyncio.Event().wait()
        return answer

    device.on("GET", DOWNLOAD, stall)
    client = scripted_site.connect(export_method="time")
    task = asyncio.create_task(client.export(1, span(), tmp_path / "c.mp4"))
    await running.wait()
    task.cancel()
    async with asyncio.timeout(1):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert left_in(tmp_path) == []
    monkeypatch.setattr(download, "STALL_SECONDS", 0.2)
    with pytest.raises(TooSlow):
        await client.export(1, span(), tmp_path / "c.mp4")


async def test_exports_wait_for_each_other_and_pictures_do_not_wait_for_them(
    scripted_site: Site, device: ScriptedDevice, picture: bytes, tmp_path: Path
) -> None:
    one_file(device)
    device.on("GET", "/ISAPI/Streaming/channels/101/picture", picture)

    async def hang(_request: web.Request, _body: bytes) -> bytes:
        await asyncio.Event().wait()
        return b""

    device.on("GET", DOWNLOAD, hang)
    client = scripted_site.connect(export_method="time", max_parallel=1)
    tasks = [asyncio.create_task(client.export(1, span(), tmp_path / f"{n}")) for n in range(2)]
    await until(lambda: device.asked[f"GET {DOWNLOAD}"] == 1)
    assert await client.snapshot(1) == picture
    assert device.asked[f"GET {DOWNLOAD}"] == 1
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_a_device_that_sends_real_mp4_is_understood(
    site: Site, scripted_site: Site, device: ScriptedDevice, tmp_path: Path
) -> None:
    made = await site.connect(export_method="rtsp").export(1, span(seconds=5), tmp_path / "real")
    footage = await asyncio.to_thread(made.path.read_bytes)
    one_file(device)
    device.on("POST", DOWNLOAD, lambda _r, _b: web.Response(body=footage, content_type="video/mp4"))
    client = scripted_site.connect(export_method="time")
    got = await client.export(1, span(seconds=5), tmp_path / "c.mp4")
    assert (got.container, got.method, got.sha256) == ("mp4", "time-post", made.sha256)
    device.on("POST", DOWNLOAD, footage[:-9000])
    with pytest.raises(BadAnswer):
        await client.export(1, span(seconds=60), tmp_path / "d.mp4")


async def test_h265_that_we_cut_is_tagged_for_every_phone(
    scripted_site: Site, device: ScriptedDevice, tmp_path: Path
) -> None:
    made = tmp_path / "hevc.mpg"
    await run_ffmpeg(
        "-f", "lavfi", "-i", "testsrc=size=160x120:rate=5:duration=12", "-c:v", "libx265", "-g", "5",
        "-x265-params", "log-level=none", "-f", "vob", str(made),
    )  # fmt: skip
    footage = await asyncio.to_thread(made.read_bytes)
    one_file(device)
    device.on("GET", DOWNLOAD, footage)
    got = await scripted_site.connect(export_method="file").export(
        1, span(START - timedelta(seconds=6), seconds=4), tmp_path / "c.mp4"
    )
    assert b"hvc1" in await asyncio.to_thread(got.path.read_bytes)
