"""The ways to a picture: ISAPI's, the same through the proxy to the camera, a key frame.

The proxy is for devices that answer `badXmlContent` to the first (observed on DS-7616NI-Q2).
"""

from nvr_client import snapshot
from nvr_client._vendors.hikvision.xml import check
from nvr_client.jpeg import size_of_jpeg
from nvr_client.live import Live
from nvr_client.transport import Transport

_PICTURE = "/ISAPI/Streaming/channels/{channel}01/picture"
_PROXY = "/ISAPI/ContentMgmt/StreamingProxy/channels/{channel}01/picture"
ALIKE = frozenset({"proxy"})


def ways(transport: Transport, live: Live) -> dict[str, snapshot.Way]:
    """How to get a picture, the best way first."""

    def from_path(template: str) -> snapshot.Way:
        async def fetch(channel: int) -> bytes:
            target = template.format(channel=channel)
            seconds = snapshot.TOTAL_SECONDS
            answer = check(await transport.fetch("GET", target, read_seconds=seconds))
            size_of_jpeg(answer.body)
            return answer.body

        return fetch

    async def key_frame(channel: int) -> bytes:
        return await live.key_frame(channel, seconds=snapshot.TOTAL_SECONDS)

    return {"picture": from_path(_PICTURE), "proxy": from_path(_PROXY), "key-frame": key_frame}
