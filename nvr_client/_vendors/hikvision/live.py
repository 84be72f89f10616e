"""Video over RTSP: live streams, recorded ones, and single pictures from them.

Paths: `/Streaming/Channels/101` on most, lower case on some, `/h264/ch1/main/av_stream` on old firmware;
`/Streaming/tracks/101?starttime=…&endtime=…` for recorded video, which is sent in real time and does not
always stop at its end.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from nvr_client._vendors.hikvision.status import online_states
from nvr_client._vendors.hikvision.transport import Transport
from nvr_client._vendors.hikvision.wall_clock import DeviceTime
from nvr_client.errors import BadAnswer, CameraOffline, NotSupported, NoVideoPort, Silent, TooSlow
from nvr_client.jpeg import size_of_jpeg
from nvr_client.login import LoginGuard
from nvr_client.protocol import Span
from nvr_client.rtsp import RtspLogin, Stream, relay
from nvr_client.settings import RecorderSettings
from nvr_client.video_tool import VideoTool

_LIVE_PATHS = (
    "/Streaming/Channels/{channel}01",
    "/Streaming/channels/{channel}01",
    "/h264/ch{channel}/main/av_stream",
)
_SLACK_SECONDS = 15.0
_LONGEST_GOP_SECONDS = 4.0


class Live:
    """Video of one recorder."""

    def __init__(self, settings: RecorderSettings, transport: Transport, tool: VideoTool) -> None:
        self._transport = transport
        self._tool = tool
        self._paths: tuple[str, ...] = _LIVE_PATHS
        # A guard of its own: a video port that wants another login must not stop pictures over HTTP, whose
        # login is proven before the video port is ever asked.
        self._login = RtspLogin(
            host=settings.host,
            port=settings.rtsp_port,
            username=settings.username,
            password=settings.password,
            guard=LoginGuard(f"{settings.name} (video port)"),
        )
        transport.guard.after_reset(self._login.guard.reset)

    async def key_frame(self, channel: int, *, seconds: float) -> bytes:
        """The next key frame of the main stream as a JPEG."""
        async with self._stream(channel) as stream:
            picture = await self._tool.key_frame(stream.url, seconds=seconds)
        size_of_jpeg(picture)
        return picture

    async def record(self, channel: int, target: Path, *, duration: float) -> None:
        """`duration` seconds from now into an MP4 that begins with a key frame."""
        try:
            async with self._stream(channel) as stream:
                limit = duration + _SLACK_SECONDS
                await self._tool.record(
                    stream.url, target, duration=duration, hevc=stream.hevc, seconds=limit
                )
            await self._check_played(target)
        except (NotSupported, BadAnswer, TooSlow, NoVideoPort) as error:
            if isinstance(error, Silent):
                raise
            if (await online_states(self._transport)).get(channel) is False:
                raise CameraOffline("the recorder does not reach this camera") from error
            raise

    async def playback(self, channel: int, span: Span, time: DeviceTime, target: Path) -> None:
        """Recorded video of `span` into an MP4, at the pace at which the recorder plays it."""
        await self._prove()
        start, end = time.write_compact(span.start), time.write_compact(span.end, round_up=True)
        path = f"/Streaming/tracks/{channel}01?starttime={start}&endtime={end}"
        # It begins at the key frame before the start, so as much longer must be taken for the end.
        duration = span.duration.total_seconds() + _LONGEST_GOP_SECONDS
        async with relay(self._login, path) as stream:
            limit = duration * 1.5 + _SLACK_SECONDS
            await self._tool.record(stream.url, target, duration=duration, hevc=stream.hevc, seconds=limit)

    async def _check_played(self, target: Path) -> None:
        if not await self._tool.duration(target):
            raise BadAnswer("the recorder sent no video")

    @asynccontextmanager
    async def _stream(self, channel: int) -> AsyncIterator[Stream]:
        await self._prove()
        missing: NotSupported | None = None
        for path in self._paths:
            async with AsyncExitStack() as stack:
                try:
                    stream = await stack.enter_async_context(relay(self._login, path.format(channel=channel)))
                except NotSupported as error:
                    missing = error
                    continue
                self._paths = (path, *(other for other in self._paths if other != path))
                yield stream
                return
        raise missing or NotSupported("the recorder has no live stream of this camera")

    async def _prove(self) -> None:
        self._login.guard.check()
        await self._transport.prove()
