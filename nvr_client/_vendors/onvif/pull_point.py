"""One subscription to what the device tells (ONVIF core specification, 9.2 "Real-time Pull-Point").

Its address may come with reference parameters, which stand in the header of every request then (WS-Addressing
1.0, 2.1); devices of some makers tell their subscriptions apart by nothing else.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from nvr_client._vendors.onvif import library
from nvr_client._vendors.onvif.soap import Endpoint, Soap, path_of
from nvr_client.errors import BadAnswer, RecorderError
from nvr_client.transport import READ_SECONDS


class PullPoint:
    """A subscription that lives on the device until `end`."""

    def __init__(self, pull: Endpoint, manage: Endpoint) -> None:
        self._pull = pull
        self._manage = manage

    async def messages(self, wait: timedelta, most: int, *, read_seconds: float = READ_SECONDS) -> list[Any]:
        """What there is to tell, at most `most` messages; the device may think about it for `wait`."""
        page = await self._pull.call(
            "PullMessages", read_seconds=read_seconds, Timeout=wait, MessageLimit=most
        )
        return list(getattr(page, "NotificationMessage", None) or [])

    async def renew(self, life: str) -> None:
        """Let it live for so long from now (an ISO 8601 duration)."""
        await self._manage.call("Renew", TerminationTime=life)

    async def end(self) -> None:
        """Say goodbye; whatever the device says to that."""
        with suppress(RecorderError):
            await self._manage.call("Unsubscribe")


async def subscribe(soap: Soap, life: str, topic: str | None = None) -> PullPoint:
    """A new subscription to one topic, or to all.

    Raises:
        NotSupported: the device has no events.
        RecorderError: it does not answer, or refuses.
    """
    wanted = {"Filter": library.topic_filter(topic)} if topic else {}
    begun = await soap.call("events", "CreatePullPointSubscription", InitialTerminationTime=life, **wanted)
    reference = begun.SubscriptionReference
    address = getattr(getattr(reference, "Address", None), "_value_1", None)
    if not address:
        raise BadAnswer("the recorder gave no address")
    parameters = getattr(getattr(reference, "ReferenceParameters", None), "_value_1", None) or []
    path = path_of(address)
    return PullPoint(
        await soap.at(path, "pullpoint", parameters), await soap.at(path, "subscription", parameters)
    )
