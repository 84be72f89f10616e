"""What an RTSP address means, and sending it at the pace of life."""

import asyncio
import math
import re
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from simulator.footage.stream import FRAMES_PER_SECOND, FootageStore, Second
from simulator.footage.view import View
from simulator.recorder.isapi.download import read_playback_uri
from simulator.recorder.isapi.search import channel_of_track
from simulator.recorder.isapi.switches import IsapiSwitches
from simulator.recorder.isapi.xml import Refusal
from simulator.recorder.model import RecorderModel
from simulator.recorder.rtsp.packets import CLOCK_RATE, Packetizer, session_description
from simulator.recorder.wall_clock import WallClock

REQUEST_URI = "request-uri"
"""Under this name, `begin` finds the address that PLAY names."""
_LIVE = re.compile(r"/(?:ISAPI/)?Streaming/channels/(\d+)/?", re.IGNORECASE)
_OLD_LIVE = re.compile(r"/h264/ch(\d+)/(?:main|sub)/av_stream/?", re.IGNORECASE)
_TRACKS = re.compile(r"/Streaming/tracks/\d+/?", re.IGNORECASE)


class NoSource(Exception):
    """Nothing can be played from this address; `status` is the RTSP answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Source:
    """Footage to be sent: stretches of (Unix second, count); a count of None is live, without end."""

    view: View
    stretches: list[tuple[int, int | None]]
    store: FootageStore
    ssrc: int = field(default_factory=lambda: secrets.randbits(31))

    @property
    def live(self) -> bool:
        """Whether it goes on for ever."""
        return self.stretches[-1][1] is None

    @property
    def duration_seconds(self) -> int | None:
        """How long it plays; None when live."""
        return None if self.live else sum(count or 0 for _, count in self.stretches)

    def begin(self, headers: Mapping[str, str]) -> dict[str, str]:  # noqa: ARG002 - recorded kinds read them
        """Told by PLAY with its headers (names in small letters); gives headers for the answer.

        Raises:
            NoSource: it cannot be played so.
        """
        return {}

    def check_describe(self, headers: Mapping[str, str]) -> None:
        """Told by DESCRIBE with its headers; raises `NoSource` where it is not described so."""

    async def description(self) -> str | None:
        """SDP; None when no video could be made."""
        key_unit = await self.first_unit()
        if key_unit is None:
            return None
        return session_description(key_unit, duration_seconds=self.duration_seconds, codec=self.store.codec)

    async def first_unit(self) -> bytes | None:
        """The first access unit, a key frame; None when no video could be made."""
        async with aclosing(self.store.seconds(self.view, self.stretches[0][0], 1)) as seconds:
            async for second in seconds:
                return second[0]
        return None

    async def play(self, writer: asyncio.StreamWriter, channel: int) -> None:
        """Send every frame when its time has come, then a goodbye; `channel` is the interleaved one."""
        packetizer = Packetizer(self.ssrc, self.store.codec)
        began = asyncio.get_running_loop().time()
        frame = 0
        async with aclosing(self._seconds()) as seconds:
            async for second in seconds:
                for unit in second:
                    due = began + frame / FRAMES_PER_SECOND
                    await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
                    for packet in packetizer.packets(unit, frame * CLOCK_RATE // FRAMES_PER_SECOND):
                        writer.write(interleaved(channel, packet))
                    await writer.drain()
                    frame += 1
        writer.write(interleaved(channel + 1, packetizer.goodbye()))
        await writer.drain()

    async def _seconds(self) -> AsyncGenerator[Second]:
        for start, count in self.stretches:
            async with aclosing(self.store.seconds(self.view, start, count)) as seconds:
                async for second in seconds:
                    yield second


def find_source(
    uri: str, model: RecorderModel, clock: WallClock, store: FootageStore, switches: IsapiSwitches
) -> Source:
    """The footage behind an RTSP address.

    Raises:
        NoSource: 400 for an address that cannot be read, 404 for no such camera, a camera without a picture
            or a span without footage.
    """
    path = urlsplit(uri).path
    try:
        if live := _LIVE.fullmatch(path):
            number = channel_of_track(int(live[1]), model)
        elif live := _OLD_LIVE.fullmatch(path):
            number = channel_of_track(int(live[1]) * 100 + 1, model)
        elif _TRACKS.fullmatch(path):
            return _playback(uri, model, clock, store, switches)
        else:
            raise NoSource(404)
    except Refusal as problem:
        raise NoSource(404 if problem.sub_status == "badParameters" else 400) from problem
    camera = model.cameras[number]
    if not camera.online:
        raise NoSource(404)
    return Source(camera.view, [(_second(model.now()), None)], store)


def _playback(
    uri: str, model: RecorderModel, clock: WallClock, store: FootageStore, switches: IsapiSwitches
) -> Source:
    camera, start, end, name = read_playback_uri(uri, model, clock)
    if name is not None:
        # As on real devices: with a name, the whole file comes.
        for file in model.files(camera.number, start, end):
            if file.name == name:
                start, end = file.start, file.end
    if switches.playback_runs_on:
        end = model.now()
    stretches: list[tuple[int, int | None]] = [
        (_second(piece.start), math.ceil(piece.end.timestamp()) - _second(piece.start))
        for piece in model.footage(camera.number, start, end)
    ]
    if not stretches:
        raise NoSource(404)
    return Source(camera.view, stretches, store)


def _second(moment: datetime) -> int:
    return math.floor(moment.timestamp())


def interleaved(channel: int, packet: bytes) -> bytes:
    """One packet as it goes over the RTSP connection (RFC 2326, 10.12)."""
    return b"$" + bytes([channel]) + len(packet).to_bytes(2, "big") + packet
