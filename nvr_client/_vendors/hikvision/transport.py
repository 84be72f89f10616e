"""The HTTP login of a Hikvision recorder, and the short list of what is ever asked over it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from nvr_client.login import LoginGuard
from nvr_client.settings import RecorderSettings
from nvr_client.transport import READ_SECONDS, Transport

READ_ONLY: tuple[tuple[str, str], ...] = (
    ("GET", r"System/deviceInfo"),
    ("GET", r"System/time(?:/localTime)?"),
    ("GET", r"System/Video/inputs/channels"),
    ("GET", r"System/Storage/hardDisks"),
    ("GET", r"Streaming/channels/\d+/picture"),
    ("GET", r"ContentMgmt/InputProxy/channels(?:/status)?"),
    ("GET", r"ContentMgmt/StreamingProxy/channels/\d+/picture"),
    ("GET", r"ContentMgmt/Storage"),
    ("POST", r"ContentMgmt/search"),
    ("POST", r"ContentMgmt/record/tracks/\d+/dailyDistribution"),
    ("GET", r"ContentMgmt/download/capabilities"),
    ("GET", r"ContentMgmt/download"),
    ("POST", r"ContentMgmt/download"),
    ("GET", r"Event/notification/alertStream"),
)
"""Methods and paths below /ISAPI/; none of them changes anything on the device. A search is a POST."""

_PROOF_PATH = "/ISAPI/System/deviceInfo"
_LOCKED = re.compile(rb"<lockStatus>\s*lock\s*<", re.IGNORECASE)


class Isapi(Transport):
    """HTTP to one recorder, for reading only."""

    @asynccontextmanager
    async def open(
        self, method: str, target: str, body: bytes | None = None, *, read_seconds: float = READ_SECONDS
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """See `Transport.open`.

        Raises:
            ValueError: it is not on the list of what we ask.
        """
        if not is_listed(method, target):
            raise ValueError(f"{method} {target.partition('?')[0]} is not on the list of what is asked")
        async with super().open(method, target, body, read_seconds=read_seconds) as response:
            yield response


def is_listed(method: str, target: str) -> bool:
    """Whether a request is on the list; its query does not matter."""
    path = target.partition("?")[0]
    return any(
        method == listed and re.fullmatch(f"/ISAPI/{pattern}", path) is not None
        for listed, pattern in READ_ONLY
    )


def isapi(settings: RecorderSettings, guard: LoginGuard) -> Isapi:
    """HTTP to one recorder."""
    return Isapi(settings, guard, proof_path=_PROOF_PATH, locked=_LOCKED)
