"""One picture, by whichever way the device offers, inside a fixed time.

The way that worked is remembered per channel for a while and tried first. A device error mostly means that
the camera is offline, so the state of the cameras is read before other ways are tried.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

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
from nvr_client.live import OnlineStates
from nvr_client.login import LoginGuard
from nvr_client.protocol import PictureWay

TOTAL_SECONDS = 5.6
REMEMBERED_SECONDS = 600.0
SAVED_SECONDS = 2.4
"""What the first way may not use up, so that a hanging one leaves time for a key frame."""

Way = Callable[[int], Awaitable[bytes]]
"""Fetches a checked picture of a channel."""


class Snapshots:
    """Pictures of one recorder's cameras.

    Args:
        guard: the breaker on rejected logins.
        online: asks which cameras are there.
        ways: how to get a picture, by name, the best first.
        alike: ways that hang where the first one hangs.
    """

    def __init__(
        self,
        guard: LoginGuard,
        online: OnlineStates,
        ways: Mapping[str, Way],
        *,
        alike: frozenset[str] = frozenset(),
    ) -> None:
        self._guard = guard
        self._online = online
        self._ways = ways
        self._alike = alike
        self._worked: dict[int, tuple[str, float]] = {}

    async def take(self, channel: int) -> bytes:
        """A whole JPEG within six seconds.

        Raises:
            RecorderError: `CameraOffline` where the recorder says so, `TooSlow` where it hangs, else the
                error of the first way.
        """
        started = asyncio.get_running_loop().time()
        deadline = started + TOTAL_SECONDS
        best = next(iter(self._ways))
        first, found_at = self._worked.get(channel, (best, started))
        if started - found_at >= REMEMBERED_SECONDS:
            first = best
        order = [first, *(name for name in self._ways if name != first)]
        first_error: RecorderError | None = None
        for name in order:
            if isinstance(first_error, TooSlow) and name in self._alike:
                continue  # it would hang the same way
            try:
                async with asyncio.timeout_at(deadline - (SAVED_SECONDS if name == first else 0)):
                    picture = await self._ways[name](channel)
            except TimeoutError as error:
                problem: RecorderError = TooSlow("the recorder sends no picture in time")
                problem.__cause__ = error
            except RecorderError as error:
                if self._guard.blocked or type(error) in {Unreachable, Silent}:
                    raise
                problem = error
            else:
                self._worked[channel] = (name, found_at if name == first else started)
                return picture
            if first_error is None:
                first_error = problem
                await self._stop_if_hopeless(channel, problem, deadline)
        self._worked.pop(channel, None)
        raise first_error or BadAnswer("the recorder has no way to give a picture")

    async def try_all(self, channel: int) -> list[PictureWay]:
        """Every way once, one after the other, each inside the time that a picture has.

        Raises:
            RecorderError: the login was rejected, or the recorder is gone.
        """
        loop = asyncio.get_running_loop()
        tried: list[PictureWay] = []
        for name, way in self._ways.items():
            started = loop.time()
            size_bytes, problem = 0, None
            try:
                async with asyncio.timeout(TOTAL_SECONDS):
                    size_bytes = len(await way(channel))
            except TimeoutError:
                problem = TooSlow.__name__
            except RecorderError as error:
                if self._guard.blocked or type(error) in {Unreachable, Silent}:
                    raise
                problem = type(error).__name__
            tried.append(PictureWay(name, loop.time() - started, size_bytes, problem))
        return tried

    async def _stop_if_hopeless(self, channel: int, problem: RecorderError, deadline: float) -> None:
        """Raise where other ways would only add load: the camera is offline, or the recorder is busy."""
        if not isinstance(problem, TooSlow | NoVideoPort):
            try:
                async with asyncio.timeout_at(deadline):
                    states = await self._online()
            except TimeoutError:
                raise problem from None
            if states.get(channel) is False:
                raise CameraOffline("the recorder does not reach this camera") from problem
        if isinstance(problem, Busy | CameraOffline):
            raise problem
