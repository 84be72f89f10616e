"""What the page knows of the school: clock, cameras, switches for bad luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class CameraTile:
    """One camera as the strip shows it.

    Attributes:
        code: "C01".
        name: "Cổng chính".
        online: It delivers a picture.
        kept_days: Whole days that the recorder keeps of it.
    """

    code: str
    name: str
    online: bool
    kept_days: int


class SchoolBoard(Protocol):
    """The school behind the page; the page asks again every second or so, so answers must be cheap."""

    @property
    def school_name(self) -> str:
        """Name as on the page's top."""
        ...

    @property
    def recorder_on(self) -> bool:
        """The recorder answers."""
        ...

    @property
    def telegram_cut(self) -> bool:
        """The school cannot reach Telegram."""
        ...

    def now(self) -> datetime:
        """The school's clock, aware and in the school's time zone: all times are shown in that zone."""
        ...

    def cameras(self) -> Sequence[CameraTile]:
        """All cameras, in the order of their codes."""
        ...

    async def set_recorder(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Turn the recorder on or off."""
        ...

    async def set_camera(self, code: str, online: bool) -> None:  # noqa: FBT001 - a switch
        """Let one camera die, or bring it back.

        Raises:
            LookupError: no camera with this code.
        """
        ...

    async def set_telegram_cut(self, cut: bool) -> None:  # noqa: FBT001 - a switch
        """Cut the school off Telegram, or end that."""
        ...
