"""The search service: which recordings there are, and where their video begins and ends."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from simulator.recorder.model import CameraModel, RecorderModel
from simulator.recorder.onvif.clock import OnvifClock
from simulator.recorder.onvif.services import Addresses, recording_token, source_token
from simulator.recorder.onvif.soap import NOT_IMPLEMENTED, Fault, SoapRequest
from simulator.recorder.onvif.switches import OnvifSwitches

TRACK = "VIDEO001"
_MOST_SEARCHES = 8
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Results:
    """What a search has found, and how much of it is told; `hesitated` after an empty page."""

    rows: list[str]
    told: int = 0
    hesitated: bool = False


@dataclass(slots=True)
class Search:
    """Searches that clients have begun, each a list of results not handed out yet."""

    model: RecorderModel
    clock: OnvifClock
    switches: OnvifSwitches
    open: dict[str, Results] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def get_recording_summary(self, _request: SoapRequest, _addresses: Addresses) -> str:
        """From when until when there is anything at all."""
        oldest = [start for number in self.model.cameras if (start := self.model.oldest(number))]
        begin = min(oldest, default=self.model.now())
        return (
            "<tse:GetRecordingSummaryResponse><tse:Summary>"
            f"<tt:DataFrom>{self.clock.write(begin)}</tt:DataFrom>"
            f"<tt:DataUntil>{self.clock.write(self.model.now())}</tt:DataUntil>"
            f"<tt:NumberRecordings>{len(self.model.cameras)}</tt:NumberRecordings>"
            "</tse:Summary></tse:GetRecordingSummaryResponse>"
        )

    def find_recordings(self, request: SoapRequest, _addresses: Addresses) -> str:
        """Begin a search for recordings."""
        cameras = self._scope(request)
        return self._begun("FindRecordings", [self._information(camera) for camera in cameras])

    def find_events(self, request: SoapRequest, _addresses: Addresses) -> str:
        """Begin a search for `Track/State` events between two times."""
        if self.switches.events_refused:
            raise Fault(*NOT_IMPLEMENTED, receiver=True)
        try:
            start = self.clock.read(request.text("StartPoint"))
            end = self.clock.read(request.text("EndPoint")) if request.text("EndPoint") else self.model.now()
        except ValueError as problem:
            raise Fault("InvalidArgVal", "InvalidTime") from problem
        found: list[tuple[datetime, str]] = []
        if self.switches.track_events:
            with_state = request.text("IncludeStartState").lower() in {"true", "1"}
            for camera in self._scope(request):
                found += self._events(camera, start, end, with_state=with_state)
        return self._begun("FindEvents", [event for _, event in sorted(found)])

    def get_recording_search_results(self, request: SoapRequest, _addresses: Addresses) -> str:
        """The next page of recordings."""
        return self._page("GetRecordingSearchResults", request)

    def get_event_search_results(self, request: SoapRequest, _addresses: Addresses) -> str:
        """The next page of events."""
        return self._page("GetEventSearchResults", request)

    def end_search(self, request: SoapRequest, _addresses: Addresses) -> str:
        """Forget a search."""
        if self.open.pop(request.text("SearchToken"), None) is None:
            raise Fault("InvalidArgVal", "InvalidToken")
        endpoint = self.clock.write(self.model.now())
        return f"<tse:EndSearchResponse><tse:Endpoint>{endpoint}</tse:Endpoint></tse:EndSearchResponse>"

    def _begun(self, name: str, results: list[str]) -> str:
        if len(self.open) >= _MOST_SEARCHES:
            raise Fault("Action", "ResourceProblem", receiver=True)
        token = f"SearchToken[{next(self._numbers)}]"
        self.open[token] = Results(results)
        return f"<tse:{name}Response><tse:SearchToken>{token}</tse:SearchToken></tse:{name}Response>"

    def _page(self, name: str, request: SoapRequest) -> str:
        results = self.open.get(request.text("SearchToken"))
        if results is None:
            raise Fault("InvalidArgVal", "InvalidToken")
        wanted = int(request.text("MaxResults") or self.switches.page_size)
        size = min(wanted, self.switches.page_size)
        waits = self.switches.hesitant_search and not results.hesitated and results.told < len(results.rows)
        results.hesitated = waits
        begin = 0 if self.switches.repeats_results else results.told
        if not waits:
            results.told = min(results.told + size, len(results.rows))
        page = [] if waits else results.rows[begin : results.told]
        unfinished = results.told < len(results.rows) or self.switches.endless_search
        state = "Searching" if unfinished else "Completed"
        return (
            f"<tse:{name}Response><tse:ResultList><tt:SearchState>{state}</tt:SearchState>"
            f"{''.join(page)}</tse:ResultList></tse:{name}Response>"
        )

    def _scope(self, request: SoapRequest) -> list[CameraModel]:
        recordings = {(element.text or "").strip() for element in request.body.iter("IncludedRecordings")}
        sources = {
            (element.text or "").strip() for element in request.body.findall(".//IncludedSources/Token")
        }
        return [
            camera
            for camera in reversed(self.model.cameras.values())
            if (not recordings or recording_token(camera.number) in recordings)
            and (not sources or source_token(camera.number) in sources)
        ]

    def _information(self, camera: CameraModel) -> str:
        pieces = self.model.footage(camera.number, _BEGINNING, self.model.now())
        times = ""
        track = ""
        if pieces:
            first, last = self.clock.write(pieces[0].start), self.clock.write(pieces[-1].end)
            times = (
                f"<tt:EarliestRecording>{first}</tt:EarliestRecording>"
                f"<tt:LatestRecording>{last}</tt:LatestRecording>"
            )
            track = (
                f"<tt:Track><tt:TrackToken>{TRACK}</tt:TrackToken><tt:TrackType>Video</tt:TrackType>"
                f"<tt:Description/><tt:DataFrom>{first}</tt:DataFrom><tt:DataTo>{last}</tt:DataTo></tt:Track>"
            )
            if self.switches.open_ended:
                times, track = f"<tt:EarliestRecording>{first}</tt:EarliestRecording>", ""
        source = source_token(camera.number)
        if self.switches.opaque_sources:
            source = f"http://192.0.2.7/sources/{camera.number * 7919 % 1000:x}a"
        captioned = self.switches.captions or not self.switches.unnamed
        name = camera.name if captioned else "Recording"
        status = "Recording" if camera.online else "Stopped"
        return (
            f"<tt:RecordingInformation><tt:RecordingToken>{recording_token(camera.number)}</tt:RecordingToken>"
            f"<tt:Source><tt:SourceId>{source}</tt:SourceId><tt:Name>{escape(name)}</tt:Name>"
            "<tt:Location/><tt:Description/><tt:Address/></tt:Source>"
            f"{times}<tt:Content/>{track}<tt:RecordingStatus>{status}</tt:RecordingStatus>"
            "</tt:RecordingInformation>"
        )

    def _events(
        self, camera: CameraModel, start: datetime, end: datetime, *, with_state: bool
    ) -> list[tuple[datetime, str]]:
        everything = self.model.footage(camera.number, _BEGINNING, self.model.now())
        found: list[tuple[datetime, str]] = []
        if with_state and self.switches.start_state:
            present = any(piece.start <= start < piece.end for piece in everything)
            found.append((start, self._event(camera, start, present=present, state=True)))
        for piece in everything:
            for moment, present in ((piece.start, True), (piece.end, False)):
                still_running = not present and moment >= self.model.now().replace(microsecond=0)
                if start < moment <= end and not still_running:
                    found.append((moment, self._event(camera, moment, present=present, state=False)))
        return found

    def _event(self, camera: CameraModel, moment: datetime, *, present: bool, state: bool) -> str:
        recording, at = recording_token(camera.number), self.clock.write(moment)
        return (
            f"<tt:Result><tt:RecordingToken>{recording}</tt:RecordingToken><tt:TrackToken>{TRACK}</tt:TrackToken>"
            f"<tt:Time>{at}</tt:Time><tt:Event>"
            '<wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
            "tns1:RecordingHistory/Track/State</wsnt:Topic><wsnt:Message>"
            f'<tt:Message UtcTime="{at}" PropertyOperation="Changed"><tt:Source>'
            f'<tt:SimpleItem Name="Recording" Value="{recording}"/>'
            f'<tt:SimpleItem Name="Track" Value="{TRACK}"/></tt:Source><tt:Data>'
            f'<tt:SimpleItem Name="IsDataPresent" Value="{str(present).lower()}"/>'
            f"</tt:Data></tt:Message></wsnt:Message></tt:Event>"
            f"<tt:StartStateEvent>{str(state).lower()}</tt:StartStateEvent></tt:Result>"
        )
