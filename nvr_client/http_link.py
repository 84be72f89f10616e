"""HTTP to one recorder without a thought of logins: one session, one certificate, errors of ours."""

import asyncio
from dataclasses import dataclass

import aiohttp
from yarl import URL

from nvr_client.digest import Credentials
from nvr_client.errors import BadAnswer, NotTrusted, RecorderError, TooSlow, Unreachable
from nvr_client.observing import watch
from nvr_client.settings import RecorderSettings

CONNECT_SECONDS = 1.5
ANSWER_LIMIT_BYTES = 16 * 1024 * 1024
READ_AHEAD_BYTES = 512 * 1024


def error_from(error: Exception) -> RecorderError:
    """Our error for one of the HTTP library's; its text is not repeated, it may hold addresses."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return Unreachable("the recorder does not answer")
        case TimeoutError():
            return TooSlow("the recorder answers too slowly")
        case aiohttp.ServerFingerprintMismatch():
            return NotTrusted("the recorder shows another certificate than the one that `tls_sha256` pins")
        case aiohttp.ClientConnectorCertificateError():
            return NotTrusted("nobody vouches for the recorder's certificate: pin it with `tls_sha256`")
        case aiohttp.ClientPayloadError():
            return BadAnswer("the recorder cut its answer short")
        case aiohttp.ClientConnectionError() | OSError():
            return Unreachable("the recorder does not answer")
        case _:
            return BadAnswer("the recorder does not speak proper HTTP")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    content_type: str
    body: bytes


class Link:
    """Sends requests to the configured host, and to no other: redirects are never followed.

    Args:
        settings: where the recorder is.
    """

    body_type = 'application/xml; charset="UTF-8"'
    """The content type of bodies that are sent."""

    def __init__(self, settings: RecorderSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        scheme = "https" if settings.https else "http"
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self._base = f"{scheme}://{host}:{settings.http_port}"

    async def _hang_up(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(
        self,
        method: str,
        target: str,
        body: bytes | None,
        read_seconds: float,
        credentials: Credentials | None,
    ) -> aiohttp.ClientResponse:
        try:
            return await self._request(method, target, body, read_seconds, credentials)
        except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError):
            raise
        except aiohttp.ClientConnectionError:
            # A kept connection that the device had closed: nothing was read, so once more on a new one.
            return await self._request(method, target, body, read_seconds, credentials)

    async def _request(
        self,
        method: str,
        target: str,
        body: bytes | None,
        read_seconds: float,
        credentials: Credentials | None,
    ) -> aiohttp.ClientResponse:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        if body is not None:
            headers["Content-Type"] = self.body_type
        if credentials is not None:
            headers["Authorization"] = credentials.header(method, target, body or b"")
        started = self._time()
        response = await self._opened().request(
            method,
            URL(self._base + target, encoded=True),
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(
                total=None, connect=None, sock_connect=CONNECT_SECONDS, sock_read=read_seconds
            ),
        )
        watch(self._settings.observer, response, method, target, body, self._time() - started)
        return response

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            pin = self._settings.tls_sha256
            verify = aiohttp.Fingerprint(bytes.fromhex(pin.replace(":", ""))) if pin else True
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ssl=verify),
                cookie_jar=aiohttp.DummyCookieJar(),
                read_bufsize=READ_AHEAD_BYTES,
            )
        return self._session

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


async def whole(response: aiohttp.ClientResponse) -> Answer:
    """A body of at most 16 MiB, read to its end."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ANSWER_LIMIT_BYTES:
            raise BadAnswer("the recorder's answer is too long")
    return Answer(response.status, response.content_type, bytes(body))
