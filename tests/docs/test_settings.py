"""Every setting is documented with its default."""

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined

from bot import settings_sources
from bot.settings import Settings
from tests.docs.pages import codes, page, rows, section

TABLES = {name: field.annotation for name, field in Settings.model_fields.items()}


def model_of(table: str) -> tuple[type[BaseModel], str]:
    """The model of a table and its heading in the page."""
    annotation: Any = TABLES[table]
    inside = get_args(annotation)
    if inside:
        return inside[0], f"## `[[{table}]]`"
    return annotation, f"## `[{table}]`"


def written(default: Any) -> str:
    """A default as the page writes it."""
    match default:
        case _ if default is PydanticUndefined:
            return "bắt buộc"
        case None:
            return "không có"
        case SecretStr():
            return '`"' + default.get_secret_value() + '"`'
        case bool():
            return f"`{str(default).lower()}`"
        case str() | Path():
            return f'`"{default}"`'
        case ():
            return "`[]`"
        case _:
            return f"`{default}`"


@pytest.mark.parametrize("table", TABLES)
def test_the_table_is_documented_key_by_key_with_its_defaults(table: str) -> None:
    model, heading = model_of(table)
    documented = [(codes(row[0])[0], row[1]) for row in rows(section(page("settings.md"), heading))]
    assert documented == [(name, written(field.default)) for name, field in model.model_fields.items()]


@pytest.mark.parametrize("table", TABLES)
def test_the_keys_that_may_stand_in_a_file_of_their_own_are_marked(table: str) -> None:
    marked = [
        codes(row[0])[0] for row in rows(section(page("settings.md"), model_of(table)[1])) if "🔑" in row[0]
    ]
    assert sorted(marked) == sorted(settings_sources._SECRETS.get(table, ()))


@pytest.mark.parametrize("table", TABLES)
def test_every_setting_says_what_it_means(table: str) -> None:
    assert all(len(row[2]) > 5 for row in rows(section(page("settings.md"), model_of(table)[1])))
