"""Every instrument against figures taken from its paper, not from our own scoring files."""

import pytest

from hearth.measures import instrument, rules
from hearth.measures.testing import all_at, answered

BANDS = {  # the least total of each band, and the greatest of all
    "phq-9": ({"minimal": 0, "mild": 5, "moderate": 10, "moderately-severe": 15, "severe": 20}, 27),
    "phq-a": ({"minimal": 0, "mild": 5, "moderate": 10, "moderately-severe": 15, "severe": 20}, 27),
    "gad-7": ({"minimal": 0, "mild": 5, "moderate": 10, "severe": 15}, 21),
    "audit": ({"low-risk": 0, "hazardous": 8, "harmful": 16, "possible-dependence": 20}, 40),
    "dast-10": ({"none": 0, "low": 1, "moderate": 3, "substantial": 6, "severe": 9}, 10),
    "core-10": ({"low": 0, "mild": 11, "moderate": 15, "moderately-severe": 20, "severe": 25}, 40),
    "oci-r": ({"mild": 0, "moderate": 16, "severe": 28}, 72),
    "wsas": ({"low": 0, "significant": 10, "moderately-severe": 20}, 40),
    "pcl-5": ({"negative": 0, "positive": 31}, 80),
    "scared": ({"negative": 0, "positive": 25}, 82),
    "bgq": ({"negative": 0, "positive": 5}, 10),
    "pg-13-r": ({"negative": 10, "positive": 30}, 50),
    "crafft": ({"negative": 0, "positive": 2}, 6),
}


def boundaries():
    for name, (bands, highest) in BANDS.items():
        names, least = list(bands), [*bands.values(), highest + 1]
        for at, band in enumerate(names):
            for total in {least[at], least[at + 1] - 1}:
                yield name, total, band


@pytest.mark.parametrize(("name", "total", "band"), list(boundaries()))
def test_every_band_begins_and_ends_where_its_paper_says(name, total, band):
    verdict = rules.score(instrument.get(name), answered(name, total))
    assert (verdict.total, verdict.band, verdict.complete) == (total, band, True)


@pytest.mark.parametrize(
    ("raw", "band"), [(0, "low"), (7, "low"), (8, "reduced"), (12, "reduced"), (13, "good"), (25, "good")]
)
def test_the_who_5_is_its_raw_sum_times_four(raw, band):
    verdict = rules.score(instrument.get("who-5"), [min(5, max(0, raw - 5 * n)) for n in range(5)])
    assert (verdict.total, verdict.subscales, verdict.band) == (4 * raw, {"raw": raw}, band)
    assert [alert.item for alert in verdict.alerts] == (["total"] if 4 * raw <= 28 else [])


CUTS = [
    ("phq-a", 10, False),
    ("phq-a", 11, True),
    ("audit", 7, False),
    ("audit", 8, True),
    ("dast-10", 2, False),
    ("dast-10", 3, True),
    ("oci-r", 20, False),
    ("oci-r", 21, True),
    ("pcl-5", 30, False),
    ("pcl-5", 31, True),
    ("scared", 24, False),
    ("scared", 25, True),
    ("bgq", 4, False),
    ("bgq", 5, True),
    ("pg-13-r", 29, False),
    ("pg-13-r", 30, True),
    ("crafft", 1, False),
    ("crafft", 2, True),
]


@pytest.mark.parametrize(("name", "total", "positive"), CUTS)
def test_a_screen_is_positive_from_its_cut_off_on(name, total, positive):
    assert rules.score(instrument.get(name), answered(name, total)).positive is positive


RANGES = {
    "phq-9": (0, 27),
    "phq-a": (0, 27),
    "gad-7": (0, 21),
    "pcl-5": (0, 80),
    "audit-c": (0, 12),
    "audit": (0, 40),
    "dast-10": (0, 10),
    "core-10": (0, 40),
    "who-5": (0, 100),
    "crafft": (0, 6),
    "oci-r": (0, 72),
    "scared": (0, 82),
    "bgq": (0, 10),
    "pg-13-r": (10, 50),
    "ders-16": (16, 80),
    "wsas": (0, 40),
}


@pytest.mark.parametrize(("name", "ends"), RANGES.items())
def test_a_total_has_the_range_of_its_paper(name, ends):
    one = instrument.get(name)
    assert (one.lowest, one.highest) == ends


REVERSED = {"dast-10": {"3"}, "core-10": {"2", "3"}}


@pytest.mark.parametrize("name", instrument.ids())
def test_the_papers_reverse_items_and_no_others_count_the_other_way_round(name):
    one = instrument.get(name)
    assert {item.link_id for item in one.items if item.reverse} == REVERSED.get(name, set())
    for item in (item for item in one.items if item.reverse):
        low = {each.link_id: each.values[0] for each in one.items}
        high = low | {item.link_id: item.values[-1]}
        span = item.values[-1] - item.values[0]
        most, least = rules.score(one, low).total, rules.score(one, high).total
        assert most is not None
        assert least == most - span


SUBSCALES = {
    "pcl-5": {
        "intrusion": [1, 2, 3, 4, 5],
        "avoidance": [6, 7],
        "thoughts-and-mood": [8, 9, 10, 11, 12, 13, 14],
        "arousal": [15, 16, 17, 18, 19, 20],
    },
    "bam": {"use": [4, 5, 6], "risk": [1, 2, 3, 8, 11, 15], "protective": [9, 10, 12, 13, 14, 16]},
    "oci-r": {
        "hoarding": [1, 7, 13],
        "checking": [2, 8, 14],
        "ordering": [3, 9, 15],
        "neutralizing": [4, 10, 16],
        "washing": [5, 11, 17],
        "obsessing": [6, 12, 18],
    },
    "scared": {
        "panic": [1, 6, 9, 12, 15, 18, 19, 22, 24, 27, 30, 34, 38],
        "generalized": [5, 7, 14, 21, 23, 28, 33, 35, 37],
        "separation": [4, 8, 13, 16, 20, 25, 29, 31],
        "social": [3, 10, 26, 32, 39, 40, 41],
        "school": [2, 11, 17, 36],
    },
    "ders-16": {
        "clarity": [1, 2],
        "goals": [3, 7, 15],
        "impulse": [4, 8, 11],
        "strategies": [5, 6, 12, 14, 16],
        "nonacceptance": [9, 10, 13],
    },
}


@pytest.mark.parametrize("name", SUBSCALES)
def test_a_subscale_is_the_sum_of_its_items_and_of_no_others(name):
    one = instrument.get(name)
    low = {item.link_id: item.values[0] for item in one.items}
    for item in one.items:
        verdict = rules.score(one, low | {item.link_id: item.values[-1]})
        floor = rules.score(one, low)
        moved = {key for key in verdict.subscales if verdict.subscales[key] != floor.subscales[key]}
        assert moved == {key for key, items in SUBSCALES[name].items() if item.link_id in map(str, items)}
    left_out = rules.score(one, low | {str(SUBSCALES[name][next(iter(SUBSCALES[name]))][0]): None})
    assert left_out.subscales[next(iter(SUBSCALES[name]))] is None


@pytest.mark.parametrize(
    ("name", "subscale", "items", "cut"),
    [
        ("scared", "panic", [1, 6, 9, 12], 7),
        ("scared", "generalized", [5, 7, 14, 21, 23], 9),
        ("scared", "separation", [4, 8, 13], 5),
        ("scared", "social", [3, 10, 26, 32], 8),
        ("scared", "school", [2, 11], 3),
        ("bam", "use", [6], 1),
        ("bam", "risk", [1, 2, 3], 12),
    ],
)
def test_a_subscale_is_noted_from_its_cut_off_on(name, subscale, items, cut):
    one = instrument.get(name)
    for value in (cut - 1, cut):
        rest, answers = value, all_at(name)
        for item in map(str, items):
            answers[item] = min(rest, one.item(item).values[-1])
            rest -= answers[item]
        verdict = rules.score(one, answers)
        assert verdict.subscales[subscale] == value
        assert any(f"subscale {subscale} " in reason for reason in verdict.reasons) is (value >= cut)


def test_little_protection_is_noted_on_the_bam():
    one = instrument.get("bam")
    for third, noted in ((4, True), (5, False)):  # 4 + 4 + 4 = 12, and one more
        answers = all_at("bam", i9=4, i10=4, i12=4, i13=third - 4)
        reasons = rules.score(one, answers).reasons
        assert any("subscale protective" in reason for reason in reasons) is noted


@pytest.mark.parametrize(
    ("name", "left_out", "total"),
    [
        ("phq-9", 2, 18),
        ("phq-9", 3, None),
        ("phq-a", 2, 18),
        ("phq-a", 3, None),
        ("gad-7", 2, 14),
        ("gad-7", 3, None),
        ("core-10", 1, 20),
        ("core-10", 2, None),
        *((name, 1, None) for name in ("pcl-5", "audit-c", "dast-10", "who-5", "oci-r", "scared", "bgq")),
        ("ders-16", 1, None),
        ("pg-13-r", 1, None),
    ],
)
def test_missing_answers_follow_the_papers_rule(name, left_out, total):
    """All answered with 2 (or 1 where the scale ends there), but for the last scored ones."""
    one = instrument.get(name)
    answers: dict[str, int | None] = {item.link_id: min(2, item.values[-1]) for item in one.items}
    for item in [item for item in one.items if item.scored][-left_out:]:
        answers[item.link_id] = None
    verdict = rules.score(one, answers)
    assert (verdict.total, verdict.complete) == (total, False)
    assert verdict.reasons


def test_the_audit_skips_what_does_not_apply():
    one = instrument.get("audit")
    never = rules.score(one, [0, *[None] * 7, 2, 4])
    assert (never.total, never.complete) == (6, True)
    little = rules.score(one, [1, 0, 0, *[None] * 5, 0, 0])
    assert (little.total, little.complete) == (1, True)
    assert rules.score(one, [1, 1, 0, *[None] * 5, 0, 0]).total is None


def test_retired_people_leave_out_the_first_item_of_the_wsas():
    verdict = rules.score(instrument.get("wsas"), [None, 5, 5, 5, 5])
    assert (verdict.total, verdict.band, verdict.complete) == (20, "moderately-severe", True)
    assert verdict == rules.score(instrument.get("wsas"), [5, 5, 5, 5])
    assert rules.score(instrument.get("wsas"), [5, None, 5, 5, 5]).total is None


@pytest.mark.parametrize(
    ("answers", "pattern"),
    [
        ({"i1": 2, "i6": 2, "i8": 2, "i9": 2, "i15": 2, "i16": 2}, True),
        ({"i1": 1, "i6": 2, "i8": 2, "i9": 2, "i15": 2, "i16": 2}, False),
        ({"i1": 2, "i6": 1, "i8": 2, "i9": 2, "i15": 2, "i16": 2}, False),
        ({"i1": 2, "i6": 2, "i8": 2, "i9": 1, "i15": 2, "i16": 2}, False),
        ({"i1": 2, "i6": 2, "i8": 2, "i9": 2, "i15": 2, "i16": 1}, False),
    ],
)
def test_the_pcl_5_names_the_pattern_of_a_provisional_diagnosis(answers, pattern):
    reasons = rules.score(instrument.get("pcl-5"), all_at("pcl-5", **answers)).reasons
    assert any("provisional PTSD" in reason for reason in reasons) is pattern


@pytest.mark.parametrize(
    ("yes", "band"),
    [
        ("", "negative"),
        ("1", "low"),
        ("2", "low"),
        ("3", "moderate"),
        ("6", "moderate"),
        ("4", "high"),
        ("5", "high"),
        ("6b", "high"),
    ],
)
def test_the_c_ssrs_screener_has_the_bands_of_its_triage_points(yes, band):
    answers = all_at("c-ssrs")
    if yes:
        answers |= {yes: 1} | ({"2": 1} if yes in "345" else {}) | ({"6": 1} if yes == "6b" else {})
    verdict = rules.score(instrument.get("c-ssrs"), answers)
    assert (verdict.total, verdict.band, verdict.positive) == (None, band, bool(yes))
    assert bool(verdict.alerts) is bool(yes)
    assert any(alert.severity == "emergency" for alert in verdict.alerts) is (band == "high")


def test_the_c_ssrs_screener_skips_three_questions_after_two_noes():
    one = instrument.get("c-ssrs")
    assert rules.score(one, [0, 0, None, None, None, 0]).complete
    silent = rules.score(one, [0, 1, None, None, None, 0])
    assert (silent.complete, silent.band) == (False, "low")
    assert any("may be graver" in reason for reason in silent.reasons)
    unknown = rules.score(one, [0, None, None, None, None, 0])
    assert (unknown.positive, unknown.band) == (None, None)


def test_the_crafft_asks_only_about_the_car_where_nothing_was_used():
    one = instrument.get("crafft")
    verdict = rules.score(one, [0, 0, 0, 0, 1, *[None] * 5])
    assert (verdict.total, verdict.band, verdict.complete) == (1, "negative", True)
    assert [alert.item for alert in verdict.alerts] == ["B1"]
    assert rules.score(one, [3, 0, 0, 0, 1, *[None] * 5]).total is None
    assert rules.score(one, [1, 1, 0, 0, 0, 0]).total == 2  # part B alone
    smoked = rules.score(one, {"A1": 0, "A2": 0, "A3": 0, "A4": 9, "B1": 0} | {f"N{n}": 1 for n in range(1, 11)})
    assert (smoked.total, smoked.subscales) == (0, {"nicotine": 10})


@pytest.mark.parametrize(
    ("item", "value", "reason"), [("1", 0, "No loss"), ("2", 11, "less than 12 months"), ("13", 0, "No impairment")]
)
def test_prolonged_grief_needs_a_loss_a_year_and_impairment(item, value, reason):
    one = instrument.get("pg-13-r")
    answers = {"1": 1, "2": 12, "13": 1} | {str(n): 5 for n in range(3, 13)}
    assert rules.score(one, answers).positive
    verdict = rules.score(one, answers | {item: value})
    assert (verdict.total, verdict.positive, verdict.band) == (50, False, "negative")
    assert any(reason in each for each in verdict.reasons)
    unknown = rules.score(one, answers | {item: None})
    assert (unknown.positive, unknown.band) == (None, None)


def test_the_bam_takes_its_numbers_with_and_without_its_list_of_drugs():
    one = instrument.get("bam")
    plain = [1, 2, 3, 0, 0, 1, None, *[2] * 6, 4, 2, 2, 3]
    short = rules.score(one, plain)
    whole = rules.score(one, [*plain[:6], None, *[0] * 7, *plain[7:]])
    without_heading = rules.score(one, [*plain[:6], *[0] * 7, *plain[7:]])
    assert short == whole == without_heading
    assert short.subscales == {"use": 1, "risk": 12, "protective": 14}
    assert (short.total, short.band) == (None, None)


@pytest.mark.parametrize(
    ("name", "age", "noted"), [("core-10", 16, True), ("core-10", 17, False), ("scared", 19, True)]
)
def test_a_person_the_paper_was_not_made_for_is_noted(name, age, noted):
    one = instrument.get(name)
    reasons = rules.score(one, answered(name, 12), person=rules.Person(age=age)).reasons
    assert any("made for people" in reason for reason in reasons) is noted


EXPECTED = {
    *("phq-9", "phq-a", "gad-7", "pcl-5", "audit-c", "audit", "dast-10", "asq", "bam", "core-10", "who-5"),
    *("c-ssrs", "crafft", "oci-r", "scared", "bgq", "pg-13-r", "ders-16", "wsas"),
}
BY_PERMISSION = {"c-ssrs", "crafft", "oci-r", "scared", "bgq", "pg-13-r", "ders-16", "wsas"}


def test_all_instruments_ship_and_only_the_free_ones_with_their_words():
    assert set(instrument.ids()) >= EXPECTED
    for name in EXPECTED:
        one = instrument.get(name)
        assert (one.licence.status == "permission") is (name in BY_PERMISSION)
        assert bool(one.forms) is (name not in BY_PERMISSION)
        assert one.licence.attribution
