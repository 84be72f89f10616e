"""What is recorded: mediaFileFind, with the differences between firmware lines.

Sources: notes on DH-NVR608H, NV41xx, NVR4108 firmware 3.215. The channel of a search counts from one on most
devices and from nought on some, while the files that come back always count from nought: an answer is
believed only when it names the camera that was meant. Finders are few, so each is given back, whatever
happens, if need be after the asker has gone. A page may be shorter than asked; the end is `found=0`, or an
error after the first page. An error on the first page is believed to mean "nothing here" only of a device
that lists files elsewhere.
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from nvr_client._vendors.dahua.cgi import Cgi, Malformed, NothingThere, path_of
from nvr_client.errors import BadAnswer, Busy, NotSupported, RecorderError
from nvr_client.protocol import Span
from nvr_client.settings import FindBase
from nvr_client.wall_clock import DeviceTime

PAGE_SIZE = 100
MAX_PAGES = 120
READ_SECONDS = 15.0
WAIT_SECONDS = 0.6
CLEAN_UP_SECONDS = 5.0
CLOSE_SECONDS = 2.0
_FIRST, _LAST = "2000-01-01 00:00:00", "2037-12-31 23:59:59"
_ITEM = re.compile(r"items\[(\d+)\]\.(\w+)")
_MONTH = timedelta(days=31)
_MONTHS_BACK = 24


@dataclass(frozen=True, slots=True)
class _File:
    """One file as it is printed; `channel` counts from nought, None where it is not named.

    `main` is False for files of other streams, which are listed beside those of the main one.
    """

    channel: int | None
    main: bool
    start: str
    end: str


class NoFirstPage(BadAnswer):
    """The first page of a search is an error."""


class MediaFind:
    """Searches one recorder, one search at a time."""

    def __init__(self, cgi: Cgi, find_base: FindBase) -> None:
        self._cgi = cgi
        self._one_at_a_time = asyncio.Lock()
        self._base = None if find_base == "auto" else int(find_base)
        self._cleaning: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        """Wait until every finder is given back, as far as the device answers in time."""
        if self._cleaning:
            _, late = await asyncio.wait(self._cleaning, timeout=CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def recorded(self, channel: int, span: Span, time: DeviceTime) -> list[Span]:
        """The files that touch `span`, oldest first, each once; not clipped.

        Raises:
            RecorderError: the device cannot be searched.
        """
        start, end = written(time, span.start), written(time, span.end, round_up=True)
        async with self._one_at_a_time:
            files = await self._of_channel(channel, start, end, MAX_PAGES)
        found = {_span_of(file, time) for file in files}
        touching = [file for file in found if file and file.start < span.end and span.start < file.end]
        return sorted(touching, key=lambda file: (file.start, file.end))

    async def oldest(self, channel: int, time: DeviceTime, now: datetime) -> datetime | None:
        """Start of the oldest recording; None where there is none.

        One search over all years, whose first file is the oldest; a device that finds nothing in so wide a
        window is asked month by month, backwards.
        """
        async with self._one_at_a_time:
            files = await self._of_channel(channel, _FIRST, _LAST, 1)
            if not files:
                files = await self._month_by_month(channel, time, now)
        found = (_span_of(file, time) for file in files)
        return min((file.start for file in found if file), default=None)

    async def _month_by_month(self, channel: int, time: DeviceTime, now: datetime) -> list[_File]:
        oldest: list[_File] = []
        end = now
        for _ in range(_MONTHS_BACK):
            start = end - _MONTH
            files = await self._of_channel(channel, written(time, start), written(time, end), 1)
            if not files:
                break
            oldest, end = files, start
        return oldest

    async def _of_channel(self, channel: int, start: str, end: str, pages: int) -> list[_File]:
        """Files of this camera and no other, whatever the device counts from."""
        if self._base is not None:
            files = await self._search(channel - 1 + self._base, start, end, pages)
            return [file for file in files if file.channel in {None, channel - 1}]
        files = await self._search(channel, start, end, pages)
        meant = [file for file in files if file.channel == channel - 1]
        if meant:
            self._base = 1
            return meant
        if files and all(file.channel is None for file in files):
            return files
        if await self._counts_from_nought():
            self._base = 0
            files = await self._search(channel - 1, start, end, pages)
            return [file for file in files if file.channel == channel - 1]
        if files:
            raise NotSupported("the recorder names another camera than was asked: set `find_base`")
        return []

    async def _counts_from_nought(self) -> bool:
        """Whether channel 0 is the first camera: devices that count from one refuse it."""
        files = await self._search(0, _FIRST, _LAST, 1)
        return any(file.channel == 0 for file in files)

    async def _search(self, condition: int, start: str, end: str, pages: int) -> list[_File]:
        await self._cleaned()
        creating = asyncio.create_task(self._create())
        try:
            finder = await asyncio.shield(creating)
            return await self._with_finder(finder, condition, start, end, pages)
        except NoFirstPage:
            if (start, end) == (_FIRST, _LAST) or not await self._search(condition, _FIRST, _LAST, 1):
                raise
            return []
        finally:
            # A task of its own, as whoever asked may be in a hurry or gone before the finder is even there.
            cleaning = asyncio.create_task(self._give_back(creating))
            self._cleaning.add(cleaning)
            cleaning.add_done_callback(self._cleaning.discard)
            await asyncio.wait({cleaning}, timeout=WAIT_SECONDS)

    async def _cleaned(self) -> None:
        if self._cleaning:
            await asyncio.wait(self._cleaning)

    async def _create(self) -> str:
        try:
            finder = (await self._cgi.values(path_of("mediaFileFind", "factory.create"))).get("result", "")
        except Malformed as error:
            raise Busy("the recorder has no search free") from error
        if finder == "0":
            raise Busy("the recorder has no search free")
        if not finder:
            raise BadAnswer("the recorder gives no search")
        return finder

    async def _with_finder(
        self, finder: str, condition: int, start: str, end: str, pages: int
    ) -> list[_File]:
        conditions: dict[str, object] = {
            "condition.Channel": condition,
            "condition.StartTime": start,
            "condition.EndTime": end,
            "condition.Types_0": "dav",
        }
        find = path_of("mediaFileFind", "findFile", object=finder, **conditions)
        try:
            await self._cgi.text(find, read_seconds=READ_SECONDS)
        except (Malformed, NotSupported):
            return []
        following = path_of("mediaFileFind", "findNextFile", object=finder, count=PAGE_SIZE)
        files: list[_File] = []
        last: list[_File] = []
        for _ in range(pages):
            try:
                listed = _listed(await self._cgi.values(following, read_seconds=READ_SECONDS))
            except (Malformed, NothingThere, NotSupported) as error:
                if not files:
                    raise NoFirstPage(str(error)) from error
                break  # some say so that there is no further page
            if not listed or listed == last:
                break
            files += listed
            last = listed
        return [file for file in files if file.main]

    async def _give_back(self, creating: asyncio.Task[str]) -> None:
        with suppress(RecorderError, TimeoutError):
            async with asyncio.timeout(CLEAN_UP_SECONDS):
                finder = await creating
                for action in ("close", "destroy"):
                    with suppress(RecorderError):
                        await self._cgi.text(path_of("mediaFileFind", action, object=finder))


def written(time: DeviceTime, true: datetime, *, round_up: bool = False) -> str:
    """The device's digits as a search or a download wants them: `2026-11-01 08:00:00`."""
    return f"{time.whole(true, round_up=round_up):%Y-%m-%d %H:%M:%S}"


def _listed(values: dict[str, str]) -> list[_File]:
    rows: dict[int, dict[str, str]] = {}
    for key, value in values.items():
        match = _ITEM.fullmatch(key)
        if match is not None:
            rows.setdefault(int(match[1]), {})[match[2]] = value
    return [_file(rows[number]) for number in sorted(rows)]


def _file(fields: dict[str, str]) -> _File:
    channel = fields.get("Channel", "")
    return _File(
        channel=int(channel) if channel.isdigit() else None,
        main=fields.get("VideoStream", "Main").lower() == "main",
        start=fields.get("StartTime", ""),
        end=fields.get("EndTime", ""),
    )


def _span_of(file: _File, time: DeviceTime) -> Span | None:
    """The true time of a file; None where it prints none."""
    try:
        start, end = time.read(file.start), time.read(file.end)
    except BadAnswer:
        return None
    return Span(start, end) if start < end else None
