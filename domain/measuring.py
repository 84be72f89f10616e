"""When recorders are asked what they keep (Điều 5), and for which days; as pure rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from domain.retention import DiskState, Stretch

BEFORE_SUMMARY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Times:
    """When things happen, in the school's clock.

    Attributes:
        summary_at: when the morning summary is sent; None: never.
        measure_at: when recorders are measured, in order; empty: never.
        spread: over how long the first measurement of a day is spread, so that it is gentle.
    """

    summary_at: time | None = None
    measure_at: tuple[time, ...] = ()
    spread: timedelta = timedelta()


def spread_until(times: Times, at: time, now: datetime) -> datetime | None:
    """Until when the round of `at`, begun now (in the school's clock), may take; None: no longer than needed.

    Only the first round of a day is spread, and it ends before the next one and a while before the summary.
    """
    if at != times.measure_at[0] or not times.spread:
        return None

    def today(clock: time) -> datetime:
        return datetime.combine(now.date(), clock, now.tzinfo)

    ends = [now + times.spread, *(today(later) for later in times.measure_at[1:])]
    if times.summary_at is not None and times.summary_at > at:
        ends.append(today(times.summary_at) - BEFORE_SUMMARY)
    end = min(ends)
    return end if end > now else None


def day_bounds(day: date, zone: tzinfo) -> Stretch:
    """The midnights of a day of the school."""
    return Stretch(
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )


def days_to_search(oldest: datetime, now: datetime, zone: tzinfo, keep_days: int) -> list[date]:
    """The days from the oldest recording until today, newest first, no further back than is of use.

    A little further than the limit, so that the map has its whole width and a leftover shows as one.
    """
    today = now.astimezone(zone).date()
    first = max(oldest.astimezone(zone).date(), today - timedelta(days=keep_days + 11))
    return [today - timedelta(days=back) for back in range((today - first).days + 1)]


def lost_a_disk(before: Sequence[DiskState], after: Sequence[DiskState]) -> bool:
    """Whether footage of finished days may have gone with a disk: one has failed or is no longer there."""
    now = {disk.name: disk.healthy for disk in after}
    return bool(after) and any(disk.healthy and not now.get(disk.name, False) for disk in before)


def failed_disks(before: Sequence[DiskState], after: Sequence[DiskState]) -> list[DiskState]:
    """Disks that are not well now and were so, or unknown, before."""
    bad: Mapping[str, bool] = {disk.name: not disk.healthy for disk in before}
    return [disk for disk in after if not disk.healthy and not bad.get(disk.name, False)]
