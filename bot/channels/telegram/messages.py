"""A rendered message as the Bot API's calls: its buttons, its file, and its replacement in place."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Message
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest

from bot.channels.base import MediaFile, Rendered
from bot.channels.telegram.bot import READ_SECONDS, TelegramBot
from domain.chat import Account, MediaKind

_SLOWEST_UPLOAD_BYTES_PER_SECOND = 1_000_000


async def send(bot: TelegramBot, account: Account, message: Rendered) -> Message:
    """Send a new message. Raises `TelegramError` as the library does."""
    if message.media is not None:
        return await _send_file(bot, account, message, message.media)
    return await bot.send_message(
        account.id, message.text, reply_markup=_keyboard(message), protect_content=message.protect
    )


async def replace(
    bot: TelegramBot, account: Account, number: int, message: Rendered, *, had_media: bool
) -> Message | bool:
    """Replace text and buttons of message `number`. Raises `TelegramError` as the library does."""
    if had_media:
        return await bot.edit_message_caption(
            account.id, number, caption=message.text, reply_markup=_keyboard(message)
        )
    return await bot.edit_message_text(message.text, account.id, number, reply_markup=_keyboard(message))


async def _send_file(bot: TelegramBot, account: Account, message: Rendered, media: MediaFile) -> Message:
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
                return await bot.send_photo(account.id, file, **common)
        except BadRequest as error:
            # Too wide, too narrow, or nothing that Telegram shows as a photo; a document it takes.
            if "photo" not in error.message.lower() and "image" not in error.message.lower():
                raise
    with _upload(media) as file:
        if media.kind is MediaKind.VIDEO:
            return await bot.send_video(account.id, file, supports_streaming=True, **common)
        return await bot.send_document(account.id, file, **common)


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
