"""Every word on a screen is marked, and said in Spanish: completely, kindly, and with every place for a value kept."""

import ast
import re
import shutil
from html.parser import HTMLParser

import polib
import pytest
from django.core.management import call_command

from hearth.lib.catalogues import PACKAGE
from hearth.lib.management.commands.messages import Gather

SPANISH = PACKAGE / "locale" / "es" / "LC_MESSAGES" / "django.po"
CATALOGUE = polib.pofile(str(SPANISH))
FORMS = 3  # of a Spanish plural: one, whole millions, others

# A place for a value: %(name)s, %s, %%, {name}, or a tag.
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w+[^>]*>")

# Words about people that screens never say, in either language.
UNKIND = re.compile(
    r"\b(addicts?|junkies?|alcoholics?|clean time|drug abusers?|committed suicide|non-?complian\w+|the mentally ill"
    r"|adict[oa]s?|drogadict[oa]s?|alcohólic[oa]s?|toxicóman[oa]s?|limpi[oa]s?|suci[oa]s?|enferm[oa]s? mentales"
    r"|incumplidor\w*|abus(o|ador\w*) de (drogas|sustancias)|fracas\w+)\b",
    re.IGNORECASE,
)
# Spanish says usted to everyone.
FAMILIAR = re.compile(
    r"\b(tú|tus?|ti|contigo|puedes|tienes|quieres|eres|estás|debes|sabes|necesitas|haz|escoge|elige tu|vosotr[oa]s)\b",
    re.IGNORECASE,
)


def said(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def places(text):
    return sorted(PLACES.findall(text))


def test_the_catalogue_holds_exactly_the_words_of_code_and_templates(tmp_path, settings):
    settings.LOCALE_PATHS = []
    fresh = tmp_path / "hearth"
    kinds = shutil.ignore_patterns("tests", "migrations", "static", "*.pyc", "*.mo", "*.md", "*.toml")
    shutil.copytree(PACKAGE, fresh, ignore=kinds)

    call_command("messages", folder=fresh)

    kept = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in CATALOGUE}
    found = polib.pofile(str(fresh / "locale" / "es" / "LC_MESSAGES" / "django.po"))
    now = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in found}
    assert now - kept == set(), "run `hearth messages` and translate these"
    assert kept - now == set(), "run `hearth messages`: nobody says these any more"


def test_every_short_name_under_which_code_marks_words_is_one_that_is_gathered():
    used = {name for path in PACKAGE.rglob("*.py") for name in re.findall(r"gettext\w* as (\w+)", path.read_text())}
    assert {f"--keyword={name}" for name in used - {"_"}} <= {*Gather.xgettext_options}


def test_nothing_is_left_in_english_and_nothing_is_a_guess():
    assert [entry.msgid for entry in CATALOGUE if not entry.translated()] == []
    assert [entry.msgid for entry in CATALOGUE if entry.fuzzy or entry.obsolete] == []
    assert [entry.msgid for entry in CATALOGUE if any(not text.strip() for text in said(entry))] == []
    assert [entry.msgid for entry in CATALOGUE if entry.msgid_plural and len(said(entry)) != FORMS] == []


def test_every_place_for_a_value_is_kept():
    lost = []
    for entry in CATALOGUE:
        allowed = [places(entry.msgid), places(entry.msgid_plural)] if entry.msgid_plural else [places(entry.msgid)]
        lost += [(entry.msgid, text) for text in said(entry) if places(text) not in allowed]
    assert lost == []


def test_line_breaks_and_edges_are_kept():
    def shape(text):
        return text.count("\n"), text[:1].isspace(), text[-1:].isspace()

    assert [e.msgid for e in CATALOGUE if any(shape(text) != shape(e.msgid) for text in said(e))] == []


@pytest.mark.parametrize("words", [UNKIND, FAMILIAR], ids=["unkind", "familiar"])
def test_people_are_spoken_of_and_to_with_respect(words):
    texts = [text for entry in CATALOGUE for text in said(entry)]
    assert [text for text in texts if words.search(text)] == []


def test_a_referral_has_one_word_in_spanish_and_a_hand_over_another():
    said_of = [(f"{e.msgid} {e.msgid_plural}", text) for e in CATALOGUE for text in said(e)]
    assert [texts for texts in said_of if ("referral" in texts[0].lower()) != ("derivaci" in texts[1].lower())] == []
    background = PACKAGE / "background" / "questions" / "words.es.toml"
    assert "remisi" not in "".join([background.read_text(encoding="utf-8"), *(text for _, text in said_of)]).lower()


def test_the_self_check_speaks_with_respect_in_both_languages():
    folder = PACKAGE / "inquiry" / "selfcheck"
    english, spanish = ((folder / f"words.{language}.toml").read_text(encoding="utf-8") for language in ("en", "es"))
    assert UNKIND.findall(english + spanish) == []
    assert FAMILIAR.findall(spanish) == []


def test_english_speaks_of_people_with_respect():
    assert [entry.msgid for entry in CATALOGUE if UNKIND.search(f"{entry.msgid} {entry.msgid_plural}")] == []


# What stands unmarked on purpose: names of things that are the same in every language, and keys.
SAME_EVERYWHERE = re.compile(
    r"\b(PHQ-?9|GAD-?7|AUDIT(-C)?|ICD-10-CM|ASAM|FHIR|JSON|PDF|SMS|Ctrl|Hearth|min|In English|En español)\b"
)
MARKED = re.compile(
    r"\{%\s*block (?:room|page_class|body_attrs)\s*%\}.*?\{%\s*endblock\s*%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}"
    r"|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
SEEN = {
    *("title", "alt", "placeholder", "aria-label", "aria-description", "data-label", "label", "lead", "eyebrow"),
    *("caption", "submit", "cancel_label", "back_label", "summary", "text", "words", "hint", "help", "empty", "note"),
}
SHOWN_BY_FILTER = re.compile(r"\|(?:default|default_if_none|yesno):\"([^\"]*[A-Za-z]{2}[^\"]*)\"")


class Visible(HTMLParser):
    """Collects what a reader would see or hear of a template whose tags are taken out."""

    def __init__(self):
        super().__init__()
        self.silent = 0
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style", "kbd", "code")
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        # "yes" switches a component's way of looking; it is never shown.
        self.found += [value for name, value in attrs if name in SEEN and value and value.strip() != "yes"]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style", "kbd", "code")

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def unmarked(source):
    reader = Visible()
    reader.feed(MARKED.sub(" ", source))
    by_filter = [text for text in SHOWN_BY_FILTER.findall(source) if not re.fullmatch(r"[a-z-]+(,[a-z-]+)*", text)]
    spoken = [" ".join(SAME_EVERYWHERE.sub("", text).split()) for text in [*reader.found, *by_filter]]
    return [text for text in spoken if re.search(r"[^\W\d_]{2}", text)]


def test_the_reader_of_templates_sees_what_people_see():
    assert unmarked('<p title="{% translate "Hello" %}">{{ name }}{% translate "Hi" %}</p>') == []
    assert unmarked('<p title="Hello">Hi {{ name }}</p>') == ["Hello", "Hi"]
    assert unmarked('<c-card title="Goals" id="goals" />{# kept for us #}') == ["Goals"]
    assert unmarked('{{ name|default:"Not known" }}') == ["Not known"]


def test_no_template_shows_an_unmarked_word():
    # The styleguide is a debug page of made-up samples.
    templates = (path for path in PACKAGE.rglob("templates/**/*.html") if "styleguide" not in path.parts)
    found = {path.relative_to(PACKAGE).as_posix(): unmarked(path.read_text()) for path in templates}
    assert {path: words for path, words in found.items() if words} == {}


SPOKEN_KEYWORDS = {"label", "help_text", "empty_label", "error_message"}
SPOKEN_CALLS = {"ValidationError", "add_error", "success", "error", "warning", "info"}


def unmarked_in_code(source):
    """Sentences that code hands to a form or a reader as plain strings."""
    found: list[ast.expr] = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        said_to = call.args if name in SPOKEN_CALLS else []
        values = [*said_to, *(word.value for word in call.keywords if word.arg in SPOKEN_KEYWORDS)]
        found += [each for each in values if isinstance(each, ast.JoinedStr)]
        found += [each for each in values if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return [ast.unparse(each) for each in found if re.search(r"[A-Z][a-z]+ |[a-z] [a-z]", ast.unparse(each))]


def test_no_form_and_no_page_says_an_unmarked_sentence():
    assert unmarked_in_code('field(label="Your name", help_text=_("As you like"))') == ["'Your name'"]
    code = (path for name in ("forms", "pages") for path in PACKAGE.rglob(f"*{name}*.py") if "tests" not in path.parts)
    found = {path.relative_to(PACKAGE).as_posix(): unmarked_in_code(path.read_text()) for path in code}
    assert {path: words for path, words in found.items() if words} == {}
