"""A site is asked, and a form is filled in, as the lessons do it."""

import pytest
import requests
from flask import Flask, redirect, render_template_string
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from netlab.apps.visits import ask, fill
from netlab.errors import NetlabError
from netlab.servers import WebServer

PAGE = '<form method="post">{{ form.csrf_token }} {{ form.name() }}</form>'


class NameForm(FlaskForm):
    """One field."""

    name = StringField("Name", [InputRequired()])


@pytest.fixture(scope="module")
def url():
    app = Flask("site")
    app.config["SECRET_KEY"] = "a test's"

    @app.route("/", methods=["GET", "POST"])
    def front():
        form = NameForm()
        if form.validate_on_submit():
            return redirect(f"/{form.name.data}", 303)
        return render_template_string(PAGE, form=form), 422 if form.is_submitted() else 200

    app.add_url_rule("/bare", "bare", lambda: "no form")
    with WebServer(app) as server:
        yield server.url


def test_the_fields_that_are_named_come_behind_the_status(url):
    assert ask(url + "/bare", "Content-Length", "Nothing") == (200, "7", None)
    assert ask(url + "/bare", "Allow", method="DELETE")[0] == 405


def test_a_form_is_sent_with_its_token_and_a_redirect_is_not_followed(url):
    with requests.Session() as browser:
        assert fill(browser, url, name="ada") == (303, "/ada")
        assert fill(browser, url, name="") == (422, None)
        assert browser.post(url, {"name": "ada"}, timeout=5).status_code == 422


def test_a_page_without_a_form_is_said_to_be_one(url):
    with requests.Session() as browser, pytest.raises(NetlabError, match="no form with a CSRF token"):
        fill(browser, url + "/bare", name="ada")
