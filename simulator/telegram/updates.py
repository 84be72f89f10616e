"""Updates on their way to the bot: `getUpdates` with its rules, or a webhook.

Source: core.telegram.org/bots/api#getting-updates.
"""

from dataclasses import dataclass, field
from typing import Any

from simulator.telegram.bell import UPDATES, Bell
from simulator.telegram.errors import conflict_poller, conflict_webhook
from simulator.telegram.wire import Json

_FIRST_UPDATE_ID = 700_000_001
# Only these are left out unless the bot asks for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_LONGEST_POLL_SECONDS = 50


@dataclass
class Webhook:
    """What `setWebhook` set.

    Attributes:
        url: Where updates go.
        secret: Value of the `X-Telegram-Bot-Api-Secret-Token` header; empty for none.
        last_error_date: Unix time of the last failed delivery, 0 for none.
    """

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass
class _Poll:
    terminated: bool = False


@dataclass
class UpdateQueue:
    """Updates that the bot has not confirmed yet, oldest first.

    Attributes:
        allowed: Kinds that the bot asked for; None for the usual ones.
        webhook: Where updates go instead of waiting for `getUpdates`.
    """

    bell: Bell
    waiting: list[Json] = field(default_factory=list)
    allowed: frozenset[str] | None = None
    webhook: Webhook | None = None
    _next_id: int = _FIRST_UPDATE_ID
    _poll: _Poll | None = None

    def add(self, kind: str, body: Any) -> None:
        """Queue one update, if the bot wants its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _ON_REQUEST
        if not wanted:
            return
        self.waiting.append({"update_id": self._next_id, kind: body})
        self._next_id += 1
        self.bell.ring(UPDATES)

    def allow(self, kinds: Any) -> None:
        """Remember `allowed_updates`; an empty list is the usual set, None leaves things as they are."""
        if isinstance(kinds, list):
            self.allowed = frozenset(str(kind) for kind in kinds) or None

    def confirm_through(self, update_id: int) -> None:
        """Forget all updates up to this one."""
        kept = [update for update in self.waiting if update["update_id"] > update_id]
        if len(kept) < len(self.waiting):
            self.waiting = kept
            self.bell.ring(UPDATES)

    async def poll(self, *, offset: int, limit: int, timeout_seconds: int) -> list[Json]:
        """`getUpdates`: an offset confirms all before it, a negative one keeps only the newest.

        Raises:
            ApiError: 409 when a webhook is set, or when a newer poll took over.
        """
        if self.webhook is not None:
            raise conflict_webhook()
        if self._poll is not None:
            self._poll.terminated = True
            self.bell.ring(UPDATES)
        poll = self._poll = _Poll()
        try:
            if offset > 0:
                self.confirm_through(offset - 1)
            elif offset < 0:
                self.waiting = self.waiting[offset:]
            wait_seconds = min(max(timeout_seconds, 0), _LONGEST_POLL_SECONDS)
            if not self.waiting and wait_seconds:
                await self.bell.until(
                    lambda: bool(self.waiting) or poll.terminated or self.webhook is not None,
                    wait_seconds,
                    user_id=UPDATES,
                )
            if poll.terminated:
                raise conflict_poller()
            if self.webhook is not None:
                raise conflict_webhook()
            return self.waiting[: limit if 1 <= limit <= 100 else 100]
        finally:
            if self._poll is poll:
                self._poll = None
