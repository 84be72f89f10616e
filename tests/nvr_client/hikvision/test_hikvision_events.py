import asyncio
from contextlib import aclosing

import pytest
from aiohttp import web

from nvr_client._vendors.hikvision import events
from nvr_client._vendors.hikvision.events import ALERTS_PATH, Alert, Alerts, channel_of, read_alert
from nvr_client.errors import NotSupported, TooSlow, Unreachable
from nvr_client.protocol import EventKind, RecorderEvent
from simulator.recorder import SimulatedRecorder
from tests.nvr_client.conftest import NOON, ScriptedDevice, Site, until

CHANNELS = "/ISAPI/ContentMgmt/InputProxy/channels"
HEAD = b"--MIME_boundary\r\nContent-Type: application/xml; charset=UTF-8\r\nContent-Length: %d\r\n\r\n"


def alert(
    kind: str, state: str = "active", *, channel: str = "<channelID>4</channelID>", more: str = ""
) -> bytes:
    document = (
        '<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
        f"<ipAddress>192.168.1.64</ipAddress><portNo>80</portNo><protocol>HTTP</protocol>{channel}"
        "<dateTime>2026-11-23T14:00:00+07:00</dateTime><activePostCount>1</activePostCount>"
        f"<eventType>{kind}</eventType><eventState>{state}</eventState>"
        f"<eventDescription>{kind} alarm</eventDescription>{more}</EventNotificationAlert>"
    ).encode()
    return HEAD % len(document) + document + b"\r\n"


def read(stream: bytes) -> list[Alert | None]:
    return [read_alert(document) for document in Alerts().feed(stream)]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (alert("videoloss"), Alert(EventKind.VIDEO_LOSS, 4, active=True)),
        (alert("videoloss", "inactive"), Alert(EventKind.VIDEO_LOSS, 4, active=False)),
        (
            alert("shelteralarm", channel="<dynChannelID>34</dynChannelID>"),
            Alert(EventKind.TAMPER, 34, active=True),
        ),
        (alert("scenechangedetection"), Alert(EventKind.TAMPER, 4, active=True)),
        (alert("diskerror", channel=""), Alert(EventKind.DISK_ERROR, None, active=True)),
        (
            alert("diskfull", channel="<channelID>1</channelID>"),
            Alert(EventKind.DISK_FULL, None, active=True),
        ),
        (alert("recordingfailure", channel=""), Alert(EventKind.RECORDING_FAILED, None, active=True)),
        (
            alert(
                "duration",
                more="<DurationList><Duration><relationEvent>videoloss</relationEvent></Duration></DurationList>",
            ),
            Alert(EventKind.VIDEO_LOSS, 4, active=True),
        ),
        (
            alert("videoloss", more="<channelName>Cổng A & B</channelName>"),
            Alert(EventKind.VIDEO_LOSS, 4, active=True),
        ),
        (alert("VMD"), None),
        (alert("illaccess", channel=""), None),
        (alert("videoloss", "unknown"), None),
        (alert("videoloss", more="<broken>"), None),
    ],
)
def test_an_alert_says_what_happened_to_which_camera(part: bytes, said: Alert | None) -> None:
    assert read(part) == [said]


def test_alerts_are_cut_out_of_pieces_of_any_length_and_from_between_pictures() -> None:
    stream = (
        alert("videoloss")
        + b"--MIME_boundary\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8<Event\x00\xff\xd9\r\n"
        + alert("videoloss", "inactive")
    )
    alerts = Alerts()
    found = [document for byte in stream for document in alerts.feed(bytes([byte]))]
    assert [read_alert(document) for document in found] == read(stream)
    assert len(found) == 2


def test_an_endless_picture_fills_no_memory_and_hides_no_later_alert() -> None:
    alerts = Alerts()
    for _ in range(40):
        assert list(alerts.feed(bytes(100_000))) == []
    assert len(list(alerts.feed(alert("videoloss")))) == 1


@pytest.mark.parametrize(
    ("number", "known", "channel"),
    [
        (4, range(1, 17), 4),
        (34, range(1, 17), 2),
        (33, range(1, 17), 1),
        (34, range(1, 65), 34),
        (80, range(1, 65), 48),
        (34, [], 2),
        (60, range(1, 17), 60),
    ],
)
def test_a_number_above_32_is_a_network_camera_unless_there_are_so_many(
    number: int, known: range, channel: int
) -> None:
    assert channel_of(number, frozenset(known)) == channel


def streaming(device: ScriptedDevice, *parts: bytes, ends: bool = False) -> None:
    async def serve(request: web.Request, _body: bytes) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "multipart/mixed; boundary=MIME_boundary"})
        await answer.prepare(request)
        for part in parts:
            await answer.write(part)
        if not ends:
            await asyncio.Event().wait()
        return answer

    device.on("GET", ALERTS_PATH, serve)


async def test_a_sign_of_life_that_names_a_lost_camera_is_not_its_return(
    site: Site, recorder: SimulatedRecorder
) -> None:
    recorder.switches.heartbeat_seconds = 0.01
    async with aclosing(site.connect().events()) as told:
        first = asyncio.ensure_future(anext(told))
        await until(lambda: recorder.listeners == 1)
        recorder.camera(1).online = False
        assert (await first).active
        following = asyncio.ensure_future(anext(told))
        asked = recorder.calls["channel_status"]
        await until(lambda: recorder.calls["channel_status"] > asked + 3)
        assert not following.done()
        recorder.camera(1).online = True
        assert await following == RecorderEvent(EventKind.VIDEO_LOSS, 1, active=False, at=NOON)


async def test_repeated_alerts_are_one_event_and_the_end_of_what_never_began_is_none(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    heartbeat = alert("videoloss", "inactive", channel="<channelID>1</channelID>")
    lost = alert("videoloss", channel="<channelID>36</channelID>")
    streaming(device, heartbeat, heartbeat, lost, lost, heartbeat, alert("diskerror", channel=""))
    async with aclosing(scripted_site.connect().events()) as told:
        assert [(event.kind, event.channel) for event in [await anext(told), await anext(told)]] == [
            (EventKind.VIDEO_LOSS, 4),
            (EventKind.DISK_ERROR, None),
        ]


async def test_a_stream_without_a_sign_of_life_is_too_slow(
    scripted_site: Site, device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "SILENCE_SECONDS", 0.2)
    streaming(device, alert("videoloss"))
    async with aclosing(scripted_site.connect().events()) as told:
        assert (await anext(told)).active
        with pytest.raises(TooSlow):
            await anext(told)


async def test_a_stream_that_the_device_ends_is_a_lost_connection(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    streaming(device, alert("videoloss"), ends=True)
    async with aclosing(scripted_site.connect().events()) as told:
        assert (await anext(told)).active
        with pytest.raises(Unreachable):
            await anext(told)


async def test_a_device_without_a_stream_says_so(scripted_site: Site, device: ScriptedDevice) -> None:
    refusal = (
        "<ResponseStatus><statusCode>4</statusCode><subStatusCode>notSupport</subStatusCode></ResponseStatus>"
    )
    device.on("GET", ALERTS_PATH, lambda _request, _body: refusal)
    with pytest.raises(NotSupported):
        await anext(scripted_site.connect().events())
