"""Holds back video packets until the first key frame, and those after the end of what is wanted.

RTP payloads: H.264 RFC 6184, H.265 RFC 7798. Any other codec passes untouched, and so does everything after
`PATIENCE_PACKETS`, because a late clip is better than none.
"""

import re
from datetime import timedelta

PATIENCE_PACKETS = 6000
LONGEST_GROUP = timedelta(seconds=30)
"""No two key frames lie further apart, not even where a still picture is saved with few of them."""
_RTP_HEADER = 12
_CLOCK_HZ = 90_000
_WRAP = 1 << 32
_JUMP = 10 * _CLOCK_HZ
_H264_KEYS = frozenset({5, 7})
_H264_AGGREGATE, _H264_FRAGMENT = 24, 28
_H265_KEYS = frozenset({*range(16, 22), 32, 33})
_H265_AGGREGATE, _H265_FRAGMENT = 48, 49


class KeyFrameGate:
    """Opens at the first key frame of the video track."""

    def __init__(self, sdp: str) -> None:
        video = sdp.partition("m=video")[2].partition("\nm=")[0]
        match = re.search(r"a=rtpmap:\d+\s+(H264|H265)/", video, re.IGNORECASE)
        self.codec = match.group(1).upper() if match else ""
        self._channel: int | None = None
        self._open = not self.codec
        self._held = 0

    def learn_channel(self, transport: str) -> None:
        """Remember the channel of the first track that is set up: ffmpeg is told to ask for video only."""
        match = re.search(r"interleaved=(\d+)", transport)
        if match and self._channel is None:
            self._channel = int(match.group(1))

    def lets_through(self, channel: int, packet: bytes) -> bool:
        """Whether an interleaved frame goes on to ffmpeg."""
        if self._open or channel != self._channel:
            return True
        self._held += 1
        self._open = self._held > PATIENCE_PACKETS or self.begins_key_frame(packet)
        return self._open

    def is_video(self, channel: int) -> bool:
        """Whether packets of this channel are of a video whose key frames can be told."""
        return bool(self.codec) and channel == self._channel

    def begins_key_frame(self, packet: bytes) -> bool:
        """Whether a picture that needs no other begins with this packet."""
        if len(packet) < _RTP_HEADER:
            return False
        start = _RTP_HEADER + 4 * (packet[0] & 0x0F)
        if packet[0] & 0x10 and len(packet) >= start + 4:
            start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big")
        payload = packet[start:]
        return _h264_key(payload) if self.codec == "H264" else _h265_key(payload)


class EndOfSpan:
    """Tells when recorded video has played as long as was asked, for devices that do not stop at its end.

    It begins at the key frame before the start, so as much longer as key frames lie apart.

    Args:
        wanted: how much was asked.
    """

    def __init__(self, wanted: timedelta) -> None:
        self._wanted = round(wanted.total_seconds() * _CLOCK_HZ)
        self._last: int | None = None
        self._ticks = 0
        self._group = round(LONGEST_GROUP.total_seconds() * _CLOCK_HZ)
        self._group_known = False

    def reached(self, packet: bytes, *, key: bool) -> bool:
        """Whether this packet lies behind the end."""
        if len(packet) < _RTP_HEADER:
            return False
        stamp = int.from_bytes(packet[4:8], "big")
        step = 0 if self._last is None else (stamp - self._last) % _WRAP
        if step < _JUMP or _WRAP - step > _JUMP:
            self._ticks += step if step < _JUMP else 0
            self._last = stamp
        if key and self._ticks and not self._group_known:
            self._group, self._group_known = self._ticks, True
        return self._ticks >= self._wanted + self._group


def _h264_key(payload: bytes) -> bool:
    if len(payload) < 2:  # noqa: PLR2004 - a unit's header and one byte
        return False
    kind = payload[0] & 0x1F
    if kind == _H264_FRAGMENT:
        return bool(payload[1] & 0x80) and payload[1] & 0x1F in _H264_KEYS
    if kind == _H264_AGGREGATE:
        return len(payload) > 3 and payload[3] & 0x1F in _H264_KEYS  # noqa: PLR2004 - header, length, first unit
    return kind in _H264_KEYS


def _h265_key(payload: bytes) -> bool:
    if len(payload) < 3:  # noqa: PLR2004 - a unit's header and one byte
        return False
    kind = payload[0] >> 1 & 0x3F
    if kind == _H265_FRAGMENT:
        return bool(payload[2] & 0x80) and payload[2] & 0x3F in _H265_KEYS
    if kind == _H265_AGGREGATE:
        return len(payload) > 4 and payload[4] >> 1 & 0x3F in _H265_KEYS  # noqa: PLR2004 - as above
    return kind in _H265_KEYS
