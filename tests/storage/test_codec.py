import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from storage.codec import pack_body, pack_message, unpack_body, unpack_message

_words = st.text()  # every letter, marks, NUL and lone surrogates included
_numbers = st.integers() | st.floats(allow_nan=False)
_times = st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=7))))
_styles = st.sampled_from(["clock", "clock_seconds", "day", "full", "full_seconds"])
_values = (
    _words
    | _numbers
    | st.builds(Moment, _times, _styles)
    | st.builds(Period, _times, _times)
    | st.builds(Length, st.timedeltas())
)
_texts = st.recursive(
    st.builds(Text, _words, st.dictionaries(_words, _values, max_size=3)),
    lambda inner: st.builds(Text, _words, st.dictionaries(_words, inner, max_size=2)),
    max_leaves=3,
)
_data = st.dictionaries(_words, _words | st.integers(), max_size=3)
_messages = st.builds(
    Outgoing,
    to=st.integers() | st.builds(Account, _words, _words),
    text=st.lists(_texts, max_size=3).map(tuple),
    media=st.none() | st.builds(Media, st.sampled_from(MediaKind), _words, _words),
    choices=st.lists(
        st.lists(st.builds(Choice, _texts, _words, _data), max_size=2).map(tuple), max_size=2
    ).map(tuple),
    slot=st.none() | _words,
    anew=st.booleans(),
    protect=st.booleans(),
    urgent=st.booleans(),
    then=st.none() | _words,
    then_data=_data,
)
_bodies = (
    st.builds(Command, _words, _words)
    | st.builds(Tap, _words, _words)
    | st.builds(Words, _words)
    | st.builds(
        Attachment,
        st.sampled_from(MediaKind),
        _words,
        _words,
        st.integers(0),
        _words,
        st.none() | _words,
    )
    | st.builds(Other, _words)
)


@given(_messages)
def test_a_message_comes_back_exactly_as_it_was_said(message: Outgoing) -> None:
    back = unpack_message(json.loads(json.dumps(pack_message(message))))
    assert back == message


@given(_bodies)
def test_what_a_person_did_comes_back_exactly(body: Body) -> None:
    back = unpack_body(json.loads(json.dumps(pack_body(body))))
    assert back == body
    assert type(back) is type(body)


def test_whole_and_broken_numbers_stay_what_they_are() -> None:
    message = Outgoing(to=1, text=(Text("{a} {b}", {"a": 1, "b": 1.0}),))
    values = unpack_message(json.loads(json.dumps(pack_message(message)))).text[0].values
    assert [type(values["a"]), type(values["b"])] == [int, float]


def test_a_period_without_a_zone_is_refused() -> None:
    aware = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
    naive = aware.replace(tzinfo=None)
    assert pack_message(Outgoing(to=1, text=(Text("{p}", {"p": Period(aware, aware)}),)))
    with pytest.raises(ValueError, match="zone"):
        pack_message(Outgoing(to=1, text=(Text("{p}", {"p": Period(aware, naive)}),)))


def test_a_body_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="body"):
        unpack_body(["telepathy", "x"])
