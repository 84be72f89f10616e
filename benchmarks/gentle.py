"""Pictures of all cameras at once, five cameras that hang, a recorder that hangs or is dead."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from math import ceil
from time import perf_counter

from benchmarks.recorder import PASSWORD, USERNAME, Recorder, recorder
from benchmarks.table import Row, milliseconds, percentile
from nvr_client.errors import RecorderError
from nvr_client.factory import connect
from nvr_client.settings import RecorderSettings, Vendor
from nvr_client.shared import SharedRecorder
from simulator.recorder import SimulatedRecorder
from simulator.recorder.base import PoweredRecorder
from simulator.recorder.dahua import SimulatedDahuaRecorder
from simulator.recorder.onvif import SimulatedOnvifRecorder

CAMERAS = 30
CAP = 8
PICTURE_SECONDS = 0.25
HANGING = range(1, 6)
MAKES: dict[Vendor, Callable[..., PoweredRecorder]] = {
    "hikvision": SimulatedRecorder,
    "dahua": SimulatedDahuaRecorder,
    "onvif": SimulatedOnvifRecorder,
}


def now() -> datetime:
    """The true time."""
    return datetime.now(UTC)


async def rows() -> list[Row]:
    """Pictures from a recorder in a process of its own, then how soon bad luck is told."""
    async with recorder() as device:
        found = [*await _sheet(device), *await _hanging_cameras(device)]
    for vendor in MAKES:
        found += await _bad_luck(vendor)
    return found


async def _sheet(device: Recorder) -> list[Row]:
    found = []
    ideal = ceil(CAMERAS / CAP) * PICTURE_SECONDS
    client = connect(replace(device.settings, max_parallel=CAP), now=now)
    try:
        await client.snapshot(1)
        await device.delay(PICTURE_SECONDS)
        for which in ("first", "next"):
            before = sum((await device.calls()).values())
            started = perf_counter()
            await asyncio.gather(*(client.snapshot(channel) for channel in range(1, CAMERAS + 1)))
            seconds = perf_counter() - started
            requests = sum((await device.calls()).values()) - before
            found.append(
                Row(
                    f"{CAMERAS} pictures, {CAP} at a time, {which} time ({requests} requests)",
                    f"{seconds:.2f} s",
                    f"{ideal:.2f} s",
                    f"{seconds / ideal:.2f}x",
                    "<= 1.2x",
                    seconds / ideal <= 1.2,
                )
            )
        await device.delay(0)
    finally:
        await client.aclose()
    return found


async def _hanging_cameras(device: Recorder) -> list[Row]:
    """Everybody's pictures again and again, first with all cameras well, then with five that hang."""
    client = connect(device.settings, now=now)
    await device.delay(0.05)
    try:
        well = await _taken(client, ())
        await device.hang(HANGING)
        first = await _taken(client, HANGING, rounds=1)
        ill = await _taken(client, HANGING)
    finally:
        await device.hang(())
        await device.delay(0)
        await client.aclose()
    usual = percentile(well, 0.95)
    return [
        Row(
            f"p95 of 25 cameras' pictures while five others hang, {which}",
            milliseconds(percentile(taken, 0.95)),
            milliseconds(usual),
            f"{percentile(taken, 0.95) / usual:.2f}x",
            "<= 1.2x" if met else "",
            percentile(taken, 0.95) / usual <= 1.2 if met else None,
        )
        for which, taken, met in (("found out just now", first, False), ("from then on", ill, True))
    ]


async def _taken(client: SharedRecorder, hanging: range | tuple[()], rounds: int = 6) -> list[float]:
    async def timed(channel: int) -> float:
        started = perf_counter()
        await client.snapshot(channel)
        return perf_counter() - started

    async def hung(channel: int) -> None:
        try:
            await client.snapshot(channel)
        except RecorderError:
            return

    taken: list[float] = []
    for _ in range(rounds):
        waiting = [asyncio.create_task(hung(channel)) for channel in hanging]
        await asyncio.sleep(0)
        taken += await asyncio.gather(*(timed(channel) for channel in range(HANGING.stop, CAMERAS + 1)))
        await asyncio.gather(*waiting)
    return taken


async def _bad_luck(vendor: Vendor) -> list[Row]:
    found = []
    async with MAKES[vendor](username=USERNAME, password=PASSWORD) as device:
        settings = RecorderSettings(
            name=vendor,
            vendor=vendor,
            host="127.0.0.1",
            http_port=device.http_port,
            rtsp_port=device.rtsp_port,
            username=USERNAME,
            password=PASSWORD,
        )
        client = connect(settings, now=now)
        try:
            await client.device()
            device.switches.hang = True
            found.append(await _told(client, f"{vendor}: hanging recorder, ten people told", 6.0))
            device.switches.hang = False
            await _back(client)
            await device.power_off()
            found.append(await _told(client, f"{vendor}: dead recorder, ten people told", 2.0))
        finally:
            await client.aclose()
    return found


async def _back(client: SharedRecorder) -> None:
    for _ in range(2):  # the first may still wait for an answer that never comes
        try:
            await client.device()
        except RecorderError:
            continue
        return
    raise RuntimeError("the recorder does not come back")


async def _told(client: SharedRecorder, what: str, limit_seconds: float) -> Row:
    started = perf_counter()
    outcomes = await asyncio.gather(*(client.snapshot(n) for n in range(1, 11)), return_exceptions=True)
    seconds = perf_counter() - started
    met = seconds <= limit_seconds and all(isinstance(one, RecorderError) for one in outcomes)
    return Row(what, f"{seconds:.2f} s", target=f"<= {limit_seconds:.0f} s", met=met)
