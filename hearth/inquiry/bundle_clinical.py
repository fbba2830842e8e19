"""Health and life, read from a bundle: what was recorded many times is told once, the most telling first."""

from collections.abc import Iterable
from dataclasses import replace

from hearth.inquiry.bundle_codes import is_behavioural, measure_code, social_topic
from hearth.inquiry.bundle_fhir import (
    Concept,
    Index,
    Json,
    concept,
    concepts,
    day,
    human_name,
    obj,
    objs,
    observations,
    observed_on,
    period,
    text,
    texts,
    value_of,
)
from hearth.inquiry.packet import Allergy, Condition, Medication, SocialFact
from hearth.inquiry.rules import display_name
from hearth.inquiry.said import Said
from hearth.inquiry.said import mark as _

_ACTIVE_CONDITION = ("active", "recurrence", "relapse")


def conditions(index: Index, problems: list[Said]) -> tuple[tuple[Condition, ...], tuple[SocialFact, ...]]:
    """Conditions (behavioural before other, active before past, then newest) and circumstances of life."""
    told: dict[object, Condition] = {}
    social: dict[object, SocialFact] = {}
    for resource in index.of("Condition"):
        if concept(resource.get("verificationStatus")).code in ("entered-in-error", "refuted"):
            continue
        about = concept(resource.get("code"))
        if about.text is None:
            problems.append(Said(_("A condition came without a name or code and was left out.")))
        elif not is_behavioural(about) and (topic := social_topic(about)):
            fact = _social_fact(resource, about, topic)
            social[about.text] = _again_social(social[about.text], fact) if about.text in social else fact
        else:
            one, key = _condition(resource, about), about.code or about.text
            told[key] = _again_condition(told[key], one) if key in told else one
    newest_first = sorted(told.values(), key=lambda one: one.onset or "", reverse=True)
    ordered = sorted(newest_first, key=lambda one: (not one.behavioural, not one.active))
    return tuple(ordered), (*_by_topic(social.values()), *_social_observations(index))


def _condition(resource: Json, about: Concept) -> Condition:
    status = concept(resource.get("clinicalStatus")).code
    onset = day(resource.get("onsetDateTime")) or period(resource.get("onsetPeriod"))[0]
    ended = day(resource.get("abatementDateTime")) or period(resource.get("abatementPeriod"))[1]
    return Condition(
        text=about.text or "",
        system=about.system,
        code=about.code,
        status=status,
        active=status in _ACTIVE_CONDITION if status else ended is None,
        behavioural=is_behavioural(about),
        onset=onset or day(resource.get("recordedDate")),
        ended=ended,
    )


def _again_condition(one: Condition, other: Condition) -> Condition:
    """One condition recorded twice: an active record speaks before a past one, then the newer."""
    speaks = max(one, other, key=lambda record: (record.active, record.onset or ""))
    return replace(speaks, times=one.times + other.times)


def _social_fact(resource: Json, about: Concept, topic: str) -> SocialFact:
    record = _condition(resource, about)
    return SocialFact(record.text, topic, record.active, record.onset)


def _again_social(one: SocialFact, other: SocialFact) -> SocialFact:
    speaks = max(one, other, key=lambda record: (record.current, record.since or ""))
    return replace(speaks, times=one.times + other.times)


def _by_topic(facts: Iterable[SocialFact]) -> list[SocialFact]:
    newest_first = sorted(facts, key=lambda one: one.since or "", reverse=True)
    return sorted(newest_first, key=lambda one: not one.current)


def _social_observations(index: Index) -> list[SocialFact]:
    """The newest answer to each question about life that came as an observation: tobacco, housing, …"""
    newest: dict[str, SocialFact] = {}
    for resource in observations(index):
        kinds = {code for one in concepts(resource.get("category")) for _, code in one.codes}
        question, answer = concept(resource.get("code")), value_of(resource)
        topic = social_topic(question)
        asked_of_life = kinds & {"social-history", "sdoh"} or (topic and "survey" in kinds)
        if not asked_of_life or not question.text or answer is None or measure_code(question):
            continue
        said = f"{answer:g}" if isinstance(answer, float) else answer
        fact = SocialFact(f"{question.text}: {said}", topic or "other", True, observed_on(resource))
        kept = newest.get(question.text)
        if kept is None or (fact.since or "") >= (kept.since or ""):
            newest[question.text] = fact
    return list(newest.values())


def medications(index: Index, problems: list[Said]) -> tuple[Medication, ...]:
    """Medications, active ones first, then the newest."""
    told: dict[object, Medication] = {}
    for resource in index.of("MedicationRequest", "MedicationStatement"):
        if resource.get("status") in ("entered-in-error", "draft") or resource.get("intent") in (
            "proposal",
            "option",
        ):
            continue
        about = _medicine(index, resource)
        if about.text is None:
            problems.append(Said(_("A medication came without a name or code and was left out.")))
        elif resource.get("doNotPerform") is True:
            problems.append(Said(_("The sender asks not to give %(medication)s."), medication=about.text))
        else:
            one, key = _medication(index, resource, about), about.code or about.text
            told[key] = _again_medication(told[key], one) if key in told else one
    newest_first = sorted(told.values(), key=lambda one: one.last or "", reverse=True)
    return tuple(sorted(newest_first, key=lambda one: not one.active))


def _medicine(index: Index, resource: Json) -> Concept:
    named = concept(resource.get("medicationCodeableConcept"))
    if named.text:
        return named
    reference = resource.get("medicationReference")
    pointed_to = concept(index.resolve(reference, within=resource).get("code"))
    return pointed_to if pointed_to.text else Concept(text(obj(reference).get("display")), ())


def _medication(index: Index, resource: Json, about: Concept) -> Medication:
    status = text(resource.get("status"))
    on = day(resource.get("authoredOn")) or day(resource.get("effectiveDateTime")) or day(resource.get("dateAsserted"))
    on = on or period(resource.get("effectivePeriod"))[0]
    dosages = objs(resource.get("dosageInstruction")) or objs(resource.get("dosage"))
    requester = resource.get("requester")
    names = objs(index.resolve(requester, within=resource).get("name"))
    prescriber = next((human_name(one) for one in names), None) or text(obj(requester).get("display"))
    return Medication(
        text=about.text or "",
        code=about.code,
        status=status,
        active=status == "active",
        dosage=next((said for one in dosages if (said := text(one.get("text")))), None),
        started=on,
        last=on,
        prescriber=display_name(prescriber) if prescriber else None,
    )


def _again_medication(one: Medication, other: Medication) -> Medication:
    speaks = max(one, other, key=lambda record: (record.active, record.last or ""))
    return replace(
        speaks,
        started=min(filter(None, (one.started, other.started)), default=None),
        last=max(filter(None, (one.last, other.last)), default=None),
        times=one.times + other.times,
    )


def allergies(index: Index, problems: list[Said]) -> tuple[Allergy, ...]:
    """Allergies and intolerances: high criticality first, past ones last."""
    found: dict[object, Allergy] = {}
    for resource in index.of("AllergyIntolerance"):
        if concept(resource.get("verificationStatus")).code in ("entered-in-error", "refuted"):
            continue
        about = concept(resource.get("code"))
        if about.text is None:
            problems.append(Said(_("An allergy came without a name or code and was left out.")))
            continue
        reactions = objs(resource.get("reaction"))
        shown = [said.text for one in reactions for said in concepts(one.get("manifestation")) if said.text]
        allergy = Allergy(
            text=about.text,
            code=about.code,
            active=concept(resource.get("clinicalStatus")).code in ("active", None),
            criticality=text(resource.get("criticality")),
            categories=texts(resource.get("category")),
            reactions=tuple(dict.fromkeys(shown)),
        )
        kept = found.get(about.text)
        found[about.text] = min(kept, allergy, key=_gravity) if kept else allergy
    return tuple(sorted(found.values(), key=lambda one: (*_gravity(one), one.text)))


def _gravity(allergy: Allergy) -> tuple[bool, int]:
    weight = {"high": 0, "unable-to-assess": 1, None: 1, "low": 2}
    return not allergy.active, weight.get(allergy.criticality, 1)
