"""The figures: pupils in white shirts and red scarves, teachers, guards, cooks; cut out once and kept.

A figure is drawn in units of 100 x 200, its feet at y = 192. Walking has four phases.
"""

import math
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from PIL import Image, ImageChops

from simulator.footage.canvas import Canvas, mix
from simulator.footage.light import Light, relight

PHASES = 4
_STEP = 1.03
_TALLEST_DRAWN = 256  # pixels; who comes nearer is enlarged, which stays smooth and saves much time
_STRIDE = (0.0, 1.0, 0.0, -1.0)


class Kind(Enum):
    """Who it is."""

    BOY = auto()
    GIRL = auto()
    TEACHER = auto()  # in áo dài
    MASTER = auto()
    GUARD = auto()
    COOK = auto()
    ATHLETE = auto()


class Pose(Enum):
    """How it is seen."""

    SIDE = auto()
    FRONT = auto()
    BACK = auto()
    SEATED = auto()  # from behind, down to the waist


@dataclass(frozen=True, slots=True)
class Figure:
    """One look of one person; `variant` chooses hair, bag and colours, `left` turns a side view round."""

    kind: Kind
    variant: int
    pose: Pose
    phase: int = 0
    left: bool = False


_HAIR = ("#2a2326", "#352a2a", "#231f24")
_SKIN = ("#f1c7a0", "#e8b88d", "#f5d1ad")
_BAGS = ("#4b86c5", "#d9674e", "#e0a33a", "#5aa581", "#8a6fc0", "#5b6675")
_AO_DAI = ("#e58aa6", "#7fb2dd", "#b79be0", "#f0b56a", "#79c2ad")
_SHIRT = {
    Kind.BOY: "#fdfdfb",
    Kind.GIRL: "#fdfdfb",
    Kind.MASTER: "#b9d3ea",
    Kind.GUARD: "#6f8fb8",
    Kind.COOK: "#fbfbf8",
    Kind.ATHLETE: "#f7fafc",
}
_TROUSERS = {
    Kind.BOY: "#2f4066",
    Kind.GIRL: "#2f4066",
    Kind.TEACHER: "#fbf7ef",
    Kind.MASTER: "#4a4f5c",
    Kind.GUARD: "#2c3a58",
    Kind.COOK: "#5c6b78",
    Kind.ATHLETE: "#3473b8",
}


@lru_cache(maxsize=500)
def cut_out(figure: Figure, height: int, light: Light) -> Image.Image:
    """The figure on transparency (RGBA), `height` pixels high and half as wide, its shadow at its feet."""
    height = max(8, height)
    drawn = 64
    while drawn < min(height, _TALLEST_DRAWN):
        drawn *= 2
    return _drawn(figure, drawn, light).resize((height // 2, height), Image.Resampling.BILINEAR)


def stepped(height: float) -> int:
    """The nearest of the heights, 3 % apart, that figures are cut out in: few to keep, and no eye sees it."""
    return round(_STEP ** round(math.log(max(8.0, height), _STEP)))


@lru_cache(maxsize=400)
def _drawn(figure: Figure, height: int, light: Light) -> Image.Image:
    # Drawn twice, on black and on white: what differs between them is transparency.
    on_black, on_white = (_paint(figure, height, ground) for ground in ("#000000", "#ffffff"))
    alpha = ImageChops.difference(on_white, on_black).convert("L").point(lambda value: 255 - value)
    picture = on_black.convert("RGB")
    picture.putalpha(alpha)
    return relight(picture, light, whole=False)


def _paint(figure: Figure, height: int, ground: str) -> Image.Image:
    width = height // 2
    c = Canvas((width, height), units=100)
    c.rect(-5, -5, 120, 220, ground)
    if figure.pose is not Pose.SEATED:
        c.ellipse(50, 192, 27, 6, (24, 34, 56, 70))
    (_seated if figure.pose is Pose.SEATED else _side if figure.pose is Pose.SIDE else _upright)(c, figure)
    picture = c.finish()
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if figure.left else picture


def _colours(figure: Figure) -> tuple[str, str, str, str]:
    shirt = _AO_DAI[figure.variant % len(_AO_DAI)] if figure.kind is Kind.TEACHER else _SHIRT[figure.kind]
    v = figure.variant
    return shirt, _TROUSERS[figure.kind], _SKIN[v % len(_SKIN)], _HAIR[v // 2 % len(_HAIR)]


def _pupil(figure: Figure) -> bool:
    return figure.kind in (Kind.BOY, Kind.GIRL)


def _side(c: Canvas, figure: Figure) -> None:
    """Walking to the right."""
    shirt, trousers, skin, hair = _colours(figure)
    swing = _STRIDE[figure.phase] * 17
    shade = mix(shirt, "#34466f", 0.16)
    far_leg, near_leg = mix(trousers, "#1b2438", 0.25), trousers
    long_tunic = figure.kind is Kind.TEACHER
    for sign, colour in ((-1, far_leg), (1, near_leg)):
        foot = 50 + sign * swing
        knee = 50 + sign * swing * 0.62 + 3
        c.line([(50, 116), (knee, 152), (foot, 186)], colour, 14)
        c.ellipse(foot + 4, 188, 10, 5, "#3c3f4c" if figure.kind is not Kind.TEACHER else "#c98a6a")
    if _pupil(figure):
        bag = _BAGS[figure.variant % len(_BAGS)]
        c.rect(24, 68, 22, 46, bag, 8)
        c.rect(22, 88, 14, 22, mix(bag, "#1b2438", 0.2), 5)
    c.line([(52, 74), (52 + swing * 0.8, 96), (54 + swing * 1.1, 114)], mix(skin, "#1b2438", 0.12), 8)
    if long_tunic:
        c.polygon(
            [
                (38, 66),
                (62, 66),
                (64, 112),
                (66 + abs(swing) * 0.3, 168),
                (36 - abs(swing) * 0.3, 168),
                (38, 112),
            ],
            shirt,
        )
    elif figure.kind is Kind.GIRL and figure.variant % 3 == 0:
        c.polygon([(40, 110), (62, 110), (70, 146), (32, 146)], trousers)
    c.rect(37, 62, 27, 60, shirt, 10)
    c.rect(37, 62, 10, 60, shade, 8)
    if figure.kind is Kind.COOK:
        c.rect(48, 84, 18, 62, "#e7ecee", 4)
    if figure.kind is Kind.GUARD:
        c.rect(37, 116, 28, 6, "#1f2a44")
    if figure.kind is Kind.ATHLETE:
        c.rect(37, 84, 27, 8, "#3473b8")
    arm = -swing
    c.line([(50, 72), (50 + arm * 0.55, 90)], mix(shirt, "#34466f", 0.08), 11)
    c.line(
        [(50 + arm * 0.55, 90), (54 + arm * 1.05, 114)],
        skin if not long_tunic else shirt,
        8 if not long_tunic else 10,
    )
    c.ellipse(54 + arm * 1.05, 115, 5, 5, skin)
    if _pupil(figure):
        c.polygon([(44, 60), (64, 60), (62, 69), (58, 69), (64, 86), (56, 84), (52, 70)], "#d8382f")
    c.rect(46, 50, 12, 14, mix(skin, "#8a4f36", 0.15))
    _head(c, figure, skin, hair, facing=6)


def _upright(c: Canvas, figure: Figure) -> None:
    """Seen from the front or from behind; walking lifts the feet in turn."""
    shirt, trousers, skin, hair = _colours(figure)
    back = figure.pose is Pose.BACK
    lift = _STRIDE[figure.phase] * 6
    for sign, x in ((-1, 42), (1, 58)):
        up = max(0.0, sign * lift)
        c.line([(x, 116), (x, 184 - up)], trousers if sign > 0 else mix(trousers, "#1b2438", 0.15), 14)
        c.ellipse(x, 187 - up, 8, 6, "#3c3f4c")
    for sign in (-1, 1):
        hand = 114 - sign * lift
        c.line([(50 + sign * 17, 72), (50 + sign * 23, 92)], mix(shirt, "#34466f", 0.1), 11)
        c.line(
            [(50 + sign * 23, 92), (50 + sign * 22, hand)], shirt if figure.kind is Kind.TEACHER else skin, 8
        )
        c.ellipse(50 + sign * 22, hand, 5, 5, skin)
    if figure.kind is Kind.TEACHER:
        c.polygon([(33, 66), (67, 66), (64, 112), (70, 170), (30, 170), (36, 112)], shirt)
    elif figure.kind is Kind.GIRL and figure.variant % 3 == 0:
        c.polygon([(34, 110), (66, 110), (74, 148), (26, 148)], trousers)
    c.rect(32, 62, 36, 60, shirt, 11)
    c.rect(32, 100, 36, 22, mix(shirt, "#34466f", 0.06), 8)
    if figure.kind is Kind.COOK and not back:
        c.rect(38, 82, 24, 66, "#e7ecee", 4)
    if figure.kind is Kind.GUARD:
        c.rect(32, 116, 36, 6, "#1f2a44")
    if figure.kind is Kind.ATHLETE:
        c.rect(32, 84, 36, 8, "#3473b8")
    if back and _pupil(figure):
        bag = _BAGS[figure.variant % len(_BAGS)]
        c.rect(34, 66, 32, 48, bag, 9)
        c.rect(38, 88, 24, 20, mix(bag, "#1b2438", 0.18), 5)
    elif _pupil(figure):
        c.polygon(
            [(38, 60), (62, 60), (56, 70), (60, 88), (53, 86), (50, 73), (47, 86), (40, 88), (44, 70)],
            "#d8382f",
        )
    c.rect(44, 50, 12, 14, mix(skin, "#8a4f36", 0.15))
    _head(c, figure, skin, hair, facing=0, back=back)


def _seated(c: Canvas, figure: Figure) -> None:
    """From behind: chair back, shoulders, head."""
    shirt, _, skin, hair = _colours(figure)
    c.rect(26, 62, 48, 72, shirt, 16)
    c.rect(20, 74, 14, 46, mix(shirt, "#34466f", 0.12), 7)
    c.rect(66, 74, 14, 46, mix(shirt, "#34466f", 0.12), 7)
    if _pupil(figure):
        c.polygon([(38, 60), (62, 60), (58, 68), (42, 68)], "#d8382f")
    c.rect(44, 48, 12, 16, mix(skin, "#8a4f36", 0.2))
    _head(c, figure, skin, hair, facing=0, back=True)
    c.rect(22, 108, 56, 34, "#4f8f7d", 6)
    c.rect(22, 108, 56, 6, "#6fae9b", 3)
    c.rect(30, 142, 7, 48, "#5d6873")
    c.rect(63, 142, 7, 48, "#5d6873")


def _head(c: Canvas, figure: Figure, skin: str, hair: str, *, facing: float, back: bool = False) -> None:
    long_hair = figure.kind in (Kind.GIRL, Kind.TEACHER) or (
        figure.kind is Kind.ATHLETE and figure.variant % 2
    )
    if long_hair and not back:
        length = (46 if figure.variant % 2 else 34) if facing else 30
        c.rect(30 - facing * 0.4, 30, 40 - facing * 1.6, length, hair, 12)
    c.ellipse(50 + facing * 0.5, 36, 18, 20, skin)
    if back:
        c.ellipse(50, 33, 20, 20, hair)
        if long_hair and figure.variant % 2:
            c.polygon([(44, 42), (56, 42), (60, 84), (50, 92), (41, 84)], hair)
            c.rect(43, 46, 14, 5, "#e0709a", 2)
        elif long_hair:
            c.rect(31, 32, 38, 42, hair, 14)
    else:
        crown = [(31, 36), (31, 24), (38, 15), (50, 12), (62, 15), (69, 24), (69 - facing * 0.6, 33)]
        fringe = [(60 + facing * 0.8, 25), (50, 28), (38 + facing * 0.3, 26), (36 - facing * 0.3, 40)]
        c.polygon([*crown, *fringe], hair)
        for eye in (-6.5, 6.5):
            if facing and eye < 0:
                continue
            c.ellipse(50 + facing + eye * (1 if not facing else 0.7), 38, 2.1, 2.6, "#3a2c2c")
        c.ellipse(43 + facing * 1.4, 45, 3.4, 2, (226, 120, 100, 90))
    if figure.kind is Kind.GUARD:
        c.polygon([(30, 24), (33, 13), (50, 8), (67, 13), (70, 24)], "#2c3a58")
        c.rect(29, 22, 42 + facing * 1.2, 6, "#1f2a44", 3)
    if figure.kind is Kind.COOK:
        c.ellipse(50, 13, 19, 12, "#ffffff")
        c.rect(33, 14, 34, 11, "#f0f3f4", 3)
