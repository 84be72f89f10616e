from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from simulator.footage.code import read_code
from simulator.recorder import SimulatedRecorder, Stretch
from tests.simulator.recorder.conftest import (
    NOON,
    Client,
    download_request,
    ffmpeg,
    idle,
    playback_uri,
    tree,
)

DOWNLOAD = "/ISAPI/ContentMgmt/download"
START = NOON - timedelta(days=3, seconds=17)
Frames = Callable[[Path], list[Image.Image]]


def asked(track: int = 401, start: datetime = START, seconds: int = 5) -> str:
    return download_request(playback_uri(track, start, start + timedelta(seconds=seconds)))


async def test_a_span_comes_as_it_was_asked_from_the_first_second_to_the_last(
    client: Client, tmp_path: Path, frames_of: Frames
) -> None:
    status, body = await client.get(DOWNLOAD, asked())
    assert status == 200
    assert body[:8] == b"\x00\x00\x00\x40IMKH"
    assert body[64:68] == b"\x00\x00\x01\xba"
    saved = tmp_path / "clip.mpg"
    saved.write_bytes(body)
    frames = frames_of(saved)
    assert len(frames) == 20
    assert read_code(frames[0]) == (4, START)
    assert read_code(frames[3]) == (4, START)
    assert read_code(frames[-1]) == (4, START + timedelta(seconds=4))


async def test_a_stream_that_is_piped_is_remuxed_without_a_complaint(
    client: Client, tmp_path: Path, frames_of: Frames
) -> None:
    _, body = await client.post(DOWNLOAD, asked(seconds=3))
    target = tmp_path / "clip.mp4"
    copied = ("-f", "mpeg", "-i", "pipe:0", "-map", "0:v:0", "-c:v", "copy", "-movflags", "+faststart")
    assert await ffmpeg(*copied, target, feed=body) == (0, "")
    frames = frames_of(target)
    assert [read_code(frame) for frame in (frames[0], frames[-1])] == [
        (4, START),
        (4, START + timedelta(seconds=2)),
    ]


async def test_the_same_span_again_and_a_part_of_it_are_not_made_anew(
    client: Client, recorder: SimulatedRecorder
) -> None:
    _, first = await client.get(DOWNLOAD, asked(seconds=4))
    _, again = await client.get(DOWNLOAD, asked(seconds=4))
    _, part = await client.get(DOWNLOAD, asked(start=START + timedelta(seconds=1), seconds=2))
    assert again == first
    assert 0 < len(part) < len(first)
    assert recorder.footage.encodings == 1


async def test_a_gap_inside_the_span_is_left_out(
    client: Client, recorder: SimulatedRecorder, tmp_path: Path, frames_of: Frames
) -> None:
    gap = Stretch(START + timedelta(seconds=2), START + timedelta(seconds=4))
    recorder.model.cameras[4].gaps.append(gap)
    _, body = await client.get(DOWNLOAD, asked(seconds=5))
    (tmp_path / "clip.mpg").write_bytes(body)
    codes = [read_code(frame) for frame in frames_of(tmp_path / "clip.mpg")]
    seconds = [code[1] for code in codes if code is not None]
    assert len(seconds) == 12
    assert sorted(set(seconds)) == [START + timedelta(seconds=second) for second in (0, 1, 4)]


async def test_a_span_without_footage_is_an_error(client: Client) -> None:
    assert (await client.get(DOWNLOAD, asked(seconds=1)))[0] == 200
    status, body = await client.get(DOWNLOAD, asked(start=NOON - timedelta(days=40)))
    assert (status, tree(body).findtext("subStatusCode")) == (500, "deviceError")


async def test_a_method_that_is_not_allowed_is_not_supported(
    client: Client, recorder: SimulatedRecorder
) -> None:
    recorder.switches.download_methods = frozenset({"POST"})
    assert (await client.get(DOWNLOAD, asked(seconds=1)))[0] == 403
    assert (await client.post(DOWNLOAD, asked(seconds=1)))[0] == 200


async def test_without_by_time_only_a_file_with_its_name_comes(
    client: Client, recorder: SimulatedRecorder
) -> None:
    recorder.switches.by_time_supported = False
    _, abilities = await client.get(DOWNLOAD + "/capabilities")
    assert tree(abilities).findtext("isSupportDownloadbyTime") == "false"
    assert (await client.get(DOWNLOAD, asked()))[0] == 403
    recorder.model.cameras[4].gaps += [
        Stretch(START - timedelta(days=1), START),
        Stretch(START + timedelta(seconds=3), START + timedelta(days=1)),
    ]
    (file,) = recorder.model.files(4, START, START + timedelta(seconds=1))
    uri = f"{playback_uri(401, file.start, file.end)}&name={file.name}&size={file.size_bytes}"
    status, body = await client.get(DOWNLOAD, download_request(uri))
    assert status == 200
    _, whole = await client.get(DOWNLOAD, download_request(uri.replace(file.name, "nobody")))
    assert tree(whole).findtext("subStatusCode") == "badParameters"
    assert body.count(b"\x00\x00\x01\xba") == 12


async def test_a_download_can_break_off_or_be_empty(client: Client, recorder: SimulatedRecorder) -> None:
    recorder.switches.truncate_download_at = 10_000
    async with client.session.get(client.url(DOWNLOAD), data=asked()) as answer:
        assert len(await answer.content.readexactly(10_000)) == 10_000
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.content.read()
    recorder.switches.truncate_download_at = None
    recorder.switches.empty_download = True
    assert await client.get(DOWNLOAD, asked()) == (200, b"")


async def test_leaving_in_the_middle_ends_the_work(client: Client, recorder: SimulatedRecorder) -> None:
    async with client.session.get(client.url(DOWNLOAD), data=asked(seconds=3600)) as answer:
        await answer.content.readexactly(100_000)
        assert recorder.footage.working == 1
        answer.close()
    await idle(recorder)


async def test_a_power_cut_breaks_a_download_and_ends_the_work(
    client: Client, recorder: SimulatedRecorder
) -> None:
    async with client.session.get(client.url(DOWNLOAD), data=asked(seconds=3600)) as answer:
        await answer.content.readexactly(100_000)
        await recorder.power_off()
        with pytest.raises(aiohttp.ClientError):
            await answer.content.read()
    assert recorder.footage.working == 0
    await recorder.power_on()
    assert (await client.get(DOWNLOAD, asked(seconds=1)))[0] == 200
