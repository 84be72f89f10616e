"""Paint frames to standard output as raw RGB: NUMBER SCENE NAME START COUNT (Unix seconds; 0 is endless).

A child of `simulator.footage.stream`; ends when nobody reads any more.
"""

import itertools
import os
import sys
from datetime import UTC, datetime

from simulator.footage.render import frame
from simulator.footage.stream import FRAMES_PER_SECOND, VIDEO_SIZE
from simulator.footage.view import Scene, View


def main(arguments: list[str]) -> None:
    """Paint `COUNT` seconds of one camera."""
    number, scene, name, start, count = arguments
    view = View(int(number), name, Scene(scene))
    ticks = range(int(count) * FRAMES_PER_SECOND) if int(count) else itertools.count()
    output = sys.stdout.buffer
    try:
        for tick in ticks:
            at = datetime.fromtimestamp(int(start) + tick / FRAMES_PER_SECOND, UTC)
            output.write(frame(view, at, VIDEO_SIZE).tobytes())
        output.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())


main(sys.argv[1:])
