"""Things that stand about in a school: trees, buildings, furniture, bicycles."""

from collections.abc import Sequence
from math import cos, pi, sin
from random import Random

from simulator.footage import palette as p
from simulator.footage.canvas import Canvas, Point, mix


def sky(c: Canvas, horizon: float, seed: int) -> None:
    """Sky with a few clouds down to the horizon."""
    c.gradient(0, horizon, p.SKY_TOP, p.SKY_BOTTOM)
    far = mix(p.LEAF, p.SKY_BOTTOM, 0.5)
    c.rect(0, horizon, 1280, 720 - horizon, far)
    chance = Random(seed)
    for i in range(26):
        c.ellipse(i * 52, horizon + 12, chance.uniform(34, 52), chance.uniform(22, 44), far)
    for _ in range(4):
        x, y, w = chance.uniform(0, 1280), chance.uniform(60, horizon * 0.55), chance.uniform(60, 120)
        for dx, dy, share in ((-0.5, 0, 0.42), (0, -0.16, 0.6), (0.5, 0, 0.46), (0, 0.06, 0.85)):
            c.ellipse(x + dx * w, y + dy * w, w * share, w * share * 0.36, (255, 255, 255, 120))


def tree(c: Canvas, x: float, ground: float, height: float, *, flame: bool = False) -> None:
    """A round tree with its shadow; a flame tree has red blossoms."""
    crown = height * 0.34
    c.shadow(_oval(x + height * 0.12, ground + 4, crown * 1.05, crown * 0.2), 80, 6)
    w = height * 0.035
    top = ground - height * 0.55
    c.polygon([(x - w * 1.5, ground), (x - w * 0.8, top), (x + w * 0.8, top), (x + w * 1.5, ground)], p.TRUNK)
    c.line([(x, ground - height * 0.42), (x + crown * 0.5, ground - height * 0.62)], p.TRUNK, w)
    c.line([(x, ground - height * 0.38), (x - crown * 0.5, ground - height * 0.6)], p.TRUNK, w)
    cy = ground - height * 0.7
    blobs = ((-0.62, 0.18, 0.62), (0.6, 0.2, 0.6), (0, 0.1, 0.8), (-0.32, -0.3, 0.62), (0.36, -0.28, 0.6))
    for colour, shift in ((p.LEAF_DARK, 0.1), (p.LEAF, 0.0), (p.LEAF_LIGHT, -0.13)):
        size = {p.LEAF_DARK: 1.0, p.LEAF: 0.9, p.LEAF_LIGHT: 0.52}[colour]
        for bx, by, br in blobs:
            r = crown * br * size
            c.ellipse(x + (bx + shift * 0.6) * crown, cy + (by + shift) * crown, r, r * 0.88, colour)
    if flame:
        chance = Random(int(x))
        for _ in range(46):
            bx, by = chance.uniform(-1.05, 1.0), chance.uniform(-0.75, 0.6)
            if bx * bx + by * by < 1:
                c.ellipse(x + bx * crown, cy + by * crown, crown * 0.07, crown * 0.055, p.FLAME)


def bush(c: Canvas, x: float, ground: float, width: float, colour: str = p.LEAF) -> None:
    """A low hedge."""
    count = max(2, round(width / 34))
    step = width / count
    for shade, lift, size in ((mix(colour, p.LEAF_DARK, 0.7), 0, 1.0), (colour, 5, 0.88)):
        for i in range(count):
            c.ellipse(x + step * (i + 0.5), ground - 15 - lift, step * 0.72 * size, 20 * size, shade)
        c.rect(x, ground - 16 - lift, width, 16, shade, 6)


def pot(c: Canvas, x: float, ground: float, height: float) -> None:
    """A pot plant."""
    w = height * 0.3
    c.shadow(_oval(x, ground, w * 1.2, w * 0.3), 70, 4)
    for lean in (-0.9, -0.5, 0.0, 0.5, 0.9):
        tip = (x + lean * w * 1.3, ground - height * (1.0 - abs(lean) * 0.25))
        base = ground - height * 0.36
        bend = x + lean * w * 0.7
        c.polygon([(x - 3, base), (bend - w * 0.26, ground - height * 0.7), tip], p.LEAF_DARK)
        c.polygon([(x + 3, base), (bend + w * 0.26, ground - height * 0.7), tip], p.LEAF)
    c.polygon(
        [
            (x - w, ground - height * 0.4),
            (x + w, ground - height * 0.4),
            (x + w * 0.7, ground),
            (x - w * 0.7, ground),
        ],
        "#b9694a",
    )
    c.rect(x - w * 1.1, ground - height * 0.44, w * 2.2, height * 0.08, "#cf7d5b", 2)


def building(
    c: Canvas, x: float, ground: float, width: float, *, floors: int, bays: int, storey: float = 92
) -> None:
    """A yellow school wing: open corridors with railings in front of doors and windows, red tiles above."""
    top = ground - floors * storey
    bay = width / bays
    c.rect(x, top, width, floors * storey, p.WALL_SHADE)
    for floor in range(floors):
        y = top + floor * storey
        c.rect(x, y, width, storey * 0.12, mix(p.WALL_SHADE, p.INK, 0.25))
        for i in range(bays):
            bx = x + i * bay
            c.rect(bx + bay * 0.12, y + storey * 0.3, bay * 0.3, storey * 0.62, p.DOOR)
            c.rect(bx + bay * 0.15, y + storey * 0.34, bay * 0.24, storey * 0.16, p.GLASS_DARK)
            c.rect(bx + bay * 0.52, y + storey * 0.32, bay * 0.38, storey * 0.36, p.TRIM)
            c.rect(bx + bay * 0.54, y + storey * 0.34, bay * 0.34, storey * 0.32, p.GLASS)
            c.polygon(
                [
                    (bx + bay * 0.54, y + storey * 0.66),
                    (bx + bay * 0.54, y + storey * 0.5),
                    (bx + bay * 0.72, y + storey * 0.34),
                    (bx + bay * 0.82, y + storey * 0.34),
                ],
                mix(p.GLASS, p.WHITE, 0.45),
            )
            c.rect(bx + bay * 0.705, y + storey * 0.34, 3, storey * 0.32, p.FRAME)
        if floor < floors - 1:
            c.rect(x, y + storey * 0.68, width, storey * 0.32, p.WALL_LIGHT)
            for i in range(round(width / 13)):
                c.rect(x + i * 13 + 5, y + storey * 0.75, 5, storey * 0.16, p.WALL_SHADE, 2)
            c.rect(x - 3, y + storey * 0.66, width + 6, storey * 0.05, p.TRIM)
            c.rect(x - 3, y + storey * 0.95, width + 6, storey * 0.06, p.TRIM)
    for i in range(bays + 1):
        c.rect(x + i * bay - 6, top, 12, floors * storey, p.WALL)
        c.rect(x + i * bay + 2, top, 4, floors * storey, p.WALL_SHADE)
    c.rect(x - 8, ground - 8, width + 16, 8, p.PAVING_DARK)
    tiled_roof(c, x - 22, top, width + 44, storey * 0.62)


def tiled_roof(c: Canvas, x: float, eaves: float, width: float, height: float) -> None:
    """A hipped roof of red tiles, its eaves at `eaves`."""
    slope = min(height * 1.1, width * 0.2)
    top = eaves - height
    c.polygon([(x, eaves), (x + slope, top), (x + width - slope, top), (x + width, eaves)], p.ROOF)
    rows = max(3, int(height / 11))
    for row in range(1, rows):
        share = row / rows
        y = top + height * share
        inset = slope * (1 - share)
        c.line([(x + inset, y), (x + width - inset, y)], p.ROOF_DARK, 2)
    for i in range(1, int(width / 26)):
        share = i * 26 / width
        c.line(
            [(x + slope + share * (width - 2 * slope), top), (x + share * width, eaves)],
            (164, 70, 50, 120),
            1.5,
        )
    c.rect(x + slope - 4, top - 5, width - 2 * slope + 8, 8, p.ROOF_LIGHT, 3)
    c.rect(x - 4, eaves - 2, width + 8, 9, p.TRIM)
    c.rect(x, eaves + 7, width, 7, (29, 42, 68, 60))


def flag(c: Canvas, x: float, y: float, width: float) -> None:
    """The flag of Viet Nam, a little wavy, its upper hoist corner at (x, y)."""
    height = width * 0.64
    wave = (0, -0.035, -0.01, 0.03, 0.01)
    steps = len(wave) - 1
    upper = [(x + width * i / steps, y + height * wave[i]) for i in range(steps + 1)]
    c.polygon([*upper, *[(px, py + height) for px, py in reversed(upper)]], p.RED)
    star(c, x + width * 0.5, y + height * 0.48, height * 0.3)


def star(c: Canvas, x: float, y: float, radius: float) -> None:
    """A five-pointed yellow star."""
    points = [
        (
            x + sin(i * pi / 5) * radius * (1 if i % 2 == 0 else 0.4),
            y - cos(i * pi / 5) * radius * (1 if i % 2 == 0 else 0.4),
        )
        for i in range(10)
    ]
    c.polygon(points, p.YELLOW)


def sign(c: Canvas, x: float, y: float, width: float, height: float, words: str, colour: str = p.RED) -> None:
    """A board with words, its centre at (x, y)."""
    c.shadow(_box(x - width / 2 + 4, y - height / 2 + 5, width, height), 80, 4)
    c.rect(x - width / 2, y - height / 2, width, height, p.TRIM, 5)
    c.rect(x - width / 2 + 3, y - height / 2 + 3, width - 6, height - 6, colour, 4)
    c.text(
        x,
        y,
        words,
        min(height * 0.52, width * 1.55 / max(1, len(words))),
        p.YELLOW if colour == p.RED else p.WHITE,
    )


def bicycle(c: Canvas, x: float, ground: float, size: float, colour: str) -> None:
    """A parked bicycle, `size` units long."""
    r = size * 0.2
    left, right = (x - size * 0.3, ground - r), (x + size * 0.3, ground - r)
    for cx, cy in (left, right):
        c.ring(cx, cy, r, p.INK, size * 0.028)
        c.ring(cx, cy, r * 0.86, p.STEEL_LIGHT, size * 0.012)
    seat, bars, pedals = (
        (x - size * 0.1, ground - r * 2.7),
        (x + size * 0.22, ground - r * 3.0),
        (x, ground - r),
    )
    w = size * 0.04
    c.line([left, seat, pedals, left], colour, w)
    c.line([seat, (bars[0] - 2, bars[1] + r * 0.5), pedals], colour, w)
    c.line([right, bars], colour, w)
    c.line([(bars[0] - size * 0.08, bars[1] - 2), (bars[0] + size * 0.05, bars[1] - 4)], p.INK, w * 0.8)
    c.rect(seat[0] - size * 0.08, seat[1] - size * 0.05, size * 0.16, size * 0.05, p.INK, size * 0.02)
    basket = (bars[0] + size * 0.03, bars[1] + 2)
    c.rect(basket[0], basket[1], size * 0.15, size * 0.12, p.STEEL, 3)


def motorbike(c: Canvas, x: float, ground: float, size: float, colour: str) -> None:
    """A parked scooter, `size` units long."""
    r = size * 0.16
    c.shadow(_oval(x, ground, size * 0.5, size * 0.07), 90, 5)
    body: Sequence[Point] = [
        (x - size * 0.44, ground - r * 2.4),
        (x - size * 0.02, ground - r * 2.3),
        (x + size * 0.06, ground - r * 1.2),
        (x + size * 0.2, ground - r * 1.2),
        (x + size * 0.27, ground - r * 3.6),
        (x + size * 0.36, ground - r * 3.4),
        (x + size * 0.36, ground - r * 1.3),
        (x + size * 0.24, ground - r * 0.7),
        (x - size * 0.2, ground - r * 0.7),
    ]
    c.polygon(body, colour)
    c.polygon(
        [body[0], body[1], (x - size * 0.05, ground - r * 1.5), (x - size * 0.36, ground - r * 1.7)],
        mix(colour, p.INK, 0.3),
    )
    c.rect(x - size * 0.4, ground - r * 2.85, size * 0.4, r * 0.6, p.INK, r * 0.25)
    c.line([(x + size * 0.3, ground - r * 3.4), (x + size * 0.24, ground - r * 4.2)], p.INK, size * 0.03)
    for cx in (x - size * 0.3, x + size * 0.34):
        c.ellipse(cx, ground - r, r, r, p.INK)
        c.ellipse(cx, ground - r, r * 0.5, r * 0.5, p.STEEL)


def window(c: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A bright window with a wooden frame, seen from inside."""
    c.rect(x - 7, y - 7, width + 14, height + 14, p.TRIM, 2)
    c.rect(x, y, width, height, "#cfeaf5")
    for share, rx, ry, colour in ((0.3, 0.3, 0.4, p.LEAF_LIGHT), (0.72, 0.28, 0.58, p.LEAF)):
        crown = _oval(x + width * share, y + height, width * rx, height * ry)
        c.polygon([point for point in crown if point[1] <= y + height + 0.1], colour)
    c.rect(x + width / 2 - 3, y, 6, height, p.FRAME)
    c.rect(x, y + height * 0.3, width, 5, p.FRAME)
    c.polygon(
        [(x, y + height * 0.6), (x, y + height * 0.3), (x + width * 0.3, y), (x + width * 0.5, y)],
        (255, 255, 255, 70),
    )
    c.rect(x - 12, y + height + 5, width + 24, 9, p.TRIM, 2)


def door(c: Canvas, x: float, y: float, width: float, height: float, colour: str = p.DOOR) -> None:
    """A closed two-winged door."""
    c.rect(x - 8, y - 8, width + 16, height + 8, p.TRIM, 2)
    c.rect(x, y, width, height, colour)
    dark = mix(colour, p.INK, 0.25)
    for i in (0, 1):
        wx = x + i * width / 2
        c.rect(wx + width * 0.08, y + height * 0.06, width * 0.34, height * 0.34, p.GLASS_DARK, 2)
        c.rect(wx + width * 0.08, y + height * 0.48, width * 0.34, height * 0.44, dark, 2)
    c.rect(x + width / 2 - 1.5, y, 3, height, dark)
    c.ellipse(x + width / 2 - 8, y + height * 0.52, 4, 4, p.YELLOW)


def fluorescent(c: Canvas, x: float, y: float, width: float) -> None:
    """A ceiling lamp with its glow."""
    c.glow(_box(x - 20, y - 4, width + 40, 26), 90, 14)
    c.rect(x, y, width, 8, "#fffdf2", 4)


def table(
    c: Canvas, x: float, y: float, width: float, depth: float, height: float, top: str = p.WOOD
) -> None:
    """A table seen from the front and a little above; (x, y) is the far left corner of its top."""
    flare = depth * 0.35
    c.shadow(
        [
            (x - 10, y + height + depth),
            (x + width + 10, y + height + depth),
            (x + width, y + height),
            (x, y + height),
        ],
        70,
        7,
    )
    dark = mix(top, p.INK, 0.28)
    for lx in (x - flare + 8, x + width + flare - 18):
        c.rect(lx, y + depth, 10, height, dark)
    c.rect(x - flare + 4, y + depth, width + 2 * flare - 8, height * 0.3, mix(top, p.INK, 0.16))
    c.polygon([(x, y), (x + width, y), (x + width + flare, y + depth), (x - flare, y + depth)], top)
    c.rect(x - flare, y + depth, width + 2 * flare, 7, dark)


def _oval(x: float, y: float, rx: float, ry: float) -> list[Point]:
    return [(x + rx * cos(i * pi / 9), y + ry * sin(i * pi / 9)) for i in range(18)]


def _box(x: float, y: float, width: float, height: float) -> list[Point]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
