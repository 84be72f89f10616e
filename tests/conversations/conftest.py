"""A stage for each scene, on SQLite and on PostgreSQL."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import imageio_ffmpeg
import pytest

from bot.settings import Settings
from tests.conversations.stage import Stage, school_settings, staged


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds as a recorder gives them: H.264 in an MPEG program stream, a key frame a second."""
    file = tmp_path_factory.mktemp("footage") / "recording.ps"
    pictures = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=8", "-pix_fmt", "yuv420p")
    h264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bsf:v", "h264_metadata=aud=insert")
    arguments = ("-nostdin", "-loglevel", "error", "-y", *pictures, *h264, "-f", "vob")
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, *arguments, str(file)], check=True)  # noqa: S603 - our own arguments
    return file


@pytest.fixture(scope="session")
def example_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The school's example configuration."""
    return school_settings(tmp_path_factory.mktemp("settings"))


@pytest.fixture
def settings(example_settings: Settings, tmp_path: Path) -> Settings:
    """Those settings with a state folder of the test's own."""
    paths = example_settings.paths.model_copy(update={"state": tmp_path / "state"})
    return example_settings.model_copy(update={"paths": paths})


@pytest.fixture
async def stage(url: str, settings: Settings, recording: Path) -> AsyncIterator[Stage]:
    """The school with its cast enrolled, Monday 23 November 2026, 8 o'clock."""
    async with staged(url, settings, recording) as one:
        yield one
