"""A diagnostics file is anonymous, and a test fixture as it is.

The files in `fixtures/` are what the probe (`bot/probe/`) writes of each pretend recorder, at `NOON` with a
clock that is 94 seconds ahead and cameras 1, 5 (kept for eleven days) and 30 (dark). A file of a real
recorder, as `./truccam recorder probe -o` writes it, can be laid beside them and is tested the same way.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from nvr_client.anonymous import Anonymous, short_hash
from nvr_client.observing import KEPT_BINARY_BYTES, Exchange
from nvr_client.protocol import Span
from simulator.recorder import SimulatedRecorder, ngoc_lam_cameras
from tests.nvr_client.conftest import PASSWORD, USERNAME, Clock, Site
from tests.nvr_client.replayed import ReplayedDevice, read_document

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.json"))
DRIFT_SLACK = timedelta(minutes=3)
"""Real clocks went on while the file was made."""


@pytest.fixture(params=FIXTURES, ids=lambda path: path.stem)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read_document(request.param)


@pytest.fixture
async def replayed(document: dict[str, Any]) -> AsyncIterator[tuple[ReplayedDevice, Site]]:
    device = ReplayedDevice(document)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", device.handle)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clock = Clock(datetime.fromisoformat(document["made"]))
    site = Site(clock, int(runner.addresses[0][1]), 1, vendor=document["vendor"])
    yield device, site
    for client in site.opened:
        await client.aclose()
    await runner.cleanup()


def test_there_is_a_fixture_of_every_vendor() -> None:
    assert {read_document(path)["vendor"] for path in FIXTURES} == {"hikvision", "dahua", "onvif"}


async def test_a_replayed_recorder_is_read_as_the_real_one_was(
    document: dict[str, Any], replayed: tuple[ReplayedDevice, Site]
) -> None:
    device, site = replayed
    client = site.connect(timezone=document["timezone"])
    results = document["results"]

    who = await client.device()
    assert {"model": who.model, "firmware": who.firmware} == document["device"]
    assert who.serial == results["serial"]

    offset = (await client.clock()).offset
    assert abs(offset.total_seconds() - results["clock_offset_seconds"]) <= DRIFT_SLACK.total_seconds()

    channels = await client.channels()
    assert [{"number": one.number, "name": one.name, "online": one.online} for one in channels] == results[
        "channels"
    ]

    for search in results["searches"]:
        asked = Span(*map(datetime.fromisoformat, search["asked"]))
        found = await client.recordings(search["channel"], asked)
        assert found, search
        for mine, then in zip(found, search["found"], strict=True):
            start, end = map(datetime.fromisoformat, then)
            assert abs(mine.start - start) <= DRIFT_SLACK
            assert abs(mine.end - end) <= DRIFT_SLACK

    for number, days in results["kept_days"].items():
        oldest = await client.oldest(int(number))
        assert oldest is not None
        assert abs((site.clock.now() - oldest) / timedelta(days=1) - days) < 0.01
    assert device.unknown == []


def test_no_picture_no_login_and_no_name_is_in_a_fixture(document: dict[str, Any]) -> None:
    written = str(document)
    names = [camera.name for camera in ngoc_lam_cameras()]
    for private in ("127.0.0.1", "uthorization':", "UsernameToken", "ffd8ff", *names):
        assert private not in written, private


SERIAL = short_hash("ABCD1234")
ANONYMOUS = {
    "password and user": (
        "<userName>admin</userName><password>Hik 12&amp;345</password> admin Hik%2012%26345",
        "<userName>SECRET</userName><password>SECRET</password> SECRET SECRET",
    ),
    "login in an address": ("rtsp://admin:x@10.0.0.9:554/a?b=1", "rtsp://192.0.2.1:554/a?b=1"),
    "login token": ("<s:Header><wsse:Security>a<b/></wsse:Security></s:Header>", "<s:Header></s:Header>"),
    "addresses, the same for the same": (
        "10.0.0.9 10.0.0.7 10.0.0.9 0.0.0.0 V4.61.025 fe80::1%",
        "192.0.2.1 192.0.2.2 192.0.2.1 0.0.0.0 V4.61.025 2001:db8::1%",
    ),
    "a firmware that looks like no address": ("4.001.0000000.1.R", "4.001.0000000.1.R"),
    "hardware address": (
        "<macAddress>44:19:b6:0a:0b:0c</macAddress>",
        "<macAddress>02:00:00:00:00:01</macAddress>",
    ),
    "time of day": ("2026-11-23T12:00:00+07:00", "2026-11-23T12:00:00+07:00"),
    "serial numbers": (
        "serialNumber=ABCD1234\r\nsn=77\r\nLogin to ABCD1234",
        f"serialNumber={SERIAL}\r\nsn={short_hash('77')}\r\nLogin to {SERIAL}",
    ),
    "challenge": (
        'Digest realm="Login to ABCD1234", nonce="n", opaque="o", qop="auth"',
        f'Digest realm="Login to {SERIAL}", nonce="x", opaque="x", qop="auth"',
    ),
    "camera names, in fields and whole": (
        "<id>1</id><name>Cổng</name><name>1</name><name>Kho</name><Location>Cổng</Location>",
        "<id>1</id><name>C01</name><name>C02</name><name>N1</name><Location>C01</Location>",
    ),
    "texts that are written into pictures": (
        "<tt:Type>Plain</tt:Type><tt:PlainText>Nhà bảo vệ</tt:PlainText>",
        "<tt:Type>Plain</tt:Type><tt:PlainText>N1</tt:PlainText>",
    ),
    "camera names in other notations": (
        'table.ChannelTitle[1].Name=1\r\n{"channelName": "Cổng"}',
        'table.ChannelTitle[1].Name=C02\r\n{"channelName": "C01"}',
    ),
    "what only looks like a name": (
        '<hddName>hdda</hddName><tt:SimpleItem Name="IsDataPresent" Value="true"/>table.Type=Camera',
        '<hddName>hdda</hddName><tt:SimpleItem Name="IsDataPresent" Value="true"/>table.Type=Camera',
    ),
}


@pytest.mark.parametrize(("told", "kept"), ANONYMOUS.values(), ids=ANONYMOUS)
def test_what_must_not_leave_the_school_is_replaced(told: str, kept: str) -> None:
    anonymous = Anonymous(
        secrets=("Hik 12&345", "admin"), host="10.0.0.9", serial="ABCD1234", cameras=[(1, "Cổng"), (2, "1")]
    )
    assert anonymous.text(told) == kept
    assert anonymous.text(kept) == kept


async def test_nobody_looks_on_unless_asked(site: Site, recorder: SimulatedRecorder) -> None:
    seen: list[Exchange] = []
    await site.connect().device()
    assert seen == []
    client = site.connect(observer=seen.append)
    await client.device()
    assert [exchange.status for exchange in seen] == [401, 200, 200]
    assert b"<model>" in seen[-1].body
    assert seen[-1].size_bytes == len(seen[-1].body)
    assert recorder.rejected_logins == 0


async def test_who_looks_on_sees_how_a_picture_begins_and_how_long_it_is(site: Site) -> None:
    seen: list[Exchange] = []
    taken = await site.connect(observer=seen.append).snapshot(1)
    assert seen[-1].size_bytes == len(taken)
    assert seen[-1].body == taken[:KEPT_BINARY_BYTES]
    assert not any(PASSWORD in str(exchange) or USERNAME in str(exchange) for exchange in seen)
