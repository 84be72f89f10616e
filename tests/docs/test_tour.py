"""The tour leads through every folder of the program and every table of features."""

from handlers import registry
from tests.docs.pages import ROOT, codes, page, rows, section

NOT_OURS = {"var", "secrets", "benchmarks", "docs", "tests"}
INNER = {"bot/channels/", "bot/cli/", "bot/doctor/", "domain/vietnamese/", "nvr_client/_vendors/hikvision/"}


def shown() -> set[str]:
    table = rows(section(page("tour.md"), "## What lies where"))
    return {place for row in table for place in codes(row[0])}


def test_every_folder_is_shown() -> None:
    folders = {
        f"{path.name}/"
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith((".", "_")) and path.name not in NOT_OURS
    }
    assert (folders | INNER) - shown() == set()


def test_every_table_of_features_has_its_checklist() -> None:
    tables = {name for name in vars(registry) if name.isupper()}
    assert tables == {"COMMANDS", "MENU", "ACTS", "DIALOGUES", "JOBS", "FOLLOW_UPS", "WATCHES"}
    text = page("adding.md")
    assert {name for name in tables if f"`{name}`" not in text} == set()
