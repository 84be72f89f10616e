"""The cameras of a school: what one is called, where it hangs, and who looks after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Camera:
    """One fixed camera of the school's registry.

    `code` is the short name printed on plans ("C01"), unique in the school. `recorder` and `channel` say
    where its pictures are kept; channels are 1-based, as printed on the recorder. `aliases` are what people
    call it besides `name`. `area` groups cameras in a picker. `owner` is the unit that keeps it safe
    (regulation, article 6). A `teaching_area` is a place where lessons are held: its pictures in lesson time
    are the principal's own decision. `added` is the day since which it records, where it came later than
    the others. `near` are the codes of cameras that see a part of the same place.
    """

    code: str
    name: str
    recorder: str
    channel: int
    aliases: tuple[str, ...] = ()
    area: str = ""
    owner: str = ""
    teaching_area: bool = False
    added: date | None = None
    near: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Code and name as people are shown them: "C01 Cổng chính"."""
        return f"{self.code} {self.name}"


def by_area(cameras: Iterable[Camera]) -> dict[str, tuple[Camera, ...]]:
    """The cameras grouped by area, areas and cameras in the order of the registry.

    Cameras without an area come last, under the empty string.
    """
    groups: dict[str, list[Camera]] = {}
    for camera in cameras:
        groups.setdefault(camera.area, []).append(camera)
    nameless = groups.pop("", None)
    if nameless is not None:
        groups[""] = nameless
    return {area: tuple(group) for area, group in groups.items()}
