"""The HTTP server of the recorder: who may ask, what is counted, which request goes where."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from simulator.footage.render import snapshot
from simulator.footage.stream import FootageStore
from simulator.recorder.digest import DigestGate, Login
from simulator.recorder.isapi import device_info, download, search
from simulator.recorder.isapi.dress import dressed
from simulator.recorder.isapi.events import AlertStream
from simulator.recorder.isapi.switches import IsapiSwitches
from simulator.recorder.isapi.xml import Refusal, document, response_status, text
from simulator.recorder.model import RecorderModel
from simulator.recorder.wall_clock import WallClock

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_WIDEST = 1920
_NARROWEST = 160


class Isapi:
    """The ISAPI endpoints over a recording model.

    Attributes:
        calls: how often each endpoint was reached by someone who was let in.
        in_flight: requests being answered now.
        max_in_flight: the most there have been at once.
        alerts: the event stream.
    """

    def __init__(
        self,
        *,
        model: RecorderModel,
        clock: WallClock,
        gate: DigestGate,
        store: FootageStore,
        switches: IsapiSwitches,
        calls: Counter[str],
    ) -> None:
        self.calls = calls
        self.in_flight = 0
        self.max_in_flight = 0
        self.alerts = AlertStream(model, clock, switches)
        self._model = model
        self._clock = clock
        self._gate = gate
        self._store = store
        self._switches = switches
        self._logins = 0
        self._up_since: datetime = model.now()
        self._routes = self._table()

    def application(self) -> web.Application:
        """An aiohttp application that answers every path."""
        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        try:
            return dressed(await self._answer_or_fail(request), self._switches)
        finally:
            self.in_flight -= 1

    async def _answer_or_fail(self, request: web.Request) -> web.StreamResponse:
        if self._switches.hang:
            await asyncio.Event().wait()
        if self._switches.delay_seconds:
            await asyncio.sleep(self._switches.delay_seconds)
        refused = self._turned_away(request)
        if refused is not None:
            return refused
        if self._switches.busy:
            return self._refusal(request, "deviceBusy")
        if self._switches.xml_with_200:
            return response_status(request.path, "deviceError", http_status=200)
        for methods, pattern, name, handler in self._routes:
            if request.method in methods and pattern.fullmatch(request.path):
                self.calls[name] += 1
                if name in self._switches.refused:
                    return self._refusal(request, self._switches.refused[name])
                try:
                    return await handler(request)
                except Refusal as refusal:
                    return self._refusal(request, refusal.sub_status)
        return self._refusal(request, "notSupport")

    def _refusal(self, request: web.Request, sub_status: str) -> web.Response:
        status = 200 if self._switches.errors_with_200 else None
        return response_status(request.path, sub_status, http_status=status)

    def _turned_away(self, request: web.Request) -> web.Response | None:
        address = request.remote or ""
        login = self._gate.check(
            address=address,
            method=request.method,
            authorization=request.headers.get("Authorization"),
            target=request.raw_path,
        )
        if login is Login.ACCEPTED:
            self._logins += 1
            if not self._switches.stale_every or self._logins % self._switches.stale_every:
                return None
            login = Login.STALE
        locked = self._gate.locked_for(address)
        answer = document(
            "userCheck",
            text("statusValue", 401),
            text("statusString", "Unauthorized"),
            text("isDefaultPassword", "false"),
            text("lockStatus", "lock" if locked else "unlock"),
            text("unlockTime", int(locked.total_seconds())),
            text("retryLoginTime", self._gate.attempts_left(address)),
            status=401,
        )
        answer.headers["WWW-Authenticate"] = self._gate.challenge(stale=login is Login.STALE)
        return answer

    def _table(self) -> list[tuple[frozenset[str], re.Pattern[str], str, _Handler]]:
        model, clock, switches = self._model, self._clock, self._switches

        def ready(make: Callable[[], web.Response]) -> _Handler:
            async def handler(_request: web.Request) -> web.Response:
                return make()

            return handler

        rows: tuple[tuple[str, str, str, _Handler], ...] = (
            ("GET", "System/deviceInfo", "device", ready(device_info.device_info)),
            ("GET", "System/capabilities", "capabilities", ready(lambda: device_info.capabilities(model))),
            ("GET", "System/time", "time", ready(lambda: device_info.system_time(model, clock))),
            (
                "GET",
                "System/time/localTime",
                "local_time",
                ready(lambda: device_info.local_time(model, clock)),
            ),
            (
                "GET",
                "System/status",
                "status",
                ready(lambda: device_info.status(model, clock, self._up_since)),
            ),
            (
                "GET",
                "ContentMgmt/InputProxy/channels",
                "channels",
                ready(lambda: device_info.channels(model)),
            ),
            (
                "GET",
                "ContentMgmt/InputProxy/channels/status",
                "channel_status",
                ready(lambda: device_info.channel_status(model)),
            ),
            ("GET", "Streaming/channels", "streams", ready(lambda: device_info.streams(model))),
            ("GET", r"Streaming/channels/(\d+)/picture", "picture", self._picture),
            ("GET", r"ContentMgmt/StreamingProxy/channels/(\d+)/picture", "picture", self._picture),
            ("GET", "ContentMgmt/Storage", "storage", ready(lambda: device_info.storage(switches.bad_disk))),
            ("POST", "ContentMgmt/search", "search", self._search),
            ("POST", r"ContentMgmt/record/tracks/(\d+)/dailyDistribution", "daily", self._daily),
            ("GET", "ContentMgmt/record/tracks", "tracks", ready(lambda: search.tracks(model))),
            (
                "GET",
                "ContentMgmt/download/capabilities",
                "download_capabilities",
                ready(lambda: download.capabilities(switches)),
            ),
            ("GET POST", "ContentMgmt/download", "download", self._download),
            ("GET", "Security/userCheck", "user_check", ready(_user_check)),
            ("GET", "Event/notification/alertStream", "alert_stream", self.alerts.serve),
        )
        # Devices take paths in any case: /ISAPI/Streaming/Channels/101/picture works as well.
        return [
            (frozenset(methods.split()), re.compile("/ISAPI/" + path, re.IGNORECASE), name, handler)
            for methods, path, name, handler in rows
        ]

    async def _picture(self, request: web.Request) -> web.Response:
        number = search.channel_of_track(_number_in(request.path), self._model)
        camera = self._model.cameras[number]
        if not camera.online:
            raise Refusal("deviceError")
        if number in self._switches.hanging_cameras:
            await asyncio.Event().wait()
        size = _picture_size(request)
        still = self._switches.still
        if still is None:
            still = await asyncio.to_thread(snapshot, camera.view, self._model.now(), size)
        if self._switches.picture_broken:
            still = still[: len(still) // 2]
        return web.Response(body=still, content_type="image/jpeg")

    async def _search(self, request: web.Request) -> web.Response:
        return search.search(await request.read(), self._model, self._clock, self._switches)

    async def _daily(self, request: web.Request) -> web.Response:
        track = _number_in(request.path)
        return search.daily_distribution(track, await request.read(), self._model, self._clock)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        return await download.download(request, self._model, self._clock, self._store, self._switches)


def _user_check() -> web.Response:
    return document("userCheck", text("statusValue", 200), text("statusString", "OK"))


def _number_in(path: str) -> int:
    return int(re.findall(r"/(\d+)/", path)[-1])


def _picture_size(request: web.Request) -> tuple[int, int]:
    try:
        width = int(request.query.get("videoResolutionWidth", "1280"))
        height = int(request.query.get("videoResolutionHeight", str(width * 9 // 16)))
    except ValueError as problem:
        raise Refusal("badParameters") from problem
    if not (_NARROWEST <= width <= _WIDEST and 0 < height <= _WIDEST):
        raise Refusal("badParameters")
    return width, height
