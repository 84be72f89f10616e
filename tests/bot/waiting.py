"""The time, and waiting for what another task brings about."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)


async def until(condition: Callable[[], bool], timeout_seconds: float = 10.0) -> None:
    """Wait for a condition that another task brings about."""
    async with asyncio.timeout(timeout_seconds):
        while not condition():  # noqa: ASYNC110 - conditions are of other people's objects, which ring no bell
            await asyncio.sleep(0.005)
