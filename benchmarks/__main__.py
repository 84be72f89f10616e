"""`python -m benchmarks [NAME ...]`: run all, or the named ones, and print one table.

Figures of one run can be compared with each other; a loaded machine makes all of them worse.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

from benchmarks import (
    alarm,
    dahua_export,
    export,
    gentle,
    onvif_replay,
    process,
    retention,
    snapshot,
    updates,
)
from benchmarks.table import Row, printed
from bot.logs import set_up

BENCHMARKS: dict[str, Callable[[], Awaitable[list[Row]]]] = {
    "snapshot": snapshot.rows,
    "gentle": gentle.rows,
    "updates": updates.rows,
    "export": export.rows,
    "alarm": alarm.rows,
    "dahua": dahua_export.rows,
    "onvif": onvif_replay.rows,
    "process": process.rows,
    "retention": retention.rows,
}


async def _run(names: list[str]) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += await BENCHMARKS[name]()
    return rows


def main() -> None:
    """Run them one after the other: two at once would measure each other."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    set_up("warning")
    before = os.getloadavg()[0]
    print(printed(asyncio.run(_run(names))))
    print(f"\nload before: {before:.1f} on {os.cpu_count()} cores; a busy machine spoils the figures")


if __name__ == "__main__":
    main()
