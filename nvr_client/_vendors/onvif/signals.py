"""Which video sources have no signal, told by the event service.

A new subscription is first told the present state of everything (ONVIF core specification, 9.4 "Properties"),
so one that is ended at once is a question. Many devices do not tell; they are not asked again.
"""

from datetime import timedelta

from nvr_client._vendors.onvif.messages import SOURCES, STATES, item
from nvr_client._vendors.onvif.pull_point import subscribe
from nvr_client._vendors.onvif.soap import Soap
from nvr_client.errors import BadAnswer, NotSupported

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
        point = await subscribe(self._soap, _LIFE, TOPIC)
        try:
            rows = await point.messages(_WAIT, _MOST_MESSAGES)
        finally:
            await point.end()
        states: dict[str, bool] = {}
        for row in rows:
            message = getattr(getattr(row, "Message", None), "_value_1", None)
            source = item(message, "Source", SOURCES)
            state = item(message, "Data", STATES)
            if source and state:
                states[source] = state.lower() in {"true", "1"}
        return states
