"""What an export leaves on our own disk, whoever made the recorder: the whole file, or nothing."""

import resource
from pathlib import Path

import pytest

from nvr_client.errors import NoSpace
from tests.nvr_client import test_contract
from tests.nvr_client.conftest import Site, assert_shows, left_in, span

vendor = test_contract.vendor
recorder = test_contract.recorder
site = test_contract.site
clock_offset = test_contract.clock_offset


async def test_a_full_disk_is_told_and_leaves_nothing(site: Site, tmp_path: Path) -> None:
    client = site.connect()
    asked = span(seconds=10)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(NoSpace):
            await client.export(1, asked, tmp_path / "clip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert left_in(tmp_path) == []
    assert (await client.export(1, asked, tmp_path / "clip")).size_bytes > 20_000


async def test_what_a_killed_export_left_behind_is_cleared_and_nothing_else(
    site: Site, tmp_path: Path
) -> None:
    target, other = tmp_path / "clip", tmp_path / "clip.partly"
    for left in (tmp_path / "clip.part", other):
        left.write_bytes(b"x" * 100)
    await site.connect().export(1, span(seconds=2), target)
    assert left_in(tmp_path) == [target, other]
    await assert_shows(target, 1, span(seconds=2))


async def test_progress_rises_to_the_size_of_the_file(site: Site, tmp_path: Path) -> None:
    seen: list[int] = []
    made = await site.connect().export(
        1, span(seconds=10), tmp_path / "clip", lambda size, _: seen.append(size)
    )
    assert seen == sorted(seen)
    assert 0 < seen[-1] <= made.size_bytes
