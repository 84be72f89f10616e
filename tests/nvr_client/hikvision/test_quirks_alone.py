"""What one oddity of a device needs, and what the same device gives without it."""

import asyncio
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from nvr_client._vendors.hikvision import download
from nvr_client._vendors.hikvision.download import at_host
from nvr_client._vendors.hikvision.events import Alert, Alerts, read_alert
from nvr_client._vendors.hikvision.xml import check, parse, text_of
from nvr_client.errors import AccessRefused, BadAnswer, Busy, NotAllowed, NotSupported
from nvr_client.exporting import began
from nvr_client.footage import PlayedTime
from nvr_client.key_frames import LONGEST_GROUP, EndOfSpan
from nvr_client.login import LoginGuard
from nvr_client.program_stream import ProgramStream
from nvr_client.protocol import EventKind, Span
from nvr_client.rtsp_wire import RtspLogin, connect_video
from nvr_client.transport import Answer
from simulator.recorder import CameraModel, SimulatedRecorder, Stretch
from tests.nvr_client.conftest import NOON, START, ScriptedDevice, Site, assert_shows, codes_in, span
from tests.nvr_client.test_live import VideoPort


@pytest.mark.parametrize(
    "body",
    [
        b"<Time><localTime>x</localTime></Time>\x00",
        b"\xef\xbb\xbf\x00 <a:Time><a:localTime>x</a:localTime></a:Time>",
        b'<t:Time xmlns:t="urn:psialliance-org"><localTime xmlns="other">x</localTime></t:Time>',
    ],
    ids=["zero byte", "undeclared prefix", "two namespaces"],
)
def test_a_document_is_read_by_its_local_names_whatever_stands_around_it(body: bytes) -> None:
    assert text_of(parse(body), "localTime") == "x"


def test_an_error_without_a_number_under_200_is_an_error() -> None:
    with pytest.raises(BadAnswer):
        check(Answer(200, "application/xml", b"<Error/>"))
    assert check(Answer(200, "application/xml", b"<Time/>")).status == 200


@pytest.mark.parametrize("every", [2, 3])
async def test_nonces_that_are_stale_again_and_again_reject_nobody(
    every: int, site: Site, recorder: SimulatedRecorder
) -> None:
    recorder.switches.stale_every = every
    client = site.connect()
    answers = await asyncio.gather(
        *(client.device() for _ in range(4)),
        *(client.channels() for _ in range(4)),
        *(client.snapshot(channel) for channel in range(1, 7)),
    )
    assert len(answers) == 14
    assert not client.blocked
    assert recorder.rejected_logins == 0


@pytest.mark.parametrize("sub_status", ["notSupport", "deviceError", "deviceBusy"])
async def test_a_list_that_is_refused_in_any_way_leaves_the_other_one(
    sub_status: str, site: Site, recorder: SimulatedRecorder
) -> None:
    recorder.switches.refused = {"channel_status": sub_status}
    assert [each.number for each in await site.connect().channels()] == [1, 2, 3, 4, 5, 6]
    recorder.switches.refused = {"channels": "deviceBusy", "channel_status": sub_status}
    with pytest.raises(Busy):
        await site.connect().channels()


async def test_a_disk_list_that_is_busy_here_is_read_there_and_else_said_to_be_busy(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    busy = (
        "<ResponseStatus><statusCode>2</statusCode><subStatusCode>deviceBusy</subStatusCode></ResponseStatus>"
    )
    device.on("GET", "/ISAPI/ContentMgmt/Storage", busy)
    with pytest.raises(Busy):
        await scripted_site.connect().storage()
    device.on(
        "GET",
        "/ISAPI/System/Storage/hardDisks",
        "<hddList><hdd><id>1</id><status>ok</status></hdd></hddList>",
    )
    assert [disk.healthy for disk in await scripted_site.connect().storage()] == [True]


async def test_the_plain_clock_is_read_where_the_document_needs_a_right(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    right = "<ResponseStatus><subStatusCode>lowPrivilege</subStatusCode></ResponseStatus>"
    device.on("GET", "/ISAPI/System/time", right)
    device.on("GET", "/ISAPI/System/time/localTime", right)
    with pytest.raises(NotAllowed):
        await scripted_site.connect().clock()
    device.on("GET", "/ISAPI/System/time/localTime", b"2026-11-23T12:01:34")
    assert (await scripted_site.connect().clock()).offset == timedelta(seconds=94)


async def test_pages_of_one_file_come_whole_however_many_there_are(
    site: Site, recorder: SimulatedRecorder, cameras: list[CameraModel]
) -> None:
    day = Span(NOON - timedelta(hours=20), NOON)
    cameras[0].gaps += [
        Stretch(day.start + timedelta(minutes=8 * n + 7), day.start + timedelta(minutes=8 * n + 8))
        for n in range(150)
    ]
    found = await site.connect().recordings(1, day)
    assert len(found) == 150
    recorder.switches.page_limit = 1
    assert await site.connect().recordings(1, day) == found
    recorder.switches.paging = "ignored"
    recorder.switches.touching_files = True
    assert await site.connect().recordings(1, day) == found


async def test_a_device_that_gives_few_files_at_once_is_asked_for_few(
    site: Site, recorder: SimulatedRecorder
) -> None:
    recorder.switches.most_results = 20
    morning = Span(NOON - timedelta(hours=5), NOON)
    client = site.connect(time_mode="local")
    assert await client.recordings(1, morning) == [morning]
    refused_and_found = recorder.calls["search"]
    assert await client.recordings(1, morning) == [morning]
    assert recorder.calls["search"] == refused_and_found + 1


@pytest.mark.parametrize(
    "given",
    [
        "rtsp://10.0.0.1:80/Streaming/tracks/101?a=b",
        "http://admin:x@10.0.0.1/Streaming/tracks/101?a=b",
        "//10.0.0.1/Streaming/tracks/101?a=b",
        "10.0.0.1:554/Streaming/tracks/101?a=b",
        "/Streaming/tracks/101?a=b",
    ],
)
def test_whatever_host_an_address_names_it_is_ours(given: str) -> None:
    assert at_host(given, "rtsp://ours:554") == "rtsp://ours:554/Streaming/tracks/101?a=b"


async def test_a_busy_way_of_downloading_is_passed_over_until_it_has_worked(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "BUSY_PAUSE_SECONDS", 0.01)
    client = site.connect()
    recorder.switches.refused = {"download": "deviceBusy", "download_capabilities": "deviceBusy"}
    made = await client.export(4, span(seconds=2), tmp_path / "played")
    assert made.method == "rtsp"
    recorder.switches.refused = {}
    client = site.connect()
    assert (await client.export(4, span(seconds=2), tmp_path / "first")).method == "time-get"
    recorder.switches.refused = {"download": "deviceBusy"}
    with pytest.raises(Busy):
        await client.export(4, span(seconds=2), tmp_path / "second")


async def test_a_whole_file_in_place_of_a_span_is_cut_here(
    site: Site, recorder: SimulatedRecorder, cameras: list[CameraModel], tmp_path: Path
) -> None:
    cameras[3].gaps += [
        Stretch(START - timedelta(hours=1), START - timedelta(seconds=5)),
        Stretch(START + timedelta(seconds=9), NOON),
    ]
    asked = span(seconds=2)
    assert (await site.connect().export(4, asked, tmp_path / "a")).method == "time-get"
    recorder.switches.by_time_gives_file = True
    made = await site.connect().export(4, asked, tmp_path / "b")
    assert made.method == "file-get"
    await assert_shows(made.path, 4, asked)


async def test_made_up_sizes_of_files_keep_nothing_from_being_fetched(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    recorder.switches.announced_bytes = 1
    asked = span(seconds=2)
    made = await site.connect().export(4, asked, tmp_path / "clip")
    assert made.method == "time-get"
    await assert_shows(made.path, 4, asked)


async def test_playback_that_runs_on_is_cut_at_the_end_of_the_span(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    recorder.switches.playback_runs_on = True
    asked = span(seconds=2)
    made = await site.connect(export_method="rtsp").export(4, asked, tmp_path / "clip")
    await assert_shows(made.path, 4, asked)
    assert made.first_frame_at is None
    recorder.switches.playback_runs_on = False
    made = await site.connect(export_method="rtsp").export(4, asked, tmp_path / "clip")
    assert made.first_frame_at == asked.start
    assert len(await codes_in(made.path)) == 8


def packet(seconds: float) -> bytes:
    return b"\x80\x60\x00\x00" + round(seconds * 90_000 % (1 << 32)).to_bytes(4, "big") + b"ssrcpayload"


@pytest.mark.parametrize("begin", [0.0, (1 << 32) / 90_000 - 3])
def test_recorded_video_ends_one_group_of_pictures_after_what_was_asked(begin: float) -> None:
    end = EndOfSpan(timedelta(seconds=10))
    assert [
        second for second in range(20) if end.reached(packet(begin + second), key=second % 4 == 0)
    ] == list(range(14, 20))
    end = EndOfSpan(timedelta(seconds=10))
    ends_at = 10 + LONGEST_GROUP.seconds
    assert not any(end.reached(packet(begin + second), key=second == 0) for second in range(ends_at))
    assert end.reached(packet(begin + ends_at), key=False)


def test_footage_of_few_bytes_is_measured_as_exactly_as_any_other() -> None:
    stream, meter = ProgramStream("H264"), PlayedTime()
    for frame in range(1500):
        data = b"\x00\x00\x01\x41" + b"x" * 40
        meter.feed(stream.frame(data, timedelta(seconds=frame / 5), key=frame % 50 == 0))
    assert meter.seconds() == pytest.approx(1499 / 5, abs=0.01)
    assert meter.gap_seconds == 0


def test_footage_begins_as_much_earlier_as_it_plays_longer() -> None:
    asked = span(seconds=20)
    assert began(asked, 19.8) == asked.start
    assert began(asked, 27.8) == asked.start - timedelta(seconds=8)
    assert began(asked, None) is None


@pytest.mark.parametrize("prefix", [b"", b"hik:"])
def test_alerts_are_found_with_or_without_a_prefix(prefix: bytes) -> None:
    part = (
        b"--boundary\r\n\r\n<%bEventNotificationAlert><%bchannelID>2</%bchannelID>"
        b"<%beventType>videoloss</%beventType><%beventState>active</%beventState>"
        b"</%bEventNotificationAlert>\r\n"
    ) % ((prefix,) * 8)
    alerts = Alerts()
    documents = [document for byte in part * 2 for document in alerts.feed(bytes([byte]))]
    assert [read_alert(document) for document in documents] == [
        Alert(EventKind.VIDEO_LOSS, 2, active=True)
    ] * 2


async def test_an_event_stream_that_names_a_length_is_a_stream_and_a_document_is_none(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    alert = (
        "<EventNotificationAlert><channelID>2</channelID><eventType>shelteralarm</eventType>"
        "<eventState>active</eventState></EventNotificationAlert>"
    )
    path = "/ISAPI/Event/notification/alertStream"
    device.on("GET", path, lambda *_: web.Response(text=alert, content_type="multipart/mixed"))
    async with aclosing(scripted_site.connect().events()) as told:
        assert (await anext(told)).channel == 2
    device.on("GET", path, lambda *_: web.Response(text="<ResponseStatus/>", content_type="application/xml"))
    async with aclosing(scripted_site.connect().events()) as told:
        with pytest.raises(NotSupported):
            await anext(told)


async def test_a_locked_account_is_said_to_be_locked_and_not_to_have_no_cameras(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    words = "<userCheck><lockStatus>lock</lockStatus></userCheck>"
    challenge = {"WWW-Authenticate": 'Digest realm="R", nonce="n", qop="auth"'}
    device.gate = lambda _: web.Response(status=401, text=words, headers=challenge)
    client = scripted_site.connect()
    with pytest.raises(AccessRefused):
        await client.channels()
    assert not client.blocked


@pytest.mark.parametrize("again", [200, 401])
async def test_a_video_port_that_takes_a_nonce_once_is_logged_in_to_anew_and_only_once(again: int) -> None:
    described = "RTSP/1.0 200 OK\nCSeq: 2\nContent-Type: application/sdp\nContent-Length: 3\n\nv=0"
    challenge = 'RTSP/1.0 401 Unauthorized\nWWW-Authenticate: Digest realm="R", nonce="n{}"\n\n'
    port = VideoPort(challenge.format(1), described, challenge.format(2))
    port.answers.append(described if again == 200 else challenge.format(3))
    server = await asyncio.start_server(port.serve, "127.0.0.1", 0)
    number = server.sockets[0].getsockname()[1]
    async with server:
        upstream = await connect_video(
            RtspLogin(host="127.0.0.1", port=number, username="u", password="p", guard=LoginGuard("r"))
        )
        assert (await upstream.describe("/Streaming/Channels/101")).body == b"v=0"
        if again == 200:
            assert (await upstream.describe("/Streaming/Channels/101")).body == b"v=0"
        else:
            with pytest.raises(AccessRefused):
                await upstream.describe("/Streaming/Channels/101")
        await upstream.aclose()
    assert len(port.requests) == 4
