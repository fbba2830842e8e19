from uuid import uuid4

import pytest

from hearth.consent import wordings
from hearth.consent.models import ConsentKind
from hearth.consent.rules import Offer, Signature, Why, may_speak_with, missing, needs_guardian, to_sign

OWN, GUARDIANS = Signature("treatment", True), Signature("treatment", False)


@pytest.mark.parametrize(
    ("age", "has_guardian", "needed"), [(17, True, True), (17, False, False), (18, True, False), (40, False, False)]
)
def test_a_guardian_signs_beside_a_minor_where_one_is_known(age, has_guardian, needed):
    assert needs_guardian(age=age, has_guardian=has_guardian) is needed


@pytest.mark.parametrize(
    ("signed", "guardian_too", "still"),
    [
        (set(), False, ("treatment", "telehealth")),
        ({OWN}, False, ("telehealth",)),
        ({OWN}, True, ("treatment", "telehealth")),
        ({GUARDIANS}, False, ("treatment", "telehealth")),
        ({OWN, GUARDIANS}, True, ("telehealth",)),
    ],
)
def test_what_is_missing_is_what_somebody_who_must_sign_has_not_signed(signed, guardian_too, still):
    assert missing(["treatment", "telehealth"], signed, guardian_too=guardian_too) == still


def test_each_signs_their_own_part_and_a_guardian_of_a_grown_person_none():
    assert to_sign(["treatment"], {OWN}, by_patient=False, guardian_too=True) == ("treatment",)
    assert to_sign(["treatment"], {OWN}, by_patient=True, guardian_too=True) == ()
    assert to_sign(["treatment"], set(), by_patient=False, guardian_too=False) == ()


@pytest.mark.parametrize("language", wordings.LANGUAGES)
@pytest.mark.parametrize("kind", ConsentKind.values)
def test_every_text_exists_in_every_language_in_the_same_version_and_fills_its_places(kind, language):
    wording = wordings.wording(kind, language)
    assert wording.language == language
    assert wording.version == wordings.wording(kind, "en").version
    places = ("name", "organisation", "phone", "recipients", "information", "purpose", "expires")
    text = wordings.fill(wording.body, {place: f"<{place}>" for place in places})
    assert "{" not in text
    assert "\\<name\\>" in text or kind == ConsentKind.PROGRAM_RULES


@pytest.mark.parametrize("language", wordings.LANGUAGES)
@pytest.mark.parametrize("kind", [ConsentKind.PART2_TPO, ConsentKind.RELEASE])
def test_consents_to_share_have_the_nine_elements_the_law_names(kind, language):
    body = wordings.wording(kind, language).body
    assert [f"\n{number}. **" in f"\n{body}" for number in range(1, 10)] == [True] * 9
    for place in ("{name}", "{organisation}", "{information}", "{recipients}", "{purpose}", "{expires}"):
        assert place in body


def test_what_people_type_is_shown_as_words_never_as_markup():
    text = wordings.fill("With **{who}**", {"who": "[Ann](javascript:x)\n# <script>alert(1)</script>"})
    html = wordings.as_html(text)
    assert "<script" not in html
    assert "<a" not in html
    assert "<h1" not in html


ROSA = Offer(uuid4(), "release", ("Bright Path", "Rosa Reyes"), True)
HER_MOTHERS = Offer(uuid4(), "release", ("Rosa Reyes",), False)
TPO = Offer(uuid4(), "part2_tpo", (), True)


@pytest.mark.parametrize(
    ("who", "is_treating", "offers", "guardian_too", "why"),
    [
        ("rosa  reyes", False, [ROSA], False, Why.NAMED),
        ("Rosa", False, [ROSA], False, Why.NOT_NAMED),
        ("Rosa Reyes, sister", False, [ROSA], False, Why.NOT_NAMED),
        (" ", True, [ROSA, TPO], False, Why.NO_NAME),
        ("Rosa Reyes", False, [TPO], False, Why.NOT_NAMED),
        ("Dr. Ode", True, [TPO], False, Why.TREATING),
        ("Dr. Ode", True, [TPO], True, Why.NOT_ALL_SIGNED),
        ("Rosa Reyes", False, [ROSA], True, Why.NOT_ALL_SIGNED),
        ("Rosa Reyes", False, [HER_MOTHERS], True, Why.NOT_ALL_SIGNED),
        ("Rosa Reyes", False, [HER_MOTHERS, ROSA], True, Why.NAMED),
        ("Rosa Reyes", False, [], False, Why.NOT_NAMED),
    ],
)
def test_only_who_a_consent_covers_without_doubt_may_be_told_anything(who, is_treating, offers, guardian_too, why):
    spoken = may_speak_with(who, is_treating=is_treating, offers=offers, guardian_too=guardian_too)
    assert spoken.why is why
    assert spoken.consent == {Why.NAMED: ROSA.id, Why.TREATING: TPO.id}.get(why)
