"""The state behind one bot: chats, files, updates waiting, journal."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from simulator.telegram.bell import Bell
from simulator.telegram.errors import bad_request, blocked
from simulator.telegram.files import FileStore
from simulator.telegram.flood import FloodControl, FloodLimits
from simulator.telegram.model import Chat, Command, Content, Message, Sent, Tap
from simulator.telegram.updates import UpdateQueue
from simulator.telegram.wire import Json, chat_json, message_json, person_json


class World:
    """All that a pretend Telegram remembers of one bot.

    Args:
        bot: The bot's `User` object.
        now: The clock; aware times.
        monotonic: Seconds for flood control.
        limits: Flood limits.
        folder: Where files are kept.
        query_lifetime: How long a tap may be answered.
    """

    def __init__(
        self,
        *,
        bot: Json,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        limits: FloodLimits,
        folder: Path,
        query_lifetime: timedelta,
    ) -> None:
        self.bot = bot
        self.now = now
        self.files = FileStore(folder)
        self.flood = FloodControl(limits, monotonic)
        self.bell = Bell()
        self.updates = UpdateQueue(self.bell)
        self.query_lifetime = query_lifetime
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.commands: dict[tuple[str, str], tuple[Command, ...]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.sent: list[Sent] = []
        self.calls: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self._last_message_id = 0

    def next_message_id(self) -> int:
        """Message ids count up per bot over all private chats."""
        self._last_message_id += 1
        return self._last_message_id

    def chat(self, chat_id: str) -> Chat:
        """The chat that a bot may look into.

        Raises:
            ApiError: 400 when the id is empty, or its owner never wrote to the bot.
        """
        if not chat_id:
            raise bad_request("chat_id is empty")
        try:
            chat = self.chats.get(int(chat_id))
        except ValueError:
            chat = None
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        return chat

    def open_chat(self, chat_id: str) -> Chat:
        """The chat that a bot may write to.

        Raises:
            ApiError: as `chat`; 403 when its owner blocked the bot.
        """
        chat = self.chat(chat_id)
        if chat.blocked:
            raise blocked()
        return chat

    def put(
        self,
        chat: Chat,
        content: Content,
        *,
        method: str,
        protected: bool = False,
        reply_to: Message | None = None,
        album_id: str | None = None,
        forwarded: bool = False,
    ) -> Message:
        """A new message of the bot on a phone; it is written in the journal."""
        message = Message(
            message_id=self.next_message_id(),
            chat_id=chat.user_id,
            from_bot=True,
            sent_at=self.now(),
            content=content,
            protected=protected,
            reply_to=reply_to,
            album_id=album_id,
            forwarded=forwarded,
        )
        chat.messages[message.message_id] = message
        chat.activity = None
        self.sent.append(
            Sent(
                method,
                chat.user_id,
                message.message_id,
                message.kind,
                message.text,
                message.sent_at,
                message.protected,
            )
        )
        self.bell.ring(chat.user_id)
        return message

    def change(self, message: Message, content: Content, *, shows: bool) -> None:
        """Replace what a message says; `shows` marks it as edited."""
        message.earlier.append(message.content)
        message.content = content
        message.version += 1
        if shows:
            message.edited_at = self.now()
        self.bell.ring(message.chat_id)

    def shown(self, message: Message) -> Json:
        """A message as the Bot API tells it."""
        return message_json(message, self.chats[message.chat_id].first_name, self.bot)

    def hear(self, message: Message, kind: str = "message") -> None:
        """Tell the bot what a person wrote or edited."""
        self.updates.add(kind, self.shown(message))

    def hear_tap(self, tap: Tap) -> None:
        """Tell the bot about a tap."""
        self.taps[tap.query_id] = tap
        chat = self.chats[tap.user_id]
        self.updates.add(
            "callback_query",
            {
                "id": tap.query_id,
                "from": person_json(chat.user_id, chat.first_name),
                "message": self.shown(tap.message),
                "chat_instance": str(9_000_000_000 + chat.user_id),
                "data": tap.data,
            },
        )

    def hear_membership(self, chat: Chat, *, was: str, now: str) -> None:
        """Tell the bot that it was blocked ("kicked") or unblocked ("member")."""

        def member(status: str) -> Json:
            banned = {"until_date": 0} if status == "kicked" else {}
            return {"user": self.bot, "status": status, **banned}

        self.updates.add(
            "my_chat_member",
            {
                "chat": chat_json(chat.user_id, chat.first_name),
                "from": person_json(chat.user_id, chat.first_name),
                "date": int(self.now().timestamp()),
                "old_chat_member": member(was),
                "new_chat_member": member(now),
            },
        )
