"""`hearth selfcheck`: the rules explained, and one sentence where the file cannot be used."""

import json

import pytest

from hearth import cli


@pytest.fixture
def explain(tmp_path, capsys):
    def run(given):
        path = tmp_path / "answers.json"
        path.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
        status = cli.run(["selfcheck", "explain", str(path)])
        return status, *capsys.readouterr()

    return run


def answers(audience="adult", **values):
    return {"version": 1, "audience": audience, "answers": values}


def test_answers_are_explained_with_reasons_sources_and_next_steps(explain):
    status, out, err = explain(answers(danger="no", home="safe", daily="hard", what=["grief"]))
    said = json.loads(out)
    assert (status, err) == (0, "")
    assert list(said) == ["suggestion", "urgent", "reasons", "next_steps"]
    assert (said["suggestion"], said["urgent"]) == ("iop", False)
    assert all(set(reason) == {"rule", "text", "source"} and all(reason.values()) for reason in said["reasons"])
    assert said["next_steps"]


def test_questions_are_listed_with_their_ids(capsys):
    assert cli.run(["selfcheck", "questions"]) == 0
    said = json.loads(capsys.readouterr().out)
    ids = [one["id"] for one in said["questions"]]
    assert ids[0] == "danger"
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("{", "is not JSON."),
        ("[" * 100_000, "is not JSON."),
        ("[]", "must be of the form"),
        ({"version": 1, "answers": {}}, "must be of the form"),
        (answers() | {"version": 99}, "are for version 99"),
        (answers() | {"version": True}, "are for version True"),
        (answers("dog"), "The audience must be one of adult, adolescent, other."),
        (answers() | {"audience": ["adult"]}, "The audience must be one of"),
        (answers() | {"answers": []}, "must hold a value"),
        (answers(shoe="42"), "There is no question “shoe” for adult."),
        (answers(guardian="knows"), "There is no question “guardian” for adult."),
        (answers(danger="perhaps"), "“perhaps” is no answer to “danger”"),
        (answers(danger=None), "“None” is no answer to “danger”"),
        (answers(danger=["no", "now"]), "“danger” takes one answer."),
        (answers(what=[{"a": 1}]), "is no answer to “what”"),
        (answers(state="Colorado"), "two letters of a state"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_a_status(explain, given, sentence):
    status, out, err = explain(given)
    assert status != 0
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1


def test_a_missing_file_is_said(capsys, tmp_path):
    assert cli.run(["selfcheck", "explain", str(tmp_path / "none.json")]) == 1
    assert "cannot be read" in capsys.readouterr().err
