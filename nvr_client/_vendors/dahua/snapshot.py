"""The ways to a picture: snapshot.cgi, one at a time per recorder, and a key frame.

Parallel requests fail on these devices, and cameras attached by ONVIF have no snapshot (400), so their
pictures come from the live stream.
"""

import asyncio

from nvr_client import snapshot
from nvr_client._vendors.dahua.cgi import Cgi, path_of
from nvr_client.jpeg import size_of_jpeg
from nvr_client.live import Live


def ways(cgi: Cgi, live: Live) -> dict[str, snapshot.Way]:
    """How to get a picture, the best way first."""
    one_at_a_time = asyncio.Lock()

    async def picture(channel: int) -> bytes:
        async with one_at_a_time:
            path = path_of("snapshot", channel=channel)
            answer = await cgi.fetch(path, read_seconds=snapshot.TOTAL_SECONDS)
        size_of_jpeg(answer.body)
        return answer.body

    async def key_frame(channel: int) -> bytes:
        return await live.key_frame(channel, seconds=snapshot.TOTAL_SECONDS)

    return {"picture": picture, "key-frame": key_frame}
