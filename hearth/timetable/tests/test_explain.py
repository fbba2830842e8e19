"""Why a session has no place: the rules that conflict on tiny boards, checked one by one against plain looking."""

from dataclasses import replace
from itertools import combinations

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearth.timetable.board import Board, Group, Individual, Interpreter, Patient, Room, Solution, Span
from hearth.timetable.explain import TAKEN_OUT, Unplaced, minimal_conflict, unplaced
from hearth.timetable.filling import filled
from hearth.timetable.rules import violations
from hearth.timetable.seat_chances import Looking, Rule, chances
from hearth.timetable.tables import Tables
from hearth.timetable.tests.boards import EVENING, board, dose, group, hours, individual, patient, solution, staff
from hearth.timetable.tests.plain_looking import could
from hearth.timetable.why_words import About, said, stored

ben, cleo = patient("ben"), patient("cleo")
one = dose(individual=1)
short = (Span(0, 540, 570),)
busy_board = board(patient("ana", dose=one, available=hours(0, start=540, end=600)), patient("ben", dose=one))
at_nine = hours(0, start=540, end=720)
abroad = {"modality": "virtual", "state": "UT"}
CASES = [
    ("hours", board(patient("ana", available=short), ben), []),
    ("population", board(patient("ana", population="adolescent"), ben), []),
    ("topic", board(patient("ana", topics=("trauma",)), patient("ben", topics=("trauma",))), []),
    ("language", board(patient("ana", languages=("es",)), patient("ben", languages=("es",))), []),
    ("licence way", board(patient("ana", **abroad), patient("ben", **abroad)), []),
    ("room way", board(patient("ana"), ben, rooms=(Room("oak", 2),)), []),
    ("staff_hours hours", board(patient("ana"), ben, team=(staff(hours=hours(4)),)), []),
    (
        "other_sessions hours",
        board(patient("ana", available=hours(0, start=540, end=780), dose=dose(group=1, individual=1)), ben),
        [individual("ana", day=0, start=600)],
    ),
    ("seats enough", board(patient("ana"), ben, cleo, capacity=2), [group("ben", "cleo")]),
    (
        "staff_busy hours",
        board(patient("ana", available=at_nine), ben, patient("cleo", dose=one)),
        [individual("cleo", day=0, start=600)],
    ),
    (
        "room hours topic way",
        board(
            patient("ana", topics=("trauma",), available=at_nine), patient("omar", topics=("trauma",)), ben, cleo,
            team=(staff(), staff("theo", topics=("trauma",))),
        ),
        [group("ben", "cleo")],
    ),
    ("enough hours", board(patient("ana", available=hours(0)), patient("ben", available=hours(1))), []),
    ("", board(patient("ana"), ben), []),
    ("", board(patient("ana"), ben, cleo), [group("ben", "cleo")]),
    ("hours", board(patient("ana", dose=one, available=short)), []),
    (
        "family_hours hours",
        board(patient("ana", dose=dose(family=1), available=hours(0), family_available=hours(1))),
        [],
    ),
    ("counselor", board(patient("ana", dose=one, primary=None)), []),
    ("population", board(patient("ana", dose=one, population="adolescent")), []),
    ("licence way", board(patient("ana", dose=one, **abroad)), []),
    ("staff_hours hours", board(patient("ana", dose=one), team=(staff(hours=hours(5)),)), []),
    (
        "other_sessions hours",
        board(patient("ana", dose=dose(group=1, individual=1), available=at_nine), ben),
        [group("ana", "ben")],
    ),
    ("staff_busy hours", busy_board, [individual("ben", day=0)]),
    ("", board(patient("ana", dose=one)), []),
]  # fmt: skip


def why(week: Board, sessions) -> Unplaced:
    return next(each for each in unplaced(week, solution(*sessions)) if each.patient == "ana")


@pytest.mark.parametrize(("conflict", "week", "sessions"), CASES)
def test_what_has_no_place_names_the_rules_that_conflict(conflict, week, sessions):
    assert set(why(week, sessions).conflict) == set(conflict.split())


def test_minutes_and_kind_of_what_is_missing_are_told():
    week = board(patient("ana", dose=dose(individual=2), available=short))
    (found,) = unplaced(week, solution())
    assert (found.patient, found.kind, found.minutes) == ("ana", "individual", 120)


def test_a_whole_week_leaves_nothing_to_explain():
    assert unplaced(board(patient("ana"), ben), solution(group("ana", "ben"))) == []


def test_keeping_apart_is_never_named_nor_kept():
    never = frozenset({frozenset({"ana", "dana"})})
    found = why(replace(board(patient("ana"), ben), format="hearth.board/2", apart=never), [])
    assert found.conflict == (Rule.HOURS,)
    assert "apart" not in str(stored(found))
    assert sentences(found, board(patient("ana"), ben)) == ("No group fits Monday, Tuesday, Wednesday 08:00–21:00.",)


# ---- in words


def sentences(found: Unplaced, week: Board, **names: str) -> tuple[str, ...]:
    about = next(each for each in week.patients if each.id == found.patient)
    return said(stored(found), About(about, week.minimum, names))


def trauma_week() -> tuple[Board, list[Group]]:
    """Trauma groups in Spanish are led by Inés alone, on Tuesdays, when Ana cannot come."""
    people = [
        patient(name, topics=("trauma",), languages=("es",), available=hours(*days, start=1050))
        for name, days in (("ana", (0, 2)), ("ben", (1,)), ("cleo", (1,)), ("omar", (1,)))
    ]
    seated = [
        patient(f"{topic}{n}", topics=(topic,), languages=("en", "es")) for topic in ("trauma", "grief") for n in (1, 2)
    ]
    team = (
        staff("dana", topics=("trauma",), hours=hours(0, start=EVENING)),
        staff("theo", topics=("grief",), languages=("es",), hours=hours(2, start=EVENING)),
        staff("ines", topics=("trauma",), languages=("es", "en"), hours=hours(1, start=EVENING)),
    )
    english = group("trauma1", "trauma2", topic="trauma", start=EVENING)
    grief = group("grief1", "grief2", day=2, start=EVENING, staff="theo", language="es")
    return board(*people, *seated, team=team), [english, grief]


def test_a_conflict_is_said_with_what_would_make_a_place():
    week, groups = trauma_week()
    assert sentences(why(week, groups), week, ana="Ana", ines="Inés Ruiz") == (
        "No group on trauma in Spanish fits Monday, Wednesday 17:30–21:00.",
        "Who could lead it works at other times.",
        "Opening one on Tuesday 18:00 with Inés Ruiz would serve 3 more.",
        "It takes these hours to be freed.",
    )


def test_the_same_codes_are_said_in_the_readers_language():
    week, groups = trauma_week()
    with translation.override("es"):
        told = sentences(why(week, groups), week, ines="Inés Ruiz")
    assert "español" in told[0]
    assert "Inés Ruiz" in told[2]
    assert not set(told) & set(sentences(why(week, groups), week, ines="Inés Ruiz"))


@pytest.mark.parametrize(("conflict", "week", "sessions"), CASES)
def test_every_conflict_has_whole_sentences(conflict, week, sessions):
    told = sentences(why(week, sessions), week, ana="Ana", dana="Dana")
    assert told
    assert all(sentence.endswith(".") and "%" not in sentence and sentence[0].isupper() for sentence in told)


def test_what_an_earlier_version_kept_is_passed_over():
    kept = {"patient": "ana", "kind": "group", "minutes": 180, "sentence": "No room."}
    assert said(kept, About(patient("ana"), 2, {})) == ()


# ---- against plain looking, on random boards


@st.composite
def weeks(draw) -> tuple[Board, Solution]:
    """A small board and a week that keeps the rules."""

    def person(name: str) -> Patient:
        plain = dose(group=draw(st.integers(0, 1)), individual=draw(st.integers(0, 1)), family=draw(st.integers(0, 1)))
        return patient(
            name,
            population=draw(st.sampled_from(["adult", "adult", "adult", "adolescent"])),
            topics=draw(st.sampled_from([("grief",), ("trauma", "grief")])),
            languages=draw(st.sampled_from([("en",), ("es",), ("es", "en")])),
            modality=draw(st.sampled_from(["in_person", "virtual", "either"])),
            state=draw(st.sampled_from(["CO", "UT"])),
            available=hours(*draw(st.sets(st.integers(0, 1))), start=draw(st.sampled_from([540, 600])), end=780),
            family_available=hours(*draw(st.sets(st.integers(0, 1)))),
            primary=draw(st.sampled_from(["dana", "theo", None])),
            dose=replace(plain, group=replace(plain.group, minutes=90)),
        )  # fmt: skip

    team = tuple(
        staff(
            name,
            populations=draw(st.sampled_from([("adult",), ("adult", "adolescent")])),
            topics=draw(st.sampled_from([("grief",), ("trauma",)])),
            languages=draw(st.sampled_from([("en",), ("en", "es")])),
            states=draw(st.sampled_from([("CO",), ("CO", "UT")])),
            hours=hours(*draw(st.sets(st.integers(0, 1), min_size=1)), start=540, end=780),
            max_minutes_week=draw(st.sampled_from([90, 600])),
            max_minutes_run=draw(st.sampled_from([90, 300])),
        )
        for name in ("dana", "theo")
    )
    absent = frozenset(draw(st.sampled_from([(), (), ("theo",)])))
    made = board(*(person(name) for name in ("ana", "ben", "cleo")), team=team, absent=absent, rooms=(Room("oak", 4),))
    made = replace(made, capacity=draw(st.integers(2, 3)))
    week = Solution()
    for _ in range(3):
        who = draw(st.sampled_from(["ana", "ben", "cleo"]))
        way, day = draw(st.sampled_from(["in_person", "virtual"])), draw(st.integers(0, 1))
        start, lead = draw(st.sampled_from([540, 600, 690])), draw(st.sampled_from(["dana", "theo"]))
        if draw(st.booleans()):
            more = replace(
                week, individual=(*week.individual, Individual("individual", who, lead, way, day, start, 60))
            )
        else:
            others = tuple(draw(st.sets(st.sampled_from(["ana", "ben", "cleo"]), min_size=2)))
            topic, language = draw(st.sampled_from(["grief", "trauma"])), draw(st.sampled_from(["en", "es"]))
            room = "oak" if way == "in_person" else None
            new = Group("group", "adult", topic, language, way, day, start, 90, lead, room, others)
            more = replace(week, groups=(*week.groups, new))
        if not violations(made, more):
            week = more
    return made, week


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(weeks())
def test_the_rules_named_conflict_and_without_any_one_of_them_there_is_a_seat(question):
    made, week = question
    looking = Looking(filled(Tables.of(made), week))
    for who in made.patients:
        for kind in ("group", "individual", "family"):
            if looking.filling.need[who.id, kind] <= 0:
                continue
            conflict = set(minimal_conflict(chances(looking, who, kind)))
            others = set(TAKEN_OUT) - conflict
            exists = could(looking.filling, made, who, kind, set())
            assert exists is not bool(conflict)
            if conflict:
                assert not could(looking.filling, made, who, kind, others)
                for rule in conflict:
                    assert could(looking.filling, made, who, kind, others | {rule})


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(weeks())
def test_a_seat_is_told_of_exactly_where_one_can_be_added_to_the_week(question):
    made, week = question
    for found in unplaced(made, week):
        assert (not found.conflict) is _can_be_added(made, week, found)


def _can_be_added(made: Board, week: Solution, lacking: Unplaced) -> bool:
    """Whether some session of this kind can be added with nobody else moved, by the rules themselves."""
    who, kind = lacking.patient, lacking.kind
    if kind != "group":
        minutes = next(each for each in made.patients if each.id == who).dose.part(kind).minutes
        tries = (
            replace(week, individual=(*week.individual, Individual(kind, who, lead, way, day, start, minutes)))
            for lead in ("dana", "theo")
            for way in ("in_person", "virtual")
            for day in (0, 1)
            for start in range(540, 780, 30)
        )
        return any(not violations(made, each) for each in tries)
    for number, each in enumerate(week.groups):
        joined = replace(each, patients=(*each.patients, who))
        if not violations(made, replace(week, groups=(*week.groups[:number], joined, *week.groups[number + 1 :]))):
            return True
    population = next(each for each in made.patients if each.id == who).population
    return any(
        not violations(
            made,
            replace(
                week,
                groups=(
                    *week.groups,
                    Group("group", population, topic, language, way, day, start, 90, lead, room, (who, *others)),
                ),
            ),
        )
        for size in (1, 2)
        for others in combinations([each.id for each in made.patients if each.id != who], size)
        for topic in ("grief", "trauma")
        for language in ("en", "es")
        for way, room in (("in_person", "oak"), ("virtual", None))
        for day in (0, 1)
        for start in range(540, 780, 30)
        for lead in ("dana", "theo")
    )


def test_an_interpreter_who_is_free_then_is_named_as_what_would_open_a_group():
    lea = patient("lea", languages=("ase",), interpreting="ase", available=hours(0, start=540, end=720))
    ivy = Interpreter("ivy", ("ase",), ("in_person",), hours(0))
    week = solution(group("ben", "cleo"))
    made = board(ben, cleo, lea, interpreters=(ivy,), team=(staff(hours=hours(0, start=540, end=720)),))
    (found,) = unplaced(made, week)
    with translation.override("en"):
        sentences = said(stored(found), About(lea, 2, {"ivy": "Ivy Stone", "dana": "Dana Kim", "lea": "Lea"}))
    assert "It takes booking Ivy Stone to interpret it, who is free then." in sentences
    interpreted = solution(group("ben", "cleo", interpreter="ivy"))
    (found,) = unplaced(made, interpreted)
    assert not found.conflict  # what is booked already opens the group
