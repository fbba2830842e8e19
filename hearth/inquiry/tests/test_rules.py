"""Who may be the same person, and why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.inquiry.rules import POSSIBLE, Known, display_name, match, name_words, traits

BORN = date(1990, 5, 1)


def reasons(one, other):
    return [(found.reasons, found.score) for found in match(one, [other])]


@pytest.mark.parametrize(
    ("shown", "sent"),
    [
        ("Beatris Towne", "Beatris270 Towne435"),
        ("Mariana Acuña", "Mariana12  Acuña7"),
        ("O'Conner", "O'Conner199"),
        ("Anna 2 Berg", "Anna 2 Berg"),
        ("", ""),
    ],
)
def test_generated_digits_are_not_shown(shown, sent):
    assert display_name(sent) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mariana Acuña", "ACUNA, Mariana"),
        ("José García López", "Jose Garcia"),
        ("Laurie O’Conner", "laurie OConner"),
        ("Beatris270 Towne435", "Beatris Towne"),
        ("Mary Ann Smith", "Mary Smith"),
    ],
)
def test_one_name_written_twice_is_one_name(one, other):
    here, there = Known("a", (one,), BORN), Known("b", (other,), BORN)
    assert reasons(here, there) == [(("same name", "same birth date"), 55)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Known("a", ("Ana Ruiz",)), Known("b", ("Ana Ruiz",))),
        (Known("a", ("Ana",), BORN), Known("b", ("Ana",), BORN)),
        (Known("a", ("Ana Ruiz",), BORN), Known("b", ("Ben Ruiz",), BORN)),
        (Known("a", phones=("555-1",)), Known("b", phones=("555-1",))),
        (Known("a", identifiers=(("ssn", "1"),)), Known("b", identifiers=(("mrn", "1"),))),
        (
            Known("a", ("",), None, ("",), ("",), (("", ""),)),
            Known("b", ("",), None, ("",), ("",), (("", ""),)),
        ),
    ],
)
def test_too_little_in_common_is_no_match(one, other):
    assert match(one, [other]) == []


def test_an_identifier_alone_is_enough_however_it_is_written():
    one = Known("a", identifiers=(("http://hl7.org/fhir/sid/us-ssn", "999-66-5777"),))
    other = Known("b", identifiers=(("http://hl7.org/fhir/sid/us-ssn", "999665777"),))
    assert reasons(one, other) == [(("same identifier",), 60)]


def test_a_maiden_name_and_a_phone_with_country_code_are_found():
    one = Known("a", ("Natalia Ruelas", "Natalia Preciado"), phones=("555-313-6265 ",))
    other = Known("b", ("Natalia Preciado",), phones=("+1 (555) 313 6265",))
    assert reasons(one, other) == [(("same name", "same phone"), 45)]


def test_the_likeliest_comes_first():
    ana = Known("new", ("Ana Ruiz",), BORN, ("555-313-6265",), ("ana@example.org",))
    twin = Known("twin", ("Eva Ruiz",), BORN, ("555-313-6265",))
    herself = Known("herself", ("Ana Ruiz",), BORN, (), ("ANA@example.org",))
    found = match(ana, [twin, Known("stranger", ("Bo Lee",)), herself])
    assert [(one.candidate.key, one.likely) for one in found] == [("herself", True), ("twin", False)]


people = st.builds(
    Known,
    key=st.sampled_from("abc"),
    names=st.lists(st.sampled_from(["Ana Ruiz", "Ben Lee", "Ána Ruíz Paz", "\ud800", ""]), max_size=2).map(tuple),
    birth_date=st.none() | st.sampled_from([BORN, date(2001, 1, 1)]),
    phones=st.lists(st.sampled_from(["555-313-6265", "x"]), max_size=2).map(tuple),
    emails=st.lists(st.sampled_from(["a@b.org", " "]), max_size=2).map(tuple),
)


@given(people, people)
def test_likeness_goes_both_ways_and_is_never_below_its_floor(one, other):
    here, there = reasons(one, other), reasons(other, one)
    assert here == there
    assert all(score >= POSSIBLE for _, score in here)


@given(st.text())
def test_any_text_has_a_shown_name_that_does_not_change_again(text):
    assert name_words(display_name(text)) == name_words(text)


PEOPLE = st.builds(
    Known,
    key=st.just("a"),
    names=st.lists(st.sampled_from(["Ana Ruiz", "Ana Luz Ruiz", "Ben Ode", ""]), max_size=2).map(tuple),
    birth_date=st.sampled_from([None, BORN, date(1991, 5, 1)]),
    phones=st.lists(st.sampled_from(["303 555 0161", "+1 (303) 555-0161", "1", ""]), max_size=2).map(tuple),
    emails=st.lists(st.sampled_from(["Ana@mail.example", " ana@mail.example", ""]), max_size=2).map(tuple),
    identifiers=st.lists(st.sampled_from([("mrn", "A-1"), ("mrn", "a1"), ("ssn", "")]), max_size=2).map(tuple),
)


@given(PEOPLE, PEOPLE)
def test_whoever_is_alike_shares_a_trait(one, other):
    assert not match(one, [other]) or traits(one) & traits(other)
