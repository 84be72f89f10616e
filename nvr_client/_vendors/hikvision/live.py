"""Where the recorder's video is over RTSP.

Live: `/Streaming/Channels/101` on most, lower case on some, `/h264/ch1/main/av_stream` on old firmware.
"""

from nvr_client.protocol import Span
from nvr_client.wall_clock import DeviceTime

LIVE_PATHS = (
    "/Streaming/Channels/{channel}01",
    "/Streaming/channels/{channel}01",
    "/h264/ch{channel}/main/av_stream",
)


def playback_path(channel: int, span: Span, time: DeviceTime) -> str:
    """Where recorded video of a span is."""
    start, end = time.write_compact(span.start), time.write_compact(span.end, round_up=True)
    return f"/Streaming/tracks/{channel}01?starttime={start}&endtime={end}"
