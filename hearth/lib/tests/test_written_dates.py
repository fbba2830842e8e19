from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from hearth.lib.written_dates import written

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("language", "pattern", "words"),
    [
        ("en", "l j F", "Monday 23 November"),
        ("en", "j F Y", "23 November 2026"),
        ("es", "l j F", "lunes 23 de noviembre"),
        ("es", "j F Y", "23 de noviembre de 2026"),
        ("es", "D j M, Y", "lun 23 nov, 2026"),
        ("es", "DATE_FORMAT", "23 de noviembre de 2026"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(language, pattern, words):
    with translation.override(language):
        assert Template(f'{{{{ day|date:"{pattern}" }}}}').render(Context({"day": DAY})) == words
        assert written(DAY, pattern) == words


def test_nothing_stays_nothing():
    assert Template('{{ day|date:"j F" }}').render(Context({"day": None})) == ""
