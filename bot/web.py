"""The service's own web endpoints: alive, ready, figures, and where platforms leave updates."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.channels.base import Hook

IsReady = Callable[[], bool]
Figures = Callable[[], Awaitable[dict[str, float]]]
# An update of Telegram with the longest text and all its marks has some tens of kilobytes.
LARGEST_UPDATE_BYTES = 256 * 1024
UPDATE_SECONDS = 10.0


class _Gauges(Collector):
    """Figures as they are at the moment of asking; no state of its own."""

    def __init__(self, figures: dict[str, float]) -> None:
        self._figures = figures

    def collect(self) -> list[GaugeMetricFamily]:
        """One gauge a figure."""
        return [
            GaugeMetricFamily(f"truccam_{name}", name.replace("_", " "), value=value)
            for name, value in self._figures.items()
        ]


def application(is_ready: IsReady, figures: Figures, hooks: Sequence[Hook] = ()) -> web.Application:
    """`/healthz` while the process lives, `/readyz` when every channel is up, `/metrics` for Prometheus.

    Each hook has its own path besides; what it does not admit is answered 403, unread.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        return web.Response(text="ready\n") if is_ready() else web.Response(status=503, text="starting\n")

    async def metrics(_: web.Request) -> web.Response:
        registry = CollectorRegistry()
        registry.register(_Gauges(await figures()))
        return web.Response(body=generate_latest(registry), content_type="text/plain")

    app = web.Application(client_max_size=LARGEST_UPDATE_BYTES)
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    app.add_routes([web.post(hook.path, _receiver(hook)) for hook in hooks])
    return app


def _receiver(hook: Hook) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def receive(request: web.Request) -> web.Response:
        if not hook.admits(request.headers):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(UPDATE_SECONDS):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        return web.Response(status=await hook.receive(body))

    return receive


async def serve(app: web.Application, listen: str) -> web.AppRunner:
    """Listen on `host:port`; the runner is to be cleaned up by the caller."""
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    return runner
