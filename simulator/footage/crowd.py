"""Who is where at an instant: the cast of a place, set in motion.

All of it follows from the camera and the time alone, so the same second looks the same whenever it is asked
for.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from simulator.footage.cast import CASTS, Cast, Lane, Place, Spot
from simulator.footage.people import PHASES, Figure, Kind, Pose
from simulator.footage.school_day import Hour, hour_at
from simulator.footage.view import View

_STEPS_PER_SECOND = 4
_STAY_SECONDS = 240
_CHILD = 0.84  # of a grown-up's height
_PAUSE = 0.25  # of a walk's length between one person and the next in the same slot


@dataclass(frozen=True, slots=True)
class Presence:
    """One visible person: feet at (x, y), `height` units tall from shadow to hair."""

    x: float
    y: float
    height: float
    figure: Figure


def people_at(view: View, local: datetime) -> list[Presence]:
    """Everyone in the picture, the farthest first."""
    cast = CASTS[view.scene]
    found = [*_standing(view, cast, local)]
    for index, lane in enumerate(cast.lanes):
        found += _walking(view, cast, index, lane, local)
    found.sort(key=lambda presence: presence.y)
    return found


def _chance(*parts: int) -> float:
    """A number in [0, 1) that follows from integers alone."""
    mixed = 0x9E3779B97F4A7C15
    for part in parts:
        mixed = (mixed ^ part) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        mixed ^= mixed >> 29
    mixed = mixed * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 11) / (1 << 53)


def _walking(view: View, cast: Cast, index: int, lane: Lane, local: datetime) -> list[Presence]:
    found = []
    period = lane.seconds * (1 + _PAUSE)
    moment = local.timestamp()
    for slot in range(lane.people):
        since = moment + period * (slot + _chance(view.number, index, slot)) / lane.people
        trip = math.floor(since / period)
        gone = (since - trip * period) / lane.seconds
        if gone > 1:
            continue
        began = local - timedelta(seconds=gone * lane.seconds)
        if _chance(view.number, index, slot, trip, 1) >= cast.share(hour_at(began)):
            continue
        pick = _chance(view.number, index, slot, trip, 2)
        away = _chance(view.number, index, slot, trip, 3) < 0.5
        share = 1 - gone if away else gone
        x, y, height = _along(lane.start, lane.end, share)
        kind = lane.kinds[int(pick * len(lane.kinds))]
        if lane.depth:
            # The far end of a lane is its start, so whoever goes back is seen from behind.
            pose, left = (Pose.BACK if away else Pose.FRONT), False
        else:
            pose, left = Pose.SIDE, (lane.end[0] < lane.start[0]) != away
        phase = int(moment * _STEPS_PER_SECOND + slot) % PHASES
        figure = Figure(kind, int(pick * 1000) % 12, pose, phase, left)
        sway = (_chance(view.number, index, slot, trip, 4) - 0.5) * height * 0.35
        found.append(
            Presence(x + (sway if lane.depth else 0), y + (0 if lane.depth else sway * 0.3), height, figure)
        )
    return [_sized(presence) for presence in found]


def _along(start: Place, end: Place, share: float) -> Place:
    """A place on the way, moving evenly in depth rather than on the picture."""
    if start[2] == end[2]:
        part, height = share, start[2]
    else:
        height = 1 / (1 / start[2] + (1 / end[2] - 1 / start[2]) * share)
        part = (height - start[2]) / (end[2] - start[2])
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part, height


def _standing(view: View, cast: Cast, local: datetime) -> tuple[Presence, ...]:
    return _settled(view, cast, hour_at(local), int(local.timestamp()) // _STAY_SECONDS)


@lru_cache(maxsize=64)
def _settled(view: View, cast: Cast, hour: Hour, stay: int) -> tuple[Presence, ...]:
    found = []
    for index, spot in enumerate(cast.spots):
        # Who sits, sits for the lesson; who stands moves on every few minutes.
        turn = stay // 12 if spot.pose is Pose.SEATED else stay
        if not _taken(view, cast, spot, index, hour, turn):
            continue
        pick = _chance(view.number, index, turn, 6)
        kind = spot.kinds[int(pick * len(spot.kinds))]
        figure = Figure(
            kind, int(pick * 1000) % 12, spot.pose, 0, pick * 10 % 1 < 0.5 and spot.pose is Pose.SIDE
        )
        found.append(_sized(Presence(*spot.place, figure)))
    return tuple(found)


def _taken(view: View, cast: Cast, spot: Spot, index: int, hour: Hour, turn: int) -> bool:
    if spot.only is not None:
        return hour in spot.only and _chance(view.number, index, turn, 5) < 0.95
    if spot.always and hour is not Hour.NIGHT:
        return True
    return _chance(view.number, index, turn, 5) < cast.share(hour)


def _sized(presence: Presence) -> Presence:
    figure = presence.figure
    if figure.kind in (Kind.BOY, Kind.GIRL, Kind.ATHLETE) and figure.pose is not Pose.SEATED:
        return Presence(presence.x, presence.y, presence.height * _CHILD, figure)
    return presence
