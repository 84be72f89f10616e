"""Where people walk, stand and sit in each kind of place, and how many at which hour."""

from dataclasses import dataclass

from simulator.footage.people import Kind, Pose
from simulator.footage.school_day import Hour
from simulator.footage.view import Scene

Place = tuple[float, float, float]
"""x, y of the feet and the height of a grown-up there, in units of a 1280 x 720 picture."""

PUPILS = (Kind.BOY, Kind.GIRL)
EVERYBODY = (Kind.BOY, Kind.GIRL, Kind.BOY, Kind.GIRL, Kind.BOY, Kind.GIRL, Kind.TEACHER, Kind.MASTER)
STAFF = (Kind.TEACHER, Kind.MASTER)
GUARDS = (Kind.GUARD,)
COOKS = (Kind.COOK,)
ATHLETES = (Kind.ATHLETE,)


@dataclass(frozen=True, slots=True)
class Lane:
    """A straight way that people walk, both ways unless `one_way`; `people` at most at once."""

    start: Place
    end: Place
    seconds: float
    people: int
    kinds: tuple[Kind, ...] = EVERYBODY
    depth: bool = False  # towards or away from the camera: seen from the front or from behind


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where someone stands or sits for a while."""

    place: Place
    pose: Pose
    kinds: tuple[Kind, ...] = PUPILS
    always: bool = False  # there at every hour but the night
    only: frozenset[Hour] | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone who may be in a place; `busy` is the share of them who are, by hour."""

    lanes: tuple[Lane, ...] = ()
    spots: tuple[Spot, ...] = ()
    busy: tuple[tuple[Hour, float], ...] = ()

    def share(self, hour: Hour) -> float:
        """How much of the cast is about at an hour, 0 to 1."""
        return dict(self.busy).get(hour, 0.0)


_OUTSIDE = (
    (Hour.QUIET, 0.08),
    (Hour.COMING, 0.85),
    (Hour.CEREMONY, 0.1),
    (Hour.LESSON, 0.1),
    (Hour.CHANGE, 0.3),
    (Hour.BREAK, 1.0),
    (Hour.LUNCH, 0.5),
    (Hour.LEAVING, 0.9),
)
_GATE = (
    (Hour.QUIET, 0.15),
    (Hour.COMING, 1.0),
    (Hour.LESSON, 0.1),
    (Hour.CEREMONY, 0.1),
    (Hour.CHANGE, 0.12),
    (Hour.BREAK, 0.25),
    (Hour.LUNCH, 0.5),
    (Hour.LEAVING, 1.0),
)
_PASSAGE = (
    (Hour.QUIET, 0.05),
    (Hour.COMING, 0.7),
    (Hour.CEREMONY, 0.03),
    (Hour.LESSON, 0.1),
    (Hour.CHANGE, 0.75),
    (Hour.BREAK, 1.0),
    (Hour.LUNCH, 0.4),
    (Hour.LEAVING, 0.85),
)
_ROOM = ((Hour.LESSON, 0.93), (Hour.CHANGE, 0.6), (Hour.BREAK, 0.15), (Hour.COMING, 0.1), (Hour.QUIET, 0.0))
_READING = (
    (Hour.LESSON, 0.35),
    (Hour.BREAK, 0.85),
    (Hour.LUNCH, 0.7),
    (Hour.CHANGE, 0.3),
    (Hour.COMING, 0.2),
)
_EATING = ((Hour.LUNCH, 0.95), (Hour.BREAK, 0.2), (Hour.LESSON, 0.05), (Hour.COMING, 0.2))
_COOKING = ((Hour.COMING, 0.6), (Hour.LESSON, 0.9), (Hour.CHANGE, 0.9), (Hour.BREAK, 0.9), (Hour.LUNCH, 0.8))
_SELDOM = (
    (Hour.LESSON, 0.25),
    (Hour.CHANGE, 0.25),
    (Hour.BREAK, 0.3),
    (Hour.COMING, 0.2),
    (Hour.LEAVING, 0.2),
)
_SPORT = ((Hour.LESSON, 0.9), (Hour.CHANGE, 0.4), (Hour.BREAK, 0.9), (Hour.LEAVING, 0.5), (Hour.COMING, 0.3))
_CEREMONY = frozenset({Hour.CEREMONY})


def _row(
    x0: float, x1: float, y: float, height: float, count: int, pose: Pose, **rest: object
) -> tuple[Spot, ...]:
    step = (x1 - x0) / max(1, count - 1)
    kinds = rest.get("kinds", PUPILS)
    only = rest.get("only")
    if not isinstance(kinds, tuple) or not isinstance(only, frozenset | None):
        raise TypeError("kinds are a tuple, hours a frozenset")
    return tuple(Spot((x0 + i * step, y, height), pose, kinds, only=only) for i in range(count))


_YARD_LANES = (
    Lane((-80, 470, 96), (1360, 470, 96), 34, 6, PUPILS),
    Lane((-80, 545, 126), (1360, 545, 126), 28, 7, PUPILS),
    Lane((1380, 600, 150), (-100, 600, 150), 25, 5),
    Lane((-120, 690, 190), (1400, 690, 190), 20, 4, PUPILS),
)
_CEREMONY_ROWS = tuple(
    spot
    for y, height, count in ((540, 112, 15), (590, 132, 14), (648, 156, 13), (706, 182, 11))
    for spot in _row(
        150 - (y - 540) * 0.4, 1130 + (y - 540) * 0.4, y, height, count, Pose.BACK, only=_CEREMONY
    )
)
_TALKING = (
    Spot((250, 610, 152), Pose.FRONT),
    Spot((300, 618, 154), Pose.BACK),
    Spot((210, 624, 156), Pose.SIDE),
    Spot((940, 570, 138), Pose.FRONT),
    Spot((985, 578, 140), Pose.SIDE),
    Spot((760, 655, 172), Pose.BACK),
    Spot((812, 650, 170), Pose.FRONT),
    Spot((500, 500, 108), Pose.FRONT),
    Spot((540, 504, 110), Pose.BACK),
)
_CORRIDOR_LANES = (
    Lane((600, 360, 62), (470, 790, 470), 14, 5, depth=True),
    Lane((660, 360, 62), (690, 800, 480), 16, 5, depth=True),
    Lane((720, 360, 62), (960, 800, 480), 15, 5, depth=True),
)
_LEANING = (
    Spot((850, 470, 190), Pose.FRONT),
    Spot((790, 420, 130), Pose.BACK),
    Spot((520, 440, 155), Pose.FRONT),
    Spot((560, 400, 108), Pose.SIDE),
)

CASTS: dict[Scene, Cast] = {
    Scene.GATE: Cast(
        (
            Lane((-80, 592, 138), (1360, 592, 138), 27, 9),
            Lane((560, 436, 74), (560, 596, 136), 13, 4, PUPILS, depth=True),
            Lane((640, 436, 74), (660, 600, 138), 12, 4, depth=True),
            Lane((730, 436, 74), (770, 600, 138), 14, 4, PUPILS, depth=True),
            Lane((1370, 696, 178), (-90, 696, 178), 17, 3),
        ),
        (Spot((1010, 588, 146), Pose.FRONT, GUARDS, always=True), Spot((460, 598, 140), Pose.SIDE, STAFF)),
        _GATE,
    ),
    Scene.GUARD_POST: Cast(
        (
            Lane((-90, 560, 168), (620, 560, 168), 17, 4),
            Lane((1380, 700, 232), (-120, 700, 232), 16, 4),
            Lane((270, 486, 110), (240, 660, 210), 12, 3, PUPILS, depth=True),
        ),
        (Spot((600, 616, 206), Pose.FRONT, GUARDS, always=True),),
        _GATE,
    ),
    Scene.BIKE_SHED: Cast(
        (
            Lane((-90, 512, 140), (1370, 512, 140), 24, 4, PUPILS),
            Lane((1380, 632, 190), (-110, 632, 190), 20, 4, PUPILS),
            Lane((-120, 712, 226), (1400, 712, 226), 17, 2),
        ),
        (Spot((1130, 640, 196), Pose.FRONT, GUARDS), Spot((560, 524, 146), Pose.BACK)),
        _GATE,
    ),
    Scene.YARD: Cast(_YARD_LANES, (*_TALKING, *_CEREMONY_ROWS), _OUTSIDE),
    Scene.STAGE: Cast(
        _YARD_LANES[1:],
        (*_TALKING[:7], Spot((520, 512, 116), Pose.FRONT, only=_CEREMONY), *_CEREMONY_ROWS[15:]),
        _OUTSIDE,
    ),
    Scene.FIELD: Cast(
        (
            Lane((-90, 640, 164), (1370, 580, 150), 12, 5, ATHLETES),
            Lane((1380, 640, 168), (-100, 700, 190), 11, 4, ATHLETES),
            Lane((200, 430, 82), (1000, 470, 96), 11, 4, ATHLETES),
            Lane((900, 500, 108), (180, 440, 86), 10, 3, ATHLETES),
        ),
        (
            Spot((1050, 520, 128), Pose.FRONT, (Kind.MASTER,)),
            Spot((420, 520, 112), Pose.BACK, ATHLETES),
            Spot((470, 526, 114), Pose.FRONT, ATHLETES),
        ),
        _SPORT,
    ),
    Scene.LOBBY: Cast(
        (
            Lane((-90, 560, 236), (1370, 560, 236), 18, 4),
            Lane((1390, 660, 296), (-110, 660, 296), 16, 3),
            Lane((640, 444, 164), (600, 716, 320), 11, 2, depth=True),
        ),
        (Spot((250, 500, 196), Pose.BACK, PUPILS), Spot((1010, 520, 210), Pose.FRONT, STAFF)),
        _PASSAGE,
    ),
    Scene.CORRIDOR: Cast(_CORRIDOR_LANES, _LEANING, _PASSAGE),
    Scene.BRIDGE: Cast(_CORRIDOR_LANES, _LEANING[:3], _PASSAGE),
    Scene.STAIRS: Cast(
        (
            Lane((520, 330, 172), (430, 690, 262), 9, 4, depth=True),
            Lane((640, 330, 172), (640, 700, 266), 10, 4, depth=True),
            Lane((760, 330, 172), (850, 690, 262), 9, 4, PUPILS, depth=True),
        ),
        (),
        _PASSAGE,
    ),
    Scene.COMPUTER_ROOM: Cast(
        (Lane((120, 384, 150), (960, 384, 150), 26, 1, STAFF),),
        (
            *_row(304, 976, 470, 152, 6, Pose.SEATED),
            *_row(220, 1060, 588, 190, 6, Pose.SEATED),
            *_row(118, 1162, 730, 240, 6, Pose.SEATED),
        ),
        _ROOM,
    ),
    Scene.LABORATORY: Cast(
        (Lane((430, 400, 168), (850, 400, 168), 18, 1, (Kind.TEACHER,)),),
        (
            *_row(268, 532, 520, 176, 3, Pose.BACK),
            *_row(748, 1012, 520, 176, 3, Pose.BACK),
            *_row(130, 486, 700, 236, 3, Pose.BACK),
            *_row(794, 1150, 700, 236, 3, Pose.BACK),
        ),
        _ROOM,
    ),
    Scene.LIBRARY: Cast(
        (
            Lane((-90, 436, 172), (1000, 436, 172), 26, 2, PUPILS),
            Lane((1380, 712, 270), (-110, 712, 270), 24, 1, PUPILS),
        ),
        (
            *_row(270, 500, 560, 180, 3, Pose.SEATED),
            *_row(760, 960, 560, 180, 3, Pose.SEATED),
            *_row(410, 690, 716, 236, 3, Pose.SEATED),
            Spot((1090, 498, 180), Pose.FRONT, (Kind.TEACHER,), always=True),
        ),
        _READING,
    ),
    Scene.STORE: Cast((Lane((-90, 640, 260), (1370, 640, 260), 24, 1, STAFF),), (), _SELDOM),
    Scene.GYM: Cast(
        (
            Lane((220, 470, 130), (620, 520, 156), 6, 4, ATHLETES),
            Lane((1050, 470, 130), (700, 560, 172), 6, 4, ATHLETES),
            Lane((60, 690, 226), (1200, 640, 204), 11, 3, ATHLETES),
        ),
        (
            Spot((640, 400, 118), Pose.FRONT, (Kind.MASTER,)),
            Spot((320, 600, 186), Pose.BACK, ATHLETES),
            Spot((930, 620, 192), Pose.FRONT, ATHLETES),
        ),
        _SPORT,
    ),
    Scene.KITCHEN: Cast(
        (Lane((120, 528, 244), (900, 528, 244), 15, 2, COOKS),),
        (
            Spot((210, 512, 236), Pose.BACK, COOKS),
            Spot((620, 512, 236), Pose.BACK, COOKS),
            Spot((1100, 640, 268), Pose.SIDE, COOKS),
        ),
        _COOKING,
    ),
    Scene.CANTEEN: Cast(
        (
            Lane((-90, 384, 138), (1370, 384, 138), 22, 3),
            Lane((640, 384, 138), (640, 720, 262), 13, 2, PUPILS, depth=True),
        ),
        (
            *_row(258, 560, 476, 140, 4, Pose.SEATED),
            *_row(720, 1022, 476, 140, 4, Pose.SEATED),
            *_row(178, 516, 594, 178, 4, Pose.SEATED),
            *_row(764, 1102, 594, 178, 4, Pose.SEATED),
            *_row(54, 484, 744, 230, 4, Pose.SEATED),
            *_row(796, 1226, 744, 230, 4, Pose.SEATED),
        ),
        _EATING,
    ),
    Scene.SERVER_ROOM: Cast(
        (Lane((1370, 640, 286), (330, 640, 286), 22, 1, (Kind.MASTER,)),),
        (),
        ((Hour.LESSON, 0.12), (Hour.CHANGE, 0.12)),
    ),
    Scene.FENCE: Cast(
        (Lane((-100, 690, 214), (1370, 530, 120), 24, 2, (*GUARDS, *PUPILS)),),
        (),
        ((Hour.QUIET, 0.2), (Hour.LESSON, 0.15), (Hour.BREAK, 0.4), (Hour.LEAVING, 0.2), (Hour.COMING, 0.1)),
    ),
}
"""By kind of place."""
