"""The picture of a place without anyone in it, painted once and kept."""

from collections.abc import Callable
from functools import lru_cache

from PIL import Image

from simulator.footage.canvas import Canvas
from simulator.footage.light import Light, relight
from simulator.footage.scenes import outdoors, passages, rooms
from simulator.footage.view import Scene, View

_PAINTERS: dict[Scene, Callable[[Canvas, View], None]] = {
    Scene.GATE: outdoors.gate,
    Scene.BIKE_SHED: outdoors.bike_shed,
    Scene.YARD: outdoors.yard,
    Scene.STAGE: outdoors.stage,
    Scene.FIELD: outdoors.field,
    Scene.GUARD_POST: outdoors.guard_post,
    Scene.FENCE: outdoors.fence,
    Scene.LOBBY: passages.lobby,
    Scene.CORRIDOR: passages.corridor,
    Scene.STAIRS: passages.stairs,
    Scene.BRIDGE: passages.bridge,
    Scene.COMPUTER_ROOM: rooms.computer_room,
    Scene.LABORATORY: rooms.laboratory,
    Scene.LIBRARY: rooms.library,
    Scene.STORE: rooms.store,
    Scene.GYM: rooms.gym,
    Scene.KITCHEN: rooms.kitchen,
    Scene.CANTEEN: rooms.canteen,
    Scene.SERVER_ROOM: rooms.server_room,
}


@lru_cache(maxsize=36)  # one of each camera in the usual size: about 100 MB at 1280 x 720
def backdrop(view: View, light: Light, size: tuple[int, int]) -> Image.Image:
    """The place in RGB, to be copied before anything is drawn on it."""
    canvas = Canvas(size)
    _PAINTERS[view.scene](canvas, view)
    return relight(canvas.finish(), light, whole=True)
