"""python-telegram-bot's client, set up for us: address, proxy, time-outs, pace, and logs without secrets."""

import logging
from typing import Any

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.telegram.updates import ALLOWED_UPDATES

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
# One below Telegram's thirty a second, over a little more than a second: answers of the network jitter.
_CALLS_PER_WINDOW = 29
_WINDOW_SECONDS = 1.01


class TelegramBot(ExtBot[int]):
    """The library's client, which also hands out updates as they came and keeps its token to itself."""

    def __repr__(self) -> str:
        return "TelegramBot()"

    async def updates(self, offset: int | None, wait_seconds: int) -> list[dict[str, Any]]:
        """`getUpdates` as it came: one strange update must not spoil the others."""
        result = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": wait_seconds, "allowed_updates": list(ALLOWED_UPDATES)},
            read_timeout=wait_seconds + READ_SECONDS,
        )
        return result if isinstance(result, list) else []

    async def aclose(self) -> None:
        """Close every connection; the library's own `shutdown` leaves them open where `initialize` failed."""
        for request in self._request:
            await request.shutdown()


def telegram_bot(token: str, api_base: str, proxy: str | None) -> TelegramBot:
    """A client of `{api_base}/bot<token>`. Proxies named by the environment are not used."""
    keep_secrets_out_of_logs()
    return TelegramBot(
        token=token,
        base_url=f"{api_base}/bot",
        base_file_url=f"{api_base}/file/bot",
        request=_requests(proxy, connections=64),
        get_updates_request=_requests(proxy, connections=2),
        rate_limiter=AIORateLimiter(
            overall_max_rate=_CALLS_PER_WINDOW, overall_time_period=_WINDOW_SECONDS, max_retries=0
        ),
    )


def keep_secrets_out_of_logs() -> None:
    """Turn down the libraries that log addresses; to be called before anything is sent."""
    # httpx tells every address at INFO and httpcore at DEBUG, and the token is part of it (observed with
    # httpx 0.28). The limiter tells each 429 with a traceback; the deliverer waits it out.
    for name, level in (
        ("httpx", logging.WARNING),
        ("httpcore", logging.WARNING),
        ("telegram", logging.INFO),
        ("telegram.ext.AIORateLimiter", logging.CRITICAL),
    ):
        logging.getLogger(name).setLevel(level)


def _requests(proxy: str | None, *, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        write_timeout=READ_SECONDS,
        media_write_timeout=READ_SECONDS,
        pool_timeout=READ_SECONDS,
        proxy=proxy,
        httpx_kwargs={"trust_env": False},
    )
