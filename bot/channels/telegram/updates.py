"""Telegram's updates as `Incoming`. Source: core.telegram.org/bots/api#update."""

import re
import unicodedata
from datetime import datetime

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from domain.chat import Account, Attachment, Body, Command, Incoming, MediaKind, Other, Tap, Words

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query")

_COMMAND = re.compile(r"/(?P<name>\w+)(?:@\w+)?(?:\s+(?P<args>.*))?", re.DOTALL)


def incoming_of(update: Update, received_at: datetime) -> Incoming | None:
    """What a person did, or None where it is nothing for us: groups, other bots, places that move."""
    if update.callback_query is not None:
        found = _tap(update.callback_query)
    elif update.edited_message is not None:
        found = _edited(update.edited_message)
    elif update.message is not None:
        found = _message(update.message)
    else:
        found = None
    if found is None:
        return None
    account, body = found
    return Incoming(account, str(update.update_id), received_at, body)


def message_id_of(update: Update) -> int | None:
    """The message that an update speaks of."""
    if update.callback_query is not None:
        message = update.callback_query.message
        return None if message is None else message.message_id
    written = update.message or update.edited_message
    return None if written is None else written.message_id


def has_number(entry: object) -> bool:
    """Whether this is an update that can be confirmed: it has a number."""
    return isinstance(entry, dict) and isinstance(entry.get("update_id"), int)


def words_or_command(text: str) -> Command | Words:
    """`/Anh@bot cổng chính` is a command with its arguments; anything else is words."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return Words(text)
    name = unicodedata.normalize("NFC", found["name"]).lower()
    return Command(name, (found["args"] or "").strip())


def _tap(query: CallbackQuery) -> tuple[Account, Body] | None:
    if query.data is None or (query.message is not None and query.message.chat.type != ChatType.PRIVATE):
        return None
    return Account(CHANNEL, str(query.from_user.id)), Tap(query.data, query.id)


def _edited(message: Message) -> tuple[Account, Body] | None:
    # A place that moves is "edited" every few seconds; only changed words deserve an answer.
    account = _private(message)
    if account is None or (message.text is None and message.caption is None):
        return None
    return account, Other("edited")


def _message(message: Message) -> tuple[Account, Body] | None:
    account = _private(message)
    if account is None:
        return None
    if message.text is not None:
        return account, words_or_command(message.text)
    return account, _attachment(message) or Other(_kind_of(message))


def _private(message: Message) -> Account | None:
    if message.chat.type != ChatType.PRIVATE:
        return None
    if message.from_user is not None and message.from_user.is_bot:
        return None
    return Account(CHANNEL, str(message.chat.id))


def _attachment(message: Message) -> Attachment | None:
    if message.photo:
        photo = message.photo[-1]
        kind, file_id, name, size = MediaKind.PHOTO, photo.file_id, None, photo.file_size
        default_name = f"photo-{message.message_id}.jpg"
    elif message.video is not None:
        video = message.video
        kind, file_id, name, size = MediaKind.VIDEO, video.file_id, video.file_name, video.file_size
        default_name = f"video-{message.message_id}.mp4"
    elif message.video_note is not None:
        note = message.video_note
        kind, file_id, name, size = MediaKind.VIDEO, note.file_id, None, note.file_size
        default_name = f"video-{message.message_id}.mp4"
    elif message.voice is not None:
        voice = message.voice
        kind, file_id, name, size = MediaKind.DOCUMENT, voice.file_id, None, voice.file_size
        default_name = f"voice-{message.message_id}.ogg"
    elif message.audio is not None:
        audio = message.audio
        kind, file_id, name, size = MediaKind.DOCUMENT, audio.file_id, audio.file_name, audio.file_size
        default_name = f"audio-{message.message_id}.mp3"
    elif message.document is not None:
        document = message.document
        kind, file_id, name, size = (
            MediaKind.DOCUMENT,
            document.file_id,
            document.file_name,
            document.file_size,
        )
        default_name = f"file-{message.message_id}"
    else:
        return None
    answered = message.reply_to_message
    return Attachment(
        kind=kind,
        file_id=file_id,
        name=name or default_name,
        size_bytes=size or 0,
        caption=message.caption or "",
        reply_to=None if answered is None else str(answered.message_id),
    )


def _kind_of(message: Message) -> str:
    kinds = ("sticker", "location", "contact", "poll", "dice")
    return next((kind for kind in kinds if getattr(message, kind)), "other")
