"""forwardMessage and copyMessage; both are refused for protected content."""

from dataclasses import replace

from simulator.telegram.call import Call
from simulator.telegram.errors import bad_request
from simulator.telegram.keyboards import inline_keyboard
from simulator.telegram.methods.content import caption_content, reply_target
from simulator.telegram.methods.table import Method
from simulator.telegram.model import Message
from simulator.telegram.world import World


def _source(world: World, call: Call, act: str, past: str) -> Message:
    message = world.chat(call.text("from_chat_id")).messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {act} not found")
    if message.protected:
        raise bad_request(f"the message can't be {past}")
    return message


async def _forward(world: World, call: Call) -> object:
    chat = world.open_chat(call.text("chat_id"))
    source = _source(world, call, "forward", "forwarded")
    world.flood.admit(chat.user_id)
    message = world.put(
        chat,
        replace(source.content, keyboard=()),
        method=call.method,
        protected=call.flag("protect_content"),
        forwarded=True,
    )
    return world.shown(message)


async def _copy(world: World, call: Call) -> object:
    chat = world.open_chat(call.text("chat_id"))
    source = _source(world, call, "copy", "copied")
    content = replace(source.content, keyboard=inline_keyboard(call))
    if source.attachment is not None and "caption" in call.params:
        content = caption_content(call.params, call.structure("caption_entities"), source.attachment, of=call)
    reply_to = reply_target(call, chat)
    world.flood.admit(chat.user_id)
    message = world.put(
        chat, content, method=call.method, protected=call.flag("protect_content"), reply_to=reply_to
    )
    return {"message_id": message.message_id}


FORWARDING: dict[str, Method] = {"forwardMessage": _forward, "copyMessage": _copy}
