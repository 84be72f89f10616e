"""Video files: what they are, made playable, cut, and shown as stills. To split one: `media.split`.

Nothing is re-encoded: a recorder's pictures stay what they were. Files are written under a temporary name in
the folder of the target and renamed when they are whole. Cutting and showing a file without an index (a
program stream, DAV) takes room for a passing copy of it.

Every function takes `program`, the path of an ffmpeg; without it the bundled one runs.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from media._ffmpeg import reading, run, writing
from media._packets import Packets
from media.errors import NotAVideo, ToolFailed, ToolMissing, ToolTooSlow

_PROBE_SECONDS: Final = 30.0
_STILL_SECONDS: Final = 30.0
_COPY_SECONDS: Final = 600.0
_STILL_QUALITY: Final = 3  # of ffmpeg's 2 (best) to 31

_HEAD_BYTES: Final = 64 * 1024
_PACK_START: Final = b"\x00\x00\x01\xba"
_DURATION: Final = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)", re.MULTILINE)
_CONTAINER: Final = re.compile(r"^Input #0, ([\w,]+), from ", re.MULTILINE)
_AUDIO: Final = re.compile(r"^  Stream #0:\d.*: Audio: ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video file is.

    Attributes:
        duration: of its pictures; of a program stream, as its time stamps say.
        codec: as ffmpeg calls it, such as `h264` or `hevc`.
        width_px: of the coded pictures.
        height_px: of the coded pictures.
        begins_with_key_frame: false means that a player shows nothing until the next key frame.
        has_audio: there is sound in it, which `to_mp4` leaves out unless told otherwise.
        container: as ffmpeg calls it, such as `mov,mp4,m4a,3gp,3g2,mj2`, `mpeg` or `dhav`.
    """

    duration: timedelta
    codec: str
    width_px: int
    height_px: int
    begins_with_key_frame: bool
    has_audio: bool
    container: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a video: where it begins, counted from its first picture, and how long it is."""

    start: timedelta
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of a video as a JPEG, and where it stands, counted from the first picture."""

    offset: timedelta
    jpeg: bytes


async def probe(path: Path, *, program: str | None = None) -> VideoFacts:
    """Look into a video file: MP4, MPEG program stream (Hikvision, with its IMKH envelope or without), DAV.

    Raises:
        NotAVideo: there is no video in it that can be read.
        FileNotFoundError: there is no such file.
        ToolMissing: there is no such ffmpeg.
        ToolTooSlow: it took more than half a minute.
    """
    pictures = reading(path, **await _layout(path))["v:0"]
    table: dict[str, Any] = {"c": "copy", "copyinkf": None, "format": "framecrc"}
    try:
        first = await run(
            writing(None, pictures, **table, **{"frames:v": 1}),
            timeout_seconds=_PROBE_SECONDS,
            program=program,
            log_level="info",
        )
        packets = Packets.parse(first.output)
        container = _CONTAINER.search(first.log)
        duration = _told_duration(first.log)
        if duration is None or (
            container and container[1] == "dhav"
        ):  # whose headers tell whole seconds only
            whole = await run(
                writing(None, pictures, **table), timeout_seconds=_PROBE_SECONDS, program=program
            )
            duration = Packets.parse(whole.output).duration
    except (ToolMissing, ToolTooSlow):
        raise
    except (ToolFailed, ValueError) as unreadable:
        raise NotAVideo("The file holds no video that can be read.") from unreadable
    return VideoFacts(
        duration=duration,
        codec=packets.codec,
        width_px=packets.width_px,
        height_px=packets.height_px,
        begins_with_key_frame=packets.packets[0].is_key,
        has_audio=_AUDIO.search(first.log) is not None,
        container=container[1] if container else "",
    )


async def is_video(path: Path, *, program: str | None = None) -> bool:
    """Whether `probe` finds a video in the file; raises what it raises otherwise."""
    try:
        await probe(path, program=program)
    except NotAVideo:
        return False
    return True


async def to_mp4(
    source: Path, target: Path, cut: Cut | None = None, *, audio: bool = False, program: str | None = None
) -> VideoFacts:
    """Put a video into an MP4 that phones and chats play from its beginning on, without re-encoding it.

    HEVC gets the tag `hvc1`, which iOS needs. A cut begins at the key frame at or before its start.

    Args:
        source: what `probe` can read.
        target: replaced if it exists, when the new file is whole; untouched otherwise.
        cut: the part that is wanted; None takes all.
        audio: keep the sound, as AAC. Off by default: recording talk is a stricter matter than pictures.
        program: the path of an ffmpeg.

    Returns:
        The facts of the new file.

    Raises:
        NotAVideo: the source is none, or has nothing in the asked part.
        NoSpace: the disk is full.
        ToolFailed: ffmpeg could not do it.
        FileNotFoundError: there is no such source.
    """
    facts = await probe(source, program=program)
    if cut is not None and cut.start >= facts.duration:
        raise NotAVideo("The video ends before the asked part begins.")
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        part = Path(folder) / "part.mp4"
        if cut is None:
            await _remux(source, part, facts, audio=audio, program=program)
        else:
            async with _indexed(source, facts, target, audio=audio, program=program) as indexed:
                await _remux(indexed, part, facts, cut, audio=audio, program=program)
        made = await probe(part, program=program)
        part.replace(target)
    return made


async def still(path: Path, offset: timedelta, *, program: str | None = None) -> bytes:
    """The picture at `offset` from the beginning of a video.

    Returns:
        A JPEG of the video's own size.

    Raises:
        NotAVideo: the file is none, or has no picture there.
        ToolFailed: ffmpeg could not do it.
        FileNotFoundError: there is no such file.
    """
    facts = await probe(path, program=program)
    if offset >= facts.duration:
        raise NotAVideo(f"The video ends before {offset.total_seconds():g} s.")
    async with _indexed(path, facts, path, program=program) as indexed:
        return await _still(indexed, offset, program)


async def stills(path: Path, count: int, *, program: str | None = None) -> list[Still]:
    """Pictures from the middles of `count` equally long parts of a video, in order of time.

    Raises:
        NotAVideo: the file is none.
        ToolFailed: ffmpeg could not do it.
        FileNotFoundError: there is no such file.
    """
    facts = await probe(path, program=program)
    offsets = [facts.duration * (2 * number + 1) / (2 * count) for number in range(count)]
    async with _indexed(path, facts, path, program=program) as indexed:
        return [Still(offset, await _still(indexed, offset, program)) for offset in offsets]


async def _still(path: Path, offset: timedelta, program: str | None) -> bytes:
    one: dict[str, Any] = {"frames:v": 1, "c:v": "mjpeg", "q:v": _STILL_QUALITY, "format": "image2pipe"}

    async def shown(**seek: Any) -> bytes:
        pictures = reading(path, ss=offset.total_seconds(), **seek)["v:0"]
        ran = await run(writing(None, pictures, **one), timeout_seconds=_STILL_SECONDS, program=program)
        return ran.output

    try:
        return await shown()
    except (ToolMissing, ToolTooSlow):
        raise
    except ToolFailed:
        # While the last picture of all is being shown, none begins any more: take the key frame before.
        return await shown(noaccurate_seek=None)


@asynccontextmanager
async def _indexed(
    path: Path, facts: VideoFacts, beside: Path, *, audio: bool = False, program: str | None = None
) -> AsyncIterator[Path]:
    """The file itself if it has an index of its key frames, else a passing copy `beside` a file that has one.

    In a program stream or DAV file ffmpeg finds a moment by guessing at positions and then begins between key
    frames (seen with ffmpeg 9.0.2), so that up to a whole group of pictures is lost.
    """
    if facts.container.startswith("mov"):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix=f".{beside.name}.", dir=beside.parent) as folder:
        copy = Path(folder) / "indexed.mp4"
        await _remux(path, copy, facts, audio=audio, program=program)
        yield copy


async def _remux(
    source: Path,
    target: Path,
    facts: VideoFacts,
    cut: Cut | None = None,
    *,
    audio: bool = False,
    program: str | None = None,
) -> None:
    before = {"fflags": "+genpts", **await _layout(source)}
    after: dict[str, Any] = {"c:v": "copy", "format": "mp4", "movflags": "+faststart"}
    if cut is not None:
        before["ss"] = cut.start.total_seconds()
        after |= {"t": cut.duration.total_seconds(), "avoid_negative_ts": "make_zero"}
    if facts.codec == "hevc":
        after["tag:v"] = "hvc1"
    file = reading(source, **before)
    streams = [file["v:0"]]
    if audio and facts.has_audio:
        streams.append(file["a:0"])
        after["c:a"] = "aac"
    await run(writing(target, *streams, **after), timeout_seconds=_COPY_SECONDS, program=program)


def _told_duration(log: str) -> timedelta | None:
    found = _DURATION.search(log)
    if found is None:
        return None
    return timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=float(found[3]))


async def _layout(path: Path) -> dict[str, Any]:
    """Input options for a file that does not begin with what ffmpeg looks for."""
    return await asyncio.to_thread(_layout_of_head, path)


def _layout_of_head(path: Path) -> dict[str, Any]:
    """A DAV file may have anything before its first frame; ffmpeg knows one only by its first bytes."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    begins_at = head.find(b"DHAV")
    is_another = head[4:8] == b"ftyp" or _PACK_START in head[:1024]
    if begins_at < 0 or is_another:
        return {}
    return {"format": "dhav", "skip_initial_bytes": begins_at}
