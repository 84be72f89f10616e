"""Rooms: computers, laboratory, library, store, sports hall, kitchen, canteen, server room."""

from random import Random

from simulator.footage import palette as p
from simulator.footage import props
from simulator.footage.canvas import Canvas, mix
from simulator.footage.view import View

_BOOKS = ("#c8553d", "#3f78b8", "#e0a33a", "#48a07c", "#7a62b0", "#d9c9a3", "#4b5870")


def _room(c: Canvas, wall: str, floor: str, line: str, *, horizon: float = 380) -> None:
    c.rect(0, 0, 1280, horizon, wall)
    c.rect(0, 0, 1280, 44, mix(wall, p.WHITE, 0.6))
    c.rect(0, 44, 1280, 8, mix(wall, p.INK, 0.1))
    c.rect(0, horizon - 16, 1280, 16, mix(wall, p.INK, 0.18))
    c.gradient(horizon, 720 - horizon, mix(floor, p.INK, 0.06), floor)
    for i in range(-10, 11):
        c.line([(640 + i * 96, horizon), (640 + i * 250, 720)], line, 2)
    for i in range(1, 8):
        y = horizon + (720 - horizon) * (i / 8) ** 1.6
        c.line([(0, y), (1280, y)], line, 2)
    for x in (210, 640, 1070):
        props.fluorescent(c, x - 100, 26, 200)


def computer_room(c: Canvas, view: View) -> None:
    """Rows of screens before a green board."""
    _room(c, "#eef0e4", p.TILE, p.TILE_LINE, horizon=330)
    c.rect(390, 92, 500, 156, p.WOOD_DARK, 4)
    c.rect(400, 102, 480, 136, p.BOARD, 2)
    c.text(640, 138, view.name.upper(), 26, "#eef6ee")
    c.line([(480, 172), (800, 172)], (255, 255, 255, 120), 2)
    c.text(640, 200, "Bài 7: Sơ đồ khối", 20, "#d6e9dc")
    for x in (60.0, 225, 930, 1095):
        props.window(c, x, 100, 122, 130)
    c.rect(1008, 296, 170, 22, p.WOOD, 3)
    c.rect(1020, 318, 146, 60, p.WOOD_DARK)
    c.rect(1060, 250, 70, 46, p.INK, 4)
    chance = Random(view.number)
    for y, scale in ((396, 0.72), (492, 0.9), (608, 1.12)):
        x0, width = 640 - 560 * scale, 1120 * scale
        props.table(c, x0, y, width, 20 * scale, 52 * scale, p.WOOD_LIGHT)
        for i in range(6):
            x = x0 + width * (i + 0.5) / 6
            w, h = 104 * scale, 64 * scale
            c.rect(x - 6 * scale, y - 12 * scale, 12 * scale, 16 * scale, p.STEEL_DARK)
            c.rect(x - w / 2, y - 12 * scale - h, w, h, p.INK, 4)
            screen = ("#cfe4f4", "#dff0e4", "#e9e2f5")[chance.randrange(3)]
            c.rect(x - w / 2 + 4, y - 8 * scale - h, w - 8, h - 9 * scale, screen, 2)
            c.rect(x - w / 2 + 10, y - h, w * 0.3, 4 * scale, p.NAVY)
            for k in range(3):
                c.rect(
                    x - w / 2 + 10, y - h + (10 + 9 * k) * scale, w * (0.7 - 0.14 * k), 3 * scale, "#8ba4bd"
                )
            c.rect(x - 26 * scale, y + 6 * scale, 52 * scale, 7 * scale, p.STEEL_LIGHT, 2)


def laboratory(c: Canvas, _view: View) -> None:
    """Benches with glassware before cupboards and a board."""
    _room(c, "#e8efe9", "#e3e6e2", "#c8cfca", horizon=340)
    c.rect(440, 84, 400, 140, p.WOOD_DARK, 4)
    c.rect(449, 93, 382, 122, p.BOARD)
    c.text(640, 126, "PHÒNG THÍ NGHIỆM", 24, "#eef6ee")
    c.text(640, 172, "2H₂ + O₂ = 2H₂O", 24, "#d6e9dc")
    for x in (40.0, 890):
        c.rect(x, 96, 350, 236, p.WOOD_LIGHT, 4)
        for i in range(3):
            c.rect(x + 12 + i * 112, 108, 102, 212, "#d5e8ee", 3)
            for shelf in range(3):
                y = 168 + shelf * 66
                c.rect(x + 12 + i * 112, y, 102, 5, p.WOOD)
                for k in range(5):
                    colour = ("#e48f6c", "#7fc4a8", "#8db7e8", "#f0cf6a", "#b995d6")[(k + i + shelf) % 5]
                    c.rect(x + 20 + i * 112 + k * 19, y - 26 - (k * 5) % 12, 12, 26 + (k * 5) % 12, colour, 3)
    for y, scale in ((410, 0.8), (540, 1.1)):
        for side in (-1, 1):
            width = 430 * scale
            x = 640 + side * 300 * scale - width / 2
            props.table(c, x, y, width, 34 * scale, 62 * scale, "#f3f5f4")
            for i in range(4):
                _flask(c, x + width * (i + 0.7) / 4.4, y + 18 * scale, 44 * scale, i)


def _flask(c: Canvas, x: float, base: float, size: float, kind: int) -> None:
    colour = ("#63b7d8", "#e4a94f", "#77c08c", "#c86fa2")[kind % 4]
    if kind % 2:
        c.rect(x - size * 0.13, base - size, size * 0.26, size, (225, 240, 245, 230), 4)
        c.rect(x - size * 0.13, base - size * 0.5, size * 0.26, size * 0.5, colour, 4)
    else:
        c.polygon(
            [
                (x - size * 0.1, base - size),
                (x + size * 0.1, base - size),
                (x + size * 0.4, base),
                (x - size * 0.4, base),
            ],
            (225, 240, 245, 235),
        )
        c.polygon(
            [
                (x - size * 0.24, base - size * 0.5),
                (x + size * 0.24, base - size * 0.5),
                (x + size * 0.4, base),
                (x - size * 0.4, base),
            ],
            colour,
        )


def library(c: Canvas, view: View) -> None:
    """Tall shelves of books and reading tables."""
    _room(c, "#f4e6c8", "#dcbf93", "#c6a678", horizon=370)
    chance = Random(view.number)
    for x in (30, 330, 790, 1070):
        width = 250.0 if x in (330, 790) else 260
        if x == 1070:
            width = 190.0
        c.shadow([(x, 378), (x + width, 378), (x + width + 24, 402), (x + 10, 402)], 110, 8)
        c.rect(x, 84, width, 300, p.WOOD_DARK, 3)
        for shelf in range(5):
            y = 94 + shelf * 58
            c.rect(x + 9, y, width - 18, 50, "#6d4c33")
            at = x + 11.0
            while at < x + width - 22:
                w, h = chance.uniform(7, 13), chance.uniform(32, 46)
                if chance.random() < 0.93:
                    c.rect(at, y + 50 - h, w - 1, h, chance.choice(_BOOKS), 1)
                    c.rect(at, y + 50 - h + 7, w - 1, 3, (255, 255, 255, 110))
                at += w
    props.window(c, 610, 106, 140, 170)
    props.sign(c, 680, 70, 200, 42, "THƯ VIỆN", "#7d4a34")
    for x, y, scale in ((210, 450, 0.9), (700, 450, 0.9), (330, 586, 1.2)):
        width = 380 * scale
        props.table(c, x, y, width, 40 * scale, 56 * scale, p.WOOD)
        for i in range(3):
            bx = x + width * (0.14 + 0.3 * i)
            c.polygon(
                [(bx, y + 12), (bx + 34, y + 12), (bx + 38, y + 30), (bx - 4, y + 30)],
                ("#fdf8ea", "#cfe2f2", "#fbe0d6")[i],
            )
            c.line([(bx + 17, y + 12), (bx + 17, y + 30)], p.STEEL, 2)
    c.rect(1010, 500, 250, 22, p.WOOD_LIGHT, 3)
    c.rect(1020, 522, 236, 110, p.WOOD)
    c.text(1138, 574, "THỦ THƯ", 22, p.TRIM)
    c.rect(1150, 440, 84, 56, p.INK, 4)
    props.pot(c, 90, 610, 150)


def store(c: Canvas, view: View) -> None:
    """Steel shelves with boxes, maps, balls and drums."""
    _room(c, "#e6e3d8", "#c9c5ba", "#b3aea1", horizon=390)
    chance = Random(view.number)
    for x, width in ((40, 360), (450, 330), (880, 350)):
        c.shadow([(x, 470), (x + width, 470), (x + width + 20, 496), (x + 16, 496)], 110, 9)
        for shelf in range(4):
            y = 170 + shelf * 96
            at = x + 14.0
            while at < x + width - 60:
                w, h = chance.uniform(44, 84), chance.uniform(34, 68)
                kind = chance.random()
                if kind < 0.62:
                    tone = chance.choice(("#c79a68", "#b98c5c", "#d4ab7c"))
                    c.rect(at, y - h, w, h, tone, 2)
                    c.rect(at + w * 0.42, y - h, w * 0.16, h, mix(tone, p.WHITE, 0.35))
                elif kind < 0.82:
                    c.rect(at, y - h, w, h, chance.choice(("#5d86b8", "#5aa184", "#c96a55")), 5)
                    c.rect(at + 8, y - h * 0.66, w - 16, h * 0.3, p.WHITE, 2)
                else:
                    c.ellipse(at + 22, y - 22, 22, 22, "#e07b3a")
                    c.ring(at + 22, y - 22, 12, p.INK, 2)
                    w = 46
                at += w + 8
            c.rect(x, y, width, 10, p.STEEL)
        for post in (0, width - 12):
            c.rect(x + post, 96, 12, 384, p.STEEL_DARK)
    props.sign(c, 640, 72, 270, 42, view.name.upper(), p.NAVY)
    for x, colour in ((420, "#d8e6ef"), (815, "#efe3c2")):
        c.polygon([(x, 300), (x + 18, 296), (x + 34, 560), (x + 14, 564)], colour)
    c.ellipse(250, 610, 62, 30, "#b5483f")
    c.rect(188, 560, 124, 52, p.RED)
    c.ellipse(250, 560, 62, 26, "#f6efe0")
    c.rect(900, 540, 190, 110, p.WOOD, 4)
    c.rect(900, 540, 190, 26, p.WOOD_DARK, 4)


def gym(c: Canvas, view: View) -> None:
    """The sports hall: court lines on wood, high windows, hoop and net."""
    c.rect(0, 0, 1280, 370, "#f3ead2")
    c.rect(0, 0, 1280, 60, "#c5d3da")
    for i in range(13):
        c.polygon(
            [
                (i * 110 - 40, 0),
                (i * 110 - 20, 0),
                (640 + (i * 110 - 640) * 0.8, 60),
                (624 + (i * 110 - 640) * 0.8, 60),
            ],
            p.STEEL,
        )
    for i in range(7):
        x = 60 + i * 172
        c.rect(x, 92, 130, 62, p.TRIM, 3)
        c.rect(x + 6, 98, 118, 50, "#cdeaf6")
        c.rect(x + 62, 98, 6, 50, p.FRAME)
    c.rect(0, 250, 1280, 120, "#6f9fc0")
    c.rect(0, 244, 1280, 8, p.TRIM)
    c.gradient(370, 350, "#d6a566", "#e4bb80")
    for i in range(1, 14):
        y = 370 + 350 * (i / 14) ** 1.5
        c.line([(0, y), (1280, y)], (150, 105, 55, 70), 2)
    for i in range(-9, 10):
        c.line([(640 + i * 100, 370), (640 + i * 260, 720)], (150, 105, 55, 60), 2)
    c.line([(190, 396), (1090, 396), (1380, 700), (-100, 700), (190, 396)], p.WHITE, 5)
    c.line([(640, 396), (640, 700)], p.WHITE, 4)
    for k in range(2):
        c.line([(360 - k * 4, 396), (190, 700)] if k == 0 else [(920, 396), (1090, 700)], "#c8443c", 4)
    props.sign(c, 640, 200, 220, 44, view.name.upper())
    _hoop(c, 120, 168)
    _hoop(c, 1160, 1112)
    _net(c)


def _hoop(c: Canvas, post: float, middle: float) -> None:
    """A basketball hoop: its post and the middle of its board."""
    c.rect(post - 6, 150, 12, 280, p.STEEL_DARK)
    c.rect(middle - 48, 142, 96, 68, p.WHITE, 3)
    c.rect(middle - 20, 168, 40, 30, p.RED)
    c.rect(middle - 15, 173, 30, 20, p.WHITE)
    c.line([(middle - 24, 216), (middle + 24, 216)], "#e0632f", 6)
    for k in range(4):
        c.line([(middle - 20 + k * 13, 218), (middle - 12 + k * 8, 256)], (255, 255, 255, 220), 2)


def _net(c: Canvas) -> None:
    c.line([(430, 470), (850, 470)], (255, 255, 255, 230), 4)
    for i in range(22):
        c.line([(430 + i * 20, 410), (430 + i * 20, 470)], (255, 255, 255, 130), 1.5)
    for i in range(4):
        c.line([(430, 414 + i * 18), (850, 414 + i * 18)], (255, 255, 255, 130), 1.5)
    for x in (424, 850):
        c.rect(x, 396, 9, 140, p.NAVY)


def kitchen(c: Canvas, view: View) -> None:
    """Steel counters, hoods and pots before white tiles."""
    _room(c, "#f3f5f4", "#dfe3e2", "#c3cac9", horizon=400)
    for i in range(27):
        c.line([(i * 48, 60), (i * 48, 384)], "#dde4e4", 2)
    for i in range(7):
        c.line([(0, 80 + i * 46), (1280, 80 + i * 46)], "#dde4e4", 2)
    c.polygon([(150, 96), (800, 96), (870, 190), (80, 190)], p.STEEL)
    c.polygon([(150, 96), (800, 96), (790, 112), (160, 112)], p.STEEL_LIGHT)
    c.rect(80, 186, 790, 16, p.STEEL_DARK)
    c.glow([(110, 202), (840, 202), (800, 340), (150, 340)], 60, 20)
    c.rect(90, 356, 780, 20, p.STEEL_LIGHT, 3)
    c.rect(96, 376, 768, 110, p.STEEL)
    for i in range(4):
        x = 190 + i * 195
        c.rect(x - 62, 384, 124, 92, mix(p.STEEL, p.INK, 0.12), 4)
        c.ellipse(x, 356, 66, 12, p.INK)
        if i % 2 == 0:
            c.rect(x - 56, 274, 112, 82, p.STEEL_LIGHT, 8)
            c.rect(x + 28, 274, 20, 82, p.STEEL, 8)
            c.ellipse(x, 274, 58, 12, p.STEEL_DARK)
            c.rect(x - 74, 296, 18, 10, p.INK, 4)
            c.rect(x + 56, 296, 18, 10, p.INK, 4)
        else:
            c.polygon([(x - 70, 322), (x + 70, 322), (x + 46, 356), (x - 46, 356)], p.INK)
            c.ellipse(x, 322, 70, 13, "#d99a4e")
            c.line([(x + 66, 322), (x + 128, 306)], p.INK, 9)
    c.rect(930, 110, 200, 320, p.STEEL_LIGHT, 8)
    c.rect(930, 262, 200, 6, p.STEEL_DARK)
    for y in (180, 290):
        c.rect(944, y, 8, 60, p.STEEL_DARK, 3)
    c.rect(1160, 180, 110, 250, p.STEEL, 3)
    for i in range(4):
        c.rect(1166, 196 + i * 58, 98, 40, "#8a97a0", 2)
        for k in range(4):
            c.ellipse(1180 + k * 24, 220 + i * 58, 11, 11, p.WHITE)
    c.shadow([(260, 660), (1040, 660), (1060, 700), (250, 700)], 100, 10)
    c.polygon([(300, 530), (1000, 530), (1050, 580), (250, 580)], p.STEEL_LIGHT)
    c.rect(250, 580, 800, 96, p.STEEL)
    c.rect(250, 580, 800, 10, p.STEEL_DARK)
    for i in range(7):
        x = 340 + i * 96
        c.ellipse(x, 552, 40, 14, p.WHITE)
        c.ellipse(x, 549, 27, 9, ("#8cc276", "#e0884a", "#f1d277", "#c9574a")[i % 4])
    props.sign(c, 640, 68, 250, 40, view.name.upper(), "#3f7d6b")


def canteen(c: Canvas, view: View) -> None:
    """Long tables with stools."""
    _room(c, "#fbeed0", "#e6dccb", "#cfc3ae", horizon=350)
    for x in (70.0, 300, 860, 1090):
        props.window(c, x, 96, 130, 150)
    c.rect(500, 100, 300, 180, p.WOOD_DARK, 5)
    c.rect(508, 108, 284, 120, "#3d3a38")
    c.rect(508, 228, 284, 52, p.STEEL_LIGHT)
    for i in range(5):
        c.rect(524 + i * 54, 208, 44, 22, p.STEEL, 6)
    props.sign(c, 650, 74, 240, 44, view.name.upper(), "#3f7d6b")
    for row, (y, scale) in enumerate(((392, 0.74), (486, 0.94), (606, 1.2))):
        for side in (-1, 1):
            width = 470 * scale
            x = 640 + side * 310 * scale - width / 2
            props.table(c, x, y, width, 40 * scale, 46 * scale, "#8fc1b0" if row % 2 else "#f0c46c")
            for i in range(4):
                cx = x + width * (i + 0.5) / 4
                c.ellipse(cx, y + 20 * scale, 24 * scale, 8 * scale, p.WHITE)
                c.ellipse(
                    cx,
                    y + 19 * scale,
                    16 * scale,
                    5 * scale,
                    ("#f7efdc", "#e0884a", "#8cc276")[(i + row) % 3],
                )


def server_room(c: Canvas, view: View) -> None:
    """Racks with blinking lights, the recorder and an air conditioner."""
    _room(c, "#dfe6ea", "#c5ccd1", "#aeb7bd", horizon=400)
    c.rect(70, 84, 250, 80, p.WHITE, 12)
    c.rect(84, 138, 222, 12, p.STEEL_LIGHT, 4)
    c.ellipse(296, 104, 4, 4, "#46c57a")
    c.text(150, 108, "24°C", 18, "#3f78b8")
    chance = Random(view.number)
    for x in (380, 610, 840):
        c.shadow([(x, 560), (x + 200, 560), (x + 230, 590), (x + 14, 590)], 130, 10)
        c.rect(x, 96, 200, 470, "#2c3440", 6)
        c.rect(x + 12, 108, 176, 446, "#1c222b", 3)
        for unit in range(13):
            y = 116 + unit * 33
            c.rect(x + 18, y, 164, 27, ("#3a4452", "#434e5d", "#39424e")[unit % 3], 2)
            for k in range(8):
                c.rect(x + 26 + k * 9, y + 9, 6, 10, "#20262f")
            for k in range(5):
                lit = chance.choice(("#46c57a", "#46c57a", "#46c57a", "#f0b93c", "#59a7e8"))
                c.ellipse(x + 120 + k * 12, y + 14, 3.2, 3.2, lit)
    c.rect(60, 420, 250, 20, p.WOOD_LIGHT, 3)
    c.rect(72, 440, 226, 150, p.WOOD)
    c.rect(88, 282, 190, 122, p.INK, 6)
    c.rect(96, 290, 174, 106, "#20303f")
    for i in range(4):
        for k in range(3):
            tone = ("#7fb4c9", "#93c47d", "#e7cf95", "#b9c4cc")[(i + k * 3) % 4]
            c.rect(99 + i * 43, 293 + k * 35, 40, 31, tone)
    c.rect(170, 404, 26, 18, p.STEEL_DARK)
    c.rect(1090, 140, 150, 300, "#e9d9b4", 4)
    c.rect(1082, 132, 166, 8, p.TRIM)
    c.ellipse(1104, 300, 5, 5, p.STEEL_DARK)
    props.sign(c, 700, 66, 260, 38, "PHÒNG MÁY CHỦ", p.NAVY)
    c.line([(360, 60), (1060, 60)], p.STEEL_DARK, 0.1)
    c.rect(1120, 500, 40, 110, p.RED, 10)
    c.rect(1130, 486, 20, 18, p.INK, 3)
