"""loadfile.cgi: the footage of a span as a DAV stream."""

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

from aiohttp import web

from simulator.footage.stream import FootageStore
from simulator.recorder.dahua.answers import malformed, plain, read_time, unsupported
from simulator.recorder.dahua.dav import junk, pack_second
from simulator.recorder.dahua.switches import DahuaSwitches
from simulator.recorder.model import CameraModel, RecorderModel, Stretch, without
from simulator.recorder.wall_clock import WallClock


async def load_file(
    request: web.Request,
    query: dict[str, str],
    model: RecorderModel,
    clock: WallClock,
    store: FootageStore,
    switches: DahuaSwitches,
) -> web.StreamResponse:
    """Stream what was recorded, chunked and without a length; channels count from one.

    Raises:
        Refusal: 501 where it is not supported, 400 for a bad channel, a span that is too long, and mostly
            where nothing is recorded.
    """
    camera, stretches = _wanted(query, model, clock, switches)
    if not stretches and switches.load_nothing == "400":
        raise malformed()
    if not stretches and switches.load_nothing == "text":
        return plain("Error\r\nNo Record!\r\n")
    answer = web.StreamResponse(headers={"Content-Type": "application/http"})
    answer.enable_chunked_encoding()
    await answer.prepare(request)
    if not stretches or switches.empty_download:
        await answer.write_eof()
        return answer
    sent = 0
    blocks = _dav(
        camera, _earlier(stretches, camera, model, switches), clock, store, switches.load_junk_bytes
    )
    async with aclosing(blocks):
        async for block in blocks:
            limit = switches.truncate_download_at
            if limit is not None and sent + len(block) > limit:
                await answer.write(block[: limit - sent])
                if request.transport is not None:
                    request.transport.close()
                return answer
            await answer.write(block)
            sent += len(block)
            if switches.load_hangs_at is not None and sent >= switches.load_hangs_at:
                await asyncio.Event().wait()
    await answer.write_eof()
    return answer


def _wanted(
    query: dict[str, str], model: RecorderModel, clock: WallClock, switches: DahuaSwitches
) -> tuple[CameraModel, list[Stretch]]:
    if not switches.load_supported:
        raise unsupported()
    channel = query.get("channel", "")
    start, end = read_time(clock, query.get("startTime", "")), read_time(clock, query.get("endTime", ""))
    if not channel.isdigit() or int(channel) not in model.cameras:
        raise malformed()
    if not start < end <= start + switches.load_limit:
        raise malformed()
    stretches = _without_lost(model.footage(int(channel), start, end), switches.lost_footage)
    return model.cameras[int(channel)], stretches[:1] if switches.load_stops_at_gaps else stretches


def _earlier(
    stretches: list[Stretch], camera: CameraModel, model: RecorderModel, switches: DahuaSwitches
) -> list[Stretch]:
    """The same, from the key frame before it on."""
    first = stretches[0]
    before = _without_lost(
        model.footage(camera.number, first.start - switches.load_early, first.end), switches.lost_footage
    )
    return [Stretch(before[-1].start, first.end), *stretches[1:]]


def _without_lost(stretches: list[Stretch], lost: tuple[Stretch, ...]) -> list[Stretch]:
    for hole in lost:
        stretches = [rest for stretch in stretches for rest in without(stretch, hole)]
    return stretches


async def _dav(
    camera: CameraModel, stretches: list[Stretch], clock: WallClock, store: FootageStore, junk_bytes: int
) -> AsyncGenerator[bytes]:
    if junk_bytes:
        yield junk(junk_bytes)
    for stretch in stretches:
        first, last = math.floor(stretch.start.timestamp()), math.ceil(stretch.end.timestamp())
        at = first
        async with aclosing(store.seconds(camera.view, first, last - first)) as seconds:
            async for second in seconds:
                shown = clock.shown(datetime.fromtimestamp(at, UTC))
                yield pack_second(second, shown, camera.number - 1, at, store.codec)
                at += 1
