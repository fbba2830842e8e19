"""Words that may point to another member, and lines that say the same of several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.sessions.rules.names import Person
from hearth.sessions.rules.pointers import Member, Pointer, Points, alike, pointers

MAYA = Member(Person("Maya", "Reyes"), age=29, city="Denver", language="en")
JONAH = Member(Person("Jonah", "Park"), age=34, city="Moab", language="en")
ROSA = Member(Person("Rosa", "Díaz", "Rosalía"), age=34, city="Denver", language="es")


@pytest.mark.parametrize(
    ("text", "how", "words"),
    [
        ("Sat beside JP.", Points.INITIALS, "JP"),
        ("Told J. about her week.", Points.INITIALS, "J."),
        ("Calls her sister Ana.", Points.RELATIVE, "her sister Ana"),
        ("Llamó a su hermana Ana.", Points.RELATIVE, "su hermana Ana"),
        ("Agreed with the other nurse in the group.", Points.DESCRIBED, "the other nurse in the group"),
        ("Listened to the oldest member.", Points.DESCRIBED, "oldest member"),
        ("Another man who lost his job moved her.", Points.DESCRIBED, "Another man who"),
        ("El compañero que perdió su trabajo.", Points.DESCRIBED, "El compañero que"),
        ("Thinks of the drive from Moab.", Points.ONLY_ONE, "Moab"),
        ("Answered her in Spanish.", Points.ONLY_ONE, "Spanish"),
    ],
)
def test_what_may_point_to_another_is_shown_as_it_is_written(text, how, words):
    assert pointers(text, [JONAH, ROSA], own=MAYA) == [Pointer(how, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Named three signs and chose a first step.",
        "Uses DBT skills and went to AA.",
        "Her sister drives her. He was quiet.",
        "Spoke of M. as of herself.",
        "Is 34 years old.",  # two in the room are
        "Likes Denver.",  # two live there
        "The group worked on one example.",
        "",
    ],
)
def test_everyday_words_point_to_nobody(text):
    assert pointers(text, [JONAH, ROSA], own=MAYA) == []


def test_an_age_that_only_one_has_points_to_them_and_never_to_the_notes_own():
    assert pointers("A 34-year-old spoke.", [JONAH], own=MAYA) == [Pointer(Points.ONLY_ONE, "34-year-old")]
    assert pointers("Is 29 years old.", [JONAH], own=MAYA) == []


def test_alone_in_the_room_nobody_else_can_be_meant():
    assert pointers("Calls her sister Ana.", [], own=MAYA) == []


def test_the_same_words_are_found_whatever_the_marks_and_nearly_the_same_in_long_texts():
    long = "Listened attentively, shared one example, practised the skill with a partner."
    found = alike(
        {"a": "Quiet today.", "b": "quiet  today", "c": long, "d": long.replace("one", "an"), "e": "", "f": ""}
    )
    assert found == {"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",)}
    assert alike({"a": "Came at 5.", "b": "Came at 6."}) == {}


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["Quiet.", "Loud.", "", "Quiet"])))
def test_being_alike_is_mutual(texts):
    found = alike(texts)
    assert all(one in found[other] and one != other for one, others in found.items() for other in others)
