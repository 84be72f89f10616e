"""Video over RTSP: live streams, recorded ones, and single pictures from them.

Recorded video is sent in real time and does not always stop at its end, so it is bounded here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from nvr_client.errors import BadAnswer, CameraOffline, NotSupported, NoVideoPort, Silent, TooSlow
from nvr_client.jpeg import size_of_jpeg
from nvr_client.key_frames import LONGEST_GROUP
from nvr_client.login import VideoGuard
from nvr_client.rtsp import RtspLogin, Stream, relay
from nvr_client.settings import RecorderSettings
from nvr_client.transport import Transport
from nvr_client.video_tool import VideoTool

OnlineStates = Callable[[], Awaitable[dict[int, bool]]]
"""Asks which cameras the recorder reaches; those it says nothing of are left out."""

_SLACK_SECONDS = 15.0


class Live:
    """Video of one recorder.

    Args:
        settings: where its video port is.
        transport: proves the login before the video port is asked.
        tool: reads the streams.
        paths: where a live stream may be, with `{channel}` in it; the one that worked is tried first.
        online: asks which cameras are there.

    Attributes:
        login: how to log in to the video port, with a breaker of its own.
    """

    def __init__(
        self,
        settings: RecorderSettings,
        transport: Transport,
        tool: VideoTool,
        *,
        paths: Sequence[str],
        online: OnlineStates,
    ) -> None:
        self._transport = transport
        self._tool = tool
        self._online = online
        self._paths: tuple[str, ...] = tuple(paths)
        # A guard of its own: a video port that wants another login must not stop pictures over HTTP.
        self.login = RtspLogin(
            host=settings.host,
            port=settings.rtsp_port,
            username=settings.username,
            password=settings.password,
            guard=VideoGuard(f"{settings.name} (video port)", transport.guard, transport.rights),
        )

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
            if (await self._online()).get(channel) is False:
                raise CameraOffline("the recorder does not reach this camera") from error
            raise

    async def playback(self, path: str, recorded: timedelta, target: Path) -> bool:
        """The recorded video at `path`, so long, into an MP4, at the pace at which the recorder plays it.

        Gives whether the device ended it, which many do not: it is cut for them.
        """
        await self.prove()
        # It begins at the key frame before the start, so as much longer must be taken for the end.
        duration = (recorded + LONGEST_GROUP).total_seconds()
        async with relay(self.login, path, recorded) as stream:
            limit = duration * 1.5 + _SLACK_SECONDS
            await self._tool.record(stream.url, target, duration=duration, hevc=stream.hevc, seconds=limit)
            return not stream.was_cut()

    async def _check_played(self, target: Path) -> None:
        if not await self._tool.duration(target):
            raise BadAnswer("the recorder sent no video")

    @asynccontextmanager
    async def _stream(self, channel: int) -> AsyncIterator[Stream]:
        await self.prove()
        missing: NotSupported | None = None
        for index, path in enumerate(await self.paths_of(channel)):
            async with AsyncExitStack() as stack:
                try:
                    stream = await stack.enter_async_context(relay(self.login, path))
                except NotSupported as error:
                    missing = error
                    continue
                self._paths = (
                    *self._paths[index : index + 1],
                    *self._paths[:index],
                    *self._paths[index + 1 :],
                )
                yield stream
                return
        raise missing or NotSupported("the recorder has no live stream of this camera")

    async def paths_of(self, channel: int) -> Sequence[str]:
        """Where the live stream of a channel may be, the likeliest first."""
        return [path.format(channel=channel) for path in self._paths]

    async def prove(self) -> None:
        """Make sure that the video port may be asked: that it may not be the one that rejects the login."""
        self.login.guard.check()
        await self._transport.confirm()
