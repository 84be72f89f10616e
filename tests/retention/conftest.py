"""The school's settings with a state folder of the test's own."""

from pathlib import Path

import pytest

from bot.settings import Settings
from tests.conversations.stage import school_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "settings"
    folder.mkdir()
    return school_settings(folder)
