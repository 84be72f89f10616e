"""A login that is kept: what tells a changed password from a missing right, and when a nonce is renewed."""

import asyncio
import re
import time
from collections import Counter
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from aiohttp import web

from nvr_client import transport
from nvr_client.errors import AccessRefused, LoginBlocked, NotAllowed
from simulator.recorder import SimulatedRecorder
from tests.nvr_client.conftest import ScriptedDevice, Site

STORAGE = "/ISAPI/ContentMgmt/Storage"
PICTURE = "/ISAPI/Streaming/channels/101/picture"


async def test_a_missing_right_stops_only_what_it_is_for_and_is_asked_for_once(
    scripted_site: Site, device: ScriptedDevice, picture: bytes
) -> None:
    refused = Counter[str]()

    def gate(request: web.Request) -> web.Response | None:
        carried = "Authorization" in request.headers
        if carried and request.path != STORAGE:
            return None
        refused[request.path] += carried
        value = 'Digest realm="R", nonce="n", qop="auth"'
        return web.Response(status=401, headers={"WWW-Authenticate": value})

    device.gate = gate
    device.on("GET", PICTURE, picture)
    client = scripted_site.connect()
    for _ in range(3):
        with pytest.raises(NotAllowed):
            await client.storage()
        assert await client.snapshot(1) == picture
    assert refused.total() == refused[STORAGE] == 1
    assert not client.blocked
    assert scripted_site.changes == []


async def test_missing_rights_of_many_cameras_are_found_one_by_one_with_a_good_login_between(
    scripted_site: Site, device: ScriptedDevice, picture: bytes
) -> None:
    taken: list[bool] = []

    def gate(request: web.Request) -> web.Response | None:
        if "Authorization" not in request.headers:
            value = 'Digest realm="R", nonce="n", qop="auth"'
            return web.Response(status=401, headers={"WWW-Authenticate": value})
        taken.append("picture" not in request.path or request.path == PICTURE)
        return None if taken[-1] else web.Response(status=401)

    device.gate = gate
    device.on("GET", PICTURE, picture)
    client = scripted_site.connect(max_parallel=1)
    assert await client.snapshot(1) == picture
    outcomes = await asyncio.gather(*(client.snapshot(n) for n in range(1, 7)), return_exceptions=True)
    assert outcomes[0] == picture
    assert all(isinstance(outcome, NotAllowed) for outcome in outcomes[1:])
    assert not any(one is False and other is False for one, other in pairwise(taken))


async def test_a_password_changed_before_a_rush_of_requests_is_sent_once(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = site.connect()
    await asyncio.gather(*(client.snapshot(channel) for channel in (1, 2, 3)))
    recorder.gate.password_ok = False
    # Cameras seen before and not, at once.
    outcomes = await asyncio.gather(*(client.snapshot(n) for n in range(1, 7)), return_exceptions=True)
    assert all(isinstance(outcome, AccessRefused) for outcome in outcomes)
    assert recorder.rejected_logins == 1
    assert site.changes == [("dau-ghi-1", "blocked")]


async def test_a_password_changed_before_something_new_is_asked_is_sent_once(
    site: Site, recorder: SimulatedRecorder, tmp_path: Path
) -> None:
    client = site.connect()
    await client.device()
    recorder.gate.password_ok = False
    with pytest.raises(AccessRefused):
        await client.live_clip(1, timedelta(seconds=1), tmp_path / "live.mp4")
    outcomes = await asyncio.gather(client.oldest(1), client.storage(), return_exceptions=True)
    assert all(isinstance(outcome, LoginBlocked) for outcome in outcomes)
    assert recorder.rejected_logins == 1
    assert client.blocked


async def test_a_rush_of_pictures_needs_one_login_and_no_wait_for_it(
    site: Site, recorder: SimulatedRecorder
) -> None:
    client = site.connect(max_parallel=8)
    await client.snapshot(1)
    recorder.calls.clear()
    recorder.switches.delay_seconds = 0.5
    began = time.monotonic()
    await asyncio.gather(*(client.snapshot(channel) for channel in range(1, 7)))
    assert time.monotonic() - began < 1.4  # the first one's rights were not known yet: once to prove, once
    began = time.monotonic()
    await asyncio.gather(*(client.snapshot(channel) for channel in range(1, 7)))
    assert time.monotonic() - began < 0.9
    assert recorder.calls["device"] <= 1


async def test_a_nonce_that_is_old_is_replaced_without_a_login(
    scripted_site: Site, device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "NONCE_SECONDS", 0.0)
    nonces = count(1)
    carried: list[str] = []

    def gate(request: web.Request) -> web.Response | None:
        if "Authorization" in request.headers:
            carried.append(re.findall(r'nonce="(\d+)"', request.headers["Authorization"])[0])
            return None
        value = f'Digest realm="R", nonce="{next(nonces)}", qop="auth"'
        return web.Response(status=401, headers={"WWW-Authenticate": value})

    device.gate = gate
    client = scripted_site.connect()
    for _ in range(3):
        await client.device()
    assert carried == sorted(carried, key=int)
    assert len(set(carried)) == 3


async def test_a_device_that_takes_every_nonce_once_is_asked_for_one_each_time(
    scripted_site: Site, device: ScriptedDevice, picture: bytes
) -> None:
    free: set[str] = set()
    nonces = count(1)
    rejected = 0

    def gate(request: web.Request) -> web.Response | None:
        nonlocal rejected
        given = re.findall(r'nonce="(\d+)"', request.headers.get("Authorization", ""))
        if given and given[0] in free:
            free.remove(given[0])
            return None
        rejected += bool(given)
        free.add(str(nonce := next(nonces)))
        return web.Response(
            status=401, headers={"WWW-Authenticate": f'Digest realm="R", nonce="{nonce}", qop="auth"'}
        )

    device.gate = gate
    for channel in range(1, 7):
        device.on("GET", f"/ISAPI/Streaming/channels/{channel}01/picture", picture)
    client = scripted_site.connect()
    assert await client.snapshot(1) == picture
    found_out = rejected
    taken = await asyncio.gather(*(client.snapshot(n) for n in range(1, 7)))
    assert taken == [picture] * 6
    assert rejected == found_out <= 2
    assert not client.blocked
