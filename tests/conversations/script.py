"""Golden scripts: scenes that a head teacher can read, and that are compared word for word.

A script is a text file. What stands before its first scene is for the reader. A scene begins with `== title`;
in it

    Anh Sơn: /anh cổng chính         somebody writes
    Cô Hằng: [Duyệt]                 somebody taps the newest button of that name
    * Đầu ghi tắt.                   something happens (`directions.py`)
    → Anh Sơn: [ảnh] C01 …           what somebody sees then; more lines and buttons follow, indented
    | …                              what a direction shows
    ~ Cô Lan: [Gửi yêu cầu]          acted as any line, but what follows is told in another scene

Lines that begin with "→", "|" or a space are outputs: they are compared, and written anew by
`TRUCCAM_ACCEPT=1 pytest -n 0 tests/conversations`, so that the difference can be read.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
KNOWN = "~ "
_OUTPUTS = ("→", "|", " ")


@dataclass(frozen=True)
class Scene:
    """One scene as it is written: its inputs and, under each, the outputs that should follow."""

    file: Path
    title: str
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """File and title in plain letters: a test's id."""
        letters = unicodedata.normalize("NFD", self.title.lower().replace("đ", "d"))
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
        return f"{self.file.stem}:" + "-".join(re.findall(r"[a-z0-9]+", plain))

    @property
    def inputs(self) -> list[str]:
        """What drives the scene; comments and empty lines too, so that they are kept."""
        return [line for line in self.lines if not line.startswith(_OUTPUTS)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def is_driving(line: str) -> bool:
    """Whether an input does something; comments begin with "#"."""
    return bool(line.strip()) and not line.startswith("#")


def scenes_of(file: Path) -> list[Scene]:
    scenes: list[tuple[str, list[str]]] = []
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("== "):
            scenes.append((line.removeprefix("== ").strip(), []))
        elif scenes:
            scenes[-1][1].append(line.rstrip())
    return [Scene(file, title, tuple(lines)) for title, lines in scenes]


def rewrite(scene: Scene, acted: str) -> None:
    """Put what really happened into the file."""
    text = scene.file.read_text("utf-8")
    head, heading, rest = text.partition(f"== {scene.title}\n")
    _old, following, tail = rest.partition("\n== ")
    scene.file.write_text(head + heading + acted.rstrip("\n") + "\n" + following + tail, "utf-8")
