"""What somebody wants, read from a sentence or from the words after a command."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.cameras import Camera
from domain.vietnamese.bells import DEFAULT_BELLS, Bells
from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.folding import MOST_CHARACTERS, Folded, folded_text
from domain.vietnamese.places import match_folded
from domain.vietnamese.purpose import purpose_of
from domain.vietnamese.readings import (
    Flag,
    Limits,
    Match,
    Outcome,
    Reason,
    SpanReading,
    Wish,
    WishKind,
)
from domain.vietnamese.spans import DEFAULT_LIMITS, read_folded
from domain.vietnamese.unexplained import unexplained
from domain.vietnamese.wish_words import (
    AGAIN,
    ASKED,
    BROKEN,
    CAMERA,
    COURTESIES,
    FORBIDDEN,
    HELP,
    HELP_ALONE,
    HOW,
    INCIDENT,
    INCIDENT_TYPED,
    KEPT,
    LIVE,
    LOOK,
    MEETING,
    NOW,
    PHOTO,
    PHOTO_TYPED,
    PLAYBACK,
    PROGRESS,
    STATUS,
    UNWANTED,
    UNWANTED_TYPED,
)

_SHOWING = frozenset({WishKind.REQUEST, WishKind.SNAPSHOT, WishKind.LIVE_CLIP})
_NO_CAMERA = frozenset({WishKind.HELP, WishKind.NONE, WishKind.STATUS, WishKind.INCIDENT})
_LENGTH = re.compile(r"(?<![\da-z/:.#])(\d{1,3}) ?(giay|s|phut|p|')(?![a-z0-9])")
_ADDED = re.compile(r"[ ,.;&+()-]*(?:(?:va|voi|ca|cung|lan|roi|them|nua|hoac|hay|o|tai|cam|camera)[ ,]*)*")
_RECORDER = frozenset({"dau ghi", "may chu"})
_SECONDS = timedelta(seconds=1)
_LIVE_AT_MOST = timedelta(minutes=1)


def understand(
    text: str,
    cameras: CameraIndex | Sequence[Camera],
    now: datetime,
    *,
    bells: Bells = DEFAULT_BELLS,
    limits: Limits = DEFAULT_LIMITS,
) -> Wish:
    """What a free sentence asks for.

    Args:
        text: As typed, of any length and in any script.
        cameras: The registry; an index prepared once is faster.
        now: The present, aware, in the school's zone.
        bells: When periods and breaks are.
        limits: The longest request, and how long recordings are kept.

    Returns:
        The kind of wish with camera, time and purpose. `sure` is False where a person would ask back first.

    Raises:
        ValueError: `now` is naive.
    """
    index = cameras if isinstance(cameras, CameraIndex) else CameraIndex(cameras)
    folded = index.folded(text[:MOST_CHARACTERS])
    match, span = _camera_and_span(folded, index, now, bells, limits)
    hidden = folded.masked(match.where)
    duration = _live_length(hidden)
    kind, sure, others = _kind(folded, hidden, match, span, duration)
    rest = ""
    if kind is WishKind.REQUEST:
        rest = purpose_of(text, (*match.where, *span.where))
    elif kind is WishKind.INCIDENT:
        rest = " ".join(text.split())
    if kind is WishKind.STATUS and _is_recorder(folded, match):
        match = Match(Outcome.NOTHING)
    if match.outcome is Outcome.UNKNOWN and kind in _NO_CAMERA:
        match = Match(Outcome.NOTHING)
    if kind is not WishKind.LIVE_CLIP:
        duration = None
    loose = unexplained(folded, match, span, bells) if kind in _SHOWING else ()
    return Wish(kind, match, span, rest, duration, sure, others, loose)


def read_request(
    args: str,
    cameras: CameraIndex | Sequence[Camera],
    now: datetime,
    *,
    bells: Bells = DEFAULT_BELLS,
    limits: Limits = DEFAULT_LIMITS,
) -> Wish:
    """The words after a request command: camera, time and purpose in any order. Always a REQUEST."""
    index = cameras if isinstance(cameras, CameraIndex) else CameraIndex(cameras)
    folded = index.folded(args[:MOST_CHARACTERS])
    match, span = _camera_and_span(folded, index, now, bells, limits)
    loose = unexplained(folded, match, span, bells)
    return Wish(
        WishKind.REQUEST, match, span, purpose_of(args, (*match.where, *span.where)), unexplained=loose
    )


def read_live_clip(args: str, cameras: CameraIndex | Sequence[Camera]) -> tuple[Match, timedelta | None]:
    """The words after a clip command: "cổng 10", "cam 5 trong 15 giây". A bare last number is seconds."""
    index = cameras if isinstance(cameras, CameraIndex) else CameraIndex(cameras)
    folded = index.folded(args[:MOST_CHARACTERS])
    match = match_folded(folded, index, numbered=False)
    hidden = folded.masked(match.where)
    length = _live_length(hidden)
    bare = re.search(r"(?<![\d#/:.a-z])(\d{1,3})s?$", hidden.text.strip())
    if length is None and bare is not None:
        length = int(bare[1]) * _SECONDS
    return match, length


def _camera_and_span(
    folded: Folded, index: CameraIndex, now: datetime, bells: Bells, limits: Limits
) -> tuple[Match, SpanReading]:
    match = match_folded(folded, index)
    named = match.outcome not in {Outcome.NOTHING, Outcome.UNKNOWN}
    span = read_folded(folded.masked(match.where) if named else folded, now, bells, limits)
    if match.outcome is Outcome.UNKNOWN and span.said:
        match = match_folded(folded.masked(span.where), index)
    elif match.outcome is Outcome.UNCLEAR and len(match.where) > 1 and span.said:
        match, span = _before_the_time(folded, index, match, span, (now, bells, limits))
    return match, span


def _before_the_time(
    folded: Folded,
    index: CameraIndex,
    match: Match,
    span: SpanReading,
    given: tuple[datetime, Bells, Limits],
) -> tuple[Match, SpanReading]:
    """As in "cổng chính 9:05-9:20 hs chạy từ sân": a place after camera and time is part of the purpose."""
    end_of_time = span.where[-1].end
    if not match.where[0].start < span.where[0].start or not match.where[-1].start > end_of_time:
        return match, span
    cut = bisect_left(folded.starts, end_of_time)
    head = Folded(folded.text[:cut], folded.original, folded.starts[:cut], folded.ends[:cut])
    beyond = next(piece for piece in match.where if piece.start > end_of_time)
    if _ADDED.fullmatch(folded.text, cut, bisect_left(folded.starts, beyond.start)) is not None:
        return match, span
    first = match_folded(head, index)
    if first.outcome in {Outcome.NOTHING, Outcome.UNKNOWN}:
        return match, span
    return first, read_folded(folded.masked(first.where), *given)


def _is_recorder(folded: Folded, match: Match) -> bool:
    """As in "đầu ghi còn lưu mấy ngày": the device is meant, not the camera in its room."""
    named = [folded.original[piece.start : piece.end] for piece in match.where]
    names = [folded_text(name) for name in named]
    return names != [] and all(
        name in _RECORDER or ("dau ghi" in name and "may chu" not in name) for name in names
    )


def _live_length(hidden: Folded) -> timedelta | None:
    found = _LENGTH.search(hidden.text)
    if found is None:
        return None
    return int(found[1]) * (_SECONDS if found[2] in {"giay", "s"} else 60 * _SECONDS)


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a sentence shows of the wish behind it."""

    text: str
    left: str
    named: bool
    sure_place: bool
    timed: bool
    hour: bool
    photo: bool
    short_live: bool

    def say(self, words: re.Pattern[str]) -> bool:
        return words.search(self.text) is not None


_Verdict = tuple[WishKind, bool, tuple[WishKind, ...]]
"""The kind, whether it's sure, and what to offer when it isn't."""

_LOOKING = (WishKind.SNAPSHOT, WishKind.LIVE_CLIP, WishKind.REQUEST)


def _kind(
    folded: Folded, hidden: Folded, match: Match, span: SpanReading, duration: timedelta | None
) -> _Verdict:
    composed = " ".join(unicodedata.normalize("NFC", folded.original).split())
    signs = _Signs(
        hidden.text,
        hidden.masked(span.where).text,
        named=match.outcome not in {Outcome.NOTHING, Outcome.UNKNOWN},
        sure_place=match.outcome in {Outcome.ONE, Outcome.SET, Outcome.ALL} and match.exact,
        timed=span.said and Reason.NO_TIME not in span.reasons,
        hour=span.said and Reason.VAGUE not in span.reasons,
        photo=PHOTO.search(hidden.text) is not None or PHOTO_TYPED.search(composed) is not None,
        short_live=duration is not None and duration <= _LIVE_AT_MOST,
    )
    helped = HELP_ALONE.fullmatch(signs.text) is not None or signs.say(HELP)
    if (helped and not signs.timed and not signs.named) or (signs.say(HOW) and not signs.timed):
        return WishKind.HELP, True, ()
    if _asks_state(signs):
        return WishKind.STATUS, True, ()
    if MEETING.search(folded.text) is not None and not signs.sure_place and not signs.say(PLAYBACK):
        return WishKind.NONE, False, ()
    if signs.say(FORBIDDEN) or signs.say(UNWANTED) or UNWANTED_TYPED.search(composed) is not None:
        return WishKind.NONE, False, ()
    if signs.say(STATUS) and not signs.timed and not signs.photo:
        return WishKind.STATUS, True, ()
    return _shown(signs, span, composed)


def _asks_state(signs: _Signs) -> bool:
    """Asks how a request stands, whether footage is still kept, or tells of a camera that shows badly."""
    if signs.say(PROGRESS) and not signs.named:
        return True
    if signs.say(KEPT) and not signs.say(PLAYBACK):
        return True
    return signs.say(BROKEN) and not signs.timed and not signs.say(ASKED)


def _shown(signs: _Signs, span: SpanReading, composed: str) -> _Verdict:
    """What is left: to be shown something, recorded or live, or something that happened."""
    of_now = not signs.timed and (
        (signs.photo and not signs.say(AGAIN)) or (signs.say(NOW) and signs.say(LIVE))
    )
    if signs.say(PLAYBACK) and not of_now and (signs.timed or not signs.short_live):
        return WishKind.REQUEST, True, ()
    if not signs.photo:
        if signs.say(INCIDENT) or INCIDENT_TYPED.search(composed) is not None:
            return _incident(signs, span)
        if signs.say(STATUS):
            return WishKind.STATUS, True, ()
    return _recorded(signs) if signs.timed else _live(signs)


def _incident(signs: _Signs, span: SpanReading) -> _Verdict:
    """Something happened: told with camera and hour it's more likely the purpose of a request."""
    if signs.named and signs.timed and span.flag in {Flag.RUN, Flag.CONFIRM, Flag.ASK, Flag.TOO_OLD}:
        return WishKind.REQUEST, False, (WishKind.REQUEST, WishKind.INCIDENT)
    return WishKind.INCIDENT, True, ()


def _recorded(signs: _Signs) -> _Verdict:
    if signs.named or signs.photo or signs.say(LIVE) or signs.say(LOOK) or signs.say(CAMERA):
        return WishKind.REQUEST, True, ()
    if signs.hour and _few_words(signs.left, 1):
        return WishKind.REQUEST, False, (WishKind.REQUEST,)
    return WishKind.NONE, False, (WishKind.REQUEST,)


def _live(signs: _Signs) -> _Verdict:
    if signs.say(LIVE) and (signs.named or signs.short_live):
        return WishKind.LIVE_CLIP, True, ()
    if signs.photo:
        return WishKind.SNAPSHOT, True, ()
    if signs.named and signs.short_live:
        return WishKind.LIVE_CLIP, False, (WishKind.LIVE_CLIP,)
    if signs.named and (signs.say(LOOK) or _few_words(signs.text)):
        return WishKind.SNAPSHOT, False, _LOOKING
    return WishKind.NONE, False, ()


def _few_words(text: str, most: int = 4) -> bool:
    """Whether hardly more than a camera or a time and a few polite words were said."""
    return len([word for word in re.findall(r"[a-z]+", text) if word not in COURTESIES]) <= most
