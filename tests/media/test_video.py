"""Videos of recorders become playable MP4s, cuts and stills."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from media.errors import NotAVideo, ToolMissing
from media.video import Cut, is_video, probe, still, stills, to_mp4

CONTAINERS = ["plain.mp4", "plain.ps", "hikvision.ps", "plain.ts", "plain.h264", "dahua.dav", "late.dav"]
WITH_TIMES = [name for name in CONTAINERS if name != "plain.h264"]
FRAME = timedelta(milliseconds=100)


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def colour_of(jpeg: bytes) -> str:
    picture = Image.open(io.BytesIO(jpeg)).convert("RGB").resize((1, 1), Image.Resampling.BOX)
    pixel = picture.getpixel((0, 0))
    assert isinstance(pixel, tuple)
    red, _, blue = pixel
    return "red" if red > 2 * blue else "blue" if blue > 2 * red else "neither"


def atoms(path: Path) -> list[bytes]:
    data, found, at = path.read_bytes(), list[bytes](), 0
    while at < len(data):
        found.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4], "big")
    return found


@pytest.mark.parametrize("name", CONTAINERS)
async def test_every_container_of_a_recorder_is_understood(videos: Path, name: str) -> None:
    facts = await probe(videos / name)
    assert (facts.codec, facts.width_px, facts.height_px) == ("h264", 320, 180)
    assert abs(facts.duration - seconds(8)) <= FRAME
    assert facts.begins_with_key_frame
    assert not facts.has_audio


async def test_sound_and_hevc_are_noticed(videos: Path) -> None:
    assert (await probe(videos / "sound.mp4")).has_audio
    assert (await probe(videos / "hevc.mp4")).codec == "hevc"


async def test_a_video_that_begins_between_key_frames_is_noticed(videos: Path, tmp_path: Path) -> None:
    data = (videos / "plain.h264").read_bytes()
    units = data.split(b"\x00\x00\x00\x01\x09")
    assert b"\x00\x00\x01\x67" in units[1]
    late = tmp_path / "late.h264"
    # The parameter sets stay, the key frame is gone.
    sets = units[1][: units[1].index(b"\x00\x00\x01\x65")]
    late.write_bytes(b"\x00\x00\x00\x01\x09".join([b"", sets, *units[2:]]))
    assert (await probe(videos / "plain.h264")).begins_with_key_frame
    assert not (await probe(late)).begins_with_key_frame


async def test_what_is_no_video_is_said_to_be_none(videos: Path, tmp_path: Path) -> None:
    half = (videos / "plain.mp4").read_bytes()[:200_000]  # the index of this MP4 stands at its end
    strangers = {
        "empty.mp4": b"",
        "words.mp4": b"<ResponseStatus><statusCode>4</statusCode></ResponseStatus>",
        "half.mp4": half,
        "zeros.ps": bytes(100_000),
    }
    for name, content in strangers.items():
        (tmp_path / name).write_bytes(content)
        assert not await is_video(tmp_path / name), name
        with pytest.raises(NotAVideo):
            await to_mp4(tmp_path / name, tmp_path / "out.mp4")
    assert not await is_video(videos / "only-sound.mp4")
    assert await is_video(videos / "plain.mp4")
    assert not (tmp_path / "out.mp4").exists()


async def test_a_play_list_in_the_guise_of_a_video_opens_no_other_file(videos: Path, tmp_path: Path) -> None:
    inside = videos / "plain.ts"
    play_list = f"#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:8,\n{inside}\n#EXT-X-ENDLIST\n"
    concat = f"ffconcat version 1.0\nfile '{inside}'\n"
    for content in (play_list, concat):
        (tmp_path / "sent.mp4").write_text(content)
        assert not await is_video(tmp_path / "sent.mp4")
    assert await is_video(inside)


async def test_half_a_program_stream_is_shorter_but_still_a_video(videos: Path, tmp_path: Path) -> None:
    data = (videos / "hikvision.ps").read_bytes()
    (tmp_path / "half.ps").write_bytes(data[: len(data) // 2])
    facts = await to_mp4(tmp_path / "half.ps", tmp_path / "half.mp4")
    assert seconds(2) < facts.duration < seconds(6)


async def test_a_missing_file_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await probe(tmp_path / "none.mp4")


@pytest.mark.parametrize("name", CONTAINERS)
async def test_every_container_becomes_an_mp4_that_plays_from_its_beginning(
    videos: Path, tmp_path: Path, name: str
) -> None:
    target = tmp_path / "out.mp4"
    facts = await to_mp4(videos / name, target)
    order = atoms(target)
    assert order.index(b"moov") < order.index(b"mdat")
    assert abs(facts.duration - seconds(8)) <= FRAME
    assert facts.container.startswith("mov")
    assert names(tmp_path) == ["out.mp4"]
    assert colour_of(await still(target, seconds(1))) == "red"
    assert colour_of(await still(target, seconds(7))) == "blue"


async def test_hevc_gets_the_tag_that_ios_needs(videos: Path, tmp_path: Path) -> None:
    await to_mp4(videos / "hevc.mp4", tmp_path / "out.mp4")
    assert b"hev1" in (videos / "hevc.mp4").read_bytes()
    assert b"hvc1" in (tmp_path / "out.mp4").read_bytes()


async def test_sound_is_left_out_unless_it_is_asked_for(videos: Path, tmp_path: Path) -> None:
    assert not (await to_mp4(videos / "sound.mp4", tmp_path / "silent.mp4")).has_audio
    assert (await to_mp4(videos / "sound.mp4", tmp_path / "loud.mp4", audio=True)).has_audio
    assert not (await to_mp4(videos / "plain.mp4", tmp_path / "none.mp4", audio=True)).has_audio


@pytest.mark.parametrize("name", WITH_TIMES)
async def test_a_cut_begins_at_the_key_frame_before_its_start(
    videos: Path, tmp_path: Path, name: str
) -> None:
    facts = await to_mp4(videos / name, tmp_path / "cut.mp4", Cut(seconds(4.5), seconds(2)))
    assert facts.begins_with_key_frame
    assert seconds(2) - FRAME <= facts.duration <= seconds(4.5)
    assert colour_of(await still(tmp_path / "cut.mp4", facts.duration - 2 * FRAME)) == "blue"


async def test_a_cut_after_the_end_is_no_video_and_leaves_the_target_alone(
    videos: Path, tmp_path: Path
) -> None:
    target = tmp_path / "cut.mp4"
    target.write_bytes(b"what was there")
    with pytest.raises(NotAVideo):
        await to_mp4(videos / "plain.mp4", target, Cut(seconds(60), seconds(2)))
    assert target.read_bytes() == b"what was there"
    assert names(tmp_path) == ["cut.mp4"]


@pytest.mark.parametrize("name", WITH_TIMES)
async def test_a_still_shows_the_asked_moment(videos: Path, name: str) -> None:
    assert colour_of(await still(videos / name, seconds(0))) == "red"
    assert colour_of(await still(videos / name, seconds(3))) == "red"
    assert colour_of(await still(videos / name, seconds(5))) == "blue"


async def test_there_is_no_still_after_the_end(videos: Path) -> None:
    for last in (7.9, 7.95, 7.99):
        assert colour_of(await still(videos / "plain.mp4", seconds(last))) == "blue"
    with pytest.raises(NotAVideo):
        await still(videos / "plain.mp4", seconds(8.5))


async def test_stills_are_spread_evenly_and_in_order(videos: Path) -> None:
    shown = await stills(videos / "hikvision.ps", 4)
    assert [round(one.offset.total_seconds()) for one in shown] == [1, 3, 5, 7]
    assert [colour_of(one.jpeg) for one in shown] == ["red", "red", "blue", "blue"]
    assert len(await stills(videos / "hevc.mp4", 1)) == 1


async def test_showing_stills_leaves_nothing_behind(videos: Path, tmp_path: Path) -> None:
    (tmp_path / "original.ps").write_bytes((videos / "hikvision.ps").read_bytes())
    assert len(await stills(tmp_path / "original.ps", 3)) == 3
    assert names(tmp_path) == ["original.ps"]


async def test_strange_file_names_are_names_and_nothing_else(videos: Path, tmp_path: Path) -> None:
    source = tmp_path / "-y concat:%d 'Cổng chính'.ps"
    source.write_bytes((videos / "plain.ps").read_bytes())
    await to_mp4(source, tmp_path / "-out: %03d.mp4")
    assert await is_video(tmp_path / "-out: %03d.mp4")


async def test_a_cancelled_conversion_kills_ffmpeg_and_leaves_nothing_behind(
    videos: Path, tmp_path: Path
) -> None:
    never_ends = tmp_path / "ffmpeg"
    never_ends.write_text('#!/bin/sh\necho $$ > "$(dirname "$0")/pid"\nexec sleep 600\n')
    never_ends.chmod(0o700)
    started = tmp_path / "pid"
    work = asyncio.create_task(to_mp4(videos / "plain.mp4", tmp_path / "out.mp4", program=str(never_ends)))
    async with asyncio.timeout(10):
        while not (started.exists() and started.read_text()):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)
    process = Path("/proc") / started.read_text().strip()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not process.exists()
    assert names(tmp_path) == ["ffmpeg", "pid"]


async def test_an_ffmpeg_that_is_not_there_is_named_in_the_detail_only(videos: Path) -> None:
    with pytest.raises(ToolMissing) as missing:
        await probe(videos / "plain.mp4", program="/nowhere/ffmpeg")
    assert "/nowhere" not in str(missing.value)
    assert "/nowhere" in missing.value.detail
