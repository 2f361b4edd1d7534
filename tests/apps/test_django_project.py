"""The Django project of lesson 17: made, brought from step to step, run in processes of its own, visited."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from netlab.apps.django_project import STEPS, DjangoProject, files_of, steps
from netlab.apps.snapshot import snapshot
from netlab.errors import NetlabError, OptionError
from tests.waiting import wait_until

KEY = "kV7uWq2Zt9xRb4Nn8mPc3Lh6Jd5Gf1Sa0Ye-Uo_TiXwBvCzQpMlKj"


@pytest.fixture(scope="module")
def project():
    with DjangoProject(steps()[-1]) as project:
        yield project


def children(pid=None):
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_a_step_finds_the_project_as_the_steps_before_it_have_left_it(project):
    assert project.manage("makemigrations", "--check") == "No changes detected"
    assert project.shell("print(Price.objects.count(), Stock.objects.count())") == "12154 5"


def test_the_finished_project_passes_its_own_tests(project):
    said = project.manage("test", TICKER_LEVEL="WARNING")
    assert said.splitlines()[-2] == "OK"
    assert "Ran 8 tests" in said


def test_its_tests_see_what_is_broken(project):
    before = project.read("people/views.py")
    project.replace("people/views.py", "self.request.user.alerts.all()", "Alert.objects.all()")
    said = project.manage("test", "people", TICKER_LEVEL="WARNING")
    project.write("people/views.py", before)
    assert "FAIL: test_nobody_else_deletes_it" in said
    assert said.splitlines()[-2] == "FAILED (failures=1)"


def test_in_production_the_deployment_check_has_nothing_to_say(project):
    production = {"TICKER_SECRET_KEY": KEY, "TICKER_HOSTS": "ticker.example"}
    said = project.manage("check", "--deploy", "--settings", "ticker.production", **production)
    assert said == "System check identified no issues (0 silenced)."


def test_without_a_key_production_does_not_start(project):
    assert "KeyError: 'TICKER_SECRET_KEY'" in project.manage("check", "--settings", "ticker.production")


def test_every_word_is_translated(project):
    project.run("babel.messages.frontend", "compile", "-D", "django", "-d", "locale")
    with project.site() as site:
        page = requests.get(site.url, headers={"Accept-Language": "zh-hans"}, timeout=10).text
        english = requests.get(site.url, timeout=10).text
    for word in ("股票", "搜索", "名称或代码", "登录", "注册", "共 5 只股票"):
        assert word in page
        assert word not in english


def test_a_site_logs_and_ends_with_its_block(project):
    with project.site() as site:
        answer = requests.get(site.url + "/stocks/AAPL/", timeout=10, headers={"X-Request-ID": "r1"})
    assert answer.status_code == 200
    assert site.log() == "INFO ticker.requests r1 GET '/stocks/AAPL/' 200"
    with pytest.raises(requests.ConnectionError):
        requests.get(site.url, timeout=1)


def test_a_snapshot_of_a_form_tells_no_token_and_takes_no_focus(project):
    with project.site() as site:
        empty = snapshot(site.url + "/log-in/").source
        refused = snapshot(site.url + "/log-in/", form={"username": "ada", "password": "wrong"}).source
    assert 'name="csrfmiddlewaretoken" value="…"' in empty
    assert "autofocus" not in empty
    assert "Please enter a correct username and password" in refused


def test_a_command_sees_what_was_written_a_moment_ago(project):
    for words in ("one", "two"):
        project.write("said.py", f"print({words!r})\n")
        assert project.run("said") == words


def test_what_a_command_prints_and_raises_is_said(project):
    project.write("loud.py", "import sys\nprint('ä股')\nsys.exit('bad')\n")
    assert project.run("loud") == "ä股\nbad"
    assert project.manage("nothing").startswith("Unknown command: 'nothing'")


def test_what_a_command_has_started_ends_with_it(project):
    project.write(
        "starts.py",
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], stdout=2)\n"
        "print(child.pid, flush=True)\nsys.stdout.close()\nimport os; os.close(1)\n",
    )
    with project._process(["-m", "starts"], {}) as output:
        number = int(os.read(output, 100))
    state = Path(f"/proc/{number}/stat")
    wait_until(lambda: not state.exists() or " Z " in state.read_text(), seconds=5)


def test_a_command_that_never_ends_is_ended(project, monkeypatch):
    monkeypatch.setattr("netlab.apps.project.SECONDS", 0.3)
    project.write("endless.py", "while True: pass\n")
    with pytest.raises(NetlabError, match="did not end"):
        project.run("endless")


def test_the_generated_secret_is_not_shown():
    with DjangoProject() as project:
        project.run("django", "startproject", "ticker", ".")
        assert "django-insecure-…" in str(project.show("ticker/settings.py").files[0].after)
        for app in ("shares", "people"):
            project.manage("startapp", app)
        edits = project.step("1.settings")
        assert all("…" in each.before for each in edits.files if "django-insecure" in each.before)


def test_closed_it_leaves_nothing_and_says_so():
    before = children()
    project = DjangoProject()
    project.run("django", "startproject", "ticker", ".")
    project.close()
    assert children() == before
    assert not project.folder.exists()
    with pytest.raises(NetlabError, match="closed"):
        project.manage("check")


def test_an_unknown_step_names_those_that_there_are(project):
    with pytest.raises(OptionError, match=r"1\.settings"):
        project.step("9.nothing")


def test_each_step_changes_something():
    for number, name in enumerate(steps()):
        before = files_of(steps()[number - 1]) if number else {}
        after = files_of(name)
        assert {path: path.read_text() for path in after.values()} != {
            path: path.read_text() for path in before.values()
        }


def test_the_steps_keep_the_style_of_the_house():
    for check in (("check",), ("format", "--check")):
        done = subprocess.run([sys.executable, "-m", "ruff", *check, STEPS], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
