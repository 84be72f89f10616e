"""Frames with their times out of RTP packets: H.264 (RFC 6184), H.265 (RFC 7798), replay header extension.

The extension 0xABAC of the ONVIF streaming specification tells when a frame was recorded, by the device's own
clock, and whether footage ends with it.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nvr_client.program_stream import Codec

_NTP_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
_RTP_HEADER = 12
_CLOCK_HZ = 90_000
_REPLAY_EXTENSION = 0xABAC
_CLEAN, _SECTION_END, _TERMINAL = 0x80, 0x40, 0x10
_START_CODE = b"\x00\x00\x00\x01"
_H264_KEY, _H264_SETS = frozenset({5}), frozenset({7, 8})
_H264_AGGREGATE, _H264_FRAGMENT = 24, 28
_H265_KEYS, _H265_SETS = frozenset(range(16, 22)), frozenset({32, 33, 34})
_H265_AGGREGATE, _H265_FRAGMENT = 48, 49


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture as it was recorded.

    Attributes:
        data: its units with start codes, in decoding order.
        label: when it was recorded, as the device writes it (UTC digits).
        key: whether decoding may begin with it.
        section_end: recorded footage stops behind it.
        terminal: nothing follows it in this replay.
    """

    data: bytes
    label: datetime
    key: bool
    section_end: bool
    terminal: bool


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The video of a session description; `sets` are the parameter sets that it holds."""

    codec: Codec
    payload_type: int
    control: str
    sets: tuple[bytes, ...]


def video_track(sdp: str) -> VideoTrack | None:
    """The first H.264 or H.265 track; None where there is none."""
    for section in re.split(r"\r?\n(?=m=)", sdp):
        if not section.startswith("m=video"):
            continue
        match = re.search(r"a=rtpmap:(\d+)\s+(H264|H265)/", section, re.IGNORECASE)
        if match is None:
            continue
        control = re.search(r"a=control:(\S+)", section)
        codec: Codec = "H264" if match[2].upper() == "H264" else "H265"
        return VideoTrack(codec, int(match[1]), control[1] if control else "", _sets_in(section))
    return None


def _sets_in(section: str) -> tuple[bytes, ...]:
    found: list[bytes] = []
    for name in ("sprop-vps", "sprop-sps", "sprop-pps", "sprop-parameter-sets"):
        match = re.search(name + r"=([A-Za-z0-9+/=,]+)", section)
        for part in match[1].split(",") if match else ():
            try:
                found.append(base64.b64decode(part))
            except binascii.Error:
                continue
    return tuple(unit for unit in found if unit)


class Frames:
    """Puts the packets of one track together.

    Attributes:
        untimed: how many frames were dropped because no time was known yet.
    """

    def __init__(self, track: VideoTrack) -> None:
        self.untimed = 0
        self._track = track
        self._units: list[bytes] = []
        self._fragment = bytearray()
        self._stamp: int | None = None
        self._timed: tuple[datetime, int] | None = None
        self._flags = 0

    def feed(self, packet: bytes) -> Iterator[Frame]:
        """The frames that are whole with this packet, mostly none or one.

        A frame without a time of its own gets one by its RTP time stamp; until the first time is known,
        frames are dropped.
        """
        if len(packet) < _RTP_HEADER or packet[1] & 0x7F != self._track.payload_type:
            return
        stamp = int.from_bytes(packet[4:8], "big")
        if self._stamp is not None and stamp != self._stamp:
            yield from self._finished()
        self._stamp = stamp
        start = _RTP_HEADER + 4 * (packet[0] & 0x0F)
        if packet[0] & 0x10:
            start = self._read_extension(packet, start)
        end = len(packet) - packet[-1] if packet[0] & 0x20 else len(packet)
        payload = packet[start:end]
        if self._track.codec == "H264":
            self._take_h264(payload)
        else:
            self._take_h265(payload)
        if packet[1] & 0x80:
            yield from self._finished()

    def _read_extension(self, packet: bytes, start: int) -> int:
        profile = int.from_bytes(packet[start : start + 2], "big")
        words = int.from_bytes(packet[start + 2 : start + 4], "big")
        if profile == _REPLAY_EXTENSION and words >= 3 and len(packet) >= start + 16:  # noqa: PLR2004 - its length in the specification
            ntp = int.from_bytes(packet[start + 4 : start + 12], "big")
            since = timedelta(seconds=ntp >> 32, microseconds=(ntp & 0xFFFFFFFF) * 1_000_000 >> 32)
            self._timed = (_NTP_EPOCH + since, self._stamp or 0)
            self._flags |= packet[start + 12]
        return start + 4 + 4 * words

    def _take_h264(self, payload: bytes) -> None:
        if len(payload) < 2:  # noqa: PLR2004 - a unit's header and one byte
            return
        kind = payload[0] & 0x1F
        if kind == _H264_AGGREGATE:
            self._units += _aggregated(payload[1:])
        elif kind == _H264_FRAGMENT:
            if payload[1] & 0x80:
                self._fragment = bytearray([payload[0] & 0xE0 | payload[1] & 0x1F])
            self._fragment += payload[2:]
            if payload[1] & 0x40:
                self._end_fragment()
        else:
            self._units.append(payload)

    def _take_h265(self, payload: bytes) -> None:
        if len(payload) < 3:  # noqa: PLR2004 - a unit's header and one byte
            return
        kind = payload[0] >> 1 & 0x3F
        if kind == _H265_AGGREGATE:
            self._units += _aggregated(payload[2:])
        elif kind == _H265_FRAGMENT:
            if payload[2] & 0x80:
                self._fragment = bytearray([payload[0] & 0x81 | (payload[2] & 0x3F) << 1, payload[1]])
            self._fragment += payload[3:]
            if payload[2] & 0x40:
                self._end_fragment()
        else:
            self._units.append(payload)

    def _end_fragment(self) -> None:
        self._units.append(bytes(self._fragment))
        self._fragment = bytearray()

    def _finished(self) -> Iterator[Frame]:
        units, self._units = self._units, []
        flags, self._flags = self._flags, 0
        self._fragment = bytearray()
        if not units or self._stamp is None:
            return
        if self._timed is None:
            self.untimed += 1
            return
        label, at = self._timed
        ticks = (self._stamp - at + (1 << 31)) % (1 << 32) - (1 << 31)
        label += timedelta(seconds=ticks / _CLOCK_HZ)
        kinds = {self._kind(unit) for unit in units}
        h264 = self._track.codec == "H264"
        key = bool(flags & _CLEAN) or bool(kinds & (_H264_KEY if h264 else _H265_KEYS))
        if key and not kinds & (_H264_SETS if h264 else _H265_SETS):
            units = [*self._track.sets, *units]
        data = b"".join(part for unit in units for part in (_START_CODE, unit))
        yield Frame(data, label, key, bool(flags & _SECTION_END), bool(flags & _TERMINAL))

    def _kind(self, unit: bytes) -> int:
        return unit[0] & 0x1F if self._track.codec == "H264" else unit[0] >> 1 & 0x3F


def _aggregated(payload: bytes) -> Iterator[bytes]:
    position = 0
    while position + 2 <= len(payload):
        size = int.from_bytes(payload[position : position + 2], "big")
        unit = payload[position + 2 : position + 2 + size]
        if unit:
            yield unit
        position += 2 + size
