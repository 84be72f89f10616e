import asyncio
from contextlib import aclosing

import pytest
from aiohttp import web

from nvr_client._vendors.dahua import events
from nvr_client._vendors.dahua.events import EVENTS, Parts, read_part
from nvr_client.errors import NotSupported, TooSlow
from nvr_client.protocol import EventKind, RecorderEvent
from tests.nvr_client.conftest import NOON, ScriptedDevice, Site
from tests.nvr_client.dahua.conftest import INFO, ScriptedCgi


def part(body: str, *, with_length: bool = True) -> bytes:
    length = f"Content-Length:{len(body)}\r\n" if with_length else ""
    return f"--myboundary\r\nContent-Type: text/plain\r\n{length}\r\n{body}\r\n\r\n".encode()


DATA = ';data={\n   "Code" : "VideoLoss",\n   "Note" : "--myboundary",\n   "UTC" : 1795417200\n}'


def read(stream: bytes) -> list[RecorderEvent | None]:
    return [read_part(body, NOON) for body in Parts().feed(stream)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Code=VideoLoss;action=Start;index=3", RecorderEvent(EventKind.VIDEO_LOSS, 4, active=True, at=NOON)),
        ("Code=VideoLoss;action=Stop;index=0", RecorderEvent(EventKind.VIDEO_LOSS, 1, active=False, at=NOON)),
        (
            f"Code=VideoLoss;action=Start;index=3{DATA}",
            RecorderEvent(EventKind.VIDEO_LOSS, 4, active=True, at=NOON),
        ),
        ("Code=VideoBlind;action=Start;index=31", RecorderEvent(EventKind.TAMPER, 32, active=True, at=NOON)),
        (
            "Code=StorageNotExist;action=Start;index=0",
            RecorderEvent(EventKind.DISK_ERROR, None, active=True, at=NOON),
        ),
        (
            "Code=StorageFailure;action=Pulse;index=1",
            RecorderEvent(EventKind.DISK_ERROR, None, active=True, at=NOON),
        ),
        (
            "Code=StorageLowSpace;action=Start;index=0",
            RecorderEvent(EventKind.DISK_FULL, None, active=True, at=NOON),
        ),
        ("Heartbeat", None),
        ("Code=VideoMotion;action=Start;index=3", None),
        ("Code=VideoLoss;action=State;index=3", None),
    ],
)
def test_a_part_says_what_happened_to_which_camera(body: str, said: RecorderEvent | None) -> None:
    assert read(part(body)) == [said]


def test_parts_are_cut_at_any_piece_by_their_length_or_by_the_next_one() -> None:
    stream = (
        part("Heartbeat")
        + part(f"Code=VideoLoss;action=Start;index=12{DATA}")
        + part("Code=VideoLoss;action=Stop;index=12", with_length=False)
        + part("Heartbeat", with_length=False)
        + part("Code=VideoBlind;action=Start;index=31")
    )
    parts = Parts()
    bodies = [body for byte in stream for body in parts.feed(bytes([byte]))]
    told = [event for body in bodies if (event := read_part(body, NOON)) is not None]
    assert [(event.kind, event.channel, event.active) for event in told] == [
        (EventKind.VIDEO_LOSS, 13, True),
        (EventKind.VIDEO_LOSS, 13, False),
        (EventKind.TAMPER, 32, True),
    ]
    assert len(bodies) == 5


def streaming(device: ScriptedDevice, *parts: bytes) -> list[str]:
    asked: list[str] = []

    async def serve(request: web.Request, _body: bytes) -> web.StreamResponse:
        asked.append(request.raw_path)
        answer = web.StreamResponse(
            headers={"Content-Type": "multipart/x-mixed-replace; boundary=myboundary"}
        )
        await answer.prepare(request)
        for each in parts:
            await answer.write(each)
        await asyncio.Event().wait()
        return answer

    device.on("GET", "/cgi-bin/magicBox.cgi", INFO)
    device.on("GET", "/cgi-bin/eventManager.cgi", serve)
    return asked


async def test_it_is_asked_for_what_we_watch_only_and_changes_are_told_once(
    scripted_site: Site, device: ScriptedDevice
) -> None:
    start, stop = "Code=VideoLoss;action=Start;index=3", "Code=VideoLoss;action=Stop;index=3"
    asked = streaming(device, *(part(body) for body in ("Heartbeat", stop, start, start, "Heartbeat", stop)))
    async with aclosing(scripted_site.connect().events()) as told:
        heard = [await anext(told), await anext(told)]
    assert [(event.channel, event.active) for event in heard] == [(4, True), (4, False)]
    assert asked == [EVENTS]
    codes = "[VideoLoss,VideoBlind,StorageNotExist,StorageFailure,StorageLowSpace]"
    assert f"/cgi-bin/eventManager.cgi?action=attach&codes={codes}&heartbeat=5" == EVENTS


async def test_a_stream_without_heartbeats_is_too_slow(
    scripted_site: Site, device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "SILENCE_SECONDS", 0.2)
    streaming(device, part("Code=VideoLoss;action=Start;index=3"))
    async with aclosing(scripted_site.connect().events()) as told:
        assert (await anext(told)).active
        with pytest.raises(TooSlow):
            await anext(told)


@pytest.mark.parametrize("status", [200, 501])
async def test_a_device_without_a_stream_says_so(scripted_site: Site, cgi: ScriptedCgi, status: int) -> None:
    cgi.answers["eventManager.attach"] = web.Response(status=status, text="Error\r\nNot Implemented!\r\n")
    with pytest.raises(NotSupported):
        await anext(scripted_site.connect().events())
