"""The HTTP server of the ONVIF recorder: who may ask, what is counted, which request goes where."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

from simulator.footage.render import snapshot
from simulator.recorder.digest import DigestGate, Login
from simulator.recorder.model import RecorderModel
from simulator.recorder.onvif import soap
from simulator.recorder.onvif.clock import OnvifClock
from simulator.recorder.onvif.events import Events
from simulator.recorder.onvif.media import Media
from simulator.recorder.onvif.media2 import Media2
from simulator.recorder.onvif.search import Search
from simulator.recorder.onvif.services import Addresses, Services
from simulator.recorder.onvif.soap import Fault, SoapRequest
from simulator.recorder.onvif.switches import OnvifSwitches
from simulator.recorder.onvif.token import TokenGate

_Handler = Callable[[web.Request], Awaitable[web.Response]]
_Operation = Callable[[SoapRequest, Addresses], str | Awaitable[str]]

PICTURE_PATH = "/onvif-http/snapshot"
_OPEN = frozenset({"GetSystemDateAndTime", "GetServices", "GetCapabilities", "GetServiceCapabilities"})
_PROFILE_G = frozenset({"recording_service", "search_service", "replay_service"})
_ELSEWHERE = Addresses("http://192.0.2.7:8899", "rtsp://192.0.2.7:8554")
_PICTURE_SIZE = (1280, 720)
_UNAUTHORIZED = 401


class OnvifApp:
    """SOAP services and pictures over a recording model.

    Attributes:
        in_flight: requests being answered now.
        max_in_flight: the most there have been at once.
    """

    def __init__(
        self,
        *,
        model: RecorderModel,
        clock: OnvifClock,
        gate: DigestGate,
        switches: OnvifSwitches,
        calls: Counter[str],
        addresses: Callable[[], Addresses],
    ) -> None:
        self.in_flight = 0
        self.max_in_flight = 0
        self._model = model
        self._clock = clock
        self._gate = gate
        self._tokens = TokenGate(gate)
        self._switches = switches
        self._calls = calls
        self._addresses = addresses
        services, media = Services(model, clock, switches), Media(model, switches)
        media2 = Media2(media)
        search, events = Search(model, clock, switches), Events(model, clock, switches)
        self.events = events
        self._operations: dict[tuple[str, str], _Operation] = {
            ("device_service", "GetSystemDateAndTime"): services.get_system_date_and_time,
            ("device_service", "GetServices"): services.get_services,
            ("device_service", "GetCapabilities"): services.get_capabilities,
            ("device_service", "GetDeviceInformation"): services.get_device_information,
            ("media_service", "GetVideoSources"): media.get_video_sources,
            ("media_service", "GetProfiles"): media.get_profiles,
            ("media_service", "GetStreamUri"): media.get_stream_uri,
            ("media_service", "GetSnapshotUri"): media.get_snapshot_uri,
            ("media_service", "GetOSDs"): media.get_osds,
            ("media2_service", "GetProfiles"): media2.get_profiles,
            ("media2_service", "GetStreamUri"): media2.get_stream_uri,
            ("media2_service", "GetSnapshotUri"): media2.get_snapshot_uri,
            ("media2_service", "GetOSDs"): media2.get_osds,
            ("event_service", "CreatePullPointSubscription"): events.create_pull_point_subscription,
            ("pull_point", "PullMessages"): events.pull_messages,
            ("pull_point", "Renew"): events.renew,
            ("pull_point", "Unsubscribe"): events.unsubscribe,
            ("recording_service", "GetRecordings"): services.get_recordings,
            ("search_service", "GetRecordingSummary"): search.get_recording_summary,
            ("search_service", "FindRecordings"): search.find_recordings,
            ("search_service", "GetRecordingSearchResults"): search.get_recording_search_results,
            ("search_service", "FindEvents"): search.find_events,
            ("search_service", "GetEventSearchResults"): search.get_event_search_results,
            ("search_service", "EndSearch"): search.end_search,
            ("replay_service", "GetReplayUri"): services.get_replay_uri,
        }

    def application(self) -> web.Application:
        """An aiohttp application that answers every path."""
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post("/onvif/{service}", self._counted(self._soap))
        app.router.add_get(PICTURE_PATH, self._counted(self._picture))
        return app

    def _counted(self, handler: _Handler) -> _Handler:
        async def counted(request: web.Request) -> web.Response:
            self.in_flight += 1
            self.max_in_flight = max(self.max_in_flight, self.in_flight)
            try:
                if self._switches.hang:
                    await asyncio.Event().wait()
                if self._switches.delay_seconds:
                    await asyncio.sleep(self._switches.delay_seconds)
                return await handler(request)
            finally:
                self.in_flight -= 1

        return counted

    async def _soap(self, request: web.Request) -> web.Response:
        try:
            asked = soap.read(await request.read(), request.query.get("id", ""))
            response = await self._answered(request, asked)
        except Fault as fault:
            response = soap.refusal(fault)
        if self._switches.own_prefixes and response.text:
            soap.in_own_prefixes(response)
        if self._switches.faults_with_200 and response.text and response.status != _UNAUTHORIZED:
            response.set_status(200)
        return response

    async def _answered(self, request: web.Request, asked: SoapRequest) -> web.Response:
        is_open = (
            self._switches.open_services
            or asked.operation in _OPEN
            or (self._switches.open_information and asked.operation == "GetDeviceInformation")
        )
        refused = None if is_open else self._turned_away(request, asked)
        if refused is not None:
            return refused
        if self._switches.busy:
            return web.Response(status=503)
        if self._switches.xml_with_200:
            broken = soap.refusal(Fault("Action", receiver=True))
            broken.set_status(200)
            return broken
        service = request.match_info["service"]
        operation = self._operations.get((service, asked.operation))
        if operation is None or (service in _PROFILE_G and self._switches.search_missing):
            raise Fault(*soap.NOT_IMPLEMENTED, receiver=True)
        self._calls[asked.operation] += 1
        told = operation(asked, self._names())
        return soap.answer(told if isinstance(told, str) else await told)

    def _turned_away(self, request: web.Request, asked: SoapRequest) -> web.Response | None:
        address = request.remote or ""
        if self._switches.http_digest:
            return self._challenged(request)
        device_now = self._clock.told(self._model.now())
        login = self._tokens.check(address=address, header=asked.header, device_now=device_now)
        if login is Login.ACCEPTED:
            return None
        return soap.refusal(Fault(*soap.NOT_AUTHORIZED))

    def _challenged(self, request: web.Request) -> web.Response | None:
        login = self._gate.check(
            address=request.remote or "",
            method=request.method,
            authorization=request.headers.get("Authorization"),
            target=request.raw_path,
        )
        if login is Login.ACCEPTED:
            return None
        challenge = self._gate.challenge(stale=login is Login.STALE)
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})

    async def _picture(self, request: web.Request) -> web.Response:
        if not self._switches.open_snapshots:
            refused = self._challenged(request)
            if refused is not None:
                return refused
        if self._switches.busy:
            return web.Response(status=503)
        number = request.query.get("channel", "")
        camera = self._model.cameras.get(int(number)) if number.isdigit() else None
        if camera is None or not camera.online:
            return web.Response(status=500 if camera else 404)
        self._calls["snapshot"] += 1
        jpeg = await asyncio.to_thread(snapshot, camera.view, self._model.now(), _PICTURE_SIZE)
        if self._switches.picture_broken:
            jpeg = jpeg[: len(jpeg) // 2]
        return web.Response(body=jpeg, content_type="image/jpeg")

    def _names(self) -> Addresses:
        """How the device names itself in answers."""
        return _ELSEWHERE if self._switches.wrong_host else self._addresses()
