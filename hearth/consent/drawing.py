"""A signature drawn with finger, pen or mouse: what is taken, and the line that is drawn again from it. Pure.

Nothing that was sent is ever shown as it came: points are whole numbers on a sheet of known size, and the path is ours.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import dist

WIDTH, HEIGHT = 600, 200
"""The sheet. What is drawn on a screen of any size is sent in these steps."""

MOST_LETTERS = 40_000
MOST_STROKES = 80
MOST_POINTS = 3_500
LEAST_INK = 60  # in steps of the sheet: a dot or a slip of the finger is no signature

Strokes = Sequence[Sequence[Sequence[int]]]  # lines of points of x and y


class NotASignature(ValueError):
    """What was sent is no drawing, or too little of one."""


def read(sent: str) -> Strokes:
    """The strokes that a browser sent as JSON. Raises NotASignature for anything else."""
    if len(sent) > MOST_LETTERS:
        raise NotASignature
    try:
        found = json.loads(sent)
    except (ValueError, RecursionError) as error:
        raise NotASignature from error
    if not isinstance(found, list) or not 0 < len(found) <= MOST_STROKES:
        raise NotASignature
    if not all(isinstance(stroke, list) and stroke and all(map(_is_point, stroke)) for stroke in found):
        raise NotASignature
    if sum(map(len, found)) > MOST_POINTS or ink(found) < LEAST_INK:
        raise NotASignature
    return found


def ink(strokes: Strokes) -> float:
    """How long all lines are together."""
    return sum(dist(one, other) for stroke in strokes for one, other in pairwise(stroke))


def path(strokes: Strokes) -> str:
    """The drawing as the data of an SVG path; a dot is a line of no length."""
    return "".join(_line(stroke if len(stroke) > 1 else [*stroke, *stroke]) for stroke in strokes)


def svg(strokes: Strokes, *, colour: str) -> str:
    """The drawing as an SVG picture of its own, for paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{path(strokes)}" fill="none" '
        f'stroke="{colour}" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def _line(points: Iterable[Sequence[int]]) -> str:
    return "M" + "L".join(f"{int(x)} {int(y)}" for x, y in points)


def _is_point(found: object) -> bool:
    return isinstance(found, list) and len(found) == 2 and _within(found[0], WIDTH) and _within(found[1], HEIGHT)


def _within(found: object, most: int) -> bool:
    return type(found) is int and 0 <= found <= most  # true and 1.0 are no steps
