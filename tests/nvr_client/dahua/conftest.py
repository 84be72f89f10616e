from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from simulator.recorder import CameraModel
from simulator.recorder.dahua import SimulatedDahuaRecorder
from tests.nvr_client.conftest import PASSWORD, USERNAME, Clock, ScriptedDevice, Site

INFO = "deviceType=31\r\nserialNumber=7L0A3\r\nupdateSerial=DHI-NVR5432\r\n"


@pytest.fixture
async def recorder(clock: Clock, cameras: list[CameraModel]) -> AsyncIterator[SimulatedDahuaRecorder]:
    async with SimulatedDahuaRecorder(
        username=USERNAME,
        password=PASSWORD,
        cameras=cameras,
        now=clock.now,
        clock_offset=timedelta(seconds=94),
    ) as running:
        running.switches.exact_login_uri = True
        yield running


@pytest.fixture
async def site(clock: Clock, recorder: SimulatedDahuaRecorder) -> AsyncIterator[Site]:
    running = Site(clock, recorder.http_port, recorder.rtsp_port, vendor="dahua")
    yield running
    for client in running.opened:
        await client.aclose()


@pytest.fixture
def scripted_site(scripted_site: Site) -> Site:
    scripted_site.vendor = "dahua"
    return scripted_site


class ScriptedCgi:
    """Says what each action is answered, a list one after the other; the rest is plausible."""

    def __init__(self, device: ScriptedDevice) -> None:
        self.answers: dict[str, str | web.Response | list[web.Response]] = {"magicBox.getSystemInfo": INFO}
        self.asked: list[str] = []
        for script in ("magicBox", "configManager", "LogicDeviceManager", "eventManager", "storageDevice"):
            device.on("GET", f"/cgi-bin/{script}.cgi", self._answer)
        for script in ("global", "mediaFileFind", "loadfile", "snapshot"):
            device.on("GET", f"/cgi-bin/{script}.cgi", self._answer)

    def _answer(self, request: web.Request, _body: bytes) -> web.Response:
        script = request.path.removeprefix("/cgi-bin/").removesuffix(".cgi")
        name = ".".join(
            part for part in (script, request.query.get("action"), request.query.get("name")) if part
        )
        self.asked.append(name)
        answer = self.answers.get(name, web.Response(status=501, text="Error\r\nNot Implemented!\r\n"))
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, str):
            return web.Response(text=answer)
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


@pytest.fixture
def cgi(device: ScriptedDevice) -> ScriptedCgi:
    return ScriptedCgi(device)
