"""One Telegram bot and its private chats, as a `Channel`."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from telegram import BotCommand, Update
from telegram.constants import FileSizeLimit, MessageLimit
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.base import Capabilities, Receipt, Rendered, StoreBatch
from bot.channels.telegram.bot import telegram_bot
from bot.channels.telegram.contact import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Contact, refused
from bot.channels.telegram.errors import is_not_modified, sorted_edit_error, sorted_error
from bot.channels.telegram.files import Files
from bot.channels.telegram.lost_answers import MessageNumbers, find_sent
from bot.channels.telegram.messages import replace, send
from bot.channels.telegram.polling import poll
from bot.channels.telegram.updates import CHANNEL, has_number, incoming_of, message_id_of
from bot.channels.telegram.webhook import TelegramWebhook, keep_webhook
from domain.chat import Account, Attachment, Incoming

log = structlog.get_logger(__name__)

_CAN = Capabilities(
    edit=True,
    buttons=True,
    protect=True,
    text_limit=MessageLimit.MAX_TEXT_LENGTH,
    caption_limit=MessageLimit.CAPTION_LENGTH,
    label_limit=64,
    upload_limit_bytes=int(FileSizeLimit.FILESIZE_UPLOAD),
    download_limit_bytes=int(FileSizeLimit.FILESIZE_DOWNLOAD),
)
_TOAST_LIMIT = 200


class TelegramChannel:
    """One Telegram bot and its private chats.

    Args:
        token: from BotFather.
        now: the clock; aware times.
        api_base: the Bot API server, without `/bot`.
        proxy: address of a proxy, empty for none. Proxies named by the environment are not used.
        webhook: where Telegram is to leave updates; None: they are asked for.
    """

    name = CHANNEL
    can = _CAN

    def __init__(
        self,
        *,
        token: str,
        now: Callable[[], datetime],
        api_base: str = "https://api.telegram.org",
        proxy: str = "",
        webhook: TelegramWebhook | None = None,
    ) -> None:
        self._now = now
        via = proxy or None
        self._bot = telegram_bot(token, api_base.rstrip("/"), via)
        self._files = Files(self._bot, via, _CAN.download_limit_bytes)
        self._numbers = MessageNumbers()
        self._contact = Contact()
        self._webhook = webhook

    def __repr__(self) -> str:
        return "TelegramChannel()"

    async def connect(self) -> str:
        """As `Channel.connect`."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._bot.initialize()
            except InvalidToken:
                raise refused() from None
            except TelegramError as error:
                self._contact.note_lost(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                self._contact.note_back()
                return self._bot.username

    async def listen(self, store_batch: StoreBatch) -> None:
        """As `Channel.listen`; with a webhook, what `store_batch` raises makes Telegram repeat the update."""
        if self._webhook is None:
            await poll(self._bot, self._contact, self._read, store_batch)

        async def take(update: dict[str, Any]) -> None:
            incoming = self._read(update)
            if incoming is not None:
                await store_batch([incoming])

        with self._webhook.open(take):
            await keep_webhook(self._bot, self._contact, self._webhook)

    async def send(self, account: Account, message: Rendered) -> Receipt:
        """As `Channel.send`."""
        try:
            sent = await send(self._bot, account, message)
        except TelegramError as error:
            raise sorted_error(error) from None
        self._numbers.note(sent.message_id)
        return Receipt(str(sent.message_id), message.media is not None)

    async def edit(self, account: Account, message_key: str, message: Rendered, *, had_media: bool) -> None:
        """As `Channel.edit`."""
        try:
            await replace(self._bot, account, int(message_key), message, had_media=had_media)
        except BadRequest as error:
            if not is_not_modified(error):
                raise sorted_edit_error(error) from None
        except TelegramError as error:
            raise sorted_edit_error(error) from None

    async def drop_buttons(self, account: Account, message_key: str) -> None:
        """As `Channel.drop_buttons`."""
        try:
            await self._bot.edit_message_reply_markup(account.id, int(message_key), reply_markup=None)
        except BadRequest as error:
            if not is_not_modified(error):
                raise sorted_edit_error(error) from None
        except TelegramError as error:
            raise sorted_edit_error(error) from None

    async def acknowledge(self, query_id: str, text: str | None = None) -> None:
        """As `Channel.acknowledge`; a query that is too old is nobody's business any more."""
        with suppress(TelegramError):
            await self._bot.answer_callback_query(query_id, text and text[:_TOAST_LIMIT])

    async def fetch(self, attachment: Attachment, target: Path) -> None:
        """As `Channel.fetch`."""
        await self._files.fetch(attachment, target)

    async def find_sent(self, account: Account, message: Rendered, mark: str) -> str | None:
        """As `Channel.find_sent`; without a mark nothing can be found: None."""
        if not mark:
            return None
        found = await find_sent(self._bot, self._numbers, account, message, int(mark))
        if found is None:
            return None
        self._numbers.note(found)
        return str(found)

    def highest_seen(self) -> str:
        """As `Channel.highest_seen`."""
        return str(self._numbers.highest) if self._numbers.highest else ""

    def note_seen(self, message_key: str) -> None:
        """As `Channel.note_seen`."""
        self._numbers.note(int(message_key))

    async def announce_commands(self, commands: Mapping[str, str]) -> None:
        """As `Channel.announce_commands`."""
        try:
            await self._bot.set_my_commands([BotCommand(name, does) for name, does in commands.items()])
        except TelegramError as error:
            raise sorted_edit_error(error) from None

    async def aclose(self) -> None:
        """As `Channel.aclose`."""
        await self._bot.aclose()
        await self._files.aclose()

    def _read(self, entry: dict[str, Any]) -> Incoming | None:
        try:
            update = Update.de_json(entry, self._bot)
            number = message_id_of(update)
            if number is not None:
                self._numbers.note(number)
            return incoming_of(update, self._now())
        except (KeyError, TypeError, ValueError, AttributeError):
            which = entry["update_id"] if has_number(entry) else "without a number"
            log.warning("telegram.unreadable", update=which)
            return None
