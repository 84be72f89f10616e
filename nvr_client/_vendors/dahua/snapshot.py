"""The ways to a picture: snapshot.cgi, one at a time per recorder, and a key frame.

Parallel requests fail on these devices, and cameras attached by ONVIF have no snapshot (400), so their
pictures come from the live stream. So does a picture that would have to wait behind one that hangs.
"""

import asyncio

from nvr_client import snapshot
from nvr_client._vendors.dahua.cgi import Cgi, path_of
from nvr_client.errors import TooSlow
from nvr_client.jpeg import size_of_jpeg
from nvr_client.live import Live

WAIT_SECONDS = 1.0
HELD_SECONDS = 2.5


def ways(cgi: Cgi, live: Live) -> dict[str, snapshot.Way]:
    """How to get a picture, the best way first."""
    one_at_a_time = asyncio.Lock()

    async def picture(channel: int) -> bytes:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await one_at_a_time.acquire()
        except TimeoutError:
            return await key_frame(channel)
        try:
            async with asyncio.timeout(HELD_SECONDS):
                answer = await cgi.fetch(path_of("snapshot", channel=channel))
        except TimeoutError as error:
            raise TooSlow("the recorder sends no picture in time") from error
        finally:
            one_at_a_time.release()
        size_of_jpeg(answer.body)
        return answer.body

    async def key_frame(channel: int) -> bytes:
        return await live.key_frame(channel, seconds=snapshot.TOTAL_SECONDS)

    return {"picture": picture, "key-frame": key_frame}
