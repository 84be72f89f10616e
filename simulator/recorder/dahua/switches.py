"""Quirks of Dahua's firmware lines, each to be set at any time, alone or with others."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from simulator.recorder.model import Stretch
from simulator.recorder.switches import Switches


@dataclass(slots=True)
class DahuaSwitches(Switches):
    """`Switches` and what only these recorders do; `xml_with_200` gives a body `Error` under HTTP 200.

    Attributes:
        exact_login_uri: the signed address must equal the requested one byte for byte; real devices let
            clients in that sign it decoded (aiodahua does).
        errors_with_200: refusals come with HTTP 200 and a body that begins with `Error`.
        find_base: 1 where `condition.Channel` counts from one (NVR608H, NV41xx), 0 where from nought
            (NVR4108 firmware 3.215, single cameras).
        nothing_found: how a search says that there is nothing: 400, or `OK` and then `found=0`.
        page_limit: the most files that one findNextFile gives, whatever it is asked for.
        find_ends_with_error: the page after the last one is an error in place of `found=0`.
        most_finders: search objects that can be open at once.
        item_channels: search items name their channel.
        utc_offset_lines: search items carry `UTCOffset=-14400` and other lines that mean nothing.
        short_times: times are printed without leading noughts: `2026-1-2 8:05:00`.
        sub_stream_files: searches list a file of the second stream beside each of the first, unless told
            which to list.
        camera_state_supported: getCameraState works; otherwise 501.
        video_loss: how "no camera is lost" is said: an empty 200 with `Error: No Events`, or 400.
        camera_list: where the plugged cameras can be read: getCameraAll, RemoteDevice by UUID or by index.
        numeric_device_type: `deviceType` is a number and the model stands in `updateSerial`.
        storage_prefix: what disk lines begin with.
        refused_configs: names of configurations that this account may not read (403).
        onvif_cameras: channels whose cameras are attached by ONVIF: their snapshot is 400.
        one_snapshot_at_a_time: a second one meanwhile fails.
        hanging_snapshots: channels whose snapshot is never answered.
        load_supported: loadfile.cgi works; otherwise 501.
        load_limit: spans longer than this are 400.
        load_nothing: how it says that nothing is recorded: 400, an empty body, or a short error text.
        load_junk_bytes: what stands before the first DHAV.
        load_early: how much before the asked time a download begins, at a key frame.
        load_hangs_at: a download stands still after about this many bytes; None: never.
        playback_runs_on: RTSP playback goes on for an hour after the asked end.
        stray_video_frames: RTSP answers carry interleaved frames of a channel that nobody has set up.
        load_stops_at_gaps: a download ends where the footage is interrupted.
        lost_footage: stretches that the search lists and a download does not have.
        text_begins_with: what stands before every text answer: a byte order mark, blank lines.
        bare_line_feeds: lines end with a line feed only.
        found_is_wrong: findNextFile always says `found=100`, unless it is nought.
        empty_page_is_error: a search that matches nothing ends with an error in place of `found=0`.
        refused_actions: scripts and actions that this account may not call (403), as `calls` names them.
        disk_state_lines: the disks have a `State`.
        faulty_disks: names of disks with `IsError=true`.
        camera_list_supported: there is a list of plugged cameras.
    """

    exact_login_uri: bool = False
    errors_with_200: bool = False
    find_base: Literal[0, 1] = 1
    nothing_found: Literal["400", "empty"] = "400"
    page_limit: int = 100
    find_ends_with_error: bool = False
    most_finders: int = 4
    item_channels: bool = True
    utc_offset_lines: bool = False
    short_times: bool = False
    sub_stream_files: bool = False
    camera_state_supported: bool = True
    video_loss: Literal["200", "400"] = "200"
    camera_list: Literal["camera_all", "uuid", "index"] = "camera_all"
    numeric_device_type: bool = True
    storage_prefix: Literal["list.info", "list"] = "list.info"
    refused_configs: frozenset[str] = frozenset()
    onvif_cameras: frozenset[int] = frozenset()
    one_snapshot_at_a_time: bool = True
    hanging_snapshots: frozenset[int] = frozenset()
    load_supported: bool = True
    load_limit: timedelta = timedelta(hours=6)
    load_nothing: Literal["400", "empty", "text"] = "400"
    load_junk_bytes: int = 9_731
    load_early: timedelta = timedelta()
    load_hangs_at: int | None = None
    playback_runs_on: bool = False
    stray_video_frames: bool = False
    load_stops_at_gaps: bool = False
    lost_footage: tuple[Stretch, ...] = ()
    text_begins_with: str = ""
    bare_line_feeds: bool = False
    found_is_wrong: bool = False
    empty_page_is_error: bool = False
    refused_actions: frozenset[str] = frozenset()
    disk_state_lines: bool = True
    faulty_disks: frozenset[str] = frozenset()
    camera_list_supported: bool = True
