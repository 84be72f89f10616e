"""The tree, read once."""

from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, Module, kept, parsed


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    return list(kept(ROOT))


@pytest.fixture(scope="session")
def modules(files: list[Path]) -> list[Module]:
    return [parsed(path) for path in files if path.suffix == ".py"]


@pytest.fixture(scope="session")
def program(modules: list[Module]) -> list[Module]:
    """The modules of the program itself."""
    return [module for module in modules if module.name.split(".")[0] not in {"tests", "benchmarks"}]
