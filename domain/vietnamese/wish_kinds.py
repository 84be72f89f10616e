"""Which wish a sentence speaks of: the words that tell, weighed with camera and time."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.vietnamese.folding import MASK, Folded
from domain.vietnamese.readings import Assumed, Flag, Match, Outcome, Reason, SpanReading, WishKind
from domain.vietnamese.small_talk import is_announced, is_small_talk
from domain.vietnamese.wish_words import (
    AGAIN,
    ASKED,
    ASKING,
    BROKEN,
    CAMERA,
    CHECKED,
    COURTESIES,
    DEVICE,
    DIMMED,
    FORBIDDEN,
    HAPPENED,
    HARM,
    HELP,
    HELP_ALONE,
    HOW,
    INCIDENT,
    INCIDENT_TYPED,
    INSTEAD,
    KEPT,
    LIVE,
    LOOK,
    MEETING,
    NOW,
    OBJECT,
    PARTICLES,
    PHOTO,
    PHOTO_TYPED,
    PLAYBACK,
    PROGRESS,
    QUESTION,
    REMARK,
    REPORTED,
    STATE,
    STATUS,
    STILL,
    TOLD,
    TROUBLE,
    UNWANTED,
    UNWANTED_TYPED,
    WATCHED,
    WHETHER,
)

_LIVE_AT_MOST = timedelta(minutes=1)
_LONG_AGO = timedelta(hours=2)
_OTHER_WORDS = 2
_FEW_OTHERS = 8
_STATEMENT_WORDS = 2
_AROUND = " \"'()[]{}-;:*,."
"""Stands around a wish and tells nothing of it."""

_WORD = re.compile(r"[a-z][a-z0-9]*|\d+")


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
    all: bool
    long_ago: bool

    def say(self, words: re.Pattern[str]) -> bool:
        return words.search(self.text) is not None


_Verdict = tuple[WishKind, bool, tuple[WishKind, ...]]
"""The kind, whether it's sure, and what to offer when it isn't."""

_LOOKING = (WishKind.SNAPSHOT, WishKind.LIVE_CLIP, WishKind.REQUEST)


def kind_of(
    folded: Folded, hidden: Folded, match: Match, span: SpanReading, duration: timedelta | None, now: datetime
) -> _Verdict:
    """The kind of wish, whether it's sure, and what to offer when it isn't.

    Args:
        folded: The whole text, folded.
        hidden: The same, the camera's words masked.
        match: The cameras that were read.
        span: The time that was read.
        duration: A length that was said.
        now: The present.
    """
    composed = " ".join(unicodedata.normalize("NFC", folded.original).split())
    signs = _Signs(
        hidden.text.strip(_AROUND),
        hidden.masked(span.where).text,
        named=match.outcome not in {Outcome.NOTHING, Outcome.UNKNOWN},
        sure_place=match.outcome in {Outcome.ONE, Outcome.SET, Outcome.ALL} and match.exact,
        timed=span.said and Reason.NO_TIME not in span.reasons,
        hour=span.said and Reason.VAGUE not in span.reasons,
        photo=PHOTO.search(hidden.text) is not None or PHOTO_TYPED.search(composed) is not None,
        short_live=duration is not None and duration <= _LIVE_AT_MOST,
        long_ago=span.end is not None and now - span.end > _LONG_AGO,
        all=match.outcome is Outcome.ALL,
    )
    nothing = _nothing_wished(signs, folded, composed)
    if nothing is not None:
        return nothing
    helped = HELP_ALONE.fullmatch(signs.text) is not None or signs.say(HELP)
    if (helped and not signs.timed and not signs.named) or (signs.say(HOW) and not signs.timed):
        return WishKind.HELP, True, ()
    dimmed = signs.say(DIMMED) and DEVICE.search(folded.text) is not None
    if _asks_progress(signs) or (dimmed and not signs.timed):
        return WishKind.STATUS, True, ()
    of_fault = DEVICE.search(folded.text) is not None and signs.say(TROUBLE) and not signs.say(LOOK)
    if (signs.say(BROKEN) or of_fault) and not signs.timed and not signs.say(ASKED):
        return _of_device(signs)
    if MEETING.search(folded.text) is not None and not signs.sure_place and not signs.say(PLAYBACK):
        return WishKind.NONE, False, ()
    if signs.say(FORBIDDEN):
        return WishKind.NONE, False, ()
    unwanted = None if match.corrected else UNWANTED.search(signs.text) or UNWANTED_TYPED.search(composed)
    if unwanted is not None:
        return WishKind.NONE, _is_all(unwanted), ()
    watched = (
        signs.named
        and not signs.timed
        and signs.say(WATCHED)
        and not (DEVICE.search(folded.text) or signs.say(TROUBLE))
    )
    if signs.say(STATUS) and not signs.timed and not signs.photo and not watched:
        return _of_device(signs)
    return _shown(signs, span, composed)


def _nothing_wished(signs: _Signs, folded: Folded, composed: str) -> _Verdict | None:
    """Courtesy, leave, an announcement: nothing is asked for."""
    if is_small_talk(folded.text, folded.original):
        return WishKind.NONE, True, ()
    asked = signs.photo or any(map(signs.say, (LOOK, LIVE, PLAYBACK, QUESTION, INCIDENT, FORBIDDEN, TROUBLE)))
    if not asked and "?" not in composed and is_announced(signs.text):
        return WishKind.NONE, True, ()
    return None


def _is_all(unwanted: re.Match[str]) -> bool:
    """Whether nothing is wished instead of what isn't wanted any more."""
    beside = unwanted.string[: unwanted.start()], OBJECT.sub("", unwanted.string[unwanted.end() :])
    return all(INSTEAD.search(words) is None and PHOTO_TYPED.search(words) is None for words in beside)


def _asks_progress(signs: _Signs) -> bool:
    """Asks how a request stands, how the cameras are, or whether footage is still kept."""
    return (
        (signs.say(PROGRESS) and not signs.named) or (signs.say(STATE) and not signs.hour and not signs.photo)
    ) or (signs.say(STILL) or (signs.say(KEPT) and not signs.say(PLAYBACK)))


def _of_device(signs: _Signs) -> _Verdict:
    """A fault that is told is an incident; asked about, it's a question of state."""
    told = (signs.say(TROUBLE) or signs.say(BROKEN)) and not signs.say(QUESTION)
    return (WishKind.INCIDENT if told else WishKind.STATUS), True, ()


def _shown(signs: _Signs, span: SpanReading, composed: str) -> _Verdict:
    """What is left: to be shown something, recorded or live, or something that happened."""
    of_now = not signs.timed and (
        (signs.photo and not signs.say(AGAIN))
        or (signs.say(NOW) and (signs.say(LIVE) or (signs.say(LOOK) and not signs.say(AGAIN))))
    )
    if signs.say(PLAYBACK) and not of_now and (signs.timed or not signs.short_live):
        return WishKind.REQUEST, True, ()
    if not signs.photo:
        ran = "chạy" in composed.lower() and "cháy" not in composed.lower()
        told = INCIDENT.search(signs.text)
        burnt = INCIDENT_TYPED.search(composed) is not None
        if burnt or (told is not None and not (ran and "chay" in told.group())):
            asked = signs.named and not signs.timed and _asks_whether(signs, told)
            return (WishKind.INCIDENT, False, (WishKind.INCIDENT,)) if asked else _incident(signs, span)
        if signs.say(HARM) and not signs.timed and not (signs.say(LOOK) or signs.say(LIVE)):
            return WishKind.INCIDENT, True, ()
        of_state = not signs.timed or signs.say(QUESTION) or signs.say(TROUBLE)
        if of_state and signs.say(STATUS) and not (signs.say(WATCHED) and not signs.timed):
            return _of_device(signs)
    return _recorded(signs, span) if signs.timed else _live(signs)


def _asks_whether(signs: _Signs, told: re.Match[str] | None) -> bool:
    """As in "bếp có khói không": nobody says that it happens."""
    whether = WHETHER.search(signs.text)
    return whether is not None and (told is None or whether.start() <= told.start() < whether.end())


def _incident(signs: _Signs, span: SpanReading) -> _Verdict:
    """Something happened. With camera and hour it's the purpose of a request: surely, if said after them."""
    told = span.flag in {Flag.RUN, Flag.CONFIRM, Flag.ASK, Flag.TOO_OLD} or Reason.TOO_LONG in span.reasons
    if signs.named and signs.timed and told:
        wanted = signs.say(LOOK) or signs.say(PLAYBACK) or signs.say(LIVE) or signs.say(CHECKED)
        if signs.say(REPORTED) and not wanted:
            return WishKind.INCIDENT, True, ()
        first = not content_words(signs.left.partition(MASK)[0])
        point = bool({Assumed.AROUND_POINT, Assumed.APPROXIMATE} & set(span.assumed))
        news = point and HAPPENED.search(signs.text) is not None
        sure = wanted or (first and not news) or (signs.long_ago and not news)
        return WishKind.REQUEST, sure, () if sure else (WishKind.REQUEST, WishKind.INCIDENT)
    return WishKind.INCIDENT, True, ()


def _recorded(signs: _Signs, span: SpanReading) -> _Verdict:
    shown = signs.photo or signs.say(LIVE) or signs.say(LOOK)
    if signs.named and not shown and not signs.say(ASKING) and _is_told(signs, span):
        return WishKind.NONE, False, (WishKind.REQUEST,)
    if signs.named or shown or signs.say(CAMERA):
        return WishKind.REQUEST, True, ()
    ahead = Reason.FUTURE in span.reasons
    if signs.hour and not ahead and _few_words(signs.left, 1):
        return WishKind.REQUEST, False, (WishKind.REQUEST,)
    return WishKind.NONE, False, (WishKind.REQUEST,)


def _is_told(signs: _Signs, span: SpanReading) -> bool:
    """Whether a place and a time are only told of: an appointment, a remark, what somebody did there."""
    ahead = Reason.FUTURE in span.reasons and len(content_words(signs.left)) >= _OTHER_WORDS
    return ahead or signs.say(REMARK)


def _live(signs: _Signs) -> _Verdict:
    if signs.say(LIVE) and (signs.named or signs.short_live):
        return WishKind.LIVE_CLIP, True, ()
    if signs.photo:
        return WishKind.SNAPSHOT, True, ()
    if signs.named and signs.short_live:
        return WishKind.LIVE_CLIP, False, (WishKind.LIVE_CLIP,)
    if signs.named and signs.say(REMARK):
        return WishKind.NONE, False, _LOOKING
    looked = signs.say(LOOK) or signs.say(NOW) or signs.say(WATCHED)
    told = TOLD.match(signs.text) is not None
    if signs.named and not looked and not signs.say(QUESTION) and (told or _is_a_statement(signs.text)):
        return WishKind.INCIDENT, told, (WishKind.INCIDENT, *_LOOKING)
    if signs.named and (looked or _few_words(signs.text)):
        others = [word for word in content_words(signs.text) if LOOK.fullmatch(word) is None]
        sure = not others or (looked and len(others) <= _FEW_OTHERS)
        return WishKind.SNAPSHOT, sure and (signs.sure_place or looked) and not signs.all, _LOOKING
    if signs.say(CAMERA) and (looked or _few_words(signs.text, 3)):
        return WishKind.SNAPSHOT, False, _LOOKING
    return WishKind.NONE, False, ()


def _is_a_statement(text: str) -> bool:
    """Whether so much is said about a place that it's told of, not named to be shown."""
    return len(content_words(text)) >= _STATEMENT_WORDS


def _few_words(text: str, most: int = 4) -> bool:
    """Whether hardly more than a camera or a time and a few polite words were said."""
    return len([word for word in re.findall(r"[a-z]+", text) if word not in COURTESIES]) <= most


def content_words(text: str) -> list[str]:
    """The words that are neither courtesy nor particle."""
    return [word for word in _WORD.findall(text) if word not in COURTESIES and word not in PARTICLES]
