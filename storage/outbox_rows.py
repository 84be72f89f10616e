"""What the delivery side gets from the outbox."""

from dataclasses import dataclass
from datetime import datetime

from domain.chat import Account, Outgoing


@dataclass(frozen=True, slots=True)
class SlotMessage:
    """The message that stands in a chat's slot now: the platform's id of it and whether it shows a file."""

    message_key: str
    had_media: bool


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message for one chat.

    Attributes:
        id: the row's number; rows of a chat are sent in this order, urgent ones first.
        account: the chat.
        person_id: whose it is; None where an account was answered that belongs to nobody.
        message: what is said.
        tokens: what the buttons carry, in the shape of `message.choices`.
        attempts: how often it was claimed, this time included.
        mark: what the claimer gave for this channel when the sending began.
        created_at: when it was said.
        language: what the reader reads; Vietnamese for who is nobody's.
        previous: the last message that was sent to this account in `message.slot`; None where there is none.
    """

    id: int
    account: Account
    person_id: int | None
    message: Outgoing
    tokens: tuple[tuple[str, ...], ...]
    attempts: int
    mark: str
    created_at: datetime
    language: str
    previous: SlotMessage | None


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """Rows by state, for the metrics."""

    queued: int
    sending: int
    failed: int
