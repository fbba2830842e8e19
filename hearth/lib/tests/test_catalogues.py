import gettext

from hearth.lib import catalogues

SPANISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Your week"
msgstr "Tu semana"
"""


def test_a_catalogue_is_compiled_once_and_again_when_it_changed(tmp_path):
    source = tmp_path / "locale" / "es" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(SPANISH)

    assert catalogues.compile_all(tmp_path) == [source]
    assert catalogues.compile_all(tmp_path) == []
    words = gettext.translation("django", tmp_path / "locale", ["es"])
    assert words.gettext("Your week") == "Tu semana"
