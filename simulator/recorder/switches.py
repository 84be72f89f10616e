"""Bad luck: what can be made to go wrong with the pretend recorder while it runs."""

from dataclasses import dataclass


@dataclass(slots=True)
class Switches:
    """Set any of these at any time; the next request feels it.

    Attributes:
        hang: connections are accepted and never answered.
        delay_seconds: every answer comes this much later.
        busy: every request gets 503 and `deviceBusy`.
        xml_with_200: every request gets an XML `ResponseStatus` error under HTTP 200.
        truncate_download_at: a download's connection is cut after this many bytes; None: never.
        empty_download: a download is 200 with no bytes.
        by_time_supported: downloads of a span without a file name work; otherwise only whole files.
        download_methods: the HTTP methods under which downloads work.
        picture_broken: pictures are only the first half of a JPEG.
        hanging_cameras: requests for pictures of these are never answered.
        still: every camera's picture is this JPEG, for measuring without painting; None: what it sees.
        bad_disk: the number (1 or 2) of a disk that reports a fault; None: both are well.
        rtsp_refused: RTSP requests get 503.
        heartbeat_seconds: how often an event stream shows that it lives; None: as the device's own.
        get_parameter: RTSP knows GET_PARAMETER; otherwise 405, and only OPTIONS keeps a session alive.
    """

    hang: bool = False
    delay_seconds: float = 0.0
    busy: bool = False
    xml_with_200: bool = False
    truncate_download_at: int | None = None
    empty_download: bool = False
    by_time_supported: bool = True
    download_methods: frozenset[str] = frozenset({"GET", "POST"})
    picture_broken: bool = False
    hanging_cameras: frozenset[int] = frozenset()
    still: bytes | None = None
    bad_disk: int | None = None
    rtsp_refused: bool = False
    heartbeat_seconds: float | None = None
    get_parameter: bool = True
