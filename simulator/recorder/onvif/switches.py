"""Bad luck of an ONVIF recorder."""

from dataclasses import dataclass

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
        get_services: `GetServices` is there; otherwise only `GetCapabilities`.
        search_missing: there is no search, recording and replay service (a camera, not a recorder).
        page_size: the most results in one page of a search.
        replay_feature: RTSP knows `onvif-replay`; otherwise it answers 551.
        replay_is_live: RTSP takes every `PLAY` and sends what the cameras see now.
        replay_from_beginning: RTSP ignores the asked range and sends from the oldest footage on.
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
    get_services: bool = True
    search_missing: bool = False
    page_size: int = 20
    replay_feature: bool = True
    replay_is_live: bool = False
    replay_from_beginning: bool = False
    terminal_bit: bool = True
    goodbye: bool = False
    cut_replay_after_frames: int | None = None
    honours_rate_control: bool = True
