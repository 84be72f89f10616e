"""Stretches of recorded time: joined, and what is missing between them."""

from collections.abc import Iterable
from datetime import timedelta

from nvr_client.protocol import Span

SEAM = timedelta(seconds=5)
"""Recorders split footage into files and lose up to this much at the borders; no smaller hole is a gap."""


def joined(spans: Iterable[Span], within: Span) -> list[Span]:
    """The parts inside `within`, joined where the seam is at most five seconds, oldest first."""
    parts: list[Span] = []
    for span in sorted(spans, key=lambda item: item.start):
        start, end = max(span.start, within.start), min(span.end, within.end)
        if start >= end:
            continue
        if parts and start - parts[-1].end <= SEAM:
            parts[-1] = Span(parts[-1].start, max(parts[-1].end, end))
        else:
            parts.append(Span(start, end))
    return parts


def gaps_between(parts: Iterable[Span], within: Span) -> tuple[Span, ...]:
    """What of `within` the parts do not cover, in order."""
    gaps: list[Span] = []
    reached = within.start
    for part in parts:
        if part.start > reached:
            gaps.append(Span(reached, part.start))
        reached = max(reached, part.end)
    if reached < within.end:
        gaps.append(Span(reached, within.end))
    return tuple(gaps)


def without(parts: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """The parts with the holes cut out of them."""
    rest = list(parts)
    for hole in holes:
        cut: list[Span] = []
        for part in rest:
            if part.start < min(hole.start, part.end):
                cut.append(Span(part.start, min(hole.start, part.end)))
            if part.end > max(hole.end, part.start):
                cut.append(Span(max(hole.end, part.start), part.end))
        rest = cut
    return rest
