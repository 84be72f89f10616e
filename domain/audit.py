"""The audit log: who did what, on which article, chained by hash so that a change shows.

An entry names people by number and things by code. It never holds a reason, a name or any text that a person
typed, because a child's name may stand there.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `actor` is a person's id, or None for the system. `what` is `subject:act:outcome`."""

    at: datetime
    actor: int | None
    role: str
    what: str
    about: str
    article: str = ""
    channel: str = ""
    details: Mapping[str, str | int | float] | None = None


@dataclass(frozen=True, slots=True)
class Chained:
    """An entry in its place of the chain."""

    number: int
    entry: Entry
    previous: str
    hash: str


def hash_of(number: int, entry: Entry, previous: str) -> str:
    """SHA-256 over the previous hash and the entry in canonical JSON (sorted keys, UTC to the µs)."""
    body = json.dumps(
        {
            "number": number,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": entry.actor,
            "role": entry.role,
            "what": entry.what,
            "about": entry.about,
            "article": entry.article,
            "channel": entry.channel,
            "details": dict(entry.details or {}),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def chain(number: int, entry: Entry, previous: str) -> Chained:
    """Put an entry behind the one whose hash is `previous`."""
    return Chained(number, entry, previous, hash_of(number, entry, previous))


def first_break(rows: Iterable[Chained]) -> int | None:
    """Number of the first entry that does not fit the chain; None where all do."""
    expected_number, expected_previous = 1, GENESIS
    for row in rows:
        fits = row.number == expected_number and row.previous == expected_previous
        if not fits or row.hash != hash_of(row.number, row.entry, row.previous):
            return expected_number
        expected_number, expected_previous = row.number + 1, row.hash
    return None
