"""A request while it is being put together: what is known, what is asked next. Pure; kept in the dialogue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.requests import Purpose

KIND = "request"
FORGOTTEN_AFTER = timedelta(hours=12)
MAX_REASON = 500
MIN_REASON = 3


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
    are aware times once both are known.
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
        return {
            "number": self.number,
            "camera": self.camera,
            "day": self.day,
            "hour": self.hour,
            "minute": self.minute,
            "start": self.start.isoformat() if self.start else "",
            "end": self.end.isoformat() if self.end else "",
            "purpose": self.purpose.value,
            "reason": self.reason,
        }


def draft_from(data: Mapping[str, str | int]) -> Draft:
    """Read what the dialogue kept."""
    start, end = str(data["start"]), str(data["end"])
    return Draft(
        number=str(data["number"]),
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
