"""Live video and pictures of an ONVIF device."""

from collections.abc import Sequence

from nvr_client._vendors.onvif.cameras import Cameras
from nvr_client._vendors.onvif.faults import error_of_status
from nvr_client._vendors.onvif.soap import Soap
from nvr_client.jpeg import size_of_jpeg
from nvr_client.live import Live, OnlineStates
from nvr_client.settings import RecorderSettings
from nvr_client.snapshot import TOTAL_SECONDS, Way
from nvr_client.video_tool import VideoTool

_OK = 200


class OnvifLive(Live):
    """Live streams at the addresses that the device gives."""

    def __init__(
        self,
        settings: RecorderSettings,
        soap: Soap,
        tool: VideoTool,
        *,
        cameras: Cameras,
        online: OnlineStates,
    ) -> None:
        super().__init__(settings, soap, tool, paths=(), online=online)
        self._cameras = cameras

    async def paths_of(self, channel: int) -> Sequence[str]:
        """See `Live.paths_of`."""
        return [await self._cameras.stream_path(channel)]


def ways(soap: Soap, cameras: Cameras, live: Live) -> dict[str, Way]:
    """How to get a picture: from its address, else the next key frame of the stream."""

    async def picture(channel: int) -> bytes:
        answer = await soap.fetch("GET", await cameras.picture_path(channel), read_seconds=TOTAL_SECONDS)
        if answer.status != _OK:
            raise error_of_status(answer.status)
        size_of_jpeg(answer.body)
        return answer.body

    async def key_frame(channel: int) -> bytes:
        return await live.key_frame(channel, seconds=TOTAL_SECONDS)

    return {"picture": picture, "key-frame": key_frame}
