"""Channels that cannot be reached just now: one message at a time tries, the others keep their turn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

log = structlog.get_logger(__name__)

_FIRST_PAUSE = timedelta(seconds=0.5)
_LONGEST_PAUSE = timedelta(seconds=5)


@dataclass(slots=True)
class _Outage:
    until: datetime
    pause: timedelta


class Outages:
    """What is known about lost channels. A loss and the return are told once in the log."""

    def __init__(self) -> None:
        self._lost: dict[str, _Outage] = {}

    def __bool__(self) -> bool:
        return bool(self._lost)

    def lost(self, channel: str, now: datetime, why: str) -> datetime:
        """A message could not be handed over; when the next one may try."""
        outage = self._lost.get(channel)
        if outage is None:
            log.warning("deliver.lost", channel=channel, why=why)
            outage = self._lost[channel] = _Outage(now + _FIRST_PAUSE, _FIRST_PAUSE)
        elif outage.until <= now:
            outage.pause = min(outage.pause * 2, _LONGEST_PAUSE)
            outage.until = now + outage.pause
        return outage.until

    def back(self, channel: str) -> None:
        """A message went through."""
        if self._lost.pop(channel, None) is not None:
            log.warning("deliver.back", channel=channel)

    def paused_until(self, channel: str, now: datetime) -> datetime | None:
        """When a lost channel may be tried again; None where it may be tried now."""
        outage = self._lost.get(channel)
        return outage.until if outage is not None and outage.until > now else None

    def all_paused_until(self, channels: Collection[str], now: datetime) -> datetime | None:
        """When the first of these may be tried again; None where one may be tried now."""
        waits = [until for name in channels if (until := self.paused_until(name, now)) is not None]
        return min(waits) if waits and len(waits) == len(channels) else None
