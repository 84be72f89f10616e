"""What is said in a chat, as data. Nothing here sends, renders or knows a chat platform.

A sentence is a `Text`: an English source sentence and its named values. It becomes the reader's language
only at the edge (`bot/render.py`), so that everything between is the same for every channel and person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True)
class Account:
    """One person's address on one platform. `id` is the platform's own, kept as text."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant inside a sentence.

    `style`: "clock" 09:05 · "clock_seconds" 09:05:12 · "day" Thứ Sáu 20/11/2026 ·
    "full" 09:05 ngày 20/11/2026 · "full_seconds" 09:05:12 ngày 20/11/2026.
    """

    at: datetime
    style: Literal["clock", "clock_seconds", "day", "full", "full_seconds"] = "full"

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a moment needs an aware time")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time inside a sentence: "Thứ Sáu 20/11/2026 · 09:05–09:20 (15 phút)"."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Length:
    """A duration inside a sentence: "15 phút", "2 ngày 3 giờ"."""

    of: timedelta


@dataclass(frozen=True, slots=True)
class Text:
    """One whole sentence (or a few) with named values: `Text("Code {code}.", {"code": "YC-2026-0147"})`.

    `msgid` is always written as a literal, so that the catalogue tool finds it. What a person typed
    travels as a value and is never part of a msgid.
    """

    msgid: str
    values: Mapping[str, "str | int | float | Moment | Period | Length | Text"] = field(default_factory=dict)

    def filled(self, **values: "str | int | float | Moment | Period | Length | Text") -> "Text":
        """The same sentence with these values added."""
        return replace(self, values={**self.values, **values})


@dataclass(frozen=True, slots=True)
class Choice:
    """One button. `act` names the handler in its table, `data` is what the handler needs.

    Neither leaves the house: the button carries a short random token, bound to the person it was shown to.
    """

    label: Text
    act: str
    data: Mapping[str, str | int] = field(default_factory=dict)


class MediaKind(StrEnum):
    """How a file is shown."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Media:
    """A file to show. `key` is its place in the vault or the spool; `name` is what a person sees."""

    kind: MediaKind
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one person, or to one account where no person is known yet.

    Attributes:
        to: a person's id, or the account to answer.
        text: sentences, one a line.
        media: shown above the text; the text is then its caption.
        choices: buttons, row by row.
        slot: messages of one slot to one recipient replace each other in place: the newest one stands.
        anew: shown at the end of the chat also where one of its slot stands, which then loses its buttons.
        protect: the platform is asked to forbid forwarding and saving.
        urgent: goes before everything that waits.
        then: name of the follow-up that runs in the transaction which records the delivery.
        then_data: what the follow-up needs.
    """

    to: int | Account
    text: tuple[Text, ...]
    media: Media | None = None
    choices: tuple[tuple[Choice, ...], ...] = ()
    slot: str | None = None
    anew: bool = False
    protect: bool = False
    urgent: bool = False
    then: str | None = None
    then_data: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """`/anh cổng chính`: name without the slash, in lower case; `args` as typed."""

    name: str
    args: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A button was tapped. `query_id` lets the channel show that it was noticed."""

    token: str
    query_id: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text, as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody sent.

    `file_id` is the platform's; `reply_to` the platform's id of the message it answers.
    """

    kind: MediaKind
    file_id: str
    name: str
    size_bytes: int
    caption: str = ""
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Something the bot cannot read: a sticker, a place, a voice message."""

    what: str


Body = Command | Tap | Words | Attachment | Other


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did in a chat. `update_id` is the platform's own number of it."""

    account: Account
    update_id: str
    received_at: datetime
    body: Body


@dataclass(frozen=True, slots=True)
class Offered:
    """A button that was shown: to whom, what it means, until when."""

    account: Account
    person_id: int | None
    act: str
    data: Mapping[str, str | int]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation in the middle: which one, what is known so far, when it was last touched."""

    kind: str
    data: Mapping[str, str | int]
    touched_at: datetime


class AlreadySettledError(Exception):
    """The update was already answered; the transaction is rolled back."""
