"""What a call wants to say: text or caption, file, buttons."""

from collections.abc import Mapping
from typing import Any

from simulator.telegram.call import Call
from simulator.telegram.entities import formatted, utf16_length
from simulator.telegram.errors import bad_request
from simulator.telegram.files import Attachment
from simulator.telegram.keyboards import inline_keyboard
from simulator.telegram.model import Chat, Content, Message
from simulator.telegram.world import World

_TEXT_LIMIT = 4096
_CAPTION_LIMIT = 1024


def text_content(call: Call) -> Content:
    """The content of a text message.

    Raises:
        ApiError: 400 when it is empty, longer than 4096 UTF-16 units, or its marks are broken.
    """
    text, entities = formatted(call.text("text"), call.text("parse_mode"), call.structure("entities"))
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > _TEXT_LIMIT:
        raise bad_request("message is too long")
    return Content(text, tuple(entities), keyboard=inline_keyboard(call))


def caption_content(
    source: Mapping[str, Any], entities: Any, attachment: Attachment | None, *, of: Call
) -> Content:
    """The content of a message with a file.

    Args:
        source: Where `caption` and `parse_mode` stand: the call, or one item of an album.
        entities: Ready-made `caption_entities` of the same place.
        attachment: The file.
        of: The call, for its buttons.

    Raises:
        ApiError: 400 when the caption is longer than 1024 UTF-16 units, or its marks are broken.
    """
    caption, found = formatted(
        str(source.get("caption") or ""), str(source.get("parse_mode") or ""), entities or None
    )
    if utf16_length(caption) > _CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return Content(caption, tuple(found), attachment, inline_keyboard(of))


async def attachment_of(
    world: World, call: Call, kind: str, source: Mapping[str, Any], key: str
) -> Attachment:
    """The file that a parameter stands for: an upload, or an id of a file sent before.

    Args:
        world: Where files are kept.
        call: The call with its uploads.
        kind: "photo", "video" or "document".
        source: Where the parameter stands: the call's parameters, or an `InputMedia`.
        key: The parameter's name: the kind, or "media".

    Raises:
        ApiError: 400 without a file, with an unknown id, or with one that is not fit.
    """
    reference = str(source.get(key) or "")
    name = reference.removeprefix("attach://") if reference.startswith("attach://") else key
    upload = call.uploads.get(name)
    if upload is not None:
        return await world.files.keep(
            kind,
            upload,
            width=_whole(source.get("width")),
            height=_whole(source.get("height")),
            duration_seconds=_whole(source.get("duration")),
        )
    if not reference or reference.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    known = world.files.attachment(reference)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.kind != kind:
        raise bad_request(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
    return known


def reply_target(call: Call, chat: Chat) -> Message | None:
    """The message that a call answers.

    Raises:
        ApiError: 400 when it is gone, unless the bot allowed sending without it.
    """
    parameters = call.structure("reply_parameters") or {}
    message_id = _whole(parameters.get("message_id")) or call.integer("reply_to_message_id")
    if not message_id:
        return None
    message = chat.messages.get(message_id)
    lenient = bool(parameters.get("allow_sending_without_reply")) or call.flag("allow_sending_without_reply")
    if message is None and not lenient:
        raise bad_request("message to be replied not found")
    return message


def _whole(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0
