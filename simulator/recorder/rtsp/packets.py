"""H.264 (RFC 6184) and H.265 (RFC 7798) in RTP, the session description, and the goodbye."""

import base64
import re
from dataclasses import dataclass, field

from simulator.footage.stream import Codec

CLOCK_RATE = 90_000
PAYLOAD_TYPE = 96

_MOST_PAYLOAD = 1400
_START_CODE = re.compile(rb"\x00\x00\x00?\x01")
_SPS, _PPS, _DELIMITER, _FU_A = 7, 8, 9, 28
_HEVC_VPS, _HEVC_SPS, _HEVC_PPS, _HEVC_DELIMITER, _HEVC_FU = 32, 33, 34, 35, 49


def nal_units(unit: bytes, codec: Codec = "H264") -> list[bytes]:
    """The NAL units of an Annex B access unit, without start codes and without the delimiter."""
    delimiter = _DELIMITER if codec == "H264" else _HEVC_DELIMITER
    return [nal for nal in _START_CODE.split(unit) if nal and _kind(nal, codec) != delimiter]


def session_description(key_unit: bytes, *, duration_seconds: int | None, codec: Codec = "H264") -> str:
    """SDP for a stream whose first access unit is given (it holds the parameter sets)."""
    sets = {_kind(nal, codec): nal for nal in nal_units(key_unit, codec)}
    range_end = "" if duration_seconds is None else str(duration_seconds)
    lines = (
        "v=0",
        "o=- 1109162014219182 1109162014219192 IN IP4 127.0.0.1",
        "s=Media Presentation",
        "t=0 0",
        "a=control:*",
        f"a=range:npt={'now' if duration_seconds is None else '0'}-{range_end}",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        "c=IN IP4 0.0.0.0",
        f"a=rtpmap:{PAYLOAD_TYPE} {codec}/{CLOCK_RATE}",
        f"a=fmtp:{PAYLOAD_TYPE} {_parameters(sets, codec)}",
        "a=control:trackID=1",
    )
    return "\r\n".join(lines) + "\r\n"


def _parameters(sets: dict[int, bytes], codec: Codec) -> str:
    def written(kind: int) -> str:
        return base64.b64encode(sets[kind]).decode()

    if codec == "H265":
        names = (("vps", _HEVC_VPS), ("sps", _HEVC_SPS), ("pps", _HEVC_PPS))
        return "; ".join(f"sprop-{name}={written(kind)}" for name, kind in names)
    sprop = f"{written(_SPS)},{written(_PPS)}"
    return f"profile-level-id={sets[_SPS][1:4].hex()}; packetization-mode=1; sprop-parameter-sets={sprop}"


def _kind(nal: bytes, codec: Codec) -> int:
    return nal[0] & 0x1F if codec == "H264" else nal[0] >> 1 & 0x3F


@dataclass(slots=True)
class Packetizer:
    """Numbers the RTP packets of one stream; `ssrc` names it."""

    ssrc: int
    codec: Codec = "H264"
    sequence: int = 0
    timestamp: int = 0
    _packets: int = field(default=0, repr=False)
    _octets: int = field(default=0, repr=False)

    def packets(
        self, unit: bytes, timestamp: int, extension: bytes = b"", *, in_every: bool = False
    ) -> list[bytes]:
        """The RTP packets of one access unit, the last one marked; `timestamp` in 1/90000 s.

        `extension` is a whole header extension (RFC 3550, 5.3.1) for the first of them, or for every one.
        """
        self.timestamp = timestamp & 0xFFFFFFFF
        payloads = [part for nal in nal_units(unit, self.codec) for part in _fragments(nal, self.codec)]
        return [
            self._packet(
                payload, last=payload is payloads[-1], extension=b"" if number and not in_every else extension
            )
            for number, payload in enumerate(payloads)
        ]

    def goodbye(self) -> bytes:
        """A sender report and a BYE in one RTCP packet: a bare BYE is overlooked by ffmpeg."""
        report = bytes([0x80, 200, 0, 6]) + self.ssrc.to_bytes(4, "big") + bytes(8)
        report += self.timestamp.to_bytes(4, "big")
        report += self._packets.to_bytes(4, "big") + (self._octets & 0xFFFFFFFF).to_bytes(4, "big")
        return report + bytes([0x81, 203, 0, 1]) + self.ssrc.to_bytes(4, "big")

    def _packet(self, payload: bytes, *, last: bool, extension: bytes) -> bytes:
        header = bytes([0x90 if extension else 0x80, PAYLOAD_TYPE | (0x80 if last else 0)])
        header += self.sequence.to_bytes(2, "big") + self.timestamp.to_bytes(4, "big")
        header += self.ssrc.to_bytes(4, "big")
        self.sequence = self.sequence + 1 & 0xFFFF
        self._packets += 1
        self._octets += len(payload)
        return header + extension + payload


def _fragments(nal: bytes, codec: Codec) -> list[bytes]:
    if len(nal) <= _MOST_PAYLOAD:
        return [nal]
    if codec == "H264":
        header, kind = bytes([nal[0] & 0xE0 | _FU_A]), nal[0] & 0x1F
    else:
        header, kind = bytes([nal[0] & 0x81 | _HEVC_FU << 1, nal[1]]), nal[0] >> 1 & 0x3F
    pieces = [nal[begin : begin + _MOST_PAYLOAD] for begin in range(len(header), len(nal), _MOST_PAYLOAD)]
    return [
        header
        + bytes([kind | (0x80 if number == 0 else 0) | (0x40 if number == len(pieces) - 1 else 0)])
        + piece
        for number, piece in enumerate(pieces)
    ]
