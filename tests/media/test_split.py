"""A video that is too large to send is cut into parts that are not."""

from datetime import timedelta
from pathlib import Path

import pytest

from media._packets import Packet
from media.errors import CannotFit, NotAVideo
from media.split import split_to_fit, where_to_cut
from media.video import probe, to_mp4


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def size_bytes(path: Path) -> int:
    return path.stat().st_size


@pytest.fixture
async def clip(videos: Path, tmp_path: Path) -> Path:
    await to_mp4(videos / "sound.mp4", tmp_path / "clip.mp4", audio=True)
    return tmp_path / "clip.mp4"


async def test_a_video_that_is_small_enough_stays_one_file(clip: Path) -> None:
    assert await split_to_fit(clip, size_bytes(clip)) == [clip]
    assert names(clip.parent) == ["clip.mp4"]


@pytest.mark.parametrize("share", [0.9, 0.55, 0.3])
async def test_each_part_is_small_enough_plays_on_its_own_and_nothing_is_lost(
    clip: Path, share: float
) -> None:
    max_bytes = int(size_bytes(clip) * share)
    parts = await split_to_fit(clip, max_bytes)
    facts = [await probe(part) for part in parts]
    assert [part.name for part in parts] == [f"clip-{number}.mp4" for number in range(1, len(parts) + 1)]
    assert all(size_bytes(part) <= max_bytes for part in parts)
    assert all(one.begins_with_key_frame and one.has_audio for one in facts)
    whole = sum((one.duration for one in facts), timedelta())
    assert abs(whole - timedelta(seconds=8)) < timedelta(milliseconds=400)
    assert names(clip.parent) == sorted(["clip.mp4", *(part.name for part in parts)])


async def test_a_limit_below_one_group_of_pictures_is_refused_and_leaves_no_parts(clip: Path) -> None:
    with pytest.raises(CannotFit):
        await split_to_fit(clip, 50_000)
    assert names(clip.parent) == ["clip.mp4"]


async def test_a_large_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.mp4").write_bytes(b"words " * 1000)
    with pytest.raises(NotAVideo):
        await split_to_fit(tmp_path / "words.mp4", 1000)


def test_parts_begin_at_key_frames_only() -> None:
    packets = [Packet(shown_at=n, lasts=1, size_bytes=76, is_key=n % 3 == 0) for n in range(12)]
    assert where_to_cut(packets, 300) == [3, 6, 9]
    assert where_to_cut(packets, 600) == [6]
    assert where_to_cut(packets, 899) == [6]
    assert where_to_cut(packets, 1200) == []
    with pytest.raises(CannotFit):
        where_to_cut(packets, 299)
