"""HTTP Digest (RFC 7616, MD5, qop=auth) with the recorder's lock-out, for ISAPI and RTSP alike."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from urllib.request import parse_http_list, parse_keqv_list

ALLOWED_FAILURES = 5
"""Wrong answers of an ordinary user before the client's address is locked (admin would have 7)."""
LOCK_LENGTH = timedelta(minutes=30)
NONCE_LIFE = timedelta(minutes=5)


class Login(Enum):
    """What came of looking at a request's credentials."""

    ACCEPTED = auto()
    MISSING = auto()
    STALE = auto()
    WRONG = auto()
    LOCKED = auto()


@dataclass(slots=True)
class DigestGate:
    """Checks credentials and locks out an address after too many wrong ones.

    Attributes:
        realm: shown to the client.
        username: the one user.
        password: that user's password.
        now: the clock that nonces and locks live by.
        password_ok: False refuses the right password too, as after someone changed it.
        rejected: how many wrong answers there have been.
    """

    realm: str
    username: str
    password: str = field(repr=False)
    now: Callable[[], datetime]
    password_ok: bool = True
    rejected: int = 0
    _nonces: dict[str, datetime] = field(default_factory=dict, repr=False)
    _failures: dict[str, int] = field(default_factory=dict, repr=False)
    _locked_until: dict[str, datetime] = field(default_factory=dict, repr=False)

    def challenge(self, *, stale: bool = False) -> str:
        """A `WWW-Authenticate` value with a fresh nonce. The empty opaque is what real devices send."""
        nonce = secrets.token_hex(16)
        now = self.now()
        self._nonces = {old: born for old, born in self._nonces.items() if now - born <= NONCE_LIFE}
        self._nonces[nonce] = now
        suffix = ', stale="true"' if stale else ', stale="false"'
        return f'Digest qop="auth", realm="{self.realm}", nonce="{nonce}", opaque="", algorithm="MD5"{suffix}'

    def check(
        self, *, address: str, method: str, authorization: str | None, target: str | None = None
    ) -> Login:
        """Look at one request's `Authorization` value; counts a wrong one against its address.

        `target` is the request's own target where the signed one must equal it, as in HTTP.
        """
        if self.locked_for(address):
            return Login.LOCKED
        scheme, _, rest = (authorization or "").partition(" ")
        if scheme.lower() != "digest":
            return Login.MISSING
        given = parse_keqv_list(parse_http_list(rest))
        born = self._nonces.get(given.get("nonce", ""))
        if not self._answers(given, method) or target not in (None, given.get("uri")):
            return self.refuse(address)
        if born is None or self.now() - born > NONCE_LIFE:
            return Login.STALE
        self._failures.pop(address, None)
        return Login.ACCEPTED

    def attempts_left(self, address: str) -> int:
        """Wrong answers that this address may still give."""
        return ALLOWED_FAILURES - self._failures.get(address, 0)

    def locked_for(self, address: str) -> timedelta:
        """How much longer an address is locked; zero when it is not."""
        until = self._locked_until.get(address)
        if until is None:
            return timedelta(0)
        if until <= self.now():
            del self._locked_until[address]
            self._failures.pop(address, None)
            return timedelta(0)
        return until - self.now()

    def unlock(self) -> None:
        """Forget every lock and every failure, as a restart of the recorder does."""
        self._locked_until.clear()
        self._failures.clear()

    def refuse(self, address: str) -> Login:
        """Count a wrong answer from an address."""
        self.rejected += 1
        self._failures[address] = self._failures.get(address, 0) + 1
        if self._failures[address] >= ALLOWED_FAILURES:
            self._locked_until[address] = self.now() + LOCK_LENGTH
            return Login.LOCKED
        return Login.WRONG

    def _answers(self, given: dict[str, str], method: str) -> bool:
        if not self.password_ok or given.get("username") != self.username:
            return False
        uri, nonce = given.get("uri", ""), given.get("nonce", "")
        secret = _md5(f"{self.username}:{self.realm}:{self.password}")
        request = _md5(f"{method}:{uri}")
        if given.get("qop"):
            middle = f"{nonce}:{given.get('nc', '')}:{given.get('cnonce', '')}:{given['qop']}"
        else:
            middle = nonce
        return hmac.compare_digest(_md5(f"{secret}:{middle}:{request}"), given.get("response", ""))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
