"""How fast messages may leave, so that no platform has to refuse one.

Telegram takes about one message a second in a private chat and thirty a second in all; short bursts go
through, but are nothing to rely on.
Source: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.

An urgent message takes the next free place among all chats, however many wait, and does not wait for its own
chat's second: that limit is one of courtesy in short bursts, and a refusal is told with the time to wait.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.chat import Account

_FORGET_ABOVE = 1_000


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits of sending.

    Attributes:
        chat_seconds: between the end of one new message and the next in the same chat.
        burst: new messages over all chats in any stretch of `burst_seconds`.
        burst_seconds: a little more than the platform's second, as the network jitters.
        edits_at_once: changes of one message that may follow each other at once.
        edit_seconds: after which one more change of it is allowed.
    """

    chat_seconds: float = 1.0
    burst: int = 29
    burst_seconds: float = 1.01
    edits_at_once: int = 4
    edit_seconds: float = 2.0


class Pacing:
    """Turns for new messages and for edits.

    Args:
        pace: the limits.
        monotonic: seconds that never go back.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        pace: Pace,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pace = pace
        self._monotonic = monotonic
        self._sleep = sleep
        self._left: deque[float] = deque(maxlen=pace.burst)
        self._queue: list[tuple[bool, int, asyncio.Event]] = []
        self._numbers = itertools.count()
        self._chat_free: dict[Account, float] = {}
        self._edit_credit: dict[tuple[Account, str], tuple[float, float]] = {}

    async def turn(self, account: Account, *, urgent: bool = False) -> None:
        """Wait until a new message may go to this chat. One caller a chat at a time.

        Among those who wait for the pace of all chats, urgent ones go first, then the order of coming.
        """
        wait = self._chat_free.get(account, 0.0) - self._monotonic()
        if wait > 0 and not urgent:
            await self._sleep(wait)
        mine = (not urgent, next(self._numbers), asyncio.Event())
        heapq.heappush(self._queue, mine)
        try:
            while True:
                if self._queue[0] is not mine:
                    mine[2].clear()
                    await mine[2].wait()
                    continue
                wait = self._free_in_seconds()
                if wait <= 0:
                    break
                await self._sleep(wait)
            self._left.append(self._monotonic())
        finally:
            self._queue.remove(mine)
            heapq.heapify(self._queue)
            if self._queue:
                self._queue[0][2].set()

    def _free_in_seconds(self) -> float:
        """Until one more message over all chats keeps the pace."""
        if len(self._left) < self._pace.burst:
            return 0.0
        return self._left[0] + self._pace.burst_seconds - self._monotonic()

    def sent(self, account: Account) -> None:
        """A new message has gone to this chat, or may have."""
        now = self._monotonic()
        if len(self._chat_free) > _FORGET_ABOVE:
            self._chat_free = {chat: free for chat, free in self._chat_free.items() if free > now}
        self._chat_free[account] = now + self._pace.chat_seconds

    def edit_wait_seconds(self, account: Account, message_key: str) -> float:
        """Take a turn for a change of a message: 0, or after how many seconds there will be one."""
        now = self._monotonic()
        if len(self._edit_credit) > _FORGET_ABOVE:
            oldest = now - self._pace.edit_seconds * self._pace.edits_at_once
            self._edit_credit = {key: kept for key, kept in self._edit_credit.items() if kept[1] > oldest}
        credit, at = self._edit_credit.get((account, message_key), (float(self._pace.edits_at_once), now))
        credit = min(float(self._pace.edits_at_once), credit + (now - at) / self._pace.edit_seconds)
        if credit < 1:
            self._edit_credit[account, message_key] = (credit, now)
            return (1 - credit) * self._pace.edit_seconds
        self._edit_credit[account, message_key] = (credit - 1, now)
        return 0.0
