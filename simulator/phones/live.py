"""One open page: pushes what changed, does what is clicked."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import WSMsgType, web

from simulator.phones.board import SchoolBoard
from simulator.phones.people import Owner
from simulator.phones.view import Json, board_view, chat_view, clock_view, owner_view
from simulator.telegram import Message, NoSuchButtonError, SimulatedTelegram

_LOOK_AGAIN_SECONDS = 1.0


class LivePage:
    """One WebSocket of one page.

    Args:
        telegram: Where the phones live.
        school: The board beside them.
        owners: The phones, by user id.
    """

    def __init__(self, telegram: SimulatedTelegram, school: SchoolBoard, owners: Sequence[Owner]) -> None:
        self._telegram = telegram
        self._school = school
        self._owners = {owner.phone.user_id: owner for owner in owners}
        self._socket = web.WebSocketResponse(heartbeat=20)
        self._shown: dict[str, Json] = {}
        self._acts: dict[str, Callable[[Json], Awaitable[object]]] = {
            "say": self._say,
            "tap": self._tap,
            "edit": self._edit,
            "recorder": lambda act: school.set_recorder(bool(act["on"])),
            "camera": lambda act: school.set_camera(str(act["code"]), bool(act["online"])),
            "telegram": lambda act: school.set_telegram_cut(bool(act["cut"])),
        }

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk until the page is closed."""
        await self._socket.prepare(request)
        await self._socket.send_json(
            {
                "type": "hello",
                "school": self._school.school_name,
                "bot": self._telegram.bot_name,
                "phones": [owner_view(owner) for owner in self._owners.values()],
            }
        )
        changed = asyncio.Event()
        changed.set()
        stop_listening = self._telegram.bell.listen(lambda _user_id: changed.set())
        pushing = asyncio.create_task(self._push(changed), name="phones-page")
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._do(message.json())
                    changed.set()
        finally:
            stop_listening()
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)
        return self._socket

    async def close(self) -> None:
        """Hang up."""
        await self._socket.close()

    async def _push(self, changed: asyncio.Event) -> None:
        # The board has no bell of its own, and an activity ends by time alone: look again now and then.
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), _LOOK_AGAIN_SECONDS)
            changed.clear()
            zone = self._school.now().tzinfo
            views = [chat_view(owner, zone) for owner in self._owners.values()]
            for view in (clock_view(self._school), *views, board_view(self._school)):
                name = f"{view['type']}{view.get('user_id', '')}"
                if self._shown.get(name) != view:
                    self._shown[name] = view
                    await self._socket.send_json(view)

    async def _do(self, act: Json) -> None:
        try:
            await self._acts[act["do"]](act)
        except (LookupError, ValueError, TypeError) as error:
            if isinstance(error, NoSuchButtonError):
                return  # the bot took the button away while the finger came down
            await self._socket.send_json({"type": "refused", "words": "Không thực hiện được thao tác này."})

    def _message(self, act: Json, name: str) -> Message | None:
        wanted = act.get(name)
        messages = self._owners[act["user_id"]].phone.messages
        return next((message for message in messages if message.message_id == wanted), None)

    async def _say(self, act: Json) -> None:
        phone = self._owners[act["user_id"]].phone
        await phone.say(str(act["text"]), reply_to=self._message(act, "reply_to"))

    async def _edit(self, act: Json) -> None:
        message = self._message(act, "message_id")
        if message is not None:
            await self._owners[act["user_id"]].phone.edit(message, str(act["text"]))

    async def _tap(self, act: Json) -> None:
        message = self._message(act, "message_id")
        if message is not None:
            button = message.keyboard[act["row"]][act["column"]]
            await self._owners[act["user_id"]].phone.tap((message, button))
