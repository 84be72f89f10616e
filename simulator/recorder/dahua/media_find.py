"""mediaFileFind.cgi: searching for recordings with one of a few finders."""

from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from simulator.recorder.dahua.answers import lines, malformed, plain, printed, read_time
from simulator.recorder.dahua.switches import DahuaSwitches
from simulator.recorder.model import RecordedFile, RecorderModel
from simulator.recorder.wall_clock import WallClock

_DOCUMENTED_PAGE = 100


@dataclass(slots=True)
class _Finder:
    """One search; `files` is None until it was told what to look for."""

    files: list[tuple[RecordedFile, str]] | None = None
    position: int = 0


@dataclass(slots=True)
class MediaFind:
    """The finders of one recorder; `open` are those that nobody has destroyed yet."""

    model: RecorderModel
    clock: WallClock
    switches: DahuaSwitches
    open: dict[str, _Finder] = field(default_factory=dict)
    _number: int = field(default=3_039_757_640, repr=False)

    def answer(self, action: str, query: dict[str, str]) -> web.Response:
        """One request.

        Raises:
            Refusal: 400; an unknown finder or action, an unreadable condition, or no finder is free.
        """
        if action == "factory.create":
            return self._create()
        finder = self.open.get(query.get("object", ""))
        if finder is None:
            raise malformed()
        match action:
            case "findFile":
                return self._find(finder, query)
            case "findNextFile":
                return self._next(finder, query)
            case "close":
                finder.files = None
            case "destroy":
                del self.open[query["object"]]
            case _:
                raise malformed()
        return plain("OK\r\n")

    def _create(self) -> web.Response:
        if len(self.open) >= self.switches.most_finders:
            raise malformed()
        self._number += 1
        name = str(self._number)
        self.open[name] = _Finder()
        return lines([("result", name)])

    def _find(self, finder: _Finder, query: dict[str, str]) -> web.Response:
        start = read_time(self.clock, query.get("condition.StartTime", ""))
        end = read_time(self.clock, query.get("condition.EndTime", ""))
        channel = query.get("condition.Channel", "")
        if not channel.isdigit():
            raise malformed()
        number = int(channel) + 1 - self.switches.find_base
        finder.files = []
        if number in self.model.cameras and start < end:
            streams = ("Main", "Extra1") if self.switches.sub_stream_files else ("Main",)
            streams = (query["condition.VideoStream"],) if "condition.VideoStream" in query else streams
            finder.files = [
                (file, stream) for file in self.model.files(number, start, end) for stream in streams
            ]
        finder.position = 0
        if not finder.files and self.switches.nothing_found == "400":
            raise malformed()
        return plain("OK\r\n")

    def _next(self, finder: _Finder, query: dict[str, str]) -> web.Response:
        asked = query.get("count", "")
        if finder.files is None or not asked.isdigit():
            raise malformed()
        most = min(int(asked), _DOCUMENTED_PAGE, self.switches.page_limit)
        page = finder.files[finder.position : finder.position + most]
        last_is_error = self.switches.find_ends_with_error and bool(finder.position)
        if not page and (last_is_error or (self.switches.empty_page_is_error and not finder.position)):
            raise malformed()
        finder.position += len(page)
        rows: list[tuple[str, object]] = [
            ("found", _DOCUMENTED_PAGE if page and self.switches.found_is_wrong else len(page))
        ]
        for place, (file, stream) in enumerate(page):
            rows += [(f"items[{place}].{key}", value) for key, value in self._item(file, stream)]
        return lines(rows)

    def _item(self, file: RecordedFile, stream: str) -> list[tuple[str, object]]:
        short = self.switches.short_times
        rows: list[tuple[str, object]] = []
        if self.switches.item_channels:
            rows.append(("Channel", file.camera - 1))
        rows += [
            ("StartTime", printed(self.clock, file.start, short=short)),
            ("EndTime", printed(self.clock, file.end, short=short)),
            ("FilePath", _path(self.clock.shown(file.start), self.clock.shown(file.end), file.camera)),
            ("Type", "dav"),
            ("VideoStream", stream),
            ("Length", file.size_bytes),
            ("Flags[0]", "Timing"),
        ]
        if self.switches.utc_offset_lines:
            rows += [("UTCOffset", -14400), ("Duration", 3600), ("CutLength", file.size_bytes)]
        return rows


def _path(start: datetime, end: datetime, number: int) -> str:
    names = f"{start:%H.%M.%S}-{end:%H.%M.%S}[R][0@0][0].dav"
    return f"/mnt/dvr/{start:%Y-%m-%d}/{number - 1}/dav/{start:%H}/1/0/2129/{names}"
