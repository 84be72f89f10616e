"""The endless stream of events: lost cameras, and a heartbeat that looks like one."""

import asyncio
from contextlib import suppress

from aiohttp import web

from simulator.recorder.isapi.xml import NAMESPACE, node, text
from simulator.recorder.model import RecorderModel
from simulator.recorder.switches import Switches
from simulator.recorder.wall_clock import WallClock

_BOUNDARY = "boundary"
_HEARTBEAT_SECONDS = 10.0


class AlertStream:
    """Everyone who listens, and what is told to them. `videoloss inactive` is repeated as a sign of life."""

    def __init__(self, model: RecorderModel, clock: WallClock, switches: Switches) -> None:
        self._switches = switches
        self._model = model
        self._clock = clock
        self._listeners: set[asyncio.Queue[bytes]] = set()

    def camera_changed(self, number: int, *, lost: bool) -> None:
        """Tell that a camera's picture was lost or came back."""
        for listener in self._listeners:
            listener.put_nowait(self._part(number, "active" if lost else "inactive"))

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Stream until the listener leaves."""
        answer = web.StreamResponse(headers={"Content-Type": f"multipart/mixed; boundary={_BOUNDARY}"})
        await answer.prepare(request)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            part = self._part(1, "inactive")
            while True:
                await answer.write(part)
                part = self._part(1, "inactive")
                with suppress(TimeoutError):
                    part = await asyncio.wait_for(
                        queue.get(), self._switches.heartbeat_seconds or _HEARTBEAT_SECONDS
                    )
        finally:
            self._listeners.discard(queue)

    def _part(self, number: int, state: str) -> bytes:
        shown = self._clock.shown(self._model.now()).replace(microsecond=0).isoformat()
        body = node(
            "EventNotificationAlert",
            text("ipAddress", "192.168.1.64"),
            text("protocol", "HTTP"),
            text("channelID", number),
            text("dateTime", shown),
            text("activePostCount", 1 if state == "active" else 0),
            text("eventType", "videoloss"),
            text("eventState", state),
            text("eventDescription", "videoloss alarm"),
            version="2.0",
            xmlns=NAMESPACE,
        ).encode()
        head = f"--{_BOUNDARY}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body + b"\r\n"
