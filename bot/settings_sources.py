"""Gathers what was set: the TOML file, the environment over it, secrets out of files, paths made absolute."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.settings_problems import SettingsError

SQLITE = "sqlite:///"
_PREFIX = "TRUCCAM_"
_SECRETS = {
    "database": ("url",),
    "telegram": ("token",),
    "zalo_bot": ("token",),
    "zalo_oa": ("app_secret", "oa_secret_key", "refresh_token"),
    "recorders": ("password",),
}


def gathered(path: Path | None, environ: Mapping[str, str]) -> dict[str, Any]:
    """Everything that was set, as nested tables, not yet checked.

    Raises:
        SettingsError: the file, or one that it names, cannot be read; a variable overrides nothing.
    """
    raw = {} if path is None else _file(path)
    problems = _override(raw, environ)
    base = (Path.cwd() if path is None else path.parent).absolute()
    for table, keys in _SECRETS.items():
        for where, entry in _entries(raw, table):
            problems += [problem for key in keys if (problem := _from_file(entry, key, where, base))]
    if problems:
        raise SettingsError(tuple(problems))
    _make_absolute(raw, base)
    return raw


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            (f"{path}: không đọc được tệp cấu hình (cannot be read: {error.strerror})",)
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError((f"{path}: tệp cấu hình phải là UTF-8 (must be UTF-8)",)) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError((f"{path}: sai cú pháp TOML (not valid TOML: {error})",)) from error


def _override(raw: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    problems = []
    for variable in sorted(environ):
        if not variable.startswith(_PREFIX) or "__" not in variable:
            continue
        table, *keys = variable.removeprefix(_PREFIX).lower().split("__")
        entry: dict[str, Any] | None
        if table == "recorders" and len(keys) == 2:  # noqa: PLR2004 - name and key
            entry = next((found for where, found in _entries(raw, table) if _plain(where) == keys[0]), None)
        elif len(keys) == 1 and table not in {"recorders", "cameras"}:
            made = raw.setdefault(table, {})
            entry = made if isinstance(made, dict) else None
        else:
            entry = None
        if entry is None:
            problems.append(f"{variable}: không ứng với mục nào trong cấu hình (overrides nothing)")
            continue
        key = keys[-1]
        # The environment wins, whichever of the two ways to give a secret it uses.
        entry.pop(key.removesuffix("_file") if key.endswith("_file") else f"{key}_file", None)
        entry[key] = environ[variable]
    return problems


def _entries(raw: Mapping[str, Any], table: str) -> list[tuple[str, dict[str, Any]]]:
    """A table, or each table of a list, with the place that a problem in it is told by."""
    found = raw.get(table)
    if isinstance(found, dict):
        return [(table, found)]
    if not isinstance(found, list):
        return []
    return [
        (f"{table}[{entry.get('name', number)}]", entry)
        for number, entry in enumerate(found, start=1)
        if isinstance(entry, dict)
    ]


def _plain(where: str) -> str:
    """`recorders[dau-ghi-1]` -> "dau_ghi_1"."""
    name = where.partition("[")[2].rstrip("]")
    return re.sub(r"[^a-z0-9]+", "_", name.lower())


def _from_file(entry: dict[str, Any], key: str, where: str, base: Path) -> str | None:
    """Read `<key>_file` into the key; the problem, if there is one."""
    name = f"{key}_file"
    if name not in entry:
        return None
    file = entry.pop(name)
    if not file:
        return None
    if entry.get(key):
        return f"{where}.{name}: đã có {key}, chỉ điền một trong hai ({key} is given, too)"
    try:
        entry[key] = (base / str(file)).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        return f"{where}.{name}: không đọc được tệp {file} (cannot be read: {type(error).__name__})"
    if not entry[key]:
        return f"{where}.{name}: tệp {file} trống (the file is empty)"
    return None


def _make_absolute(raw: dict[str, Any], base: Path) -> None:
    paths = raw.setdefault("paths", {})
    if isinstance(paths, dict) and isinstance(state := paths.setdefault("state", "var"), str):
        paths["state"] = str(base / state)
    database = raw.setdefault("database", {})
    if isinstance(database, dict):
        url = database.setdefault("url", f"{SQLITE}var/truccam.db")
        if isinstance(url, str) and url.startswith(SQLITE) and len(url) > len(SQLITE):
            database["url"] = SQLITE + str(base / url.removeprefix(SQLITE))
