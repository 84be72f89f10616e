"""A person with a phone: says, taps, sends files, edits, blocks, and waits for what the bot says."""

import itertools
from collections.abc import Callable
from pathlib import Path

from simulator.telegram.entities import formatted, utf16_length
from simulator.telegram.files import Attachment, StoredFile
from simulator.telegram.methods.profile import commands_for
from simulator.telegram.model import Button, Chat, Command, Content, Message, Tap, Toast
from simulator.telegram.world import World

_query_numbers = itertools.count(4_000_000_000_000_001)


class NoSuchButtonError(LookupError):
    """Nothing with this text can be tapped; the message lists what can."""


class Phone:
    """One person's private chat with the bot, from the person's side.

    People reach Telegram by mobile data, so a phone works also while `SimulatedTelegram.cut` keeps the
    school off; the bot hears of it later.

    Args:
        world: The bot's world.
        chat: The person's chat.
    """

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat

    def __repr__(self) -> str:
        return f"Phone({self.name!r}, {self.user_id})"

    @property
    def user_id(self) -> int:
        """Telegram user id, which is the private chat's id, too."""
        return self._chat.user_id

    @property
    def name(self) -> str:
        """First name."""
        return self._chat.first_name

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is seen now, oldest first, after edits and deletions."""
        return tuple(self._chat.messages.values())

    @property
    def last(self) -> Message:
        """The newest message.

        Raises:
            LookupError: the chat is empty.
        """
        if not self._chat.messages:
            raise LookupError(f"nothing in the chat of {self.name}")
        return self.messages[-1]

    @property
    def toasts(self) -> tuple[Toast, ...]:
        """What answers to taps have shown, oldest first."""
        return tuple(self._chat.toasts)

    @property
    def open_taps(self) -> tuple[Tap, ...]:
        """Taps that the bot has not answered and still may; the button shows that it is working."""
        oldest = self._world.now() - self._world.query_lifetime
        return tuple(tap for tap in self._chat.taps if not tap.answered and tap.at >= oldest)

    @property
    def activity(self) -> str:
        """What the bot is doing ("typing", "upload_photo", …), empty for nothing."""
        activity = self._chat.activity
        return activity.action if activity and activity.until > self._world.now() else ""

    @property
    def reply_keyboard(self) -> tuple[tuple[str, ...], ...]:
        """Rows of ready-made answers that the bot shows instead of letters."""
        return self._chat.reply_keyboard

    @property
    def commands(self) -> tuple[Command, ...]:
        """The command menu as this person sees it."""
        return commands_for(self._world, self.user_id)

    @property
    def blocked(self) -> bool:
        """The person blocked the bot."""
        return self._chat.blocked

    async def say(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Write to the bot; the first time opens the chat.

        Raises:
            ValueError: empty, longer than a phone sends in one message (4096 UTF-16 units), or the person
                has blocked the bot.
        """
        plain, entities = formatted(text, None, None)
        if not plain or utf16_length(plain) > 4096:
            raise ValueError("a phone sends 1 to 4096 characters")
        return self._write(Content(plain, tuple(entities)), reply_to)

    async def send_photo(self, path: Path, caption: str = "", *, reply_to: Message | None = None) -> Message:
        """Send a picture."""
        return await self._send("photo", path, caption, reply_to)

    async def send_video(self, path: Path, caption: str = "", *, reply_to: Message | None = None) -> Message:
        """Send a video."""
        return await self._send("video", path, caption, reply_to)

    async def send_document(
        self, path: Path, caption: str = "", *, reply_to: Message | None = None
    ) -> Message:
        """Send a file as it is."""
        return await self._send("document", path, caption, reply_to)

    async def edit(self, message: Message, text: str) -> Message:
        """Change one's own message (a caption, where it has a file).

        Raises:
            ValueError: somebody else wrote it.
        """
        if message.from_bot:
            raise ValueError("only one's own message can be edited")
        plain, entities = formatted(text, None, None)
        content = Content(plain, tuple(entities), message.attachment)
        self._world.change(message, content, shows=True)
        self._world.hear(message, "edited_message")
        return message

    async def tap(self, button: str | tuple[Message, Button | str]) -> Tap:
        """Tap a button.

        Args:
            button: Its text (the newest message that has it), or a message and its button, which may be
                one that is gone meanwhile: a late tap.

        Raises:
            NoSuchButtonError: no such button, or it is a link.
        """
        message, found = self._find(button)
        if found.data is None:
            raise NoSuchButtonError(f"{found.text!r} is a link to {found.url}")
        tap = Tap(str(next(_query_numbers)), self.user_id, message, found.data, self._world.now())
        self._chat.taps.append(tap)
        self._world.hear_tap(tap)
        return tap

    async def block(self) -> None:
        """Block the bot: it gets 403 from now on."""
        if not self._chat.blocked:
            self._chat.blocked = True
            self._world.hear_membership(self._chat, was="member", now="kicked")
            self._world.bell.ring(self.user_id)

    async def unblock(self) -> None:
        """Let the bot write again."""
        if self._chat.blocked:
            self._chat.blocked = False
            self._world.hear_membership(self._chat, was="kicked", now="member")
            self._world.bell.ring(self.user_id)

    async def wait_for(
        self,
        wanted: str | Callable[[Message], bool],
        timeout_seconds: float = 10.0,
        *,
        after: Message | None = None,
    ) -> Message:
        """The newest message of the bot that fits, as soon as there is one.

        Args:
            wanted: Words that its text or caption contains, or a predicate.
            timeout_seconds: Real seconds until giving up.
            after: Only messages newer than this one.

        Raises:
            TimeoutError: none came; the text tells what is in the chat instead.
        """
        oldest = after.message_id if after else 0

        def found() -> Message | None:
            for message in reversed(self.messages):
                if message.from_bot and message.message_id > oldest:
                    fits = wanted in message.text if isinstance(wanted, str) else wanted(message)
                    if fits:
                        return message
            return None

        if await self._world.bell.until(lambda: found() is not None, timeout_seconds, user_id=self.user_id):
            message = found()
            if message is not None:
                return message
        what = repr(wanted) if isinstance(wanted, str) else "a message that fits"
        raise TimeoutError(f"{self.name} waited {timeout_seconds} s for {what}; seen:\n{self.transcript()}")

    async def wait_until(self, condition: Callable[["Phone"], bool], timeout_seconds: float = 10.0) -> None:
        """Wait until something holds of this phone (a toast, a message gone, a menu).

        Raises:
            TimeoutError: it did not come to hold; the text tells what is in the chat.
        """
        if not await self._world.bell.until(lambda: condition(self), timeout_seconds, user_id=self.user_id):
            raise TimeoutError(f"{self.name} waited {timeout_seconds} s; seen:\n{self.transcript()}")

    def transcript(self) -> str:
        """The chat as lines that a person can read."""
        lines = []
        for message in self.messages:
            who = "Bot" if message.from_bot else self.name
            file = f"[{message.kind}] " if message.attachment else ""
            lines.append(f"{message.sent_at:%H:%M:%S} {who}: {file}{message.text}")
            lines.extend("    " + " ".join(f"[{button.text}]" for button in row) for row in message.keyboard)
        return "\n".join(lines)

    def _find(self, button: str | tuple[Message, Button | str]) -> tuple[Message, Button]:
        if isinstance(button, tuple):
            message, wanted = button
            if isinstance(wanted, Button):
                return message, wanted
            candidates = [message]
        else:
            wanted = button
            candidates = list(reversed(self.messages))
        for message in candidates:
            for row in message.keyboard:
                for found in row:
                    if found.text == wanted:
                        return message, found
        seen = [text for message in candidates for text in message.buttons]
        raise NoSuchButtonError(f"no button {wanted!r} on the phone of {self.name}; there are {seen}")

    def file(self, file_id: str) -> StoredFile | None:
        """A file that this phone can show, by its id."""
        return self._world.files.find(file_id)

    async def _send(self, kind: str, path: Path, caption: str, reply_to: Message | None) -> Message:
        attachment: Attachment = await self._world.files.keep(kind, await self._world.files.copy_in(path))
        plain, entities = formatted(caption, None, None)
        return self._write(Content(plain, tuple(entities), attachment), reply_to)

    def _write(self, content: Content, reply_to: Message | None) -> Message:
        world, chat = self._world, self._chat
        if chat.blocked:
            raise ValueError("who blocked the bot must unblock it to write to it")
        chat.started = True
        message = Message(
            message_id=world.next_message_id(),
            chat_id=chat.user_id,
            from_bot=False,
            sent_at=world.now(),
            content=content,
            reply_to=reply_to,
        )
        chat.messages[message.message_id] = message
        world.hear(message)
        world.bell.ring(chat.user_id)
        return message
