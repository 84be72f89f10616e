"""`understand`: what the assistant reads in a sentence."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import App, Parameter

from bot.bootstrap import cameras_of, now
from bot.cli.main import DEFAULT_CONFIG, Config, settings_from
from bot.settings import Settings, load
from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.echo import say_interval
from domain.vietnamese.readings import Wish
from domain.vietnamese.verdict import camera_codes, marks
from domain.vietnamese.wishes import understand as read

EXAMPLE = Path(__file__).parents[2] / "examples" / "ngoc-lam.toml"


def register(app: App) -> None:
    """Add the command."""
    app.command(understand)


def understand(
    *words: str,
    json_lines: Annotated[bool, Parameter(negative="")] = False,
    config: Config = None,
) -> None:
    """Cho biết trợ lý hiểu một câu như thế nào.

    Parameters
    ----------
    words
        Câu cần đọc.
    json_lines
        Đọc từng dòng {"now", "text"} từ đầu vào chuẩn; mỗi dòng in một câu trả lời
        {"wish", "cameras", "start", "end", "flag"}.
    """
    settings = _settings(config)
    index = CameraIndex(cameras_of(settings))
    zone = ZoneInfo(settings.school.timezone)
    if json_lines:
        for line in sys.stdin:
            if line.strip():
                print(json.dumps(_answer(line, index, zone), ensure_ascii=False), flush=True)
        return
    print(_in_words(read(" ".join(words), index, now().astimezone(zone))))


def _settings(config: Path | None) -> Settings:
    """The school's settings; where there are none yet, the example's thirty cameras."""
    given = config or Path(os.environ.get("TRUCCAM_CONFIG", DEFAULT_CONFIG))
    if config is None and not given.exists():
        return load(EXAMPLE, {"TRUCCAM_TELEGRAM__TOKEN": "", "TRUCCAM_RECORDERS__DAU_GHI_1__PASSWORD": "-"})
    return settings_from(config)


def _answer(line: str, index: CameraIndex, zone: ZoneInfo) -> dict[str, object]:
    asked = json.loads(line)
    at = datetime.fromisoformat(asked["now"])
    wish = read(asked["text"], index, at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone))
    span = wish.span.interval
    return {
        "wish": wish.kind.value,
        "cameras": list(camera_codes(wish)),
        "start": span.start.isoformat() if span else None,
        "end": span.end.isoformat() if span else None,
        "flag": [flag.value for flag in marks(wish)],
    }


def _in_words(wish: Wish) -> str:
    cameras = ", ".join(camera.label for camera in wish.match.cameras) or "–"
    lines = [
        f"Việc:      {wish.kind.value}",
        f"Camera:    {cameras} ({wish.match.outcome.value})",
        f"Thời gian: {say_interval(wish.span.interval) if wish.span.interval else '–'}",
        f"Cách xử lý: {', '.join(flag.value for flag in marks(wish))}",
    ]
    if wish.rest:
        lines.append(f"Lý do:     {wish.rest}")
    return "\n".join(lines)
