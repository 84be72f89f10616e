"""The HTTP server of the recorder: who may ask, what is counted, which request goes where. All is GET."""

import asyncio
import json
from collections import Counter

from aiohttp import web

from simulator.footage.render import snapshot
from simulator.footage.stream import FootageStore
from simulator.recorder.dahua import about
from simulator.recorder.dahua.answers import (
    AUTHORITY_FAILURE,
    BAD_REQUEST,
    Refusal,
    malformed,
    plain,
    query_of,
    unsupported,
)
from simulator.recorder.dahua.events import EventStream
from simulator.recorder.dahua.load_file import load_file
from simulator.recorder.dahua.media_find import MediaFind
from simulator.recorder.dahua.switches import DahuaSwitches
from simulator.recorder.digest import DigestGate, Login
from simulator.recorder.model import RecorderModel
from simulator.recorder.wall_clock import WallClock

_LOCKED_CODE = 268_632_081


class Cgi:
    """The CGI endpoints over a recording model.

    Attributes:
        calls: how often each script and action was reached by someone who was let in.
        asked: path and query of every request that was let in, in order.
        in_flight: requests being answered now.
        max_in_flight: the most there have been at once.
        media_find: the open searches.
        events: the event stream.
    """

    def __init__(
        self,
        *,
        model: RecorderModel,
        clock: WallClock,
        gate: DigestGate,
        store: FootageStore,
        switches: DahuaSwitches,
        calls: Counter[str],
    ) -> None:
        self.calls = calls
        self.asked: list[str] = []
        self.in_flight = 0
        self.max_in_flight = 0
        self.media_find = MediaFind(model, clock, switches)
        self.events = EventStream(switches)
        self._model = model
        self._clock = clock
        self._gate = gate
        self._store = store
        self._switches = switches
        self._taking = 0

    def application(self) -> web.Application:
        """An aiohttp application that answers every path."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        try:
            return await self._answer_or_refuse(request)
        finally:
            self.in_flight -= 1

    async def _answer_or_refuse(self, request: web.Request) -> web.StreamResponse:
        if self._switches.hang:
            await asyncio.Event().wait()
        if self._switches.delay_seconds:
            await asyncio.sleep(self._switches.delay_seconds)
        if not request.path.startswith("/cgi-bin/"):
            return plain("Not Found", 404)
        refused = self._turned_away(request)
        if refused is not None:
            return refused
        if self._switches.busy:
            return plain("Service Unavailable", 503)
        if self._switches.xml_with_200:
            return plain(BAD_REQUEST)
        self.asked.append(request.raw_path)
        answer = await self._answer_by_script(request)
        if isinstance(answer, web.Response) and answer.content_type == "text/plain":
            answer.text = self._as_printed(answer.text or "")
        return answer

    def _as_printed(self, text: str) -> str:
        if self._switches.bare_line_feeds:
            text = text.replace("\r\n", "\n")
        return self._switches.text_begins_with + text

    async def _answer_by_script(self, request: web.Request) -> web.StreamResponse:
        try:
            if request.method != "GET":
                raise malformed()
            return await self._dispatch(request, query_of(request.raw_path))
        except Refusal as refusal:
            status = 200 if self._switches.errors_with_200 and refusal.body.startswith("Error") else None
            return plain(refusal.body, status or refusal.status)

    def _turned_away(self, request: web.Request) -> web.Response | None:
        address = request.remote or ""
        login = self._gate.check(
            address=address,
            method=request.method,
            authorization=request.headers.get("Authorization"),
            target=request.raw_path if self._switches.exact_login_uri else None,
        )
        if login is Login.ACCEPTED:
            return None
        locked = self._gate.locked_for(address)
        if locked:
            told = {
                "ErrorCode": _LOCKED_CODE,
                "Result": False,
                "RmLock": int(locked.total_seconds()),
                "RmLogin": 0,
            }
            return web.Response(status=403, text=json.dumps(told), content_type="application/json")
        answer = plain("Invalid Authority!", 401)
        answer.headers["WWW-Authenticate"] = self._gate.challenge(stale=login is Login.STALE)
        return answer

    async def _dispatch(self, request: web.Request, query: dict[str, str]) -> web.StreamResponse:
        script = request.path.removeprefix("/cgi-bin/").removesuffix(".cgi")
        action = query.get("action", "")
        name = f"{script}.{action}" if action else script
        self.calls[name] += 1
        if name in self._switches.refused_actions:
            raise Refusal(403, AUTHORITY_FAILURE)
        match script, action:
            case "mediaFileFind", _:
                return self.media_find.answer(action, query)
            case "snapshot", _:
                return await self._snapshot(query)
            case "eventManager", "attach":
                return await self.events.serve(request, query)
            case "loadfile", "startLoad":
                return await load_file(request, query, self._model, self._clock, self._store, self._switches)
            case _:
                return self._about(script, action, query)

    def _about(self, script: str, action: str, query: dict[str, str]) -> web.Response:
        model, switches = self._model, self._switches
        match script, action:
            case "magicBox", _:
                return about.magic_box(action, switches)
            case "configManager", "getConfig":
                return about.config(query.get("name", ""), model, switches)
            case "LogicDeviceManager", "getCameraAll":
                return about.camera_all(model, switches)
            case "LogicDeviceManager", "getCameraState":
                return about.camera_state(model, switches)
            case "eventManager", "getEventIndexes":
                return about.video_loss(model, switches)
            case "storageDevice", "getDeviceAllInfo":
                return about.storage(switches)
            case "global", "getCurrentTime":
                return about.current_time(model, self._clock, switches)
            case _:
                raise unsupported()

    async def _snapshot(self, query: dict[str, str]) -> web.Response:
        channel = query.get("channel", "")
        camera = self._model.cameras.get(int(channel)) if channel.isdigit() else None
        if camera is None or not camera.online or camera.number in self._switches.onvif_cameras:
            raise malformed()
        if self._taking and self._switches.one_snapshot_at_a_time:
            raise malformed()
        self._taking += 1
        try:
            if camera.number in self._switches.hanging_snapshots:
                await asyncio.Event().wait()
            jpeg = await asyncio.to_thread(snapshot, camera.view, self._model.now())
        finally:
            self._taking -= 1
        if self._switches.picture_broken:
            jpeg = jpeg[: len(jpeg) // 2]
        return web.Response(body=jpeg, content_type="image/jpeg")
