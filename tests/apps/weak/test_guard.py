"""The weak site stays at home: nothing starts it by accident, and nobody but this machine gets an answer."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
from importlib.metadata import entry_points

import pytest
import requests

from netlab.apps.weak import WeakSite
from netlab.apps.weak.app import close, create_app
from netlab.apps.weak.guard import refusal
from netlab.apps.weak.house import WARNING
from netlab.errors import OptionError
from netlab.servers import WebServer

AT_HOME = {"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


@pytest.fixture(scope="module")
def site():
    with WeakSite() as site:
        yield site


@pytest.fixture
def new_app():
    """Make the app without its server; what it keeps is removed."""
    with contextlib.ExitStack() as stack:

        def make():
            app = create_app(weak_on_purpose=True)
            stack.callback(close, app)
            return app

        yield make


def test_this_machine_may_come_in(site):
    assert refusal(AT_HOME) is None
    assert requests.get(site.url, timeout=5).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"SERVER_NAME": "0.0.0.0"},
        {"SERVER_NAME": "::"},
        {"SERVER_NAME": ""},
        {"SERVER_NAME": "ticker.example"},
        {"HTTP_HOST": "rebinding.example"},
        {"HTTP_HOST": "127.0.0.1.rebinding.example"},
        {"HTTP_HOST": "[half"},
        {"HTTP_HOST": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_others_are_refused(changed):
    assert refusal(AT_HOME | changed)


@pytest.mark.parametrize("host", ["localhost", "[::1]:80", "127.0.0.1", "127.9.9.9:5"])
def test_each_name_of_this_machine_is_one(host):
    assert refusal(AT_HOME | {"HTTP_HOST": host}) is None


def test_a_page_that_lets_its_name_point_here_gets_nothing(site):
    response = requests.get(site.url, headers={"Host": "rebinding.example"}, timeout=5)
    assert response.status_code == 403
    assert "Ticker" not in response.text


@pytest.mark.parametrize("name", ["host", "port", "address"])
def test_nobody_can_tell_it_where_to_listen(name):
    with pytest.raises(TypeError):
        WeakSite(**{name: "0.0.0.0"})


def test_what_is_told_behind_its_back_is_refused():
    site = WeakSite()
    site._wanted = ("0.0.0.0", 0)
    with pytest.raises(OptionError, match=r"listens on 127\.0\.0\.1"):
        site.start()


def test_the_environment_cannot_move_it(monkeypatch):
    for name in ("HOST", "BIND", "FLASK_RUN_HOST", "SERVER_NAME", "NETLAB_HOST"):
        monkeypatch.setenv(name, "0.0.0.0")
    with WeakSite() as site:
        assert site.address[0] == "127.0.0.1"


def test_its_port_is_closed_to_the_addresses_of_this_machine(site):
    """Linux answers on 127.0.0.2 as well if a server listens on all addresses."""
    with socket.socket() as client:
        client.settimeout(2)
        assert client.connect_ex(("127.0.0.2", site.port)) != 0


def test_another_server_gets_no_further_than_its_guard(new_app):
    """The app cannot be shown to others by a server that somebody else writes around it."""
    app = new_app()
    for changed in ({"REMOTE_ADDR": "192.0.2.7"}, {"SERVER_NAME": "0.0.0.0"}):
        response = app.test_client().get("/", environ_overrides=changed)
        assert response.status_code == 403
    with WebServer(app) as server:
        assert (
            requests.get(server.url, timeout=5, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
        )


@pytest.mark.parametrize("given", [False, None, 1, "yes"])
def test_one_must_say_that_it_is_weak(given):
    with pytest.raises(OptionError, match="weak on purpose"):
        create_app(weak_on_purpose=given)
    with pytest.raises(TypeError):
        create_app()


def test_the_app_does_not_run_itself(new_app):
    with pytest.raises(OptionError, match="WeakSite"):
        new_app().run(host="0.0.0.0")


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "netlab.apps.weak"],
        ["-m", "flask", "--app", "netlab.apps.weak", "routes"],
        ["-m", "flask", "--app", "netlab.apps.weak.app", "routes"],
    ],
    ids=["python -m", "flask finds an app", "flask finds a factory"],
)
def test_no_command_starts_it(command):
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "search" not in done.stdout


def test_no_command_of_ours_knows_it():
    assert not [each for each in entry_points(group="console_scripts") if "weak" in each.value]
    from netlab.course.cli import app

    assert not [
        each for each in [*app.registered_commands, *app.registered_groups] if "weak" in str(each.name)
    ]


def test_an_idea_that_does_not_exist_is_named():
    with pytest.raises(OptionError, match="'serach'"):
        WeakSite(["search", "serach"])
    with pytest.raises(OptionError, match="Give a list"):
        WeakSite("search")


def test_every_page_says_what_it_is(site, new_app):
    app = new_app()
    paths = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and "<" not in rule.rule]
    assert len(paths) > 12
    for path in [*paths, "/no/such/page", "/alerts/99"]:
        response = requests.get(site.url + path, timeout=5)
        assert response.headers["X-Weak"] == "on purpose", path
        if response.headers["Content-Type"].startswith("text/html"):
            assert WARNING in response.text, path
