"""What reading a sentence can yield: pieces of text, intervals, and what is sure or open about them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.cameras import Camera


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text as typed: `text[start:end]`."""

    start: int
    end: int


class Flag(StrEnum):
    """What may be done with an interval that was read. The values are the school's own marks."""

    RUN = "OK"
    """Say it back and go on."""
    CONFIRM = "XN"
    """A default or an approximation was used (`assumed`): have it confirmed."""
    ASK = "HOI"
    """Open: ask, with `choices` as buttons; `start` and `end` are the first proposal, if there is one."""
    REFUSE = "TUCHOI"
    """Can't be: say why (`reasons`); `choices` may hold a suggestion."""
    TOO_WIDE = "HEP"
    """Longer than one request may be: have it narrowed; `choices` are parts to choose from."""
    TOO_OLD = "QH"
    """Starts before what the recorder is trusted to keep: say so and still look on the recorder."""


class Reason(StrEnum):
    """Why a reading isn't simply run."""

    NO_TIME = "no_time"
    """Nothing about time was said."""
    FUTURE = "future"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_HOUR = "no_such_hour"
    END_BEFORE_START = "end_before_start"
    TOO_LONG = "too_long"
    """A stretch with both ends, longer than the limit."""
    VAGUE = "vague"
    """A day, a part of a day or a week without an hour."""
    NEEDS_HALF_OF_DAY = "needs_half_of_day"
    """"2h" or "tiết 2": morning or afternoon?"""
    HALF_OF_DAY_CONFLICT = "half_of_day_conflict"
    """"9h chiều": the hour and the part of the day don't go together."""
    NEEDS_DAY = "needs_day"
    NEEDS_HOUR = "needs_hour"
    """"8h hơn", "lúc nãy": about when?"""
    NEEDS_END = "needs_end"
    """"từ 9h", "sau 9h": until when?"""
    WHICH_DAY = "which_day"
    """"thứ 2" said on a Monday, "2h đêm thứ 6", "hôm kìa"."""
    DAYS_CONFLICT = "days_conflict"
    """A weekday and a date that don't meet, or two unrelated days."""
    WHICH_PERIOD = "which_period"
    """"tiết cuối", "tan học": the bell leaves more than one."""
    LUNAR = "lunar"
    """A day of the lunar calendar: ask for the solar date."""
    OLDER_THAN_KEPT = "older_than_kept"


class Assumed(StrEnum):
    """What was filled in so that an interval could be proposed."""

    AROUND_POINT = "around_point"
    """One moment was named; a few minutes were put around it."""
    APPROXIMATE = "approximate"
    """"khoảng", "tầm": more minutes were put around it."""
    TODAY = "today"
    """No day was named and the time has passed today."""
    LAST_YEAR = "last_year"
    HALF_OF_DAY = "half_of_day"
    """Only one half of the day has passed, or periods were numbered on into the afternoon."""
    LENGTH = "length"
    """A length was chosen: "trước giờ ra chơi"."""
    CORRECTED = "corrected"
    """Something else was said first and taken back."""
    UNTIL_NOW = "until_now"
    """The end was cut to the present."""


class Note(StrEnum):
    """What to remark beside the echo; it changes nothing."""

    NO_LESSONS = "no_lessons"
    """A Sunday."""
    TEACHERS_DAY = "teachers_day"
    """20 November: there are often no normal lessons."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open stretch [start, end) in the school's time."""

    start: datetime
    end: datetime

    @property
    def duration(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Limits:
    """What the school allows: `longest` for one request, `kept` for how far back the recorder is trusted."""

    longest: timedelta = timedelta(minutes=45)
    kept: timedelta = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class SpanReading:
    """An interval as read from words.

    `start` and `end` are aware, in the zone of the `now` given, and both None when no interval can even be
    proposed. `flags` is never empty; its first is what to do, a second `TOO_OLD` may follow. `where` are
    the pieces of the text that spoke of time.
    """

    start: datetime | None
    end: datetime | None
    flags: tuple[Flag, ...]
    reasons: tuple[Reason, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    notes: tuple[Note, ...] = ()
    choices: tuple[Interval, ...] = ()
    where: tuple[Piece, ...] = ()

    @property
    def flag(self) -> Flag:
        """What to do with it."""
        return self.flags[0]

    @property
    def interval(self) -> Interval | None:
        """The interval, or the first proposal of a question."""
        return None if self.start is None or self.end is None else Interval(self.start, self.end)

    @property
    def said(self) -> bool:
        """Whether anything in the text spoke of time."""
        return bool(self.where)


class Outcome(StrEnum):
    """How the search for a camera ended."""

    NOTHING = "nothing"
    """No camera was named."""
    ONE = "one"
    SET = "set"
    """Several, each clearly meant: "cổng chính và cổng phụ"."""
    ALL = "all"
    UNCLEAR = "unclear"
    """One is meant, `cameras` are the candidates: buttons."""
    UNKNOWN = "unknown"
    """Something was named that isn't there; `cameras` are the nearest, at most four."""


@dataclass(frozen=True, slots=True)
class Match:
    """Cameras found in a text.

    What `cameras` holds depends on `outcome`; `where` says which words named them. `exact` is False when a
    spelling error was overlooked, `corrected` True when another camera was said and taken back.
    """

    outcome: Outcome
    cameras: tuple[Camera, ...] = ()
    where: tuple[Piece, ...] = ()
    exact: bool = True
    corrected: bool = False

    @property
    def camera(self) -> Camera | None:
        """The one camera, when it's one."""
        return self.cameras[0] if self.outcome is Outcome.ONE else None

    @property
    def meant(self) -> tuple[Camera, ...]:
        """The cameras that were surely meant; none while there's a question."""
        return self.cameras if self.outcome in {Outcome.ONE, Outcome.SET, Outcome.ALL} else ()


class WishKind(StrEnum):
    """What somebody wants."""

    SNAPSHOT = "snapshot"
    LIVE_CLIP = "live_clip"
    REQUEST = "request"
    INCIDENT = "incident"
    STATUS = "status"
    HELP = "help"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Wish:
    """A whole sentence, understood.

    `rest` is what is left as the purpose, as typed. `duration` is that of a live clip, None when not said.
    `sure` is False where a person would ask back before acting: offer `kind` as a button, not as an act.
    `unexplained` are words beside camera and time that may change what was meant: ask about them.
    """

    kind: WishKind
    match: Match
    span: SpanReading
    rest: str = ""
    duration: timedelta | None = None
    sure: bool = True
    kinds: tuple[WishKind, ...] = field(default=())
    unexplained: tuple[Piece, ...] = field(default=())
