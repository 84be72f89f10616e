"""Waiting for a change without polling."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rings at each change; anybody may wait for a condition or listen."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self._listeners: list[Callable[[int | None], None]] = []

    def ring(self, user_id: int | None = None) -> None:
        """Wake all who wait; listeners learn whose chat changed (None: something of all)."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)
        for listener in tuple(self._listeners):
            listener(user_id)

    def listen(self, listener: Callable[[int | None], None]) -> Callable[[], None]:
        """Call `listener` at each change; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def until(self, condition: Callable[[], bool], timeout_seconds: float) -> bool:
        """Wait until the condition holds; False when it did not in time."""
        try:
            async with asyncio.timeout(timeout_seconds):
                while not condition():
                    await self._next()
        except TimeoutError:
            return condition()
        return True

    async def _next(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
