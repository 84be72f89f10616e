"""Corridors, the bridge between the buildings, stairs and halls."""

import re

from simulator.footage import palette as p
from simulator.footage import props
from simulator.footage.canvas import Canvas, Point, mix
from simulator.footage.view import View

_FAR = 0.13
_VANISHING = (670.0, 292.0)
_LEFT, _RIGHT, _CEILING, _FLOOR = -120.0, 1400.0, -150.0, 800.0


def _in(x: float, y: float, depth: float) -> Point:
    """A point of the near frame moved `depth` (1 near, 0 infinitely far) towards the vanishing point."""
    return _VANISHING[0] + (x - _VANISHING[0]) * depth, _VANISHING[1] + (y - _VANISHING[1]) * depth


def _wall_patch(c: Canvas, x: float, near: float, far: float, low: float, high: float, fill: str) -> None:
    """A rectangle on a side wall; `low` and `high` are shares of the wall's height."""

    def y(share: float) -> float:
        return _FLOOR + (_CEILING - _FLOOR) * share

    c.polygon([_in(x, y(low), near), _in(x, y(low), far), _in(x, y(high), far), _in(x, y(high), near)], fill)


def _depths(count: int) -> list[float]:
    """Evenly spaced places along the passage, near to far."""
    near, far = 1.0, 1 / _FAR
    return [1 / (near + (far - near) * i / count) for i in range(count + 1)]


def _floor_and_ceiling(c: Canvas, ceiling: str) -> None:
    c.polygon(
        [_in(_LEFT, _FLOOR, 1), _in(_RIGHT, _FLOOR, 1), _in(_RIGHT, _FLOOR, _FAR), _in(_LEFT, _FLOOR, _FAR)],
        p.TILE,
    )
    depths = _depths(18)
    for i, depth in enumerate(depths[:-1]):
        if i % 2:
            c.polygon(
                [
                    _in(_LEFT, _FLOOR, depth),
                    _in(_RIGHT, _FLOOR, depth),
                    _in(_RIGHT, _FLOOR, depths[i + 1]),
                    _in(_LEFT, _FLOOR, depths[i + 1]),
                ],
                mix(p.TILE, p.TILE_LINE, 0.45),
            )
        c.line([_in(_LEFT, _FLOOR, depth), _in(_RIGHT, _FLOOR, depth)], p.TILE_LINE, 1 + depth * 2)
    for i in range(1, 9):
        x = _LEFT + (_RIGHT - _LEFT) * i / 9
        c.line([_in(x, _FLOOR, 1), _in(x, _FLOOR, _FAR)], p.TILE_LINE, 2)
    c.polygon(
        [
            _in(_LEFT, _CEILING, 1),
            _in(_RIGHT, _CEILING, 1),
            _in(_RIGHT, _CEILING, _FAR),
            _in(_LEFT, _CEILING, _FAR),
        ],
        ceiling,
    )
    for depth in _depths(6)[:-1]:
        c.polygon(
            [
                _in(_LEFT, _CEILING, depth),
                _in(_RIGHT, _CEILING, depth),
                _in(_RIGHT, _CEILING + 46, depth),
                _in(_LEFT, _CEILING + 46, depth),
            ],
            mix(ceiling, p.INK, 0.1),
        )


def _open_side(c: Canvas, x: float, floor: int) -> None:
    """The outside beyond a railing: sky, crowns of trees as high as the floor lets them be."""
    edge = 1280 if x > 640 else 0
    near = _in(x, _CEILING, 1)[1]
    c.polygon(
        [
            (edge, near),
            _in(x, _CEILING, 1),
            _in(x, _CEILING, _FAR),
            _in(x, _FLOOR, _FAR),
            (x, 800),
            (edge, 800),
        ],
        "#d3ecf7",
    )
    crowns = {1: 0.62, 2: 0.42, 3: 0.24}.get(floor, 0.42)
    for i, depth in enumerate(_depths(9)[:-1]):
        y = _FLOOR + (_CEILING - _FLOOR) * crowns
        cx, cy = _in(x, y, depth * 0.93)
        r = 220 * depth
        for colour, shift, size in ((p.LEAF_DARK, 0.12, 1.0), (p.LEAF, 0, 0.85), (p.LEAF_LIGHT, -0.2, 0.5)):
            c.ellipse(cx + shift * r, cy + shift * r, r * size * 0.8, r * size, colour)
        if i % 3 == 1:
            for k in range(5):
                c.ellipse(
                    cx - r * 0.4 + k * r * 0.2, cy - r * (0.3 + 0.2 * (k % 2)), r * 0.07, r * 0.06, p.FLAME
                )


def _railing(c: Canvas, x: float) -> None:
    _wall_patch(c, x, 1, _FAR, 0, 0.27, p.WALL_LIGHT)
    depths = _depths(34)
    for i in range(0, 34, 1):
        near, far = depths[i], depths[i] * 0.35 + depths[i + 1] * 0.65
        _wall_patch(c, x, near, far, 0.06, 0.22, p.WALL_SHADE)
    _wall_patch(c, x, 1, _FAR, 0.26, 0.3, p.TRIM)
    _wall_patch(c, x, 1, _FAR, 0, 0.03, p.WAINSCOT_DARK)
    for i in range(0, 34, 6):
        near, far = depths[i], depths[i] * 0.4 + depths[i + 1] * 0.6
        _wall_patch(c, x, near, far, 0, 1.0, p.WALL)
        edge = depths[i] * 0.52 + depths[i + 1] * 0.48
        _wall_patch(c, x, edge, far, 0, 1.0, p.WALL_SHADE)
    _wall_patch(c, x, 1, _FAR, 0.93, 1.0, p.WALL_SHADE)


def _floor_of(name: str) -> int:
    found = re.search(r"tầng (\d)", name)
    return int(found[1]) if found else 1


def corridor(c: Canvas, view: View) -> None:
    """A corridor with classroom doors on one side and an open railing on the other."""
    floor = _floor_of(view.name)
    building_b = "nhà B" in view.name
    office = "hành chính" in view.name
    rooms, outside = (_LEFT, _RIGHT) if not building_b else (_RIGHT, _LEFT)
    wall = p.WALL_LIGHT if not office else "#f3ead6"
    c.rect(0, 0, 1280, 720, wall)
    _open_side(c, outside, floor)
    _floor_and_ceiling(c, "#f5efe0")
    _railing(c, outside)
    _wall_patch(c, rooms, 1, _FAR, 0, 1, wall)
    _wall_patch(c, rooms, 1, _FAR, 0, 0.22, p.WAINSCOT if not building_b else "#8fb2cf")
    _wall_patch(c, rooms, 1, _FAR, 0.215, 0.235, p.TRIM)
    depths = _depths(24)
    for i in range(1, 23, 4):
        _wall_patch(c, rooms, depths[i], depths[i + 1], 0, 0.62, p.TRIM)
        _wall_patch(
            c,
            rooms,
            depths[i] * 0.93 + depths[i + 1] * 0.07,
            depths[i] * 0.08 + depths[i + 1] * 0.92,
            0,
            0.6,
            p.DOOR,
        )
        _wall_patch(
            c,
            rooms,
            depths[i] * 0.8 + depths[i + 1] * 0.2,
            depths[i] * 0.2 + depths[i + 1] * 0.8,
            0.36,
            0.55,
            p.GLASS_DARK,
        )
        _wall_patch(
            c,
            rooms,
            depths[i] * 0.8 + depths[i + 1] * 0.2,
            depths[i] * 0.2 + depths[i + 1] * 0.8,
            0.05,
            0.3,
            p.DOOR_DARK,
        )
        _wall_patch(
            c,
            rooms,
            depths[i] * 0.7 + depths[i + 1] * 0.3,
            depths[i] * 0.3 + depths[i + 1] * 0.7,
            0.66,
            0.73,
            p.NAVY,
        )
        _wall_patch(
            c, rooms, depths[i + 1] * 0.6 + depths[i + 2] * 0.4, depths[i + 3] * 0.9, 0.28, 0.62, p.TRIM
        )
        _wall_patch(
            c, rooms, depths[i + 1] * 0.5 + depths[i + 2] * 0.5, depths[i + 3] * 0.93, 0.3, 0.6, p.GLASS
        )
        _wall_patch(c, rooms, depths[i + 2], depths[i + 2] * 0.97, 0.3, 0.6, p.FRAME)
    # The far end with its window.
    x0, y0 = _in(_LEFT, _CEILING, _FAR)
    x1, y1 = _in(_RIGHT, _FLOOR, _FAR)
    c.rect(x0, y0, x1 - x0, y1 - y0, p.WALL)
    c.rect(x0 + 60, y0 + 26, x1 - x0 - 120, 56, "#dff2f8")
    c.rect(x0, y1 - 22, x1 - x0, 22, p.WAINSCOT)
    # Light from outside lies across the floor.
    for i in range(0, 24, 4):
        a, b = depths[i], depths[min(24, i + 3)]
        inner = outside + (rooms - outside) * 0.38
        c.polygon(
            [
                _in(outside, _FLOOR, a),
                _in(inner, _FLOOR, a * 0.96),
                _in(inner, _FLOOR, b * 0.96),
                _in(outside, _FLOOR, b),
            ],
            (255, 250, 225, 90),
        )
    label = "HÀNH CHÍNH" if office else f"TẦNG {floor} – NHÀ {'B' if building_b else 'A'}"
    props.sign(c, 670, 118, 300, 46, label, p.NAVY)
    for depth in (0.62, 0.36, 0.23):
        x, y = _in(640, _CEILING + 20, depth)
        props.fluorescent(c, x - 90 * depth, y, 240 * depth)
    if office:
        props.pot(c, *_in(_LEFT + 190, _FLOOR, 0.58), 130)
        props.pot(c, *_in(_LEFT + 190, _FLOOR, 0.33), 76)


def bridge(c: Canvas, view: View) -> None:
    """The covered bridge between buildings A and B, open on both sides."""
    c.rect(0, 0, 1280, 720, "#d3ecf7")
    _open_side(c, _LEFT, 2)
    _open_side(c, _RIGHT, 2)
    _floor_and_ceiling(c, "#eef3f2")
    _railing(c, _LEFT)
    _railing(c, _RIGHT)
    x0, y0 = _in(_LEFT, _CEILING, _FAR)
    x1, y1 = _in(_RIGHT, _FLOOR, _FAR)
    c.rect(x0, y0, x1 - x0, y1 - y0, p.WALL_SHADE)
    props.door(c, x0 + 66, y0 + 44, x1 - x0 - 132, y1 - y0 - 44)
    depths = _depths(24)
    for i in range(1, 24, 6):
        c.polygon(
            [
                _in(_RIGHT, _FLOOR, depths[i]),
                _in(_LEFT + 500, _FLOOR, depths[i] * 0.97),
                _in(_LEFT + 500, _FLOOR, depths[i + 2] * 0.97),
                _in(_RIGHT, _FLOOR, depths[i + 2]),
            ],
            (255, 250, 225, 110),
        )
    props.sign(c, 670, 118, 250, 46, view.name.upper(), p.NAVY)


def stairs(c: Canvas, view: View) -> None:
    """A flight of stairs up to a landing with a window."""
    c.rect(0, 0, 1280, 720, p.WALL_LIGHT)
    c.rect(0, 560, 1280, 160, p.TILE)
    c.polygon([(0, 0), (330, 90), (330, 560), (0, 720)], p.WALL)
    c.polygon([(1280, 0), (960, 90), (960, 560), (1280, 720)], mix(p.WALL, p.WALL_SHADE, 0.5))
    c.polygon([(0, 440), (330, 420), (330, 560), (0, 720)], p.WAINSCOT)
    c.polygon([(1280, 440), (960, 420), (960, 560), (1280, 720)], p.WAINSCOT_DARK)
    c.polygon([(0, 0), (1280, 0), (960, 90), (330, 90)], "#f8f1df")
    props.window(c, 470, 120, 350, 130)
    props.sign(c, 644, 66, 260, 40, "CẦU THANG " + view.name[-5:].upper().strip(), p.NAVY)
    count = 13
    for i in range(count):
        near, far = i / count, (i + 1) / count
        y0, y1 = 690 - 370 * near, 690 - 370 * far
        w0, w1 = 430 - 150 * near, 430 - 150 * far
        middle = y0 + (y1 - y0) * 0.55
        wm = w0 + (w1 - w0) * 0.55
        shade = mix("#cfc6b4", p.WHITE, far * 0.25)
        c.polygon(
            [(645 - w0, y0), (645 + w0, y0), (645 + w0, middle), (645 - w0, middle)], mix(shade, p.INK, 0.2)
        )
        c.polygon([(645 - w0, middle), (645 + w0, middle), (645 + wm, y1), (645 - wm, y1)], shade)
        c.rect(645 - w0, middle - 2, 2 * w0, 4, p.TRIM)
    c.polygon([(645 - 280, 320), (645 + 280, 320), (645 + 250, 290), (645 - 250, 290)], p.TILE)
    for side in (-1, 1):
        for i in range(9):
            share = i / 8
            x, y = 645 + side * (452 - 158 * share), 690 - 372 * share
            c.rect(x - 3, y - 110 + 34 * share, 6, 110 - 34 * share, p.STEEL_DARK)
        c.line([(645 + side * 452, 580), (645 + side * 294, 242)], p.DOOR_DARK, 17)
        c.line([(645 + side * 452, 577), (645 + side * 294, 239)], p.WOOD, 10)
    c.glow([(400, 300), (900, 300), (1000, 690), (560, 690)], 60, 40)
    props.pot(c, 1150, 690, 150)


def _hall(c: Canvas, wall: str = p.WALL_LIGHT) -> None:
    c.rect(0, 0, 1280, 440, wall)
    c.rect(0, 0, 1280, 54, "#f8f2e2")
    c.rect(0, 54, 1280, 10, p.TRIM)
    c.rect(0, 376, 1280, 64, p.WAINSCOT)
    c.rect(0, 370, 1280, 7, p.TRIM)
    c.gradient(440, 280, mix(p.TILE, p.INK, 0.04), p.TILE)
    for i in range(-10, 11):
        c.line([(640 + i * 90, 440), (640 + i * 240, 720)], p.TILE_LINE, 2)
    for i in range(1, 8):
        y = 440 + 280 * (i / 8) ** 1.6
        c.line([(0, y), (1280, y)], p.TILE_LINE, 2)


def lobby(c: Canvas, view: View) -> None:
    """The hall of building A, or the door of the council room."""
    council = "hội đồng" in view.name
    _hall(c, p.WALL_LIGHT if not council else "#f1dfb8")
    for x in (200, 640, 1080):
        props.fluorescent(c, x - 90, 34, 180)
    if council:
        props.door(c, 520, 138, 240, 302, "#7d4a34")
        props.sign(c, 640, 96, 380, 48, "PHÒNG HỘI ĐỒNG")
        for x in (150, 980):
            c.rect(x, 160, 170, 120, p.WOOD_DARK, 4)
            c.rect(x + 9, 169, 152, 102, "#cfe5ee")
            c.polygon([(x + 9, 271), (x + 70, 205), (x + 110, 240), (x + 130, 222), (x + 161, 271)], p.LEAF)
        for x in (110, 900):
            c.shadow([(x, 470), (x + 270, 470), (x + 280, 490), (x + 6, 490)], 90, 7)
            c.rect(x, 408, 270, 16, p.WOOD, 4)
            c.rect(x, 350, 270, 30, p.WOOD, 6)
            for leg in (10, 128, 248):
                c.rect(x + leg, 376, 10, 96, p.WOOD_DARK)
        props.pot(c, 455, 470, 150)
        props.pot(c, 826, 470, 150)
    else:
        c.rect(400, 120, 480, 320, p.TRIM)
        c.rect(412, 132, 456, 308, "#cfeaf5")
        c.rect(412, 300, 456, 140, "#dfe5d2")
        for x in (450, 560, 730, 830):
            c.ellipse(x, 290, 62, 56, p.LEAF if x % 4 else p.LEAF_LIGHT)
        for x in (412, 524, 636, 748, 862):
            c.rect(x, 132, 8, 308, p.FRAME)
        c.rect(412, 190, 456, 8, p.FRAME)
        c.glow([(420, 440), (860, 440), (1010, 680), (270, 680)], 120, 30)
        props.sign(c, 640, 94, 420, 50, view.name.upper())
        _notice_board(c, 80, 150)
        c.rect(960, 150, 240, 150, p.WOOD_DARK, 5)
        c.rect(970, 160, 220, 130, p.RED)
        props.star(c, 1080, 208, 30)
        c.text(1080, 266, "TRUYỀN THỐNG", 20, p.YELLOW)
        props.pot(c, 360, 476, 160)
        props.pot(c, 920, 476, 160)
        c.rect(100, 404, 200, 20, p.WOOD, 4)
        c.rect(110, 424, 180, 46, p.WOOD_DARK, 3)


def _notice_board(c: Canvas, x: float, y: float) -> None:
    c.rect(x, y, 250, 170, p.WOOD_DARK, 5)
    c.rect(x + 10, y + 10, 230, 150, p.BOARD)
    c.text(x + 125, y + 30, "BẢNG TIN", 20, p.WHITE)
    for i, (dx, dy, w, h) in enumerate(
        ((22, 52, 60, 44), (94, 50, 60, 90), (166, 54, 56, 40), (24, 106, 56, 42), (168, 104, 54, 44))
    ):
        c.rect(x + dx, y + dy, w, h, ("#fdf7e3", "#fde2d8", "#e1f0fb", "#eaf6df", "#fff3c4")[i], 2)
        for line in range(3):
            c.rect(x + dx + 6, y + dy + 8 + line * 9, w - 14, 2.5, "#9aa4ad")
