"""WS-UsernameToken (OASIS UsernameToken Profile 1.1): the password's digest with a nonce and a time."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from simulator.recorder.digest import DigestGate, Login

TOLERANCE = timedelta(seconds=30)
"""How far `Created` may be from the device's own clock."""


@dataclass(slots=True)
class TokenGate:
    """Checks tokens against the one account of `gate`, and counts wrong ones there."""

    gate: DigestGate
    _used: set[str] = field(default_factory=set)

    def check(self, *, address: str, header: Element | None, device_now: datetime) -> Login:
        """Look at one request's header; `device_now` is the device's own UTC."""
        if self.gate.locked_for(address):
            return Login.LOCKED
        token = None if header is None else header.find(".//UsernameToken")
        if token is None:
            return Login.MISSING
        nonce = (token.findtext("Nonce") or "").strip()
        if self._good(token, nonce, device_now):
            self._used.add(nonce)
            return Login.ACCEPTED
        return self.gate.refuse(address)

    def _good(self, token: Element, nonce: str, device_now: datetime) -> bool:
        created = (token.findtext("Created") or "").strip()
        given = (token.findtext("Password") or "").strip()
        try:
            moment = datetime.fromisoformat(created)
            salt = base64.b64decode(nonce, validate=True)
        except (ValueError, binascii.Error):
            return False
        if moment.tzinfo is None or abs(moment - device_now) > TOLERANCE or nonce in self._used:
            return False
        mixed = salt + created.encode() + self.gate.password.encode()
        right = base64.b64encode(hashlib.sha1(mixed, usedforsecurity=False).digest()).decode()
        known = (token.findtext("Username") or "").strip() == self.gate.username
        return known and self.gate.password_ok and hmac.compare_digest(right, given)
