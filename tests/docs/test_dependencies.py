"""The list of dependencies is the list of the project file."""

import re
import tomllib
from typing import Any

import pytest

from tests.docs.pages import ROOT, codes, page, rows, section


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def names(requirements: list[str]) -> list[str]:
    return sorted(re.split(r"[\[<>=; ]", requirement, maxsplit=1)[0] for requirement in requirements)


def listed(heading: str) -> list[str]:
    table = rows(section(page("dependencies.md"), heading))
    assert all(len(row[1]) > 10 for row in table), "a package needs its reason"
    return [codes(row[0])[0] for row in table]


def test_every_run_time_package_has_its_reason(project: dict[str, Any]) -> None:
    assert listed("## At run time") == names(project["project"]["dependencies"])


def test_every_development_package_has_its_reason(project: dict[str, Any]) -> None:
    assert listed("## For development and tests") == names(project["dependency-groups"]["dev"])
