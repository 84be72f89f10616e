"""The breaker on rejected logins: recorders lock an address or account after five to seven of them."""

from collections.abc import Callable

import structlog

from nvr_client.errors import AccessRefused, LoginBlocked

log = structlog.get_logger(__name__)


class LoginGuard:
    """Stops every request after the first rejected login, until a person resets it."""

    def __init__(self, recorder: str) -> None:
        self._recorder = recorder
        self._blocked = False
        self._after_reset: list[Callable[[], None]] = []
        self.on_blocked: Callable[[], None] | None = None

    @property
    def blocked(self) -> bool:
        """Whether requests are refused here, before they reach the recorder."""
        return self._blocked

    def check(self) -> None:
        """Raise `LoginBlocked` once a login was rejected."""
        if self._blocked:
            raise LoginBlocked("not asked: the recorder rejected the login before")

    def reject(self, where: str) -> AccessRefused:
        """Open the breaker; gives the error to raise."""
        if not self._blocked:
            self._blocked = True
            log.error("recorder.login_rejected", recorder=self._recorder, where=where)
            if self.on_blocked is not None:
                self.on_blocked()
        return AccessRefused(f"the recorder rejected the login ({where})")

    def reset(self) -> None:
        """A person says that the login is right now."""
        self._blocked = False
        for forget in self._after_reset:
            forget()

    def after_reset(self, forget: Callable[[], None]) -> None:
        """Have `forget` called when a person resets the breaker."""
        self._after_reset.append(forget)
