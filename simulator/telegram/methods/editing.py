"""editMessageText, editMessageCaption, editMessageMedia, editMessageReplyMarkup, deleteMessage(s)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from simulator.telegram.call import Call
from simulator.telegram.errors import bad_request, not_modified
from simulator.telegram.keyboards import inline_keyboard
from simulator.telegram.methods.content import attachment_of, caption_content, text_content
from simulator.telegram.methods.table import Method
from simulator.telegram.model import Chat, Content, Message
from simulator.telegram.world import World

_DELETABLE_FOR = timedelta(hours=48)


def _target(world: World, call: Call) -> Message:
    chat = world.chat(call.text("chat_id"))
    message_id = call.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot or message.forwarded:
        raise bad_request("message can't be edited")
    return message


def _change(world: World, message: Message, content: Content, *, shows: bool = True) -> object:
    if content == message.content:
        raise not_modified()
    world.change(message, content, shows=shows)
    return world.shown(message)


async def _edit_text(world: World, call: Call) -> object:
    message = _target(world, call)
    content = text_content(call)
    if message.attachment is not None:
        raise bad_request("there is no text in the message to edit")
    return _change(world, message, content)


async def _edit_caption(world: World, call: Call) -> object:
    message = _target(world, call)
    content = caption_content(call.params, call.structure("caption_entities"), message.attachment, of=call)
    if message.attachment is None:
        raise bad_request("there is no caption in the message to edit")
    return _change(world, message, content)


async def _edit_media(world: World, call: Call) -> object:
    message = _target(world, call)
    media = call.structure("media")
    if not isinstance(media, Mapping):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(media.get("type") or "")
    if kind not in {"photo", "video", "document"}:
        raise bad_request("can't parse InputMedia: type must be specified")
    caption = caption_content(media, media.get("caption_entities"), None, of=call)
    attachment = await attachment_of(world, call, kind, media, "media")
    return _change(world, message, replace(caption, attachment=attachment))


async def _edit_markup(world: World, call: Call) -> object:
    message = _target(world, call)
    return _change(world, message, replace(message.content, keyboard=inline_keyboard(call)), shows=False)


def _deletable(world: World, chat: Chat, message_id: int) -> Message:
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if world.now() - message.sent_at > _DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    return message


async def _delete(world: World, call: Call) -> object:
    chat = world.chat(call.text("chat_id"))
    message = _deletable(world, chat, call.integer("message_id"))
    del chat.messages[message.message_id]
    world.bell.ring(chat.user_id)
    return True


async def _delete_many(world: World, call: Call) -> object:
    chat = world.chat(call.text("chat_id"))
    message_ids = call.structure("message_ids")
    if not isinstance(message_ids, list) or not 1 <= len(message_ids) <= 100:
        raise bad_request("message identifiers are not specified")
    for message_id in message_ids:
        chat.messages.pop(int(message_id), None)
    world.bell.ring(chat.user_id)
    return True


EDITING: dict[str, Method] = {
    "editMessageText": _edit_text,
    "editMessageCaption": _edit_caption,
    "editMessageMedia": _edit_media,
    "editMessageReplyMarkup": _edit_markup,
    "deleteMessage": _delete,
    "deleteMessages": _delete_many,
}
