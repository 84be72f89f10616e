"""How ffmpeg is run: its time is limited, its trouble is sorted, its words stay out of messages."""

from pathlib import Path

import pytest

from media._ffmpeg import reading, run, writing
from media.errors import MediaError, NoSpace, ToolFailed, ToolTooSlow
from media.video import probe


def program(folder: Path, script: str) -> str:
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


async def test_a_run_that_hangs_is_killed_at_its_time_limit(tmp_path: Path) -> None:
    work = writing(None, reading(tmp_path / "in"))
    assert (await run(work, timeout_seconds=10, program=program(tmp_path, "echo well"))).output == b"well\n"
    hanging = program(tmp_path, f'echo $$ > "{tmp_path}/pid"; exec sleep 600')
    with pytest.raises(ToolTooSlow) as late:
        await run(work, timeout_seconds=0.5, program=hanging)
    assert late.value.retryable
    assert not (Path("/proc") / (tmp_path / "pid").read_text().strip()).exists()


async def test_a_full_disk_is_told_from_other_trouble(videos: Path, tmp_path: Path) -> None:
    work = writing(None, reading(videos / "plain.mp4"))
    full = program(tmp_path, 'echo "Error writing trailer: No space left on device" >&2; exit 228')
    with pytest.raises(NoSpace):
        await run(work, timeout_seconds=10, program=full)
    with pytest.raises(NoSpace):
        await probe(videos / "plain.mp4", program=full)
    broken = program(tmp_path, 'echo "secret words" >&2; exit 1')
    with pytest.raises(ToolFailed) as failed:
        await run(work, timeout_seconds=10, program=broken)
    assert failed.value.detail == "secret words\n"
    assert "secret" not in f"{failed.value} {failed.value!r}"


async def test_much_output_on_both_pipes_is_read_to_its_end(tmp_path: Path) -> None:
    noisy = program(tmp_path, "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2")
    ran = await run(writing(None, reading(tmp_path / "in")), timeout_seconds=30, program=noisy)
    assert len(ran.output) == len(ran.log) == 3_000_000


def test_every_error_of_the_package_is_a_media_error_with_its_own_sentence() -> None:
    def family(kind: type[MediaError]) -> list[type[MediaError]]:
        return [kind, *(below for child in kind.__subclasses__() for below in family(child))]

    sentences = [kind.__doc__ for kind in family(MediaError)]
    assert len(sentences) >= 8
    assert all(sentences)
    assert len(set(sentences)) == len(sentences)
