"""Footage of a span onto our disk: loadfile.cgi, or RTSP playback where that does not work.

"time"  the device cuts, at most an hour at once; only the span crosses the wire
"rtsp"  playback, as slow as the footage is long, but it works everywhere
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from nvr_client._vendors.dahua.cgi import Cgi
from nvr_client._vendors.dahua.dav import DavReader
from nvr_client._vendors.dahua.load_file import LONGEST, LoadFile
from nvr_client._vendors.dahua.media_find import MediaFind
from nvr_client._vendors.dahua.video import playback_path
from nvr_client.errors import NothingRecorded, NotSupported
from nvr_client.exporting import ExportWays, Made, Wanted, Way
from nvr_client.live import Live
from nvr_client.part_file import PartFile
from nvr_client.protocol import Exported, Progress, Span
from nvr_client.settings import Now, RecorderSettings
from nvr_client.spans import joined
from nvr_client.video_tool import VideoTool
from nvr_client.wall_clock import DeviceTime

_SECOND = timedelta(seconds=1)


class Exports:
    """Exports from one recorder."""

    def __init__(
        self,
        settings: RecorderSettings,
        cgi: Cgi,
        *,
        find: MediaFind,
        live: Live,
        tool: VideoTool,
        now: Now,
    ) -> None:
        self._cgi = cgi
        self._find = find
        self._only = settings.export_method
        self._all: ExportWays[Wanted] = ExportWays(
            settings.name, cgi.transport.guard, live=live, tool=tool, now=now
        )
        self._ways: dict[str, Way[Wanted]] = {"time": self._load, "rtsp": self._playback}

    async def export(
        self, channel: int, span: Span, target: Path, time: DeviceTime, progress: Progress | None
    ) -> Exported:
        """See `NvrClient.export`."""
        order = list(self._ways) if self._only == "auto" else [self._only]
        if not set(order) <= self._ways.keys():
            raise NotSupported("this recorder has no such way of exporting")
        parts = joined(await self._find.recorded(channel, span, time), span)
        if not parts:
            raise NothingRecorded("the recorder has nothing in this span")
        wanted = Wanted(channel, span, parts, time, progress)
        return await self._all.first_good(target, wanted, order, self._ways)

    async def _load(self, part: PartFile, wanted: Wanted) -> Made:
        reader = DavReader()
        loader = LoadFile(self._cgi, wanted.channel, wanted.time)

        def passed() -> None:
            if wanted.progress is not None:
                wanted.progress(part.size_bytes, None)

        for piece in _pieces(wanted.parts):
            allowed = self._all.shortfall_allowed(piece.duration, piece.end)
            await loader.into(part, reader, piece, allowed, passed)
        holes = [
            Span(wanted.time.read(before.isoformat()) + _SECOND, wanted.time.read(after.isoformat()))
            for before, after in reader.holes
        ]
        first = None if reader.earliest is None else wanted.time.read(reader.earliest.isoformat())
        return Made("time-loadfile", tuple(holes), first)

    async def _playback(self, part: PartFile, wanted: Wanted) -> Made:
        await self._all.played_back(
            part, wanted, lambda recorded: playback_path(wanted.channel, recorded, wanted.time)
        )
        await self._all.check_length(part, wanted, borders=len(wanted.parts) - 1)
        return Made("rtsp")


def _pieces(parts: list[Span]) -> Iterator[Span]:
    """The parts in pieces that the device takes."""
    for part in parts:
        start = part.start
        while start < part.end:
            # From a whole second on, as the device is asked for whole seconds and takes no second more.
            end = min(start.replace(microsecond=0) + LONGEST, part.end)
            yield Span(start, end)
            start = end
