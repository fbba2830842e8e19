import re

import pytest
from django.db import connection
from playwright.sync_api import expect

from hearth.notebook.models import Entry, NotebookKey

PASSPHRASE = "river stone apple lamp"
SECRET = "I dreamt of the lake house again"


@pytest.fixture
def notebook(browse_as, site, maya):
    """Maya's notebook before it is set up."""
    page = browse_as(maya.user)
    page.goto(f"{site}/my/notebook/")
    return page


def field(page, label):
    """The field with this label in the view that is open."""
    return page.get_by_label(label).locator("visible=true")


def set_up(page, passphrase=PASSPHRASE):
    """Make the notebook and open it; returns the recovery code."""
    field(page, "Your passphrase").fill(passphrase)
    field(page, "The same again").fill(passphrase)
    page.get_by_role("button", name="Make my notebook").click()
    code = page.locator("[data-code]")
    expect(code).to_have_text(re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){5}$"))
    found = code.inner_text()
    field(page, "I have it on paper").check()
    page.get_by_role("button", name="Open my notebook").click()
    expect(page.get_by_role("button", name="Write")).to_be_visible()
    return found


def write(page, text):
    page.get_by_role("button", name="Write").click()
    field(page, "What is on your mind?").fill(text)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name=text)).to_be_visible()


def unlock(page, passphrase):
    field(page, "Your passphrase").fill(passphrase)
    page.get_by_role("button", name="Open", exact=True).click()


def everything_stored():
    """All bytes and text of every table, as one string."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(
                f"""SELECT coalesce(string_agg(t::text, ' '), '') FROM "{table}" t"""  # noqa: S608 - names from the catalogue
            )
            found.append(cursor.fetchone()[0])
    stored = [bytes(value) for row in Entry.objects.all() for value in (row.iv, row.ciphertext)]
    return " ".join(found) + " ".join(data.decode("latin-1") for data in stored)


def test_what_was_written_is_read_again_after_a_reload_with_the_passphrase(notebook, maya):
    set_up(notebook)
    write(notebook, SECRET)
    notebook.reload()
    expect(notebook.get_by_text("Your notebook is shut")).to_be_visible()
    assert SECRET not in notebook.content()
    unlock(notebook, PASSPHRASE)
    notebook.get_by_role("button", name=SECRET).click()
    expect(field(notebook, "What is on your mind?")).to_have_value(SECRET)
    field(notebook, "What is on your mind?").fill("changed words")
    notebook.get_by_role("button", name="Done").click()
    expect(notebook.get_by_role("button", name="changed words")).to_be_visible()
    assert Entry.objects.get().patient == maya
    notebook.get_by_role("button", name="changed words").click()
    notebook.get_by_text("Take this entry away").click()
    notebook.get_by_role("button", name="Delete it").click()
    expect(notebook.get_by_text("Your words come here")).to_be_visible()
    assert not Entry.objects.exists()


def test_neither_the_database_nor_the_device_holds_the_words(notebook):
    code = set_up(notebook)
    write(notebook, SECRET)
    stored = everything_stored()
    assert str(Entry.objects.get().pk) in stored  # the search does reach the entry
    kept_on_device = notebook.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    for secret in (SECRET, PASSPHRASE, code, code.replace("-", "")):
        for place in (stored, kept_on_device):
            assert secret not in place
            assert secret.encode().hex() not in place
    key = NotebookKey.objects.get()
    assert key.iterations >= 600_000
    assert bytes(key.passphrase_salt) != bytes(key.recovery_salt)


def test_the_recovery_code_opens_the_notebook_and_sets_a_new_passphrase(notebook):
    code = set_up(notebook)
    write(notebook, SECRET)
    notebook.reload()
    notebook.get_by_role("button", name="I forgot my passphrase").click()
    field(notebook, "Recovery code").fill(code.lower().replace("-", " "))
    field(notebook, "A new passphrase").fill("quite another one")
    field(notebook, "The same again").fill("quite another one")
    notebook.get_by_role("button", name="Open my notebook").click()
    expect(notebook.locator("[data-code]")).not_to_have_text(code)
    field(notebook, "I have it on paper").check()
    notebook.get_by_role("button", name="Open my notebook").click()
    expect(notebook.get_by_role("button", name=SECRET)).to_be_visible()
    notebook.reload()
    unlock(notebook, PASSPHRASE)
    expect(notebook.get_by_text("That is not the passphrase")).to_be_visible()
    unlock(notebook, "quite another one")
    expect(notebook.get_by_role("button", name=SECRET)).to_be_visible()


def test_wrong_words_are_told_clearly_and_nothing_opens(notebook):
    field(notebook, "Your passphrase").fill("short")
    notebook.get_by_role("button", name="Make my notebook").click()
    expect(notebook.get_by_text("Please use at least 10 characters")).to_be_visible()
    field(notebook, "Your passphrase").fill(PASSPHRASE)
    field(notebook, "The same again").fill(PASSPHRASE + "s")
    notebook.get_by_role("button", name="Make my notebook").click()
    expect(notebook.get_by_text("The two are not the same")).to_be_visible()
    assert not NotebookKey.objects.exists()
    set_up(notebook)
    write(notebook, SECRET)
    notebook.reload()
    unlock(notebook, "river stone apple lamb")
    expect(notebook.get_by_text("That is not the passphrase of this notebook")).to_be_visible()
    assert SECRET not in notebook.content()
    notebook.get_by_role("button", name="I forgot my passphrase").click()
    field(notebook, "Recovery code").fill("0000-0000-0000-0000-0000-0000")
    field(notebook, "A new passphrase").fill(PASSPHRASE)
    field(notebook, "The same again").fill(PASSPHRASE)
    notebook.get_by_role("button", name="Open my notebook").click()
    expect(notebook.get_by_text("That is not the recovery code")).to_be_visible()


def test_the_passphrase_can_be_changed(notebook):
    set_up(notebook)
    write(notebook, SECRET)
    notebook.get_by_role("button", name="Change passphrase").click()
    field(notebook, "Your passphrase now").fill(PASSPHRASE)
    field(notebook, "A new passphrase").fill("a brand new one")
    field(notebook, "The same again").fill("a brand new one")
    notebook.get_by_role("button", name="Change it").click()
    expect(notebook.get_by_text("Your new passphrase is in use.")).to_be_visible()
    notebook.reload()
    unlock(notebook, "a brand new one")
    expect(notebook.get_by_role("button", name=SECRET)).to_be_visible()


def test_ten_idle_minutes_shut_the_notebook_and_keep_the_words(browse_as, site, maya):
    page = browse_as(maya.user)
    page.clock.install()
    page.goto(f"{site}/my/notebook/")
    set_up(page)
    page.get_by_role("button", name="Write").click()
    field(page, "What is on your mind?").fill(SECRET)
    page.clock.fast_forward("09:50")
    expect(field(page, "What is on your mind?")).to_be_visible()
    page.clock.fast_forward("00:20")
    expect(page.get_by_text("shut because nothing happened for ten minutes")).to_be_visible()
    assert page.locator("textarea").input_value() == ""
    assert Entry.objects.count() == 1


def test_two_notebooks_never_open_each_other(notebook, browse_as, site, jonah, maya):
    set_up(notebook)
    write(notebook, SECRET)
    sealed = Entry.objects.get()
    other = browse_as(jonah.user)
    other.goto(f"{site}/my/notebook/")
    set_up(other, "another persons words")
    Entry.objects.filter(pk=sealed.pk).update(patient=jonah)  # even a server that hands over the sealed bytes
    other.reload()
    unlock(other, "another persons words")
    expect(other.get_by_role("button", name="This entry cannot be opened")).to_be_disabled()
    assert SECRET not in other.content()
