"""How to reach one recorder, and what is known about its quirks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from nvr_client.observing import Observer

Now = Callable[[], datetime]
"""Tells the true time, aware."""

Vendor = Literal["hikvision", "dahua", "onvif", "auto"]
TimeMode = Literal["local", "utc", "auto"]
SearchBody = Literal["auto", "standard", "plain", "short"]
PagingField = Literal["auto", "searchResultPostion", "searchResultPosition"]
FindBase = Literal["auto", "0", "1"]
ExportMethod = Literal["auto", "time", "narrowed", "file", "rtsp"]


@dataclass(frozen=True, kw_only=True)
class RecorderSettings:
    """Where a recorder is, how to log in, and the quirks that a site may have to state.

    Attributes:
        name: what the school calls it; used in logs and state changes.
        vendor: which language it speaks; "auto" finds out with requests that carry no credentials.
        host: name or address, without scheme or port.
        http_port: its web port.
        rtsp_port: its video port.
        username: an account with the rights for live view and playback.
        password: never printed.
        timezone: the zone that the recorder's wall clock is meant to show.
        max_parallel: the most small requests (pictures, lists) in flight at once.
        https: speak TLS on `http_port`.
        tls_sha256: hex SHA-256 of the recorder's own certificate; pins a self-signed one. None: the
            system's authorities decide.
        ffmpeg: the program to run; None: the one that comes with imageio-ffmpeg.
        time_mode: what times in searches mean. "local": the wall clock, whatever suffix is written
            (recorders); "utc": true UTC (seen on single cameras); "auto": found out with one or two searches.
            None: "auto" for Hikvision, "local" for Dahua. ONVIF, whose standard wants UTC, is always tested
            unless this says "utc".
        search_body: which form of the search request the device reads; "auto" tries and remembers.
        paging_field: how the device spells the page position; "auto" tries and remembers.
        find_base: Dahua only: what the channels of a search count from; "auto" finds out.
        export_method: the only way to export; "auto" tries the fastest first and remembers. "narrowed" and
            "file" are Hikvision's.
        observer: looks on at everything that is asked over HTTP, for a diagnostics file; None: nobody does.
    """

    name: str
    vendor: Vendor = "hikvision"
    host: str
    http_port: int = 80
    rtsp_port: int = 554
    username: str
    password: str = field(repr=False)
    timezone: str = "Asia/Ho_Chi_Minh"
    max_parallel: int = 4
    https: bool = False
    tls_sha256: str | None = None
    ffmpeg: str | None = None
    time_mode: TimeMode | None = None
    search_body: SearchBody = "auto"
    paging_field: PagingField = "auto"
    find_base: FindBase = "auto"
    export_method: ExportMethod = "auto"
    observer: Observer | None = field(default=None, repr=False, compare=False)
