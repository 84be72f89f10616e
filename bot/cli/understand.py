"""`understand`: what the assistant reads in a sentence."""

import json
import os
import sys
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import App, Parameter

from bot.bootstrap import cameras_of, now
from bot.cli.common import DEFAULT_CONFIG, Config, settings_from
from bot.settings import Settings, load
from domain.vietnamese.camera_index import CameraIndex
from domain.vietnamese.echo import say_interval
from domain.vietnamese.readings import Flag, Wish, WishKind
from domain.vietnamese.verdict import camera_codes, marks, meant_interval
from domain.vietnamese.wishes import understand as read

Answer = dict[str, str | list[str] | None]
EXAMPLE = Path(__file__).parents[2] / "examples" / "ngoc-lam.toml"
_UNREAD: Answer = {
    "wish": WishKind.NONE.value,
    "cameras": [],
    "start": None,
    "end": None,
    "flag": [Flag.ASK.value],
}


class _UnreadableError(ValueError):
    """A line that asks nothing; the text says why."""


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
        {"wish", "cameras", "start", "end", "flag"}, đúng thứ tự. Dòng không đọc được vẫn có câu trả lời,
        kèm "error".
    """
    settings = _settings(config)
    index = CameraIndex(cameras_of(settings))
    zone = ZoneInfo(settings.school.timezone)
    if json_lines:
        _answer_lines(index, zone)
        return
    print(_in_words(read(" ".join(words), index, now().astimezone(zone))))


def _settings(config: Path | None) -> Settings:
    """The school's settings; where there are none yet, the example's thirty cameras."""
    given = config or Path(os.environ.get("TRUCCAM_CONFIG", DEFAULT_CONFIG))
    if config is None and not given.exists():
        return load(EXAMPLE, {"TRUCCAM_TELEGRAM__TOKEN": "", "TRUCCAM_RECORDERS__DAU_GHI_1__PASSWORD": "-"})
    return settings_from(config)


def _answer_lines(index: CameraIndex, zone: ZoneInfo) -> None:
    """One answer a line, in order, as soon as it's read; blank lines get none."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(_answer(line, index, zone)), flush=True)


def _answer(line: str, index: CameraIndex, zone: ZoneInfo) -> Answer:
    try:
        text, at = _asked(json.loads(line), zone)
        wish = read(text, index, at)
    except (ValueError, OverflowError, RecursionError) as error:
        return {**_UNREAD, "error": str(error)}
    span = meant_interval(wish)
    return {
        "wish": wish.kind.value,
        "cameras": list(camera_codes(wish)),
        "start": span.start.isoformat() if span else None,
        "end": span.end.isoformat() if span else None,
        "flag": [flag.value for flag in marks(wish)],
    }


def _asked(line: object, zone: ZoneInfo) -> tuple[str, datetime]:
    """Text and moment of a line; a `now` without a zone is the school's, none at all is the present."""
    if not isinstance(line, dict) or not isinstance(line.get("text"), str):
        raise _UnreadableError('a line must be an object with a "text"')
    given = line.get("now")
    if given is None:
        return line["text"], now().astimezone(zone)
    if not isinstance(given, str):
        raise _UnreadableError('"now" must be an ISO moment')
    at = datetime.fromisoformat(given)
    return line["text"], at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


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
