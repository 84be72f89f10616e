import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from nvr_client._vendors.hikvision import search
from nvr_client.errors import BadAnswer, Busy
from nvr_client.protocol import Span
from simulator.recorder import CameraModel, SimulatedRecorder, Stretch
from tests.nvr_client.conftest import NOON, START, ScriptedDevice, Site, span

SEARCH = "/ISAPI/ContentMgmt/search"
TIME = "/ISAPI/System/time"
DAY = Span(datetime(2026, 11, 21, 17, tzinfo=UTC), datetime(2026, 11, 22, 17, tzinfo=UTC))


def local(moment: datetime) -> str:
    return f"{moment + timedelta(hours=7):%Y-%m-%dT%H:%M:%SZ}"


@dataclass
class Archive:
    """Answers searches over files of ten minutes with ten-second pauses, in the manner that a test sets."""

    files: list[Span] = field(
        default_factory=lambda: [
            Span(
                DAY.start + timedelta(minutes=10 * n), DAY.start + timedelta(minutes=10 * n + 10, seconds=-10)
            )
            for n in range(100)
        ]
    )
    position_field: str = "searchResultPostion"
    page_size: int = 40
    reads_body: Callable[[bytes], bool] = lambda _: True
    ignores_window: bool = False
    write: Callable[[datetime], str] = local
    opening: str = '<CMSearchResult version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'

    def answer(self, _request: web.Request, body: bytes) -> str | web.Response:
        if not self.reads_body(body):
            return web.Response(
                status=400, text="<ResponseStatus><statusCode>6</statusCode></ResponseStatus>"
            )
        text = body.decode()
        start, end = (re.search(f"<{name}>(.*?)</{name}>", text) for name in ("startTime", "endTime"))
        assert start is not None
        assert end is not None
        found = [
            file
            for file in self.files
            if self.ignores_window or (self.write(file.end) > start[1] and self.write(file.start) < end[1])
        ]
        position = re.search(f"<{self.position_field}>(\\d+)<", text)
        first = int(position[1]) if position else 0
        page = found[first : first + self.page_size]
        status = "MORE" if first + len(page) < len(found) else "OK" if page else "NO MATCHES"
        items = "".join(
            "<searchMatchItem><trackID>101</trackID><timeSpan>"
            f"<startTime>{self.write(file.start)}</startTime><endTime>{self.write(file.end)}</endTime></timeSpan>"
            "</searchMatchItem>"
            for file in page
        )
        return (
            f"{self.opening}<responseStatusStrg>{status}</responseStatusStrg>"
            f"<numOfMatches>{len(found)}</numOfMatches><matchList>{items}</matchList></CMSearchResult>"
        )


@pytest.fixture
def archive(device: ScriptedDevice) -> Archive:
    stored = Archive()
    device.on("POST", SEARCH, stored.answer)
    return stored


@pytest.mark.parametrize("spelling", ["searchResultPostion", "searchResultPosition", "noSuchField"])
async def test_all_pages_come_however_the_device_spells_the_position(
    spelling: str, scripted_site: Site, archive: Archive, device: ScriptedDevice
) -> None:
    archive.position_field = spelling
    client = scripted_site.connect()
    assert await client.recordings(1, DAY) == archive.files
    first = device.asked[f"POST {SEARCH}"]
    assert await client.recordings(1, DAY) == archive.files
    if spelling == "searchResultPosition":
        assert device.asked[f"POST {SEARCH}"] - first == 3 < first


@pytest.mark.parametrize(
    "reads",
    [
        lambda body: b"<metadataList>" not in body,
        lambda body: b"<trackList>" in body and b"<?xml" not in body and b"<searchID>{" in body,
    ],
    ids=["without metadata", "V4.84"],
)
async def test_the_form_of_the_request_that_the_device_reads_is_found_and_remembered(
    reads: Callable[[bytes], bool], scripted_site: Site, archive: Archive, device: ScriptedDevice
) -> None:
    archive.reads_body = reads
    client = scripted_site.connect()
    asked = Span(DAY.start, DAY.start + timedelta(hours=1))
    assert len(await client.recordings(1, asked)) == 6
    device.asked.clear()
    assert len(await client.recordings(1, asked)) == 6
    assert device.asked[f"POST {SEARCH}"] == 1
    archive.reads_body = lambda _: False
    with pytest.raises(BadAnswer):
        await client.recordings(1, asked)


@pytest.mark.parametrize(
    "opening",
    [
        "<CMSearchResult>",
        '<CMSearchResult xmlns="http://www.hikvision.com/ver20/XMLSchema">',
        '<?xml version="1.0" encoding="UTF-8" ?>\n<CMSearchResult xmlns="urn:psialliance-org">',
    ],
)
async def test_any_namespace_and_files_outside_the_window_are_read(
    opening: str, scripted_site: Site, archive: Archive
) -> None:
    archive.opening = opening
    archive.ignores_window = True
    asked = Span(archive.files[2].start + timedelta(minutes=3), archive.files[3].start + timedelta(minutes=1))
    assert await scripted_site.connect().recordings(1, asked) == [
        Span(asked.start, archive.files[2].end),
        Span(archive.files[3].start, asked.end),
    ]


async def test_files_that_touch_are_one_recording_and_a_gap_is_not(
    site: Site, cameras: list[CameraModel]
) -> None:
    gap = Stretch(START, START + timedelta(seconds=30))
    cameras[0].gaps.append(gap)
    found = await site.connect().recordings(1, Span(START - timedelta(days=2), NOON))
    assert found == [Span(START - timedelta(days=2), gap.start), Span(gap.end, NOON)]


async def test_times_of_a_clock_that_is_ahead_come_back_true(
    site: Site, recorder: SimulatedRecorder, cameras: list[CameraModel]
) -> None:
    cameras[0].gaps.append(Stretch(START, START + timedelta(hours=1)))
    asked = Span(START - timedelta(hours=1), START + timedelta(minutes=10))
    for offset in (timedelta(seconds=94), -timedelta(hours=7), timedelta(hours=1, seconds=-40), timedelta()):
        recorder.clock.offset = offset
        assert await site.connect().recordings(1, asked) == [Span(asked.start, START)]
        assert (await site.connect().clock()).offset == offset


async def test_a_device_that_writes_utc_is_found_out(
    scripted_site: Site, archive: Archive, device: ScriptedDevice
) -> None:
    archive.files = [
        Span(NOON - timedelta(minutes=10 * n + 10), NOON - timedelta(minutes=10 * n)) for n in range(6)
    ]
    archive.files.reverse()
    asked = Span(NOON - timedelta(minutes=30), NOON)
    device.on(
        "GET",
        TIME,
        f"<Time><localTime>{NOON + timedelta(hours=7):%Y-%m-%dT%H:%M:%S}+07:00</localTime></Time>",
    )
    assert await scripted_site.connect(time_mode="auto").recordings(1, asked) == [asked]
    archive.write = lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    assert await scripted_site.connect(time_mode="auto").recordings(1, asked) == [asked]
    assert await scripted_site.connect(time_mode="utc").recordings(1, asked) == [asked]
    assert await scripted_site.connect().recordings(1, asked) == [asked]
    assert await scripted_site.connect(time_mode="local").recordings(1, asked) == []


async def test_the_clock_is_measured_once_in_ten_minutes(site: Site, recorder: SimulatedRecorder) -> None:
    client = site.connect()
    for _ in range(3):
        await client.recordings(1, span())
    assert recorder.calls["time"] == 1
    site.clock.moment += timedelta(minutes=11)
    await client.recordings(1, span())
    assert recorder.calls["time"] == 2


async def test_a_time_that_is_shown_in_another_zone_than_footage_is_labelled_in_is_found_out(
    scripted_site: Site, archive: Archive, device: ScriptedDevice
) -> None:
    archive.files = [Span(NOON - timedelta(minutes=40), NOON)]
    device.on(
        "GET", TIME, f"<Time><localTime>{NOON + timedelta(seconds=94):%Y-%m-%dT%H:%M:%S}Z</localTime></Time>"
    )
    asked = Span(NOON - timedelta(minutes=30), NOON - timedelta(minutes=10))
    ahead = timedelta(seconds=94)
    archive.write = lambda moment: local(moment + ahead)
    client = scripted_site.connect()
    assert await client.recordings(1, asked) == [asked]
    archive.write = lambda moment: f"{moment + ahead:%Y-%m-%dT%H:%M:%SZ}"
    client = scripted_site.connect()
    assert await client.recordings(1, asked) == [asked]


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_footage_is_found_without_the_right_to_read_the_clock(
    status: int, scripted_site: Site, archive: Archive, device: ScriptedDevice
) -> None:
    device.on("GET", TIME, lambda _r, _b: web.Response(status=status))
    client = scripted_site.connect()
    assert await client.recordings(1, DAY) == archive.files
    assert await client.recordings(1, DAY) == archive.files
    assert device.asked[f"GET {TIME}"] == 1


@pytest.mark.parametrize("text", ["2026-11-23T12:01:34", "2026-11-23T12:01:34+07:00", "2026-11-23T12:01:34Z"])
async def test_the_time_is_read_by_its_digits_from_either_path(
    text: str, scripted_site: Site, device: ScriptedDevice
) -> None:
    device.on("GET", "/ISAPI/System/time/localTime", web.Response(text=text))
    assert (await scripted_site.connect().clock()).offset == timedelta(seconds=94)
    device.on("GET", TIME, f"<Time><localTime>{text}</localTime><timeZone>CST-7:00:00</timeZone></Time>")
    clock = await scripted_site.connect().clock()
    assert (clock.offset, clock.device_time) == (timedelta(seconds=94), NOON + timedelta(seconds=94))


async def test_the_oldest_recording_is_found_with_one_search(site: Site, recorder: SimulatedRecorder) -> None:
    client = site.connect(time_mode="local")
    for channel in (1, 5):
        assert await client.oldest(channel) == recorder.model.oldest(channel)
    assert recorder.calls["search"] == 2
    recorder.model.no_recordings = True
    assert await client.oldest(1) is None


async def test_a_device_that_cannot_search_all_years_is_asked_for_its_calendar(
    scripted_site: Site, archive: Archive, device: ScriptedDevice
) -> None:
    tag_13 = "<ResponseStatus><statusCode>3</statusCode></ResponseStatus>"

    def refuse_years(request: web.Request, body: bytes) -> str | web.Response:
        if b"2000-01-01" in body:
            return web.Response(status=500, text=tag_13)
        return archive.answer(request, body)

    def calendar(_request: web.Request, body: bytes) -> str:
        recorded = (22, 23) if b"<monthOfYear>11<" in body else ()
        days = "".join(
            f"<day><dayOfMonth>{n}</dayOfMonth><record>{str(n in recorded).lower()}</record></day>"
            for n in range(1, 31)
        )
        return f"<trackDailyDistribution><dayList>{days}</dayList></trackDailyDistribution>"

    device.on("POST", SEARCH, refuse_years)
    device.on("POST", "/ISAPI/ContentMgmt/record/tracks/101/dailyDistribution", calendar)
    assert await scripted_site.connect().oldest(1) == archive.files[0].start


async def test_a_busy_search_is_asked_again_a_few_times(
    scripted_site: Site, archive: Archive, device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BUSY_PAUSE_SECONDS", 0.01)
    left = [2]

    def busy(request: web.Request, body: bytes) -> str | web.Response:
        left[0] -= 1
        return archive.answer(request, body) if left[0] < 0 else web.Response(status=503)

    device.on("POST", SEARCH, busy)
    client = scripted_site.connect()
    hour = Span(DAY.start, DAY.start + timedelta(hours=1))
    assert len(await client.recordings(1, hour)) == 6
    left[0] = 99
    with pytest.raises(Busy):
        await client.recordings(1, hour)
    assert left[0] == 96
