"""Flood control: about one message a second in a private chat, thirty a second in all.

Source: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this; short bursts go through.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.telegram.errors import too_many_requests


@dataclass(frozen=True)
class FloodLimits:
    """How fast a bot may speak.

    Attributes:
        chat_per_second: Sustained messages a second in one private chat.
        chat_burst: Messages that may leave at once after a pause, in one chat.
        total_per_second: Sustained messages a second over all chats.
        total_burst: Messages that may leave at once after a pause, over all chats.
    """

    chat_per_second: float = 1.0
    chat_burst: int = 4
    total_per_second: float = 30.0
    total_burst: int = 30


class _Bucket:
    """A bucket of tokens that refills steadily."""

    def __init__(self, per_second: float, burst: int, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = float(burst)
        self._at = now

    def seconds_until(self, cost: int, now: float) -> float:
        """Seconds until `cost` messages may leave; 0 when they may now."""
        self._tokens = min(float(self._burst), self._tokens + (now - self._at) * self._per_second)
        self._at = now
        # An album larger than the burst must pass some day: a full bucket lets anything through.
        missing = min(cost, self._burst) - self._tokens
        return max(0.0, missing / self._per_second)

    def take(self, cost: int) -> None:
        self._tokens -= cost


class FloodControl:
    """Counts messages of one bot; over the limit it raises what the real server answers.

    Args:
        limits: How fast the bot may speak.
        monotonic: A clock in seconds that never goes back.
    """

    def __init__(self, limits: FloodLimits, monotonic: Callable[[], float]) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._total = _Bucket(limits.total_per_second, limits.total_burst, monotonic())
        self._chats: dict[int, _Bucket] = {}

    def admit(self, chat_id: int, count: int = 1) -> None:
        """Let `count` new messages into a chat.

        Raises:
            ApiError: 429 with `retry_after_seconds`; nothing is counted then.
        """
        now = self._monotonic()
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = _Bucket(self._limits.chat_per_second, self._limits.chat_burst, now)
            self._chats[chat_id] = chat
        wait = max(chat.seconds_until(count, now), self._total.seconds_until(count, now))
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        chat.take(count)
        self._total.take(count)
