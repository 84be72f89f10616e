"""Footage over HTTP: loadfile.cgi, which cuts by time to whole seconds from the key frame before.

Spans of six hours were accepted and eight refused (DH-NVR608H), so at most an hour is asked at once. An
answer that breaks off is taken up again where it ended. That something is missing is mostly not said by an
error but by a short or empty body, so the times in the frames are compared with what was asked. What is
missing although the search lists it is asked for once more, and told as a hole when it does not come.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from nvr_client._vendors.dahua.cgi import Cgi, Malformed, path_of
from nvr_client._vendors.dahua.dav import DavReader
from nvr_client._vendors.dahua.media_find import written
from nvr_client.errors import BadAnswer, RecorderError, TooSlow
from nvr_client.part_file import PartFile
from nvr_client.protocol import Span
from nvr_client.transport import Answer
from nvr_client.wall_clock import DeviceTime

STALL_SECONDS = 15.0
LONGEST = timedelta(hours=1)
TRIES = 3
MOST_REQUESTS = 200
LONGEST_GOP = timedelta(seconds=60)
_SECOND = timedelta(seconds=1)
_OK = 200
_REFUSAL_BYTES = 64 * 1024

Passed = Callable[[], None]
Write = Callable[[memoryview], Awaitable[None]]


class OtherFootage(BadAnswer):
    """What came shows another time than was asked."""


class LoadFile:
    """Fetches footage of one channel into a file."""

    def __init__(self, cgi: Cgi, channel: int, time: DeviceTime) -> None:
        self._cgi = cgi
        self._channel = channel
        self._time = time

    async def into(
        self, part: PartFile, reader: DavReader, wanted: Span, allowed: timedelta, passed: Passed
    ) -> None:
        """Append what is recorded in `wanted`, at most an hour; `allowed` may be missing at either end.

        Raises:
            BadAnswer: nothing, half of it, something else, or footage of another time came.
            RecorderError: as ever.
        """
        reached = wanted.start
        fruitless = 0
        for _ in range(MOST_REQUESTS):
            problem = await self._more(part, reader, wanted, reached, passed)
            if reader.first is None or reader.last is None:
                fruitless += 1
                if reached > wanted.start and (problem is None or isinstance(problem, Malformed)):
                    break
                if reached == wanted.start or fruitless == TRIES or isinstance(problem, TooSlow):
                    raise problem or BadAnswer("the recorder sent no footage")
                continue
            if reached == wanted.start:
                await self._check_begin(reader, wanted, allowed)
            fruitless = 0
            reached = max(reached, self._true(reader.last) + _SECOND)
            if reached >= wanted.end:
                return
        else:
            raise BadAnswer("the recorder sent half of the footage")
        # Asked again, the device says in peace that it has no more.
        if reached < wanted.end - allowed:
            reader.holes.append((self._digits(reached - _SECOND), self._digits(wanted.end)))

    async def _more(
        self, part: PartFile, reader: DavReader, wanted: Span, reached: datetime, passed: Passed
    ) -> RecorderError | None:
        """Ask for what comes after `reached`; gives what went wrong on the way."""
        resumed = reached > wanted.start
        start = reached - _SECOND if resumed else reached
        reader.begin_piece(self._digits(wanted.end), resumed=resumed)
        try:
            await self._piece(part.write, reader, Span(start, wanted.end), passed)
        except OtherFootage:
            raise
        except (BadAnswer, TooSlow) as error:
            return error
        return None

    async def _check_begin(self, reader: DavReader, wanted: Span, allowed: timedelta) -> None:
        """A late first frame is believed when the device, asked again, has nothing before it."""
        if reader.first is None or self._true(reader.first) - wanted.start <= allowed:
            return
        before = DavReader()
        before.begin_piece(reader.first)
        with suppress(Malformed):  # one way to say that there is nothing
            await self._piece(_drop, before, Span(wanted.start, self._true(reader.first)), _look_away)
        begin = self._digits(wanted.start)
        if before.last is not None and before.last >= begin:
            raise OtherFootage("the recorder sent footage of another time")
        reader.holes.append((begin - _SECOND, reader.first))

    async def _piece(self, write: Write, reader: DavReader, span: Span, passed: Passed) -> None:
        path = path_of(
            "loadfile",
            "startLoad",
            channel=self._channel,
            startTime=written(self._time, span.start),
            endTime=written(self._time, span.end, round_up=True),
            subtype=0,
        )
        async with self._cgi.transport.open("GET", path, read_seconds=STALL_SECONDS) as response:
            if response.status != _OK:
                said = await response.content.read(_REFUSAL_BYTES)
                self._cgi.check(Answer(response.status, response.content_type, said))
                raise BadAnswer("the recorder sent something that is no footage")
            head = b""
            async for data in response.content.iter_any():
                if not reader.frames:
                    head = (head + data)[:_REFUSAL_BYTES]
                for whole in reader.feed(data):
                    await write(whole)
                if reader.first is not None and self._true(reader.first) < span.start - LONGEST_GOP:
                    raise OtherFootage("the recorder sent footage of another time")
                passed()
                if reader.ended:
                    break
            if not reader.frames:
                self._cgi.check(Answer(response.status, response.content_type, head))

    def _digits(self, true: datetime) -> datetime:
        return self._time.whole(true, round_up=True).replace(tzinfo=None)

    def _true(self, shown: datetime) -> datetime:
        return self._time.read(shown.isoformat())


async def _drop(_: memoryview) -> None:
    """Nobody wants these bytes, only what their frames tell."""


def _look_away() -> None:
    """Nobody is told of progress."""
