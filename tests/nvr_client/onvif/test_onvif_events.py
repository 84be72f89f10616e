import asyncio
from contextlib import aclosing
from types import SimpleNamespace

import pytest

from nvr_client._vendors.onvif import events
from nvr_client._vendors.onvif.messages import kind_of, topic_of
from nvr_client.errors import BadAnswer
from nvr_client.protocol import EventKind, RecorderEvent
from simulator.recorder.onvif import SimulatedOnvifRecorder
from simulator.recorder.onvif.events import Events
from simulator.recorder.onvif.soap import Fault
from tests.nvr_client.conftest import NOON, Site, until


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("tns1:VideoSource/SignalLoss", EventKind.VIDEO_LOSS),
        ("tns1:VideoSource/tnsdh:SignalLoss", EventKind.VIDEO_LOSS),
        ("tns1:VideoSource/GlobalSceneChange/ImagingService", EventKind.TAMPER),
        ("tns1:RuleEngine/TamperDetector/Tamper", EventKind.TAMPER),
        ("\n tns1:Device/HardwareFailure/StorageFailure \n", EventKind.DISK_ERROR),
        ("tns1:VideoSource/SignalLossless", None),
        ("tns1:RuleEngine/CellMotionDetector/Motion", None),
        ("", None),
    ],
)
def test_a_topic_says_what_it_is_about(topic: str, kind: EventKind | None) -> None:
    assert kind_of(topic) is kind
    assert kind_of(topic_of(SimpleNamespace(Topic=SimpleNamespace(_value_1=topic)))) is kind


async def test_what_is_wrong_at_the_beginning_is_told_and_what_is_well_is_not(
    site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    recorder.camera(5).online = False
    async with aclosing(site.connect().events()) as told:
        assert await anext(told) == RecorderEvent(EventKind.VIDEO_LOSS, 5, active=True, at=NOON)
        following = asyncio.ensure_future(anext(told))
        recorder.camera(5).online = True
        assert await following == RecorderEvent(EventKind.VIDEO_LOSS, 5, active=False, at=NOON)


async def test_a_subscription_is_renewed_and_a_lost_one_is_begun_anew(
    site: Site, recorder: SimulatedOnvifRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(events, "PAUSE_SECONDS", 0.05)
    async with aclosing(site.connect().events()) as told:
        following = asyncio.ensure_future(anext(told))
        await until(lambda: recorder.calls["Renew"] == 1)
        recorder.camera(2).online = False
        assert (await following).channel == 2
        following = asyncio.ensure_future(anext(told))
        await until(lambda: recorder.calls["Renew"] >= 2)
        recorder.camera(4).online = False
        assert (await following).channel == 4
        following = asyncio.ensure_future(anext(told))
        recorder.forget_listeners()
        recorder.model.cameras[2].online = True  # while nobody listens
        assert await following == RecorderEvent(EventKind.VIDEO_LOSS, 2, active=False, at=NOON)
    assert recorder.calls["CreatePullPointSubscription"] == 2


async def test_a_device_that_forgets_every_subscription_at_once_ends_the_stream(
    site: Site, recorder: SimulatedOnvifRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(*_arguments: object) -> None:
        raise Fault("InvalidArgVal", "InvalidToken")

    monkeypatch.setattr(Events, "_of", forgetful)
    async with aclosing(site.connect().events()) as told:
        with pytest.raises(BadAnswer):
            await anext(told)
    assert recorder.calls["CreatePullPointSubscription"] == 1


async def test_subscriptions_that_a_header_tells_apart_are_told_apart(
    site: Site, recorder: SimulatedOnvifRecorder
) -> None:
    recorder.switches.reference_parameters = True
    recorder.camera(3).online = False
    client = site.connect()
    assert [each.online for each in await client.channels()] == [True, True, False, True, True, True]
    async with aclosing(client.events()) as told:
        assert (await anext(told)).channel == 3
    await until(lambda: recorder.listeners == 0)


@pytest.mark.parametrize("http_digest", [False, True])
async def test_addresses_of_another_network_and_either_login_are_no_obstacle(
    site: Site, recorder: SimulatedOnvifRecorder, http_digest: bool
) -> None:
    recorder.switches.wrong_host = True
    recorder.switches.http_digest = http_digest
    recorder.camera(3).online = False
    async with aclosing(site.connect().events()) as told:
        assert (await anext(told)).channel == 3
    await until(lambda: recorder.listeners == 0)
    assert recorder.rejected_logins == 0
