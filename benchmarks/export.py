"""An export into a file, with hash and checks, against a bare client that saves the same bytes."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import aiohttp

from benchmarks.recorder import Recorder, bare_client, recorder
from benchmarks.table import Row, percentile
from nvr_client.factory import connect
from nvr_client.protocol import Span
from nvr_client.shared import SharedRecorder

MINUTE = timedelta(minutes=1)
LONG = timedelta(seconds=1_024)  # 500 MiB at the recorder's 512 kB/s
GIGABIT = 119e6
"""Bytes a second of the fastest wire that a recorder has."""
CHUNK_BYTES = 65_536
_REQUEST = (
    '<?xml version="1.0" encoding="UTF-8"?><downloadRequest><playbackURI>'
    "rtsp://127.0.0.1/Streaming/tracks/101?starttime={start}&amp;endtime={end}"
    "</playbackURI></downloadRequest>"
)


async def rows() -> list[Row]:
    """60 s, and 500 MiB; in turn with the bare client, medians compared.

    Without a wire in between, both are as fast as this machine's cores, and the hash needs a third one.
    """
    found = []
    async with recorder() as device, bare_client() as bare:
        client = connect(device.settings, now=lambda: datetime.now(UTC))
        try:
            with tempfile.TemporaryDirectory(prefix="truccam-bench-") as folder:
                found += await _compared(device, client, bare, Path(folder), MINUTE, times=7)
                await device.pace(GIGABIT)
                found += await _compared(device, client, bare, Path(folder), MINUTE, times=7, paced=True)
                found += await _compared(device, client, bare, Path(folder), LONG, times=1, paced=True)
        finally:
            await client.aclose()
    return found


async def _compared(
    device: Recorder,
    client: SharedRecorder,
    bare: aiohttp.ClientSession,
    folder: Path,
    length: timedelta,
    *,
    times: int,
    paced: bool = False,
) -> list[Row]:
    start = datetime.now(UTC).replace(minute=5, second=0, microsecond=0) - timedelta(hours=5)
    span = Span(start, start + length)
    ours, theirs, extra_bytes = [], [], []
    size_bytes = 0
    for number in range(times + (times > 1)):
        began = perf_counter()
        size_bytes = await _saved(device, bare, span, folder / "bare")
        saved = perf_counter() - began
        before = _peak_reset()
        began = perf_counter()
        exported = await client.export(1, span, folder / "ours")
        if number or times == 1:  # the first one makes connections and learns the recorder's ways
            theirs.append(saved)
            ours.append(perf_counter() - began)
            extra_bytes.append(_peak_bytes() - before)
        assert exported.size_bytes == (folder / "ours").stat().st_size
    mine, its = percentile(ours, 0.5), percentile(theirs, 0.5)
    wire = "1 Gbit/s" if paced else "loopback"
    about = f"export of {length.total_seconds():.0f} s, {size_bytes / 2**20:.0f} MiB at {wire}"
    extra = max(extra_bytes) / 2**20
    return [
        Row(
            f"{about}: search, download, SHA-256, check, fsync",
            f"{mine:.2f} s",
            f"{its:.2f} s",
            f"{mine / its:.2f}x",
            "<= 1.1x" if paced else "",
            mine / its <= 1.1 if paced else None,
        ),
        Row(f"{about}: extra memory", f"{extra:.0f} MiB", "", "", "<= 32 MiB", extra <= 32),
    ]


async def _saved(device: Recorder, bare: aiohttp.ClientSession, span: Span, target: Path) -> int:
    zone = timedelta(hours=7)  # the recorder writes local digits with a false Z
    body = _REQUEST.format(
        start=f"{span.start + zone:%Y%m%dT%H%M%SZ}", end=f"{span.end + zone:%Y%m%dT%H%M%SZ}"
    )
    size_bytes = 0
    async with bare.post(device.url("/ISAPI/ContentMgmt/download"), data=body) as response:
        response.raise_for_status()
        with target.open("wb") as file:
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                file.write(chunk)
                size_bytes += len(chunk)
    return size_bytes


def _peak_reset() -> int:
    """Forget the peak so far; the memory in use now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _peak_bytes() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))
