"""The CGI: GET requests out of a short list, `key=value` answers, and its errors turned into ours.

Sources: notes on DH-NVR608H and NV41xx recorders. Only what stands in `READ_ONLY` is ever asked: a harmless
looking GET of another script has restarted a device. Dahua wants blanks as `%20`, never as `+`.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from nvr_client.errors import AccessRefused, BadAnswer, Busy, NotAllowed, NotSupported, RecorderError
from nvr_client.login import LoginGuard
from nvr_client.settings import RecorderSettings
from nvr_client.transport import READ_SECONDS, Answer, Transport

READ_ONLY: Mapping[str, frozenset[str]] = {
    "magicBox": frozenset({"getSystemInfo", "getDeviceType", "getSoftwareVersion", "getMachineName"}),
    "configManager": frozenset({"getConfig"}),
    "LogicDeviceManager": frozenset({"getCameraAll", "getCameraState"}),
    "eventManager": frozenset({"getEventIndexes", "attach"}),
    "storageDevice": frozenset({"getDeviceAllInfo"}),
    "global": frozenset({"getCurrentTime"}),
    "mediaFileFind": frozenset({"factory.create", "findFile", "findNextFile", "close", "destroy"}),
    "snapshot": frozenset({""}),
    "loadfile": frozenset({"startLoad"}),
}
"""Scripts and their actions; none of them changes anything on the device."""

_LOCKED = re.compile(rb'"RmLock"\s*:\s*[1-9]')
_PROOF_PATH = "/cgi-bin/magicBox.cgi?action=getSystemInfo"
_SAID_BYTES = 200


class Malformed(BadAnswer):
    """`Bad Request`: unsupported, misunderstood, no such channel, or nothing there; it does not say which."""


class NothingThere(BadAnswer):
    """The device says that its list is empty."""


_BY_HTTP: dict[int, type[RecorderError]] = {
    400: Malformed,
    403: NotAllowed,
    404: NotSupported,
    405: NotSupported,
    408: Busy,
    429: Busy,
    501: NotSupported,
    502: Busy,
    503: Busy,
    504: Busy,
}
_BY_WORDS: tuple[tuple[str, type[RecorderError]], ...] = (
    ("bad request", Malformed),
    ("not implemented", NotSupported),
    ("getting param in name", NotSupported),
    ("no event", NothingThere),
    ("authority", NotAllowed),
    ("busy", Busy),
)


def cgi_transport(settings: RecorderSettings, guard: LoginGuard) -> Transport:
    """HTTP to one recorder."""
    return Transport(settings, guard, proof_path=_PROOF_PATH, locked=_LOCKED)


def path_of(script: str, action: str = "", **parameters: object) -> str:
    """Path and query of a request; `_` followed by a number in a name is an index: `a_0` is `a[0]`.

    Raises:
        ValueError: it is not on the list of what we ask.
    """
    if action not in READ_ONLY.get(script, ()):
        raise ValueError(f"{script}.{action} is not on the list of what is asked")
    pairs = {"action": action} if action else {}
    pairs |= {re.sub(r"_(\d+)$", r"[\1]", key): str(value) for key, value in parameters.items()}
    query = "&".join(f"{key}={quote(value, safe=':-@[],')}" for key, value in pairs.items())
    return f"/cgi-bin/{script}.cgi?{query}"


class Cgi:
    """Asks one recorder."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def fetch(self, path: str, *, read_seconds: float = READ_SECONDS) -> Answer:
        """A good answer.

        Raises:
            RecorderError: no answer, a rejected login, or what its status or body says.
        """
        answer = await self.transport.fetch("GET", path, read_seconds=read_seconds)
        self.check(answer)
        return answer

    async def text(self, path: str, *, read_seconds: float = READ_SECONDS) -> str:
        """As `fetch`, the body as text."""
        return _text((await self.fetch(path, read_seconds=read_seconds)).body)

    async def values(self, path: str, *, read_seconds: float = READ_SECONDS) -> dict[str, str]:
        """As `fetch`, the body's `key=value` lines."""
        return read_values(await self.text(path, read_seconds=read_seconds))

    def check(self, answer: Answer) -> None:
        """Raise what an answer's status or body says, if it is no good one."""
        if answer.status == 403 and _LOCKED.search(answer.body):  # noqa: PLR2004 - HTTP's "Forbidden"
            if self.transport.logged_in:
                # We asked with a login and the lock is ours: asking on would only make it longer.
                raise self.transport.guard.reject("locked")
            raise AccessRefused("the recorder has locked this account or address for a while")
        error = error_of(answer)
        if error is not None:
            raise error


def read_values(text: str) -> dict[str, str]:
    """`key=value` lines; whatever else there is, is passed over."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip(): value.strip() for key, equals, value in pairs if equals}


def _text(body: bytes) -> str:
    """A body as text, without the byte order mark and the blanks that some begin with."""
    return body.decode("utf-8-sig", "replace").strip().removeprefix("\ufeff")


def error_of(answer: Answer) -> RecorderError | None:
    """What is wrong with an answer; None for a good one.

    An error may come with HTTP 200: its body begins with `Error` then.
    """
    good_http = 200 <= answer.status < 300  # noqa: PLR2004 - HTTP's own success range
    said = _text(answer.body[:_SAID_BYTES]).lower()
    if good_http and not said.startswith("error"):
        return None
    if 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP's redirects
        return NotSupported("the recorder sends us elsewhere, most likely to HTTPS: set `https`")
    unclear = Malformed if said.startswith("error") else None
    by_words = next((kind for words, kind in _BY_WORDS if words in said), unclear)
    kind = by_words if good_http else _BY_HTTP.get(answer.status, by_words)
    words = re.sub(r"[^a-z ]+", " ", said)[:40].strip()
    return (kind or BadAnswer)(f"the recorder answered HTTP {answer.status} {words}".strip())
