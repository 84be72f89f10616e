"""Recorded video over RTSP, as fast as the line takes it (ONVIF Streaming and Replay specifications).

ffmpeg cannot ask so: it sends no `Range` in clock time and no header of its own. `Require: onvif-replay`
makes a device that does not know replay say so (551) instead of sending live video. The end of footage is
told by a frame's time, by a flag, by RTCP's BYE, or by nothing but silence.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from nvr_client._vendors.onvif.interleaved import Interleaved
from nvr_client._vendors.onvif.rtp import Frame, Frames, VideoTrack, video_track
from nvr_client.errors import BadAnswer, NotSupported, NoVideoPort, RecorderError, TooSlow
from nvr_client.rtsp_wire import (
    AUTHORITY,
    UNAUTHORIZED,
    Message,
    RtspLogin,
    Upstream,
    connect_video,
)

FIRST_FRAME_SECONDS = 8.0
SILENCE_SECONDS = 6.0
END_SILENCE_SECONDS = 1.5
NEAR_END = timedelta(seconds=2)
MOST_UNTIMED = 50
"""After so many frames without a time, none will come: the device lacks the replay extension."""
_FEATURE = ("Require", "onvif-replay")
_USUAL_TIMEOUT_SECONDS = 60
_SHORTEST_PAUSE_SECONDS = 2.0
_GOODBYE = 203
_FIRST_ERROR = 400
_PACKET_LEAST = 8


class Silence(TooSlow):
    """The device sends nothing any more; without any flag, that is also how footage ends."""


class Replay:
    """One replay that runs.

    Attributes:
        track: what is played.
        goodbye: whether the device said that it is over.
        first: the time of the first frame that came, as the device writes it; None before.
    """

    def __init__(self, upstream: Upstream, track: VideoTrack, channel: int, end: datetime) -> None:
        self.track = track
        self.goodbye = False
        self.first: datetime | None = None
        self._patient_until = float("inf")
        self._upstream = upstream
        self._channel = channel
        self._end = end
        self._sign_of_life = "GET_PARAMETER"

    async def frames(self) -> AsyncGenerator[Frame]:
        """Frames until the asked end, a terminal one, or a goodbye.

        Raises:
            Silence: nothing came for a while.
            NoVideoPort: the device cut the connection.
            RecorderError: it rejected the login in the middle.
        """
        built = Frames(self.track)
        loop = asyncio.get_running_loop()
        self._patient_until = loop.time() + FIRST_FRAME_SECONDS
        try:
            async for packets in self._batches():
                for packet in packets:
                    for frame in built.feed(packet):
                        self.first = self.first or frame.label
                        if frame.label >= self._end:
                            return
                        yield frame
                        near = frame.label >= self._end - NEAR_END
                        if frame.terminal or (frame.section_end and near):
                            return
                        # Only waiting for the device counts, not what becomes of the frames.
                        patience = END_SILENCE_SECONDS if near else SILENCE_SECONDS
                        self._patient_until = loop.time() + patience
                if built.untimed > MOST_UNTIMED:
                    raise BadAnswer("the recorder does not tell when its footage was recorded")
        except TimeoutError as error:
            raise Silence("the recorder stopped sending its recording") from error
        except (OSError, EOFError) as error:
            raise NoVideoPort("the recorder closed its video port") from error

    async def keep_alive(self, uri: str, session: str, timeout_seconds: float) -> None:
        """Give signs of life, for ever, in a way that the device understands."""
        while True:
            await asyncio.sleep(max(timeout_seconds / 2, _SHORTEST_PAUSE_SECONDS))
            await self._upstream.send(Message(f"{self._sign_of_life} {uri} RTSP/1.0", [("Session", session)]))

    async def _batches(self) -> AsyncGenerator[list[bytes]]:
        """RTP packets of the video, many at a time, until the goodbye."""
        early, self._upstream.early = self._upstream.early, []
        yield [held[3:] for held in early if held[0] == self._channel]
        incoming = Interleaved(self._upstream.reader)
        while not self.goodbye:
            async with asyncio.timeout_at(self._patient_until):
                found = await incoming.more()
            packets: list[bytes] = []
            for item in found:
                if isinstance(item, Message):
                    self._take_answer(item)
                elif item[0] == self._channel:
                    packets.append(item[1])
                elif item[0] == self._channel + 1 and _says_goodbye(item[1]):
                    self.goodbye = True
                    break
            yield packets

    def _take_answer(self, message: Message) -> None:
        if message.status == UNAUTHORIZED:
            self._upstream.take_challenge(message, carried=True)
        elif message.status >= _FIRST_ERROR:
            self._sign_of_life = "OPTIONS"


@asynccontextmanager
async def replay(login: RtspLogin, path: str, start: datetime, end: datetime) -> AsyncIterator[Replay]:
    """Play a recording from its key frame at or before `start` until `end`, as fast as it goes.

    Args:
        login: the device's video port.
        path: path and query of the recording.
        start: from when, as the device writes it (UTC digits).
        end: until when, likewise.

    Raises:
        NotSupported: the device does not know replay, or its video is neither H.264 nor H.265.
        NothingRecorded: it has nothing there.
        RecorderError: it does not answer, rejects the login, is busy, or answers nonsense.
    """
    upstream = await connect_video(login)
    try:
        uri = login.authority + path
        described = await _described(upstream, uri)
        sdp = described.body.decode("utf-8", "replace")
        track = video_track(sdp)
        if track is None:
            raise NotSupported("the recording is in a format that is not known here")
        base = described.get("content-base") or described.get("content-location") or uri
        setup = Message(
            f"SETUP {_control(login, base, uri, track.control)} RTSP/1.0",
            [("Transport", "RTP/AVP/TCP;unicast;interleaved=0-1"), _FEATURE],
        )
        answer = await upstream.ask(setup)
        session, _, options = (answer.get("session") or "").partition(";")
        channel = re.search(r"interleaved=(\d+)", answer.get("transport") or "")
        whole = re.search(r"^a=control:(\S+)", sdp.partition("m=")[0], re.MULTILINE)
        aggregate = _control(login, base, uri, whole[1] if whole else "*")
        aggregate = await _play(upstream, aggregate, session.strip(), start, end)
        running = Replay(upstream, track, int(channel[1]) if channel else 0, end)
        keeper = asyncio.create_task(running.keep_alive(aggregate, session.strip(), _timeout(options)))
        try:
            yield running
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError, OSError, RecorderError):
                await keeper
            with suppress(OSError, RecorderError):
                await upstream.send(Message(f"TEARDOWN {aggregate} RTSP/1.0", [("Session", session.strip())]))
    finally:
        await upstream.aclose()


async def _described(upstream: Upstream, uri: str) -> Message:
    """The session description; some devices have one only for those who say that they want a replay."""
    accept = ("Accept", "application/sdp")
    try:
        return await upstream.ask(Message(f"DESCRIBE {uri} RTSP/1.0", [accept]))
    except NotSupported as error:
        try:
            return await upstream.ask(Message(f"DESCRIBE {uri} RTSP/1.0", [accept, _FEATURE]))
        except RecorderError:
            raise error from None


async def _play(upstream: Upstream, uri: str, session: str, start: datetime, end: datetime) -> str:
    """Let it play; gives the address that the device takes for the whole of it.

    Some devices do not know how to be fast, and say so with any status. Some want their address with a
    slash at its end, or without.
    """
    headers = [("Session", session), _FEATURE, ("Range", f"clock={_written(start)}-{_written(end)}")]
    other = uri[:-1] if uri.endswith("/") else uri + "/"
    first: RecorderError | None = None
    for address in (uri, other):
        for fast in ([("Rate-Control", "no")], []):
            try:
                await upstream.ask(Message(f"PLAY {address} RTSP/1.0", [*headers, *fast]))
            except (BadAnswer, NotSupported) as error:
                first = first or error
            else:
                return address
    raise first or BadAnswer("the recorder does not play")


def _timeout(options: str) -> float:
    match = re.search(r"timeout=(\d+)", options)
    return float(match[1]) if match else _USUAL_TIMEOUT_SECONDS


def _control(login: RtspLogin, base: str, uri: str, control: str) -> str:
    """The address of a control attribute, at the configured host whatever host it names."""
    if control in {"", "*"}:
        return uri
    if AUTHORITY.match(control):
        return AUTHORITY.sub(login.authority, control)
    base = AUTHORITY.sub(login.authority, base)
    return (base if base.endswith("/") else base + "/") + control.lstrip("/")


def _written(label: datetime) -> str:
    return f"{label:%Y%m%dT%H%M%S}.{label.microsecond // 1000:03d}Z"


def _says_goodbye(compound: bytes) -> bool:
    """Whether an RTCP packet holds a BYE (RFC 3550, 6.6)."""
    while len(compound) >= _PACKET_LEAST:
        if compound[1] == _GOODBYE:
            return True
        compound = compound[4 + 4 * int.from_bytes(compound[2:4], "big") :]
    return False
