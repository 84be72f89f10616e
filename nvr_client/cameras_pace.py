"""How long cameras take, so that those that hang are told from those that are slow, and kept aside.

A camera that hung is asked beside the others for a while: five of them, asked again and again, would take
the places under the load cap for seconds each time.
"""

from collections import deque
from collections.abc import Callable
from statistics import median

SLOW_AFTER_SECONDS = 1.0
"""When a picture is slow as long as nothing is known of the recorder."""
LEAST_SECONDS, MOST_SECONDS = 0.25, 2.5
TIMES_SLOWER = 4
ASIDE_SECONDS = 60.0
_REMEMBERED, _ENOUGH = 30, 5


class CamerasPace:
    """What one recorder's cameras usually take, and which of them hung.

    Args:
        monotonic: seconds that never jump.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._taken: deque[float] = deque(maxlen=_REMEMBERED)
        self._hung: dict[int, float] = {}

    def slow_after(self) -> float:
        """After how many seconds a picture is slower than usual."""
        if len(self._taken) < _ENOUGH:
            return SLOW_AFTER_SECONDS
        return min(max(TIMES_SLOWER * median(self._taken), LEAST_SECONDS), MOST_SECONDS)

    def came(self, camera: int, seconds: float) -> None:
        """A picture came after so long."""
        if seconds <= self.slow_after():
            self._hung.pop(camera, None)
        self._taken.append(seconds)

    def hung(self, camera: int) -> None:
        """None came in time."""
        self._hung[camera] = self._monotonic()

    def aside(self, camera: int) -> bool:
        """Whether it hung within the last minute."""
        return self._monotonic() - self._hung.get(camera, float("-inf")) < ASIDE_SECONDS
