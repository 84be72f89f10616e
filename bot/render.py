"""A message in words -> the reader's language, within the platform's limits.

What people typed travels as values and is shown as it is: it is never read as markup or as a placeholder.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.channels.base import Button, Capabilities, MediaFile, Rendered
from domain.chat import Length, Moment, Outgoing, Period, Text
from locales import catalogue

_ELLIPSIS = "…"
_SHORTEST_WORD_CUT = 0.6

_PATTERNS = {
    "clock": "HH:mm",
    "clock_seconds": "HH:mm:ss",
    "day": "EEEE dd/MM/yyyy",
    "full": "HH:mm '{on}' dd/MM/yyyy",
    "full_seconds": "HH:mm:ss '{on}' dd/MM/yyyy",
}
_ON = {"vi": "ngày", "en": "on"}
# Babel 2.18 has no long names of units in Vietnamese; its short ones are the full words.
_UNIT_STYLE: Mapping[str, Literal["short", "long"]] = {"vi": "short", "en": "long"}
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))

# They turn the direction of what follows, so that a typed name could disguise the rest of a card.
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def phrase(text: Text, language: str, zone: tzinfo) -> str:
    """A sentence with its values in a language.

    Args:
        text: the sentence.
        language: "vi" or "en".
        zone: the time zone in which times are told.

    Raises:
        KeyError: the sentence names a value that it was not given: a mistake in the code.
    """
    values = {name: _value(value, language, zone) for name, value in text.values.items()}
    return catalogue(language).gettext(text.msgid).format_map(values)


def render(
    message: Outgoing,
    *,
    tokens: Sequence[Sequence[str]],
    language: str,
    zone: tzinfo,
    can: Capabilities,
    media_path: Path | None,
    under_media: bool = False,
) -> Rendered:
    """A message for a channel.

    Args:
        message: what is said.
        tokens: what the buttons carry, in the shape of `message.choices`.
        language: the reader's.
        zone: the school's.
        can: what the channel can do; longer words than it takes are cut at a word.
        media_path: where the file of `message.media` lies.
        under_media: the words replace those under a file that stands already.
    """
    words = "\n".join(phrase(text, language, zone) for text in message.text)
    media = None
    if message.media is not None and media_path is not None:
        media = MediaFile(message.media.kind, media_path, message.media.name)
    buttons = tuple(
        tuple(
            Button(cut(phrase(choice.label, language, zone), can.label_limit), token)
            for choice, token in zip(row, token_row, strict=True)
        )
        for row, token_row in zip(message.choices, tokens, strict=True)
    )
    return Rendered(
        text=cut(words, can.caption_limit if media is not None or under_media else can.text_limit),
        media=media,
        buttons=buttons if can.buttons else (),
        protect=message.protect,
    )


def cut(text: str, limit: int) -> str:
    """Text in NFC with at most `limit` UTF-16 units; a longer one ends with "…" after a whole word."""
    text = unicodedata.normalize("NFC", text)
    if _utf16_units(text) <= limit:
        return text
    room = limit - len(_ELLIPSIS)
    used = 0
    end = 0
    for character in text:
        used += _utf16_units(character)
        if used > room:
            break
        end += 1
    head = text[:end]
    if not text[end].isspace():
        start_of_word = max(head.rfind(" "), head.rfind("\n"))
        if start_of_word >= end * _SHORTEST_WORD_CUT:
            head = head[:start_of_word]
    return head.rstrip() + _ELLIPSIS


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _value(value: str | float | Moment | Period | Length | Text, language: str, zone: tzinfo) -> str:
    match value:
        case str():
            return _harmless(value)
        case Moment():
            return _moment(value.at, value.style, language, zone)
        case Period():
            return _period(value, language, zone)
        case Length():
            return _length(value.of, language)
        case Text():
            return phrase(value, language, zone)
        case _:
            return format_decimal(value, locale=Locale.parse(language))


def _harmless(typed: str) -> str:
    return "".join(
        character
        for character in typed
        if character in "\n\t"
        or (character not in _DIRECTION_MARKS and unicodedata.category(character) not in {"Cc", "Cs"})
    )


def _moment(at: datetime, style: str, language: str, zone: tzinfo) -> str:
    pattern = _PATTERNS[style].format(on=_ON[language])
    return format_datetime(at.astimezone(zone), pattern, locale=Locale.parse(language))


def _period(period: Period, language: str, zone: tzinfo) -> str:
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    style = "clock_seconds" if start.second or end.second else "clock"
    first, last = (_moment(at, style, language, zone) for at in (start, end))
    length = _length(end - start, language)
    day = _moment(start, "day", language, zone)
    if start.date() == end.date():
        return f"{day} · {first}–{last} ({length})"
    return f"{day} {first} – {_moment(end, 'day', language, zone)} {last} ({length})"


def _length(of: timedelta, language: str) -> str:
    left = round(abs(of.total_seconds()))
    parts: list[str] = []
    for unit, seconds in _UNITS:
        count, rest = divmod(left, seconds)
        if count or (unit == "second" and not parts):
            parts.append(
                format_unit(
                    count, f"duration-{unit}", length=_UNIT_STYLE[language], locale=Locale.parse(language)
                )
            )
            left = rest
            if len(parts) == 2 or not left:  # noqa: PLR2004 - the two largest units tell enough
                break
        elif parts:
            break
    return " ".join(parts)
