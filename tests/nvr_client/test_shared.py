import asyncio
import time

import pytest
from aiohttp import web

from nvr_client import cameras_pace, shared, snapshot
from nvr_client.errors import TooSlow
from tests.nvr_client.conftest import ScriptedDevice, Site, until


def pictures(device: ScriptedDevice, picture: bytes, hanging: set[int]) -> None:
    async def answer(request: web.Request, _body: bytes) -> bytes:
        if int(request.path.split("/")[4]) // 100 in hanging:
            await asyncio.Event().wait()
        return picture

    for channel in range(1, 31):
        device.on("GET", f"/ISAPI/Streaming/channels/{channel}01/picture", answer)


async def test_five_hanging_cameras_do_not_hold_up_the_others(
    scripted_site: Site, device: ScriptedDevice, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras_pace, "SLOW_AFTER_SECONDS", 0.3)
    pictures(device, picture, hanging={1, 2, 3, 4, 5})
    client = scripted_site.connect(max_parallel=4)
    hung = [asyncio.create_task(client.snapshot(channel)) for channel in range(1, 6)]
    began = time.monotonic()
    assert await asyncio.gather(*(client.snapshot(channel) for channel in range(6, 31))) == [picture] * 25
    assert time.monotonic() - began < 2
    outcomes = await asyncio.gather(*hung, return_exceptions=True)
    assert all(isinstance(outcome, Exception) for outcome in outcomes)
    assert time.monotonic() - began < 7
    assert scripted_site.changes == []
    hung = [asyncio.create_task(client.snapshot(channel)) for channel in range(1, 6)]
    began = time.monotonic()
    assert await asyncio.gather(*(client.snapshot(channel) for channel in range(6, 31))) == [picture] * 25
    assert time.monotonic() - began < 0.25  # now they are known, and take nobody's place
    assert not any(task.done() for task in hung)
    outcomes = await asyncio.gather(*hung, return_exceptions=True)
    assert all(isinstance(outcome, TooSlow) for outcome in outcomes)
    assert time.monotonic() - began < 6.2


async def test_a_camera_that_hung_is_asked_like_any_other_once_it_is_quick_again(
    scripted_site: Site, device: ScriptedDevice, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "TOTAL_SECONDS", 0.4)
    monkeypatch.setattr(snapshot, "SAVED_SECONDS", 0.1)
    hanging = {1}
    pictures(device, picture, hanging=hanging)
    client = scripted_site.connect(max_parallel=1)
    with pytest.raises(TooSlow):
        await client.snapshot(1)
    hanging.clear()
    assert await client.snapshot(1) == picture
    assert await asyncio.gather(*(client.snapshot(channel) for channel in (1, 2))) == [picture] * 2


async def test_waiting_ends_when_the_recorder_gets_nothing_done(
    scripted_site: Site, device: ScriptedDevice, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "PATIENCE_SECONDS", 0.4)
    pictures(device, picture, hanging=set(range(1, 31)) - {3})
    client = scripted_site.connect(max_parallel=2)
    await client.snapshot(3)
    began = time.monotonic()
    hanging = (channel for channel in range(1, 31) if channel != 3)
    outcomes = await asyncio.gather(
        *(client.snapshot(channel) for channel in hanging), return_exceptions=True
    )
    assert all(isinstance(outcome, TooSlow) for outcome in outcomes)
    assert time.monotonic() - began < 2
    assert await client.snapshot(3) == picture


async def test_a_place_in_the_queue_that_is_left_goes_to_the_next(
    scripted_site: Site, device: ScriptedDevice, picture: bytes
) -> None:
    pictures(device, picture, hanging={1})
    client = scripted_site.connect(max_parallel=1)
    first = asyncio.create_task(client.snapshot(1))
    await until(lambda: device.asked["GET /ISAPI/Streaming/channels/101/picture"] == 1)
    second = asyncio.create_task(client.snapshot(2))
    third = asyncio.create_task(client.snapshot(3))
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    assert await third == picture
    assert await client.snapshot(4) == picture


async def test_closing_ends_what_is_in_flight(
    scripted_site: Site, device: ScriptedDevice, picture: bytes
) -> None:
    pictures(device, picture, hanging={1})
    client = scripted_site.connect()
    task = asyncio.create_task(client.snapshot(1))
    await until(lambda: device.asked["GET /ISAPI/Streaming/channels/101/picture"] == 1)
    await client.aclose()
    with pytest.raises(asyncio.CancelledError):
        await task
