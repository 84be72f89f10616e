"""Size and length of an MP4, read from its boxes (ISO/IEC 14496-12), as the real server finds them out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import unpack_from

_HEADER_LIMIT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class VideoShape:
    """Width and height in pixels, length in whole seconds; all 0 where the file does not tell."""

    width: int = 0
    height: int = 0
    duration_seconds: int = 0


def video_shape(path: Path) -> VideoShape:
    """What the `moov` box says; a file without one is no MP4, which is no error."""
    moov = _find_moov(path)
    width = height = duration_seconds = 0
    for kind, box in _boxes(moov):
        if kind == b"mvhd" and len(box) >= 32:
            # Version 1 has 64-bit times: creation, modification, then scale and length.
            scale, length = unpack_from(">IQ", box, 20) if box[0] == 1 else unpack_from(">II", box, 12)
            duration_seconds = round(length / scale) if scale else 0
        elif kind == b"trak":
            track = dict(_boxes(box)).get(b"tkhd", b"")
            if len(track) >= 84 and any(track[-8:]):
                width, height = (
                    unpack_from(">H", track, len(track) - 8)[0],
                    unpack_from(">H", track, len(track) - 4)[0],
                )
    return VideoShape(width, height, duration_seconds)


def _find_moov(path: Path) -> bytes:
    with path.open("rb") as file:
        while len(head := file.read(8)) == 8:
            size, kind = unpack_from(">I4s", head)
            read = 8
            if size == 1:
                size, read = unpack_from(">Q", file.read(8).ljust(8, b"\0"))[0], 16
            if kind == b"moov":
                return file.read(min(size - read, _HEADER_LIMIT_BYTES)) if size > read else b""
            if size < read:
                break
            file.seek(size - read, 1)
    return b""


def _boxes(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(body):
        size, kind = unpack_from(">I4s", body, at)
        if size < 8:
            return
        yield kind, body[at + 8 : at + size]
        at += size
