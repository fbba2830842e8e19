"""What a plan does when somebody is admitted."""

from hearth.admission.testing import make_assessment
from hearth.admission.tests.test_services import admit, sign_all
from hearth.measures.models import Rule
from hearth.plan.queries import current_plan


def test_an_admission_drafts_the_programs_plan_and_lets_its_measures_fall_due(maya, dana, ruth, now):
    make_assessment(maya, by=ruth, at=now)
    sign_all(maya, at=now)
    plan = current_plan(admit(maya, by=dana, at=now))
    assert plan
    assert plan.weeks == 14
    assert plan.minutes_a_week() >= 540
    assert {"phq-9", "gad-7"} <= set(Rule.objects.values_list("instrument", flat=True))
