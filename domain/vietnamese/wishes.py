"""What somebody wants, read from a sentence or from the words after a command."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.cameras import Camera
from domain.vietnamese.atoms import Kind, atoms_of
from domain.vietnamese.bells import DEFAULT_BELLS, Bells
from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.folding import MOST_CHARACTERS, Folded
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

_EDGE = r"(?<![a-z0-9#])(?:{})(?![a-z0-9])"


def _any(words: str) -> re.Pattern[str]:
    return re.compile(_EDGE.format(words))


_HELP = re.compile(
    r"^[ /]*(?:help|tro ?giup|huong dan|menu|tro li|giup(?: (?:em|toi|minh|anh|chi|co|thay|voi))?)[ ?.!]*$|"
    + _EDGE.format(
        r"huong dan|cach (?:dung|su dung|xem|yeu cau|xin)|dung (?:nhu )?the nao|lam (?:sao|the nao)(?: de)?|su dung the nao"
        r"|go lenh|lenh nao|lenh gi|bot lam duoc gi|help"
    )
)
_AGAIN = _any(
    r"xem lai|tua lai|trich(?: xuat)?(?: cam)?|cat cam|xuat (?:file|cam)|ban ghi|doan ghi|playback|yeu cau xem|xin (?:trich|clip|video)"
    r"|xin phep (?:duoc )?xem|xin (?:duoc )?xem(?: lai)?|check (?:lai )?cam|kiem tra lai cam|ghi lai|lay (?:lai )?(?:clip|video)|record(?:ing)?|yeu cau"
)
_SNAPSHOT = _any(
    r"chup(?: anh| hinh)?|snapshot|snap|picture|photo|hinh anh|tam (?:anh|hinh)|(?:xem|gui|lay|xin|cho) (?:1 |mot )?(?:anh|hinh)(?= (?:#|cam|chup|cong|san|nha|hien|hanh))"
)
_PHOTO_TYPED = re.compile("ảnh|hình", re.IGNORECASE)
_LOOK = _any(r"xem|coi|nhin|check|kiem tra|view|look")
_LIVE = _any(r"quay|clip|video|truc tiep|truc tuyen|live|phim")
_INCIDENT = _any(
    r"danh nhau|xo xat|bat nat|tai nan|bi thuong|chay mau|(?:bi )?mat (?:trom|cap|xe|do|dien thoai|tien|tai san)|trom|nguoi la"
    r"|treo tuong|leo (?:tuong|rao)|hut thuoc|chap dien|dam chay|co chay|boc khoi|khoi|do cay|cay do|ngap|ngo doc|te nga|xo nga|bi nga|un tac|va cham"
    r"|bi pha|pha hoai|cat day|dap pha|su co|su viec|su vu|vu viec|co chuyen|bao cao|cap cuu|bat tinh|dao keo|hung khi"
)
_STATUS = _any(
    r"con luu|luu (?:duoc )?(?:bao nhieu|may)|bao nhieu ngay|may ngay|luu tru|tinh trang|trang thai|status|hoat dong (?:khong|chua)|cam(?:era)? nao"
    r"|mat tin hieu|mat hinh|rot mang|den thui|toi om|bi mo|bi lech|con song|duyet chua|den dau roi|da duyet|xong chua|co hinh khong"
    r"|yc-\d{4}-\d{4}|dau ghi|o cung|day o"
)
_NO_CAMERA = frozenset({WishKind.HELP, WishKind.NONE, WishKind.STATUS, WishKind.INCIDENT})
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
    if match.outcome is Outcome.UNKNOWN and kind in _NO_CAMERA:
        match = Match(Outcome.NOTHING)
    if kind is not WishKind.LIVE_CLIP:
        duration = None
    return Wish(kind, match, span, rest, duration, sure, others)


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
    return Wish(WishKind.REQUEST, match, span, purpose_of(args, (*match.where, *span.where)))


def read_live_clip(args: str, cameras: CameraIndex | Sequence[Camera]) -> tuple[Match, timedelta | None]:
    """The words after a clip command: "cổng 10", "cam 5 trong 15 giây". A bare last number is seconds."""
    index = cameras if isinstance(cameras, CameraIndex) else CameraIndex(cameras)
    folded = index.folded(args[:MOST_CHARACTERS])
    match = match_folded(folded, index)
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
    """As in "cổng chính 9:05-9:20 học sinh chạy từ sân": a place after camera and time belongs to the purpose."""
    end_of_time = span.where[-1].end
    if not match.where[0].start < span.where[0].start or not match.where[-1].start > end_of_time:
        return match, span
    cut = len([start for start in folded.starts if start < end_of_time])
    head = Folded(folded.text[:cut], folded.original, folded.starts[:cut], folded.ends[:cut])
    first = match_folded(head, index)
    if first.outcome in {Outcome.NOTHING, Outcome.UNKNOWN}:
        return match, span
    return first, read_folded(folded.masked(first.where), *given)


def _live_length(hidden: Folded) -> timedelta | None:
    for atom in atoms_of(hidden):
        if atom.kind is Kind.LENGTH:
            return atom.number() * _SECONDS
    return None


def _kind(
    folded: Folded, hidden: Folded, match: Match, span: SpanReading, duration: timedelta | None
) -> tuple[WishKind, bool, tuple[WishKind, ...]]:
    text = hidden.text
    named = match.outcome not in {Outcome.NOTHING, Outcome.UNKNOWN}
    timed = span.said and Reason.NO_TIME not in span.reasons
    live = duration is not None and duration <= timedelta(minutes=1)
    photo = _SNAPSHOT.search(text) is not None or _PHOTO_TYPED.search(folded.original) is not None
    if _HELP.search(text) is not None and not timed and not named:
        return WishKind.HELP, True, ()
    again = _AGAIN.search(text) is not None
    if again and (timed or not live):
        return WishKind.REQUEST, timed or "xem lai" in text or "trich" in text or "yeu cau" in text, ()
    if _INCIDENT.search(text) is not None and not photo:
        if timed and named and span.flag is not Flag.REFUSE and _exact_time(span):
            return WishKind.REQUEST, False, (WishKind.REQUEST, WishKind.INCIDENT)
        return WishKind.INCIDENT, True, ()
    if _STATUS.search(text) is not None and not photo:
        return WishKind.STATUS, True, ()
    if timed:
        if photo or _LIVE.search(text) is not None or _LOOK.search(text) is not None:
            return WishKind.REQUEST, True, ()
        return (WishKind.REQUEST, named, ()) if named else (WishKind.NONE, False, (WishKind.REQUEST,))
    if _LIVE.search(text) is not None and (named or live):
        return WishKind.LIVE_CLIP, True, ()
    if photo:
        return WishKind.SNAPSHOT, True, ()
    if named and _LOOK.search(text) is not None:
        return WishKind.SNAPSHOT, False, (WishKind.SNAPSHOT, WishKind.LIVE_CLIP, WishKind.REQUEST)
    if named and live:
        return WishKind.LIVE_CLIP, False, (WishKind.LIVE_CLIP,)
    if named and _only_camera(text):
        return WishKind.SNAPSHOT, False, (WishKind.SNAPSHOT, WishKind.LIVE_CLIP, WishKind.REQUEST)
    return WishKind.NONE, False, ()


def _exact_time(span: SpanReading) -> bool:
    return span.flag in {Flag.RUN, Flag.CONFIRM, Flag.ASK, Flag.TOO_OLD}


def _only_camera(text: str) -> bool:
    return len(re.findall(r"[a-z]+", text)) <= 4  # noqa: PLR2004 - a name and a few polite words
