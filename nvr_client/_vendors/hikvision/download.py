"""Footage over HTTP: one request that names a playback address, answered with the file.

Firmware lines differ in how they take the address: GET with a body, POST, or GET with a query (observed on
DS-9632NI-M8, DS-7616NXI-K2 V4.84 and V4.84.101). The answer is chunked, without a length, and of any
content type.
"""

import asyncio
import re
from datetime import timedelta
from urllib.parse import quote
from xml.sax.saxutils import escape

from nvr_client._vendors.hikvision.xml import check, looks_like_xml
from nvr_client.errors import AccessRefused, BadAnswer, Busy, NotSupported, RecorderError
from nvr_client.footage import HEAD_BYTES, container_of
from nvr_client.part_file import PartFile
from nvr_client.protocol import Progress
from nvr_client.transport import Answer, Transport

DOWNLOAD_PATH = "/ISAPI/ContentMgmt/download"
STALL_SECONDS = 15.0
VERBS = ("get", "post", "query")
BUSY_PAUSE_SECONDS = 0.5
_AUTHORITY = re.compile(r"^(?:(?:[a-z]+:)?//[^/?#]*|[^/?#]+(?=/))", re.IGNORECASE)
_OK = 200


def at_host(uri: str, authority: str) -> str:
    """The address with `authority` in place of the host that the device wrote, which may be anybody's."""
    return authority + "/" + _AUTHORITY.sub("", uri).lstrip("/")


class Download:
    """Fetches addresses from one recorder; the way that worked is tried first next time."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._verbs: tuple[str, ...] = VERBS

    async def into(
        self, part: PartFile, uri: str, progress: Progress | None, limit: timedelta | None = None
    ) -> tuple[str, str]:
        """Stream the footage at `uri` into `part`; gives its container and the way that worked.

        `limit` is what the footage can at most play; beyond it the device sends something else. The
        sizes that it announces are no measure: some are made up.

        Raises:
            BadAnswer: nothing, an error document, something that is no footage, or half a file came.
            NotSupported: the device takes the address in no way.
            Busy: it says so to every way.
            NoSpace, Unreachable, TooSlow, AccessRefused: as ever.
        """
        first_error: RecorderError | None = None
        for verb in self._verbs:
            await part.restart()
            try:
                container = await self._fetch(part, uri, verb, progress, limit)
            except (BadAnswer, NotSupported, AccessRefused, Busy) as error:
                if self._transport.guard.blocked:
                    raise
                first_error = first_error or error
                if part.size_bytes:
                    raise  # the way is right, the file is not
                if isinstance(error, Busy):  # or a device's word for a way that it does not know
                    await asyncio.sleep(BUSY_PAUSE_SECONDS)
                continue
            self._verbs = (verb, *(other for other in self._verbs if other != verb))
            return container, verb
        raise first_error or NotSupported("the recorder offers no download")

    async def _fetch(
        self, part: PartFile, uri: str, verb: str, progress: Progress | None, limit: timedelta | None
    ) -> str:
        method, target, body = _request(verb, uri)
        async with self._transport.open(method, target, body, read_seconds=STALL_SECONDS) as response:
            total = response.content_length
            head = bytearray()
            container: str | None = None
            async for chunk in response.content.iter_any():
                if container is None:
                    head += chunk
                    if len(head) < HEAD_BYTES and not response.content.at_eof():
                        continue
                    container = _judged(response.status, response.content_type, bytes(head))
                    await part.write(bytes(head))
                else:
                    await part.write(chunk)
                if limit is not None and part.played.so_far > limit:
                    raise BadAnswer("the recorder sends more than was asked")
                if progress is not None:
                    progress(part.size_bytes, total)
            if container is None:
                container = _judged(response.status, response.content_type, bytes(head))
                await part.write(bytes(head))
        return container


def _judged(status: int, content_type: str, head: bytes) -> str:
    """The container of a body that begins with `head`; raises where it is no footage."""
    if status != _OK or looks_like_xml(head):
        check(Answer(status, content_type, head))
        raise BadAnswer("the recorder sent a document in place of footage")
    if not head:
        raise BadAnswer("the recorder sent an empty file")
    container = container_of(head)
    if container is None:
        raise BadAnswer("the recorder sent something that is no footage")
    return container


def _request(verb: str, uri: str) -> tuple[str, str, bytes | None]:
    if verb == "query":
        return "GET", f"{DOWNLOAD_PATH}?playbackURI={quote(uri, safe='')}", None
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<downloadRequest version="1.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'
        f"<playbackURI>{escape(uri)}</playbackURI></downloadRequest>"
    )
    return verb.upper(), DOWNLOAD_PATH, body.encode()
