"""What the renderer needs to know about a camera."""

from dataclasses import dataclass
from enum import StrEnum


class Scene(StrEnum):
    """The kind of place a camera looks at."""

    GATE = "gate"
    BIKE_SHED = "bike_shed"
    YARD = "yard"
    STAGE = "stage"
    FIELD = "field"
    GUARD_POST = "guard_post"
    LOBBY = "lobby"
    CORRIDOR = "corridor"
    STAIRS = "stairs"
    BRIDGE = "bridge"
    COMPUTER_ROOM = "computer_room"
    LABORATORY = "laboratory"
    LIBRARY = "library"
    STORE = "store"
    GYM = "gym"
    KITCHEN = "kitchen"
    CANTEEN = "canteen"
    SERVER_ROOM = "server_room"
    FENCE = "fence"


@dataclass(frozen=True, slots=True)
class View:
    """One camera's place: its 1-based number (at most 255), the burnt-in name and what it looks at."""

    number: int
    name: str
    scene: Scene
