"""Phones and school as the page's script reads them."""

from datetime import tzinfo
from typing import Any

from simulator.phones.board import SchoolBoard
from simulator.phones.people import Owner
from simulator.telegram import Message

_NEWEST = 150
Json = dict[str, Any]


def owner_view(owner: Owner) -> Json:
    """What does not change: whose phone it is, and what to try."""
    return {
        "user_id": owner.phone.user_id,
        "name": owner.phone.name,
        "title": owner.title,
        "suggestions": list(owner.suggestions),
    }


def chat_view(owner: Owner, zone: tzinfo | None) -> Json:
    """A chat as it is seen now."""
    phone = owner.phone
    return {
        "type": "chat",
        "user_id": phone.user_id,
        "messages": [message_view(message, zone) for message in phone.messages[-_NEWEST:]],
        "activity": phone.activity,
        "toasts": [{"text": toast.text, "alert": toast.alert} for toast in phone.toasts],
        "working": [[tap.message.message_id, tap.data] for tap in phone.open_taps],
        "commands": [[entry.command, entry.description] for entry in phone.commands],
        "reply_keyboard": [list(row) for row in phone.reply_keyboard],
    }


def message_view(message: Message, zone: tzinfo | None) -> Json:
    """One bubble; entity offsets count UTF-16 units, as JavaScript does."""
    at = message.sent_at.astimezone(zone)
    view: Json = {
        "id": message.message_id,
        "version": message.version,
        "from_bot": message.from_bot,
        "text": message.text,
        "entities": list(message.content.entities),
        "time": f"{at:%H:%M}",
        "day": f"{at:%d/%m/%Y}",
        "edited": message.edited_at is not None,
        "protected": message.protected,
        "forwarded": message.forwarded,
        "keyboard": [
            [{"text": button.text, "data": button.data, "url": button.url} for button in row]
            for row in message.keyboard
        ],
    }
    if message.attachment is not None:
        file = message.attachment.file
        view["file"] = {
            "kind": message.attachment.kind,
            "id": file.file_id,
            "name": file.name,
            "size_bytes": file.size_bytes,
            "width": file.width,
            "height": file.height,
        }
    if message.reply_to is not None:
        view["reply_to"] = {
            "id": message.reply_to.message_id,
            "from_bot": message.reply_to.from_bot,
            "text": message.reply_to.text[:120],
            "kind": message.reply_to.kind,
        }
    return view


def board_view(school: SchoolBoard) -> Json:
    """The strip beside the phones, without the clock."""
    return {
        "type": "board",
        "recorder_on": school.recorder_on,
        "telegram_cut": school.telegram_cut,
        "cameras": [
            {"code": tile.code, "name": tile.name, "online": tile.online, "kept_days": tile.kept_days}
            for tile in school.cameras()
        ],
    }


def clock_view(school: SchoolBoard) -> Json:
    """The school's clock, in seconds since midnight, and the day."""
    now = school.now()
    return {
        "type": "clock",
        "second": now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1_000_000,
        "day": f"{now:%d/%m/%Y}",
        "weekday": now.weekday(),
    }
