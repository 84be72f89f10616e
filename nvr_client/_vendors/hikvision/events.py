"""The alert stream: an endless multipart answer of `EventNotificationAlert` documents.

Source: ISAPI event notification.

- `videoloss inactive`, repeated for ever (about every 10 s), is the sign of life. It names a channel, so it
  may look like the end of a real loss: the list of network cameras says which one it is.
- The number of a network camera may be its channel plus 32, as in the device's own SDK.
- An event is sent only where its linkage "Notify Surveillance Center" is ticked on the device.
"""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC

from nvr_client._vendors.hikvision import status
from nvr_client._vendors.hikvision.xml import check, parse, text_of
from nvr_client.errors import AccessRefused, BadAnswer, NotSupported
from nvr_client.events import Changes, endless, ends
from nvr_client.protocol import EventKind, RecorderEvent
from nvr_client.settings import Now
from nvr_client.transport import Transport, whole

ALERTS_PATH = "/ISAPI/Event/notification/alertStream"
SILENCE_SECONDS = 40.0
"""No sign of life for so long: four of them are missing."""

_FIRST_NETWORK_CAMERA = 33
_ALERT_LIMIT_BYTES = 256 * 1024
_BEGIN = re.compile(rb"<(?:\w+:)?EventNotificationAlert[\s>]")
_END = re.compile(rb"</(?:\w+:)?EventNotificationAlert>")
_LONGEST_TAG = 64
_KINDS = {
    "videoloss": EventKind.VIDEO_LOSS,
    "shelteralarm": EventKind.TAMPER,
    "scenechangedetection": EventKind.TAMPER,
    "diskerror": EventKind.DISK_ERROR,
    "diskfull": EventKind.DISK_FULL,
    "recordingfailure": EventKind.RECORDING_FAILED,
}
_OF_THE_BOX = frozenset({EventKind.DISK_ERROR, EventKind.DISK_FULL})


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `number` as the device writes it, None where it names no camera."""

    kind: EventKind
    number: int | None
    active: bool


class Alerts:
    """Cuts alerts out of the stream, whatever the boundary and the headers of its parts say."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._looked_to = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The documents that are whole now."""
        self._buffer += chunk
        while (end := _END.search(self._buffer, self._looked_to)) is not None:
            *_, begin = (None, *_BEGIN.finditer(self._buffer, 0, end.start()))
            if begin is not None:
                yield bytes(self._buffer[begin.start() : end.end()])
            del self._buffer[: end.end()]
            self._looked_to = 0
        if len(self._buffer) > _ALERT_LIMIT_BYTES:  # a picture between the alerts
            del self._buffer[:-_LONGEST_TAG]
        self._looked_to = max(len(self._buffer) - _LONGEST_TAG, 0)


def read_alert(document: bytes) -> Alert | None:
    """What an alert says; None where it is about nothing that we watch, or cannot be read."""
    try:
        root = parse(document)
    except BadAnswer:
        return None
    named = text_of(root, "eventType").lower()
    if named == "duration":  # a wrapper around an event that goes on
        named = text_of(root, ".//relationEvent").lower()
    kind = _KINDS.get(named)
    state = text_of(root, "eventState").lower()
    if kind is None or state not in {"active", "inactive"}:
        return None
    written = text_of(root, "channelID", "dynChannelID")
    number = int(written) if written.isdigit() and kind not in _OF_THE_BOX else 0
    return Alert(kind, number or None, state == "active")


def channel_of(number: int, known: frozenset[int]) -> int:
    """The channel that an alert's number means.

    It is ambiguous on recorders with more than 32 cameras; the number is taken as it stands there.
    """
    moved = number - _FIRST_NETWORK_CAMERA + 1
    if number in known or moved < 1 or (known and moved not in known):
        return number
    return moved


async def events(transport: Transport, now: Now) -> AsyncGenerator[RecorderEvent, None]:
    """See `NvrClient.events`."""
    known = await _channels(transport)
    changes, alerts = Changes(), Alerts()
    async with transport.open("GET", ALERTS_PATH, read_seconds=SILENCE_SECONDS) as response:
        if ends(response):
            check(await whole(response))
            raise NotSupported("the recorder has no event stream")
        async with aclosing(endless(response)) as chunks:
            async for chunk in chunks:
                for document in alerts.feed(chunk):
                    alert = read_alert(document)
                    if alert is None:
                        continue
                    for event in await _meant(alert, known, changes, transport, now):
                        if changes.is_news(event):
                            yield event


async def _meant(
    alert: Alert, known: frozenset[int], changes: Changes, transport: Transport, now: Now
) -> list[RecorderEvent]:
    """The events that an alert stands for; a sign of life may stand for cameras that are back."""
    at = now().astimezone(UTC)
    channel = None if alert.number is None else channel_of(alert.number, known)
    if alert.kind is not EventKind.VIDEO_LOSS or alert.active:
        return [RecorderEvent(alert.kind, channel, alert.active, at)]
    lost = changes.channels(EventKind.VIDEO_LOSS)
    if not lost:
        return []
    states = await status.online_states(transport)
    back = [each for each in lost if states.get(each, each == channel)]
    return [RecorderEvent(EventKind.VIDEO_LOSS, each, active=False, at=at) for each in back]


async def _channels(transport: Transport) -> frozenset[int]:
    try:
        return frozenset(each.number for each in await status.channels(transport))
    except (NotSupported, BadAnswer, AccessRefused):
        transport.guard.check()
        return frozenset()
