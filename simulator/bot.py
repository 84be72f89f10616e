"""The real service under the pretend school's clock: `python -m simulator.bot CONFIG SECONDS`."""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from bot.logs import set_up
from bot.service import run
from bot.settings import load
from simulator.clock import moved


def main() -> None:
    """Run until a signal; the exit status is the service's."""
    config, seconds = Path(sys.argv[1]), float(sys.argv[2])
    settings = load(config, os.environ)
    set_up(settings.log.level)
    raise SystemExit(asyncio.run(run(settings, clock=moved(timedelta(seconds=seconds)))))


if __name__ == "__main__":
    main()
