from datetime import timedelta

import pytest

from nvr_client.errors import BadAnswer
from nvr_client.footage import PlayedTime, container_of
from nvr_client.jpeg import size_of_jpeg
from nvr_client.key_frames import KeyFrameGate

H264 = "v=0\r\nm=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
H265 = H264.replace("H264", "H265")


def test_a_jpeg_must_be_whole(picture: bytes) -> None:
    assert size_of_jpeg(picture) == (64, 48)
    assert size_of_jpeg(picture + b"\x00\x00\r\n") == (64, 48)
    for broken in (b"", b"<xml/>", picture[:-2], picture[: len(picture) // 2], picture[:20] + b"\xff\xd9"):
        with pytest.raises(BadAnswer):
            size_of_jpeg(broken)


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"IMKH" + bytes(36) + b"\x00\x00\x01\xba", "mpeg-ps"),
        (b"\x00\x00\x00\x40IMKH" + bytes(56) + b"\x00\x00\x01\xba", "mpeg-ps"),
        (b"\x00\x00\x01\xba", "mpeg-ps"),
        (b"\x00\x00\x00\x20ftypisom", "mp4"),
        (b"DHAV\xfd", "dav"),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_a_container_is_told_by_its_first_bytes(head: bytes, container: str | None) -> None:
    assert container_of(head) == container


def packet(seconds: float) -> bytes:
    """A video packet of a program stream with a presentation time."""
    ticks = int(seconds * 90_000) % (1 << 33)
    stamp = bytes([
        0x21 | ticks >> 29 & 0x0E, ticks >> 22 & 0xFF, 0x01 | ticks >> 14 & 0xFE, ticks >> 7 & 0xFF,
        0x01 | ticks << 1 & 0xFE,
    ])  # fmt: skip
    return b"\x00\x00\x01\xe0\x00\x00\x80\x80\x05" + stamp + bytes(40)


@pytest.mark.parametrize(
    ("times", "played"),
    [
        ([0, 1, 2, 3], 3),
        ([0, 0.5, 0.2, 0.7], 0.7),
        ([0, 1, 2, 3600, 3601], 3),
        ([5000, 5001, 0, 1, 2], 3),
        ([(1 << 33) / 90_000 - 1, (1 << 33) / 90_000 + 1], 2),
        ([7], 0),
    ],
    ids=["plain", "reordered", "gap", "new file", "counter wraps", "one frame"],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_footage_is_measured_by_its_time_stamps(times: list[float], played: float, size: int) -> None:
    meter = PlayedTime()
    stream = b"".join(map(packet, times))
    for start in range(0, len(stream), size):
        meter.feed(stream[start : start + size])
    assert meter.seconds() == pytest.approx(played, abs=0.001)


def test_a_pause_in_footage_is_told_apart_from_what_plays() -> None:
    meter = PlayedTime()
    meter.feed(b"".join(packet(moment) + bytes(20_000) for moment in (0, 1, 2, 32, 33)))
    assert meter.seconds() == 3
    assert meter.gap_seconds == 30


def test_footage_is_measured_whatever_number_its_video_stream_has() -> None:
    meter = PlayedTime()
    meter.feed(b"".join(packet(moment).replace(b"\x01\xe0", b"\x01\xe2") for moment in (0, 1, 2)))
    assert meter.seconds() == 2


def test_what_footage_played_so_far_is_told_while_it_still_comes() -> None:
    meter = PlayedTime()
    for moment in range(5):
        meter.feed(packet(moment) + bytes(20_000))
    assert timedelta(seconds=3) <= meter.so_far <= timedelta(seconds=4)


def test_a_stream_without_time_stamps_is_not_measured() -> None:
    meter = PlayedTime()
    meter.feed(b"\x00\x00\x01\xba" + bytes(100))
    assert meter.seconds() is None


def rtp(*payload: int) -> bytes:
    return bytes([0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, *payload])


@pytest.mark.parametrize(
    ("sdp", "other", "key"),
    [
        (H264, (0x41, 0, 0, 0), (0x67, 0, 0, 0)),
        (H264, (0x7C, 0x81, 0), (0x7C, 0x85, 0)),
        (H264, (0x7C, 0x05, 0), (0x78, 0, 9, 0x67)),
        (H265, (0x02, 1, 0), (0x40, 1, 0)),
        (H265, (0x62, 1, 0x81), (0x62, 1, 0x93)),
    ],
    ids=["single", "fragments", "aggregate", "H.265", "H.265 fragments"],
)
def test_video_is_held_back_until_a_key_frame(sdp: str, other: tuple[int, ...], key: tuple[int, ...]) -> None:
    gate = KeyFrameGate(sdp)
    gate.learn_channel("RTP/AVP/TCP;unicast;interleaved=2-3")
    assert not gate.lets_through(2, rtp(*other))
    assert gate.lets_through(3, b"rtcp")
    assert gate.lets_through(2, rtp(*key))
    assert gate.lets_through(2, rtp(*other))


def test_an_unknown_codec_is_not_held_back() -> None:
    assert KeyFrameGate(H264.replace("H264", "JPEG")).lets_through(0, rtp(1, 2, 3))


def test_the_length_of_other_containers_is_not_measured() -> None:
    clock = PlayedTime()
    clock.feed(b"DHAV" + bytes(40) + b"\x00\x00\x01\xe0\x00\x00\x80\x80\x05\x21\x00\x01\x00\x01" + bytes(40))
    assert clock.seconds() is None
