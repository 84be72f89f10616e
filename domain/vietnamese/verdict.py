"""What may be done with a wish, in the school's own marks (OK, XN, HOI, TUCHOI, HEP, QH)."""

from datetime import timedelta

from domain.vietnamese.readings import Flag, Interval, Outcome, Wish, WishKind

LONGEST_LIVE = timedelta(seconds=30)
"""No live clip is longer, whoever asks."""

MOST_CAMERAS = 6
"""A request for more cameras than that is too wide: nobody can look through as many recordings."""

_NEEDS_TIME = frozenset({WishKind.REQUEST})
_NEEDS_CAMERA = frozenset({WishKind.REQUEST, WishKind.SNAPSHOT, WishKind.LIVE_CLIP})

_TOLD = frozenset({WishKind.INCIDENT, WishKind.STATUS, WishKind.HELP})
"""Answered whatever is said about time."""


def camera_codes(wish: Wish) -> tuple[str, ...]:
    """The cameras that are surely meant; none where a question is due or nothing is wished."""
    if wish.kind is WishKind.NONE:
        return ()
    return tuple(camera.code for camera in wish.match.meant)


def meant_interval(wish: Wish) -> Interval | None:
    """The interval that was meant, or the first proposal of a question; none where nothing is wished."""
    return None if wish.kind is WishKind.NONE else wish.span.interval


def marks(wish: Wish) -> tuple[Flag, ...]:
    """What to do with a wish as a whole: the time's marks, and a question where wish or camera is open."""
    if wish.kind is WishKind.NONE:
        return (Flag.RUN,) if wish.sure else (Flag.ASK,)
    if wish.kind is WishKind.INCIDENT and wish.match.outcome is Outcome.UNCLEAR:
        return (Flag.ASK,)
    if wish.kind in _TOLD and wish.sure:
        return (Flag.TOO_OLD,) if Flag.TOO_OLD in wish.span.flags else (Flag.RUN,)
    if wish.kind is WishKind.LIVE_CLIP and wish.duration is not None and wish.duration > LONGEST_LIVE:
        return (Flag.TOO_WIDE,)
    if wish.kind is WishKind.REQUEST and len(wish.match.meant) > MOST_CAMERAS:
        return (Flag.TOO_WIDE,)
    flags = wish.span.flags if wish.kind in _NEEDS_TIME or wish.span.said else (Flag.RUN,)
    is_open = not wish.sure or wish.unexplained != () or (wish.kind in _NEEDS_CAMERA and not wish.match.meant)
    if wish.match.corrected and wish.kind is WishKind.REQUEST and flags[0] is Flag.RUN:
        flags = (Flag.CONFIRM, *flags[1:])
    if not is_open or flags[0] in (Flag.ASK, Flag.REFUSE, Flag.TOO_WIDE):
        return flags
    return (Flag.ASK, *(flag for flag in flags if flag is Flag.TOO_OLD))
