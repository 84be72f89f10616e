"""Files that people sent, fetched from Telegram to disk. Source: core.telegram.org/bots/api#getfile."""

import asyncio
from pathlib import Path

import httpx
from telegram.error import TelegramError

from bot.channels.telegram.bot import CONNECT_SECONDS, READ_SECONDS, TelegramBot
from bot.channels.telegram.errors import sorted_error
from domain.chat import Attachment
from handlers.ports import AttachmentError


class Files:
    """Downloads, with connections of their own and a limit that a lying size cannot pass."""

    def __init__(self, bot: TelegramBot, proxy: str | None, limit_bytes: int) -> None:
        self._bot = bot
        self._limit_bytes = limit_bytes
        self._client = httpx.AsyncClient(
            proxy=proxy, trust_env=False, timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        )

    async def fetch(self, attachment: Attachment, target: Path) -> None:
        """As `Channel.fetch`."""
        if attachment.size_bytes > self._limit_bytes:
            raise AttachmentError("larger than the platform hands out")
        try:
            file = await self._bot.get_file(attachment.file_id)
        except TelegramError as error:
            raise AttachmentError(str(sorted_error(error))) from None
        if file.file_path is None:
            raise AttachmentError("the platform names no place for it")
        try:
            await self._download(file.file_path, target)
        except (httpx.HTTPError, AttachmentError) as error:
            await asyncio.to_thread(target.unlink, missing_ok=True)
            # The original exception knows the address, and with it the token.
            raise AttachmentError(f"the download broke off ({type(error).__name__})") from None

    async def aclose(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()

    async def _download(self, url: str, target: Path) -> None:
        async with self._client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise AttachmentError(f"status {response.status_code}")
            received_bytes = 0
            with target.open("wb") as out:
                async for chunk in response.aiter_bytes(65_536):
                    received_bytes += len(chunk)
                    if received_bytes > self._limit_bytes:
                        raise AttachmentError("larger than the platform hands out")
                    out.write(chunk)
