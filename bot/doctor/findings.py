"""What a check found, in words for the person who runs the machine."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class State(Enum):
    """How a check ended. The values are for programs."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing has to be done."""
    WRONG = "wrong"
    SKIPPED = "skipped"
    """It could not be looked at, because another check went wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line.

    Attributes:
        check: what was looked at, for programs: "recorder:dau-ghi-1:clock".
        about: the same for people, in Vietnamese.
        state: how it ended.
        told: what was seen, in Vietnamese; never a secret.
        advice: what to do about it, in Vietnamese; empty where there is nothing to do.
    """

    check: str
    about: str
    state: State
    told: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: makes the findings about it."""

    check: str
    about: str

    def ok(self, told: str) -> Finding:
        """As it should be."""
        return Finding(self.check, self.about, State.OK, told)

    def note(self, told: str, advice: str = "") -> Finding:
        """Worth knowing."""
        return Finding(self.check, self.about, State.NOTE, told, advice)

    def wrong(self, told: str, advice: str) -> Finding:
        """Somebody has to do something."""
        return Finding(self.check, self.about, State.WRONG, told, advice)

    def skipped(self, told: str) -> Finding:
        """It could not be looked at."""
        return Finding(self.check, self.about, State.SKIPPED, told)


def decimal(number: float) -> str:
    """A number with one decimal as it is written here: "11,5"."""
    return f"{number:.1f}".replace(".", ",")


def seconds_of(offset: timedelta) -> str:
    """A clock's error: "nhanh 94 giây", "chậm 3 phút"."""
    seconds = round(abs(offset.total_seconds()))
    length = f"{seconds} giây" if seconds < 300 else f"{seconds // 60} phút"  # noqa: PLR2004 - five minutes
    return f"{'nhanh' if offset > timedelta(0) else 'chậm'} {length}"
