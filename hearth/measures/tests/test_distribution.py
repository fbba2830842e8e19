"""Where a group stands: counts by band, what is old or missing, and no names."""

from datetime import timedelta
from uuid import uuid4

from hearth.measures import instrument, services
from hearth.measures.distribution import OLD, distribution, distributions
from hearth.measures.testing import PHQ_9_MILD, answered, make_response
from hearth.people.testing import make_patient
from hearth.program import pack

DAY = timedelta(days=1)


def counts(one):
    return {str(share.name): share.count for share in one.shares}


def test_every_band_of_an_instrument_is_counted_from_end_to_end(now):
    latest = {uuid4(): (band, now - DAY) for band in ("mild", "mild", "severe")}
    found = distribution(instrument.get("phq-9"), latest, people=5, at=now)
    assert counts(found) == {"minimal": 0, "mild": 2, "moderate": 0, "moderately severe": 0, "severe": 1}
    assert (found.recent, found.old, found.none) == (3, 0, 2)
    assert [share.tone for share in found.shares] == ["pine", "dusk", "gold", "ember", "alarm"]


def test_an_old_answer_says_nothing_of_today(now):
    latest = {uuid4(): ("mild", now - OLD), uuid4(): ("severe", now - OLD - DAY)}
    found = distribution(instrument.get("phq-9"), latest, people=2, at=now)
    assert (counts(found)["mild"], counts(found)["severe"], found.old, found.none) == (1, 0, 1, 0)


def test_a_screen_shows_what_was_found(now):
    latest = {uuid4(): ("positive", now), uuid4(): ("negative", now)}
    assert counts(distribution(instrument.get("audit-c"), latest, people=2, at=now)) == {
        "screen negative": 1,
        "screen positive": 1,
    }


def test_the_latest_answer_counts_and_what_one_alone_has_is_no_picture(maya, jonah, now):
    for one in (maya, jonah):
        make_response(one, "phq-9", answered("phq-9", 20), at=now - 20 * DAY)
        make_response(one, "phq-9", PHQ_9_MILD, at=now - DAY)
    make_response(maya, "gad-7", [0] * 7, at=now)
    (found,) = distributions([maya, jonah], at=now)
    assert found.instrument.id == "phq-9"
    assert (counts(found)["mild"], found.recent) == (2, 2)


def test_who_is_asked_and_has_not_answered_is_counted_without_an_answer(maya, jonah, dana, now):
    rules = pack.get("adult-evening").due_for("mental-health")
    for one in (maya, jonah):
        services.follow_rules(patient=one, rules=rules, started_on=now.date(), by=dana, at=now)
    make_response(maya, "phq-9", PHQ_9_MILD, at=now)
    (found,) = distributions([maya, jonah], at=now)
    assert (found.instrument.id, found.recent, found.none) == ("phq-9", 1, 1)


def test_the_picture_of_many_takes_two_queries(maya, jonah, now, django_assert_num_queries):
    people = [maya, jonah, *(make_patient(f"Ana{n}", "Diaz", at=now) for n in range(6))]
    for one in people:
        make_response(one, "phq-9", PHQ_9_MILD, at=now)
        make_response(one, "gad-7", [1] * 7, at=now)
    for some in (people[:2], people):
        with django_assert_num_queries(2):
            assert [one.people for one in distributions(some, at=now)] == [len(some)] * 2
