"""What a recorder has recorded: the ISAPI content search, with the differences between firmware lines.

Sources: ISAPI content management; quirks observed on DS-9632NI-M8 V5.04, DS-7616NI-M2/Q2, DS-7716NI-I4
V4.61 and DS-7616NXI-K2 V4.84: the page position is misspelt `searchResultPostion` in the specification and
some devices read only one of the two spellings; `numOfMatches` is sometimes the total; pages may be shorter
than asked for, and a device may refuse to be asked for long ones; windows of many days fail about half of
the time, so one search covers at most one day; one search at a time is all that a profile allows.
"""

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from nvr_client._vendors.hikvision.xml import BadRequestBody, DeviceFault, check, parse, text_of
from nvr_client.errors import BadAnswer, Busy, NotSupported
from nvr_client.protocol import Span
from nvr_client.settings import RecorderSettings
from nvr_client.spans import joined
from nvr_client.transport import Transport
from nvr_client.wall_clock import DeviceTime

SEARCH_PATH = "/ISAPI/ContentMgmt/search"
PAGE_SIZES = (40, 10)
"""How many files are asked for at once: what the makers' own pages ask for, then what any device gives."""
MAX_PAGES = 1000
BUSY_PAUSE_SECONDS = 0.5
BUSY_TRIES = 3
READ_SECONDS = 15.0
SPELLINGS = ("searchResultPostion", "searchResultPosition")
BODY_FORMS = ("standard", "plain", "short")
_FIRST_YEAR = "2000-01-01T00:00:00Z"
_LAST_YEAR = "2037-12-31T23:59:59Z"
_MONTHS_BACK = 24


@dataclass(frozen=True, slots=True)
class Segment:
    """One recorded file or part of one, in true time, with the address that the device gave for it."""

    span: Span
    playback_uri: str
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class _Page:
    """One page: the readable files of the asked track, and the times of everything listed."""

    items: tuple[Segment, ...]
    listed: tuple[tuple[str, str], ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Window:
    """A search window as it is written; digits of the device."""

    track: int
    start: str
    end: str
    most: int | None = None


class Search:
    """Searches one recorder, one search at a time."""

    def __init__(self, transport: Transport, settings: RecorderSettings) -> None:
        self._transport = transport
        self._recorder = settings.name
        self._one_at_a_time = asyncio.Lock()
        forms = BODY_FORMS if settings.search_body == "auto" else (settings.search_body,)
        self._forms: tuple[str, ...] = forms
        spellings = SPELLINGS if settings.paging_field == "auto" else (settings.paging_field,)
        self._spellings: tuple[str, ...] = spellings
        self._page_sizes: tuple[int, ...] = PAGE_SIZES

    async def segments(self, track: int, span: Span, time: DeviceTime) -> list[Segment]:
        """The recorded files that touch `span`, oldest first, each once; not clipped.

        Raises:
            RecorderError: the device cannot be searched.
        """
        found: dict[tuple[datetime, datetime], Segment] = {}
        async with self._one_at_a_time:
            for part in by_device_days(span, time):
                for segment in await self._all_pages(track, part, time):
                    if segment.span.start < span.end and span.start < segment.span.end:
                        found.setdefault((segment.span.start, segment.span.end), segment)
        return [found[key] for key in sorted(found)]

    async def oldest(self, track: int, time: DeviceTime, now: datetime) -> datetime | None:
        """Start of the oldest recording; None where there is none.

        One search over all years; a device that cannot (answers "Tag 13 is invalid") is asked for its
        calendar month by month, and then for the first of the days that it names.
        """
        window = _Window(track, _FIRST_YEAR, _LAST_YEAR, 1)
        async with self._one_at_a_time:
            try:
                page = await self._page(window, str(uuid.uuid4()), 0, self._spellings[0], time)
            except (BadAnswer, NotSupported, Busy):
                page = None
        if page is not None:
            return min((item.span.start for item in page.items), default=None)
        day = await self._oldest_day(track, time.labelled(now))
        if day is None:
            return None
        start = (day - time.applied).astimezone(UTC)
        segments = await self.segments(track, Span(start, start + timedelta(days=1)), time)
        return segments[0].span.start if segments else None

    async def _all_pages(self, track: int, span: Span, time: DeviceTime) -> list[Segment]:
        window = _Window(track, time.write(span.start), time.write(span.end, round_up=True))
        items = await self._with_spellings(window, span, time)
        if items is not None:
            return items
        return await self._by_moving_start(window, span, time)

    async def _with_spellings(self, window: _Window, span: Span, time: DeviceTime) -> list[Segment] | None:
        """Every page; None where the device repeats the first page under every spelling."""
        for spelling in self._spellings:
            search_id = str(uuid.uuid4())
            items: list[Segment] = []
            last: _Page | None = None
            repeated = False
            position = 0
            for _ in range(MAX_PAGES):
                page = await self._page(window, search_id, position, spelling, time)
                if last is not None and page.listed and page.listed == last.listed:
                    repeated = True
                    break
                items += page.items
                last = page
                position += len(page.listed)
                if not page.more or not page.listed:
                    break
                if page.items and page.items[-1].span.start >= span.end:
                    break
            else:
                raise BadAnswer("the recorder's list of files has no end")
            if not repeated:
                if position > len(page.listed):
                    self._spellings = (spelling, *(other for other in self._spellings if other != spelling))
                return items
        return None

    async def _by_moving_start(self, window: _Window, span: Span, time: DeviceTime) -> list[Segment]:
        """Pages by asking again from the end of the last file, for devices without paging."""
        items: list[Segment] = []
        start = span.start
        for _ in range(MAX_PAGES):
            moved = _Window(window.track, time.write(start), window.end)
            page = await self._page(moved, str(uuid.uuid4()), 0, self._spellings[0], time)
            items += page.items
            if not page.more or not page.items:
                break
            following = max(item.span.end for item in page.items)
            if following <= start:
                # Only the file that ends here was listed again, as one that touches the window.
                following = start + timedelta(seconds=1)
            if following >= span.end:
                break
            start = following
        else:
            raise BadAnswer("the recorder's list of files has no end")
        return items

    async def _page(
        self, window: _Window, search_id: str, position: int, spelling: str, time: DeviceTime
    ) -> _Page:
        for tries_left in reversed(range(BUSY_TRIES)):
            try:
                return await self._page_in_known_form(window, search_id, position, spelling, time)
            except Busy:
                if not tries_left:
                    raise
                await asyncio.sleep(BUSY_PAUSE_SECONDS)
        raise AssertionError("the last try returns or raises")

    async def _page_in_known_form(
        self, window: _Window, search_id: str, position: int, spelling: str, time: DeviceTime
    ) -> _Page:
        first_error: BadAnswer | None = None
        sizes = self._page_sizes if window.most is None else (window.most,)
        for size, form in product(sizes, self._forms):
            body = search_body(form, window.track, window.start, window.end, search_id=search_id,
                               page_size=size, position=position, spelling=spelling)  # fmt: skip
            answer = await self._transport.fetch("POST", SEARCH_PATH, body, read_seconds=READ_SECONDS)
            try:
                page = _read_page(parse(check(answer).body), window.track, size, time)
            except (BadRequestBody, DeviceFault) as error:
                first_error = first_error or error
                continue
            self._forms = (form, *(other for other in self._forms if other != form))
            self._page_sizes = tuple(each for each in self._page_sizes if each <= size or window.most)
            return page
        raise first_error or BadAnswer("the recorder reads no form of the search")

    async def _oldest_day(self, track: int, today: datetime) -> datetime | None:
        """Midnight, in the device's digits, of the oldest day in its calendar."""
        year, month = today.year, today.month
        oldest: datetime | None = None
        path = f"/ISAPI/ContentMgmt/record/tracks/{track}/dailyDistribution"
        for _ in range(_MONTHS_BACK):
            body = f"<trackDailyParam><year>{year}</year><monthOfYear>{month}</monthOfYear></trackDailyParam>"
            answer = check(await self._transport.fetch("POST", path, body.encode()))
            days = [
                int(text_of(day, "dayOfMonth", "id"))
                for day in parse(answer.body).iter("day")
                if text_of(day, "record").lower() == "true"
            ]
            if days:
                oldest = datetime(year, month, min(days), tzinfo=today.tzinfo)
            elif oldest is not None:
                break
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return oldest


def by_device_days(span: Span, time: DeviceTime) -> Iterator[Span]:
    """The span cut at the midnights of the device's wall clock."""
    start = span.start
    while start < span.end:
        shown = time.labelled(start)
        midnight = shown.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        end = min((midnight - time.applied).astimezone(UTC), span.end)
        yield Span(start, end)
        start = end


def search_body(
    form: str,
    track: int,
    start: str,
    end: str,
    *,
    search_id: str,
    page_size: int,
    position: int,
    spelling: str,
) -> bytes:
    """The request in one of three forms.

    "standard" is what most recorders read; "plain" leaves out the metadata list; "short" is what V4.84 of
    DS-7616NXI wanted: a version, no declaration, `trackList`, braces around the id.
    """
    times = (
        "<timeSpanList><timeSpan>"
        f"<startTime>{escape(start)}</startTime><endTime>{escape(end)}</endTime>"
        "</timeSpan></timeSpanList>"
    )
    page = f"<maxResults>{page_size}</maxResults><{spelling}>{position}</{spelling}>"
    identity = search_id.upper()
    if form == "short":
        text = (
            f'<CMSearchDescription version="1.0"><searchID>{{{identity}}}</searchID>'
            f"<trackList><trackID>{track}</trackID></trackList>{times}{page}</CMSearchDescription>"
        )
        return text.encode()
    metadata = (
        "<metadataList><metadataDescriptor>//recordType.meta.std-cgi.com</metadataDescriptor></metadataList>"
        if form == "standard"
        else ""
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><CMSearchDescription><searchID>{identity}</searchID>'
        f"<trackIDList><trackID>{track}</trackID></trackIDList>{times}{page}{metadata}</CMSearchDescription>"
    )
    return text.encode()


def merged(segments: list[Segment], within: Span) -> list[Span]:
    """The recorded parts inside `within`: files joined where the seam is at most five seconds."""
    return joined((segment.span for segment in segments), within)


def _read_page(root: Element, asked_track: int, page_size: int, time: DeviceTime) -> _Page:
    items: list[Segment] = []
    listed: list[tuple[str, str]] = []
    for element in root.iter("searchMatchItem"):
        shown = (
            text_of(element, "timeSpan/startTime", ".//startTime"),
            text_of(element, "timeSpan/endTime", ".//endTime"),
        )
        listed.append(shown)
        track = text_of(element, "trackID")
        if track and track != str(asked_track):
            continue
        try:
            start, end = time.read(shown[0]), time.read(shown[1])
        except BadAnswer:
            continue
        if end <= start:
            continue
        uri = text_of(element, "mediaSegmentDescriptor/playbackURI", ".//playbackURI")
        items.append(Segment(Span(start, end), uri, _size_in(uri)))
    status = text_of(root, "responseStatusStrg", ".//responseStatusStrg").upper()
    more = status == "MORE" or (not status and len(listed) >= page_size)
    return _Page(tuple(items), tuple(listed), more)


def _size_in(uri: str) -> int | None:
    for field in uri.partition("?")[2].split("&"):
        key, _, value = field.partition("=")
        if key == "size" and value.isdigit():
            return int(value)
    return None
