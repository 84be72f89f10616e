"""One picture, by whichever way the device offers, inside a fixed time.

The ISAPI picture, the same through the proxy to the camera (for `badXmlContent`), a key frame of the live
stream. The way that worked is remembered per channel and tried first. A device error mostly means that the
camera is offline, so the state of the cameras is read before other ways are tried.
"""

import asyncio
from collections.abc import Awaitable, Callable

from nvr_client._vendors.hikvision.live import Live
from nvr_client._vendors.hikvision.status import online_states
from nvr_client._vendors.hikvision.transport import Transport
from nvr_client._vendors.hikvision.xml import check
from nvr_client.errors import (
    BadAnswer,
    Busy,
    CameraOffline,
    NoVideoPort,
    RecorderError,
    Silent,
    TooSlow,
    Unreachable,
)
from nvr_client.jpeg import size_of_jpeg

TOTAL_SECONDS = 5.6
SAVED_SECONDS = 2.4
"""What the first way may not use up, so that a hanging one leaves time for a key frame."""
_PICTURE = "/ISAPI/Streaming/channels/{channel}01/picture"
_PROXY = "/ISAPI/ContentMgmt/StreamingProxy/channels/{channel}01/picture"

Way = Callable[[int], Awaitable[bytes]]


class Snapshots:
    """Pictures of one recorder's cameras."""

    def __init__(self, transport: Transport, live: Live) -> None:
        self._transport = transport
        self._live = live
        self._ways: dict[str, Way] = {
            "picture": self._from_path(_PICTURE),
            "proxy": self._from_path(_PROXY),
            "key-frame": self._key_frame,
        }
        self._worked: dict[int, str] = {}

    async def take(self, channel: int) -> bytes:
        """A whole JPEG within six seconds.

        Raises:
            RecorderError: `CameraOffline` where the recorder says so, `TooSlow` where it hangs, else the
            error
                of the first way.
        """
        deadline = asyncio.get_running_loop().time() + TOTAL_SECONDS
        first = self._worked.get(channel, "picture")
        order = [first, *(name for name in self._ways if name != first)]
        first_error: RecorderError | None = None
        for name in order:
            if isinstance(first_error, TooSlow) and name == "proxy":
                continue  # it would hang the same way
            try:
                async with asyncio.timeout_at(deadline - (SAVED_SECONDS if name == first else 0)):
                    picture = await self._ways[name](channel)
            except TimeoutError as error:
                problem: RecorderError = TooSlow("the recorder sends no picture in time")
                problem.__cause__ = error
            except RecorderError as error:
                if self._transport.guard.blocked or type(error) in {Unreachable, Silent}:
                    raise
                problem = error
            else:
                self._worked[channel] = name
                return picture
            if first_error is None:
                first_error = problem
                await self._stop_if_hopeless(channel, problem, deadline)
        self._worked.pop(channel, None)
        raise first_error or BadAnswer("the recorder has no way to give a picture")

    async def _stop_if_hopeless(self, channel: int, problem: RecorderError, deadline: float) -> None:
        """Raise where other ways would only add load: the camera is offline, or the recorder is busy."""
        if not isinstance(problem, TooSlow | NoVideoPort):
            try:
                async with asyncio.timeout_at(deadline):
                    states = await online_states(self._transport)
            except TimeoutError:
                raise problem from None
            if states.get(channel) is False:
                raise CameraOffline("the recorder does not reach this camera") from problem
        if isinstance(problem, Busy | CameraOffline):
            raise problem

    def _from_path(self, template: str) -> Way:
        async def fetch(channel: int) -> bytes:
            target = template.format(channel=channel)
            answer = check(await self._transport.fetch("GET", target, read_seconds=TOTAL_SECONDS))
            size_of_jpeg(answer.body)
            return answer.body

        return fetch

    async def _key_frame(self, channel: int) -> bytes:
        return await self._live.key_frame(channel, seconds=TOTAL_SECONDS)
