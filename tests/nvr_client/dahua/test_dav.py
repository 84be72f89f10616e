from datetime import timedelta

import pytest

from nvr_client._vendors.dahua.dav import MOST_JUNK_BYTES, DavReader
from nvr_client.errors import BadAnswer
from simulator.recorder.dahua.dav import junk
from tests.nvr_client.conftest import START
from tests.nvr_client.dahua.footage import dav, digits

FAR = digits(START + timedelta(days=1))


def fed(reader: DavReader, data: bytes, step: int) -> bytes:
    return b"".join(
        kept for begin in range(0, len(data), step) for kept in reader.feed(data[begin : begin + step])
    )


@pytest.mark.parametrize("step", [1, 7, 300, 1 << 20])
@pytest.mark.parametrize("junk_bytes", [0, 1, 9_731, 12_800])
def test_junk_before_the_first_frame_is_cut_however_the_bytes_arrive(step: int, junk_bytes: int) -> None:
    footage = dav(START, seconds=2)
    reader = DavReader()
    assert fed(reader, junk(junk_bytes) + footage, step) == footage
    assert reader.first == digits(START)
    assert reader.last == digits(START + timedelta(seconds=1))
    assert reader.frames == 8
    assert reader.holes == []


def test_junk_between_frames_is_cut_and_so_is_half_a_frame_at_the_end() -> None:
    before, after = dav(START, seconds=1), dav(START + timedelta(seconds=1), seconds=1)
    reader = DavReader()
    assert fed(reader, before + junk(500) + b"DHAV" + junk(500) + after + before[:100], 64) == before + after


def test_something_else_is_no_footage() -> None:
    with pytest.raises(BadAnswer):
        DavReader().feed(junk(MOST_JUNK_BYTES + 8192))


def test_frames_that_were_there_already_are_dropped_from_the_next_piece() -> None:
    reader = DavReader()
    whole = dav(START, seconds=10)
    first = dav(START, seconds=6)
    kept = fed(reader, first[: len(first) - 300], 1000)
    reader.begin_piece(FAR, resumed=True)
    again = dav(START, seconds=10)[len(dav(START, seconds=4)) :]
    kept += fed(reader, junk(77) + again, 1000)
    assert kept == whole
    assert reader.holes == []


def test_an_interruption_is_a_hole_within_a_piece_and_when_it_goes_on() -> None:
    later = START + timedelta(seconds=30)
    reader = DavReader()
    fed(reader, dav(START, seconds=3) + dav(later, seconds=3), 512)
    hole = (digits(START + timedelta(seconds=2)), digits(later))
    assert reader.holes == [hole]
    latest = later + timedelta(seconds=30)
    reader.begin_piece(FAR, resumed=True)
    fed(reader, dav(latest, seconds=1), 512)
    assert reader.holes == [hole, (digits(later + timedelta(seconds=2)), digits(latest))]
    reader.begin_piece(FAR)
    fed(reader, dav(latest + timedelta(hours=1), seconds=1), 512)
    assert len(reader.holes) == 2


def test_sound_and_other_frames_pass_and_tell_no_time() -> None:
    footage = bytearray(dav(START, seconds=2))
    length = int.from_bytes(footage[12:16], "little")
    footage[4] = 0xF1
    footage[16:20] = bytes(4)
    footage[length + 4] = 0xF0
    reader = DavReader()
    assert fed(reader, bytes(footage), 100) == footage
    assert reader.frames == 6
    assert reader.first == digits(START)


def test_a_date_that_is_none_tells_nothing() -> None:
    footage = bytearray(dav(START, seconds=2))
    footage[16:20] = (63).to_bytes(4, "little")
    reader = DavReader()
    assert fed(reader, bytes(footage), 100) == footage
    assert reader.first == digits(START)


def test_frames_from_the_end_on_are_dropped() -> None:
    reader = DavReader()
    reader.begin_piece(digits(START + timedelta(seconds=3)))
    assert fed(reader, dav(START, seconds=3), 100) == dav(START, seconds=3)
    assert not reader.ended
    assert fed(reader, dav(START + timedelta(seconds=3), seconds=2), 100) == b""
    assert reader.ended
