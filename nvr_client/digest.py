"""HTTP and RTSP logins: Digest (MD5, SHA-256, their -sess forms) and Basic.

Source: RFC 7616 and RFC 7617. Devices send an empty `opaque`, leave out `qop` (RFC 2069 form) or `algorithm`,
and put several challenges in one header or in several; all of that is read.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

_TOKEN = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,]*)|([A-Za-z][A-Za-z0-9-]*)')
_HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
_STRENGTH = ("SHA-512-256", "SHA-256", "MD5")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to log in that the device offers."""

    scheme: str
    realm: str = ""
    nonce: str = ""
    opaque: str | None = None
    algorithm: str | None = None
    qop: str | None = None
    stale: bool = False

    @property
    def hash_name(self) -> str:
        """The hash without `-sess`, in capitals; MD5 where nothing is said."""
        return (self.algorithm or "MD5").upper().removesuffix("-SESS")


def read_challenges(headers: Iterable[str]) -> list[Challenge]:
    """Every Digest or Basic challenge in these `WWW-Authenticate` values that we can answer."""
    found: list[tuple[str, dict[str, str]]] = []
    for header in headers:
        for match in _TOKEN.finditer(header):
            key, value, scheme = match.groups()
            if scheme is not None:
                found.append((scheme.lower(), {}))
            elif found:
                plain = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
                found[-1][1][key.lower()] = plain
    challenges = []
    for scheme, fields in found:
        challenge = Challenge(
            scheme=scheme,
            realm=fields.get("realm", ""),
            nonce=fields.get("nonce", ""),
            opaque=fields.get("opaque"),
            algorithm=fields.get("algorithm") or None,
            qop=fields.get("qop") or None,
            stale=fields.get("stale", "").lower() == "true",
        )
        if scheme == "basic" or (scheme == "digest" and challenge.hash_name in _HASHES):
            challenges.append(challenge)
    return challenges


def best_challenge(headers: Iterable[str]) -> Challenge | None:
    """The strongest challenge: Digest before Basic, SHA-256 before MD5; None where we can answer none."""
    challenges = read_challenges(headers)
    for name in _STRENGTH:
        for challenge in challenges:
            if challenge.scheme == "digest" and challenge.hash_name == name:
                return challenge
    return challenges[0] if challenges else None


class Credentials:
    """Answers one challenge for any number of requests."""

    def __init__(self, username: str, password: str, challenge: Challenge) -> None:
        self.challenge = challenge
        self._username = username
        self._password = password
        self._count = 0
        self._cnonce = secrets.token_hex(8)

    @property
    def used(self) -> int:
        """How many requests the nonce has signed already."""
        return self._count

    def __repr__(self) -> str:
        return f"Credentials({self.challenge.scheme})"

    def header(self, method: str, uri: str, body: bytes = b"") -> str:
        """The `Authorization` value for one request; `uri` exactly as in the request line."""
        if self.challenge.scheme == "basic":
            pair = f"{self._username}:{self._password}".encode()
            return "Basic " + base64.b64encode(pair).decode("ascii")
        return self._digest(method, uri, body)

    def _hash(self, text: str | bytes) -> str:
        data = text.encode() if isinstance(text, str) else text
        return hashlib.new(_HASHES[self.challenge.hash_name], data, usedforsecurity=False).hexdigest()

    def _digest(self, method: str, uri: str, body: bytes) -> str:
        asked = self.challenge
        self._count += 1
        count = f"{self._count:08x}"
        ha1 = self._hash(f"{self._username}:{asked.realm}:{self._password}")
        if (asked.algorithm or "").upper().endswith("-SESS"):
            ha1 = self._hash(f"{ha1}:{asked.nonce}:{self._cnonce}")
        offered = {part.strip().lower() for part in (asked.qop or "").split(",")}
        qop = "auth" if "auth" in offered else "auth-int" if "auth-int" in offered else None
        a2 = f"{method}:{uri}"
        if qop == "auth-int":
            a2 += f":{self._hash(body)}"
        middle = f"{asked.nonce}:{count}:{self._cnonce}:{qop}" if qop else asked.nonce
        response = self._hash(f"{ha1}:{middle}:{self._hash(a2)}")
        fields = [
            f"username={_quoted(self._username)}",
            f"realm={_quoted(asked.realm)}",
            f"nonce={_quoted(asked.nonce)}",
            f"uri={_quoted(uri)}",
            f'response="{response}"',
        ]
        if asked.algorithm is not None:
            fields.append(f"algorithm={asked.algorithm}")
        if asked.opaque is not None:
            fields.append(f"opaque={_quoted(asked.opaque)}")
        if qop:
            fields += [f"qop={qop}", f"nc={count}"]
        if qop or (asked.algorithm or "").upper().endswith("-SESS"):
            fields.append(f'cnonce="{self._cnonce}"')
        return "Digest " + ", ".join(fields)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
