"""Footage of a span onto our disk: the fastest way that the device offers, checked before it counts as done.

"time"      the device cuts: an address of our own with the asked times; only the span crosses the wire
"narrowed"  the same with the times put into the address that the search gave
"file"      whole files by name, cut here: up to 1 GB for a minute
"rtsp"      playback, as slow as the footage is long, but it works everywhere

A way counts only when the footage that came plays as long as the recorder said that it has. The way that
worked is remembered and tried first.
"""

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from nvr_client._vendors.hikvision.download import Download, at_host
from nvr_client._vendors.hikvision.live import playback_path
from nvr_client._vendors.hikvision.search import Search, Segment, merged
from nvr_client._vendors.hikvision.xml import check, parse, text_of
from nvr_client.errors import (
    AccessRefused,
    BadAnswer,
    Busy,
    NothingRecorded,
    NotSupported,
)
from nvr_client.exporting import ExportWays, Made, Wanted, Way, began, longest
from nvr_client.key_frames import LONGEST_GROUP
from nvr_client.live import Live
from nvr_client.part_file import PartFile
from nvr_client.protocol import Exported, Progress, Span
from nvr_client.settings import Now, RecorderSettings
from nvr_client.transport import Transport
from nvr_client.video_tool import VideoTool
from nvr_client.wall_clock import DeviceTime

WAYS = ("time", "narrowed", "file", "rtsp")
ALIKE = frozenset({"time", "narrowed", "file"})
CAPABILITIES_PATH = "/ISAPI/ContentMgmt/download/capabilities"
GUESSED_BYTES_A_SECOND = 10_000_000
CUT_SECONDS = 600.0
WHOLE_SECONDS = 2.0
"""Footage that plays as long as its files, give or take this, is all of them."""
_TIMES = re.compile(r"(starttime|endtime)=[^&]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Wanted(Wanted):
    """With the files that hold the footage."""

    segments: list[Segment]


class Exports:
    """Exports from one recorder."""

    def __init__(
        self,
        settings: RecorderSettings,
        transport: Transport,
        *,
        search: Search,
        live: Live,
        tool: VideoTool,
        now: Now,
    ) -> None:
        self._transport = transport
        self._search = search
        self._tool = tool
        self._all: ExportWays[_Wanted] = ExportWays(
            settings.name, transport.guard, live=live, tool=tool, now=now, alike=ALIKE
        )
        scheme_host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self._authority = f"rtsp://{scheme_host}:{settings.rtsp_port}"
        self._download = Download(transport)
        self._only = settings.export_method
        self._by_time: bool | None = None
        self._ways: dict[str, Way[_Wanted]] = {
            "time": self._cut_by_device,
            "narrowed": self._narrowed,
            "file": self._whole_files,
            "rtsp": self._playback,
        }

    async def export(
        self, channel: int, span: Span, target: Path, time: DeviceTime, progress: Progress | None
    ) -> Exported:
        """See `NvrClient.export`."""
        segments = await self._search.segments(channel * 100 + 1, span, time)
        parts = merged(segments, span)
        if not parts:
            raise NothingRecorded("the recorder has nothing in this span")
        wanted = _Wanted(channel, span, parts, time, progress, segments)
        return await self._all.first_good(target, wanted, await self._order(wanted), self._ways)

    async def _order(self, wanted: _Wanted) -> list[str]:
        if self._only != "auto":
            return [self._only]
        order = list(WAYS)
        if self._by_time is None:
            self._by_time = await self._offers_by_time()
        if not self._by_time:
            order.remove("time")
        size = sum(segment.size_bytes or 0 for segment in wanted.segments)
        if size / GUESSED_BYTES_A_SECOND > wanted.footage.total_seconds():
            order.remove("file")
            order.append("file")
        return order

    async def _offers_by_time(self) -> bool:
        """What the device says of itself; yes where it says nothing, because trying costs little."""
        try:
            root = parse(check(await self._transport.fetch("GET", CAPABILITIES_PATH)).body)
        except (BadAnswer, NotSupported, AccessRefused, Busy):
            self._transport.guard.check()
            return True
        return text_of(root, "isSupportDownloadbyTime", ".//isSupportDownloadbyTime").lower() != "false"

    async def _cut_by_device(self, part: PartFile, wanted: _Wanted) -> Made:
        start = wanted.time.write_compact(wanted.whole.start)
        end = wanted.time.write_compact(wanted.whole.end, round_up=True)
        uri = f"{self._authority}/Streaming/tracks/{wanted.channel}01?starttime={start}&endtime={end}"
        _, verb = await self._download.into(part, uri, wanted.progress, longest(wanted.footage))
        return await self._checked(part, wanted, f"time-{verb}", by_device=True)

    async def _narrowed(self, part: PartFile, wanted: _Wanted) -> Made:
        if len(wanted.segments) != 1 or not wanted.segments[0].playback_uri:
            raise NotSupported("the span lies in several files")
        times = {
            "starttime": wanted.time.write_compact(wanted.whole.start),
            "endtime": wanted.time.write_compact(wanted.whole.end, round_up=True),
        }
        given = at_host(wanted.segments[0].playback_uri, self._authority)
        uri = _TIMES.sub(lambda match: f"{match[1]}={times[match[1].lower()]}", given)
        _, verb = await self._download.into(part, uri, wanted.progress, longest(wanted.footage))
        return await self._checked(part, wanted, f"narrowed-{verb}", by_device=True)

    async def _whole_files(self, part: PartFile, wanted: _Wanted) -> Made:
        """Fetch each file by its name and cut out what was asked."""
        verb = ""
        async with AsyncExitStack() as stack:
            pieces: list[Path] = []
            for number, segment in enumerate(wanted.segments):
                if not segment.playback_uri:
                    raise NotSupported("the search names no files")
                overlap = merged([segment], wanted.asked)
                if not overlap:
                    continue
                whole = await stack.enter_async_context(
                    PartFile(part.target.with_name(f"{part.target.name}.{number}"))
                )
                uri = at_host(segment.playback_uri, self._authority)
                container, verb = await self._download.into(whole, uri, wanted.progress)
                await whole.flush()
                cut = part.path.with_name(f"{part.path.name}.{number}.mp4")
                stack.callback(cut.unlink, missing_ok=True)
                await self._tool.cut(
                    whole.path,
                    cut,
                    start=(overlap[0].start - segment.span.start).total_seconds(),
                    duration=overlap[0].duration.total_seconds(),
                    container=container,
                    seconds=CUT_SECONDS,
                )
                pieces.append(cut)
            await self._all.put_together(part, pieces)
        return await self._checked(part, wanted, f"file-{verb}")

    async def _playback(self, part: PartFile, wanted: _Wanted) -> Made:
        first_frame_at = await self._all.played_back(
            part, wanted, lambda recorded: playback_path(wanted.channel, recorded, wanted.time)
        )
        await self._all.check_length(part, wanted, borders=len(wanted.segments) - 1)
        return Made("rtsp", first_frame_at=first_frame_at)

    async def _checked(
        self, part: PartFile, wanted: _Wanted, method: str, *, by_device: bool = False
    ) -> Made:
        """What came by HTTP, which ends where it was asked to: what it plays longer lies before.

        Raises:
            BadAnswer: a device that was to cut sent whole files instead (observed on DS-7616NXI-K2).
        """
        played = await self._all.check_length(part, wanted, borders=len(wanted.segments) - 1)
        if by_device and played is not None:
            early = played - wanted.footage.total_seconds()
            in_files = sum(segment.span.duration.total_seconds() for segment in wanted.segments)
            whole = early > WHOLE_SECONDS and abs(played - in_files) <= WHOLE_SECONDS
            if whole or early > LONGEST_GROUP.total_seconds():
                raise BadAnswer("the recorder sent more than was asked")
        first = wanted.parts[0] if len(wanted.parts) == 1 else None
        return Made(method, first_frame_at=None if first is None else began(first, played))
