"""The event service, as far as the state of video sources needs it: a subscription tells all states once."""

import itertools
from dataclasses import dataclass, field

from simulator.recorder.model import RecorderModel
from simulator.recorder.onvif.clock import OnvifClock
from simulator.recorder.onvif.services import Addresses, source_token
from simulator.recorder.onvif.soap import Fault, SoapRequest
from simulator.recorder.onvif.switches import OnvifSwitches

PULL_PATH = "pull_point"


@dataclass(slots=True)
class Events:
    """Subscriptions that clients hold."""

    model: RecorderModel
    clock: OnvifClock
    switches: OnvifSwitches
    open: set[str] = field(default_factory=set)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def create_pull_point_subscription(self, _request: SoapRequest, addresses: Addresses) -> str:
        """Begin to listen; all subscriptions share one path and tell themselves apart by the query."""
        number = str(next(self._numbers))
        self.open.add(number)
        address = f"{addresses.http}/onvif/{PULL_PATH}?id={number}"
        return (
            "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference>"
            f"<wsa:Address>{address}</wsa:Address></tev:SubscriptionReference>"
            f"<wsnt:CurrentTime>{self._now}</wsnt:CurrentTime>"
            f"<wsnt:TerminationTime>{self._now}</wsnt:TerminationTime>"
            "</tev:CreatePullPointSubscriptionResponse>"
        )

    def pull_messages(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """The state of every source."""
        messages = ""
        if self.switches.signal_events:
            for number, camera in self.model.cameras.items():
                messages += self._message(source_token(number), lost=not camera.online)
        return (
            f"<tev:PullMessagesResponse><tev:CurrentTime>{self._now}</tev:CurrentTime>"
            f"<tev:TerminationTime>{self._now}</tev:TerminationTime>{messages}</tev:PullMessagesResponse>"
        )

    def unsubscribe(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """Stop listening."""
        if not self.open:
            raise Fault("InvalidArgVal", "InvalidToken")
        self.open.pop()
        return "<wsnt:UnsubscribeResponse/>"

    @property
    def _now(self) -> str:
        return self.clock.write(self.model.now())

    def _message(self, source: str, *, lost: bool) -> str:
        return (
            "<wsnt:NotificationMessage>"
            '<wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
            "tns1:VideoSource/SignalLoss</wsnt:Topic><wsnt:Message>"
            f'<tt:Message UtcTime="{self._now}" PropertyOperation="Initialized">'
            f'<tt:Source><tt:SimpleItem Name="Source" Value="{source}"/></tt:Source>'
            f'<tt:Data><tt:SimpleItem Name="State" Value="{str(lost).lower()}"/></tt:Data>'
            "</tt:Message></wsnt:Message></wsnt:NotificationMessage>"
        )
