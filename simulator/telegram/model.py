"""What the pretend Telegram knows: people, messages, taps, what was sent."""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.telegram.entities import Entity
from simulator.telegram.files import Attachment


@dataclass(frozen=True)
class Button:
    """One button under a message.

    Attributes:
        text: What stands on it.
        data: What the bot gets when it is tapped; None for a link.
        url: Where a link leads; None for a button that speaks to the bot.
    """

    text: str
    data: str | None = None
    url: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Content:
    """What a message says; an edit replaces it."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    attachment: Attachment | None = None
    keyboard: Keyboard = ()


@dataclass
class Message:
    """One message as it is seen now, after edits.

    Attributes:
        message_id: Counts up per bot over all private chats, as on the real server.
        chat_id: The person's user id.
        from_bot: Written by the bot, else by the person.
        sent_at: Aware time.
        content: Text (of a file: its caption), file, buttons.
        protected: Cannot be saved or forwarded.
        reply_to: The message it answers.
        album_id: Same for all items of an album.
        edited_at: Time of the last edit that shows (buttons alone do not).
        forwarded: Came by forwardMessage.
        version: Grows with each change, for pages that show messages.
        earlier: What it said before each edit, oldest first.
    """

    message_id: int
    chat_id: int
    from_bot: bool
    sent_at: datetime
    content: Content
    protected: bool = False
    reply_to: "Message | None" = None
    album_id: str | None = None
    edited_at: datetime | None = None
    forwarded: bool = False
    version: int = 1
    earlier: list[Content] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Text, or the caption of a file."""
        return self.content.text

    @property
    def attachment(self) -> Attachment | None:
        """The photo, video or document."""
        return self.content.attachment

    @property
    def kind(self) -> str:
        """One of "text", "photo", "video", "document"."""
        return self.content.attachment.kind if self.content.attachment else "text"

    @property
    def media(self) -> bytes:
        """The bytes of the file; empty without one."""
        return self.content.attachment.file.read() if self.content.attachment else b""

    @property
    def keyboard(self) -> Keyboard:
        """Rows of buttons."""
        return self.content.keyboard

    @property
    def buttons(self) -> tuple[str, ...]:
        """Texts of all buttons, row after row."""
        return tuple(button.text for row in self.content.keyboard for button in row)


@dataclass(frozen=True)
class Toast:
    """What `answerCallbackQuery` shows: a passing line, or a dialog when `alert`."""

    text: str
    alert: bool
    at: datetime


@dataclass
class Tap:
    """A tap on a button, and what became of it.

    Attributes:
        query_id: The callback query's id.
        answered: The bot has answered it (with or without words).
        toast: The words of the answer, if any.
    """

    query_id: str
    user_id: int
    message: Message
    data: str
    at: datetime
    answered: bool = False
    toast: Toast | None = None


@dataclass(frozen=True)
class Sent:
    """One line of the journal: a message that really appeared on somebody's phone."""

    method: str
    chat_id: int
    message_id: int
    kind: str
    text: str
    at: datetime
    protected: bool


@dataclass(frozen=True)
class Command:
    """One entry of the command menu."""

    command: str
    description: str


@dataclass
class Activity:
    """What `sendChatAction` shows, until `until` or the next message."""

    action: str
    until: datetime


@dataclass
class Chat:
    """A private chat of one person with the bot."""

    user_id: int
    first_name: str
    started: bool = False
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    toasts: list[Toast] = field(default_factory=list)
    taps: list[Tap] = field(default_factory=list)
    activity: Activity | None = None
    reply_keyboard: tuple[tuple[str, ...], ...] = ()
