"""Running ffmpeg: one process a call, with a time limit, killed when the caller gives up.

A process of its own rather than a library in ours: a crash, a leak or a hang of a decoder stays outside,
and cancelling really stops the work.
"""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import ffmpeg
import imageio_ffmpeg

from media.errors import NoSpace, ToolFailed, ToolMissing, ToolTooSlow

_DETAIL_CHARACTERS: Final = 4000
_DISK_FULL: Final = "No space left on device"

# Files come from recorders and out of chats. A play list in the guise of a video could make ffmpeg read other
# files or call other hosts, so only containers that hold their own pictures are opened.
_CONTAINERS: Final = "mov,mpeg,dhav,mpegts,avi,matroska,flv,h264,hevc"


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run gave: its standard output, and what it wrote about its work."""

    output: bytes
    log: str


@cache
def bundled_program() -> str:
    """The path of the ffmpeg that comes with the locked packages."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def reading(path: Path, **options: Any) -> Any:
    """An input file with its options; a strange file name is never read as an option or an address."""
    safe = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    return ffmpeg.input(f"file:{path}", **safe, **options)


def writing(path: Path | None, *streams: Any, **options: Any) -> Any:
    """An output file of streams such as `reading(...)["v:0"]`; None is standard output."""
    return ffmpeg.output(*streams, "pipe:1" if path is None else f"file:{path}", **options)


async def run(
    work: Any, *, timeout_seconds: float, program: str | None = None, log_level: str = "error"
) -> Ran:
    """Run ffmpeg once.

    Args:
        work: what `writing` gave.
        timeout_seconds: after this time the process is killed.
        program: the path of an ffmpeg; None takes the bundled one.
        log_level: of ffmpeg; `info` makes it describe its input.

    Returns:
        The standard output and the log of a run that ended well.

    Raises:
        ToolMissing: there is no such program.
        ToolTooSlow: it took longer than allowed.
        NoSpace: the disk is full.
        ToolFailed: it ended with an error; `detail` says which.
    """
    program = program or bundled_program()
    arguments = ("-nostdin", "-hide_banner", "-loglevel", log_level, "-y", *work.get_args())
    try:
        process = await asyncio.create_subprocess_exec(
            program, *arguments, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
        )
    except OSError as missing:
        raise ToolMissing("ffmpeg cannot be started.", detail=f"{program}: {missing}") from missing
    try:
        async with asyncio.timeout(timeout_seconds):
            output, log = await process.communicate()
    except TimeoutError as late:
        raise ToolTooSlow(f"ffmpeg was stopped after {timeout_seconds:g} seconds.") from late
    finally:
        await _end(process)
    text = log.decode("utf-8", "replace")
    if process.returncode != 0:
        detail = text[-_DETAIL_CHARACTERS:]
        if _DISK_FULL in text:
            raise NoSpace("The disk is full.")
        raise ToolFailed(f"ffmpeg ended with status {process.returncode}.", detail=detail)
    return Ran(output, text)


async def _end(process: Process) -> None:
    """Make sure that the process is gone; after a time-out, or when the caller is cancelled, it is not."""
    if process.returncode is None:
        process.kill()
        await process.wait()
