"""A video in parts that are small enough to send, cut on key frames without re-encoding."""

import asyncio
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

from media._ffmpeg import reading, run, writing
from media._packets import Packet, Packets
from media.errors import CannotFit, NotAVideo, ToolFailed, ToolMissing, ToolTooSlow

_TABLE_SECONDS: Final = 120.0
_COPY_SECONDS: Final = 600.0
_HEADER_BYTES: Final = 4096
_BYTES_A_PACKET: Final = 24  # an MP4 keeps about so much about each packet in its tables
_NARROWER: Final = Fraction(9, 10)
_TRIES: Final = 4


async def split_to_fit(path: Path, max_bytes: int, *, program: str | None = None) -> list[Path]:
    """Split an MP4 into parts of at most `max_bytes` each; every part plays on its own.

    The parts stand beside the file: `clip.mp4` becomes `clip-1.mp4`, `clip-2.mp4`, and so on. The file stays.

    Args:
        path: an MP4, such as `to_mp4` makes.
        max_bytes: the largest allowed size of a part.
        program: the path of an ffmpeg; None takes the bundled one.

    Returns:
        The parts in order; only `path` itself if it is small enough as it is.

    Raises:
        CannotFit: the pictures from one key frame to the next are already larger.
        NotAVideo: the file is none.
        NoSpace: the disk is full.
        ToolFailed: ffmpeg could not do it.
        FileNotFoundError: there is no such file.
    """
    size_bytes = await asyncio.to_thread(_size_bytes, path)
    if size_bytes <= max_bytes:
        return [path]
    stream = await _packets(path, program)
    # Sound is not in the table; it is taken to be spread evenly over the pictures.
    pictures_bytes = sum(packet.size_bytes + _BYTES_A_PACKET for packet in stream.packets)
    share = min(Fraction(1), Fraction(pictures_bytes, size_bytes))
    budget_bytes = int((max_bytes - _HEADER_BYTES) * share)
    for _ in range(_TRIES):
        cuts = where_to_cut(stream.packets, budget_bytes)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            parts = await _cut(path, Path(folder), cuts, stream.codec, program)
            if all(_size_bytes(part) <= max_bytes for part in parts):
                return [
                    part.replace(path.with_name(f"{path.stem}-{number}.mp4"))
                    for number, part in enumerate(parts, start=1)
                ]
        budget_bytes = int(budget_bytes * _NARROWER)
    raise CannotFit("The video could not be cut into parts that are small enough.")


def where_to_cut(packets: Sequence[Packet], budget_bytes: int) -> list[int]:
    """Where new parts begin: numbers of packets that are key frames, so that no part exceeds the budget.

    Raises:
        CannotFit: the pictures from one key frame to the next are larger than the budget.
    """
    starts = [0, *(number for number, packet in enumerate(packets) if number and packet.is_key), len(packets)]
    cuts: list[int] = []
    part_bytes = 0
    for start, end in pairwise(starts):
        group_bytes = sum(packet.size_bytes + _BYTES_A_PACKET for packet in packets[start:end])
        if group_bytes > budget_bytes:
            raise CannotFit("The pictures from one key frame to the next are larger than allowed.")
        if part_bytes + group_bytes > budget_bytes:
            cuts.append(start)
            part_bytes = 0
        part_bytes += group_bytes
    return cuts


async def _packets(path: Path, program: str | None) -> Packets:
    work = writing(None, reading(path)["v:0"], c="copy", copyinkf=None, format="framecrc")
    try:
        table = await run(work, timeout_seconds=_TABLE_SECONDS, program=program)
        return Packets.parse(table.output)
    except (ToolMissing, ToolTooSlow):
        raise
    except (ToolFailed, ValueError) as unreadable:
        raise NotAVideo("The file holds no video that can be read.") from unreadable


async def _cut(path: Path, folder: Path, cuts: Sequence[int], codec: str, program: str | None) -> list[Path]:
    tag = {"tag:v": "hvc1"} if codec == "hevc" else {}
    template = Path(str(folder).replace("%", "%%")) / "%05d.mp4"
    source = reading(path)
    work = writing(
        template,
        source["v:0"],
        source["a?"],
        c="copy",
        copyinkf=None,
        format="segment",
        segment_frames=",".join(map(str, cuts)),
        segment_format="mp4",
        segment_format_options="movflags=+faststart",
        reset_timestamps=1,
        **tag,
    )
    await run(work, timeout_seconds=_COPY_SECONDS, program=program)
    return await asyncio.to_thread(lambda: sorted(folder.iterdir()))


def _size_bytes(path: Path) -> int:
    return path.stat().st_size
