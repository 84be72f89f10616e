"""RTSP addresses: `/cam/realmonitor` and `/cam/playback`; channels count from one."""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from simulator.footage.stream import FootageStore, Second
from simulator.recorder.dahua.answers import Refusal, read_time
from simulator.recorder.dahua.switches import DahuaSwitches
from simulator.recorder.model import RecorderModel
from simulator.recorder.rtsp.source import NoSource, Source, interleaved
from simulator.recorder.wall_clock import WallClock


class _WithStrays(Source):
    """A source that something else sends beside, on a channel of its own."""

    stray: Callable[[], None]

    async def _seconds(self) -> AsyncGenerator[Second]:
        async with aclosing(super()._seconds()) as seconds:
            async for second in seconds:
                self.stray()
                yield second

    async def play(self, writer: asyncio.StreamWriter, channel: int) -> None:
        """As `Source.play`."""
        stray = interleaved(channel + 5, b"stray!")
        self.stray = lambda: writer.write(stray)
        await super().play(writer, channel)


def find_source(
    uri: str, model: RecorderModel, clock: WallClock, store: FootageStore, switches: DahuaSwitches
) -> Source:
    """The footage behind an address.

    Raises:
        NoSource: 400 for an address that cannot be read, 404 for no such camera, a camera without a picture
            or a span without footage.
    """
    parts = urlsplit(uri)
    kind = _WithStrays if switches.stray_video_frames else Source
    values = {key: value[0].rstrip("/") for key, value in parse_qs(parts.query).items()}
    channel = values.get("channel", "")
    camera = model.cameras.get(int(channel)) if channel.isdigit() else None
    if camera is None or values.get("subtype", "0") not in {"0", "1"}:
        raise NoSource(404)
    if parts.path.rstrip("/") == "/cam/realmonitor":
        if not camera.online:
            raise NoSource(404)
        return kind(camera.view, [(_second(model.now()), None)], store)
    if parts.path.rstrip("/") != "/cam/playback":
        raise NoSource(404)
    try:
        start = read_time(clock, values.get("starttime", ""))
        end = read_time(clock, values.get("endtime", ""))
    except Refusal as problem:
        raise NoSource(400) from problem
    if switches.playback_runs_on:
        end += timedelta(hours=1)
    stretches: list[tuple[int, int | None]] = [
        (_second(piece.start), math.ceil(piece.end.timestamp()) - _second(piece.start))
        for piece in model.footage(camera.number, start, end)
    ]
    if not stretches:
        raise NoSource(404)
    return kind(camera.view, stretches, store)


def _second(moment: datetime) -> int:
    return math.floor(moment.timestamp())
