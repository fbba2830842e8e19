"""Editions and LOCUS or CALOCUS-CASII scores: the rules, what is kept, and what each page shows."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.admission import services
from hearth.admission.models import Assessment
from hearth.admission.rules import Dimension, Edition, Finding, Level, number_in
from hearth.admission.score_models import LevelScore
from hearth.admission.score_rules import RATED, Instrument, Score, differences, instrument_at
from hearth.admission.wording import rated
from hearth.audit.models import Event
from hearth.people.testing import make_patient

MODERATE = {dimension: Finding(2, "as told") for dimension in Dimension}
RATINGS = {f"rating_{number}": "2" for number in "123456"} | {"edition": "ASAM-4"}
TWENTY = Score((2, 3, 3, 3, 3, 3, 3), 4)
ENTERED = {f"score_{name}": str(rating) for name, rating in zip(RATED, TWENTY.ratings, strict=True)}


@pytest.mark.parametrize(
    ("ratings", "level", "suggested", "codes"),
    [
        ((2, 3, 2, 2, 3, 3, 3), 3, Level.IOP, []),
        ((2, 3, 3, 3, 3, 3, 3), 4, Level.IOP, ["composite", "level"]),
        ((2, 2, 2, 2, 2, 3, 3), 3, Level.IOP, ["composite"]),
        ((2, 3, 2, 2, 3, 3, 3), 5, Level.IOP, ["level"]),
        ((4, 4, 3, 3, 3, 4, 3), 5, Level.WITHDRAWAL_MANAGEMENT, []),  # a score does not tell the two kinds apart
        ((5, 5, 4, 4, 4, 4, 4), 6, Level.RESIDENTIAL, ["composite", "level"]),
    ],
)
def test_a_score_that_goes_elsewhere_than_the_suggestion_is_named(ratings, level, suggested, codes):
    assert [one.code for one in differences(Score(ratings, level), suggested)] == codes


@given(st.tuples(*[st.integers(1, 4)] * 7), st.integers(0, 6), st.integers(0, 6), st.sampled_from(list(Level)))
def test_a_higher_rating_never_asks_for_less(ratings, level, place, suggested):
    worse = list(ratings)
    worse[place % 7] += 1
    found = {one.code: one.goes_with for one in differences(Score(ratings, level), suggested)}
    later = {one.code: one.goes_with for one in differences(Score(tuple(worse), level), suggested)}
    before, after = found.get("composite", suggested), later.get("composite", suggested)
    assert float(after) >= float(before)


def test_under_eighteen_it_is_the_instrument_for_the_young():
    assert (instrument_at(17), instrument_at(18)) == (Instrument.CALOCUS_CASII, Instrument.LOCUS)


def test_what_the_third_edition_numbers_otherwise_is_shown_by_its_numbers():
    assert {number_in(Edition.THIRD, each) for each in Dimension} == set("123456")
    third = {name: number for number, name, _rating, _note in rated(MODERATE, Edition.THIRD)}
    assert third["Home and surroundings"] == "6"
    assert third["What the person wants"] == "4"
    assert [line[0] for line in rated(MODERATE, Edition.FOURTH)] == list("123456")


def test_a_score_stays_with_whoever_entered_it_until_its_numbers_change(maya, dana, ines, now):
    services.record_findings(patient=maya, findings=MODERATE, score=TWENTY, by=ines, at=now)
    later = now + timedelta(hours=1)
    services.record_findings(patient=maya, findings=MODERATE, score=TWENTY, by=dana, at=later, edition=Edition.THIRD)
    score = LevelScore.objects.get()
    assert (score.assessment.edition, score.entered_by, score.instrument) == ("ASAM-3", ines, "locus")
    assert score.numbers.composite == 20
    services.record_findings(patient=maya, findings=MODERATE, score=Score(TWENTY.ratings, 3), by=dana, at=later)
    assert LevelScore.objects.get().entered_by == dana
    services.record_findings(patient=maya, findings=MODERATE, by=dana, at=later)
    assert not LevelScore.objects.exists()
    assert Event.objects.filter(verb="admission.level_score_entered", patient_id=maya.pk).count() == 2
    assert Event.objects.filter(verb="admission.level_score_taken_back", patient_id=maya.pk).count() == 1


def test_a_signed_score_stays_and_the_next_assessment_asks_anew(maya, as_user, dana, now):
    first = services.record_findings(patient=maya, findings=MODERATE, score=TWENTY, by=dana, at=now)
    services.sign_decision(assessment=first, level="2.1", rationale="", by=dana, at=now)
    form = as_user(dana).get(reverse("admission:findings", args=[maya.pk])).context["form"]
    assert form["rating_1"].value() == 2
    assert form["score_level"].value() is None
    services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now + timedelta(days=30))
    assert LevelScore.objects.get().assessment == first


@pytest.mark.parametrize("wrong", [{"ratings": [1, 2, 3]}, {"ratings": [0, 1, 1, 1, 1, 1, 1]}, {"level": 7}])
def test_the_database_takes_no_other_numbers(maya, dana, now, wrong):
    assessment = services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now)
    numbers = {"ratings": list(TWENTY.ratings), "level": 4} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        LevelScore.objects.create(assessment=assessment, instrument="locus", entered_by=dana, entered_at=now, **numbers)


def test_the_clinician_who_signs_sees_where_the_score_says_otherwise_and_decides(as_user, ines, ruth, jonah):
    answers = RATINGS | ENTERED | {"score_level": "4", "edition": "ASAM-3"}
    assert as_user(ines).post(reverse("admission:findings", args=[jonah.pk]), answers).status_code == 302
    way = reverse("admission:way-in", args=[jonah.pk])
    page = as_user(ruth).get(way).text
    for words in (
        "ASAM Criteria, third edition",
        "6. Home and surroundings",
        "composite score 20, level 4 entered",
        "LOCUS and Hearth’s suggestion do not agree.",
        "The entered level 4 goes with: Day program",
        ines.name,
    ):
        assert words in page
    signed = as_user(ruth).post(way, {"step": "sign", "level": "2.1", "rationale": "", "sure": "on"})
    assert signed.status_code == 302
    assert "do not agree" not in as_user(ruth).get(way).text
    chart = as_user(ruth).get(reverse("web:chart", args=[jonah.pk])).text
    assert "ASAM Criteria, third edition" in chart
    assert "composite score 20, level 4 entered" in chart


def test_a_score_half_entered_is_refused_beside_the_field_and_kept(as_user, ines, jonah):
    address = reverse("admission:findings", args=[jonah.pk])
    page = as_user(ines).post(address, RATINGS | {"score_II": "3", "score_III": "9"})
    assert page.status_code == 422
    form = page.context["form"]
    assert "Enter all seven ratings and the level, or none of them." in form.errors["score_I"]
    assert "score_II" not in form.errors
    assert len(form.errors["score_III"]) == 1
    assert form["score_II"].value() == "3"
    assert not Assessment.objects.exists()


def test_an_edition_that_does_not_exist_is_refused(as_user, ines, jonah):
    page = as_user(ines).post(reverse("admission:findings", args=[jonah.pk]), RATINGS | {"edition": "ASAM-2"})
    assert "edition" in page.context["form"].errors


def test_an_adolescent_is_asked_for_the_instrument_of_their_age(as_user, ines, now):
    noor = make_patient("Noor", "Haddad", at=now, birth_date=date(2010, 3, 2), population="adolescent")
    page = as_user(ines).get(reverse("admission:findings", args=[noor.pk])).text
    assert "CALOCUS-CASII score" in page
    assert "American Academy of Child and Adolescent Psychiatry" in page


def test_who_may_not_open_the_chart_enters_no_score(as_user, theo, maya):
    address = reverse("admission:findings", args=[maya.pk])
    for somebody in (theo, maya.user):
        assert as_user(somebody).post(address, RATINGS | ENTERED | {"score_level": "4"}).status_code == 403
    assert not LevelScore.objects.exists()
