"""Settings: one TOML file, each key overridable by `TRUCCAM_<TABLE>__<KEY>`."""

from collections.abc import Mapping
from pathlib import Path


class SettingsError(Exception):
    """The settings cannot be used. `problems` has a sentence for each thing to put right."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings:
    """Everything that can be set."""


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the file and the environment. Raises `SettingsError`."""
    raise NotImplementedError
