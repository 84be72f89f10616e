"""Who asks what, and how an answer is addressed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.audit import Entry
from domain.chat import Account, Attachment, Choice, Media, Outgoing, Text
from domain.people import Person

Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing an enrolled person asked.

    `args` are a command's arguments or plain words, as typed; `data` belongs to the tapped button; `at` is
    when it reached us.
    """

    person: Person
    account: Account
    at: datetime
    args: str = ""
    data: Mapping[str, str | int] = field(default_factory=dict)
    attachment: Attachment | None = None
    tapped: bool = False

    def text(self, name: str) -> str:
        """A button's value as text."""
        return str(self.data[name])

    def number(self, name: str) -> int:
        """A button's value as a number."""
        return int(self.data[name])


def answer(
    ask: Ask,
    *text: Text,
    choices: Rows = (),
    slot: str | None = None,
    anew: bool = False,
    media: Media | None = None,
    protect: bool = False,
) -> Outgoing:
    """A message back to where the question came from."""
    return Outgoing(ask.account, text, media=media, choices=choices, slot=slot, anew=anew, protect=protect)


def entry(
    ask: Ask,
    what: str,
    about: str,
    article: str = "",
    details: Mapping[str, str | int | float] | None = None,
) -> Entry:
    """A line of the audit log about something that a person did."""
    return Entry(
        at=ask.at,
        actor=ask.person.id,
        role=ask.person.role.value,
        what=what,
        about=about,
        article=article,
        channel=ask.account.channel,
        details=details,
    )


def system_entry(
    at: datetime,
    what: str,
    about: str,
    details: Mapping[str, str | int | float] | None = None,
) -> Entry:
    """A line of the audit log about something that the system did by itself."""
    return Entry(at=at, actor=None, role="system", what=what, about=about, details=details)


def rows_of(choices: list[Choice], per_row: int) -> Rows:
    """Buttons in rows of at most `per_row`."""
    return tuple(tuple(choices[i : i + per_row]) for i in range(0, len(choices), per_row))
