"""The service worker: for anyone, and every file it keeps is there, since one that is missing would stop it."""

import re

import pytest
from django.contrib.staticfiles import finders


@pytest.fixture
def worker(client, organisation):
    return client.get("/service-worker.js")


def test_the_worker_is_for_anyone_and_asked_for_anew(worker):
    assert worker.status_code == 200
    assert worker["Content-Type"] == "text/javascript"
    assert "no-cache" in worker["Cache-Control"]


def test_every_file_it_keeps_is_there(worker):
    files = re.findall(r'"/static/([^"]+)"', worker.text)
    assert 'const HELP = "/help-now/"' in worker.text
    assert len(files) > 20
    assert [name for name in files if not finders.find(name)] == []


def test_help_now_which_anybody_may_find_on_a_device_names_a_safety_plan_only_where_one_is_kept(as_user, maya):
    page = as_user(maya.user).get("/help-now/").text
    assert re.search(r'<ul[^>]+hidden[^>]*data-kept-here="/my/safety-plan/"', page)
    assert page.count("/my/safety-plan/") == 2  # the place and its link, no sheet of somebody signed in


def test_a_page_names_its_reader_without_telling_who_and_help_names_nobody(client, as_user, dana):
    assert 'data-owner=""' in client.get("/").text
    assert "data-owner" not in as_user(dana).get("/help-now/").text
    page = as_user(dana).get("/today/").text
    assert re.search(r'data-owner="[0-9a-f]{32}"', page)
