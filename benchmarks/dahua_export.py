"""A Dahua download into a file, with hash and checks, against a bare client that saves the same bytes.

The recorder is a process of its own, which says its port on standard output and is told the pace of its
downloads on standard input.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from urllib.parse import quote
from zoneinfo import ZoneInfo

import aiohttp
from yarl import URL

from benchmarks.export import CHUNK_BYTES, GIGABIT, LONG, MINUTE
from benchmarks.recorder import PASSWORD, USERNAME, HeavyFootage, bare_client
from benchmarks.table import Row, percentile
from nvr_client.factory import RecorderSettings, connect
from nvr_client.protocol import Span
from nvr_client.shared import SharedRecorder
from simulator.recorder.dahua import SimulatedDahuaRecorder


async def rows() -> list[Row]:
    """60 s, and 500 MiB at the pace of a wire; in turn with the bare client, medians compared."""
    device = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.dahua_export"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if device.stdin is None or device.stdout is None:
        raise RuntimeError("no pipes")
    try:
        port = int(await device.stdout.readline())
        settings = RecorderSettings(
            name="kbvision",
            vendor="dahua",
            host="127.0.0.1",
            http_port=port,
            username=USERNAME,
            password=PASSWORD,
        )
        client = connect(settings, now=lambda: datetime.now(UTC))
        try:
            async with bare_client() as bare:
                found = [await _compared(port, client, bare, MINUTE, times=7)]
                device.stdin.write(f"{GIGABIT}\n".encode())
                await device.stdout.readline()
                found.append(await _compared(port, client, bare, MINUTE, times=7, paced=True))
                found.append(await _compared(port, client, bare, LONG, times=1, paced=True))
                return found
        finally:
            await client.aclose()
    finally:
        device.stdin.close()
        await device.wait()


async def _compared(
    port: int,
    client: SharedRecorder,
    bare: aiohttp.ClientSession,
    length: timedelta,
    *,
    times: int,
    paced: bool = False,
) -> Row:
    start = datetime.now(UTC).replace(minute=5, second=0, microsecond=0) - timedelta(hours=5)
    span = Span(start, start + length)
    ours, theirs = [], []
    size_bytes = 0
    with tempfile.TemporaryDirectory(prefix="truccam-bench-") as folder:
        for _ in range(times):
            began = perf_counter()
            size_bytes = await _saved(port, bare, span, Path(folder) / "bare")
            theirs.append(perf_counter() - began)
            began = perf_counter()
            exported = await client.export(1, span, Path(folder) / "ours")
            ours.append(perf_counter() - began)
            assert exported.method == "time-loadfile"
            assert exported.gaps == ()
    mine, its = percentile(ours, 0.5), percentile(theirs, 0.5)
    wire = "1 Gbit/s" if paced else "loopback"
    return Row(
        f"Dahua export of {length.total_seconds():.0f} s, {size_bytes / 2**20:.0f} MiB at {wire}",
        f"{mine:.2f} s",
        f"{its:.2f} s",
        f"{mine / its:.2f}x",
        "<= 1.1x" if paced else "",
        mine / its <= 1.1 if paced else None,
    )


async def _saved(port: int, bare: aiohttp.ClientSession, span: Span, target: Path) -> int:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    start, end = (quote(f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}") for at in (span.start, span.end))
    path = f"loadfile.cgi?action=startLoad&channel=1&startTime={start}&endTime={end}&subtype=0"
    size_bytes = 0
    async with bare.get(URL(f"http://127.0.0.1:{port}/cgi-bin/{path}", encoded=True)) as response:
        response.raise_for_status()
        with target.open("wb") as file:
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                file.write(chunk)
                size_bytes += len(chunk)
    return size_bytes


async def _serve() -> None:
    footage = HeavyFootage()
    async with SimulatedDahuaRecorder(username=USERNAME, password=PASSWORD, footage=footage) as simulated:
        print(simulated.http_port, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            footage.bytes_per_second = float(line)
            print("paced", flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
