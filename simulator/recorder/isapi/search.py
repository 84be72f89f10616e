"""Finding recordings: search with pages, the map of days, the list of tracks."""

import re
from calendar import monthrange
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from aiohttp import web

from simulator.recorder.isapi.switches import IsapiSwitches
from simulator.recorder.isapi.xml import NAMESPACE, Refusal, document, node, parse, text
from simulator.recorder.model import SCHOOL_ZONE, RecordedFile, RecorderModel
from simulator.recorder.wall_clock import WallClock

_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_WIDE = timedelta(days=31)


def search(body: bytes, model: RecorderModel, clock: WallClock, switches: IsapiSwitches) -> web.Response:
    """Answer a `CMSearchDescription`.

    The place to go on from is mostly `searchResultPostion`, spelled so; another spelling is ignored, so the
    first page comes again. Files come whole, oldest first, even where they reach over the asked span.

    Raises:
        Refusal: badXmlFormat, badXmlContent.
    """
    asked = parse(body)
    search_id = asked.findtext("searchID", "")
    if not _GUID.fullmatch(search_id):
        raise Refusal("badXmlContent")
    try:
        tracks = [int(track.text or "") for track in asked.findall("trackIDList/trackID")]
        spans = [
            (clock.read(span.findtext("startTime", "")), clock.read(span.findtext("endTime", "")))
            for span in asked.findall("timeSpanList/timeSpan")
        ]
        most = int(asked.findtext("maxResults", "40"))
        position = int(_position(asked, switches))
    except ValueError as problem:
        raise Refusal("badXmlContent") from problem
    if not tracks or len(spans) != 1 or not 1 <= most <= (switches.most_results or most) or position < 0:
        raise Refusal("badXmlContent")
    start, end = spans[0]
    if switches.wide_search_refused and end - start > _WIDE:
        raise Refusal("deviceError")
    touching = timedelta(seconds=1) if switches.touching_files else timedelta()
    most = min(most, switches.page_limit)
    found = [
        file
        for track in tracks
        if track % 100 == 1 and track // 100 in model.cameras
        for file in model.files(track // 100, start - touching, end + touching)
    ]
    page = found[position : position + most]
    more = position + len(page) < len(found)
    return document(
        "CMSearchResult",
        text("searchID", search_id),
        text("responseStatus", "true"),
        text("responseStatusStrg", "MORE" if more else "OK" if page else "NO MATCHES"),
        text("numOfMatches", len(found) if switches.counts_all else len(page)),
        node("matchList", *(_match(file, clock, switches) for file in page)),
        namespace="http://www.isapi.org/ver20/XMLSchema",
    )


def _position(asked: Element, switches: IsapiSwitches) -> str:
    if switches.paging == "both":
        misspelt = asked.findtext("searchResultPostion", "")
        return misspelt or asked.findtext("searchResultPosition", "0")
    return asked.findtext(switches.paging, "0")


def _match(file: RecordedFile, clock: WallClock, switches: IsapiSwitches) -> str:
    """One file; the host in its address is the recorder's idea of itself, which clients must not believe."""
    track = file.camera * 100 + 1
    size_bytes = switches.announced_bytes or file.size_bytes
    uri = (
        f"{switches.playback_host}/Streaming/tracks/{track}/?starttime={clock.compact(file.start)}"
        f"&endtime={clock.compact(file.end)}&name={file.name}&size={size_bytes}"
    )
    return node(
        "searchMatchItem",
        text("sourceID", "{00000000-0000-0000-0000-000000000000}"),
        text("trackID", track),
        node(
            "timeSpan",
            text("startTime", clock.false_z(file.start).rstrip("Z") + switches.time_suffix),
            text("endTime", clock.false_z(file.end).rstrip("Z") + switches.time_suffix),
        ),
        node(
            "mediaSegmentDescriptor",
            text("contentType", "video"),
            text("codecType", "H.264-BP"),
            None if switches.playback_host is None else text("playbackURI", uri),
        ),
        node("metadataMatches", text("metadataDescriptor", "recordType.meta.hikvision.com/timing")),
    )


def daily_distribution(track: int, body: bytes, model: RecorderModel, clock: WallClock) -> web.Response:
    """Answer which days of one month hold recordings of a track.

    Raises:
        Refusal: badXmlFormat, badXmlContent, badParameters.
    """
    asked = parse(body)
    try:
        year, month = int(asked.findtext("year", "")), int(asked.findtext("monthOfYear", ""))
        days = monthrange(year, month)[1]
    except ValueError as problem:
        raise Refusal("badXmlContent") from problem
    number = channel_of_track(track, model)
    rows = []
    for day in range(1, days + 1):
        midnight = datetime(year, month, day, tzinfo=SCHOOL_ZONE) - clock.offset
        recorded = bool(model.footage(number, midnight, midnight + timedelta(days=1)))
        rows.append(
            node(
                "day",
                text("id", day),
                text("dayOfMonth", day),
                text("record", "true" if recorded else "false"),
                text("recordType", "time") if recorded else None,
            )
        )
    return document("trackDailyDistribution", node("dayList", *rows))


def tracks(model: RecorderModel) -> web.Response:
    """The recording schedule of every camera: always on, though `Enable` says false as on real devices."""
    rows = (
        node(
            "Track",
            text("id", number * 100 + 1),
            text("Channel", number * 100 + 1),
            text("Enable", "false"),
            text("Description", f"trackType=standard,sourceTag={camera.name}"),
            node("SrcDescriptor", text("SrcChannel", number)),
            node(
                "CustomExtensionList",
                node(
                    "CustomExtension",
                    text("CustomExtensionName", "www.hikvision.com/RaCM/trackExt/ver10"),
                    text("enableSchedule", "true"),
                ),
            ),
            text("DefaultRecordingMode", "CMR"),
        )
        for number, camera in model.cameras.items()
    )
    return document("TrackList", *rows, namespace=NAMESPACE)


def channel_of_track(track: int, model: RecorderModel) -> int:
    """The camera of a stream or track id such as 301.

    Raises:
        Refusal: badParameters where there is no such camera or stream.
    """
    number, stream = divmod(track, 100)
    if number not in model.cameras or stream not in (1, 2):
        raise Refusal("badParameters")
    return number
