"""`./truccam`: every command, its options and its exit status."""

import asyncio
from pathlib import Path

from cyclopts import App

from bot.cli import audit, backup, cameras, doctor, people, recorder, retention, understand
from bot.cli.common import Config, with_settings

app = App(name="truccam", help="Trợ lý camera của nhà trường trên Telegram.", version_flags=[])
for group in (people, cameras, retention, audit, understand, doctor, recorder, backup):
    group.register(app)


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
    """Run the command that was asked for."""
    app()
