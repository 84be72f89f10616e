"""What the event streams of all vendors have in common: an answer that never ends, and what in it is news."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import aiohttp

from nvr_client.protocol import EventKind, RecorderEvent

STALE = timedelta(minutes=5)
"""A fault that was not repeated for so long is news when it is told again: some devices never tell an end."""
_GOOD = range(200, 300)


def ends(response: aiohttp.ClientResponse) -> bool:
    """Whether an answer is no event stream but a document, most likely a refusal."""
    if response.status not in _GOOD:
        return True
    return response.content_length is not None and not response.content_type.startswith("multipart/")


async def endless(response: aiohttp.ClientResponse) -> AsyncGenerator[bytes, None]:
    """The body of an answer that never ends, as it comes. Its end is the loss of the connection.

    Raises:
        aiohttp.ServerDisconnectedError: the device or the network ended it.
    """
    try:
        async for chunk in response.content.iter_any():
            yield chunk
    except aiohttp.ClientPayloadError as error:
        raise aiohttp.ServerDisconnectedError from error
    raise aiohttp.ServerDisconnectedError


class Changes:
    """What is wrong now, as far as one stream has told.

    Devices repeat what goes on, say `inactive` of what was never wrong as a sign of life, and begin with the
    state of everything: only a change is news.
    """

    def __init__(self) -> None:
        self._told_at: dict[tuple[EventKind, int | None], datetime] = {}

    def is_news(self, event: RecorderEvent) -> bool:
        """Whether an event changes something; remembers it."""
        key = event.kind, event.channel
        if not event.active:
            return self._told_at.pop(key, None) is not None
        before = self._told_at.get(key)
        self._told_at[key] = event.at
        return before is None or event.at - before >= STALE

    def channels(self, kind: EventKind) -> list[int]:
        """The cameras that have this fault now."""
        return sorted(channel for known, channel in self._told_at if known is kind and channel is not None)
