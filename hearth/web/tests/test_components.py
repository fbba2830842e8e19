"""The components say what they mean, without colour, without scripts."""

import re

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django_cotton.compiler_regex import CottonCompiler

from hearth.accounts.roles import Role
from hearth.web import navigation
from hearth.web.styleguide import ExampleForm


def shown(client: Client, address: str = "/styleguide/") -> str:
    return client.get(address).content.decode()


def render(markup: str, **known: object) -> str:
    return Template(CottonCompiler().process(markup)).render(Context(known))


@pytest.fixture
def guide(client, db, settings) -> str:
    settings.TRIAL = True
    return shown(client)


def test_the_styleguide_is_not_shown_in_production(client, db, settings):
    settings.TRIAL = False
    assert client.get("/styleguide/").status_code == 404


def test_no_page_needs_an_inline_style_or_handler(guide):
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", guide)
    assert "<style" not in guide


def test_an_error_stands_beside_its_field_and_what_was_typed_is_kept(guide):
    assert 'value="maya@"' in guide
    field = re.search(r'<input type="email" name="email" value="maya@"[^>]*>', guide)
    assert field
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described
    assert all(f'id="{name}"' in guide for name in described[1].split())
    assert 'aria-invalid="true"' in field[0]


def test_every_kind_of_field_is_labelled():
    page = render("<c-form :form='form' submit='Send' />", form=ExampleForm())
    ids = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page))
    assert len(ids) == 13
    assert ids == set(re.findall(r'<label[^>]* for="([^"]+)"', page)) & ids


def test_a_picture_has_its_table(guide):
    assert guide.count("As a table") == 4
    assert "<td>moderately severe</td>" in guide


def test_words_given_to_a_component_are_escaped_once():
    page = render("<c-card title='{{ name }}' :note='name'><c-tag>{{ name }}</c-tag></c-card>", name="O'Brien & <b>")
    assert page.count("O&#x27;Brien &amp; &lt;b&gt;") == 3
    assert "<b>" not in page
    assert "&amp;amp;" not in page


def test_a_way_whose_address_does_not_exist_is_left_out():
    ways = (navigation.Way("Here", "web:help-now", "sun"), navigation.Way("Nowhere", "web:nowhere", "sun"))
    assert [door.label for door in navigation.doors(ways, roles=(), path="/")] == ["Here"]


def test_ways_are_shown_to_their_roles_and_the_nearest_is_current():
    ways = (
        navigation.Way("Help", "web:help-now", "sun"),
        navigation.Way("Theirs", "web:theme", "sun", frozenset({Role.BILLER})),
    )
    (door,) = navigation.doors(ways, roles=[Role.COUNSELOR], path="/help-now/")
    assert door.current
    assert len(navigation.doors(ways, roles=[Role.BILLER], path="/")) == 2


def test_the_chosen_theme_is_kept_and_leads_back(client, db):
    answer = client.post("/theme/", {"theme": "dark", "next": "/help-now/"})
    assert answer["Location"] == "/help-now/"
    assert 'data-theme="dark"' in shown(client, "/help-now/")


def test_choosing_a_theme_leads_nowhere_else(client, db):
    assert client.post("/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})["Location"] == "/"
    assert client.post("/theme/", {"theme": "purple"}).cookies.get("theme") is None


def test_help_now_asks_nobody_to_sign_in_and_names_every_line(client, organisation):
    page = shown(client, "/help-now/")
    for line in ("tel:988", "sms:988", "988lifeline.org", "tel:911"):
        assert line in page


def test_errors_are_said_kindly(client, db, settings):
    settings.TRIAL = False
    page = client.get("/no-such-page/")
    assert page.status_code == 404
    assert "Nothing is lost" in page.content.decode()
    assert "Help now" in page.content.decode()


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_nothing_to_be_shown(template):
    assert "Hearth" in render_to_string(template)
