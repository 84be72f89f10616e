"""Formatted text: `parse_mode` HTML, entities that the server finds itself, lengths in UTF-16.

Source: core.telegram.org/bots/api#html-style; error words as in TDLib's `MessageEntity.cpp`.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from simulator.telegram.errors import bad_request

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "span": "spoiler",
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>")
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?(?![\w/]))"
    r"|(?P<url>https?://[^\s<>\"]+)"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})"
)

Entity = dict[str, Any]


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def formatted(text: str, parse_mode: str | None, entities: list[Entity] | None) -> tuple[str, list[Entity]]:
    """The text without marks, trimmed, with its entities in order.

    Args:
        text: As sent by the bot or a person.
        parse_mode: "HTML" or nothing; Markdown is not spoken by this simulator.
        entities: Entities handed over ready-made; they win over `parse_mode`, as on the real server.

    Raises:
        ApiError: 400 with the real server's words on marks that cannot be read.
    """
    if entities:
        plain, own = text, [dict(entity) for entity in entities]
    elif not parse_mode:
        plain, own = text, []
    elif parse_mode.lower() == "html":
        plain, own = _parse_html(text)
    else:
        raise bad_request("unsupported parse_mode")
    plain, own = _trimmed(plain, own)
    return plain, sorted([*own, *_found(plain, own)], key=lambda entity: int(entity["offset"]))


def _unescaped(text: str) -> str:
    def replacement(match: re.Match[str]) -> str:
        if match[3]:
            return _NAMED[match[3]]
        return chr(int(match[1]) if match[1] else int(match[2], 16))

    return _REFERENCE.sub(replacement, text)


@dataclass
class _HtmlReader:
    """Text and entities so far, and the tags that are still open."""

    plain: str = ""
    entities: list[Entity] = field(default_factory=list)
    open_tags: list[tuple[str, str, int]] = field(default_factory=list)  # name, attributes, start

    def begin(self, name: str, attributes: str, byte_offset: int) -> None:
        if name not in _STYLES or (name == "span" and "tg-spoiler" not in attributes):
            raise bad_request(
                f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {byte_offset}'
            )
        self.open_tags.append((name, attributes, utf16_length(self.plain)))

    def end(self, name: str, byte_offset: int) -> None:
        if not self.open_tags:
            raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {byte_offset}")
        opened, attributes, start = self.open_tags.pop()
        if opened != name:
            raise bad_request(
                f"can't parse entities: Unmatched end tag at byte offset {byte_offset}, "
                f'expected "</{opened}>", found "</{name}>"'
            )
        length = utf16_length(self.plain) - start
        entity = _entity(opened, attributes, start, length) if length else None
        if entity is not None:
            self.entities.append(entity)


def _parse_html(source: str) -> tuple[str, list[Entity]]:
    reader = _HtmlReader()
    position = 0
    while (bracket := source.find("<", position)) >= 0:
        reader.plain += _unescaped(source[position:bracket])
        byte_offset = len(source[:bracket].encode())
        tag = _TAG.match(source, bracket)
        if tag is None:
            raise bad_request(f"can't parse entities: Unclosed start tag at byte offset {byte_offset}")
        position = tag.end()
        if tag[1]:
            reader.end(tag[2].lower(), byte_offset)
        else:
            reader.begin(tag[2].lower(), tag[3], byte_offset)
    reader.plain += _unescaped(source[position:])
    if reader.open_tags:
        raise bad_request(
            "can't parse entities: Can't find end tag corresponding to start tag "
            f'"{reader.open_tags[-1][0]}"'
        )
    return reader.plain, reader.entities


def _entity(tag: str, attributes: str, offset: int, length: int) -> Entity | None:
    entity: Entity = {"type": _STYLES[tag], "offset": offset, "length": length}
    if tag == "a":
        href = _HREF.search(attributes)
        url = next((part for part in href.groups() if part), "") if href else ""
        if not url.startswith(("http://", "https://", "tg://", "mailto:", "tel:")):
            return None
        entity["url"] = _unescaped(url)
    if tag == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    return entity


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    left = utf16_length(text) - utf16_length(text.lstrip())
    plain = text.strip()
    end = utf16_length(plain)
    kept = []
    for entity in entities:
        start = max(int(entity["offset"]) - left, 0)
        stop = min(int(entity["offset"]) + int(entity["length"]) - left, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return plain, kept


def _found(text: str, own: list[Entity]) -> list[Entity]:
    taken = [
        (int(entity["offset"]), int(entity["offset"]) + int(entity["length"]))
        for entity in own
        if entity["type"] in {"code", "pre", "text_link", "bot_command", "url", "mention"}
    ]
    found: list[Entity] = []
    for match in _FOUND.finditer(text):
        start = utf16_length(text[: match.start()])
        stop = start + utf16_length(match[0])
        if not any(start < other_stop and other_start < stop for other_start, other_stop in taken):
            found.append({"type": match.lastgroup, "offset": start, "length": stop - start})
    return found
