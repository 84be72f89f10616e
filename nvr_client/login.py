"""The breaker on rejected logins: recorders lock an address or account after five to seven of them.

A 401 is the answer to a wrong password and, on some recorders, to a good login that lacks a right (observed
on a Hikvision NVR with an account other than admin). To tell them apart without a second rejected login:

- where a request worked before, the login is what is rejected now: the breaker opens at once;
- a request that has not worked yet is sent only just after the login was accepted elsewhere, so its 401 is a
  missing right: it is not sent again for an hour, and the login is proven before anything else is asked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from nvr_client.errors import AccessRefused, LoginBlocked, NotAllowed

log = structlog.get_logger(__name__)

REFUSED_SECONDS = 3600.0
RECENT_SECONDS = 2.0


class LoginGuard:
    """Stops every request after the first rejected login, until a person resets it.

    Args:
        recorder: its name, for the log.
        monotonic: a clock that never jumps, in seconds.
    """

    def __init__(self, recorder: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.recorder = recorder
        self.monotonic = monotonic
        self._blocked = False
        self._after_reset: list[Callable[[], None]] = []
        self._callers = 0
        self._busy_since = float("inf")
        self.on_blocked: Callable[[], None] | None = None

    @property
    def blocked(self) -> bool:
        """Whether requests are refused here, before they reach the recorder."""
        return self._blocked

    @property
    def busy_since(self) -> float:
        """When the present rush of small calls began (`monotonic`); infinity where there is none."""
        return self._busy_since

    @contextmanager
    def rush(self) -> Iterator[None]:
        """Count a small call, from when it is wanted to its end; calls that overlap are one rush."""
        if not self._callers:
            self._busy_since = self.monotonic()
        self._callers += 1
        try:
            yield
        finally:
            self._callers -= 1
            if not self._callers:
                self._busy_since = float("inf")

    def check(self) -> None:
        """Raise `LoginBlocked` once a login was rejected."""
        if self._blocked:
            raise LoginBlocked("not asked: the recorder rejected the login before")

    def reject(self, where: str) -> AccessRefused:
        """Open the breaker; gives the error to raise."""
        if not self._blocked:
            self._blocked = True
            log.error("recorder.login_rejected", recorder=self.recorder, where=where)
            if self.on_blocked is not None:
                self.on_blocked()
        return LoginBlocked(f"the recorder rejected the login ({where})")

    def reset(self) -> None:
        """A person says that the login is right now."""
        self._blocked = False
        for forget in self._after_reset:
            forget()

    def after_reset(self, forget: Callable[[], None]) -> None:
        """Have `forget` called when a person resets the breaker."""
        self._after_reset.append(forget)


class Rights:
    """What one login may do at one recorder, learned from the answers.

    Args:
        guard: the breaker.
    """

    def __init__(self, guard: LoginGuard) -> None:
        self._guard = guard
        self._time = guard.monotonic
        self._worked: set[str] = set()
        self._refused: dict[str, float] = {}
        self._accepted_at = float("-inf")
        self._in_doubt = False
        guard.after_reset(self._forget)

    def check(self, endpoint: str) -> None:
        """Raise where asking is out of the question now.

        Raises:
            LoginBlocked: the login was rejected before.
            NotAllowed: this was refused within the last hour.
        """
        self._guard.check()
        if self._time() - self._refused.get(endpoint, float("-inf")) < REFUSED_SECONDS:
            raise NotAllowed("not asked: the recorder refused it to this account before")

    def confirmed(self, since: float) -> bool:
        """Whether the login was accepted since then, or in the present rush and just now."""
        if self._in_doubt:
            return False
        recent = self._time() - self._accepted_at < RECENT_SECONDS
        return self._accepted_at >= since or (recent and self._accepted_at >= self._guard.busy_since)

    def risky(self, endpoint: str) -> bool:
        """Whether a 401 to this would leave open what it is about."""
        return self._in_doubt or endpoint not in self._worked

    @property
    def ever_accepted(self) -> bool:
        """Whether the login was taken for anything yet."""
        return bool(self._worked)

    @property
    def limited(self) -> bool:
        """Whether some right is missing; what has not worked before then goes one by one."""
        return bool(self._refused)

    def accepted(self, endpoint: str) -> None:
        """A login was taken for this."""
        self._accepted_at = self._time()
        self._in_doubt = False
        self._worked.add(endpoint)
        self._refused.pop(endpoint, None)

    def rejected(self, endpoint: str) -> AccessRefused:
        """A login was not taken for this; gives the error to raise."""
        if self._in_doubt or endpoint in self._worked or not self._worked:
            return self._guard.reject("http")
        self._refused[endpoint] = self._time()
        self._in_doubt = True
        log.warning("recorder.right_missing", recorder=self._guard.recorder, endpoint=endpoint)
        return NotAllowed("the recorder does not let this account do that")

    def _forget(self) -> None:
        self._worked.clear()
        self._refused.clear()
        self._in_doubt = False


class VideoGuard(LoginGuard):
    """The breaker of a video port, which is asked only just after the same login was accepted over HTTP.

    So a rejected login there is no wrong password but an account that may not see video; it stops video only.
    Where HTTP wants no login, nothing was accepted before, and it stops everything.

    Args:
        recorder: its name, for the log.
        http: the breaker of the same login over HTTP.
        rights: what the login was taken for over HTTP.
    """

    def __init__(self, recorder: str, http: LoginGuard, rights: Rights) -> None:
        super().__init__(recorder, http.monotonic)
        self._http = http
        self._rights = rights
        http.after_reset(self.reset)

    def check(self) -> None:
        """Raise `NotAllowed` once a login was rejected here, `LoginBlocked` where it was over HTTP."""
        self._http.check()
        if self.blocked:
            raise NotAllowed("not asked: the video port refused this account before")

    def reject(self, where: str) -> AccessRefused:
        """Open the breaker; gives the error to raise."""
        if not self._rights.ever_accepted:
            return self._http.reject(where)
        super().reject(where)
        return NotAllowed("the recorder's video port does not let this account in")
