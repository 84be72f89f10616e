"""New messages: sendMessage, sendPhoto, sendVideo, sendDocument, sendMediaGroup, sendChatAction."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from simulator.telegram.call import Call
from simulator.telegram.errors import bad_request
from simulator.telegram.keyboards import remember_reply_keyboard
from simulator.telegram.methods.content import attachment_of, caption_content, reply_target, text_content
from simulator.telegram.methods.table import Method
from simulator.telegram.model import Activity, Content
from simulator.telegram.world import World

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_ACTION_LASTS = timedelta(seconds=5)
_ALBUM_LIMIT = 10


async def _send_message(world: World, call: Call) -> object:
    return _put(world, call, text_content(call))


async def _send_photo(world: World, call: Call) -> object:
    return await _send_file(world, call, "photo")


async def _send_video(world: World, call: Call) -> object:
    return await _send_file(world, call, "video")


async def _send_document(world: World, call: Call) -> object:
    return await _send_file(world, call, "document")


async def _send_file(world: World, call: Call, kind: str) -> object:
    world.open_chat(call.text("chat_id"))
    content = caption_content(call.params, call.structure("caption_entities"), None, of=call)
    attachment = await attachment_of(world, call, kind, call.params, kind)
    return _put(world, call, Content(content.text, content.entities, attachment, content.keyboard))


def _put(world: World, call: Call, content: Content) -> object:
    chat = world.open_chat(call.text("chat_id"))
    reply_to = reply_target(call, chat)
    world.flood.admit(chat.user_id)
    remember_reply_keyboard(call, chat)
    message = world.put(
        chat, content, method=call.method, protected=call.flag("protect_content"), reply_to=reply_to
    )
    return world.shown(message)


async def _send_media_group(world: World, call: Call) -> object:
    chat = world.open_chat(call.text("chat_id"))
    media = call.structure("media")
    if not isinstance(media, list) or not media:
        raise bad_request("there are no messages to send")
    if len(media) > _ALBUM_LIMIT:
        raise bad_request("too many messages to send as an album")
    contents = [await _album_item(world, call, item) for item in media]
    kinds = {content.attachment.kind for content in contents if content.attachment}
    if "document" in kinds and len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    reply_to = reply_target(call, chat)
    world.flood.admit(chat.user_id, len(contents))
    album_id = str(13_000_000_000_000_000 + len(world.sent))
    messages = [
        world.put(
            chat,
            content,
            method=call.method,
            protected=call.flag("protect_content"),
            reply_to=reply_to,
            album_id=album_id if len(contents) > 1 else None,
        )
        for content in contents
    ]
    return [world.shown(message) for message in messages]


async def _album_item(world: World, call: Call, item: Any) -> Content:
    if not isinstance(item, Mapping):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(item.get("type") or "")
    if kind not in {"photo", "video", "document"}:
        raise bad_request("can't parse InputMedia: type must be specified")
    content = caption_content(item, item.get("caption_entities"), None, of=call)
    return Content(content.text, content.entities, await attachment_of(world, call, kind, item, "media"))


async def _send_chat_action(world: World, call: Call) -> object:
    chat = world.open_chat(call.text("chat_id"))
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.activity = Activity(action, world.now() + _ACTION_LASTS)
    world.bell.ring(chat.user_id)
    return True


SENDING: dict[str, Method] = {
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendVideo": _send_video,
    "sendDocument": _send_document,
    "sendMediaGroup": _send_media_group,
    "sendChatAction": _send_chat_action,
}
