"""Text without its disguise, numbers however they are written, and rules read from TOML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib import folded, phrases

RULES = """
[words]
drink = 'tea|coffee'

[[rules]]
id = "asks"
looks_for = { en = "asking for a drink", es = "pedir una bebida" }
phrases = ['want <drink>']
unless = ['do not want \\w+']
together = [['anyone', '<drink>']]
finds = ["want tea"]
passes = ["tea"]
"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Téxt  ME", "text me"),
        ("тeхt mе", "text me"),
        ("ⓣⓔⓧⓣ ᴍᴇ", "text me"),
        ("🅃🄴🅇🅃", "text"),
        ("t e x t  m e y o u", "text meyou"),
        ("i-n-s-t-a", "insta"),
        ("te\u200bxt", "text"),
        ("3️⃣0️⃣3️⃣", "303"),
        ("maya(at)example[dot]org", "maya at example dot org"),
        ("I am here", "i am here"),
    ],
)
def test_a_disguise_is_taken_off(written, meant):
    assert folded.plain(written) == meant


@pytest.mark.parametrize(
    ("read", "written", "meant"),
    [
        (folded.unleet, "t3xt m3", "text me"),
        (folded.squeezed, "in.s.ta", "insta"),
        (folded.thinned, "texttt meee", "text me"),
    ],
)
def test_other_readings_of_the_same_text(read, written, meant):
    assert read(written) == meant


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        ("three oh three", ["303"]),
        ("treinta y cuatro, cinco", ["345"]),
        ("double five triple zero", ["55000"]),
        ("3o3 5s5", ["303555"]),
        ("150lbs in 10 weeks", ["150", "10"]),
        ("one day, two nights", ["1", "2"]),
        ("nine7zero", ["970"]),
    ],
)
def test_numbers_that_stand_together_are_one_run(written, figures):
    assert [run.figures for run in folded.runs(folded.plain(written))] == figures


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("I want tea", True),
        ("I do not want tea", False),
        ("Anyone awake? There is coffee", True),
        ("Anyone awake?\nIt snows.\nThere is coffee", False),
        ("w@nt c0ffee", True),
        ("I wanted teal", False),
    ],
)
def test_a_rule_finds_its_phrases_unless_they_are_harmless(tmp_path, text, is_found):
    file = tmp_path / "rules.toml"
    file.write_text(RULES, encoding="utf-8")
    assert bool(phrases.found_in(text, phrases.read(file))) == is_found


@given(st.text())
def test_folding_twice_changes_no_more_numbers_into_others(text):
    once = folded.plain(text)
    assert "".join(run.figures for run in folded.runs(once)).isdigit() or not folded.runs(once)
