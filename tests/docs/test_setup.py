"""The commands and the unit that a school sets up with are those of the program."""

import configparser
import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, codes, page, rows, section

SHELL = re.compile(r"\./truccam ([a-z]+(?: (?:list|remove|verify|probe))?)")
MAKE = re.compile(r"(?:`|^    |&& )make ([a-z-]+)", re.MULTILINE)

pages = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


@pytest.fixture(scope="module")
def unit() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys of systemd keep their capitals
    parser.read(ROOT / "deploy" / "truccam.service", "utf-8")
    return parser["Service"]


@pages
def test_every_command_that_a_page_names_is_there(path: Path) -> None:
    known = {codes(row[0])[0] for row in rows(section(page("commands.md"), "## Trên máy chủ"))}
    named = {f"./truccam {name}" for name in SHELL.findall(path.read_text("utf-8"))}
    assert named - known == set()


@pages
def test_every_target_of_make_that_a_page_names_is_there(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(MAKE.findall(path.read_text("utf-8"))) - targets == set()


def test_the_readme_names_both_commands_of_a_fresh_machine() -> None:
    assert {"demo", "test", "setup"} <= set(MAKE.findall((ROOT / "README.md").read_text("utf-8")))


def test_the_unit_runs_the_service_where_the_readme_puts_it(unit: configparser.SectionProxy) -> None:
    folder = unit["WorkingDirectory"]
    assert unit["ExecStart"] == f"{folder}/truccam run --config {folder}/truccam.toml"
    assert unit["ReadWritePaths"] == f"{folder}/var"
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"cd {folder} && make setup" in readme
    assert f"useradd --system --home-dir {folder} --shell /usr/sbin/nologin {unit['User']}" in readme


def test_the_unit_gives_the_service_no_more_than_it_needs(unit: configparser.SectionProxy) -> None:
    assert unit["User"] not in {"", "root"}
    assert unit["CapabilityBoundingSet"] == ""
    assert unit["NoNewPrivileges"] == "yes"
    assert unit["ProtectSystem"] == "strict"
    assert unit["UMask"] == "0077"


def test_the_unit_does_not_start_again_what_a_person_must_mend(unit: configparser.SectionProxy) -> None:
    assert unit["Restart"] == "on-failure"
    assert unit["RestartPreventExitStatus"] == "2"
