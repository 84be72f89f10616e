"""What Telegram says of a bot, asked once and without waiting for better times: for the doctor.

Apart from the channel, which waits out every failure, and with httpx alone, because the library hides the
`Date` header. Source: core.telegram.org/bots/api#getme, #getwebhookinfo.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.channels.telegram.bot import CONNECT_SECONDS, keep_secrets_out_of_logs

_READ_SECONDS = 10.0
_REFUSED = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND})
_HALF_A_SECOND = timedelta(seconds=0.5)


class TelegramUnreachable(Exception):
    """No answer. `why` is the kind of the failure: "ConnectError"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TokenRefused(Exception):
    """Telegram knows no bot with this token."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A bot as Telegram sees it.

    Attributes:
        username: without @.
        latency: of one call on an open connection.
        clock_offset: our clock minus Telegram's, to a second; None where it sends no date.
        webhook_url: where updates go; "" while they are asked for. Its path is to be kept to ourselves.
        waiting: updates that wait to be fetched.
        webhook_error: why the last delivery to the webhook failed; "" where it did not.
    """

    username: str
    latency: timedelta
    clock_offset: timedelta | None
    webhook_url: str
    waiting: int
    webhook_error: str


async def examine(token: str, api_base: str, proxy: str, now: Callable[[], datetime]) -> Examined:
    """Ask who the bot is and where its updates go.

    Raises:
        TelegramUnreachable: no answer, or one that is not the Bot API's.
        TokenRefused: as told there.
    """
    keep_secrets_out_of_logs()
    timeout = httpx.Timeout(_READ_SECONDS, connect=CONNECT_SECONDS)
    try:
        async with httpx.AsyncClient(proxy=proxy or None, trust_env=False, timeout=timeout) as client:
            address = f"{api_base.rstrip('/')}/bot{token}"
            me, _ = await _asked(client, f"{address}/getMe")
            began, at = time.monotonic(), now()
            hook, date = await _asked(client, f"{address}/getWebhookInfo")
            latency = timedelta(seconds=time.monotonic() - began)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        # The original exception knows the address, and with it the token.
        raise TelegramUnreachable(type(error).__name__) from None
    waiting = int(hook.get("pending_update_count", 0))
    return Examined(
        username=str(me.get("username", "")),
        latency=latency,
        # The header is cut to whole seconds.
        clock_offset=None if date is None else at + latency / 2 - (date + _HALF_A_SECOND),
        webhook_url=str(hook.get("url", "")),
        waiting=waiting,
        webhook_error=str(hook.get("last_error_message", "")) if waiting else "",
    )


async def _asked(client: httpx.AsyncClient, address: str) -> tuple[dict[str, Any], datetime | None]:
    response = await client.post(address)
    if response.status_code in _REFUSED:
        raise TokenRefused
    try:
        result = response.json()["result"]
    except (ValueError, KeyError, TypeError):
        result = None
    if response.status_code != httpx.codes.OK or not isinstance(result, dict):
        raise TelegramUnreachable(f"HTTP {response.status_code}") from None
    try:
        date = parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        date = None
    return result, date
