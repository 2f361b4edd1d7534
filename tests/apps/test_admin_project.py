"""The project of lesson 18: its steps, the one site of its browsers, and what they can do there."""

from __future__ import annotations

import pytest

from netlab.apps.admin_project import BEFORE, AdminProject, steps
from netlab.apps.django_project import DjangoProject
from netlab.errors import NetlabError, OptionError

STAFF = ("anna", "amy", "alan", "sue")
PASSWORD = "four calm horses"


@pytest.fixture(scope="module")
def project():
    with AdminProject() as project:
        project.begin("1.one_line")
        yield project


def test_a_new_sitting_has_what_the_one_before_it_has_left():
    with AdminProject() as project:
        project.begin("5.roles")
        project.begin("6.front")  # nothing is done where there is a project
        doors = {name: project.browser(name, PASSWORD).get("/admin/people/user/").status for name in STAFF}
        assert doors == {"anna": 200, "amy": 200, "alan": 403, "sue": 200}


def test_each_step_is_a_project_that_django_takes():
    with AdminProject() as project:
        project.run("django", "startproject", "ticker", ".")
        for app in ("shares", "people"):
            project.manage("startapp", app)
        DjangoProject.step(project, BEFORE)
        for name in steps():
            project.step(name)
            assert "no issues" in project.manage("check"), name


def test_an_unknown_step_names_those_that_there_are(project):
    with pytest.raises(OptionError, match=r"1\.one_line"):
        project.step("9.nothing")


def test_one_site_serves_all_until_a_file_changes(project):
    url = project.url
    assert project.url == url
    project.write("shares/more.py", "# a change")
    changed = project.url
    assert project.browser().get("/admin/").location == "/admin/login/?next=/admin/"
    assert changed == project.url


def test_a_whole_round_by_the_forms_of_the_admin(project):
    anna = project.browser("anna", PASSWORD)
    stocks = "/admin/shares/stock/"
    assert anna.fill(f"{stocks}add/", ticker="ZOE", name="Zoe").page.messages == [
        "The stock “ZOE” was added successfully."
    ]
    assert ("ZOE",) in anna.rows(stocks).rows
    assert "Choose" not in repr(anna.fill(f"{stocks}6/change/", name="Zoe Inc."))
    assert anna.act(stocks, "delete_selected", 6, post="yes").page.messages == [
        "Successfully deleted 1 stock."
    ]


def test_who_is_not_let_in_is_told(project):
    with pytest.raises(NetlabError, match="staff account"):
        project.browser("ada", PASSWORD)


def test_a_page_is_shown_without_scripts_tokens_and_addresses_of_pictures(project):
    source = project.browser("anna", PASSWORD).look("/admin/shares/stock/").source
    assert "<script" not in source
    assert 'name="csrfmiddlewaretoken" value="…"' in source
    assert "/static" not in source
    assert "url(" not in source


def test_a_page_without_a_form_cannot_be_filled_in(project):
    with pytest.raises(NetlabError, match="no form"):
        project.browser().fill("/tape/")
