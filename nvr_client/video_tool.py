"""Runs ffmpeg as a child process: bounded in time, killed when nobody waits, its words scrubbed.

No address of a recorder and no password reaches its arguments: it reads video from a file or from the relay
of `nvr_client.rtsp` on 127.0.0.1.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from nvr_client.errors import BadAnswer, NoSpace, TooSlow

_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_PROBE_SECONDS = 20.0
STALL_SECONDS = 8
ANALYSE_SECONDS = 1


class VideoTool:
    """One ffmpeg program."""

    def __init__(self, program: str | None) -> None:
        self._program = program or imageio_ffmpeg.get_ffmpeg_exe()

    async def key_frame(self, url: str, *, seconds: float) -> bytes:
        """The first whole picture of a stream as a JPEG, in at most `seconds`."""
        stream = self._live(url).output(
            "pipe:1", vframes=1, format="image2pipe", vcodec="mjpeg", **{"q:v": 2}
        )
        return await self._run(stream, seconds=seconds)

    async def record(self, url: str, target: Path, *, duration: float, hevc: bool, seconds: float) -> None:
        """Copy `duration` seconds of a stream's video into an MP4, giving up after `seconds`."""
        await self._run(
            self._live(url).output(str(target), **_copied(duration=duration, hevc=hevc)), seconds=seconds
        )

    async def cut(
        self, source: Path, target: Path, *, start: float, duration: float, container: str, seconds: float
    ) -> None:
        """Copy a part of a file into an MP4, beginning at the key frame at or before `start` seconds.

        Only an MP4 knows where its key frames are; in any other file a search ends at the next one. So the
        beginning of such a file is made one first.
        """
        hevc = _HEVC in await self._described(source)
        whole = source.with_name(f"{source.name}.0.mp4")
        try:
            if container != "mp4":
                source_format = {"mpeg-ps": {"format": "mpeg"}}.get(container, {})
                begin = ffmpeg.input(str(source), **source_format)
                options = _copied(duration=start + duration, hevc=hevc)
                await self._run(begin.output(str(whole), **options), seconds=seconds)
            stream = ffmpeg.input(str(source if container == "mp4" else whole), ss=start)
            await self._run(
                stream.output(str(target), **_copied(duration=duration, hevc=hevc)), seconds=seconds
            )
        finally:
            await asyncio.to_thread(whole.unlink, missing_ok=True)

    async def join(self, pieces: Sequence[Path], target: Path, *, seconds: float) -> None:
        """Put MP4 files of one camera behind each other."""
        listing = "".join(f"file 'file:{str(piece).replace(chr(39), _ESCAPED_QUOTE)}'\n" for piece in pieces)
        stream = ffmpeg.input("pipe:0", format="concat", safe=0, protocol_whitelist="pipe,file,fd").output(
            str(target), vcodec="copy", format="mp4", movflags="+faststart", an=None
        )
        await self._run(stream, seconds=seconds, standard_input=listing.encode())

    async def duration(self, source: Path) -> float | None:
        """Seconds of media in a file; None where its container does not tell."""
        match = _DURATION.search(await self._described(source))
        if match is None:
            return None
        hours, minutes, rest = match.groups()
        return int(hours) * 3600 + int(minutes) * 60 + float(rest)

    async def _described(self, source: Path) -> str:
        """What ffmpeg says of a file."""
        arguments = [self._program, "-nostdin", "-hide_banner", "-i", str(source)]
        _, _, words = await self._finish(arguments, b"", _PROBE_SECONDS)
        return words

    @staticmethod
    def _live(url: str) -> Any:
        return ffmpeg.input(
            url,
            rtsp_transport="tcp",
            allowed_media_types="video",
            timeout=STALL_SECONDS * 1_000_000,
            analyzeduration=ANALYSE_SECONDS * 1_000_000,
            fpsprobesize=0,
        )

    async def _run(self, stream: Any, *, seconds: float, standard_input: bytes = b"") -> bytes:
        command: list[str] = ffmpeg.compile(
            stream.global_args("-hide_banner", "-loglevel", "error"), cmd=self._program, overwrite_output=True
        )
        code, output, words = await self._finish(command, standard_input, seconds)
        if code == 0:
            return output
        if "No space left" in words:
            raise NoSpace("our own disk is full")
        raise BadAnswer(f"the video cannot be read ({_reason(words)})")

    async def _finish(
        self, command: list[str], standard_input: bytes, seconds: float
    ) -> tuple[int, bytes, str]:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE if standard_input else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(seconds):
                output, words = await process.communicate(standard_input or None)
        except TimeoutError as error:
            raise TooSlow("the recorder sends its video too slowly") from error
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return process.returncode or 0, output, words.decode("utf-8", "replace")


_ESCAPED_QUOTE = "'\\''"
_HEVC = "Video: hevc"


def _copied(*, duration: float, hevc: bool) -> dict[str, Any]:
    """Output options for a playable MP4 of copied video; phones of one maker want HEVC tagged `hvc1`."""
    options: dict[str, Any] = {
        "t": duration,
        "map": "0:v:0",
        "vcodec": "copy",
        "format": "mp4",
        "movflags": "+faststart",
        "avoid_negative_ts": "make_zero",
        "an": None,
    }
    if hevc:
        options["tag:v"] = "hvc1"
    return options


def _reason(words: str) -> str:
    """The last line of ffmpeg's words without any address."""
    lines = [line for line in words.splitlines() if line.strip()]
    return re.sub(r"\S*(?:://|/)\S*", "…", lines[-1])[:120] if lines else "no reason given"
