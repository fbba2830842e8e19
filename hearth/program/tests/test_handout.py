"""A lesson on paper says what the lesson says, whatever its Markdown holds."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearth.program import pack
from hearth.program.handout import handout_pdf, paper_of

LESSON = "one-problem-at-a-time"


def lesson(**changes):
    return replace(pack.get("adult-evening").lesson(LESSON, "en"), **changes)


def said(blocks):
    """What stands in these blocks, one after the other."""
    for one in blocks:
        yield "".join(run["text"] for run in one.get("runs", ()))
        for inner in (one.get("blocks", ()), *one.get("items", ())):
            yield from said(inner)


def words(text):
    return re.findall(r"[^\W\d_]+", text)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_line_of_every_lesson_stands_on_its_paper(language):
    described = pack.get("adult-evening")
    for module in described.modules:
        for each in module.lessons:
            found = described.lesson(each, language)
            assert words(" ".join(said(paper_of(found)["blocks"]))) == words(found.body.replace("*", ""))


def test_lists_stress_and_addresses_are_kept():
    body = "1. **Name it** now\n2. Wait\n\n> Said *slowly*\n\nSee [the line](https://988lifeline.org)."
    numbered, quote, text = paper_of(lesson(body=body))["blocks"]
    assert numbered["is_numbered"]
    assert len(numbered["items"]) == 2
    assert numbered["items"][0][0]["runs"][0] == {"text": "Name it", "strong": True, "em": False}
    assert quote["blocks"][0]["runs"][1] == {"text": "slowly", "strong": False, "em": True}
    assert "".join(run["text"] for run in text["runs"]) == "See the line (https://988lifeline.org)."


def test_it_is_said_in_the_lessons_own_language_and_the_same_each_time():
    spanish = pack.get("adult-evening").lesson(LESSON, "es")
    assert paper_of(spanish)["room"] == "Espacio para mis propias palabras"
    assert handout_pdf(spanish).startswith(b"%PDF")
    handout_pdf.cache_clear()
    first = handout_pdf(spanish)
    handout_pdf.cache_clear()
    assert first == handout_pdf(spanish)


@settings(max_examples=25)
@given(st.text(max_size=200))
def test_whatever_somebody_writes_into_a_pack_is_set_as_words(body):
    assert handout_pdf(lesson(body=body)).startswith(b"%PDF")
