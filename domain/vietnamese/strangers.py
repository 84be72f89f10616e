"""Words that only look like words of time: "chào cô", "em Chiều", "lúc này", "có 17h30"."""

import re
import unicodedata

_GREETED = re.compile(r" ?(?:[,.!]| (?:a|em|oi|cho|da|co|nhe)(?![a-z]))|(?: [A-Za-z]+)? a(?![a-z])")
_ABOUT_TYPED = frozenset({"cỡ", "lối", "độ"})
"""Without their marks these are other words."""

_JUST_NOW = frozenset({"nãy", "nayx", "naxy", "nay4", "na4y"})
_THIS_RAW = ("nayf", "nafy", "nay2", "na2y")
_LIVE = re.compile(
    r"(?<![a-z])(?:chup|quay|snapshot|live|ngay luc nay|\d+ ?(?:s|giay)|dong (?:khong|chua))(?![a-z])"
)
_ADDRESSED = re.compile(r"(?<![a-z])(?:em|co|thay|chi|anh|chu|bac|ba|ong|ban|be|chau|hs) $")
_REACH = 6


def is_something_else(name: str, typed: str, text: str, place: tuple[int, int]) -> bool:
    """Whether the marks or the neighbours of a piece tell that it's no word of time.

    Args:
        name: The piece's group in `time_words.SCAN`.
        typed: The piece as typed.
        text: The whole folded text.
        place: Where the piece stands in it.
    """
    start, end = place
    composed = unicodedata.normalize("NFC", typed)
    spoken = composed.lower()
    if name == "lately":
        bare = text[start:end] == "nay" and spoken not in _JUST_NOW
        return bare or "này" in spoken or _is_now(spoken, text, start)
    if name == "about_typed":
        return spoken not in _ABOUT_TYPED
    if name == "year":
        return "nam" in spoken and spoken.endswith("trước")
    if text.startswith("chao co", start):
        return _is_greeting(spoken, text[end:])
    return name in {"part", "weekday"} and _is_a_person(composed, text[max(0, start - _REACH) : start])


def _is_now(spoken: str, text: str, start: int) -> bool:
    """Whether "luc nay" without marks is "lúc này": typed raw, or beside words of a live picture."""
    if not spoken.isascii() or not text.startswith("luc nay", start):
        return False
    if spoken.endswith(_THIS_RAW):
        return True
    return not spoken.endswith(tuple(_JUST_NOW - {"nãy"})) and _LIVE.search(text) is not None


def _is_greeting(spoken: str, after: str) -> bool:
    """Whether it's "chào cô", not "chào cờ"."""
    return "cô" in spoken or ("cờ" not in spoken and _GREETED.match(after) is not None)


def _is_a_person(composed: str, before: str) -> bool:
    """Whether it's a name behind a form of address: "em Chiều", "cô Thu Ba". Only its capital tells."""
    if _ADDRESSED.search(before) is None or not composed[:1].isupper() or composed[:2].isupper():
        return False
    return " " not in composed or composed.startswith("Thu ")
