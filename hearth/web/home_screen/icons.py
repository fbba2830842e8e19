"""The icons of the home screen: a few thick lines on one colour, written as SVG or set in pixels. Pure.

All lines stay within the middle 80 per cent, which every phone shows however it cuts an icon (W3C, maskable icons).
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import hypot

from hearth.lib import pictures

SIZES = (180, 192)  # pixels: what iPhones and what Android ask for
SIDE = 32  # of the square in which lines are given
PAPER = "#fffaf5"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """From point to point with round ends and corners; with a single point a disc."""

    points: tuple[Point, ...]
    width: float
    colour: str = PAPER


@dataclass(frozen=True, slots=True)
class Icon:
    ground: str
    lines: tuple[Line, ...]


_EMBER, _DUSK, _PINE = "#a8481f", "#45557a", "#2f5d50"  # web/css/tokens.css, by day
ICONS = {
    "hearth": Icon(
        _EMBER,
        (
            Line(((8, 15.5), (16, 8), (24, 15.5), (24, 24), (8, 24), (8, 15.5)), 2.25),
            Line(((16, 16.5), (16, 19.5)), 4.5),
        ),
    ),
    "daybook": Icon(
        _DUSK,
        (
            Line(((10, 8), (22, 8), (22, 24), (10, 24), (10, 8)), 2.25),
            Line(((13.5, 8), (13.5, 24)), 1.75),
            Line(((17, 13), (19, 13)), 1.75),
            Line(((17, 17), (19, 17)), 1.75),
        ),
    ),
    "hours": Icon(_PINE, (Line(((16, 16),), 20), Line(((16, 10.5), (16, 16), (20, 18.5)), 2.25, _PINE))),
}


def svg(icon: Icon) -> str:
    """This icon for any size."""
    lines = "".join(
        f'<polyline points="{_written(line.points)}" fill="none" stroke="{line.colour}" stroke-width="{line.width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
        for line in icon.lines
    )
    ground = f'<rect width="{SIDE}" height="{SIDE}" fill="{icon.ground}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">{ground}{lines}</svg>'


def _written(points: tuple[Point, ...]) -> str:
    shown = points if len(points) > 1 else points * 2  # a line of no length is shown as its round ends
    return " ".join(f"{x},{y}" for x, y in shown)


@cache
def png(icon: Icon, size: int) -> bytes:
    """This icon in `size` times `size` pixels."""
    pixel = SIDE / size
    middles = [(n + 0.5) * pixel for n in range(size)]
    return pictures.png(size, b"".join(_seen(icon, (x, y), pixel) for y in middles for x in middles))


def _seen(icon: Icon, at: Point, pixel: float) -> bytes:
    """Red, green and blue here. A line's edge is as wide as a pixel, so that it looks smooth."""
    seen = _rgb(icon.ground)
    for line in icon.lines:
        inside = (line.width / 2 - _distance(at, line.points)) / pixel + 0.5
        if inside >= 1:
            seen = _rgb(line.colour)
        elif inside > 0:
            mixed = zip(seen, _rgb(line.colour), strict=True)
            seen = bytes(round(below + (above - below) * inside) for below, above in mixed)
    return seen


@cache
def _rgb(colour: str) -> bytes:
    return bytes.fromhex(colour[1:])


def _distance(at: Point, points: tuple[Point, ...]) -> float:
    """How far it is to the nearest point of this line."""
    if len(points) == 1:
        return hypot(at[0] - points[0][0], at[1] - points[0][1])
    return min(_to_stretch(at, *ends) for ends in pairwise(points))


def _to_stretch(at: Point, start: Point, end: Point) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    along = ((at[0] - start[0]) * across + (at[1] - start[1]) * down) / (across**2 + down**2)
    along = min(1.0, max(0.0, along))
    return hypot(at[0] - start[0] - along * across, at[1] - start[1] - along * down)
