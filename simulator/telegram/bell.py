"""Waiting for a change without polling."""

import asyncio
from collections.abc import Callable

UPDATES = 0
"""Rings when the queue of updates changes; no person has this id."""


class Bell:
    """Rings at each change; anybody may wait for a condition or listen."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], int | None] = {}
        self._listeners: list[Callable[[int | None], None]] = []

    def ring(self, user_id: int | None = None) -> None:
        """Wake those whom it concerns.

        Args:
            user_id: Whose chat changed; `UPDATES`; None for something of all.
        """
        for future, wanted in tuple(self._waiting.items()):
            if not future.done() and (user_id is None or wanted is None or wanted == user_id):
                future.set_result(None)
        for listener in tuple(self._listeners):
            listener(user_id)

    def listen(self, listener: Callable[[int | None], None]) -> Callable[[], None]:
        """Call `listener` at each change; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def until(
        self, condition: Callable[[], bool], timeout_seconds: float, *, user_id: int | None = None
    ) -> bool:
        """Wait until the condition holds.

        Args:
            condition: Looked at now and at each ring.
            timeout_seconds: Real seconds to wait at most.
            user_id: Whose rings to look at; None for all.

        Returns:
            False when it did not come to hold in time.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                while not condition():
                    await self._next(user_id)
        except TimeoutError:
            return condition()
        return True

    async def _next(self, user_id: int | None) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[future] = user_id
        try:
            await future
        finally:
            del self._waiting[future]
