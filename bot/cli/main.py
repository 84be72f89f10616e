"""`./truccam`: every command, its options and its exit status."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

from cyclopts import App, Parameter

from bot.logs import set_up
from bot.settings import Settings, SettingsError, load

T = TypeVar("T")

app = App(name="truccam", help="Trợ lý camera của nhà trường trên Telegram.", version_flags=[])
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
    return await act(settings)


@app.command
def run(*, config: Config = None) -> None:
    """Chạy dịch vụ: các kênh chat, việc nền, lịch và địa chỉ web."""
    from bot.service import run as serve  # noqa: PLC0415 - the job engine takes a second to load

    with_settings(config, serve)


@app.command
def demo(*, play: bool = False, port: int = 8080, state: Path = Path("var/demo")) -> None:
    """Trường học mô phỏng trên máy này: mở http://127.0.0.1:8080 (--play: tự diễn và in hội thoại)."""
    from bot.demo import demo as show  # noqa: PLC0415 - the pretend school is loaded for this command only

    raise SystemExit(asyncio.run(show(play=play, port=port, state=state)))


def main() -> None:
    """Register the groups of commands and run the one that was asked for."""
    from bot.cli import audit, cameras, people, understand  # noqa: PLC0415 - each group registers itself on the app

    for group in (people, cameras, audit, understand):
        group.register(app)
    app()
