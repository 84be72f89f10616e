"""Who may import whom, as far as `.importlinter` cannot say it."""

import configparser
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import Module

# A third party and the only modules that know it.
OWNERS = {
    "dbos": ("bot.jobs",),
    "sqlalchemy": ("storage",),
    "alembic": ("storage",),
    "aiosqlite": ("storage",),
    "psycopg": ("storage",),
    "telegram": ("bot.channels", "simulator"),
    "aiogram": (),
    "PIL": ("media", "documents", "simulator"),
    "ffmpeg": ("media", "nvr_client", "simulator"),
    "imageio_ffmpeg": ("media", "nvr_client", "simulator", "bot.settings", "bot.bootstrap", "bot.doctor"),
    "babel": ("bot", "locales"),
    "rapidfuzz": ("domain",),
    "prometheus_client": ("bot",),
    "pydantic": ("bot",),
    "pydantic_settings": ("bot",),
    "cyclopts": ("bot",),
    "onvif": ("nvr_client._vendors.onvif",),
    "zeep": ("nvr_client._vendors.onvif",),
    "lxml": ("nvr_client._vendors.onvif",),
    "aiohttp": ("bot", "nvr_client", "simulator"),
}

PLATFORMS = ("telegram", "zalo_bot", "zalo_oa")


def is_below(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def belongs_to(name: str, owner: str) -> bool:
    """`bot.jobs` owns `bot.jobs`, `bot.jobs.queue` and `bot.jobs_queue`."""
    return is_below(name, owner) or name.startswith(f"{owner}_")


def test_every_package_of_the_program_is_under_the_import_contracts(root: Path) -> None:
    contracts = configparser.ConfigParser()
    contracts.read(root / ".importlinter", "utf-8")
    told = set(contracts["importlinter"]["root_packages"].split())
    assert told == {path.parent.name for path in root.glob("*/__init__.py")}


def test_the_rules_import_the_standard_library_and_rapidfuzz_only(program: list[Module]) -> None:
    allowed = sys.stdlib_module_names | {"domain", "rapidfuzz"}
    strangers = {
        (module.name, name)
        for module in program
        if is_below(module.name, "domain")
        for name in module.imports
        if name.split(".")[0] not in allowed
    }
    assert strangers == set()


@pytest.mark.parametrize(("library", "owners"), OWNERS.items())
def test_each_third_party_is_known_to_its_owners_only(
    program: list[Module], library: str, owners: tuple[str, ...]
) -> None:
    importers = {module.name for module in program if any(is_below(name, library) for name in module.imports)}
    assert {name for name in importers if not any(belongs_to(name, owner) for owner in owners)} == set()


def test_the_pretend_school_is_imported_by_the_demo_only(program: list[Module]) -> None:
    importers = {
        module.name
        for module in program
        if not is_below(module.name, "simulator")
        and any(is_below(name, "simulator") for name in module.imports)
    }
    assert {name for name in importers if not belongs_to(name, "bot.demo")} == set()


def test_channels_share_their_protocol_and_never_know_each_other(program: list[Module]) -> None:
    def platform(name: str) -> str | None:
        owners = (f"bot.channels.{platform}" for platform in PLATFORMS)
        return next((owner for owner in owners if belongs_to(name, owner)), None)

    crossing = {
        (module.name, name)
        for module in program
        for name in module.imports
        if platform(module.name) and platform(name) and platform(module.name) != platform(name)
    }
    assert any(platform(module.name) for module in program)
    assert crossing == set()


def test_no_test_replaces_parts_by_mocks(modules: list[Module]) -> None:
    mocking = {
        module.place
        for module in modules
        if any(name.startswith(("unittest.mock", "pytest_mock")) for name in module.imports)
    }
    assert mocking == set()
