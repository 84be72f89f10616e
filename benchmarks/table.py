"""What a benchmark gives back, and how all of it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        what: what was measured, and what is in the figure.
        ours: the product's figure, with its unit.
        bare: what it is held against, measured in the same run; "" where the target is absolute.
        ratio: ours to bare as a text, or "".
        target: what design asks for.
        met: whether the target is met; None where there is none.
    """

    what: str
    ours: str
    bare: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds to read."""
    return f"{seconds * 1000:.1f} ms"


def printed(rows: Sequence[Row]) -> str:
    """The table."""
    verdicts = {True: "met", False: "MISSED", None: ""}
    cells = [("what", "ours", "bare", "ratio", "target", "")]
    cells += [(row.what, row.ours, row.bare, row.ratio, row.target, verdicts[row.met]) for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
