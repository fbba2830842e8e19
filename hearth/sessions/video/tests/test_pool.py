"""A room is placed where there is room."""

import pytest

from hearth.sessions.video.pool import least_loaded


@pytest.mark.parametrize(
    ("loads", "leave_out", "chosen"),
    [
        ({"a": 4, "b": 2, "c": 9}, set(), "b"),
        ({"a": 2, "b": 2}, set(), "a"),
        ({"a": None, "b": 12}, set(), "b"),
        ({"a": 0, "b": 12}, {"a"}, "b"),
        ({"a": 3, "b": None}, {"a"}, "a"),
        ({"a": None}, set(), None),
        ({}, set(), None),
    ],
)
def test_the_least_loaded_healthy_server_is_chosen(loads, leave_out, chosen):
    assert least_loaded(loads, leave_out=leave_out) == chosen
