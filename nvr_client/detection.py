"""Which language does a recorder speak? Found out by asking without a login, when it is first needed.

A recorder gives itself away by what it wants a login for: ISAPI's device document (Hikvision), the CGI
(Dahua, whose realm reads `Login to <serial number>`), or by telling its time to anybody over SOAP (ONVIF).
No credentials are sent before the language is known, so a wrong guess cannot cost a login.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp
import structlog
from yarl import URL

from nvr_client.errors import NotSupported, Silent, TooSlow
from nvr_client.login import LoginGuard
from nvr_client.observing import Observer, watch
from nvr_client.protocol import (
    Channel,
    Clock,
    Device,
    Disk,
    Exported,
    NvrClient,
    PictureWay,
    Progress,
    RecorderEvent,
    Span,
)
from nvr_client.settings import Now, RecorderSettings
from nvr_client.transport import CONNECT_SECONDS, PROOF_READ_SECONDS, error_from

log = structlog.get_logger(__name__)

Vendors = Mapping[str, Callable[[RecorderSettings, Now, LoginGuard], NvrClient]]
T = TypeVar("T")

_OK, _UNAUTHORIZED, _FORBIDDEN = 200, 401, 403
_REDIRECTS = range(300, 400)
_HEAD_BYTES = 4096
_GET_TIME = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
)
ISAPI = "/ISAPI/System/deviceInfo"
CGI = "/cgi-bin/magicBox.cgi?action=getDeviceType"
ONVIF = "/onvif/device_service"
NOWHERE = "/there-is-nothing-here"


async def detect(settings: RecorderSettings) -> str:
    """The language of the recorder: "hikvision", "dahua" or "onvif".

    Raises:
        RecorderError: it does not answer, or `NotSupported`: it speaks none of them.
    """
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=PROOF_READ_SECONDS)
    pin = settings.tls_sha256
    verify = aiohttp.Fingerprint(bytes.fromhex(pin.replace(":", ""))) if pin else True
    scheme = "https" if settings.https else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = f"{scheme}://{host}:{settings.http_port}"
    try:
        async with aiohttp.ClientSession(
            base_url=base, timeout=timeout, connector=aiohttp.TCPConnector(ssl=verify)
        ) as session:
            return await _detected(session, settings.observer)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        problem = error_from(error)
        raise (Silent(str(problem)) if type(problem) is TooSlow else problem) from error


async def _detected(session: aiohttp.ClientSession, observer: Observer | None) -> str:
    status, realm, body = await _asked(session, observer, "GET", ISAPI)
    if "login to" in realm:
        return "dahua"
    if status == _UNAUTHORIZED:
        return await _behind_a_login(session, observer)
    if status in {_OK, _FORBIDDEN} and b"<" in body and b"html" not in body:
        return "hikvision"
    status, _, body = await _asked(session, observer, "GET", CGI)
    if status == _UNAUTHORIZED or b"rmlock" in body or (status == _OK and b"type=" in body):
        return "dahua"
    status, _, body = await _asked(session, observer, "POST", ONVIF, _GET_TIME)
    if b"envelope" in body:
        return "onvif"
    if status in _REDIRECTS:
        raise NotSupported("the recorder sends us elsewhere, most likely to HTTPS: set `https`")
    raise NotSupported("the recorder speaks none of our languages")


async def _behind_a_login(session: aiohttp.ClientSession, observer: Observer | None) -> str:
    """The language of one that wants a login for ISAPI: its own, unless it wants one for just anything."""
    status, _, _ = await _asked(session, observer, "GET", NOWHERE)
    if status == _UNAUTHORIZED:
        _, _, body = await _asked(session, observer, "POST", ONVIF, _GET_TIME)
        if b"envelope" in body:
            return "onvif"
    return "hikvision"


async def _asked(
    session: aiohttp.ClientSession,
    observer: Observer | None,
    method: str,
    path: str,
    body: str | None = None,
) -> tuple[int, str, bytes]:
    """Status, what it wants a login for in small letters, and how its body begins."""
    headers = {"Content-Type": "application/soap+xml; charset=utf-8"} if body else {}
    started = asyncio.get_running_loop().time()
    async with session.request(
        method, URL(path, encoded=True), data=body, headers=headers, allow_redirects=False
    ) as response:
        seconds = asyncio.get_running_loop().time() - started
        watch(observer, response, method, path, (body or "").encode(), seconds)
        realm = " ".join(response.headers.getall("WWW-Authenticate", [])).lower()
        return response.status, realm, (await response.content.read(_HEAD_BYTES)).lower()


class DetectingClient:
    """An `NvrClient` that becomes the right one at its first call."""

    def __init__(self, settings: RecorderSettings, now: Now, guard: LoginGuard, *, vendors: Vendors) -> None:
        self._settings = settings
        self._now = now
        self._guard = guard
        self._vendors = vendors
        self._client: NvrClient | None = None
        self._one_at_a_time = asyncio.Lock()

    async def device(self) -> Device:
        """Model, serial number and firmware."""
        return await self._asked(lambda client: client.device())

    async def channels(self) -> list[Channel]:
        """Every camera the recorder has, by number."""
        return await self._asked(lambda client: client.channels())

    async def snapshot(self, channel: int) -> bytes:
        """A JPEG of this moment, checked to be a whole picture."""
        return await self._asked(lambda client: client.snapshot(channel))

    async def picture_ways(self, channel: int) -> list[PictureWay]:
        """Every way to a picture, tried once."""
        return await self._asked(lambda client: client.picture_ways(channel))

    async def live_clip(self, channel: int, duration: timedelta, target: Path) -> None:
        """Record what the camera sees now into `target`."""
        await self._asked(lambda client: client.live_clip(channel, duration, target))

    async def recordings(self, channel: int, span: Span) -> list[Span]:
        """The recorded parts inside `span`."""
        return await self._asked(lambda client: client.recordings(channel, span))

    async def oldest(self, channel: int) -> datetime | None:
        """Start of the oldest recording of a channel."""
        return await self._asked(lambda client: client.oldest(channel))

    async def export(
        self, channel: int, span: Span, target: Path, progress: Progress | None = None
    ) -> Exported:
        """Copy recorded footage to `target`."""
        return await self._asked(lambda client: client.export(channel, span, target, progress))

    async def storage(self) -> list[Disk]:
        """The recorder's disks."""
        return await self._asked(lambda client: client.storage())

    async def clock(self) -> Clock:
        """The recorder's time beside ours."""
        return await self._asked(lambda client: client.clock())

    async def events(self) -> AsyncGenerator[RecorderEvent, None]:
        """What the recorder warns of, from now on."""
        client = await self._known()
        async with aclosing(client.events()) as told:
            async for event in told:
                yield event

    async def aclose(self) -> None:
        """Let go of every connection."""
        if self._client is not None:
            await self._client.aclose()

    async def _asked(self, call: Callable[[NvrClient], Awaitable[T]]) -> T:
        return await call(await self._known())

    async def _known(self) -> NvrClient:
        async with self._one_at_a_time:
            if self._client is None:
                vendor = await detect(self._settings)
                if vendor not in self._vendors:
                    raise NotSupported(f"the recorder speaks {vendor}, which is not supported")
                log.info("recorder.vendor", recorder=self._settings.name, vendor=vendor)
                self._client = self._vendors[vendor](self._settings, self._now, self._guard)
            return self._client
