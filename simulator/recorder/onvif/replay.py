"""Recorded video over RTSP as the ONVIF streaming specification wants it (6.3, "RTSP usage" of replay).

Each access unit's first packet carries the header extension 0xABAC: NTP time of the frame, and flags for a
key frame (C), the end of a recorded stretch (E), a gap before (D) and the very last frame (T).
"""

import asyncio
import math
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from simulator.footage.stream import FRAMES_PER_SECOND, FootageStore
from simulator.recorder.model import CameraModel, RecorderModel, Stretch
from simulator.recorder.onvif.clock import OnvifClock
from simulator.recorder.onvif.media import camera_of_profile
from simulator.recorder.onvif.services import recording_token
from simulator.recorder.onvif.switches import OnvifSwitches
from simulator.recorder.rtsp.packets import CLOCK_RATE, Packetizer
from simulator.recorder.rtsp.source import REQUEST_URI, NoSource, Source, interleaved

_LIVE = re.compile(r"/onvif/live/([^/]+)/?")
_REPLAY = re.compile(r"/onvif/replay/([^/]+)/?")
_RANGE = re.compile(r"clock=([0-9TZ.]+)-([0-9TZ.]*)")
_NTP_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
_CLEAN, _END, _GAP, _LAST = 0x80, 0x40, 0x20, 0x10
_FRAME = timedelta(seconds=1) / FRAMES_PER_SECOND


@dataclass(slots=True)
class _Frame:
    unit: bytes
    moment: datetime
    flags: int


@dataclass(slots=True, kw_only=True)
class ReplaySource(Source):
    """The recording of one camera; what part of it is played, PLAY tells."""

    camera: CameraModel
    model: RecorderModel
    clock: OnvifClock
    switches: OnvifSwitches
    _span: Stretch | None = None
    _fast: bool = False

    def check_describe(self, headers: Mapping[str, str]) -> None:
        """Refuse who does not require `onvif-replay`, where that is wanted."""
        if self.switches.described_to_replayers and "onvif-replay" not in headers.get("require", ""):
            raise NoSource(551)

    async def description(self) -> str | None:
        """SDP with the times of the whole recording."""
        sdp = await Source.description(self)
        oldest = self.model.oldest(self.camera.number)
        if sdp is None or oldest is None:
            return None
        whole = f"a=range:clock={self.clock.compact(oldest)}-{self.clock.compact(self.model.now())}"
        return re.sub(r"a=range:[^\r]*", whole, sdp) + "a=x-onvif-track:VIDEO001\r\n"

    def begin(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Read `Require`, `Range` and `Rate-Control`; without the first, live video is sent."""
        if "rate-control" in headers and self.switches.rate_control_refused is not None:
            raise NoSource(self.switches.rate_control_refused)
        slash = headers.get(REQUEST_URI, "").endswith("/")
        if self.switches.wants_slash not in {None, slash}:
            raise NoSource(404)
        required = "onvif-replay" in headers.get("require", "")
        if required and not self.switches.replay_feature:
            raise NoSource(551)
        if not required or self.switches.replay_is_live:
            self._span = None
            return {}
        match = _RANGE.search(headers.get("range", ""))
        try:
            start = self.clock.read(match[1]) if match else self.model.now()
            end = self.clock.read(match[2]) if match and match[2] else self.model.now()
        except ValueError as problem:
            raise NoSource(457) from problem
        if self.switches.replay_from_beginning:
            start = self.model.oldest(self.camera.number) or start
        pieces = self.model.footage(self.camera.number, start, end) if start < end else []
        if not pieces:
            raise NoSource(457)
        self._span = Stretch(start, end)
        self._fast = headers.get("rate-control") == "no" and self.switches.honours_rate_control
        shown = f"clock={self.clock.compact(pieces[0].start)}-{self.clock.compact(end)}"
        return {"Range": shown, "Rate-Control": "no" if self._fast else "yes"}

    async def play(self, writer: asyncio.StreamWriter, channel: int) -> None:
        """Send every frame with its time; at the end, a real recorder mostly just stops."""
        if self.switches.empty_download:
            return
        packetizer = Packetizer(self.ssrc, self.store.codec)
        began = asyncio.get_running_loop().time()
        first: datetime | None = None
        sent = sent_bytes = 0
        async with aclosing(self._frames()) as frames:
            async for frame in frames:
                if self._is_cut(sent, sent_bytes):
                    writer.transport.abort()
                    return
                first = first or frame.moment
                if not self._fast:
                    due = began + (frame.moment - first).total_seconds()
                    await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
                ticks = int((frame.moment - first) / timedelta(seconds=1) * CLOCK_RATE)
                extension = _extension(self.clock.labelled(frame.moment), frame.flags, sent & 0xFF)
                if self.switches.untimed or (self.switches.timed == "key" and not frame.flags & _CLEAN):
                    extension = b""
                every = self.switches.timed == "all"
                for packet in packetizer.packets(frame.unit, ticks, extension, in_every=every):
                    writer.write(interleaved(channel, packet))
                await writer.drain()
                sent += 1
                sent_bytes += len(frame.unit)
        if self.switches.goodbye:
            writer.write(interleaved(channel + 1, packetizer.goodbye()))
            await writer.drain()

    def _is_cut(self, frames: int, size_bytes: int) -> bool:
        limit = self.switches.truncate_download_at
        if limit is not None and size_bytes >= limit:
            return True
        if self.switches.cut_replay_after_frames != frames:
            return False
        self.switches.cut_replay_after_frames = None
        return True

    async def _frames(self) -> AsyncGenerator[_Frame]:
        """Frames from the key frame at or before the start to the end, flagged; live ones without end."""
        if self._span is None:
            async with aclosing(self._live()) as frames:
                async for frame in frames:
                    yield frame
            return
        pieces = self.model.footage(self.camera.number, self._span.start, self._span.end)
        for number, piece in enumerate(pieces):
            held: _Frame | None = None
            first, last = math.floor(piece.start.timestamp()), math.ceil(piece.end.timestamp())
            begins = number > 0
            async with aclosing(self.store.seconds(self.view, first, last - first)) as seconds:
                at = datetime.fromtimestamp(first, UTC)
                async for second in seconds:
                    for index, unit in enumerate(second):
                        flags = (0 if index else _CLEAN) | (_GAP if begins else 0)
                        begins = False
                        if held is not None:
                            yield held
                        held = _Frame(unit, at + index * _FRAME, flags)
                    at += timedelta(seconds=1)
            if held is None:
                continue
            held.flags |= _END if self._ends(piece) else 0
            if number == len(pieces) - 1 and self.switches.terminal_bit:
                held.flags |= _LAST
            yield held

    def _ends(self, piece: Stretch) -> bool:
        """Whether the footage stops there, and not only what was asked of it."""
        following = self.model.footage(self.camera.number, piece.end, piece.end + timedelta(seconds=1))
        return not following or following[0].start > piece.end

    async def _live(self) -> AsyncGenerator[_Frame]:
        self._fast = False
        at = self.model.now().astimezone(UTC).replace(microsecond=0)
        async with aclosing(self.store.seconds(self.view, math.floor(at.timestamp()), None)) as seconds:
            async for second in seconds:
                for index, unit in enumerate(second):
                    yield _Frame(unit, at + index * _FRAME, 0 if index else _CLEAN)
                at += timedelta(seconds=1)


def find_onvif_source(
    uri: str, model: RecorderModel, clock: OnvifClock, store: FootageStore, switches: OnvifSwitches
) -> Source:
    """The live video or the recording behind an RTSP address.

    Raises:
        NoSource: 404 for an unknown address, a camera without a picture or one that was never recorded.
    """
    path = urlsplit(uri).path
    now = math.floor(model.now().timestamp())
    if live := _LIVE.fullmatch(path):
        camera = camera_of_profile(live[1], model)
        if camera is not None and camera.online:
            return Source(camera.view, [(now, None)], store)
    elif replay := _REPLAY.fullmatch(path):
        for camera in model.cameras.values():
            oldest = model.oldest(camera.number)
            if recording_token(camera.number) == replay[1] and oldest is not None:
                return ReplaySource(
                    camera.view,
                    [(math.floor(oldest.timestamp()), 1)],
                    store,
                    camera=camera,
                    model=model,
                    clock=clock,
                    switches=switches,
                )
    raise NoSource(404)


def _extension(label: datetime, flags: int, number: int) -> bytes:
    """Profile 0xABAC, three words: NTP time, flags, the number of the request's frame."""
    since = label - _NTP_EPOCH
    whole = since // timedelta(seconds=1)
    part = since - timedelta(seconds=whole)
    ntp = whole << 32 | int(part / timedelta(seconds=1) * (1 << 32))
    return b"\xab\xac\x00\x03" + ntp.to_bytes(8, "big") + bytes([flags, number, 0, 0])
