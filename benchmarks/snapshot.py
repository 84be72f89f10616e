"""A picture asked for to the photo handed over; ten people and one camera; thirty cameras on a sheet."""

import asyncio
from io import BytesIO
from time import perf_counter

import aiohttp
from PIL import Image

from benchmarks.desk import Desk, desk, snapshot_of
from benchmarks.recorder import Recorder, bare_client, recorder
from benchmarks.table import Row, milliseconds, percentile
from domain.people import Role

PICTURES = 100
QUICK_SECONDS = 0.05  # a quick recorder's time for one picture; a slow one would hide more of our work
PICTURE_PATH = "/ISAPI/Streaming/channels/{channel}01/picture"
LOAD_CAP = 4  # `max_parallel` of a recorder
FETCH_SECONDS = 0.25  # a recorder's usual time for one picture


async def rows() -> list[Row]:
    """Against a bare client's fetch of the same 1080p still."""
    async with recorder() as device, bare_client() as bare, desk(device) as one:
        await one.enrol(Role.GUARD, 10)
        return [
            *await _one_picture(one, device, bare),
            await _ten_people(one, device),
            await _sheet(one, device, bare),
        ]


async def _one_picture(one: Desk, device: Recorder, bare: aiohttp.ClientSession) -> list[Row]:
    guard = one.accounts[Role.GUARD][0]
    await device.delay(QUICK_SECONDS)
    ours, theirs = [], []
    for number in range(PICTURES + 10):
        fetched, answered = await _fetched(device, bare, 1), await one.asked(guard, snapshot_of("cổng chính"))
        if number >= 10:  # the first ones make connections
            theirs.append(fetched)
            ours.append(answered)
    await device.delay(0)
    usual = percentile(theirs, 0.5)
    async with bare.get(device.url(PICTURE_PATH.format(channel=1))) as response:
        picture = await response.read()
    redrawn = [await asyncio.to_thread(_redrawn, picture) for _ in range(PICTURES)]
    found = []
    for name, share, target in (("p50", 0.5, 0.020), ("p99", 0.99, 0.060)):
        extra = percentile([answered - usual for answered in ours], share)
        found.append(
            Row(
                f"snapshot 1080p less a bare fetch, {name}: stamp, audit, outbox (bare: JPEG to JPEG)",
                milliseconds(extra),
                milliseconds(percentile(redrawn, share)),
                f"{extra / percentile(redrawn, share):.2f}x",
                f"<= {target * 1000:.0f} ms",
                extra <= target,
            )
        )
    return found


def _redrawn(picture: bytes) -> float:
    """What a stamp costs at least: the picture decoded and encoded again."""
    started = perf_counter()
    Image.open(BytesIO(picture)).convert("RGB").save(BytesIO(), "JPEG", quality=80)
    return perf_counter() - started


async def _ten_people(one: Desk, device: Recorder) -> Row:
    await device.delay(FETCH_SECONDS)
    before = await device.calls()
    seconds = await asyncio.gather(
        *(one.asked(guard, snapshot_of("cổng chính")) for guard in one.accounts[Role.GUARD])
    )
    fetches = (await device.calls())["picture"] - before["picture"]
    await device.delay(0)
    return Row(
        "ten people, one camera: fetches (time: the last one's photo, bare: one fetch)",
        f"{fetches} in {milliseconds(max(seconds))}",
        milliseconds(FETCH_SECONDS),
        f"{max(seconds) / FETCH_SECONDS:.2f}x",
        "1 fetch",
        fetches == 1,
    )


async def _sheet(one: Desk, device: Recorder, bare: aiohttp.ClientSession) -> Row:
    cameras = one.school.tools.cameras.all
    guard = one.accounts[Role.GUARD][0]
    await device.delay(FETCH_SECONDS)
    cap = asyncio.Semaphore(LOAD_CAP)

    async def fetch(channel: int) -> None:
        async with cap:
            await _fetched(device, bare, channel)

    started = perf_counter()
    await asyncio.gather(*(fetch(camera.channel) for camera in cameras))
    theirs = perf_counter() - started
    ours = await one.asked(guard, snapshot_of("tatca"))
    await device.delay(0)
    return Row(
        f"sheet of {len(cameras)} cameras, {LOAD_CAP} fetches of {FETCH_SECONDS * 1000:.0f} ms at a time",
        f"{ours:.2f} s",
        f"{theirs:.2f} s",
        f"{ours / theirs:.2f}x",
        "<= 1.15x",
        ours / theirs <= 1.15,
    )


async def _fetched(device: Recorder, bare: aiohttp.ClientSession, channel: int) -> float:
    started = perf_counter()
    async with bare.get(device.url(PICTURE_PATH.format(channel=channel))) as response:
        await response.read()
    return perf_counter() - started
