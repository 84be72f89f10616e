"""The log is one JSON object a line, whoever wrote it."""

import json
import subprocess
import sys

_PROGRAM = """
import logging
import structlog
from bot.logs import set_up
set_up("info")
import dbos
structlog.get_logger().info("vault.cleared", count=1)
logging.getLogger("dbos").warning("queue of %s", "nobody")
try:
    raise ValueError("not JSON")
except ValueError:
    logging.getLogger("telegram.request").exception('an answer of "500\\n\\ngot in trouble"')
logging.getLogger("httpx").info("POST https://example.org/bot1:token/getMe")
"""
_RUN = [sys.executable, "-c", _PROGRAM]


def test_every_line_of_the_log_is_json_also_of_a_library_with_quotes_lines_and_an_exception() -> None:
    done = subprocess.run(_RUN, capture_output=True, text=True, check=True)  # noqa: S603 - our own program

    ours, engine, library = [json.loads(line) for line in done.stderr.splitlines()]

    assert (ours["event"], ours["count"], ours["level"]) == ("vault.cleared", 1, "info")
    assert (engine["event"], engine["logger"], engine["text"]) == ("library", "dbos", "queue of nobody")
    assert (library["level"], library["text"]) == ("error", 'an answer of "500\n\ngot in trouble"')
    assert library["exception"].endswith("ValueError: not JSON")
    assert {"timestamp"} <= ours.keys() & engine.keys() & library.keys()
