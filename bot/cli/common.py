"""What every command shares: its settings, and plain words for what is wrong with them."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bot.logs import set_up
from bot.settings import Settings, SettingsError, load
from storage.errors import DatabaseUnavailable

Config = Annotated[
    Path | None,
    Parameter(name="--config", help="Tệp cấu hình TOML (mặc định: truccam.toml hoặc TRUCCAM_CONFIG)."),
]
DEFAULT_CONFIG = "truccam.toml"


def settings_from(config: Path | None) -> Settings:
    """The settings, or a plain list of what is wrong with them and exit status 2."""
    path = config or Path(os.environ.get("TRUCCAM_CONFIG", DEFAULT_CONFIG))
    if not path.exists():
        print(f"Không tìm thấy tệp cấu hình {path}. Xem examples/ngoc-lam.toml.", file=sys.stderr)
        raise SystemExit(2)
    try:
        settings = load(path, os.environ)
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise SystemExit(2) from error
    set_up(settings.log.level)
    return settings


def with_settings(config: Path | None, act: Callable[[Settings], Awaitable[int]]) -> None:
    """Run one command with the settings and leave with its exit status."""
    settings = settings_from(config)
    raise SystemExit(asyncio.run(_awaited(act, settings)))


async def _awaited(act: Callable[[Settings], Awaitable[int]], settings: Settings) -> int:
    try:
        return await act(settings)
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 2
    except DatabaseUnavailable:
        print("Không dùng được cơ sở dữ liệu: kiểm tra database.url, máy chủ và ổ đĩa.", file=sys.stderr)
        return 1
