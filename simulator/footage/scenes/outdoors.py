"""Gates, yard, sports ground, bicycle sheds, fence."""

from simulator.footage import palette as p
from simulator.footage import props
from simulator.footage.canvas import Canvas, mix
from simulator.footage.view import View


def _paving(c: Canvas, horizon: float, colour: str = p.PAVING) -> None:
    """Square slabs running away to the horizon."""
    c.gradient(horizon, 720 - horizon, mix(colour, p.WHITE, 0.25), mix(colour, p.INK, 0.06))
    line = mix(colour, p.INK, 0.14)
    for i in range(-12, 13):
        c.line([(640 + i * 62, horizon), (640 + i * 240, 720)], line, 1.5)
    depth = 720 - horizon
    for i in range(1, 12):
        y = horizon + depth * (i / 12) ** 1.9
        c.line([(0, y), (1280, y)], line, 1.5)


def gate(c: Canvas, view: View) -> None:
    """The school's gate from the street: pillars, name board, open sliding gate, guard's booth."""
    main = "chính" in view.name
    props.sky(c, 400, view.number)
    if main:
        props.building(c, 190, 418, 900, floors=3, bays=9, storey=72)
    else:
        props.building(c, 620, 418, 560, floors=2, bays=6, storey=84)
    _paving(c, 410)
    props.tree(c, 110, 470, 330, flame=True)
    props.tree(c, 1190, 466, 320)
    props.tree(c, 400, 440, 190)
    props.tree(c, 900, 440, 180, flame=not main)
    # Wall with bars left and right of the opening.
    for left, width in ((-10, 350), (940, 350)):
        c.shadow([(left, 560), (left + width, 560), (left + width, 582), (left, 582)], 80, 8)
        c.rect(left, 500, width, 62, p.WALL)
        c.rect(left, 544, width, 18, p.WALL_SHADE)
        c.rect(left, 494, width, 9, p.TRIM)
        for i in range(int(width / 17)):
            c.rect(left + 8 + i * 17, 412, 5, 84, p.FRAME, 2)
            c.polygon(
                [(left + 5 + i * 17, 414), (left + 10.5 + i * 17, 400), (left + 16 + i * 17, 414)], p.FRAME
            )
        c.rect(left, 430, width, 6, p.FRAME)
        c.rect(left, 474, width, 6, p.FRAME)
    # The leaf of the sliding gate, pushed open to the right.
    c.rect(846, 438, 150, 118, mix(p.STEEL, p.NAVY, 0.25))
    for i in range(10):
        c.rect(852 + i * 15, 444, 6, 106, p.STEEL_LIGHT)
    c.rect(846, 490, 150, 8, p.STEEL_DARK)
    for x in (338, 868):
        c.shadow([(x - 8, 566), (x + 96, 566), (x + 120, 586), (x - 8, 586)], 110, 7)
        c.rect(x, 318, 74, 252, p.WALL)
        c.rect(x + 52, 318, 22, 252, p.WALL_SHADE)
        c.rect(x - 5, 540, 84, 30, p.WAINSCOT_DARK)
        c.rect(x - 6, 330, 86, 10, p.TRIM)
        props.tiled_roof(c, x - 20, 318, 114, 34)
        c.ellipse(x + 37, 268, 12, 12, "#fff3c4")
    c.rect(330, 246, 620, 56, p.ROOF_DARK, 6)
    props.sign(c, 640, 272, 640, 66, "TRƯỜNG THCS NGỌC LÂM" if main else "CỔNG PHỤ")
    if main:
        _booth(c, 1040, 580)
    # Kerb and street.
    c.gradient(610, 110, mix(p.ASPHALT, p.WHITE, 0.12), p.ASPHALT)
    c.rect(0, 600, 1280, 14, p.PAVING_LIGHT)
    for i in range(22):
        c.rect(i * 60, 600, 30, 14, p.RED if i % 2 else p.WHITE)
    for i in range(5):
        c.rect(60 + i * 270, 668, 130, 9, "#eef0f2", 3)
    if main:
        props.motorbike(c, 130, 588, 112, "#4a7fb5")
        props.motorbike(c, 236, 592, 112, "#b5483f")


def _booth(c: Canvas, x: float, ground: float) -> None:
    c.shadow([(x, ground), (x + 150, ground), (x + 180, ground + 20), (x + 10, ground + 20)], 110, 8)
    c.rect(x, ground - 168, 146, 168, p.WALL_LIGHT)
    c.rect(x + 112, ground - 168, 34, 168, p.WALL)
    c.rect(x, ground - 34, 146, 34, p.WAINSCOT)
    c.rect(x + 16, ground - 140, 84, 76, p.TRIM, 3)
    c.rect(x + 21, ground - 135, 74, 66, p.GLASS, 2)
    c.polygon(
        [(x + 21, ground - 90), (x + 60, ground - 135), (x + 78, ground - 135), (x + 21, ground - 72)],
        "#c9e6ec",
    )
    props.tiled_roof(c, x - 16, ground - 168, 178, 46)
    c.text(x + 58, ground - 48, "BẢO VỆ", 17, p.INK)


def guard_post(c: Canvas, view: View) -> None:
    """The guards' booth from inside the yard, with a barrier and the street behind."""
    props.sky(c, 380, view.number)
    c.gradient(356, 60, "#b9d8c0", "#9cc7a2")
    for i in range(9):
        props.tree(c, 60 + i * 150, 420, 150 + (i * 37) % 60, flame=i % 4 == 2)
    _paving(c, 470)
    c.gradient(430, 48, mix(p.ASPHALT, p.WHITE, 0.35), mix(p.ASPHALT, p.WHITE, 0.2))
    for left, width in ((-10, 120), (430, 860)):
        c.rect(left, 404, width, 74, p.WALL)
        c.rect(left, 396, width, 10, p.TRIM)
        c.rect(left, 452, width, 26, p.WALL_SHADE)
    for x in (96, 414):
        c.shadow([(x, 482), (x + 36, 482), (x + 60, 496), (x + 4, 496)], 100, 5)
        c.rect(x, 356, 36, 128, p.WALL_LIGHT)
        c.rect(x + 26, 356, 10, 128, p.WALL)
        c.rect(x - 6, 348, 48, 12, p.ROOF)
        c.rect(x - 4, 468, 44, 16, p.WAINSCOT_DARK)
    for i in range(3):
        c.rect(150 + i * 100, 452, 50, 5, p.WHITE, 2)
    # Booth.
    c.shadow([(640, 620), (1130, 620), (1180, 662), (660, 662)], 110, 12)
    c.rect(650, 250, 460, 372, p.WALL_LIGHT)
    c.rect(1010, 250, 100, 372, p.WALL)
    c.rect(650, 548, 460, 74, p.WAINSCOT)
    c.rect(650, 542, 460, 8, p.TRIM)
    c.rect(690, 320, 290, 170, p.TRIM, 4)
    c.rect(700, 330, 270, 150, p.GLASS, 3)
    c.polygon([(700, 430), (790, 330), (850, 330), (715, 480), (700, 480)], "#c9e6ec")
    c.rect(832, 330, 7, 150, p.FRAME)
    c.rect(690, 490, 300, 14, p.WOOD, 3)
    props.door(c, 1022, 372, 76, 250)
    props.tiled_roof(c, 606, 250, 548, 92)
    props.sign(c, 835, 284, 230, 40, "CHỐT BẢO VỆ", p.NAVY)
    c.rect(724, 444, 90, 44, p.WHITE, 3)
    # Barrier across the drive.
    c.rect(566, 452, 34, 150, "#e8b23c", 4)
    c.rect(566, 452, 34, 20, p.INK, 4)
    for i in range(13):
        c.rect(60 + i * 39, 470, 39, 14, p.RED if i % 2 else p.WHITE)
    c.rect(52, 440, 14, 160, p.STEEL_DARK, 3)
    props.pot(c, 630, 640, 90)
    props.pot(c, 1150, 640, 96)
    props.motorbike(c, 330, 676, 170, "#3f7d6b")


def bike_shed(c: Canvas, view: View) -> None:
    """A long corrugated roof on posts over rows of bicycles (pupils) or scooters (teachers)."""
    pupils = "học sinh" in view.name
    props.sky(c, 330, view.number)
    props.building(c, 60 if pupils else 460, 400, 700, floors=2, bays=7, storey=86)
    props.tree(c, 1130 if pupils else 150, 420, 300, flame=pupils)
    _paving(c, 396)
    c.polygon([(60, 452), (1220, 452), (1330, 690), (-50, 690)], (29, 42, 68, 46))
    colours = ("#c94f4f", "#3f78b8", "#48a07c", "#e0a33a", "#7a62b0", "#4b5870")
    for row, (y, size) in enumerate(((470, 76), (556, 104))):
        count = 13 if row == 0 else 10
        for i in range(count):
            x = 110 + i * (1060 / (count - 1)) if row == 0 else 90 + i * (1100 / (count - 1))
            colour = colours[(i * 5 + row * 2 + view.number) % len(colours)]
            if (i * 7 + row * 3 + view.number) % 6 == 0:
                continue
            if pupils:
                props.bicycle(c, x, y, size, colour)
            else:
                props.motorbike(c, x, y, size, colour)
    for x in (90, 420, 860, 1190):
        c.rect(x - 8, 262, 16, 356, p.STEEL)
        c.rect(x + 2, 262, 6, 356, p.STEEL_DARK)
        c.rect(x - 18, 606, 36, 16, p.PAVING_DARK, 3)
    c.polygon([(70, 196), (1210, 196), (1310, 282), (-30, 282)], "#6fa8c7")
    for i in range(50):
        share = i / 49
        c.line([(70 + share * 1140, 196), (-30 + share * 1340, 282)], "#8fc0da" if i % 2 else "#5990b0", 5)
    c.rect(-30, 280, 1340, 12, p.STEEL_LIGHT)
    c.shadow([(0, 292), (1280, 292), (1280, 318), (0, 318)], 70, 10)
    props.sign(c, 640, 316, 330, 42, view.name.upper(), p.NAVY)


def yard(c: Canvas, view: View) -> None:
    """The yard with the flag pole in front of building A."""
    props.sky(c, 400, view.number)
    props.building(c, 120, 430, 1040, floors=3, bays=10, storey=92)
    props.sign(c, 420, 140, 110, 34, "NHÀ A")
    _paving(c, 424)
    props.tree(c, 60, 520, 330, flame=True)
    props.tree(c, 1225, 520, 330, flame=True)
    props.tree(c, 300, 452, 200)
    props.tree(c, 985, 452, 205)
    props.bush(c, 390, 446, 150)
    props.bush(c, 740, 446, 150)
    # The pole on its three steps.
    c.shadow([(560, 500), (724, 500), (760, 522), (580, 522)], 100, 8)
    for i in range(3):
        c.rect(560 + i * 24, 488 - i * 14, 160 - i * 48, 16, (p.PAVING_LIGHT, p.TRIM, p.WALL_LIGHT)[i], 2)
    c.rect(637, 84, 6, 376, p.STEEL_LIGHT)
    c.rect(640, 84, 3, 376, p.STEEL_DARK)
    c.ellipse(640, 82, 6, 6, p.YELLOW)
    props.flag(c, 643, 92, 118)
    # Lines for morning exercises.
    for i in range(9):
        c.ellipse(180 + i * 115, 640, 9, 4, (255, 255, 255, 150))


def stage(c: Canvas, view: View) -> None:
    """The open-air stage with its red backdrop."""
    props.sky(c, 380, view.number)
    props.building(c, -160, 420, 560, floors=3, bays=6, storey=88)
    props.building(c, 980, 420, 560, floors=3, bays=6, storey=88)
    _paving(c, 414)
    props.tree(c, 330, 470, 280)
    props.tree(c, 985, 470, 280, flame=True)
    c.shadow([(330, 556), (960, 556), (990, 590), (340, 590)], 110, 12)
    c.rect(376, 196, 538, 292, p.WALL_SHADE)
    c.rect(392, 214, 506, 270, "#b5282c")
    for i in range(17):
        c.rect(396 + i * 30, 214, 10, 270, "#c93a39")
    c.rect(392, 214, 506, 26, p.YELLOW)
    for i in range(16):
        c.ellipse(408 + i * 32, 240, 16, 12, p.YELLOW)
    props.sign(c, 645, 296, 400, 52, "DẠY TỐT – HỌC TỐT")
    props.star(c, 645, 366, 30)
    props.tiled_roof(c, 340, 196, 610, 70)
    for x in (376, 896):
        c.rect(x, 196, 18, 296, p.WALL)
    c.polygon([(346, 484), (944, 484), (972, 520), (318, 520)], p.WOOD_LIGHT)
    for i in range(9):
        c.line([(346 + i * 75, 484), (318 + i * 82, 520)], p.WOOD, 2)
    c.rect(318, 520, 654, 44, p.WALL)
    c.rect(318, 520, 654, 8, p.TRIM)
    for i in range(3):
        c.rect(570 - i * 12, 528 + i * 13, 150 + i * 24, 14, (p.PAVING_LIGHT, p.TRIM, p.PAVING_LIGHT)[i])
    props.pot(c, 350, 580, 82)
    props.pot(c, 940, 580, 82)
    props.flag(c, 412, 260, 56)


def field(c: Canvas, view: View) -> None:
    """The sports ground: turf, running track, goal."""
    props.sky(c, 330, view.number)
    for i in range(12):
        props.tree(c, 40 + i * 112, 352, 120 + (i * 53) % 60)
    props.building(c, 720, 356, 460, floors=2, bays=6, storey=58)
    c.rect(0, 330, 1280, 26, p.WALL)
    c.rect(0, 326, 1280, 6, p.TRIM)
    c.gradient(352, 368, "#a3d08b", "#83b96f")
    for i in range(8):
        y0, y1 = 352 + 368 * (i / 8) ** 1.7, 352 + 368 * ((i + 0.5) / 8) ** 1.7
        c.rect(0, y0, 1280, y1 - y0, (255, 255, 255, 26))
    c.polygon([(-200, 720), (-200, 600), (1480, 520), (1480, 720)], "#c9674d")
    for i in range(5):
        c.line([(-200, 600 + i * 34), (1480, 520 + i * 48)], (255, 255, 255, 200), 3)
    # Pitch and goal.
    c.line([(120, 378), (1160, 378), (1330, 500)], (255, 255, 255, 220), 3)
    c.line([(120, 378), (-130, 560)], (255, 255, 255, 220), 3)
    c.line([(640, 378), (650, 540)], (255, 255, 255, 190), 3)
    for i in range(12):
        c.line([(176 + i * 11, 340), (168 + i * 12.4, 420)], (255, 255, 255, 120), 1.2)
    for i in range(7):
        c.line([(172, 344 + i * 12), (306, 344 + i * 12)], (255, 255, 255, 120), 1.2)
    c.line([(168, 430), (168, 338), (310, 338), (310, 430)], p.WHITE, 6)
    # Basketball post at the right.
    c.rect(1120, 270, 10, 190, p.STEEL_DARK)
    c.rect(1076, 240, 98, 66, p.WHITE, 3)
    c.rect(1106, 266, 38, 28, p.RED)
    c.rect(1111, 271, 28, 18, p.WHITE)
    c.line([(1104, 308), (1146, 308)], "#e0632f", 6)


def fence(c: Canvas, view: View) -> None:
    """The rear wall along a path, trees leaning over it."""
    props.sky(c, 330, view.number)
    for i, x in enumerate((90.0, 320, 560, 820, 1060, 1240)):
        props.tree(c, x, 400, 230 + (i * 61) % 90, flame=i == 3)
    c.polygon([(0, 250), (1280, 330), (1280, 470), (0, 560)], p.WALL)
    c.polygon([(0, 500), (1280, 440), (1280, 470), (0, 560)], p.WALL_SHADE)
    c.polygon([(0, 240), (1280, 324), (1280, 334), (0, 256)], p.TRIM)
    for i in range(7):
        share = (i / 7) ** 0.8
        x, top, bottom = 1280 * share, 250 + 80 * share, 560 - 90 * share
        w = 34 - 16 * share
        c.polygon([(x, top - 14), (x + w, top - 12), (x + w, bottom), (x, bottom)], p.WALL_LIGHT)
        c.polygon(
            [(x - 4, top - 24), (x + w + 4, top - 22), (x + w + 4, top - 10), (x - 4, top - 12)], p.ROOF
        )
    for i in range(70):
        share = i / 70
        x = 1280 * share
        c.line([(x, 240 + 84 * share), (x + 6, 214 + 84 * share)], p.STEEL_DARK, 2.5)
    c.line([(0, 222), (1280, 308)], p.STEEL_DARK, 2)
    c.polygon([(0, 556), (1280, 466), (1280, 520), (0, 640)], p.GRASS)
    c.polygon([(0, 632), (1280, 514), (1280, 720), (0, 720)], p.PAVING)
    for i in range(1, 9):
        c.line([(i * 170 - 80, 632 - (i * 170 - 80) * 0.092), (i * 210 - 260, 720)], p.PAVING_DARK, 2)
    c.polygon([(0, 632), (1280, 514), (1280, 522), (0, 646)], p.PAVING_DARK)
    for i in range(9):
        props.bush(c, 20 + i * 142, 612 - i * 14, 80 - i * 4, p.LEAF if i % 2 else p.LEAF_LIGHT)
    c.rect(1010, 250, 9, 260, p.STEEL_DARK)
    c.line([(1014, 252), (960, 240)], p.STEEL_DARK, 6)
    c.rect(930, 234, 42, 12, p.STEEL_LIGHT, 5)
