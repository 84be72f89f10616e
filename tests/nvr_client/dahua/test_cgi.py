import re

import pytest
from aiohttp import web

from nvr_client._vendors.dahua.cgi import READ_ONLY, Malformed, NothingThere, error_of, path_of
from nvr_client.errors import (
    AccessRefused,
    BadAnswer,
    Busy,
    LoginBlocked,
    NotAllowed,
    NotSupported,
    RecorderError,
)
from nvr_client.protocol import Span
from nvr_client.transport import Answer
from simulator.recorder.dahua import SimulatedDahuaRecorder
from tests.nvr_client.conftest import NOON, START, ScriptedDevice, Site, span
from tests.nvr_client.dahua.conftest import ScriptedCgi


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, "Error\r\nBad Request!\r\n", Malformed),
        (200, "Error\r\nBad Request!\r\n", Malformed),
        (501, "Error\r\nNot Implemented!\r\n", NotSupported),
        (200, "Error\r\nNot Implemented!\r\n", NotSupported),
        (200, "Error: Error -1 getting param in name=Nonsense", NotSupported),
        (200, "Error: No Events", NothingThere),
        (200, "ERROR\r\nwhatever", Malformed),
        (200, "\ufeff\r\n Error\r\nBad Request!", Malformed),
        (500, "Error\r\nBad Request!", Malformed),
        (403, "Authority:check failure.", NotAllowed),
        (404, "", NotSupported),
        (500, "", BadAnswer),
        (503, "", Busy),
        (302, "", NotSupported),
    ],
)
def test_an_error_is_told_by_status_or_by_a_body_that_begins_with_error(
    status: int, body: str, kind: type[RecorderError]
) -> None:
    assert type(error_of(Answer(status, "text/plain", body.encode()))) is kind


def test_a_good_answer_may_hold_the_word_error_elsewhere() -> None:
    assert error_of(Answer(200, "", b"list.info[0].Detail[0].IsError=false")) is None


def test_what_is_not_on_the_list_is_never_asked() -> None:
    assert path_of("snapshot", channel=3) == "/cgi-bin/snapshot.cgi?channel=3"
    for script, action in (("magicBox", "reboot"), ("configManager", "setConfig"), ("audio", "getAudio")):
        with pytest.raises(ValueError, match="not on the list"):
            path_of(script, action)


def test_blanks_and_indices_are_written_as_the_device_wants_them() -> None:
    find = path_of("mediaFileFind", "findFile", **{"condition.StartTime": "2026-11-01 00:00:00", "a_0": -1})
    assert find.endswith("&condition.StartTime=2026-11-01%2000:00:00&a[0]=-1")


async def test_every_request_of_every_call_is_on_the_list(
    site: Site, recorder: SimulatedDahuaRecorder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    client = site.connect()
    await client.device()
    await client.channels()
    await client.snapshot(1)
    await client.recordings(1, Span(START, NOON))
    await client.oldest(1)
    await client.export(1, span(seconds=1), tmp_path_factory.mktemp("export") / "clip")
    await client.storage()
    await client.clock()
    asked = set()
    for path in recorder.asked:
        match = re.match(r"/cgi-bin/(\w+)\.cgi\?(?:action=([\w.]+))?", path)
        assert match is not None
        asked.add((match[1], match[2] or ""))
        assert "+" not in path
    assert asked <= {(script, action) for script, actions in READ_ONLY.items() for action in actions}


async def test_a_lock_told_before_we_log_in_is_no_reason_to_send_the_password(
    scripted_site: Site, device: ScriptedDevice, cgi: ScriptedCgi
) -> None:
    locked = '{"ErrorCode":268632081,"Result":false,"RmLock":1800,"RmLogin":0}'
    headers: list[str | None] = []

    def gate(request: web.Request) -> web.Response:
        headers.append(request.headers.get("Authorization"))
        return web.Response(status=403, text=locked)

    device.gate = gate
    client = scripted_site.connect()
    with pytest.raises(AccessRefused, match="locked"):
        await client.device()
    assert set(headers) == {None}
    assert not client.blocked
    device.gate = lambda _: None
    assert (await client.device()).serial == "7L0A3"


async def test_a_lock_of_our_own_login_stops_every_request(
    scripted_site: Site, device: ScriptedDevice, cgi: ScriptedCgi
) -> None:
    def gate(request: web.Request) -> web.Response | None:
        if "Authorization" in request.headers:
            return None
        return web.Response(status=401, headers={"WWW-Authenticate": 'Digest realm="Login to 7", nonce="1"'})

    device.gate = gate
    client = scripted_site.connect()
    assert (await client.device()).serial == "7L0A3"
    cgi.answers["global.getCurrentTime"] = web.Response(status=403, text='{"RmLock": 1800}')
    with pytest.raises(AccessRefused):
        await client.clock()
    assert client.blocked
    with pytest.raises(LoginBlocked):
        await client.device()
    client.unblock()
    assert (await client.device()).serial == "7L0A3"


async def test_a_missing_right_does_not_stop_other_requests(scripted_site: Site, cgi: ScriptedCgi) -> None:
    cgi.answers["storageDevice.getDeviceAllInfo"] = web.Response(
        status=403, text="Authority:check failure.\r\n"
    )
    client = scripted_site.connect()
    with pytest.raises(AccessRefused):
        await client.storage()
    assert not client.blocked
    assert (await client.device()).serial == "7L0A3"


async def test_old_firmware_with_a_plain_login_is_read(
    scripted_site: Site, device: ScriptedDevice, cgi: ScriptedCgi
) -> None:
    seen: list[str] = []

    def gate(request: web.Request) -> web.Response | None:
        seen.append(request.headers.get("Authorization", ""))
        if seen[-1]:
            return None
        return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="7L0A3"'})

    device.gate = gate
    assert (await scripted_site.connect().device()).serial == "7L0A3"
    assert [login.split(" ")[0] for login in seen[:2]] == ["", "Basic"]


async def test_a_recorder_that_wants_https_is_told_plainly(
    scripted_site: Site, device: ScriptedDevice, cgi: ScriptedCgi
) -> None:
    device.gate = lambda _: web.Response(status=302, headers={"Location": "https://127.0.0.1/"})
    with pytest.raises(NotSupported, match="HTTPS"):
        await scripted_site.connect().device()
