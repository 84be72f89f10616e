"""What somebody wants, read from a sentence or from the words after a command."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.cameras import Camera
from domain.vietnamese.atoms import number_of
from domain.vietnamese.bells import DEFAULT_BELLS, Bells
from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.commands import command_in
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
from domain.vietnamese.time_words import NUMBER
from domain.vietnamese.unexplained import unexplained
from domain.vietnamese.wish_kinds import kind_of

_SHOWING = frozenset({WishKind.REQUEST, WishKind.SNAPSHOT, WishKind.LIVE_CLIP})
_NO_CAMERA = frozenset({WishKind.HELP, WishKind.NONE, WishKind.STATUS, WishKind.INCIDENT})
_LENGTH = re.compile(rf"(?<![\da-z/:.#])(\d{{1,3}}|{NUMBER}) ?(giay|s|phut|p|')(?![a-z0-9])")
_ADDED = re.compile(
    r"[ ,.;!&+()-]*(?:(?:#+|a|nhe|nha|em|va|voi|ca|cung|lan|roi|them|nua|hoac|hay|o|tai|cam|camera)[ ,]*)*"
)
_RECORDER = frozenset({"dau ghi", "may chu"})
_SECONDS = timedelta(seconds=1)


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
    command = command_in(text)
    if command is not None:
        return _commanded(*command, index, (now, bells, limits))
    folded = index.folded(text[:MOST_CHARACTERS])
    match, span = _camera_and_span(folded, index, now, bells, limits)
    hidden = folded.masked(match.where)
    duration = _live_length(hidden)
    kind, sure, others = kind_of(folded, hidden, match, span, duration, now)
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


def _commanded(kind: WishKind, args: str, index: CameraIndex, given: tuple[datetime, Bells, Limits]) -> Wish:
    now, bells, limits = given
    no_time = SpanReading(None, None, (Flag.ASK,), (Reason.NO_TIME,))
    if kind is WishKind.REQUEST:
        return read_request(args, index, now, bells=bells, limits=limits)
    if kind is WishKind.LIVE_CLIP:
        match, length = read_live_clip(args, index)
        return Wish(kind, match, no_time, duration=length)
    match = match_folded(index.folded(args[:MOST_CHARACTERS]), index)
    if kind in _NO_CAMERA and match.outcome is Outcome.UNKNOWN:
        match = Match(Outcome.NOTHING)
    return Wish(kind, match, no_time, " ".join(args.split()) if kind is WishKind.INCIDENT else "")


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
    return number_of(found[1]) * (_SECONDS if found[2] in {"giay", "s"} else 60 * _SECONDS)
