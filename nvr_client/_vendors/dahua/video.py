"""Where the recorder's video is over RTSP; channels count from one, times are the device's digits."""

from nvr_client.protocol import Span
from nvr_client.wall_clock import DeviceTime

LIVE_PATHS = ("/cam/realmonitor?channel={channel}&subtype=0",)


def playback_path(channel: int, span: Span, time: DeviceTime) -> str:
    """Where recorded video of a span is."""
    start, end = time.whole(span.start), time.whole(span.end, round_up=True)
    times = f"starttime={start:%Y_%m_%d_%H_%M_%S}&endtime={end:%Y_%m_%d_%H_%M_%S}"
    return f"/cam/playback?channel={channel}&subtype=0&{times}"
