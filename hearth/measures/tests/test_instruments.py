import json
import os
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from hearth.measures import fhir, instrument, wording
from hearth.measures.instrument_check import problems

SHARED = os.environ.get("HEARTH_SHARED")
ANSWERS = Path(SHARED or "", "data", "measures")


def told(*args):
    out = StringIO()
    call_command("measures", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def phq(tmp_path):
    return Path(shutil.copytree(instrument.FOLDER / "phq-9", tmp_path / "phq-9"))


@pytest.mark.parametrize("instrument_id", instrument.ids())
def test_every_instrument_is_sound(instrument_id):
    assert problems(instrument.FOLDER / instrument_id) == ()


def test_what_an_alert_says_is_known_to_the_translators():
    every = [instrument.get(each) for each in instrument.ids()]
    said = {rule.reason for one in every for rule in one.alerts}
    said |= {rule.reason for one in every for rule in one.total_alerts}
    said |= {rule.reason for one in every for rule in one.subscale_alerts}
    said |= {one.silence.reason for one in every if one.silence}
    assert said == set(wording.ALERTS)
    with translation.override("es"):
        assert [reason for reason in said if translation.gettext(reason) == reason] == []


@pytest.mark.parametrize("instrument_id", ["phq-9", "gad-7", "asq", "who-5", "audit-c", "audit", "follow-up"])
def test_english_and_spanish_ask_the_same_with_the_same_points(instrument_id):
    one = instrument.get(instrument_id)
    points = [
        [(question.link_id, [answer.value for answer in question.answers]) for question in form.questions]
        for form in (one.form("en"), one.form("es"))
    ]
    assert points[0] == points[1]
    assert one.form("en").instruction != one.form("es").instruction


def test_a_language_that_is_not_published_falls_back_to_english():
    assert instrument.get("phq-9").form("fr-CA").language == "en"
    assert instrument.get("phq-9").form("es-US").language == "es"


def test_other_clients_total_waits_for_the_questions_that_answers_lead_to():
    def waits_for(name):
        (total,) = fhir.total_item(instrument.get(name))
        return total["extension"][0]["valueExpression"]["expression"].split(", ")[0].removeprefix("iif(")

    def answer(*links):
        return f"%resource.item.where({' or '.join(f"linkId = '{link}'" for link in links)}).answer"

    drank = f"({answer('1')}.value.ordinal().where($this > 0).exists())"
    more = " or ".join(f"{answer(link)}.value.ordinal().where($this > 0).exists()" for link in "23")
    assert waits_for("audit").split(" and ") == [
        f"{answer('1', '9', '10')}.count() = 3",
        f"({answer('2', '3')}.count() = 2 or {drank}.not())",
        f"({answer('4', '5', '6', '7', '8')}.count() = 5 or ({more}).not())",
    ]
    assert f"{answer('A1')}.value.where($this > 0).exists()" in waits_for("crafft")  # days are a number
    assert waits_for("phq-9") == f"{answer(*'123456789')}.count() = 9"


def test_words_that_do_not_ship_are_not_shown_but_are_scored():
    with pytest.raises(instrument.WordsNotShipped):
        instrument.get("oci-r").form("en")


def test_our_own_questions_say_that_they_are_ours_and_untested():
    for instrument_id in ("session-check-out", "follow-up"):
        one = instrument.get(instrument_id)
        assert not one.validated
        assert one.licence.status == "ours"
        assert "not been tested" in one.licence.attribution


def test_an_unknown_instrument_is_named():
    with pytest.raises(instrument.UnknownInstrument, match=r"no instrument “\.\./phq-9”"):
        instrument.get("../phq-9")


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("scoring.toml", 'id = "phq-9"', 'id = "phq-8"', "not the folder's name"),
        ("scoring.toml", "least = 20", "least = 40", "bands must rise"),
        ("scoring.toml", 'item = "9"', 'item = "11"', "names item 11"),
        ("scoring.toml", 'severity = "urgent"', 'severity = "grave"', "“grave” is not known"),
        ("scoring.toml", 'status = "free"', 'status = "permission"', "may not ship"),
        ("scoring.toml", "[scoring]", "[scoring", "not TOML"),
        ("scoring.toml", 'name = "PHQ-9"', "", "'name' is missing"),
        ("questionnaire.es.json", '"linkId": "9"', '"linkId": "19"', "the scoring knows"),
        ("questionnaire.es.json", '"valueDecimal": 3', '"valueDecimal": 4', "other points"),
        ("questionnaire.en.json", "44260-8", "44260-9", "another LOINC code"),
        ("questionnaire.en.json", '"status": "active"', '"status": []', "not a FHIR Questionnaire at status"),
        ("questionnaire.en.json", "{", "", "not JSON"),
    ],
)
def test_a_damaged_instrument_is_told_in_a_sentence(phq, file, old, new, sentence):
    path = phq / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    assert any(sentence in one and file in one for one in problems(phq))


def test_the_check_command_finds_all_that_ship_sound():
    assert "instruments are sound" in told("check")


def test_the_score_command_prints_one_json_document(tmp_path):
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"instrument": "phq-9", "answers": [3, 3, 2, 3, 2, 2, 1, 1, 1]}))
    assert json.loads(told("score", str(file))) == {
        "instrument": "phq-9",
        "total": 18,
        "subscales": {},
        "band": "moderately-severe",
        "alerts": [
            {
                "item": "9",
                "reason": "Thoughts of being better off dead or of self-harm: review the same day.",
                "severity": "urgent",
            }
        ],
        "complete": True,
        "reasons": [],
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "is not of the form"),
        ('{"answers": []}', "says nothing of 'instrument'"),
        ('{"instrument": "phq-99", "answers": []}', "no instrument “phq-99”"),
        ('{"instrument": "phq-9", "answers": 5}', "is not of the form"),
        ('{"instrument": "phq-9", "answers": [1]}', "takes 9 to 10 answers, not 1"),
        ('{"instrument": "phq-9", "answers": "123456789"}', "is not of the form"),
        ('{"instrument": ["phq-9"], "answers": []}', "is not of the form"),
        ('{"instrument": "bam", "answers": [1]}', "takes 17 or 23 or 24 answers, not 1"),
        ('{"instrument": "gad-7", "answers": [9, 9, 0, 0, 0, 0, 0]}', "not 9 .and 1 more of the kind"),
        ('{"instrument": "who-5", "answers": [1, 1, 1, 1, 1], "person": 5}', "person is not of the form"),
        ('{"instrument": "who-5", "answers": [1, 1, 1, 1, 1], "person": {"age": "old"}}', "age is a whole number"),
        ('{"instrument": "who-5", "answers": [1, 1, 1, 1, 1], "person": {"sex": 1}}', "sex is a word"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_answers_that_cannot_be_scored_are_refused_in_a_sentence(tmp_path, text, sentence):
    file = tmp_path / "answers.json"
    file.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        told("score", str(file))


@pytest.mark.skipif(not ANSWERS.is_dir(), reason="HEARTH_SHARED names no folder with data/measures")
def test_all_shared_answers_are_scored():
    files = sorted(ANSWERS.glob("*.json"))
    results = json.loads(told("score", *map(str, files)))
    totals = {file.stem: result["total"] for file, result in zip(files, results, strict=True)}
    assert totals == {
        "asq": None,
        "audit": 18,
        "core-10": 17,
        "dast-10": 6,
        "gad-7": 10,
        "pcl-5": 38,
        "phq-9": 10,
        "phq-9-item-9": 18,
        "who-5": 32,
    }
