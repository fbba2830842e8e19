"""Public pages: shipped in two languages, found by search engines, written by staff, never lost."""

import pytest
from django.test import Client
from django.urls import reverse

from hearth.audit.models import Event
from hearth.web.models import SiteText
from hearth.web.site.reading import LANGUAGES, MARKERS, SLUGS, shipped


def address(slug, language="en"):
    return reverse("web:site-page", args=[language, slug])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_ships_in_both_languages_and_is_light(client, organisation, slug, language):
    page = client.get(address(slug, language))
    said = page.content.decode()
    assert shipped(slug, language).title in said
    assert f'<html lang="{language}"' in said
    assert f'<link rel="canonical" href="http://testserver/{language}/about/{slug}/">' in said
    assert f'hreflang="es" href="http://testserver/es/about/{slug}/"' in said
    assert "[[" not in said
    assert len(page.content) < 40_000


def test_pages_lead_on_and_draw_what_is_real(client, organisation):
    kinds = {kind for slug in SLUGS for kind, _body in shipped(slug, "en").parts()}
    assert kinds == {"text", *MARKERS}
    assert "No group meets just now" in client.get(address("a-week")).content.decode()


def test_an_address_without_a_language_leads_to_the_readers_own(client, organisation):
    assert client.get("/about/costs/").url == "/en/about/costs/"
    assert client.get("/about/costs/", headers={"Accept-Language": "es"}).url == "/es/about/costs/"
    assert client.get("/about/nonsense/").status_code == 404
    assert client.get("/fr/about/costs/").status_code == 404


def test_search_engines_find_every_page(client, organisation):
    found = client.get("/sitemap.xml").content.decode()
    assert all(f"http://testserver/{language}/about/{slug}/" in found for slug in SLUGS for language in LANGUAGES)
    assert b"Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content


def changed(**words):
    return {"title": "Costs", "description": "What it costs.", "body": "It costs little.\n\n[[talk]]"} | words


def test_staff_look_first_save_then_and_bring_an_earlier_version_back(as_user, ines, client):
    editor, page = as_user(ines), reverse("web:site-edit", args=["en", "costs"])
    preview = editor.post(page, changed(look="yes"))
    assert "It costs little." in preview.content.decode()
    assert not SiteText.objects.exists()

    editor.post(page, changed(save="yes"))
    editor.post(page, changed(body="It costs nothing.", save="yes"))
    assert "It costs nothing." in client.get(address("costs")).content.decode()
    assert "El dinero no" in client.get(address("costs", "es")).content.decode()

    first = SiteText.objects.get(number=1)
    assert "It costs little." in editor.get(reverse("web:site-version", args=[first.pk])).content.decode()
    editor.post(reverse("web:site-version", args=[first.pk]))
    assert "It costs little." in client.get(address("costs")).content.decode()
    assert [row.number for row in SiteText.objects.order_by("number")] == [1, 2, 3]
    assert Event.objects.filter(verb="web.public_page_saved").count() == 3


def test_the_front_page_names_the_pages_as_staff_named_them(as_user, ines, client):
    as_user(ines).post(reverse("web:site-edit", args=["en", "costs"]), changed(title="What you pay", save="yes"))
    front = client.get("/").content.decode()
    assert f'<a href="{address("costs")}">What you pay</a>' in front
    assert f'<a href="{address("families")}">{shipped("families", "en").title}</a>' in front


def test_what_staff_write_cannot_run_on_a_visitors_phone(as_user, ines, client):
    page = reverse("web:site-edit", args=["en", "costs"])
    as_user(ines).post(page, changed(body="<script>alert(1)</script> [x](javascript:alert(1))", save="yes"))
    said = client.get(address("costs")).content.decode()
    assert "<script>alert" not in said
    assert 'href="javascript' not in said


def test_only_those_who_answer_for_the_pages_change_them(as_user, dana, maya, organisation):
    for person in (dana, maya.user):
        assert as_user(person).get(reverse("web:site-list")).status_code == 403
        assert as_user(person).post(reverse("web:site-edit", args=["en", "costs"]), changed()).status_code == 403
    assert Client().get(reverse("web:site-list")).status_code == 302


def test_a_page_asks_the_same_number_of_questions_however_often_it_was_saved(as_user, ines, count_queries):
    before = count_queries(Client(), address("costs"))
    for _ in range(3):
        as_user(ines).post(reverse("web:site-edit", args=["en", "costs"]), changed(save="yes"))
    assert count_queries(Client(), address("costs")) == before
