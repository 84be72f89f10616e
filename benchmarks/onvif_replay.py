"""An export by ONVIF replay against a bare client that saves what the video port sends, packet heads and all.

The pretend recorder runs in a process of its own; it says its ports and ends with its standard input.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from benchmarks.export import CHUNK_BYTES, LONG, MINUTE
from benchmarks.recorder import PASSWORD, USERNAME, HeavyFootage
from benchmarks.table import Row, percentile
from nvr_client.factory import connect
from nvr_client.login import LoginGuard
from nvr_client.protocol import Span
from nvr_client.rtsp_wire import Message, RtspLogin, connect_video
from nvr_client.settings import RecorderSettings
from nvr_client.shared import SharedRecorder
from simulator.recorder.onvif import SimulatedOnvifRecorder

_GOODBYE = b"\x81\xcb\x00\x01"
_REPLAY = ("Require", "onvif-replay")


async def rows() -> list[Row]:
    """60 s, and 500 MiB; in turn with the bare client, medians compared. Both are as fast as the recorder."""
    found = []
    async with _recorder() as settings:
        client = connect(settings, now=lambda: datetime.now(UTC))
        try:
            with tempfile.TemporaryDirectory(prefix="truccam-bench-") as folder:
                for length, times in ((MINUTE, 5), (LONG, 1)):
                    found.append(await _compared(settings, client, Path(folder), length, times))
        finally:
            await client.aclose()
    return found


async def _compared(
    settings: RecorderSettings, client: SharedRecorder, folder: Path, length: timedelta, times: int
) -> Row:
    start = datetime.now(UTC).replace(minute=5, second=0, microsecond=0) - timedelta(hours=5)
    span = Span(start, start + length)
    ours, theirs, size_bytes = [], [], 0
    for number in range(times + (times > 1)):
        began = perf_counter()
        size_bytes = await _saved(settings, span, folder / "bare")
        saved = perf_counter() - began
        began = perf_counter()
        exported = await client.export(1, span, folder / "ours")
        if number or times == 1:  # the first one makes connections and learns the recorder's ways
            theirs.append(saved)
            ours.append(perf_counter() - began)
        assert exported.gaps == ()
    mine, its = percentile(ours, 0.5), percentile(theirs, 0.5)
    return Row(
        f"ONVIF replay of {length.total_seconds():.0f} s, {size_bytes / 2**20:.0f} MiB at loopback:"
        " search, frames, SHA-256, check, fsync",
        f"{mine:.2f} s",
        f"{its:.2f} s",
        f"{mine / its:.2f}x",
    )


async def _saved(settings: RecorderSettings, span: Span, target: Path) -> int:
    login = RtspLogin(
        host=settings.host,
        port=settings.rtsp_port,
        username=settings.username,
        password=settings.password,
        guard=LoginGuard("bare"),
    )
    uri = f"{login.authority}/onvif/replay/Recording_001"
    upstream = await connect_video(login)
    size_bytes, tail = 0, b""
    try:
        await upstream.ask(Message(f"DESCRIBE {uri} RTSP/1.0", []))
        transport = ("Transport", "RTP/AVP/TCP;unicast;interleaved=0-1")
        session = (await upstream.ask(Message(f"SETUP {uri}/trackID=1 RTSP/1.0", [transport, _REPLAY]))).get(
            "session"
        )
        wanted = f"clock={span.start:%Y%m%dT%H%M%SZ}-{span.end:%Y%m%dT%H%M%SZ}"
        headers = [("Session", session or ""), _REPLAY, ("Range", wanted), ("Rate-Control", "no")]
        await upstream.ask(Message(f"PLAY {uri} RTSP/1.0", headers))
        with target.open("wb") as file:
            while tail[-8:-4] != _GOODBYE:
                chunk = await upstream.reader.read(CHUNK_BYTES)
                file.write(chunk)
                size_bytes += len(chunk)
                tail = (tail + chunk)[-8:]
    finally:
        await upstream.aclose()
    return size_bytes


@asynccontextmanager
async def _recorder() -> AsyncIterator[RecorderSettings]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.onvif_replay"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    try:
        ports = json.loads(await process.stdout.readline())
        yield RecorderSettings(
            name="dau-ghi-1",
            vendor="onvif",
            host="127.0.0.1",
            http_port=ports["http"],
            rtsp_port=ports["rtsp"],
            username=USERNAME,
            password=PASSWORD,
        )
    finally:
        process.stdin.close()
        await process.wait()


async def _serve() -> None:
    async with SimulatedOnvifRecorder(
        username=USERNAME, password=PASSWORD, footage=HeavyFootage()
    ) as simulated:
        simulated.switches.goodbye = True
        simulated.switches.terminal_bit = False
        print(json.dumps({"http": simulated.http_port, "rtsp": simulated.rtsp_port}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
