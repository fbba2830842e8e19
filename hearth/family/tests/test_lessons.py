"""Lessons for families: read in one's language, marked for oneself."""

from django.urls import reverse

from hearth.audit.models import Event
from hearth.family.models import LessonRead

SHELF = reverse("family:lessons")
LIMITS = reverse("family:lesson", args=["kind-limits"])


def test_a_family_member_finds_the_lessons_from_today_and_marks_one_as_read(as_user, alex):
    browser = as_user(alex.person)
    assert SHELF in browser.get("/today/").text
    assert "What recovery asks of a family" in browser.get("/today/").text
    assert "Kind limits" in browser.get(SHELF).text
    page = browser.get(LIMITS).text
    assert "A limit says what" in page
    assert "SAMHSA TIP 39" in page
    for _ in range(2):
        browser.post(LIMITS, {"read": "yes"})
    assert LessonRead.objects.get().lesson == "kind-limits"
    assert Event.objects.filter(verb="family.lesson_read", patient_id=None).count() == 1
    browser.post(LIMITS, {"read": "no"})
    assert not LessonRead.objects.exists()


def test_the_lessons_are_spanish_for_whoever_reads_spanish(as_user, alex):
    page = as_user(alex.person).get(SHELF, headers={"accept-language": "es"})
    assert "Límites con cariño" in page.text


def test_what_one_has_read_is_seen_by_oneself_alone(as_user, alex, carmen, dana, maya):
    as_user(alex.person).post(LIMITS, {"read": "yes"})
    assert as_user(carmen.person).get(SHELF).context["shelf"].read == frozenset()
    assert as_user(dana).get(SHELF).status_code == as_user(maya.user).get(SHELF).status_code == 403
    assert as_user(alex.person).get(reverse("family:lesson", args=["no-such"])).status_code == 404
