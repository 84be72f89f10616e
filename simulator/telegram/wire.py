"""How things look on the wire (core.telegram.org/bots/api#available-types)."""

from typing import Any

from simulator.telegram.files import Attachment, StoredFile
from simulator.telegram.model import Button, Content, Keyboard, Message

Json = dict[str, Any]


def keyboard_json(keyboard: Keyboard) -> Json:
    """An `InlineKeyboardMarkup`."""
    return {"inline_keyboard": [[_button_json(button) for button in row] for row in keyboard]}


def _button_json(button: Button) -> Json:
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.data}


def person_json(user_id: int, first_name: str) -> Json:
    """A `User` who is a person."""
    return {"id": user_id, "is_bot": False, "first_name": first_name, "language_code": "vi"}


def chat_json(user_id: int, first_name: str) -> Json:
    """A private `Chat`."""
    return {"id": user_id, "first_name": first_name, "type": "private"}


def _file_json(file: StoredFile) -> Json:
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size_bytes}


def attachment_json(attachment: Attachment) -> Json:
    """The field of a `Message` that holds its file."""
    file = attachment.file
    if attachment.kind == "photo":
        return {
            "photo": [
                {**_file_json(size), "width": size.width, "height": size.height} for size in attachment.sizes
            ]
        }
    named = {**_file_json(file), "file_name": file.name, "mime_type": file.mime_type}
    if attachment.kind == "video":
        named |= {"width": file.width, "height": file.height, "duration": file.duration_seconds}
    return {attachment.kind: named}


def message_json(message: Message, first_name: str, bot: Json, *, with_reply: bool = True) -> Json:
    """A `Message`.

    Args:
        message: What to show.
        first_name: The person's name.
        bot: The bot's `User`.
        with_reply: Tell the message it answers; one level, as the real server does.
    """
    person = person_json(message.chat_id, first_name)
    shown: Json = {
        "message_id": message.message_id,
        "from": bot if message.from_bot else person,
        "chat": chat_json(message.chat_id, first_name),
        "date": int(message.sent_at.timestamp()),
    }
    if message.edited_at is not None:
        shown["edit_date"] = int(message.edited_at.timestamp())
    if message.forwarded:
        shown["forward_origin"] = {"type": "user", "sender_user": bot, "date": shown["date"]}
    if message.album_id is not None:
        shown["media_group_id"] = message.album_id
    if message.protected:
        shown["has_protected_content"] = True
    if with_reply and message.reply_to is not None:
        shown["reply_to_message"] = message_json(message.reply_to, first_name, bot, with_reply=False)
    shown |= _content_json(message.content)
    return shown


def _content_json(content: Content) -> Json:
    shown: Json = {}
    if content.attachment is not None:
        shown |= attachment_json(content.attachment)
        text, entities = "caption", "caption_entities"
    else:
        text, entities = "text", "entities"
    if content.text:
        shown[text] = content.text
    if content.entities:
        shown[entities] = list(content.entities)
    if content.keyboard:
        shown["reply_markup"] = keyboard_json(content.keyboard)
    return shown
