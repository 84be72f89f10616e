"""One recorder shared by everybody: one flight per picture, a load cap, and word of its state.

- Callers who want the same picture at the same time get the same fetch; who leaves does not end it for
  others.
- At most `max_parallel` small requests are in flight, one export, and two live clips.
- A camera that is much slower than usual gives its place up, and goes beside the others for a minute.
- A caller gives up when the recorder has finished nothing for anybody for `PATIENCE_SECONDS`, so a
  hanging recorder is told honestly to everybody, and at once when it is found dead.
- `on_state(name, "lost" | "back" | "blocked")` is called once a change.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

import structlog

from nvr_client.cameras_pace import CamerasPace
from nvr_client.errors import Busy, NoVideoPort, RecorderError, TooSlow, Unreachable
from nvr_client.login import LoginGuard
from nvr_client.protocol import (
    Channel,
    Clock,
    Device,
    Disk,
    Exported,
    NvrClient,
    PictureWay,
    Progress,
    RecorderEvent,
    Span,
)
from nvr_client.settings import RecorderSettings

log = structlog.get_logger(__name__)

State = Literal["lost", "back", "blocked"]
OnState = Callable[[str, State], None]
PATIENCE_SECONDS = 5.8
LIVE_CLIPS = 2

T = TypeVar("T")


class SharedRecorder:
    """An `NvrClient` that many may use at once."""

    def __init__(
        self, settings: RecorderSettings, client: NvrClient, guard: LoginGuard, on_state: OnState | None
    ) -> None:
        self.name = settings.name
        self._client = client
        self._guard = guard
        self._on_state = on_state
        self._small = _Turns(settings.max_parallel)
        self._exports = asyncio.Lock()
        self._clips = asyncio.Semaphore(LIVE_CLIPS)
        self._pace = CamerasPace(guard.monotonic)
        self._aside = asyncio.Semaphore(settings.max_parallel)
        self._flights: dict[int, _Flight] = {}
        self._listening: set[asyncio.Task[RecorderEvent]] = set()
        self._lost = False
        guard.on_blocked = self._tell_blocked

    @property
    def blocked(self) -> bool:
        """Whether a rejected login has stopped every request."""
        return self._guard.blocked

    @property
    def lost(self) -> bool:
        """Whether the recorder did not answer last time."""
        return self._lost

    def unblock(self) -> None:
        """A person says that the login is right now."""
        self._guard.reset()

    async def device(self) -> Device:
        """See `NvrClient.device`."""
        return await self._in_turn(self._client.device)

    async def channels(self) -> list[Channel]:
        """See `NvrClient.channels`."""
        return await self._in_turn(self._client.channels)

    async def snapshot(self, channel: int) -> bytes:
        """See `NvrClient.snapshot`; callers at the same time share one fetch."""
        self._guard.check()
        flight = self._flights.get(channel)
        if flight is None or flight.task.done():
            flight = _Flight(
                asyncio.create_task(self._in_turn(lambda: self._client.snapshot(channel), camera=channel))
            )
            self._flights[channel] = flight
            flight.task.add_done_callback(lambda task: self._landed(channel, task))
        return await flight.ride(self._small)

    async def picture_ways(self, channel: int) -> list[PictureWay]:
        """See `NvrClient.picture_ways`."""
        return await self._in_turn(lambda: self._client.picture_ways(channel))

    async def live_clip(self, channel: int, duration: timedelta, target: Path) -> None:
        """See `NvrClient.live_clip`; two at a time."""
        async with self._clips:
            await self._watched(lambda: self._client.live_clip(channel, duration, target), camera_only=True)

    async def recordings(self, channel: int, span: Span) -> list[Span]:
        """See `NvrClient.recordings`."""
        return await self._in_turn(lambda: self._client.recordings(channel, span))

    async def oldest(self, channel: int) -> datetime | None:
        """See `NvrClient.oldest`."""
        return await self._in_turn(lambda: self._client.oldest(channel))

    async def export(
        self, channel: int, span: Span, target: Path, progress: Progress | None = None
    ) -> Exported:
        """See `NvrClient.export`; one at a time, beside the small requests."""
        async with self._exports:
            return await self._watched(lambda: self._client.export(channel, span, target, progress))

    async def storage(self) -> list[Disk]:
        """See `NvrClient.storage`."""
        return await self._in_turn(self._client.storage)

    async def clock(self) -> Clock:
        """See `NvrClient.clock`."""
        return await self._in_turn(self._client.clock)

    async def events(self) -> AsyncGenerator[RecorderEvent, None]:
        """See `NvrClient.events`; beside all other requests, as it takes no place under the cap.

        Its end says nothing of the recorder's state: some end a stream from time to time.
        """
        self._guard.check()
        async with aclosing(self._client.events()) as told:
            while True:
                # A task of its own, so that closing the recorder can end it and say goodbye to the device.
                following = asyncio.create_task(_next(told))
                self._listening.add(following)
                try:
                    event = await following
                finally:
                    self._listening.discard(following)
                yield event

    async def aclose(self) -> None:
        """End what is in flight and let go of every connection."""
        tasks = [*(flight.task for flight in self._flights.values()), *self._listening]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self._client.aclose()

    async def _in_turn(self, call: Callable[[], Awaitable[T]], *, camera: int | None = None) -> T:
        self._guard.check()
        with self._guard.rush():
            if camera is None:
                async with self._small.one():
                    return await self._watched(call)
            if self._pace.aside(camera):
                return await self._beside(call, camera)
            async with self._small.one() as turn:
                timer = asyncio.get_running_loop().call_later(self._pace.slow_after(), turn.become_slow)
                try:
                    return await self._paced(call, camera)
                finally:
                    timer.cancel()

    async def _beside(self, call: Callable[[], Awaitable[T]], camera: int) -> T:
        """Ask a camera that hung before, without taking a place from the others."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._aside:
                return await self._paced(call, camera)
        except TimeoutError as error:
            raise TooSlow("this camera and others hang") from error

    async def _paced(self, call: Callable[[], Awaitable[T]], camera: int) -> T:
        began = self._guard.monotonic()
        try:
            outcome = await self._watched(call, camera_only=True)
        except TooSlow:
            self._pace.hung(camera)
            raise
        self._pace.came(camera, self._guard.monotonic() - began)
        return outcome

    async def _watched(self, call: Callable[[], Awaitable[T]], *, camera_only: bool = False) -> T:
        """Run a call and learn from its outcome whether the recorder is there."""
        self._guard.check()
        try:
            outcome = await call()
        except (Busy, NoVideoPort):
            self._seen()
            raise
        except Unreachable as error:
            if type(error) is not TooSlow:
                self._missed()
                self._small.give_up(error)
            elif not camera_only:  # one camera that hangs says nothing of its recorder
                self._missed()
            raise
        except RecorderError:
            self._seen()
            raise
        self._seen()
        return outcome

    def _landed(self, channel: int, task: asyncio.Task[bytes]) -> None:
        if not task.cancelled():
            task.exception()
        if (flight := self._flights.get(channel)) is not None and flight.task is task:
            del self._flights[channel]

    def _seen(self) -> None:
        self._small.progressed()
        if self._lost and not self._guard.blocked:
            self._lost = False
            self._tell("back")

    def _missed(self) -> None:
        if not self._lost:
            self._lost = True
            self._tell("lost")

    def _tell_blocked(self) -> None:
        self._tell("blocked")

    def _tell(self, state: State) -> None:
        log.warning("recorder.state", state=state, recorder=self.name)
        if self._on_state is not None:
            self._on_state(self.name, state)


async def _next(told: AsyncGenerator[RecorderEvent, None]) -> RecorderEvent:
    return await anext(told)


class _Flight:
    """One fetch with any number of passengers."""

    def __init__(self, task: asyncio.Task[bytes]) -> None:
        self.task = task
        self.passengers = 0

    async def ride(self, turns: "_Turns") -> bytes:
        self.passengers += 1
        try:
            await turns.patiently(self.task)
            return self.task.result()
        finally:
            self.passengers -= 1
            if not self.passengers and not self.task.done():
                self.task.cancel()


class _Turn:
    """One place under the cap.

    A call that has become slow gives it up early, so that five hanging cameras cannot hold up the others; of
    such calls there are at most as many again.
    """

    def __init__(self, turns: "_Turns") -> None:
        self._turns = turns
        self._slow = False

    def become_slow(self) -> None:
        self._slow = self._turns.leave_early()

    def end(self) -> None:
        if self._slow:
            self._turns.slow -= 1
        else:
            self._turns.give_back()


class _Turns:
    """A cap on calls in flight whose waiters give up together with a recorder that does nothing."""

    def __init__(self, size: int) -> None:
        self.slow = 0
        self._size = size
        self._free = size
        self._waiting: list[asyncio.Future[None]] = []
        self._progress_at = float("-inf")

    @asynccontextmanager
    async def one(self) -> AsyncIterator[_Turn]:
        await self._take()
        turn = _Turn(self)
        try:
            yield turn
        finally:
            turn.end()

    async def patiently(self, work: asyncio.Future[T]) -> None:
        """Wait for `work` as long as the recorder gets anything done; never cancels it."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while not work.done():
            left = max(since, self._progress_at) + PATIENCE_SECONDS - loop.time()
            if left <= 0:
                raise TooSlow("the recorder does not answer in time")
            await asyncio.wait([work], timeout=left)

    def progressed(self) -> None:
        """A call came back from the recorder."""
        self._progress_at = asyncio.get_running_loop().time()

    def give_up(self, error: Unreachable) -> None:
        """The recorder is dead: whoever waits is told now."""
        waiting, self._waiting = self._waiting, []
        for turn in waiting:
            if not turn.done():
                told = type(error)(str(error))
                told.__cause__ = error
                turn.set_exception(told)

    def leave_early(self) -> bool:
        """Give a place back although its call goes on; False where too many do so already."""
        if self.slow >= self._size:
            return False
        self.slow += 1
        self.give_back()
        return True

    def give_back(self) -> None:
        """A place is free: the next in line has it."""
        while self._waiting:
            turn = self._waiting.pop(0)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    async def _take(self) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await self.patiently(turn)
        except BaseException:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif turn.exception() is None:
                self.give_back()
            raise
        turn.result()
