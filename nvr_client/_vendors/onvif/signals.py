"""Which video sources have no signal, told by the event service.

A new subscription is first told the present state of everything (ONVIF core specification, 9.4 "Properties"),
so one that is ended at once is a question. Many devices do not tell; they are not asked again.
"""

from contextlib import suppress
from datetime import timedelta

from nvr_client._vendors.onvif import library
from nvr_client._vendors.onvif.messages import SOURCES, STATES, item
from nvr_client._vendors.onvif.soap import Soap, path_of
from nvr_client.errors import BadAnswer, NotSupported, RecorderError

TOPIC = "tns1:VideoSource/SignalLoss"
_LIFE = "PT60S"
_WAIT = timedelta(seconds=1)
_MOST_MESSAGES = 256


class Signals:
    """Asks one device for the state of its video sources."""

    def __init__(self, soap: Soap) -> None:
        self._soap = soap
        self._told = True

    async def lost(self) -> dict[str, bool]:
        """Source token -> whether its signal is lost; {} where the device does not tell."""
        if not self._told:
            return {}
        try:
            states = await self._asked()
        except (NotSupported, BadAnswer):
            states = {}
        self._told = bool(states)
        return states

    async def _asked(self) -> dict[str, bool]:
        begun = await self._soap.call(
            "events",
            "CreatePullPointSubscription",
            Filter=library.topic_filter(TOPIC),
            InitialTerminationTime=_LIFE,
        )
        address = getattr(getattr(begun.SubscriptionReference, "Address", None), "_value_1", None)
        if not address:
            raise BadAnswer("the recorder gave no address")
        path = path_of(address)
        try:
            page = await self._soap.call_at(
                path, "pullpoint", "PullMessages", Timeout=_WAIT, MessageLimit=_MOST_MESSAGES
            )
        finally:
            with suppress(RecorderError):
                await self._soap.call_at(path, "subscription", "Unsubscribe")
        states: dict[str, bool] = {}
        for row in getattr(page, "NotificationMessage", None) or []:
            message = getattr(getattr(row, "Message", None), "_value_1", None)
            source = item(message, "Source", SOURCES)
            state = item(message, "Data", STATES)
            if source and state:
                states[source] = state.lower() in {"true", "1"}
        return states
