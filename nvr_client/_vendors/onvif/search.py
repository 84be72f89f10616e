"""What an ONVIF device has recorded (ONVIF Recording Search specification).

`FindRecordings` tells from when until when there is a recording; where within it video is missing, only the
`Track/State` events tell, which many devices do not offer. The order of results means nothing: recordings are
matched to cameras by the source that they name.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from nvr_client._vendors.onvif import library
from nvr_client._vendors.onvif.cameras import Camera, numbers
from nvr_client._vendors.onvif.labels import digits, label_of, true_time
from nvr_client._vendors.onvif.soap import Soap
from nvr_client.errors import BadAnswer, NotSupported, RecorderError, TooSlow
from nvr_client.protocol import Span
from nvr_client.spans import SEAM, joined, without
from nvr_client.wall_clock import DeviceTime

log = structlog.get_logger(__name__)

TOPIC = "tns1:RecordingHistory/Track/State"
PAGE_SIZE = 100
MAX_PAGES = 400
SEARCH_SECONDS = 20.0
POLL_SECONDS = 0.2
QUIET_SECONDS = 3.0
"""After so long without another result, a search that has some is done, whatever the device says."""
GIVE_UP_AFTER = 3
_LEAST = timedelta(milliseconds=1)
_KEEP = timedelta(seconds=30)
_WAIT = timedelta(seconds=2)
_VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording as the device lists it; its times are UTC digits as written.

    `earliest` is None where nothing is recorded, `latest` where it still runs and the device does not tell.
    """

    token: str
    names: frozenset[str]
    earliest: datetime | None
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A recorded part and the recording that holds it; `known` where events said where it begins and ends."""

    span: Span
    token: str
    known: bool


class Search:
    """Searches one device, one search at a time."""

    def __init__(self, soap: Soap, recorder: str) -> None:
        self._soap = soap
        self._recorder = recorder
        self._one_at_a_time = asyncio.Lock()
        self._events_told = True
        self._empty_answers = 0

    async def recordings(self) -> list[Recording]:
        """Every recording with video."""
        async with self._one_at_a_time:
            token = await self._soap.call(
                "search",
                "FindRecordings",
                Scope={"RecordingInformationFilter": 'boolean(//Track[TrackType = "Video"])'},
                KeepAliveTime=_KEEP,
            )
            rows = await self._results("GetRecordingSearchResults", "RecordingInformation", token)
        found = {row.RecordingToken: _recording(row) for row in rows if _has_video(row)}
        return list(found.values())

    async def stretches(
        self, recordings: Sequence[Recording], span: Span, time: DeviceTime, now: datetime
    ) -> list[Stretch]:
        """The recorded parts inside `span`, oldest first, none twice."""
        found: list[Stretch] = []
        for recording in recordings:
            if recording.earliest is None:
                continue
            begin = true_time(recording.earliest, time)
            end = now if recording.latest is None else true_time(recording.latest, time)
            if begin >= min(end, span.end, now) or end <= span.start:
                continue
            listed = Span(begin, end)
            told = await self._told(recording.token, span, time, now)
            parts = joined([listed] if told is None else told, span)
            fresh = without(parts, [stretch.span for stretch in found])
            found += [Stretch(part, recording.token, known=told is not None) for part in fresh]
        return sorted(found, key=lambda stretch: stretch.span.start)

    async def _told(self, token: str, span: Span, time: DeviceTime, now: datetime) -> list[Span] | None:
        """Where events say that there is video; None where the device offers no such events."""
        if not self._events_told:
            return None
        try:
            async with self._one_at_a_time:
                search = await self._soap.call(
                    "search",
                    "FindEvents",
                    StartPoint=label_of(span.start, time),
                    EndPoint=label_of(min(span.end, now), time),
                    Scope={"IncludedRecordings": [token]},
                    SearchFilter=library.topic_filter(TOPIC),
                    IncludeStartState=True,
                    KeepAliveTime=_KEEP,
                )
                rows = await self._results("GetEventSearchResults", "Result", search)
        except (NotSupported, BadAnswer) as error:
            self._events_told = not isinstance(error, NotSupported)
            return None
        states = sorted(
            (digits(row.Time), present)
            for row in rows
            if row.RecordingToken == token and row.Time is not None and (present := _present(row)) is not None
        )
        if not states:
            # With `IncludeStartState` there is at least one where they are offered at all.
            self._empty_answers += 1
            if self._empty_answers == GIVE_UP_AFTER:
                self._events_told = False
                log.info("recorder.no_track_events", recorder=self._recorder)
            return None
        self._empty_answers = 0
        moments = [(true_time(label, time), present) for label, present in states]
        return _present_parts(moments, Span(span.start, max(min(span.end, now), span.start + _LEAST)))

    async def _results(self, operation: str, field: str, search: str) -> list[Any]:
        """Every page of a search, none of its results twice; the search is ended then."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SEARCH_SECONDS
        rows: list[Any] = []
        seen: set[str] = set()
        news_at = loop.time()
        try:
            for _ in range(MAX_PAGES):
                page = await self._soap.call(
                    "search", operation, SearchToken=search, MaxResults=PAGE_SIZE, WaitTime=_WAIT
                )
                fresh = [row for row in getattr(page, field, None) or [] if str(row) not in seen]
                seen.update(str(row) for row in fresh)
                rows += fresh
                if getattr(page, "SearchState", "Completed") == "Completed":
                    return rows
                if fresh:
                    news_at = loop.time()
                    continue
                if rows and loop.time() - news_at > QUIET_SECONDS:
                    return rows  # it has told what it has, but never says that it is done
                if loop.time() > deadline:
                    break
                await asyncio.sleep(POLL_SECONDS)
        finally:
            with suppress(RecorderError):
                await self._soap.call("search", "EndSearch", SearchToken=search)
        raise TooSlow("the recorder does not finish its search")


def _present_parts(states: Sequence[tuple[datetime, bool]], span: Span) -> list[Span]:
    """Where there is video, told by the moments at which it began or ended.

    A first moment at which it ended, later than the beginning, means that there was some before: the device
    does not tell the state at the beginning.
    """
    parts: list[Span] = []
    first, there = states[0]
    since = span.start if not there and first - span.start > SEAM else None
    for moment, present in states:
        if present and since is None:
            since = moment
        elif not present and since is not None:
            if moment > since:
                parts.append(Span(since, moment))
            since = None
    if since is not None and since < span.end:
        parts.append(Span(since, span.end))
    return parts


def recordings_of(
    camera: Camera, cameras: Sequence[Camera], recordings: Sequence[Recording]
) -> list[Recording]:
    """The recordings of one camera: by a token of its, its name, or the figures in the recordings' tokens.

    Raises:
        NotSupported: nothing tells which recording belongs to which camera.
    """
    by_token = [recording for recording in recordings if recording.names & camera.tokens]
    if by_token:
        return by_token
    own = camera.names.difference(*(other.names for other in cameras if other.number != camera.number))
    by_name = [recording for recording in recordings if recording.names & own]
    if by_name:
        return by_name
    every_token = frozenset(token for other in cameras for token in (*other.tokens, *other.names))
    if any(recording.names & every_token for recording in recordings):
        return []  # others are matched by token or name, so this camera has none
    if not recordings:
        return []
    if len(recordings) == len(cameras):
        tokens = sorted(recording.token for recording in recordings)
        by_number = dict(zip(numbers(tokens), tokens, strict=True))
        if set(by_number) == {other.number for other in cameras}:
            return [recording for recording in recordings if recording.token == by_number[camera.number]]
    raise NotSupported("the recorder does not tell which recording is of which camera")


def _recording(row: Any) -> Recording:
    source = row.Source
    names = {getattr(source, name, None) for name in ("SourceId", "Name", "Location")}
    tracks = [track for track in row.Track or [] if str(track.TrackType).lower() == _VIDEO]
    starts = [row.EarliestRecording, *(track.DataFrom for track in tracks)]
    ends = [row.LatestRecording, *(track.DataTo for track in tracks)]
    return Recording(
        token=row.RecordingToken,
        names=frozenset(name.strip() for name in names if name and name.strip()),
        earliest=min((digits(label) for label in starts if label is not None), default=None),
        latest=max((digits(label) for label in ends if label is not None), default=None),
    )


def _has_video(row: Any) -> bool:
    return not row.Track or any(str(track.TrackType).lower() == _VIDEO for track in row.Track)


def _present(row: Any) -> bool | None:
    """`IsDataPresent` of an event; None for any other event."""
    message = getattr(getattr(row.Event, "Message", None), "_value_1", None)
    data = getattr(message, "Data", None)
    for item in getattr(data, "SimpleItem", None) or []:
        if item.Name in {"IsDataPresent", "DataPresent"}:
            return str(item.Value).strip().lower() in {"true", "1"}
    return None
