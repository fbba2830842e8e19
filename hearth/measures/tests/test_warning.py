"""Sudden worsening, and low scores of who then stays away: the rules, and the concern in the answers' transaction."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hearth.measures import begun, services
from hearth.measures import instrument as instruments
from hearth.measures.concerns import WORSENING
from hearth.measures.warning import low, worsening
from hearth.safety.models import Concern

PHQ, WHO, PCL = (instruments.get(name) for name in ("phq-9", "who-5", "pcl-5"))


@pytest.mark.parametrize(
    ("instrument", "totals", "found"),
    [
        (PHQ, [12], None),
        (PHQ, [4, 9], None),  # 5 points, one band: neither
        (PHQ, [4, 10], ("points", 4)),
        (PHQ, [9, 15], ("points", 9)),
        (PHQ, [14, 20], ("points", 14)),
        (PHQ, [9, 12, 15], ("points", 9)),  # slowly, but far from where they began
        (PHQ, [9, 15, 15], None),  # no worse than last time
        (PHQ, [9, 20, 16], None),
        (PHQ, [20, 10, 15], None),
        (PHQ, [20, 4, 10], ("points", 4)),
        (WHO, [60, 50], ("points", 60)),  # low is bad
        (WHO, [60, 52], None),
        (WHO, [40, 60], None),
        (PCL, [30, 44], None),
        (PCL, [30, 45], ("points", 30)),
    ],
)
def test_a_worsening_counts_from_the_instruments_own_criterion_on(instrument, totals, found):
    worse = worsening(instrument, totals)
    assert (worse and (worse.by, worse.before)) == found
    if worse:
        assert worse.source


def test_two_bands_at_once_count_where_no_criterion_is_met():
    audit = instruments.get("audit")
    assert audit.change is None
    least = sorted(band.least for band in audit.bands)
    worse = worsening(audit, [least[0], least[2]])
    assert worse
    assert (worse.by, worse.limit, worse.source) == ("bands", 2, audit.bands_paper)
    assert worsening(audit, [least[0], least[1]]) is None


@given(st.lists(st.integers(0, 27), min_size=2, max_size=6))
def test_nobody_who_is_no_worse_than_last_time_is_called_worse(totals):
    if totals[-1] <= totals[-2]:
        assert worsening(PHQ, totals) is None


@pytest.mark.parametrize(
    ("instrument", "total", "grave", "standing", "why"),
    [
        (PHQ, 3, True, "on", "answer"),
        (PHQ, 19, False, "on", None),
        (PHQ, 20, False, "on", "band"),
        (PHQ, 12, False, "off", "course"),
        (PHQ, None, False, "off", None),
        (WHO, 28, False, "on", "band"),
        (WHO, 29, False, "on", None),
        (WHO, 100, False, "on", None),
        (PCL, 80, False, "on", None),  # its two bands are a screen's yes and no
    ],
)
def test_low_is_the_worst_band_a_grave_answer_or_off_track(instrument, total, grave, standing, why):
    assert low(instrument, total=total, has_grave_answer=grave, standing=standing) == why


def answer(patient, at, points, **said):
    values = [min(3, max(0, points - 3 * number)) for number in range(8)] + [0, 0]
    return services.store_answers(
        patient=patient, instrument_id="phq-9", answers=values, language="en", by=patient.user, at=at, **said
    )


def worse_ones():
    return list(Concern.objects.filter(source_kind=WORSENING).order_by("raised_at"))


def test_a_sudden_worsening_is_a_concern_to_watch_once_while_it_is_open(maya, dana, now):
    for weeks, points, found in ((0, 5, 0), (1, 7, 0), (2, 13, 1), (3, 20, 1)):
        answer(maya, now + timedelta(weeks=weeks), points)
        assert len(worse_ones()) == found
    (concern,) = worse_ones()
    assert (concern.patient, concern.severity) == (maya, "watch")
    assert "PHQ-9: 7 → 13 (6)" in concern.told
    assert "Gyani" in concern.told
    later = now + timedelta(weeks=4)
    Concern.objects.update(resolved_at=later, resolved_by=dana, action="Spoke with her")
    answer(maya, later, 20)
    assert len(worse_ones()) == 1
    answer(maya, later + timedelta(weeks=1), 22)  # worse once more, and far from where she began
    assert len(worse_ones()) == 2


def test_another_worsening_after_they_were_spoken_with_is_another_concern(maya, now):
    for weeks, points in ((0, 5), (1, 12)):
        answer(maya, now + timedelta(weeks=weeks), points)
    Concern.objects.update(reached_at=now + timedelta(days=8))
    answer(maya, now + timedelta(weeks=2), 20)
    assert len(worse_ones()) == 2


def test_answers_that_came_late_are_looked_at_where_they_belong(maya, now):
    answer(maya, now, 5)
    answer(maya, now + timedelta(days=8), 6)
    answer(maya, now + timedelta(days=9), 20, written_at=now + timedelta(days=4))
    assert worse_ones() == []
    answer(maya, now + timedelta(days=11), 13, written_at=now + timedelta(days=10))
    (concern,) = worse_ones()
    assert "6 → 13" in concern.told
    assert f"{now + timedelta(days=10):%Y-%m-%d}" in concern.told


# ---- the follow-up screen after item 9


ITEM_9 = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
OFFER = "Five short questions, if you like"


def screen(patient, at, *values, by=None, **said):
    return services.store_answers(
        patient=patient, instrument_id="asq", answers=list(values), language="en", by=by or patient.user, at=at, **said
    )


def item_9(patient, at):
    return services.store_answers(
        patient=patient, instrument_id="phq-9", answers=ITEM_9, language="en", by=patient.user, at=at
    )


def severities(source):
    return list(Concern.objects.filter(source_id=source.pk).values_list("severity", flat=True))


@pytest.mark.parametrize(
    ("answers", "severity"), [((1, 0, 0, 0, 1), "emergency"), ((1, 0, 0, 0, 0), "urgent"), ((0, 0, 0, 0), "urgent")]
)
def test_thoughts_right_now_on_the_screen_make_item_9_an_emergency_and_nothing_makes_it_less(
    maya, dana, now, answers, severity
):
    phq = item_9(maya, now)
    assert severities(phq) == ["urgent"]
    values = {str(number): value for number, value in enumerate(answers, start=1)}
    services.store_answers(
        patient=maya, instrument_id="asq", answers=values, language="en", by=dana, at=now + timedelta(minutes=3),
        how="interview",
    )  # fmt: skip
    assert severities(phq) == [severity]


def test_a_screen_answered_by_taps_does_it_at_the_tap(maya, now):
    phq = item_9(maya, now)
    asq = instruments.get("asq")
    given = {"1": 1, "2": 0, "3": 0, "4": 0, "5": 1}
    begun.keep_own(patient=maya, instrument=asq, answers=given, token=uuid4(), by=maya.user, at=now)
    assert severities(phq) == ["emergency"]


def test_what_was_dealt_with_before_stays_as_it_was(maya, dana, now):
    phq = item_9(maya, now)
    Concern.objects.update(resolved_at=now, resolved_by=dana, action="Spoke with her")
    screen(maya, now + timedelta(days=1), 1, 0, 0, 0, 1)
    assert severities(phq) == ["urgent"]


def test_the_screen_is_offered_after_help_until_it_was_answered(as_user, maya, dana):
    now = timezone.now()
    phq, client = item_9(maya, now), as_user(maya.user)
    page = client.get(reverse("measures:result", args=[phq.pk])).text
    assert page.index("You told us something important") < page.index(OFFER)
    assert OFFER in client.get(reverse("measures:mine")).text
    asq = screen(maya, now + timedelta(seconds=1), 1, 0, 0, 0, 0)
    for address in (reverse("measures:mine"), *(reverse("measures:result", args=[one.pk]) for one in (phq, asq))):
        assert OFFER not in client.get(address).text


def test_it_is_not_offered_where_nothing_told_of_danger(as_user, maya):
    row = answer(maya, timezone.now(), 4)
    assert OFFER not in as_user(maya.user).get(reverse("measures:result", args=[row.pk])).text
