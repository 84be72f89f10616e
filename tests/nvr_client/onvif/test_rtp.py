import base64
from datetime import UTC, datetime, timedelta

import pytest

from nvr_client._vendors.onvif.rtp import Frame, Frames, VideoTrack, video_track
from nvr_client.program_stream import ProgramStream

EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 23, 1, 0, 0, 250_000, tzinfo=UTC)
H264 = VideoTrack("H264", 96, "trackID=1", (b"\x67sps", b"\x68pps"))
H265 = VideoTrack("H265", 98, "", (b"\x40\x01vps", b"\x42\x01sps", b"\x44\x01pps"))
CLEAN, SECTION_END, TERMINAL = 0x80, 0x40, 0x10


def packet(
    payload: bytes,
    *,
    stamp: int = 0,
    last: bool = True,
    at: datetime | None = None,
    flags: int = 0,
    payload_type: int = 96,
    padding: int = 0,
) -> bytes:
    first = 0x80 | (0x10 if at else 0) | (0x20 if padding else 0)
    header = bytes([first, payload_type | (0x80 if last else 0), 0, 1]) + stamp.to_bytes(4, "big") + bytes(4)
    if at:
        since = at - EPOCH
        ntp = (since // timedelta(seconds=1)) << 32 | since.microseconds * (1 << 32) // 1_000_000
        header += b"\xab\xac\x00\x03" + ntp.to_bytes(8, "big") + bytes([flags, 0, 0, 0])
    return header + payload + (bytes(padding - 1) + bytes([padding]) if padding else b"")


def fed(track: VideoTrack, *packets: bytes) -> list[Frame]:
    frames = Frames(track)
    return [frame for each in packets for frame in frames.feed(each)]


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(milliseconds=1)


def test_a_key_frame_in_pieces_comes_whole_with_its_time_and_parameter_sets() -> None:
    (frame,) = fed(
        H264,
        packet(b"\x7c\x85AAA", last=False, at=AT, flags=CLEAN),
        packet(b"\x7c\x05BBB", last=False),
        packet(b"\x7c\x45CCC"),
    )
    assert near(frame.label, AT)
    assert frame.key
    assert frame.data == b"".join(b"\x00\x00\x00\x01" + unit for unit in (*H264.sets, b"\x65AAABBBCCC"))


def test_parameter_sets_that_are_sent_are_not_sent_twice() -> None:
    aggregate = b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in (b"\x67a", b"\x68b"))
    (frame,) = fed(H264, packet(aggregate, last=False, at=AT), packet(b"\x65slice"))
    assert frame.data == b"\x00\x00\x00\x01\x67a\x00\x00\x00\x01\x68b\x00\x00\x00\x01\x65slice"
    assert frame.key


def test_h265_in_pieces_and_together() -> None:
    together = b"\x60\x01" + b"".join(len(u).to_bytes(2, "big") + u for u in (b"\x42\x01s", b"\x44\x01p"))
    (frame,) = fed(
        H265,
        packet(together, last=False, at=AT, payload_type=98),
        packet(b"\x62\x01\x93AA", last=False, payload_type=98),
        packet(b"\x62\x01\x53BB", payload_type=98),
    )
    assert frame.key
    assert frame.data.endswith(b"\x00\x00\x00\x01\x26\x01AABB")
    assert b"\x42\x01s" in frame.data
    assert b"vps" not in frame.data


def test_a_frame_without_a_time_of_its_own_gets_one_by_its_stamp() -> None:
    start = 2**32 - 45_000  # the stamps run over in between
    frames = fed(
        H264,
        packet(b"\x41early", stamp=start - 1),
        packet(b"\x65key", stamp=start, at=AT),
        packet(b"\x41next", stamp=45_000),
        packet(b"\x01back", stamp=22_500),
    )
    assert [frame.data[4:] for frame in frames[1:]] == [b"\x41next", b"\x01back"]
    expected = [AT, AT + timedelta(seconds=1), AT + timedelta(seconds=0.75)]
    assert all(near(frame.label, at) for frame, at in zip(frames, expected, strict=True))


def test_header_extensions_of_other_kinds_are_no_times() -> None:
    other = b"\x10\x00\x00\x01\x01\x01\xaa\x00"  # RFC 8285, two-byte headers
    strange = bytes([0x90, 96 | 0x80, 0, 1]) + (3600).to_bytes(4, "big") + bytes(4) + other + b"\x41next"
    frames = Frames(H264)
    assert list(frames.feed(strange)) == []
    assert frames.untimed == 1
    (key,) = frames.feed(packet(b"\x65key", stamp=7200, at=AT))
    (following,) = frames.feed(strange.replace((3600).to_bytes(4, "big"), (10_800).to_bytes(4, "big")))
    assert following.data.endswith(b"\x41next")
    assert near(following.label, key.label + timedelta(seconds=0.04))


def test_the_last_frame_of_a_stretch_and_of_all_is_known() -> None:
    frames = fed(
        H264,
        packet(b"\x65a", stamp=1, at=AT),
        packet(b"\x41b", stamp=2, at=AT, flags=SECTION_END),
        packet(b"\x41c", stamp=3, at=AT, flags=SECTION_END | TERMINAL),
    )
    assert [(f.section_end, f.terminal) for f in frames] == [(False, False), (True, False), (True, True)]


def test_padding_other_tracks_and_broken_packets_are_no_pictures() -> None:
    frames = fed(
        H264,
        packet(b"\x65key", at=AT, padding=4),
        packet(b"audio", payload_type=0, at=AT),
        b"\x80",
        packet(b"", stamp=9),
    )
    assert [frame.data[-4:] for frame in frames] == [b"\x65key"]


def test_a_frame_without_a_marker_ends_with_the_next_stamp() -> None:
    frames = fed(H264, packet(b"\x65a", stamp=1, last=False, at=AT), packet(b"\x41b", stamp=2, at=AT))
    assert [frame.key for frame in frames] == [True, False]


def test_the_video_of_a_description_is_found_among_others() -> None:
    sets = ",".join(base64.b64encode(unit).decode() for unit in H264.sets)
    sdp = (
        "v=0\r\na=control:*\r\nm=audio 0 RTP/AVP 0\r\na=control:audio\r\nm=video 0 RTP/AVP 96\r\n"
        f"a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1; sprop-parameter-sets={sets}\r\n"
        "a=control:trackID=1\r\nm=application 0 RTP/AVP 107\r\na=control:metadata\r\n"
    )
    assert video_track(sdp) == H264
    assert video_track("v=0\r\nm=video 0 RTP/AVP 26\r\na=rtpmap:26 JPEG/90000\r\n") is None
    assert video_track("") is None


@pytest.mark.parametrize("size", [10, 65_000, 200_001])
def test_a_frame_of_any_size_is_packed_whole(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    packed = ProgramStream("H264").frame(data, timedelta(hours=30), key=False)
    assert packed.startswith(b"\x00\x00\x01\xba")
    position, unpacked = 14, b""
    while position < len(packed):
        assert packed[position : position + 4] == b"\x00\x00\x01\xe0"
        length = int.from_bytes(packed[position + 4 : position + 6], "big")
        header = 3 + packed[position + 8]
        unpacked += packed[position + 6 + header : position + 6 + length]
        position += 6 + length
    assert unpacked == data
