"""Chat data as JSON values and back, exactly: what was said or came in survives a restart unchanged."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from domain.chat import (
    Account,
    Attachment,
    Body,
    Choice,
    Command,
    Length,
    Media,
    MediaKind,
    Moment,
    Other,
    Outgoing,
    Period,
    Tap,
    Text,
    Words,
)

_Style = Literal["clock", "clock_seconds", "day", "full", "full_seconds"]
_Value = str | int | float | Moment | Period | Length | Text
_MICROSECOND = timedelta(microseconds=1)


def pack_message(message: Outgoing) -> dict[str, Any]:
    """An `Outgoing` as a JSON value."""
    packed: dict[str, Any] = {
        "to": [message.to.channel, message.to.id] if isinstance(message.to, Account) else message.to,
        "text": [_pack_text(text) for text in message.text],
    }
    if message.media is not None:
        packed["media"] = [message.media.kind, message.media.key, message.media.name]
    if message.choices:
        packed["choices"] = [
            [[_pack_text(choice.label), choice.act, dict(choice.data)] for choice in row]
            for row in message.choices
        ]
    if message.slot is not None:
        packed["slot"] = message.slot
    if message.anew:
        packed["anew"] = True
    if message.protect:
        packed["protect"] = True
    if message.urgent:
        packed["urgent"] = True
    if message.then is not None:
        packed["then"] = message.then
    if message.then_data:
        packed["then_data"] = dict(message.then_data)
    return packed


def unpack_message(packed: Mapping[str, Any]) -> Outgoing:
    """An `Outgoing` from what `pack_message` made."""
    to = packed["to"]
    media = packed.get("media")
    return Outgoing(
        to=to if isinstance(to, int) else Account(*to),
        text=tuple(_unpack_text(text) for text in packed["text"]),
        media=None if media is None else Media(MediaKind(media[0]), media[1], media[2]),
        choices=tuple(
            tuple(Choice(_unpack_text(label), act, data) for label, act, data in row)
            for row in packed.get("choices", ())
        ),
        slot=packed.get("slot"),
        anew=packed.get("anew", False),
        protect=packed.get("protect", False),
        urgent=packed.get("urgent", False),
        then=packed.get("then"),
        then_data=packed.get("then_data", {}),
    )


def _pack_text(text: Text) -> list[Any]:
    if not text.values:
        return [text.msgid]
    return [text.msgid, {name: _pack_value(value) for name, value in text.values.items()}]


def _unpack_text(packed: list[Any]) -> Text:
    if len(packed) == 1:
        return Text(packed[0])
    return Text(packed[0], {name: _unpack_value(value) for name, value in packed[1].items()})


def _pack_value(value: _Value) -> Any:
    match value:
        case Moment():
            return {"moment": _pack_time(value.at), "style": value.style}
        case Period():
            return {"period": [_pack_time(value.start), _pack_time(value.end)]}
        case Length():
            return {"microseconds": value.of // _MICROSECOND}
        case Text():
            return {"text": _pack_text(value)}
        case _:
            return value


def _unpack_value(packed: Any) -> _Value:
    match packed:
        case {"moment": at, "style": style}:
            return Moment(datetime.fromisoformat(at), cast("_Style", style))
        case {"period": [start, end]}:
            return Period(datetime.fromisoformat(start), datetime.fromisoformat(end))
        case {"microseconds": int(count)}:
            return Length(timedelta(microseconds=count))
        case {"text": text}:
            return _unpack_text(text)
        case _:
            return cast("str | int | float", packed)


def _pack_time(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a stored time needs a zone")
    return at.isoformat()


def pack_body(body: Body) -> list[Any]:
    """What a person did as a JSON value."""
    match body:
        case Command():
            return ["command", body.name, body.args]
        case Tap():
            return ["tap", body.token, body.query_id]
        case Words():
            return ["words", body.text]
        case Attachment():
            return [
                "attachment",
                body.kind,
                body.file_id,
                body.name,
                body.size_bytes,
                body.caption,
                body.reply_to,
            ]
        case Other():
            return ["other", body.what]


def unpack_body(packed: list[Any]) -> Body:
    """What a person did, from what `pack_body` made."""
    match packed:
        case ["command", name, args]:
            return Command(name, args)
        case ["tap", token, query_id]:
            return Tap(token, query_id)
        case ["words", text]:
            return Words(text)
        case ["attachment", kind, file_id, name, size_bytes, caption, reply_to]:
            return Attachment(MediaKind(kind), file_id, name, size_bytes, caption, reply_to)
        case ["other", what]:
            return Other(what)
        case _:
            raise ValueError("not the body of an update")
