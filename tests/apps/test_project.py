"""A project in a temporary folder: written, shown, imported anew, run."""

import subprocess
import sys

import pytest

from netlab.apps.project import STEPS, Project, steps
from netlab.errors import OptionError
from netlab.paths import data_dir

APP = "def create_app(settings):\n    return ({!r}, settings)\n"


@pytest.fixture
def project():
    with Project() as project:
        yield project


def test_a_change_is_imported_at_once(project):
    for words in ("one", "two"):  # of the same length, within the same second
        project.write("ticker/__init__.py", APP.format(words))
        assert project.app(A=1) == (words, {"A": 1})


def test_what_is_gone_is_forgotten(project):
    project.write("ticker/__init__.py", APP.format("x"))
    project.app()
    project.close()
    assert not project.folder.exists()
    assert "ticker" not in sys.modules


def test_an_edit_shows_the_whole_file_with_numbers_and_marks(project):
    project.write("a.py", "\none\ntwo\nthree\n")
    edits = project.replace("a.py", "two", "2 < 3")
    assert repr(edits) == "a.py, 3 lines, +1 −1"
    assert list(edits.files[0].lines()) == [
        (" ", 1, "one"),
        ("-", 0, "two"),
        ("+", 2, "2 < 3"),
        (" ", 3, "three"),
    ]
    assert "2 &lt; 3" in edits._repr_mimebundle_()["text/html"]


def test_a_new_file_is_new_and_has_no_marks(project):
    edits = project.write("a.py", "one\n")
    assert repr(edits) == "a.py, 1 line, new"
    assert "background" not in edits._repr_mimebundle_()["text/html"]


def test_text_to_replace_stands_there_once(project):
    project.write("a.py", "one one")
    with pytest.raises(OptionError, match="2 times"):
        project.replace("a.py", "one", "two")


@pytest.mark.parametrize("name", ["../a.py", "/etc/a.py", "a/../../b.py"])
def test_nothing_is_written_outside(project, name):
    with pytest.raises(OptionError, match="outside"):
        project.write(name, "")


def test_an_unknown_step_names_those_that_there_are(project):
    with pytest.raises(OptionError, match=r"1\.factory"):
        project.step("9.nothing")


def test_a_step_brings_in_those_before_it_and_shows_what_has_changed(project):
    last = steps()[-1]
    with Project() as one_by_one:
        shown = [repr(one_by_one.step(name)) for name in steps()]
        assert [len(lines.splitlines()) for lines in shown] == [2, 5, 6, 7, 7, 8, 6, 4]
        project.step(last)
        assert project.tree() == one_by_one.tree()
        for name in project.tree().splitlines():
            assert project.read(name) == one_by_one.read(name), name
    assert repr(project.step(last)).splitlines()[0] == "tests/conftest.py, 44 lines"


def test_a_program_runs_in_the_folder_and_its_errors_are_said(project):
    project.write(
        "hello.py",
        "import os, sys\nprint(sys.argv[1], os.environ.get('FLASK_DEBUG'))\nraise SystemExit('bad')\n",
    )
    assert project.run("hello", "you") == "you None\nbad"
    assert project.run("hello", "you", FLASK_DEBUG="1") == "you 1\nbad"


@pytest.mark.parametrize("upto", range(1, len(steps()) + 1))
def test_after_every_step_the_site_answers(project, upto):
    project.step(steps()[upto - 1])
    if upto >= 4:
        project.run("flask", "--app", "ticker", "upgrade")
    if upto >= 3:
        project.run("flask", "--app", "ticker", "import-prices", str(data_dir() / "stocks.csv"))
    client = project.app(SECRET_KEY="a secret").test_client()
    front, share = client.get("/"), client.get("/stocks/AAPL")
    assert (front.status_code, share.status_code) == (200, 200)
    assert "AAPL" in front.text
    assert "430.47" in share.text
    assert [client.get(f"/stocks/{other}").status_code for other in ("ZOE", "aapl", "TOOLONG")] == [
        404,
        404,
        404,
    ]


def test_the_finished_project_passes_its_own_tests(project):
    project.step(steps()[-1])
    assert project.run("pytest", "-q").splitlines()[-1] == "9 passed"


def test_the_migrations_make_the_tables_of_the_models(project):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    project.step(steps()[-1])
    app = project.app()
    with app.app_context():
        project.module("db").upgrade()
    with app.extensions["engine"].connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == "0003"
        assert compare_metadata(context, project.module("models").Base.metadata) == []


def test_a_snapshot_stands_alone(project):
    from netlab.apps.snapshot import snapshot
    from netlab.servers import WebServer

    project.step(steps()[-1])
    for words in (("upgrade",), ("import-prices", str(data_dir() / "stocks.csv"))):
        project.run("flask", "--app", "ticker", *words)
    with WebServer(project.app(SECRET_KEY="a secret")) as server:
        form = snapshot(server.url + "/account/sign-up")
        sent = {"email": "ada@ticker.example", "password": "short"}
        refused = snapshot(server.url + "/account/sign-up", form=sent)
        page = snapshot(server.url + "/stocks/AAPL", answers=["/api/stocks/AAPL/prices"])
    assert 'value="…"' in form.source
    assert "Use 12 characters or more." in refused.source
    assert "<style>" in page.source
    assert "setInterval" in page.source
    assert "recorded" in page.source
    assert 'href="/static' not in page.source
    assert page.title == "AAPL · Ticker"


def test_the_steps_keep_the_style_of_the_house():
    for check in (("check",), ("format", "--check")):
        done = subprocess.run([sys.executable, "-m", "ruff", *check, STEPS], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
