"""Handing out footage over HTTP: a span, or a file by its name."""

import math
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from simulator.footage.stream import FootageStore
from simulator.recorder.isapi.search import channel_of_track
from simulator.recorder.isapi.switches import IsapiSwitches
from simulator.recorder.isapi.xml import Refusal, document, parse, text
from simulator.recorder.model import CameraModel, RecorderModel, Stretch
from simulator.recorder.program_stream import END, ENVELOPE, pack_second
from simulator.recorder.wall_clock import WallClock


def capabilities(switches: IsapiSwitches) -> web.Response:
    """`DownloadAbility`."""
    return document(
        "DownloadAbility",
        text("isSupportDownloadbyFileName", "true"),
        text("isSupportDownloadbyTime", "true" if switches.by_time_supported else "false"),
    )


async def download(
    request: web.Request, model: RecorderModel, clock: WallClock, store: FootageStore, switches: IsapiSwitches
) -> web.StreamResponse:
    """Stream the footage that a playback URI names, as MPEG-PS, chunked and without a length.

    The URI stands in a `downloadRequest` body of a GET or POST, or in the query. With `name=` the whole file
    comes, without it the span from `starttime` to `endtime`.

    Raises:
        Refusal: notSupport, badXmlFormat, badXmlContent, badParameters; deviceError where nothing is
            recorded.
    """
    if request.method not in switches.download_methods:
        raise Refusal("notSupport")
    body = await request.read()
    uri = parse(body).findtext("playbackURI", "") if body else request.query.get("playbackURI", "")
    camera, start, end = _wanted(uri, model, clock, switches)
    stretches = model.footage(camera.number, start, end)
    if not stretches:
        raise Refusal("deviceError")
    answer = web.StreamResponse(headers={"Content-Type": "Opaque/data"})
    answer.enable_chunked_encoding()
    await answer.prepare(request)
    if switches.empty_download:
        await answer.write_eof()
        return answer
    sent = 0
    async with aclosing(_program_stream(camera, stretches, store)) as blocks:
        async for block in blocks:
            limit = switches.truncate_download_at
            if limit is not None and sent + len(block) > limit:
                await answer.write(block[: limit - sent])
                if request.transport is not None:
                    request.transport.close()
                return answer
            await answer.write(block)
            sent += len(block)
    await answer.write_eof()
    return answer


def _wanted(
    uri: str, model: RecorderModel, clock: WallClock, switches: IsapiSwitches
) -> tuple[CameraModel, datetime, datetime]:
    camera, start, end, name = read_playback_uri(uri, model, clock)
    if name is None:
        if not switches.by_time_supported:
            raise Refusal("notSupport")
        files = model.files(camera.number, start, end)
        if switches.by_time_gives_file and files:
            return camera, files[0].start, files[-1].end
        return camera, start, end
    for file in model.files(camera.number, start, end):
        if file.name == name:
            return camera, file.start, file.end
    raise Refusal("badParameters")


def read_playback_uri(
    uri: str, model: RecorderModel, clock: WallClock
) -> tuple[CameraModel, datetime, datetime, str | None]:
    """Read `.../tracks/101?starttime=..&endtime=..[&name=..]`: camera, start, end (true, UTC), file name.

    Raises:
        Refusal: badXmlContent for a URI that cannot be read, badParameters for an unknown camera.
    """
    parts = urlsplit(uri)
    values = {key.lower(): value[0] for key, value in parse_qs(parts.query).items()}
    try:
        track = int(parts.path.rstrip("/").rpartition("/")[2])
        start, end = clock.read(values["starttime"]), clock.read(values["endtime"])
    except (ValueError, KeyError) as problem:
        raise Refusal("badXmlContent") from problem
    number = channel_of_track(track, model)
    if end <= start:
        raise Refusal("badParameters")
    return model.cameras[number], start, end, values.get("name")


async def _program_stream(
    camera: CameraModel, stretches: list[Stretch], store: FootageStore
) -> AsyncGenerator[bytes]:
    yield ENVELOPE
    index = 0
    for stretch in stretches:
        first, last = math.floor(stretch.start.timestamp()), math.ceil(stretch.end.timestamp())
        async with aclosing(store.seconds(camera.view, first, last - first)) as seconds:
            async for second in seconds:
                yield pack_second(second, index)
                index += 1
    yield END
