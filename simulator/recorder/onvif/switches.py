"""Bad luck of an ONVIF recorder."""

from dataclasses import dataclass
from typing import Literal

from simulator.recorder.switches import Switches


@dataclass(slots=True)
class OnvifSwitches(Switches):
    """Set any of these at any time; the next request feels it.

    The general ones work here, too; a replay is the download.

    Attributes:
        wrong_host: every address in an answer names a host of another network, and odd ports.
        local_as_z: times in searches, events and replay are local digits with a false `Z`.
        clock_local_as_z: so is `UTCDateTime` of the clock.
        http_digest: SOAP wants HTTP Digest and ignores tokens.
        open_snapshots: pictures need no login.
        snapshot_missing: `GetSnapshotUri` is not implemented.
        track_events: `FindEvents` tells where recordings begin and end; otherwise it finds nothing.
        open_ended: `LatestRecording` and tracks are left out, as for recordings that still run.
        events_refused: `FindEvents` is not implemented.
        signal_events: the event service tells which video sources have no signal.
        opaque_sources: the `SourceId` of a recording is an address that no other answer holds.
        unnamed: every camera has the same name, as set at the works.
        captions: the names of the cameras are written into their pictures, and `GetOSDs` tells them.
        media2: which cameras only the Media2 service lists; Media lists the others.
        open_information: `GetDeviceInformation` is answered to anybody.
        open_services: every operation is answered to anybody, pictures and video are not.
        own_prefixes: answers use other namespace prefixes than the specification, and default namespaces.
        faults_with_200: refusals come under HTTP 200.
        repeats_results: every page of a search gives the results so far once more.
        endless_search: a search that has told everything goes on "searching".
        hesitant_search: a search gives an empty page before each page with results.
        start_state: `FindEvents` tells the state at the beginning when it is asked to.
        reference_parameters: subscriptions are told apart by a header, not by their address.
        get_services: `GetServices` is there; otherwise only `GetCapabilities`.
        search_missing: there is no search, recording and replay service (a camera, not a recorder).
        page_size: the most results in one page of a search.
        replay_feature: RTSP knows `onvif-replay`; otherwise it answers 551.
        replay_is_live: RTSP takes every `PLAY` and sends what the cameras see now.
        replay_from_beginning: RTSP ignores the asked range and sends from the oldest footage on.
        described_to_replayers: RTSP describes a recording only to those who require `onvif-replay`.
        wants_slash: RTSP plays only addresses with a slash at their end (True) or without (False); None: any.
        rate_control_refused: the status that RTSP answers to `Rate-Control`; None: it is understood.
        untimed: a replay's packets carry no header extension.
        timed: which packets carry it: the "first" of each frame, "all", or the first of each "key" frame.
        terminal_bit: the last frame of a replay says that it is the last.
        goodbye: a replay ends with RTCP BYE; otherwise the recorder just stops sending.
        cut_replay_after_frames: the video connection is cut after so many frames; None: never.
        honours_rate_control: `Rate-Control: no` sends as fast as it can; otherwise at the pace of life.
    """

    wrong_host: bool = False
    local_as_z: bool = False
    clock_local_as_z: bool = False
    http_digest: bool = False
    open_snapshots: bool = False
    snapshot_missing: bool = False
    track_events: bool = True
    open_ended: bool = False
    events_refused: bool = False
    signal_events: bool = True
    opaque_sources: bool = False
    unnamed: bool = False
    captions: bool = False
    media2: frozenset[int] = frozenset()
    open_information: bool = False
    open_services: bool = False
    own_prefixes: bool = False
    faults_with_200: bool = False
    repeats_results: bool = False
    endless_search: bool = False
    hesitant_search: bool = False
    start_state: bool = True
    reference_parameters: bool = False
    get_services: bool = True
    search_missing: bool = False
    page_size: int = 20
    replay_feature: bool = True
    replay_is_live: bool = False
    replay_from_beginning: bool = False
    described_to_replayers: bool = False
    wants_slash: bool | None = None
    rate_control_refused: int | None = None
    untimed: bool = False
    timed: Literal["first", "all", "key"] = "first"
    terminal_bit: bool = True
    goodbye: bool = False
    cut_replay_after_frames: int | None = None
    honours_rate_control: bool = True
