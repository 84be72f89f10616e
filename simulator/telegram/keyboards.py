"""Buttons: what the real server accepts as `reply_markup`."""

from typing import Any

from simulator.telegram.call import Call
from simulator.telegram.errors import bad_request
from simulator.telegram.model import Button, Chat, Keyboard

_DATA_LIMIT_BYTES = 64
_BUTTON_LIMIT = 100


def inline_keyboard(call: Call) -> Keyboard:
    """The inline keyboard of a call; empty when it has none.

    Raises:
        ApiError: 400 on a keyboard that the real server refuses.
    """
    markup = call.structure("reply_markup")
    if not markup:
        return ()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return ()
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: expected an Array of Arrays")
    keyboard = tuple(tuple(_button(raw) for raw in row) for row in rows if row)
    if sum(len(row) for row in keyboard) > _BUTTON_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return keyboard


def remember_reply_keyboard(call: Call, chat: Chat) -> None:
    """Show or hide the keyboard that replaces the letters, if the call says so."""
    markup = call.structure("reply_markup")
    if not isinstance(markup, dict):
        return
    if markup.get("remove_keyboard"):
        chat.reply_keyboard = ()
    elif isinstance(markup.get("keyboard"), list):
        chat.reply_keyboard = tuple(
            tuple(str(key["text"]) if isinstance(key, dict) else str(key) for key in row)
            for row in markup["keyboard"]
        )


def _button(raw: Any) -> Button:
    if not isinstance(raw, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = raw.get("text")
    if not isinstance(text, str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if raw.get("url"):
        return _link(text, str(raw["url"]))
    data = raw.get("callback_data")
    if data is None:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= _DATA_LIMIT_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(text, data=data)


def _link(text: str, url: str) -> Button:
    if not url.startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    return Button(text, url=url)
