"""The school bell: when periods, breaks and the other fixed moments of a school day are."""

from dataclasses import dataclass
from datetime import date

Minutes = tuple[int, int]
"""Half-open stretch of a day, in minutes after midnight."""


def at(clock: str) -> int:
    """Minutes after midnight of "07:30"."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _stretch(text: str) -> Minutes:
    start, end = text.split("-")
    return at(start), at(end)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The bell of one season. Valid on days from `first` to `last`, both included; None is open."""

    morning: tuple[Minutes, ...]
    afternoon: tuple[Minutes, ...]
    morning_break: Minutes
    afternoon_break: Minutes
    arrival: int
    reading: Minutes
    lunch: Minutes
    morning_ends: tuple[int, ...]
    """When the morning may be over, the likeliest first."""
    afternoon_ends: tuple[int, ...]
    first: date | None = None
    last: date | None = None

    def period(self, number: int, *, afternoon: bool) -> Minutes | None:
        """A period by its number from 1, or None when there's none."""
        periods = self.afternoon if afternoon else self.morning
        return periods[number - 1] if 1 <= number <= len(periods) else None


@dataclass(frozen=True, slots=True)
class Bells:
    """The timetables of a school; the last is used where no other is valid."""

    timetables: tuple[Timetable, ...]

    def on(self, day: date) -> Timetable:
        """The timetable of a day."""
        for timetable in self.timetables:
            if (timetable.first is None or timetable.first <= day) and (
                timetable.last is None or day <= timetable.last
            ):
                return timetable
        return self.timetables[-1]


DEFAULT_BELLS = Bells(
    (
        Timetable(
            morning=tuple(
                _stretch(text)
                for text in ("07:30-08:15", "08:20-09:05", "09:25-10:10", "10:15-11:00", "11:05-11:50")
            ),
            afternoon=tuple(
                _stretch(text)
                for text in ("13:30-14:15", "14:20-15:05", "15:20-16:05", "16:10-16:55", "17:00-17:45")
            ),
            morning_break=_stretch("09:05-09:25"),
            afternoon_break=_stretch("15:05-15:20"),
            arrival=at("06:45"),
            reading=_stretch("07:15-07:30"),
            lunch=_stretch("11:50-13:30"),
            morning_ends=(at("11:50"), at("11:00")),
            afternoon_ends=(at("16:55"),),
        ),
    )
)
"""A common bell of lower secondary schools in Hà Nội; a school sets its own."""
