from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from nvr_client._vendors.dahua.cgi import READ_ONLY
from nvr_client._vendors.hikvision.transport import is_listed
from nvr_client.detection import CGI, ISAPI, ONVIF, detect
from nvr_client.errors import AccessRefused, NotSupported, TooSlow, Unreachable
from nvr_client.factory import VENDORS
from nvr_client.settings import RecorderSettings
from simulator.recorder import SimulatedRecorder
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.dahua import SimulatedDahuaRecorder
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.nvr_client.conftest import PASSWORD, USERNAME, Clock, ScriptedDevice, Site

SIMULATORS: dict[str, Callable[..., PoweredRecorder]] = {
    "hikvision": SimulatedRecorder,
    "dahua": SimulatedDahuaRecorder,
    "onvif": SimulatedOnvifRecorder,
}
supported = pytest.mark.parametrize("vendor", [name for name in SIMULATORS if name in VENDORS], indirect=True)
CLOCK = "<s:Envelope><s:Body><GetSystemDateAndTimeResponse/></s:Body></s:Envelope>"
DAHUA_LOGIN = {"WWW-Authenticate": 'Digest realm="Login to 7L0A3", qop="auth", nonce="1", opaque="2"'}
OTHER_LOGIN = {"WWW-Authenticate": 'Digest realm="nvr", qop="auth", nonce="1", opaque="2"'}


def settings_of(site: Site) -> RecorderSettings:
    return RecorderSettings(
        name="dau-ghi-1",
        vendor="auto",
        host="127.0.0.1",
        http_port=site.http_port,
        username=USERNAME,
        password=PASSWORD,
    )


@pytest.fixture(params=SIMULATORS)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def recorder(vendor: str, clock: Clock) -> AsyncIterator[PoweredRecorder]:
    async with SIMULATORS[vendor](username=USERNAME, password=PASSWORD, now=clock.now) as running:
        yield running


async def test_each_language_is_told_without_a_login(
    site: Site, vendor: str, recorder: PoweredRecorder
) -> None:
    assert await detect(settings_of(site)) == vendor
    assert recorder.rejected_logins == 0
    assert not recorder.calls or vendor == "onvif"


@supported
async def test_a_recorder_of_an_unknown_make_is_asked_in_its_language(
    site: Site, recorder: PoweredRecorder
) -> None:
    client = site.connect(vendor="auto")
    assert (await client.device()).model
    assert len(await client.channels()) == 30


@supported
async def test_a_wrong_password_to_an_unknown_make_is_one_rejected_login(
    site: Site, recorder: PoweredRecorder
) -> None:
    client = site.connect(vendor="auto", password="sai")
    for _ in range(3):
        with pytest.raises(AccessRefused):
            await client.device()
    assert recorder.rejected_logins == 1


@supported
async def test_silence_and_absence_are_told_like_any_other_time(
    site: Site, recorder: PoweredRecorder
) -> None:
    client = site.connect(vendor="auto")
    await recorder.power_off()
    with pytest.raises(Unreachable):
        await client.device()
    await recorder.power_on()
    recorder.switches.hang = True
    with pytest.raises(TooSlow):
        await client.device()
    recorder.switches.hang = False
    assert (await client.device()).model


@pytest.mark.parametrize(
    ("path", "answer", "expected"),
    [
        (ISAPI, web.Response(status=401, headers=OTHER_LOGIN), "hikvision"),
        (ISAPI, web.Response(text="<DeviceInfo><model>M</model></DeviceInfo>"), "hikvision"),
        (ISAPI, web.Response(status=401, headers=DAHUA_LOGIN), "dahua"),
        (CGI, web.Response(status=401, headers=OTHER_LOGIN), "dahua"),
        (CGI, web.Response(text="type=DH-NVR608H\r\n"), "dahua"),
        (CGI, web.Response(status=403, text='{"ErrorCode":268632081,"RmLock":1800}'), "dahua"),
        (ONVIF, web.Response(text="<s:Envelope xmlns:s='x'><s:Body/></s:Envelope>"), "onvif"),
        (ONVIF, web.Response(status=400, text="<s:Envelope xmlns:s='x'><s:Fault/></s:Envelope>"), "onvif"),
        (ISAPI, web.Response(text="<!DOCTYPE html><html>router</html>"), None),
    ],
)
async def test_a_language_is_told_by_what_wants_a_login(
    path: str, answer: web.Response, expected: str | None, scripted_site: Site, device: ScriptedDevice
) -> None:
    device.answers.clear()
    device.on("POST" if path == ONVIF else "GET", path.partition("?")[0], answer)
    if expected is None:
        with pytest.raises(NotSupported):
            await detect(settings_of(scripted_site))
    else:
        assert await detect(settings_of(scripted_site)) == expected


async def test_a_recorder_that_wants_https_is_told_plainly_before_its_language_is_known(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    device.gate = lambda _: web.Response(status=301, headers={"Location": "https://127.0.0.1/"})
    with pytest.raises(NotSupported, match="HTTPS"):
        await detect(settings_of(scripted_site))


@pytest.mark.parametrize("tells_its_clock", [True, False])
async def test_one_that_wants_a_login_for_just_anything_is_told_by_its_clock(
    tells_its_clock: bool, scripted_site: Site, device: ScriptedDevice
) -> None:
    def gate(request: web.Request) -> web.Response | None:
        if tells_its_clock and request.path == ONVIF:
            return web.Response(text=CLOCK, content_type="application/soap+xml")
        return web.Response(status=401, headers=OTHER_LOGIN)

    device.gate = gate
    assert await detect(settings_of(scripted_site)) == ("onvif" if tells_its_clock else "hikvision")


async def test_only_three_things_are_asked_none_with_a_login_and_none_that_changes_anything(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    device.answers.clear()
    carried: list[str] = []

    def gate(request: web.Request) -> None:
        carried.extend(name for name in ("Authorization", "Cookie") if name in request.headers)

    device.gate = gate
    with pytest.raises(NotSupported):
        await detect(settings_of(scripted_site))
    listed = {f"GET {ISAPI}", f"GET {CGI.partition('?')[0]}", f"POST {ONVIF}"}
    assert set(device.asked) == listed
    assert is_listed("GET", ISAPI)
    assert CGI.partition("=")[2] in READ_ONLY["magicBox"]
    asked = b"".join(device.bodies)
    assert b"GetSystemDateAndTime" in asked
    assert b"Security" not in asked
    assert carried == []
