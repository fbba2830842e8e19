import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from fhir.resources.R4B.questionnaire import Questionnaire

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.measures import queries, services, words
from hearth.measures.instrument import WordsNotShipped
from hearth.measures.models import Words
from hearth.program.pack import DueRule

PAGE = reverse("measures:instrument", args=["bgq"])


def entered(**more):
    """The five questions of a permission-only instrument, in words of our own."""
    return {
        "language": "en",
        "title": "Five questions about your loss",
        "instruction": "Think of the past month.",
        "questions": "\n".join(f"Question {n}" for n in range(1, 6)),
        "answers-0": "Not at all\nSomewhat\nA lot",
        "permission": "Letter of 1 November 2026, file 12",
        "attest": "on",
    } | more


@pytest.fixture
def omar(organisation):
    """Omar Haddad, administrator."""
    return make_user("Omar Haddad", Role.ADMINISTRATOR, organisation=organisation)


def test_words_appear_once_an_administrator_attests_their_permission(as_user, omar, maya):
    answer = reverse("measures:answer", args=["bgq"])
    assert as_user(maya.user).get(answer).status_code == 404
    assert as_user(omar).post(PAGE, entered()).status_code == 302
    page = as_user(maya.user).get(answer)
    assert "Question 5" in page.text
    assert "University of Pittsburgh" in page.text
    sent = {f"q-{n}": 2 for n in range(1, 6)} | {"token": "7f0c2a8e-8a53-4d0f-8a3f-0d3b2f6f4a11"}
    result = as_user(maya.user).post(answer, sent, follow=True)
    assert "10 of 10" in result.text


def test_words_in_spanish_alone_are_shown_to_readers_of_english(as_user, omar, maya, dana):
    questions = "uno\ndos\ntres\ncuatro\ncinco"
    as_user(omar).post(PAGE, entered(language="es", title="Cinco preguntas", questions=questions))
    answer = reverse("measures:answer", args=["bgq"])
    page = as_user(maya.user).get(answer)
    assert page.status_code == 200
    assert 'lang="es"' in page.text
    sent = {f"q-{n}": 2 for n in range(1, 6)} | {"token": "7f0c2a8e-8a53-4d0f-8a3f-0d3b2f6f4a11"}
    assert "10 of 10" in as_user(maya.user).post(answer, sent, follow=True).text
    for link in (reverse("measures:enter", args=[maya.pk, "bgq"]), reverse("measures:of-patient", args=[maya.pk])):
        assert "cinco" in as_user(dana).get(link).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"attest": ""}, "may not be shown"),
        ({"questions": "One\nTwo"}, "This needs 5 lines, and there are 2."),
        ({"answers-0": "No\nYes"}, "This needs 3 lines, and there are 2."),
        ({"permission": ""}, "required"),
    ],
)
def test_half_an_attestation_shows_nothing(as_user, omar, change, words):
    page = as_user(omar).post(PAGE, entered(**change))
    assert page.status_code == 422
    assert words in page.text
    assert not Words.objects.exists()


def test_new_words_end_the_old_ones_and_both_stay_in_the_history(as_user, omar):
    client = as_user(omar)
    client.post(PAGE, entered())
    client.post(PAGE, entered(title="Corrected", permission="Letter of 2 November 2026"))
    assert [(row.title, row.ended_by) for row in words.history("bgq")] == [
        ("Corrected", None),
        ("Five questions about your loss", omar),
    ]
    page = client.get(PAGE).text
    assert "Letter of 1 November 2026" in page
    assert "Letter of 2 November 2026" in page


def test_withdrawn_words_are_asked_no_more(as_user, omar, maya, dana, now):
    client = as_user(omar)
    client.post(PAGE, entered())
    services.follow_rules(
        patient=maya, rules=[DueRule("bgq", True, None, False, ())], started_on=now.date(), by=dana, at=now
    )
    assert [one.instrument.id for one in queries.due_measures(maya, now.date())] == ["bgq"]
    row = Words.objects.get()
    link = reverse("measures:withdraw", args=[row.pk])
    assert client.post(link, {"reason": ""}).status_code == 302
    assert words.get("bgq").forms
    client.post(link, {"reason": "The license ended."})
    assert queries.due_measures(maya, now.date()) == []
    with pytest.raises(WordsNotShipped):
        words.get("bgq").form("en")
    assert "The license ended." in client.get(PAGE).text


def test_only_administrators_attest_and_withdraw(as_user, omar, dana, maya, walt, now):
    as_user(omar).post(PAGE, entered())
    row = Words.objects.get()
    for other in (dana, walt):
        page = as_user(other)
        assert page.get(PAGE).status_code == 200
        assert "Attest and show" not in page.get(PAGE).text
        page.post(PAGE, entered(title="Mine"))
        assert page.post(reverse("measures:withdraw", args=[row.pk]), {"reason": "no"}).status_code == 403
    assert as_user(maya.user).get(PAGE).status_code == 403
    assert Words.objects.get().title == "Five questions about your loss"
    with pytest.raises(PermissionDenied):
        services.withdraw_words(words=row, reason="no", by=dana, at=now)


def test_words_that_ship_cannot_be_overwritten(omar, now):
    form = words.get("phq-9").form("en")
    with pytest.raises(PermissionDenied):
        services.attest_words(instrument_id="phq-9", form=form, permission="none", by=omar, at=now)


def test_the_catalogue_says_what_covers_which_need_and_what_is_missing(as_user, omar, dana, count_queries):
    link = reverse("measures:catalogue")
    page = as_user(dana).get(link).text
    for need in ("Depression", "Anxiety", "OCD", "Alcohol", "Drugs", "Grief", "Trauma", "Stress"):
        assert f'<th scope="row">{need}</th>' in page
    assert page.count("none yet") == 2  # OCD and grief
    before = count_queries(as_user(omar), link)
    as_user(omar).post(PAGE, entered())
    assert count_queries(as_user(omar), link) == before
    assert as_user(omar).get(link).text.count("none yet") == 1


def test_other_systems_read_the_questions_as_fhir(as_user, omar, dana, maya):
    as_user(omar).post(PAGE, entered())
    for name in ("bgq", "phq-9"):
        page = as_user(dana).get(reverse("measures:questionnaire", args=[name, "en"]))
        found = Questionnaire.model_validate(page.json())
        assert found.copyright
    assert as_user(dana).get(reverse("measures:questionnaire", args=["oci-r", "en"])).status_code == 404
    assert as_user(maya.user).get(reverse("measures:questionnaire", args=["bgq", "en"])).status_code == 403
