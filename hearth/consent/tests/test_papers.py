"""Which papers somebody is asked to read, and where each stands: the pure rules and the file they are read from."""

from datetime import UTC, datetime, timedelta

import pytest

from hearth.consent.models import ConsentKind
from hearth.consent.packet import DETAILS
from hearth.consent.packet_forms import FORMS
from hearth.consent.papers import Answer, Paper, Signed, State, Why, is_asked, papers, papers_for, state_of, whys
from hearth.consent.wordings import wording

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PAPER = Paper("treatment", "law")


def signed(days_ago=0, *, stands=True, taken_back=False, current=True, by_patient=True):
    return Signed("treatment", by_patient, NOW - timedelta(days=days_ago), stands, taken_back, current)


def said(is_no, days_ago=0, *, current=True, by_patient=True):
    return Answer("treatment", by_patient, is_no, NOW - timedelta(days=days_ago), current)


@pytest.mark.parametrize(
    ("held", "answers", "state"),
    [
        ([], [], State.TO_DO),
        ([signed()], [], State.DONE),
        ([signed(by_patient=False)], [], State.TO_DO),
        ([signed(current=False)], [], State.CHANGED),
        ([signed(9, current=False), signed(1)], [], State.DONE),
        ([signed(stands=False, taken_back=True)], [], State.DECLINED),
        ([signed(stands=False, taken_back=True, current=False)], [], State.TO_DO),
        ([signed(stands=False)], [], State.TO_DO),  # its days are over
        ([], [said(False)], State.LATER),
        ([], [said(True)], State.DECLINED),
        ([], [said(True, 3), said(False, 1)], State.LATER),
        ([], [said(True, current=False)], State.TO_DO),  # no to a text that is no more
        ([], [said(True, by_patient=False)], State.TO_DO),
        ([signed(1)], [said(True, 5)], State.DONE),
        ([signed(5, current=False)], [said(True, 1)], State.DECLINED),
        ([signed(5)], [said(False, 1)], State.DONE),
    ],
)
def test_what_was_done_last_counts_and_a_changed_text_is_read_anew(held, answers, state):
    assert state_of(PAPER, held, answers, by_patient=True) == state


def test_what_is_known_already_is_not_asked_again():
    place = Paper("place", "practice", form="details")
    assert state_of(place, [], [], by_patient=True, is_filled=True) == State.DONE
    assert state_of(place, [], [], by_patient=True) == State.TO_DO


def ids(**who):
    return [paper.id for paper in papers_for(papers(), **who)]


def test_papers_follow_the_state_and_how_somebody_comes():
    here = ids(state="CO", modality="in_person")
    away = ids(state="WY", modality="virtual")
    assert "colorado_disclosure" in here
    assert "colorado_disclosure" not in away
    assert {"telehealth", "place"} <= set(away)
    assert not {"telehealth", "place"} & set(here)
    assert {"treatment", "privacy_notice", "program_rules", "part2_tpo", "group_privacy"} <= {*here} & {*away}


def test_a_program_adds_papers_and_takes_none_away():
    usual = ids(state="CO", modality="either")
    assert "school_contact" not in usual
    assert {*ids(state="CO", modality="either", asked={"school_contact"})} == {*usual, "school_contact"}
    assert ids(state="CO", modality="either", asked={"part2_tpo", "nothing-of-the-kind"}) == usual
    assert not any(paper.needed for paper in papers() if paper.by_program)  # what is needed is known before


def test_every_paper_says_why_it_is_asked_unless_the_program_does():
    by_id = {paper.id: whys(paper) for paper in papers()}
    assert by_id["colorado_disclosure"] == (Why.STATE,)
    assert by_id["telehealth"] == (Why.MODALITY, Why.NEEDED)
    assert by_id["financial"] == (Why.EVERYBODY,)
    assert by_id["school_contact"] == ()


def test_nobody_too_young_signs_about_money_and_a_guardian_fills_in_nothing_of_theirs():
    by_id = {paper.id: paper for paper in papers()}
    assert not is_asked(by_id["financial"], age=16, by_patient=True)
    assert is_asked(by_id["financial"], age=16, by_patient=False)
    assert is_asked(by_id["financial"], age=18, by_patient=True)
    assert not is_asked(by_id["emergency_contact"], age=16, by_patient=False)


def test_every_paper_has_its_text_or_its_form_and_says_where_it_comes_from():
    for paper in papers():
        assert paper.source
        if paper.form == "consent":
            assert wording(paper.id, "en").signed_as in ConsentKind.values
            assert wording(paper.id, "es").language == "es"
        else:
            assert paper.id in DETAILS
            assert paper.id in FORMS
    listed = {paper.id for paper in papers()}
    assert {*ConsentKind.values} - listed == {ConsentKind.RELEASE}  # of which there are as many as people to tell
