"""How the CGI writes: lines of `key=value`, bare local times, and its refusals."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import unquote

from aiohttp import web

from simulator.recorder.wall_clock import WallClock

BAD_REQUEST = "Error\r\nBad Request!\r\n"
NOT_IMPLEMENTED = "Error\r\nNot Implemented!\r\n"
AUTHORITY_FAILURE = "Authority:check failure.\r\n"

_TIME = re.compile(r"(\d{4})[-_](\d{1,2})[-_](\d{1,2})[ _](\d{1,2})[:_](\d{1,2})[:_](\d{1,2})")


class Refusal(Exception):
    """A request that the recorder turns down with this status and body."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def malformed() -> Refusal:
    """What it answers to nearly everything that it does not like."""
    return Refusal(400, BAD_REQUEST)


def unsupported() -> Refusal:
    """What it answers to an action that this firmware does not have."""
    return Refusal(501, NOT_IMPLEMENTED)


def plain(text: str, status: int = 200) -> web.Response:
    """A text answer."""
    return web.Response(status=status, text=text, content_type="text/plain")


def lines(pairs: Iterable[tuple[str, object]]) -> web.Response:
    """`key=value` lines."""
    return plain("".join(f"{key}={value}\r\n" for key, value in pairs))


def query_of(raw_path: str) -> dict[str, str]:
    """The query as the recorder reads it: percent-decoded, but a plus is a plus."""
    pairs = (part.partition("=") for part in raw_path.partition("?")[2].split("&") if part)
    return {unquote(key): unquote(value) for key, _, value in pairs}


def printed(clock: WallClock, true: datetime, *, short: bool = False) -> str:
    """The device's digits at a true instant."""
    shown = clock.shown(true)
    if short:
        return f"{shown.year}-{shown.month}-{shown.day} {shown.hour}:{shown.minute:02d}:{shown.second:02d}"
    return f"{shown:%Y-%m-%d %H:%M:%S}"


def read_time(clock: WallClock, text: str) -> datetime:
    """True time (UTC) of digits in either form, `2026-11-01 08:00:00` or `2026_11_01_08_00_00`.

    Raises:
        Refusal: 400; it is no time.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise malformed()
    year, month, day, hour, minute, second = (int(group) for group in match.groups())
    try:
        return clock.read(f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}")
    except ValueError as problem:
        raise malformed() from problem
