import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.program import reading


def words_found(text, language):
    return [found.word for found in reading.unkind_words(text, (language,))]


@pytest.mark.parametrize(
    ("text", "language", "least", "most"),
    [
        ("The cat sat on the mat. It was warm. She was glad.", "en", 5, 7),
        ("You can plan your week on one page. Pick two hours that worry you most.", "en", 5, 9),
        (
            "Although the committee deliberated extensively, its recommendations concerning residential "
            "accommodation remained fundamentally contradictory and administratively impracticable.",
            "en",
            17,
            60,
        ),
        ("El gato está en la casa. Hace sol. Ella ríe.", "es", 6, 8),
        (
            "Aunque la comisión deliberó extensamente, sus recomendaciones relativas al alojamiento residencial "
            "permanecieron fundamentalmente contradictorias y administrativamente impracticables.",
            "es",
            13,
            60,
        ),
        ("", "en", 0, 0),
    ],
)
def test_a_text_is_placed_near_the_age_of_its_reader(text, language, least, most):
    assert least <= reading.reading_age(text, language) <= most


@given(st.text(), st.sampled_from(["en", "es"]))
def test_any_text_has_an_age(text, language):
    assert reading.reading_age(text, language) >= 0


def test_marks_links_and_headings_are_not_read():
    page = "## A heading\n\n- **One** [place](https://example.org/long/address)\n1. Two *words*"
    assert reading.plain_text(page).split() == ["One", "place", "Two", "words"]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("He was an addict, now clean.", "en", ["addict", "clean"]),
        ("She failed the test.", "en", ["failed"]),
        ("The non-compliant patient", "en", ["non-compliant"]),
        ("cleaner air, addiction medicine, a dirt road", "en", []),
        ("Es una adicta y está sucia.", "es", ["adicta", "sucia"]),
        ("bebidas alcohólicas y un vaso", "es", []),
    ],
)
def test_words_that_hurt_are_found_and_others_are_not(text, language, words):
    assert words_found(text, language) == words


def test_a_found_word_names_its_line_and_what_to_say():
    (found,) = reading.unkind_words("Fine.\nAddicts here.", ("en",), first_line=10)
    assert (found.line, found.word) == (11, "Addicts")
    assert "person" in found.instead
