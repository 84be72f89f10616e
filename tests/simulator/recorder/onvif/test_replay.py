import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from nvr_client.digest import Credentials, best_challenge
from simulator.recorder import Stretch
from simulator.recorder.onvif import SimulatedOnvifRecorder
from tests.simulator.recorder.conftest import CLOCK_OFFSET, NOON, PASSWORD, USERNAME

START = NOON - timedelta(hours=1)
EPOCH = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass
class Talk:
    """A bare RTSP conversation about one address."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    uri: str
    credentials: Credentials | None = None
    number: int = 0

    async def ask(self, method: str, **headers: str) -> tuple[int, str]:
        self.number += 1
        lines = [f"{method} {self.uri} RTSP/1.0", f"CSeq: {self.number}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if self.credentials:
            lines.append(f"Authorization: {self.credentials.header(method, self.uri)}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("Content-Length")), 0
        )
        body = (await self.reader.readexactly(length)).decode()
        status = int(head.split(" ")[1])
        if status == 401 and self.credentials is None:
            challenge = best_challenge(
                [line.partition(": ")[2] for line in head.split("\r\n") if line.startswith("WWW-")]
            )
            assert challenge is not None
            self.credentials = Credentials(USERNAME, PASSWORD, challenge)
            return await self.ask(method, **headers)
        return status, head + body

    async def listen(self, *, most: int = 1000, silence: float = 1.0) -> list[bytes]:
        """The extensions of packets until it is silent."""
        found: list[bytes] = []
        with suppress(TimeoutError, asyncio.IncompleteReadError):
            while len(found) < most:
                async with asyncio.timeout(silence if found else 10):
                    head = await self.reader.readexactly(4)
                    packet = await self.reader.readexactly(int.from_bytes(head[2:], "big"))
                if head[1] == 0 and packet[0] & 0x10:
                    found.append(packet[12:28])
        return found


def moment(extension: bytes) -> datetime:
    ntp = int.from_bytes(extension[4:12], "big")
    return EPOCH + timedelta(seconds=ntp >> 32) + timedelta(seconds=(ntp & 0xFFFFFFFF) / 2**32)


def clock_range(start: datetime, end: datetime) -> str:
    return f"clock={start + CLOCK_OFFSET:%Y%m%dT%H%M%SZ}-{end + CLOCK_OFFSET:%Y%m%dT%H%M%SZ}"


async def opened(recorder: SimulatedOnvifRecorder, number: int = 2) -> Talk:
    reader, writer = await asyncio.open_connection("127.0.0.1", recorder.rtsp_port)
    uri = f"rtsp://127.0.0.1:{recorder.rtsp_port}/onvif/replay/Recording_{number:03d}"
    talk = Talk(reader, writer, uri)
    status, described = await talk.ask("DESCRIBE", Accept="application/sdp")
    assert status == 200
    assert "a=x-onvif-track:VIDEO001" in described
    assert "a=range:clock=" in described
    assert (await talk.ask("SETUP", Transport="RTP/AVP/TCP;unicast;interleaved=0-1"))[0] == 200
    return talk


async def test_frames_carry_their_times_and_what_follows_them(recorder: SimulatedOnvifRecorder) -> None:
    gap = Stretch(START + timedelta(seconds=2), START + timedelta(seconds=12))
    recorder.model.cameras[2].gaps.append(gap)
    talk = await opened(recorder)
    status, head = await talk.ask(
        "PLAY",
        Require="onvif-replay",
        Range=clock_range(START, START + timedelta(seconds=14)),
        Rate_Control="no",
    )
    assert status == 200
    assert "Rate-Control: no" in head
    found = await talk.listen()
    talk.writer.close()
    assert {extension[:4] for extension in found} == {b"\xab\xac\x00\x03"}
    seconds = [*range(2), *range(12, 14)]
    expected = [START + timedelta(seconds=s + n / 4) + CLOCK_OFFSET for s in seconds for n in range(4)]
    assert [moment(extension) for extension in found] == expected
    flags = [extension[12] for extension in found]
    assert [bool(flag & 0x80) for flag in flags] == [number % 4 == 0 for number in range(16)]
    assert [number for number, flag in enumerate(flags) if flag & 0x40] == [7]
    assert [number for number, flag in enumerate(flags) if flag & 0x20] == [8]
    assert [number for number, flag in enumerate(flags) if flag & 0x10] == [15]


async def test_without_the_feature_named_the_camera_is_shown_as_it_is_now(
    recorder: SimulatedOnvifRecorder,
) -> None:
    talk = await opened(recorder)
    asked = clock_range(START, START + timedelta(seconds=4))
    assert (await talk.ask("PLAY", Range=asked))[0] == 200
    found = await talk.listen(most=1)
    talk.writer.close()
    assert moment(found[0]) == NOON + CLOCK_OFFSET


@pytest.mark.parametrize(
    ("start", "status"), [(START, 200), (NOON - timedelta(days=90), 457)], ids=["recorded", "long gone"]
)
async def test_a_range_without_footage_is_invalid(
    start: datetime, status: int, recorder: SimulatedOnvifRecorder
) -> None:
    talk = await opened(recorder)
    asked = clock_range(start, start + timedelta(seconds=1))
    assert (await talk.ask("PLAY", Require="onvif-replay", Range=asked))[0] == status
    talk.writer.close()


async def test_a_device_that_does_not_know_the_feature_says_551(recorder: SimulatedOnvifRecorder) -> None:
    recorder.switches.replay_feature = False
    talk = await opened(recorder)
    asked = clock_range(START, START + timedelta(seconds=1))
    assert (await talk.ask("PLAY", Require="onvif-replay", Range=asked))[0] == 551
    talk.writer.close()
