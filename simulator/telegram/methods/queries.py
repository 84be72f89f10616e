"""answerCallbackQuery."""

from simulator.telegram.call import Call
from simulator.telegram.entities import utf16_length
from simulator.telegram.errors import bad_request, query_too_old
from simulator.telegram.methods.table import Method
from simulator.telegram.model import Toast
from simulator.telegram.world import World

_TEXT_LIMIT = 200


async def _answer(world: World, call: Call) -> object:
    text = call.text("text")
    if utf16_length(text) > _TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    tap = world.taps.get(call.text("callback_query_id"))
    if tap is None or tap.answered or world.now() - tap.at > world.query_lifetime:
        raise query_too_old()
    tap.answered = True
    if text:
        tap.toast = Toast(text, call.flag("show_alert"), world.now())
        world.chats[tap.user_id].toasts.append(tap.toast)
    world.bell.ring(tap.user_id)
    return True


QUERIES: dict[str, Method] = {"answerCallbackQuery": _answer}
