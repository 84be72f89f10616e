"""What the device warns of, from a pull point: a subscription that is asked again and again.

Sources: ONVIF core specification, 9 "Event handling"; topics of the imaging, analytics and device services.
There is no filter: devices refuse topics that they do not have, and the noise of moving things is small.
A new subscription first tells the state of everything, of which only what is wrong is passed on.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import UTC, timedelta
from typing import Any

import structlog

from nvr_client._vendors.onvif.cameras import Cameras
from nvr_client._vendors.onvif.messages import SOURCES, STATES, item, kind_of, topic_of
from nvr_client._vendors.onvif.pull_point import PullPoint, subscribe
from nvr_client._vendors.onvif.soap import Soap
from nvr_client.errors import BadAnswer, NotSupported, Unreachable
from nvr_client.events import Changes
from nvr_client.protocol import EventKind, RecorderEvent
from nvr_client.settings import Now

log = structlog.get_logger(__name__)

LIFE = "PT120S"
"""How long a subscription lives without us."""
RENEW_SECONDS = 45.0
WAIT = timedelta(seconds=20)
"""How long the device may hold a question back while there is nothing to tell."""
SILENCE_SECONDS = 30.0
PAUSE_SECONDS = 1.0
_GOODBYE_SECONDS = 1.0
_MOST_MESSAGES = 64

_OF_THE_DEVICE = frozenset({EventKind.DISK_ERROR})


class Events:
    """Listens to one device."""

    def __init__(self, soap: Soap, cameras: Cameras, now: Now) -> None:
        self._soap = soap
        self._cameras = cameras
        self._now = now

    async def listen(self) -> AsyncGenerator[RecorderEvent, None]:
        """See `NvrClient.events`."""
        channels = await self._channels()
        changes = Changes()
        async with aclosing(self._rows()) as rows:
            async for row in rows:
                event = self._read(row, channels)
                if event is not None and changes.is_news(event):
                    yield event

    async def _rows(self) -> AsyncGenerator[Any, None]:
        """Messages as they come, for ever; a subscription that the device has forgotten is begun anew.

        The new one tells the state of everything, so nothing that has changed meanwhile is missed.
        """
        while True:
            point = await subscribe(self._soap, LIFE)
            reachable, answered = True, False
            try:
                async with aclosing(_pages(point)) as pages:
                    async for page in pages:
                        answered = True
                        for row in page:
                            yield row
            except Unreachable:
                reachable = False
                raise
            except (NotSupported, BadAnswer):
                if not answered:
                    raise
                log.info("recorder.subscription_lost")
                await asyncio.sleep(PAUSE_SECONDS)
            finally:
                if reachable:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_GOODBYE_SECONDS):
                            await point.end()

    def _read(self, row: Any, channels: dict[str, int]) -> RecorderEvent | None:
        """The event in a message; None for what we do not watch or do not know the camera of."""
        kind = kind_of(topic_of(row))
        message = getattr(getattr(row, "Message", None), "_value_1", None)
        state = item(message, "Data", STATES).lower()
        if kind is None or state not in {"true", "false", "1", "0"}:
            return None
        channel = None
        if kind not in _OF_THE_DEVICE:
            channel = channels.get(item(message, "Source", SOURCES))
            if channel is None:
                return None
        return RecorderEvent(kind, channel, state in {"true", "1"}, self._now().astimezone(UTC))

    async def _channels(self) -> dict[str, int]:
        return {token: each.number for each in await self._cameras.fetch() for token in each.tokens}


async def _pages(point: PullPoint) -> AsyncGenerator[list[Any], None]:
    """What each question is answered with; keeps the subscription alive."""
    loop = asyncio.get_running_loop()
    renewed_at = loop.time()
    renews = True
    while True:
        asked_at = loop.time()
        page = await point.messages(WAIT, _MOST_MESSAGES, read_seconds=SILENCE_SECONDS)
        yield page
        if not page and loop.time() - asked_at < PAUSE_SECONDS:
            await asyncio.sleep(PAUSE_SECONDS)  # some devices never hold a question back
        if renews and loop.time() - renewed_at >= RENEW_SECONDS:
            try:
                await point.renew(LIFE)
            except (NotSupported, BadAnswer):
                renews = False  # each question renews it on such devices
            renewed_at = loop.time()
