"""Footage over HTTP: loadfile.cgi, which cuts by time to whole seconds from the key frame before.

Spans of six hours were accepted and eight refused (DH-NVR608H), so at most an hour is asked at once. An
answer that breaks off is taken up again where it ended. That something is missing is mostly not said by an
error but by a short or empty body, so the times in the frames are compared with what was asked.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from nvr_client._vendors.dahua.cgi import Cgi, path_of
from nvr_client._vendors.dahua.dav import DavReader
from nvr_client._vendors.dahua.media_find import written
from nvr_client.errors import BadAnswer
from nvr_client.part_file import PartFile
from nvr_client.protocol import Span
from nvr_client.transport import Answer
from nvr_client.wall_clock import DeviceTime

STALL_SECONDS = 15.0
LONGEST = timedelta(hours=1)
TRIES = 3
LONGEST_GOP = timedelta(seconds=60)
_SECOND = timedelta(seconds=1)
_OK = 200
_REFUSAL_BYTES = 64 * 1024

Passed = Callable[[], None]


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
        start, reached = wanted.start, wanted.start
        problem: BadAnswer | None = None
        broken: BadAnswer | None = None
        for number in range(TRIES):
            reader.begin_piece(self._digits(wanted.end), resumed=bool(number))
            problem = None
            try:
                await self._piece(part, reader, Span(start, wanted.end), passed)
            except OtherFootage:
                raise
            except BadAnswer as error:
                problem = error
            if reader.first is None or reader.last is None:
                break
            if not number and self._true(reader.first) - start > allowed:
                raise OtherFootage("the recorder sent footage of another time")
            reached = self._true(reader.last) + _SECOND
            if reached >= wanted.end:
                return
            start, broken = reached - _SECOND, problem
        # Asked again, the device has no more: what is short now was never recorded, unless it broke off.
        if broken is not None or reached < wanted.end - allowed or reached == wanted.start:
            raise broken or problem or BadAnswer("the recorder sent half of the footage")

    async def _piece(self, part: PartFile, reader: DavReader, span: Span, passed: Passed) -> None:
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
                    await part.write(whole)
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
