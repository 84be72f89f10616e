import hashlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from nvr_client.errors import NotTrusted, RecorderError
from tests.nvr_client.conftest import Clock, ScriptedDevice, Site

CERTIFICATE = Path(__file__).with_name("recorder_certificate.pem")
"""A self-signed certificate with its key, made for these tests; it guards nothing."""


def fingerprint() -> str:
    pem = CERTIFICATE.read_text().partition("-----BEGIN CERTIFICATE-----")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[1] + pem[2])).hexdigest()


@pytest.fixture
async def tls_site(clock: Clock, device: ScriptedDevice) -> AsyncIterator[Site]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", device.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    running = Site(clock, int(runner.addresses[0][1]), 1)
    yield running
    for client in running.opened:
        await client.aclose()
    await runner.cleanup()


async def test_a_self_signed_recorder_is_trusted_only_by_its_fingerprint(
    tls_site: Site, device: ScriptedDevice
) -> None:
    pinned = tls_site.connect(https=True, tls_sha256=fingerprint())
    assert (await pinned.device()).model == "M"
    device.asked.clear()
    with pytest.raises(NotTrusted, match="pin it with `tls_sha256`"):
        await tls_site.connect(https=True).device()
    with pytest.raises(NotTrusted, match="another certificate than the one that `tls_sha256` pins"):
        await tls_site.connect(https=True, tls_sha256="00" * 32).device()
    for pin in (None, "00" * 32):
        with pytest.raises(NotTrusted):
            await tls_site.connect(https=True, tls_sha256=pin, vendor="auto").device()
    assert not device.asked


@pytest.mark.parametrize("vendor", ["hikvision", "dahua", "onvif", "auto"])
async def test_a_login_never_follows_a_redirect(
    vendor: str, tls_site: Site, device: ScriptedDevice, clock: Clock
) -> None:
    carried: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        carried.extend(name for name in ("Authorization", "Cookie") if name in request.headers)
        body = await request.read()
        carried.extend(word for word in ("UsernameToken", "PasswordDigest") if word.encode() in body)
        return web.Response(
            status=302, headers={"Location": f"https://127.0.0.1:{tls_site.http_port}{request.path}"}
        )

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", elsewhere)
    runner = web.AppRunner(application, shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site = Site(clock, int(runner.addresses[0][1]), 1, vendor=vendor)
    try:
        with pytest.raises(RecorderError):
            await site.connect().device()
        with pytest.raises(RecorderError):
            await site.connect().snapshot(1)
    finally:
        for client in site.opened:
            await client.aclose()
        await runner.cleanup()
    assert not device.asked
    assert carried == []
