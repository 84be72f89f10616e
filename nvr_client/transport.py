"""HTTP to one recorder: one session, one login handshake, a breaker on the first rejected login.

The login is proven alone, with a small request, before anything runs in parallel, and again when the proof
is older than `PROOF_SECONDS`: ten callers with a wrong password cause one rejected login. Each proof begins
without credentials, for a nonce of its own, because a device that has let a nonce expire or was started
anew may answer it with a plain 401 that looks like a rejected password. For the same reason it is forgotten
when the device is gone.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from nvr_client.digest import Credentials, best_challenge
from nvr_client.errors import AccessRefused, BadAnswer, RecorderError, Silent, TooSlow, Unreachable
from nvr_client.login import LoginGuard
from nvr_client.observing import watch
from nvr_client.settings import RecorderSettings

CONNECT_SECONDS = 1.5
READ_SECONDS = 10.0
PROOF_READ_SECONDS = 4.0
PROOF_SECONDS = 15.0
ANSWER_LIMIT_BYTES = 16 * 1024 * 1024
READ_AHEAD_BYTES = 512 * 1024
_UNAUTHORIZED = 401
_REFUSAL_BYTES = 64 * 1024


def error_from(error: Exception) -> RecorderError:
    """Our error for one of the HTTP library's; its text is not repeated, it may hold addresses."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return Unreachable("the recorder does not answer")
        case TimeoutError():
            return TooSlow("the recorder answers too slowly")
        case aiohttp.ServerFingerprintMismatch() | aiohttp.ClientConnectorCertificateError():
            return AccessRefused("the recorder shows another certificate than the settings name")
        case aiohttp.ClientPayloadError():
            return BadAnswer("the recorder cut its answer short")
        case aiohttp.ClientConnectionError() | OSError():
            return Unreachable("the recorder does not answer")
        case _:
            return BadAnswer("the recorder does not speak proper HTTP")


class NoChallenge(AccessRefused):
    """A 401 that offers no way to log in by HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    content_type: str
    body: bytes


class Transport:
    """Sends requests to one recorder with its login.

    Args:
        settings: where the recorder is.
        guard: the breaker on rejected logins.
        proof_path: a small thing to read that only a good login gets.
        locked: what a 401 says whose account or address is locked.
    """

    body_type = 'application/xml; charset="UTF-8"'
    """The content type of bodies that are sent."""

    def __init__(
        self, settings: RecorderSettings, guard: LoginGuard, *, proof_path: str, locked: re.Pattern[bytes]
    ) -> None:
        self._settings = settings
        self._proof_path = proof_path
        self._locked = locked
        self.guard = guard
        self._session: aiohttp.ClientSession | None = None
        self._credentials: Credentials | None = None
        self._login_lock = asyncio.Lock()
        self._proof: asyncio.Task[None] | None = None
        self._proven_at = float("-inf")
        guard.after_reset(self._forget)
        scheme = "https" if settings.https else "http"
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self._base = f"{scheme}://{host}:{settings.http_port}"

    @property
    def logged_in(self) -> bool:
        """Whether requests carry a login."""
        return self._credentials is not None

    async def fetch(
        self, method: str, target: str, body: bytes | None = None, *, read_seconds: float = READ_SECONDS
    ) -> Answer:
        """A whole answer of at most 16 MiB, whatever its status.

        Args:
            method: HTTP's.
            target: path and query, already encoded.
            body: XML to send.
            read_seconds: how long the device may stay silent.

        Raises:
            RecorderError: no answer (Unreachable, TooSlow), a rejected login (AccessRefused).
        """
        async with self.open(method, target, body, read_seconds=read_seconds) as response:
            return await whole(response)

    @asynccontextmanager
    async def open(
        self, method: str, target: str, body: bytes | None = None, *, read_seconds: float = READ_SECONDS
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """An answer whose body the caller streams; errors while reading are turned into ours, too."""
        try:
            await self.prove()
            response = await self._logged_in(method, target, body, read_seconds)
            try:
                yield response
            finally:
                # A whole body has given its connection back already; half a body must not.
                response.close()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            problem = error_from(error)
            if type(problem) is Unreachable:
                self._forget()
            raise problem from error

    async def prove(self) -> None:
        """Make sure that the login is accepted, with one small request that all callers share.

        Raises:
            RecorderError: as `fetch`; `LoginBlocked` after an earlier rejection.
        """
        self.guard.check()
        if self._time() - self._proven_at < PROOF_SECONDS:
            return
        if self._proof is None or self._proof.done():
            self._proof = asyncio.create_task(self._prove())
            self._proof.add_done_callback(_look_at)
        await asyncio.shield(self._proof)

    async def _prove(self) -> None:
        async with self._login_lock:
            self._credentials = None
            try:
                await self._log_in()
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                problem = error_from(error)
                if type(problem) is TooSlow:
                    raise Silent(str(problem)) from error
                raise problem from error
            self._proven_at = self._time()

    async def _log_in(self) -> None:
        """Ask for the proof, from nothing; vendors with a login of their own do it their way."""
        response = await self._negotiate("GET", self._proof_path, None, PROOF_READ_SECONDS)
        try:
            await response.read()
        finally:
            response.close()

    async def aclose(self) -> None:
        """Close every connection."""
        if self._proof is not None and not self._proof.done():
            self._proof.cancel()
            await asyncio.wait([self._proof])
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _forget(self) -> None:
        self._credentials = None
        self._proven_at = float("-inf")

    async def _logged_in(
        self, method: str, target: str, body: bytes | None, read_seconds: float
    ) -> aiohttp.ClientResponse:
        if self._credentials is None:
            # The device let the proof in without a login: the first request that needs one goes alone.
            response = await self._send(method, target, body, read_seconds, None)
            if response.status != _UNAUTHORIZED:
                return response
            response.close()
            async with self._login_lock:
                return await self._negotiate(method, target, body, read_seconds)
        return await self._negotiate(method, target, body, read_seconds)

    async def _negotiate(
        self, method: str, target: str, body: bytes | None, read_seconds: float
    ) -> aiohttp.ClientResponse:
        stale_seen = False
        while True:
            self.guard.check()
            credentials = self._credentials
            response = await self._send(method, target, body, read_seconds, credentials)
            if response.status != _UNAUTHORIZED:
                self._renew(response, credentials)
                return response
            challenge = best_challenge(response.headers.getall("WWW-Authenticate", []))
            locked = self._locked.search(await response.content.read(_REFUSAL_BYTES)) is not None
            response.close()
            if credentials is not None:
                if challenge is None or not challenge.stale or stale_seen:
                    raise self.guard.reject("http")
                stale_seen = True
            elif locked:
                # Somebody else's wrong passwords: sending ours now would only make the lock longer.
                raise AccessRefused("the recorder has locked this account or address for a while")
            elif challenge is None:
                raise NoChallenge("the recorder wants a login of a kind that we cannot give")
            if self._credentials is credentials:
                self._credentials = Credentials(self._settings.username, self._settings.password, challenge)

    def _renew(self, response: aiohttp.ClientResponse, used: Credentials | None) -> None:
        """Take the next nonce where the device hands one out (RFC 7616, 3.5)."""
        if used is None or used is not self._credentials:
            return
        for header in response.headers.getall("Authentication-Info", []):
            offered = best_challenge(["Digest " + header.replace("nextnonce", "nonce")])
            if offered is not None and offered.nonce and offered.nonce != used.challenge.nonce:
                asked = used.challenge
                following = type(asked)(
                    scheme=asked.scheme,
                    realm=asked.realm,
                    nonce=offered.nonce,
                    opaque=asked.opaque,
                    algorithm=asked.algorithm,
                    qop=asked.qop,
                )
                self._credentials = Credentials(self._settings.username, self._settings.password, following)

    async def _send(
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
        try:
            return await self._request(method, target, body, read_seconds, headers)
        except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError):
            raise
        except aiohttp.ClientConnectionError:
            # A kept connection that the device had closed: nothing was read, so once more on a new one.
            return await self._request(method, target, body, read_seconds, headers)

    async def _request(
        self, method: str, target: str, body: bytes | None, read_seconds: float, headers: dict[str, str]
    ) -> aiohttp.ClientResponse:
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


def _look_at(task: asyncio.Task[None]) -> None:
    """Take the outcome of a shared task, so that one nobody waits for any more is not reported as lost."""
    if not task.cancelled():
        task.exception()


async def whole(response: aiohttp.ClientResponse) -> Answer:
    """A body of at most 16 MiB, read to its end."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ANSWER_LIMIT_BYTES:
            raise BadAnswer("the recorder's answer is too long")
    return Answer(response.status, response.content_type, bytes(body))
