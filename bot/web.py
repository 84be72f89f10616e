"""The service's own web endpoints: alive, ready, figures."""

from collections.abc import Callable

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

IsReady = Callable[[], bool]
Figures = Callable[[], dict[str, float]]


class _Gauges(Collector):
    """Figures as they are at the moment of asking; no state of its own."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> list[GaugeMetricFamily]:
        """One gauge a figure."""
        return [
            GaugeMetricFamily(f"truccam_{name}", name.replace("_", " "), value=value)
            for name, value in self._figures().items()
        ]


def application(is_ready: IsReady, figures: Figures) -> web.Application:
    """`/healthz` while the process lives, `/readyz` when every channel is up, `/metrics` for Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Gauges(figures))

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        return web.Response(text="ready\n") if is_ready() else web.Response(status=503, text="starting\n")

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), content_type="text/plain")

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    return app


async def serve(app: web.Application, listen: str) -> web.AppRunner:
    """Listen on `host:port`; the runner is to be cleaned up by the caller."""
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    return runner
