"""Telegram: the Bot API through python-telegram-bot, with our own polling loop.

Own, because an update may be confirmed (by the next `getUpdates`) only after it was stored.
Source: core.telegram.org/bots/api.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any

import httpx
import structlog
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    Message,
    Update,
)
from telegram.constants import FileSizeLimit, MessageLimit
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import (
    Capabilities,
    ChannelRefused,
    MediaFile,
    Receipt,
    Rendered,
    StoreBatch,
)
from bot.channels.telegram_bot import CONNECT_SECONDS, READ_SECONDS, telegram_bot
from bot.channels.telegram_errors import (
    is_not_modified,
    is_webhook_conflict,
    sorted_edit_error,
    sorted_error,
    wait_of,
)
from bot.channels.telegram_updates import CHANNEL, incoming_of, message_id_of
from domain.chat import Account, Attachment, Incoming, MediaKind
from handlers.ports import AttachmentError

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
_POLL_SECONDS = 25
# A server that does not hold the line must not be asked in a busy loop.
_SHORTEST_EMPTY_POLL_SECONDS = 0.3
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0
_SLOWEST_UPLOAD_BYTES_PER_SECOND = 1_000_000
_LOOK_AHEAD = 40
_NOBODYS_NUMBER = 2**31 - 1
_REMEMBERED_KEYS = 2_000


class _Answer(Enum):
    """What an edit to the same content tells about a message: it is there, it could be, it is not."""

    THERE = auto()
    TAKEN = auto()
    NOT_THERE = auto()


class TelegramChannel:
    """One Telegram bot and its private chats.

    Args:
        token: from BotFather.
        now: the clock; aware times.
        api_base: the Bot API server, without `/bot`.
        proxy: address of a proxy, empty for none. Proxies named by the environment are not used.
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
    ) -> None:
        self._now = now
        via = proxy or None
        self._bot = telegram_bot(token, api_base.rstrip("/"), via)
        self._files = httpx.AsyncClient(
            proxy=via, trust_env=False, timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        )
        self._highest = 0
        self._used: deque[int] = deque(maxlen=_REMEMBERED_KEYS)
        self._lost = False

    def __repr__(self) -> str:
        return "TelegramChannel()"

    async def connect(self) -> str:
        """As `Channel.connect`."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._bot.initialize()
            except InvalidToken:
                raise _refused() from None
            except TelegramError as error:
                self._note_lost(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            else:
                self._note_back()
                return self._bot.username

    async def listen(self, store_batch: StoreBatch) -> None:
        """As `Channel.listen`: long polling; the offset moves only after the batch was stored."""
        offset: int | None = None
        pause = _FIRST_PAUSE_SECONDS
        while True:
            asked = time.monotonic()
            try:
                # After a cut the first poll returns at once, so that the return is known at once.
                batch = await self._bot.updates(offset, 0 if self._lost else _POLL_SECONDS)
            except InvalidToken:
                raise _refused() from None
            except TelegramError as error:
                self._note_lost(error)
                if is_webhook_conflict(error):
                    await self._drop_webhook()
                wait = wait_of(error).total_seconds() if isinstance(error, RetryAfter) else pause
                await asyncio.sleep(wait)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                continue
            self._note_back()
            pause = _FIRST_PAUSE_SECONDS
            incoming = [found for entry in batch if (found := self._read(entry)) is not None]
            if incoming:
                await store_batch(incoming)
            numbers = [entry["update_id"] for entry in batch if _has_number(entry)]
            if numbers:
                offset = max(numbers) + 1
            elif batch:
                await asyncio.sleep(_LONGEST_PAUSE_SECONDS)
            else:
                await asyncio.sleep(max(0.0, asked + _SHORTEST_EMPTY_POLL_SECONDS - time.monotonic()))

    async def feed(self, update: Mapping[str, Any], store_batch: StoreBatch) -> None:
        """One update that came by webhook; answer the request only after this returned."""
        incoming = self._read(dict(update))
        if incoming is not None:
            await store_batch([incoming])

    async def send(self, account: Account, message: Rendered) -> Receipt:
        """As `Channel.send`."""
        try:
            if message.media is None:
                sent = await self._bot.send_message(
                    account.id,
                    message.text,
                    reply_markup=_keyboard(message),
                    protect_content=message.protect,
                )
            else:
                sent = await self._send_file(account, message, message.media)
        except TelegramError as error:
            raise sorted_error(error) from None
        key = str(sent.message_id)
        self.note_seen(key)
        return Receipt(key, message.media is not None)

    async def edit(self, account: Account, message_key: str, message: Rendered, *, had_media: bool) -> None:
        """As `Channel.edit`."""
        try:
            await self._replace(account, int(message_key), message, had_media=had_media)
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
        if attachment.size_bytes > self.can.download_limit_bytes:
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

    async def find_sent(self, account: Account, message: Rendered, mark: str) -> str | None:
        """As `Channel.find_sent`.

        The Bot API cannot list messages, but two of its habits answer the question. Message numbers count up
        per bot over all private chats, so that a message sent after `mark` has one of the next numbers. And
        an edit to exactly the same content is refused as "message is not modified" where the message is
        there, while "message to edit not found" or "message can't be edited" says that the number belongs to
        another chat, to the person's own message, or to nobody. Chats are served one message at a time, so
        that no other message of ours in this chat can have one of these numbers; numbers known to be used
        are skipped.

        An `ok` is believed only if the message that comes back is this chat's, with this number, these words
        and, where a file was sent, a file, and if the server does not say the same of a number that nobody
        can have. Without a mark nothing can be found: None.
        """
        if not mark:
            return None
        used = set(self._used)
        first = int(mark) + 1
        for number in range(first, first + _LOOK_AHEAD):
            if number in used:
                continue
            answer = await self._asked_for(account, number, message)
            if answer is _Answer.TAKEN:
                no_one = await self._asked_for(account, _NOBODYS_NUMBER, message)
                answer = _Answer.THERE if no_one is _Answer.NOT_THERE else _Answer.NOT_THERE
            if answer is _Answer.THERE:
                self.note_seen(str(number))
                return str(number)
        return None

    def highest_seen(self) -> str:
        """As `Channel.highest_seen`."""
        return str(self._highest) if self._highest else ""

    def note_seen(self, message_key: str) -> None:
        """As `Channel.note_seen`."""
        number = int(message_key)
        self._used.append(number)
        self._highest = max(self._highest, number)

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
                self.note_seen(str(number))
            return incoming_of(update, self._now())
        except (KeyError, TypeError, ValueError, AttributeError):
            which = entry["update_id"] if _has_number(entry) else "without a number"
            log.warning("telegram.unreadable", update=which)
            return None

    async def _send_file(self, account: Account, message: Rendered, media: MediaFile) -> Message:
        size_bytes = (await asyncio.to_thread(media.path.stat)).st_size
        common: dict[str, Any] = {
            "caption": message.text,
            "reply_markup": _keyboard(message),
            "protect_content": message.protect,
            "read_timeout": READ_SECONDS + size_bytes / _SLOWEST_UPLOAD_BYTES_PER_SECOND,
        }
        if media.kind is MediaKind.PHOTO and size_bytes <= FileSizeLimit.PHOTOSIZE_UPLOAD:
            try:
                with _upload(media) as file:
                    return await self._bot.send_photo(account.id, file, **common)
            except BadRequest as error:
                # Too wide, too narrow, or nothing that Telegram shows as a photo; a document it takes.
                if "photo" not in error.message.lower() and "image" not in error.message.lower():
                    raise
        with _upload(media) as file:
            if media.kind is MediaKind.VIDEO:
                return await self._bot.send_video(account.id, file, supports_streaming=True, **common)
            return await self._bot.send_document(account.id, file, **common)

    async def _replace(
        self, account: Account, number: int, message: Rendered, *, had_media: bool
    ) -> Message | bool:
        if had_media:
            return await self._bot.edit_message_caption(
                account.id, number, caption=message.text, reply_markup=_keyboard(message)
            )
        return await self._bot.edit_message_text(
            message.text, account.id, number, reply_markup=_keyboard(message)
        )

    async def _asked_for(self, account: Account, number: int, message: Rendered) -> _Answer:
        try:
            found = await self._replace(account, number, message, had_media=message.media is not None)
        except BadRequest as error:
            return _Answer.THERE if is_not_modified(error) else _Answer.NOT_THERE
        except InvalidToken:
            # Also what a server answers that knows no edits; a token that is refused shows at the next send.
            return _Answer.NOT_THERE
        except TelegramError as error:
            raise sorted_edit_error(error) from None
        same = isinstance(found, Message) and _is_same(found, account, number, message)
        return _Answer.TAKEN if same else _Answer.NOT_THERE

    async def _download(self, url: str, target: Path) -> None:
        async with self._files.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise AttachmentError(f"status {response.status_code}")
            received_bytes = 0
            with target.open("wb") as out:
                async for chunk in response.aiter_bytes(65_536):
                    received_bytes += len(chunk)
                    if received_bytes > self.can.download_limit_bytes:
                        raise AttachmentError("larger than the platform hands out")
                    out.write(chunk)

    async def _drop_webhook(self) -> None:
        """Updates that a webhook would get come by polling instead; none is lost."""
        log.warning("telegram.webhook_dropped")
        with suppress(TelegramError):
            await self._bot.delete_webhook(drop_pending_updates=False)

    def _note_lost(self, error: TelegramError) -> None:
        if self._lost:
            return
        self._lost = True
        if isinstance(error, Conflict):
            log.warning("telegram.lost", why="another program receives the updates of this bot")
        else:
            log.warning("telegram.lost", why=str(sorted_error(error)))

    def _note_back(self) -> None:
        if self._lost:
            log.warning("telegram.back")
        self._lost = False


def _refused() -> ChannelRefused:
    # Made apart from the library's exception, whose words hold the token.
    return ChannelRefused("Telegram does not accept the bot's token")


def _keyboard(message: Rendered) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.token) for button in row]
            for row in message.buttons
        ]
    )


@contextmanager
def _upload(media: MediaFile) -> Iterator[InputFile]:
    with media.path.open("rb") as handle:
        yield InputFile(handle, filename=media.name, read_file_handle=False)


def _has_number(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("update_id"), int)


def _is_same(found: Message, account: Account, number: int, message: Rendered) -> bool:
    if str(found.chat.id) != account.id or found.message_id != number:
        return False
    if message.media is None:
        return (found.text or "").strip() == message.text.strip()
    carries = found.photo or found.video or found.document or found.animation
    return bool(carries) and (found.caption or "").strip() == message.text.strip()
