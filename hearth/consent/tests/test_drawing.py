"""A drawn signature: what is taken from a browser, and what never is."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.consent.drawing import HEIGHT, MOST_POINTS, MOST_STROKES, WIDTH, NotASignature, path, read, svg

WAVE = [[[x, 100 + x % 40] for x in range(20, 200, 10)]]


def test_lines_and_dots_are_taken_and_drawn_again_as_a_path_of_numbers():
    drawn = read(json.dumps([*WAVE, [[220, 90]]]))
    assert path(drawn).startswith("M20 120L30 130L40 100")
    assert path(drawn).endswith("M220 90L220 90")
    assert re.fullmatch(r"[ML0-9 ]+", path(drawn))
    assert svg(drawn, colour="#000").startswith("<svg ")


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "{}",
        "[]",
        "[[]]",
        "null",
        "true",
        '"M0 0"',
        "<svg onload=alert(1)>",
        "data:image/png;base64,iVBORw0KGgo=",
        "[[[1, 2], [true, 9], [300, 100]]]",
        "[[[1, 2], [300.5, 9]]]",
        "[[[1, 2], [1e3, 9]]]",
        "[[[1, 2], [NaN, 9]]]",
        f"[[[1, 2], [{WIDTH + 1}, 9]]]",
        f"[[[1, 2], [9, {HEIGHT + 1}]]]",
        "[[[1, 2], [-1, 9], [300, 10]]]",
        '[[[1, 2], ["300", 9]]]',
        '[[[1, 2], ["300 0\\"/><script>", 9]]]',
        "[[[1, 2, 3], [300, 100, 3]]]",
        "[[[1, 2], [300, 100]], 7]",
        "[[[100, 100], [110, 100]]]",  # a slip of the finger
        json.dumps([[[5, 5]] * 40]),  # no ink at all
        "[" * 30_000,
        "9" * 20_000,
        json.dumps([[[1, 1], [90, 90]]] * (MOST_STROKES + 1)),
        json.dumps([[[0, 0], [9, 9]] * (MOST_POINTS // 2 + 1)]),
        " " * 50_000,
    ],
)
def test_what_is_no_drawing_is_refused(sent):
    with pytest.raises(NotASignature):
        read(sent)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 700) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(values)
def test_whatever_is_sent_is_refused_or_becomes_numbers_alone(value):
    try:
        drawn = read(json.dumps(value))
    except NotASignature:
        return
    assert re.fullmatch(r"[ML0-9 ]+", path(drawn))
