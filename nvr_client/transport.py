"""HTTP to one recorder: one session, one login handshake, a breaker on the first rejected login.

The login is proven alone, with a small request, before anything runs in parallel: ten callers with a wrong
password cause one rejected login. From then on every request carries the login at once.

- A nonce older than `NONCE_SECONDS` is replaced by asking without a login, which no device counts: one that
  has let a nonce expire may answer it with a plain 401 that looks like a rejected password. For the same
  reason it is forgotten when the device is gone.
- After a rest the first request goes ahead, the others follow when it was let in, or not turned away within
  `LEAD_SECONDS` (a rejection is quick, a picture is not): a password changed meanwhile is sent once.
- A request that has not worked before goes only just after an accepted login; see `nvr_client.login`.
- A device that takes every nonce once only, and says so by a plain 401, is known by the first nonce that is
  used again. From then on it is asked for a nonce before each request.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import aiohttp

from nvr_client.digest import Credentials, best_challenge
from nvr_client.errors import AccessRefused, Silent, TooSlow, Unreachable
from nvr_client.http_link import CONNECT_SECONDS, Answer, Link, error_from, whole
from nvr_client.login import LoginGuard, Rights
from nvr_client.settings import RecorderSettings

__all__ = ["CONNECT_SECONDS", "Answer", "NoChallenge", "Transport", "error_from", "whole"]

READ_SECONDS = 10.0
PROOF_READ_SECONDS = 4.0
PROOF_TOTAL_SECONDS = 5.0
TOTAL_TIMES = 2.0
"""How many times as long as it may be silent, an answer may take to come in whole."""
NONCE_SECONDS = 30.0
LEAD_SECONDS = 0.1
STALE_TRIES = 5
"""How often one request may be told that its nonce is stale, which no device counts as a wrong password."""
_UNAUTHORIZED = 401
_REFUSAL_BYTES = 64 * 1024
_TOLD_APART = re.compile(r"[?&]((?:action|name|channel|condition\.Channel)=[^&]*)")


class NoChallenge(AccessRefused):
    """A 401 that offers no way to log in by HTTP."""


class Transport(Link):
    """Sends requests to one recorder with its login.

    Args:
        settings: where the recorder is.
        guard: the breaker on rejected logins.
        proof_path: a small thing to read that only a good login gets.
        locked: what a 401 says whose account or address is locked.
    """

    def __init__(
        self, settings: RecorderSettings, guard: LoginGuard, *, proof_path: str, locked: re.Pattern[bytes]
    ) -> None:
        super().__init__(settings)
        self._proof_path = proof_path
        self._locked = locked
        self.guard = guard
        self._credentials: Credentials | None = None
        self._login_lock = asyncio.Lock()
        self._proof: asyncio.Task[None] | None = None
        self._proven = False
        self._nonce_at = float("-inf")
        self._leading: asyncio.Future[None] | None = None
        self._one_risky = asyncio.Lock()
        self.rights = Rights(guard)
        self._nonces_last: bool | None = None
        guard.after_reset(self._forget)

    @property
    def logged_in(self) -> bool:
        """Whether requests carry a login."""
        return self._has_login()

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
            async with asyncio.timeout(read_seconds * TOTAL_TIMES):
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
        """Make sure that a login is at hand which was accepted once, with a young nonce; callers share it.

        Raises:
            RecorderError: as `fetch`; `LoginBlocked` after an earlier rejection.
        """
        self.guard.check()
        if not self._proven or self.guard.monotonic() - self._nonce_at >= NONCE_SECONDS:
            await self._shared(self._prove)

    async def confirm(self) -> None:
        """Make sure that the login is accepted now, with one small request that all callers share.

        Raises:
            RecorderError: as `prove`.
        """
        since = self.guard.monotonic()
        await self.prove()
        await self._follow()
        if self._has_login() and not self.rights.confirmed(since):
            await self._shared(self._log_in)

    def _has_login(self) -> bool:
        """Whether requests carry a login; vendors with a login of their own know better."""
        return self._credentials is not None

    async def _shared(self, work: Callable[[], Awaitable[None]]) -> None:
        if self._proof is None or self._proof.done():
            self._proof = asyncio.create_task(self._alone(work))
            self._proof.add_done_callback(_look_at)
        await asyncio.shield(self._proof)

    async def _alone(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._login_lock:
            try:
                async with asyncio.timeout(PROOF_TOTAL_SECONDS):
                    await work()
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                problem = error_from(error)
                if type(problem) is TooSlow:
                    raise Silent(str(problem)) from error
                raise problem from error

    async def _prove(self) -> None:
        self._credentials = None
        if self._proven:
            await self._challenge()
        else:
            await self._log_in()
            self._proven = True
        self._nonce_at = self.guard.monotonic()

    async def _log_in(self) -> None:
        """Ask for the proof; vendors with a login of their own do it their way."""
        response = await self._negotiate("GET", self._proof_path, None, PROOF_READ_SECONDS)
        try:
            await response.read()
        finally:
            response.close()

    async def _challenge(self) -> None:
        """Ask without a login, for a new nonce; vendors with a login of their own log in anew."""
        response = await self._send("GET", self._proof_path, None, PROOF_READ_SECONDS, None)
        try:
            if response.status == _UNAUTHORIZED:
                self._credentials = await self._answer_to(response)
        finally:
            response.close()

    async def aclose(self) -> None:
        """Close every connection."""
        if self._proof is not None and not self._proof.done():
            self._proof.cancel()
            await asyncio.wait([self._proof])
        await self._hang_up()

    def endpoint(self, method: str, target: str, body: bytes | None) -> str:
        """What a right is needed for: a request without its times, sizes and numbers of searches."""
        del body
        return " ".join((method, target.partition("?")[0], *_TOLD_APART.findall(target)))

    def _forget(self) -> None:
        self._credentials = None
        self._proven = False

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
        async with self._carefully(self.endpoint(method, target, body)):
            return await self._negotiate(method, target, body, read_seconds)

    @asynccontextmanager
    async def _carefully(self, endpoint: str) -> AsyncIterator[None]:
        """Around a request with a login, until its status is known: it must not be one of many rejected."""
        since = self.guard.monotonic()
        self.rights.check(endpoint)
        async with AsyncExitStack() as stack:
            if self.rights.risky(endpoint) and self.rights.limited:
                await stack.enter_async_context(self._one_risky)
                self.rights.check(endpoint)
                await self.confirm()
            elif not self.rights.confirmed(since):
                if self._leading is not None:
                    await self._follow()
                    self.rights.check(endpoint)
                elif self.rights.risky(endpoint) or (self._proof is not None and not self._proof.done()):
                    await self.confirm()
                else:
                    self._leading = asyncio.get_running_loop().create_future()
                    stack.callback(self._led)
            yield

    async def _follow(self) -> None:
        """Wait for the request that goes ahead."""
        if self._leading is not None:
            await asyncio.wait([self._leading], timeout=LEAD_SECONDS)
            self.guard.check()

    def _led(self) -> None:
        if self._leading is not None:
            self._leading.set_result(None)
            self._leading = None

    async def _negotiate(
        self, method: str, target: str, body: bytes | None, read_seconds: float
    ) -> aiohttp.ClientResponse:
        stale_left = STALE_TRIES if self._proven else 1
        outdated: Credentials | None = None
        credentials = None if self._nonces_last is False else self._credentials
        while True:
            self.guard.check()
            response = await self._send(method, target, body, read_seconds, credentials)
            if response.status != _UNAUTHORIZED:
                if credentials is not None:
                    if outdated is not None and outdated is self._credentials:
                        self._credentials, self._nonce_at = credentials, self.guard.monotonic()
                    self._taken(method, target, body, credentials, response)
                return response
            if credentials is None:
                credentials = await self._answer_to(response)
                self._credentials = self._credentials or credentials
                continue
            challenge = best_challenge(response.headers.getall("WWW-Authenticate", []))
            response.close()
            if (
                challenge is None
                or not stale_left
                or not (challenge.stale or await self._only_once(credentials))
            ):
                raise self.rights.rejected(self.endpoint(method, target, body))
            stale_left -= 1
            outdated = outdated or credentials
            # Not shared before it was accepted: others would use it up, and the next 401 would tell nothing.
            credentials = Credentials(self._settings.username, self._settings.password, challenge)

    def _taken(
        self,
        method: str,
        target: str,
        body: bytes | None,
        used: Credentials,
        response: aiohttp.ClientResponse,
    ) -> None:
        self.rights.accepted(self.endpoint(method, target, body))
        if used.used > 1:
            self._nonces_last = True
        self._renew(response, used)

    async def _answer_to(self, response: aiohttp.ClientResponse) -> Credentials:
        """What answers the 401 to a request that carried no login."""
        challenge = best_challenge(response.headers.getall("WWW-Authenticate", []))
        locked = self._locked.search(await response.content.read(_REFUSAL_BYTES)) is not None
        response.close()
        if locked:
            # Somebody else's wrong passwords: sending ours now would only make the lock longer.
            raise AccessRefused("the recorder has locked this account or address for a while")
        if challenge is None:
            raise NoChallenge("the recorder wants a login of a kind that we cannot give")
        return Credentials(self._settings.username, self._settings.password, challenge)

    async def _only_once(self, credentials: Credentials) -> bool:
        """Whether the device takes a nonce only once; asked where the first one was used again in vain."""
        if self._nonces_last is None and credentials.used > 1:
            response = await self._send("GET", self._proof_path, None, PROOF_READ_SECONDS, credentials)
            response.close()
            self._nonces_last = response.status != _UNAUTHORIZED
            return not self._nonces_last
        return False

    def _renew(self, response: aiohttp.ClientResponse, used: Credentials) -> None:
        """Take the next nonce where the device hands one out (RFC 7616, 3.5)."""
        if used is not self._credentials:
            return
        for header in response.headers.getall("Authentication-Info", []):
            offered = best_challenge(["Digest " + header.replace("nextnonce", "nonce")])
            if offered is not None and offered.nonce and offered.nonce != used.challenge.nonce:
                challenge = replace(used.challenge, nonce=offered.nonce)
                self._credentials = Credentials(self._settings.username, self._settings.password, challenge)
                self._nonce_at = self.guard.monotonic()


def _look_at(task: asyncio.Task[None]) -> None:
    """Take the outcome of a shared task, so that one nobody waits for any more is not reported as lost."""
    if not task.cancelled():
        task.exception()
