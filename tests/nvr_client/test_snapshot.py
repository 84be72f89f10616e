import asyncio
import contextlib
import io
import socket
import time

import pytest
from aiohttp import web
from PIL import Image

from nvr_client import snapshot, transport
from nvr_client.errors import BadAnswer, Busy, CameraOffline, NotSupported, TooSlow, Unreachable
from simulator.footage.code import read_code
from simulator.recorder import SimulatedRecorder
from tests.nvr_client.conftest import NOON, Clock, ScriptedDevice, Site, until

PICTURE = "/ISAPI/Streaming/channels/101/picture"
PROXY = "/ISAPI/ContentMgmt/StreamingProxy/channels/101/picture"
ONLINE = "/ISAPI/ContentMgmt/InputProxy/channels/status"


async def test_a_picture_shows_the_camera_that_was_asked_now(site: Site) -> None:
    taken = await site.connect().snapshot(4)
    assert read_code(Image.open(io.BytesIO(taken))) == (4, NOON)


async def test_ten_people_who_ask_for_one_camera_cause_one_fetch(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = site.connect()
    pictures = await asyncio.gather(*(client.snapshot(1) for _ in range(10)))
    assert len(set(pictures)) == 1
    assert recorder.calls["picture"] == 1


async def test_who_leaves_does_not_end_the_fetch_for_the_others(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = site.connect()
    recorder.switches.delay_seconds = 0.2
    first = asyncio.create_task(client.snapshot(1))
    second = asyncio.create_task(client.snapshot(1))
    await until(lambda: 1 in client._flights and client._flights[1].passengers == 2)
    first.cancel()
    assert (await second).startswith(b"\xff\xd8")
    assert recorder.calls["picture"] == 1
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_when_all_have_left_the_fetch_ends(scripted_site: Site, device: ScriptedDevice) -> None:
    ended: list[bool] = []

    async def hang(_request: web.Request, _body: bytes) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)
        return ""

    device.on("GET", PICTURE, hang)
    task = asyncio.create_task(scripted_site.connect().snapshot(1))
    await until(lambda: device.asked[f"GET {PICTURE}"] == 1)
    task.cancel()
    await until(lambda: ended == [True])


async def test_no_more_than_the_cap_are_in_flight(site: Site, recorder: SimulatedRecorder) -> None:
    client = site.connect(max_parallel=2)
    recorder.switches.delay_seconds = 0.05
    await asyncio.gather(*(client.snapshot(channel) for channel in range(1, 7)))
    assert recorder.calls["picture"] == 6
    assert recorder.max_in_flight == 2


async def test_the_way_that_worked_is_tried_first_next_time(
    scripted_site: Site, device: ScriptedDevice, picture: bytes
) -> None:
    device.on(
        "GET",
        PICTURE,
        "<ResponseStatus><statusCode>6</statusCode><subStatusCode>badXmlContent</subStatusCode></ResponseStatus>",
    )
    device.on("GET", PROXY, picture)
    client = scripted_site.connect()
    assert await client.snapshot(1) == picture
    assert await client.snapshot(1) == picture
    assert device.asked[f"GET {PICTURE}"] == 1
    assert device.asked[f"GET {PROXY}"] == 2


async def test_a_key_frame_of_the_live_stream_is_the_last_way(
    site: Site, recorder: SimulatedRecorder
) -> None:
    recorder.switches.picture_broken = True
    client = site.connect()
    taken = await client.snapshot(3)
    shown = read_code(Image.open(io.BytesIO(taken)))
    assert shown is not None
    assert shown[0] == 3
    assert recorder.calls["rtsp_live"] == 1


async def test_half_a_picture_is_no_picture(
    scripted_site: Site, device: ScriptedDevice, picture: bytes
) -> None:
    client = scripted_site.connect()
    device.on("GET", PICTURE, picture)
    assert await client.snapshot(1) == picture
    device.on("GET", PICTURE, picture[: len(picture) // 2])
    with pytest.raises(BadAnswer):
        await client.snapshot(1)


@pytest.mark.parametrize("status", [200, 403, 404, 500, 503])
async def test_a_camera_that_the_recorder_does_not_reach_is_offline_whatever_the_error_is(
    status: int, scripted_site: Site, device: ScriptedDevice
) -> None:
    error = "<ResponseStatus><statusCode>3</statusCode></ResponseStatus>"
    device.on("GET", PICTURE, lambda _r, _b: web.Response(status=status, text=error))
    listed = "<L><S><id>1</id><online>{}</online></S></L>"
    device.on("GET", ONLINE, listed.format("false"))
    with pytest.raises(CameraOffline):
        await scripted_site.connect().snapshot(1)
    device.on("GET", ONLINE, listed.format("true"))
    with pytest.raises(BadAnswer):
        await scripted_site.connect().snapshot(1)


async def test_an_unplugged_camera_is_offline_and_the_others_are_not(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = site.connect()
    recorder.camera(2).online = False
    with pytest.raises(CameraOffline):
        await client.snapshot(2)
    assert await client.snapshot(1)
    assert site.changes == []


async def test_a_busy_recorder_says_so_and_is_not_asked_in_other_ways(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    device.on("GET", PICTURE, lambda _r, _b: web.Response(status=503))
    with pytest.raises(Busy):
        await scripted_site.connect().snapshot(1)
    assert not device.asked[f"GET {PROXY}"]


async def test_a_channel_that_the_device_does_not_know_is_not_supported(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    with pytest.raises(NotSupported):
        await scripted_site.connect().snapshot(77)


async def test_a_dead_recorder_is_told_within_two_seconds_and_its_return_once(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = site.connect()
    await client.snapshot(1)
    await recorder.power_off()
    began = time.monotonic()
    outcomes = await asyncio.gather(*(client.snapshot(n) for n in range(1, 7)), return_exceptions=True)
    assert time.monotonic() - began < 2
    assert all(isinstance(outcome, Unreachable) for outcome in outcomes)
    await recorder.power_on()
    await client.snapshot(1)
    await client.snapshot(2)
    assert site.changes == [("dau-ghi-1", "lost"), ("dau-ghi-1", "back")]


async def test_an_address_that_swallows_connections_is_told_within_two_seconds(clock: Clock) -> None:
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # more than the queue holds, so that further ones are left unanswered
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(port.getsockname())
        site = Site(clock, port.getsockname()[1], port.getsockname()[1])
        client = site.connect(max_parallel=2)
        began = time.monotonic()
        outcomes = await asyncio.gather(*(client.snapshot(n) for n in range(1, 7)), return_exceptions=True)
        assert time.monotonic() - began < 2
        await client.aclose()
    assert {type(outcome) for outcome in outcomes} == {Unreachable}
    assert site.changes == [("dau-ghi-1", "lost")]


async def test_a_hanging_recorder_is_told_to_everybody_within_six_seconds(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = site.connect(max_parallel=2)
    recorder.switches.hang = True
    began = time.monotonic()
    outcomes = await asyncio.gather(*(client.snapshot(n) for n in range(1, 7)), return_exceptions=True)
    assert time.monotonic() - began < 6
    assert all(isinstance(outcome, TooSlow) for outcome in outcomes)


async def test_a_picture_that_hangs_leaves_time_for_a_key_frame_and_ends_in_time(
    scripted_site: Site, device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "TOTAL_SECONDS", 0.6)
    monkeypatch.setattr(snapshot, "SAVED_SECONDS", 0.3)
    monkeypatch.setattr(transport, "CONNECT_SECONDS", 0.2)

    async def hang(_request: web.Request, _body: bytes) -> str:
        await asyncio.Event().wait()
        return ""

    device.on("GET", PICTURE, hang)
    began = time.monotonic()
    with pytest.raises((TooSlow, Unreachable)):
        await scripted_site.connect().snapshot(1)
    assert time.monotonic() - began < 2
    assert not device.asked[f"GET {PROXY}"]
