"""What may be done with a wish, in the school's own marks (OK, XN, HOI, TUCHOI, HEP, QH)."""

from domain.vietnamese.readings import Flag, Outcome, Wish, WishKind

_CLEAR = frozenset({Outcome.ONE, Outcome.SET, Outcome.ALL})
_NEEDS_TIME = frozenset({WishKind.REQUEST})
_NEEDS_CAMERA = frozenset({WishKind.REQUEST, WishKind.SNAPSHOT, WishKind.LIVE_CLIP})


def camera_codes(wish: Wish) -> tuple[str, ...]:
    """The cameras that are surely meant; none where a question is due."""
    return tuple(camera.code for camera in wish.match.cameras) if wish.match.outcome in _CLEAR else ()


def marks(wish: Wish) -> tuple[Flag, ...]:
    """What to do with a wish as a whole: the time's marks, and a question where wish or camera is open."""
    flags = wish.span.flags if wish.kind in _NEEDS_TIME or wish.span.said else (Flag.RUN,)
    is_open = (
        wish.kind is WishKind.NONE
        or not wish.sure
        or (wish.kind in _NEEDS_CAMERA and wish.match.outcome not in _CLEAR)
    )
    if not is_open or flags[0] in (Flag.ASK, Flag.REFUSE, Flag.TOO_WIDE):
        return flags
    return (Flag.ASK, *(flag for flag in flags if flag is Flag.TOO_OLD))
