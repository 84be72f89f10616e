import asyncio
import io
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from PIL import Image

from simulator.footage.code import read_code
from simulator.recorder import SimulatedRecorder
from tests.simulator.recorder.conftest import CLOCK_OFFSET, NOON, Client, Clock, tree


async def test_it_says_what_it_is(client: Client) -> None:
    status, body = await client.get("/ISAPI/System/deviceInfo")
    assert status == 200
    assert tree(body).findtext("deviceType") == "NVR"
    assert tree(body).findtext("model") == "DS-7732NI-M4"


async def test_a_picture_shows_its_camera_and_its_second(client: Client, recorder: SimulatedRecorder) -> None:
    status, body = await client.get("/ISAPI/Streaming/channels/301/picture")
    assert status == 200
    picture = Image.open(io.BytesIO(body))
    assert (picture.format, picture.size) == ("JPEG", (1280, 720))
    assert read_code(picture) == (3, NOON)
    assert recorder.calls["picture"] == 1


async def test_a_picture_comes_in_the_size_asked_for_and_by_the_proxy_path(client: Client) -> None:
    path = "/ISAPI/ContentMgmt/StreamingProxy/channels/101/picture"
    _, body = await client.get(f"{path}?videoResolutionWidth=1920&videoResolutionHeight=1080")
    picture = Image.open(io.BytesIO(body))
    assert picture.size == (1920, 1080)
    assert read_code(picture) == (1, NOON)


async def test_a_camera_that_is_unplugged_has_no_picture_and_gets_it_back(
    client: Client, recorder: SimulatedRecorder
) -> None:
    recorder.camera(3).online = False
    status, body = await client.get("/ISAPI/Streaming/channels/301/picture")
    assert status == 500
    assert tree(body).findtext("subStatusCode") == "deviceError"
    recorder.camera(3).online = True
    assert (await client.get("/ISAPI/Streaming/channels/301/picture"))[0] == 200


async def test_thirty_cameras_are_listed_and_one_is_offline(client: Client) -> None:
    listed = tree((await client.get("/ISAPI/ContentMgmt/InputProxy/channels"))[1])
    names = [channel.findtext("name") for channel in listed.findall("InputProxyChannel")]
    assert len(names) == 30
    assert names[0] == "Cổng chính"
    states = tree((await client.get("/ISAPI/ContentMgmt/InputProxy/channels/status"))[1])
    offline = [row.findtext("id") for row in states if row.findtext("online") == "false"]
    assert offline == ["30"]


async def test_every_camera_has_a_main_stream(client: Client) -> None:
    streams = tree((await client.get("/ISAPI/Streaming/channels"))[1]).findall("StreamingChannel")
    assert [stream.findtext("id") for stream in streams][-2:] == ["2901", "3001"]


async def test_its_clock_is_ahead_by_the_offset(client: Client) -> None:
    told = tree((await client.get("/ISAPI/System/time"))[1]).findtext("localTime", "")
    assert datetime.fromisoformat(told) == NOON + CLOCK_OFFSET
    _, plain = await client.get("/ISAPI/System/time/localTime")
    assert plain.decode() == "2026-11-23T12:01:34+07:00"
    _, status = await client.get("/ISAPI/System/status")
    assert tree(status).findtext("currentDeviceTime") == plain.decode()


async def test_full_disks_are_healthy(client: Client) -> None:
    disks = tree((await client.get("/ISAPI/ContentMgmt/Storage"))[1]).findall("hddList/hdd")
    assert [(disk.findtext("status"), disk.findtext("freeSpace")) for disk in disks] == [("ok", "0")] * 2


async def test_an_unknown_path_is_not_supported(client: Client) -> None:
    status, body = await client.get("/ISAPI/System/Video/inputs/channels")
    assert status == 403
    assert tree(body).findtext("subStatusCode") == "notSupport"


async def test_an_unknown_camera_is_refused(client: Client) -> None:
    assert (await client.get("/ISAPI/Streaming/channels/9901/picture"))[0] == 400


async def test_bad_luck_is_switched_on_and_off(client: Client, recorder: SimulatedRecorder) -> None:
    path = "/ISAPI/Streaming/channels/101/picture"
    recorder.switches.busy = True
    status, body = await client.get(path)
    assert (status, tree(body).findtext("subStatusCode")) == (503, "deviceBusy")
    recorder.switches.busy = False

    recorder.switches.xml_with_200 = True
    status, body = await client.get(path)
    assert (status, tree(body).findtext("statusString")) == (200, "Device Error")
    recorder.switches.xml_with_200 = False

    recorder.switches.picture_broken = True
    _, body = await client.get(path)
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(body)).load()
    recorder.switches.picture_broken = False

    _, body = await client.get(path)
    Image.open(io.BytesIO(body)).load()


async def test_a_hanging_recorder_accepts_and_never_answers(
    client: Client, recorder: SimulatedRecorder
) -> None:
    recorder.switches.hang = True
    with pytest.raises(TimeoutError):
        await client.session.get(
            client.url("/ISAPI/System/deviceInfo"), timeout=aiohttp.ClientTimeout(total=0.2)
        )
    recorder.switches.hang = False
    assert (await client.get("/ISAPI/System/deviceInfo"))[0] == 200


async def test_without_power_it_refuses_and_comes_back_on_the_same_port(
    client: Client, recorder: SimulatedRecorder
) -> None:
    port = recorder.http_port
    await recorder.power_off()
    assert not recorder.powered
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.get("/ISAPI/System/deviceInfo")
    await recorder.power_on()
    assert recorder.http_port == port
    assert (await client.get("/ISAPI/System/deviceInfo"))[0] == 200


async def test_a_lost_camera_is_an_event_between_heartbeats(
    client: Client, recorder: SimulatedRecorder
) -> None:
    async with client.session.get(client.url("/ISAPI/Event/notification/alertStream")) as stream:
        first = await stream.content.readuntil(b"</EventNotificationAlert>")
        recorder.camera(4).online = False
        second = await stream.content.readuntil(b"</EventNotificationAlert>")
    assert b"<eventState>inactive</eventState>" in first
    assert b"<channelID>4</channelID>" in second
    assert b"<eventState>active</eventState>" in second


async def test_ten_askers_at_once_are_counted(client: Client, recorder: SimulatedRecorder) -> None:
    recorder.switches.delay_seconds = 0.05
    await asyncio.gather(*(client.get("/ISAPI/System/deviceInfo") for _ in range(10)))
    assert recorder.calls["device"] == 10
    assert recorder.max_in_flight == 10


def test_the_clock_handed_in_decides(clock: Clock) -> None:
    clock.advance(days=1)
    assert clock.now() - NOON == timedelta(days=1)
    assert clock.now().tzinfo is UTC
