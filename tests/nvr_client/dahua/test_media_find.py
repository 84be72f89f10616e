import asyncio
from datetime import timedelta
from itertools import product

import pytest
from aiohttp import web

from nvr_client.errors import BadAnswer, Busy, NotSupported, TooSlow
from nvr_client.protocol import Span
from simulator.recorder import CameraModel, Stretch
from simulator.recorder.dahua import SimulatedDahuaRecorder
from tests.nvr_client.conftest import NOON, START, ScriptedDevice, Site, until
from tests.nvr_client.dahua.conftest import ScriptedCgi

MORNING = Span(NOON - timedelta(hours=5), NOON)
FIND = "mediaFileFind.findFile"


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("nothing", ["400", "empty"])
async def test_what_channels_count_from_is_found_out_and_remembered(
    base: int, nothing: str, site: Site, recorder: SimulatedDahuaRecorder, cameras: list[CameraModel]
) -> None:
    recorder.switches.find_base = base  # type: ignore[assignment] # one of the two
    recorder.switches.nothing_found = nothing  # type: ignore[assignment] # one of the two
    # Each camera has a gap of its own, so that a neighbour's footage would show.
    for camera in cameras:
        camera.gaps.append(Stretch(START, START + timedelta(minutes=camera.number)))
    client = site.connect()
    for number in (3, 6, 1):
        found = await client.recordings(number, MORNING)
        assert [(part.start, part.end) for part in found] == [
            (MORNING.start, START),
            (START + timedelta(minutes=number), NOON),
        ]
    before = recorder.calls[FIND]
    await client.recordings(2, MORNING)
    assert recorder.calls[FIND] == before + 1
    assert recorder.open_finders == 0


@pytest.mark.parametrize("base", [0, 1])
async def test_a_camera_without_footage_never_gets_its_neighbours(
    base: int, site: Site, recorder: SimulatedDahuaRecorder, cameras: list[CameraModel]
) -> None:
    recorder.switches.find_base = base  # type: ignore[assignment] # one of the two
    cameras[2].gaps.append(Stretch(NOON - timedelta(days=40), NOON))
    client = site.connect()
    assert await client.recordings(3, MORNING) == []
    assert await client.oldest(3) is None
    assert await client.recordings(4, MORNING) == [MORNING]
    assert await client.recordings(3, MORNING) == []


async def test_settings_may_say_what_channels_count_from(
    site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.find_base = 0
    assert await site.connect(find_base="0").recordings(1, MORNING) == [MORNING]
    assert recorder.calls[FIND] == 1
    # Told wrongly it finds nothing, rather than another camera's footage.
    assert await site.connect(find_base="1").recordings(1, MORNING) == []


async def test_a_device_that_names_another_camera_is_not_believed(
    scripted_site: Site, cgi: ScriptedCgi
) -> None:
    answers_of_a_search(cgi, channel="7")
    with pytest.raises(NotSupported, match="find_base"):
        await scripted_site.connect().recordings(1, MORNING)


async def test_files_without_a_channel_are_taken_as_asked(
    site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.item_channels = False
    assert await site.connect().recordings(1, MORNING) == [MORNING]


@pytest.mark.parametrize(
    ("page_limit", "ends_with_error", "short_times", "extra_lines", "errors_with_200"),
    list(product([100, 3, 1], [True, False], [True], [True], [True, False])),
)
async def test_short_pages_and_odd_endings_lose_no_file(
    page_limit: int,
    ends_with_error: bool,
    short_times: bool,
    extra_lines: bool,
    errors_with_200: bool,
    site: Site,
    recorder: SimulatedDahuaRecorder,
) -> None:
    recorder.switches.page_limit = page_limit
    recorder.switches.find_ends_with_error = ends_with_error
    recorder.switches.short_times = short_times
    recorder.switches.utc_offset_lines = extra_lines
    recorder.switches.errors_with_200 = errors_with_200
    asked = Span(NOON - timedelta(hours=30), NOON)
    assert await site.connect().recordings(2, asked) == [asked]
    assert recorder.open_finders == 0


async def test_files_of_the_second_stream_are_no_footage_of_the_first(
    site: Site, recorder: SimulatedDahuaRecorder, cameras: list[CameraModel]
) -> None:
    recorder.switches.sub_stream_files = True
    client = site.connect()
    assert await client.recordings(1, MORNING) == [MORNING]
    assert await client.oldest(1) == recorder.model.oldest(1)


async def test_twenty_days_are_found_whole(site: Site) -> None:
    asked = Span(NOON - timedelta(days=20), NOON)  # 480 files, five pages
    assert await site.connect().recordings(1, asked) == [asked]


async def test_a_page_that_comes_again_and_again_is_the_end(scripted_site: Site, cgi: ScriptedCgi) -> None:
    answers_of_a_search(cgi, channel="0")
    found = await scripted_site.connect().recordings(1, MORNING)
    assert found == [Span(NOON - timedelta(hours=3), NOON - timedelta(hours=2))]
    assert cgi.asked.count("mediaFileFind.findNextFile") == 2


async def test_a_first_page_that_is_an_error_is_no_empty_answer(
    scripted_site: Site, cgi: ScriptedCgi
) -> None:
    answers_of_a_search(cgi, channel="0")
    cgi.answers["mediaFileFind.findNextFile"] = web.Response(status=400, text="Error\r\nBad Request!\r\n")
    with pytest.raises(BadAnswer):
        await scripted_site.connect().recordings(1, MORNING)
    assert cgi.asked[-2:] == ["mediaFileFind.close", "mediaFileFind.destroy"]


async def test_an_error_for_an_empty_page_is_no_failure_of_a_device_that_lists_other_files(
    site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    recorder.switches.nothing_found = "empty"
    recorder.switches.empty_page_is_error = True
    client = site.connect()
    assert await client.recordings(1, MORNING) == [MORNING]
    before_all = Span(NOON - timedelta(days=60), NOON - timedelta(days=59))
    assert await client.recordings(1, before_all) == []
    assert recorder.open_finders == 0


async def test_a_list_that_breaks_off_is_not_taken_for_a_whole_one(
    scripted_site: Site, cgi: ScriptedCgi
) -> None:
    answers_of_a_search(cgi, channel="0")
    first = str(cgi.answers["mediaFileFind.findNextFile"])
    refused = web.Response(status=501, text="Error\r\nNot Implemented!\r\n")
    cgi.answers["mediaFileFind.findNextFile"] = [web.Response(text=first), refused]
    client = scripted_site.connect(find_base="1")
    assert len(await client.recordings(1, MORNING)) == 1
    broken = web.Response(status=500, text="")
    cgi.answers["mediaFileFind.findNextFile"] = [web.Response(text=first), broken]
    with pytest.raises(BadAnswer):
        await client.recordings(1, MORNING)


async def test_a_count_that_is_wrong_loses_no_file(site: Site, recorder: SimulatedDahuaRecorder) -> None:
    recorder.switches.found_is_wrong = True
    recorder.switches.page_limit = 2
    assert await site.connect().recordings(1, MORNING) == [MORNING]


async def test_a_slow_device_gets_its_finder_back_after_the_asker_has_gone(
    site: Site, recorder: SimulatedDahuaRecorder
) -> None:
    client = site.connect()
    await client.clock()
    recorder.switches.delay_seconds = 0.9
    task = asyncio.create_task(client.recordings(1, MORNING))
    await until(lambda: recorder.open_finders == 1)
    task.cancel()
    async with asyncio.timeout(1):
        with pytest.raises(asyncio.CancelledError):
            await task
    await until(lambda: recorder.open_finders == 0)
    recorder.switches.delay_seconds = 0


async def test_a_device_without_a_free_search_is_busy(site: Site, recorder: SimulatedDahuaRecorder) -> None:
    recorder.switches.most_finders = 0
    client = site.connect()
    with pytest.raises(Busy):
        await client.recordings(1, MORNING)
    recorder.switches.most_finders = 1
    found = await asyncio.gather(*(client.recordings(number, MORNING) for number in range(1, 5)))
    assert found == [[MORNING]] * 4


async def test_a_cancelled_search_gives_its_finder_back(site: Site, recorder: SimulatedDahuaRecorder) -> None:
    client = site.connect()
    await client.clock()
    recorder.switches.delay_seconds = 0.2
    task = asyncio.create_task(client.recordings(1, MORNING))
    await until(lambda: recorder.open_finders == 1)
    task.cancel()
    async with asyncio.timeout(1):
        with pytest.raises(asyncio.CancelledError):
            await task
    recorder.switches.delay_seconds = 0
    await until(lambda: recorder.open_finders == 0)


async def test_a_device_that_refuses_wide_windows_is_asked_month_by_month(
    scripted_site: Site, cgi: ScriptedCgi, device: ScriptedDevice
) -> None:
    answers_of_a_search(cgi, channel="0")
    windows: list[str] = []
    answer = device.answers["GET", "/cgi-bin/mediaFileFind.cgi"]

    def narrow_only(request: web.Request, body: bytes) -> web.Response:
        start = request.query.get("condition.StartTime", "")
        if start:
            windows.append(start)
        if start.startswith("2000") or (start and start < "2026-09-15"):
            return web.Response(status=400, text="Error\r\nBad Request!\r\n")
        made = answer(request, body)
        assert isinstance(made, web.Response)
        return made

    device.on("GET", "/cgi-bin/mediaFileFind.cgi", narrow_only)
    assert await scripted_site.connect(find_base="1").oldest(1) == NOON - timedelta(hours=3)
    assert len(windows) == 4


async def test_a_search_that_stands_still_is_too_slow(
    scripted_site: Site, cgi: ScriptedCgi, device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nvr_client._vendors.dahua.media_find.READ_SECONDS", 0.2)
    answers_of_a_search(cgi, channel="0")
    answer = device.answers["GET", "/cgi-bin/mediaFileFind.cgi"]

    async def stall(request: web.Request, body: bytes) -> web.Response:
        if request.query["action"] == "findFile":
            await asyncio.Event().wait()
        made = answer(request, body)
        assert isinstance(made, web.Response)
        return made

    device.on("GET", "/cgi-bin/mediaFileFind.cgi", stall)
    with pytest.raises(TooSlow):
        await scripted_site.connect().recordings(1, MORNING)
    assert cgi.asked[-2:] == ["mediaFileFind.close", "mediaFileFind.destroy"]


def answers_of_a_search(cgi: ScriptedCgi, *, channel: str) -> None:
    """A device that gives the same one file, of 9 to 10 o'clock, to every search."""
    cgi.answers |= {
        "global.getCurrentTime": "result=2026-11-23 12:00:00\r\n",
        "mediaFileFind.factory.create": "result=3039757640\r\n",
        "mediaFileFind.findFile": "OK\r\n",
        "mediaFileFind.findNextFile": (
            f"found=1\r\nitems[0].Channel={channel}\r\nitems[0].StartTime=2026-11-23 09:00:00\r\n"
            "items[0].EndTime=2026-11-23 10:00:00\r\n"
        ),
        "mediaFileFind.close": "OK\r\n",
        "mediaFileFind.destroy": "OK\r\n",
    }
