"""The event service: subscriptions that are told the state of all video sources once, then every change."""

import asyncio
import itertools
import re
from contextlib import suppress
from dataclasses import dataclass, field

from simulator.recorder.model import RecorderModel
from simulator.recorder.onvif.clock import OnvifClock
from simulator.recorder.onvif.services import Addresses, source_token
from simulator.recorder.onvif.soap import Fault, SoapRequest
from simulator.recorder.onvif.switches import OnvifSwitches

PULL_PATH = "pull_point"


@dataclass(slots=True)
class Subscription:
    """Messages that wait for one client; the first question is answered at once."""

    waiting: list[str]
    asked: bool = False
    came: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Events:
    """Subscriptions that clients hold."""

    model: RecorderModel
    clock: OnvifClock
    switches: OnvifSwitches
    open: dict[str, Subscription] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def listeners(self) -> int:
        """How many subscriptions there are now."""
        return len(self.open)

    def camera_changed(self, number: int, *, lost: bool) -> None:
        """Tell that a camera's picture was lost or came back."""
        if self.switches.signal_events:
            for subscription in self.open.values():
                subscription.waiting.append(self._message(source_token(number), "Changed", lost=lost))
                subscription.came.set()

    def forget(self) -> None:
        """Lose every subscription; questions that are held back are answered."""
        for subscription in self.open.values():
            subscription.came.set()
        self.open.clear()

    def create_pull_point_subscription(self, _request: SoapRequest, addresses: Addresses) -> str:
        """Begin to listen; all subscriptions share one path and tell themselves apart by the query."""
        number = str(next(self._numbers))
        states = [
            self._message(source_token(each), "Initialized", lost=not camera.online)
            for each, camera in self.model.cameras.items()
        ]
        self.open[number] = Subscription(states if self.switches.signal_events else [])
        address, more = f"{addresses.http}/onvif/{PULL_PATH}?id={number}", ""
        if self.switches.reference_parameters:
            address = address.partition("?")[0]
            more = (
                "<wsa:ReferenceParameters>"
                f'<nvr:SubscriptionId xmlns:nvr="http://nvr.example/events">{number}</nvr:SubscriptionId>'
                "</wsa:ReferenceParameters>"
            )
        return (
            "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference>"
            f"<wsa:Address>{address}</wsa:Address>{more}</tev:SubscriptionReference>"
            f"<wsnt:CurrentTime>{self._now}</wsnt:CurrentTime>"
            f"<wsnt:TerminationTime>{self._now}</wsnt:TerminationTime>"
            "</tev:CreatePullPointSubscriptionResponse>"
        )

    async def pull_messages(self, request: SoapRequest, _addresses: Addresses) -> str:
        """What is new; holds the question back as long as it allows while nothing is."""
        subscription = self._of(request)
        if subscription.asked and not subscription.waiting:
            subscription.came.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(subscription.came.wait(), _seconds(request.text("Timeout")))
        subscription.asked = True
        messages = "".join(subscription.waiting)
        subscription.waiting.clear()
        return (
            f"<tev:PullMessagesResponse><tev:CurrentTime>{self._now}</tev:CurrentTime>"
            f"<tev:TerminationTime>{self._now}</tev:TerminationTime>{messages}</tev:PullMessagesResponse>"
        )

    def renew(self, request: SoapRequest, _addresses: Addresses) -> str:
        """Keep a subscription."""
        self._of(request)
        return (
            f"<wsnt:RenewResponse><wsnt:TerminationTime>{self._now}</wsnt:TerminationTime>"
            f"<wsnt:CurrentTime>{self._now}</wsnt:CurrentTime></wsnt:RenewResponse>"
        )

    def unsubscribe(self, request: SoapRequest, _addresses: Addresses) -> str:
        """Stop listening."""
        self._of(request)
        del self.open[_about(request)]
        return "<wsnt:UnsubscribeResponse/>"

    def _of(self, request: SoapRequest) -> Subscription:
        try:
            return self.open[_about(request)]
        except KeyError as problem:
            raise Fault("InvalidArgVal", "InvalidToken") from problem

    @property
    def _now(self) -> str:
        return self.clock.write(self.model.now())

    def _message(self, source: str, operation: str, *, lost: bool) -> str:
        return (
            "<wsnt:NotificationMessage>"
            '<wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
            "tns1:VideoSource/SignalLoss</wsnt:Topic><wsnt:Message>"
            f'<tt:Message UtcTime="{self._now}" PropertyOperation="{operation}">'
            f'<tt:Source><tt:SimpleItem Name="Source" Value="{source}"/></tt:Source>'
            f'<tt:Data><tt:SimpleItem Name="State" Value="{str(lost).lower()}"/></tt:Data>'
            "</tt:Message></wsnt:Message></wsnt:NotificationMessage>"
        )


def _about(request: SoapRequest) -> str:
    """Which subscription is meant, by the address or by the header."""
    header = "" if request.header is None else request.header.findtext("SubscriptionId", "")
    return header or request.about


def _seconds(duration: str) -> float:
    """Seconds of a duration such as `PT1M30S`."""
    match = re.fullmatch(r"P(?:0D)?T(?:(\d+)M)?(?:([\d.]+)S)?", duration)
    if match is None:
        raise Fault("InvalidArgVal", "InvalidDateTime")
    return int(match[1] or 0) * 60 + float(match[2] or 0)
