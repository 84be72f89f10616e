"""What a chat platform must be able to do for us, and how its failures are sorted.

A channel turns a platform's updates into `Incoming` and a `Rendered` message into the platform's calls. It
knows nothing of the outbox, of people or of handlers.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from domain.chat import Account, Attachment, Incoming, MediaKind


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do.

    Attributes:
        edit: a sent message can be changed in place.
        buttons: buttons under a message.
        protect: forwarding and saving can be forbidden.
        text_limit: longest text, in UTF-16 units.
        caption_limit: longest text under a picture or file, in UTF-16 units.
        label_limit: longest text on a button, in UTF-16 units.
        upload_limit_bytes: largest file that can be sent.
        download_limit_bytes: largest file that can be fetched from a chat.
    """

    edit: bool
    buttons: bool
    protect: bool
    text_limit: int
    caption_limit: int
    label_limit: int
    upload_limit_bytes: int
    download_limit_bytes: int


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what stands on it and the opaque token that comes back when it is tapped."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file to show: how, where it lies on this machine, and the name a person sees."""

    kind: MediaKind
    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in the reader's language, within the platform's limits. Without media there is a text."""

    text: str
    media: MediaFile | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message that the platform accepted: its key there, and whether it carries a file."""

    message_key: str
    had_media: bool


class DeliveryError(Exception):
    """A message could not be handed over. What can be done about it is told by the subclass."""


class NotSent(DeliveryError):
    """The platform certainly did not take the message: try again.

    Attributes:
        retry_after: how long the platform asks to wait; None where it does not say.
    """

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Uncertain(DeliveryError):
    """The answer was lost: the platform may have taken the message. Look for it before sending again."""


class Rejected(DeliveryError):
    """The platform will never take this message (blocked by the person, no such chat, not allowed)."""


class EditImpossible(Rejected):
    """This message can no longer be changed (gone, too old, of another kind); a new one can be sent."""


class ChannelRefused(Exception):
    """The platform does not accept our credentials; somebody has to change the settings."""


StoreBatch = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Stores updates durably; the channel confirms them to the platform only after it returned."""


class Hook(Protocol):
    """An address of ours that a platform calls with its updates."""

    @property
    def path(self) -> str:
        """Where it is on the service's web address: "/telegram/..."."""
        ...

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether the caller proves to be the platform; asked before its body is read."""
        ...

    async def receive(self, body: bytes) -> int:
        """Take what an admitted caller sent. Returns the status to answer, 2xx only for what is stored."""
        ...


class Channel(Protocol):
    """One chat platform."""

    @property
    def name(self) -> str:
        """The `Account.channel` of its accounts: "telegram"."""
        ...

    @property
    def can(self) -> Capabilities:
        """What the platform can do."""
        ...

    async def connect(self) -> str:
        """Reach the platform and prove our credentials, waiting out failures of the network for ever.

        Returns:
            The bot's public user name.

        Raises:
            ChannelRefused: the credentials are wrong.
        """
        ...

    async def listen(self, store_batch: StoreBatch) -> None:
        """Receive updates until cancelled; cuts are waited out.

        What `store_batch` raises ends the listening, and its batch stays unconfirmed; `listen` may be called
        again.

        Raises:
            ChannelRefused: the credentials are no longer accepted.
        """
        ...

    async def send(self, account: Account, message: Rendered) -> Receipt:
        """Hand over a new message.

        Raises:
            NotSent, Uncertain, Rejected: as told there.
        """
        ...

    async def edit(self, account: Account, message_key: str, message: Rendered, *, had_media: bool) -> None:
        """Replace text and buttons of a sent message (its file stays). Nothing to change is success.

        Raises:
            NotSent: try again (an edit may be repeated, so that a lost answer is this, too).
            EditImpossible: the message cannot be changed any more.
            Rejected: the platform refuses the new content.
        """
        ...

    async def drop_buttons(self, account: Account, message_key: str) -> None:
        """Take the buttons off a sent message. Raises as `edit`."""
        ...

    async def acknowledge(self, query_id: str, text: str | None = None) -> None:
        """Show on the phone that a tap was noticed, with a passing line if there is `text`.

        A platform that cannot be reached is no failure here: nobody waits for this.
        """
        ...

    async def fetch(self, attachment: Attachment, target: Path) -> None:
        """Stream a file that somebody sent to `target`.

        Raises:
            handlers.ports.AttachmentError: too large for the platform, gone, or not reachable.
        """
        ...

    async def find_sent(self, account: Account, message: Rendered, mark: str) -> str | None:
        """The key of a message whose answer was lost, or None where it did not arrive.

        Args:
            account: whom it was sent to.
            message: exactly what was sent.
            mark: what `highest_seen` said before it was sent.

        Raises:
            NotSent: the platform cannot be asked now.
        """
        ...

    def highest_seen(self) -> str:
        """The newest message key seen so far, "" where none was: new messages come after it."""
        ...

    def note_seen(self, message_key: str) -> None:
        """Tell a key known from before a restart."""
        ...

    async def announce_commands(self, commands: Mapping[str, str]) -> None:
        """Publish the menu: command without the slash -> what it does. Raises as `send`."""
        ...

    async def aclose(self) -> None:
        """Let go of every connection."""
        ...
