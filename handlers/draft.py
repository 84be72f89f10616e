"""A request while it is being put together: what is known, what is asked next. Pure; kept in the dialogue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.requests import Purpose

KIND = "request"
BACK = "back"
"""The field of the button that undoes one step."""

MOST_STEPS = 12
"""How far back one can go."""

FORGOTTEN_AFTER = timedelta(hours=12)
MAX_REASON = 500
MIN_REASON = 3

Stored = Mapping[str, str | int]


class Question(StrEnum):
    """What is still missing, in the order in which it is asked."""

    CAMERA = "camera"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    LENGTH = "length"
    REASON = "reason"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far. `number` tells drafts apart, so that an old button cannot send a new draft.

    `day` is an ISO date, `hour` and `minute` of the start as they are chosen by buttons; `start` and `end`
    are aware times once both are known. `earlier` is how it stood before each step, the latest last.
    """

    number: str
    camera: str = ""
    day: str = ""
    hour: int = -1
    minute: int = -1
    start: datetime | None = None
    end: datetime | None = None
    purpose: Purpose = Purpose.ORDER
    reason: str = ""
    earlier: tuple[Stored, ...] = ()

    @property
    def slot(self) -> str:
        """Where its questions stand in the chat: one message, edited."""
        return f"draft:{self.number}"

    @property
    def question(self) -> Question:
        """What to ask next."""
        if not self.camera:
            return Question.CAMERA
        if self.start is None or self.end is None:
            if not self.day:
                return Question.DAY
            if self.hour < 0:
                return Question.HOUR
            return Question.MINUTE if self.minute < 0 else Question.LENGTH
        return Question.NOTHING if len(self.reason) >= MIN_REASON else Question.REASON

    def after(self, before: "Draft") -> "Draft":
        """This draft as the next step after another, so that one can go back."""
        if self.known() == before.known():
            return self
        return replace(self, earlier=(*before.earlier, before.known())[-MOST_STEPS:])

    def back(self) -> "Draft":
        """As it stood before the last step; its number stays."""
        if not self.earlier:
            return self
        return replace(_known(self.number, self.earlier[-1]), earlier=self.earlier[:-1])

    def without_time(self) -> "Draft":
        """The same with the time asked again."""
        return replace(self, day="", hour=-1, minute=-1, start=None, end=None)

    def with_reason(self, words: str) -> "Draft":
        """The same with a reason, cut to what a card can show; the purpose follows from its words."""
        reason = " ".join(words.split())
        if len(reason) > MAX_REASON:
            reason = f"{reason[: MAX_REASON - 1].rstrip()}…"
        return replace(self, reason=reason, purpose=purpose_of(reason, self.purpose))

    def stored(self) -> dict[str, str | int]:
        """As the dialogue keeps it."""
        return {"number": self.number, **self.known(), "earlier": json.dumps(self.earlier)}

    def known(self) -> Stored:
        """What is known so far, without the way there."""
        return {
            "camera": self.camera,
            "day": self.day,
            "hour": self.hour,
            "minute": self.minute,
            "start": self.start.isoformat() if self.start else "",
            "end": self.end.isoformat() if self.end else "",
            "purpose": self.purpose.value,
            "reason": self.reason,
        }


def draft_from(data: Stored) -> Draft:
    """Read what the dialogue kept."""
    earlier = tuple(json.loads(str(data.get("earlier", "[]"))))
    return replace(_known(str(data["number"]), data), earlier=earlier)


def _known(number: str, data: Stored) -> Draft:
    start, end = str(data["start"]), str(data["end"])
    return Draft(
        number=number,
        camera=str(data["camera"]),
        day=str(data["day"]),
        hour=int(data["hour"]),
        minute=int(data["minute"]),
        start=datetime.fromisoformat(start) if start else None,
        end=datetime.fromisoformat(end) if end else None,
        purpose=Purpose(str(data["purpose"])),
        reason=str(data["reason"]),
    )


_WORDS: tuple[tuple[Purpose, tuple[str, ...]], ...] = (
    (Purpose.EQUIPMENT, ("hỏng", "hư ", "thiết bị", "máy tính", "máy chiếu", "vỡ")),
    (Purpose.EVIDENCE, ("khiếu nại", "phản ánh", "bằng chứng", "minh chứng", "mất ", "rơi")),
    (Purpose.PROFESSIONAL, ("nghiên cứu", "chuyên đề", "sinh hoạt chuyên môn", "rút kinh nghiệm giờ dạy")),
    (Purpose.TEACHING, ("tiết dạy", "dự giờ", "thi ", "coi thi", "nền nếp", "trật tự lớp")),
)


def purpose_of(reason: str, otherwise: Purpose = Purpose.ORDER) -> Purpose:
    """The purpose that a reason suggests; it is shown before sending and can be changed with a button."""
    words = f"{reason.casefold()} "
    for purpose, hints in _WORDS:
        if any(hint in words for hint in hints):
            return purpose
    return otherwise
