"""`eventManager.cgi?action=attach`: an endless stream of lost and returning cameras, and heartbeats."""

import asyncio
from contextlib import suppress

from aiohttp import web

from simulator.recorder.dahua.answers import malformed
from simulator.recorder.dahua.switches import DahuaSwitches

_BOUNDARY = "myboundary"


class EventStream:
    """Everyone who listens, and what is told to them."""

    def __init__(self, switches: DahuaSwitches) -> None:
        self._switches = switches
        self._listeners: set[asyncio.Queue[str]] = set()

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def camera_changed(self, number: int, *, lost: bool) -> None:
        """Tell that a camera's picture was lost or came back."""
        for listener in self._listeners:
            listener.put_nowait(f"Code=VideoLoss;action={'Start' if lost else 'Stop'};index={number - 1}")

    async def serve(self, request: web.Request, query: dict[str, str]) -> web.StreamResponse:
        """Stream until the listener leaves."""
        codes = query.get("codes", "").strip("[]").split(",")
        if not query.get("heartbeat", "5").isdigit():
            raise malformed()
        heartbeat_seconds = self._switches.heartbeat_seconds or float(query.get("heartbeat", "5"))
        answer = web.StreamResponse(
            headers={"Content-Type": f"multipart/x-mixed-replace; boundary={_BOUNDARY}"}
        )
        await answer.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while True:
                body = "Heartbeat"
                with suppress(TimeoutError):
                    body = await asyncio.wait_for(queue.get(), heartbeat_seconds)
                if body == "Heartbeat" or {"All", "VideoLoss"} & set(codes):
                    await answer.write(_part(body))
        finally:
            self._listeners.discard(queue)


def _part(body: str) -> bytes:
    head = f"--{_BOUNDARY}\r\nContent-Type: text/plain\r\nContent-Length:{len(body)}\r\n\r\n"
    return f"{head}{body}\r\n\r\n".encode()
