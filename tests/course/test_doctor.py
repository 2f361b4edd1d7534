from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from netlab.course import doctor
from netlab.course.diagnosis import Check, Diagnosis, Finding
from netlab.course.doctor import CHECKS, LIBRARIES, diagnose
from netlab.deploy import program
from netlab.paths import lessons_dir


def finding(what):
    [check] = [check for check in CHECKS if check.what == what]
    return check.run()


@pytest.fixture(scope="module")
def diagnosis():
    return diagnose()


def test_everything_that_the_lessons_need_is_tried(diagnosis):
    tried = {finding.what for finding in diagnosis.findings}
    assert {"Python", "Packages", "Libraries", "Loopback, TCP", "Loopback, UDP", "Free ports"} < tried
    assert {"Packet capture", "Workspace", "Disk space", "Multicast", "Browser"} < tried


def test_so_is_each_program_that_a_lesson_can_do_without(diagnosis):
    programs = {"git", "nginx", "openssl", "curl", "PostgreSQL", "Wireshark", "Chromium"}
    assert programs < {finding.what for finding in diagnosis.findings}
    assert {check.otherwise for check in CHECKS if check.what in programs} == {"warn"}
    assert all(re.match(r"Lessons? (\d\d|take)", check.fix) for check in CHECKS if check.what in programs)


def test_a_machine_that_runs_the_tests_is_ready(diagnosis):
    assert diagnosis.ready, repr(diagnosis)


def test_every_check_has_a_fix():
    assert all(check.fix.endswith((".", "0")) for check in CHECKS)


def test_what_is_raised_becomes_the_detail_with_the_fix():
    def broken():
        raise OSError("the cable is out.")

    assert Check("Cable", broken, "bad", "Plug it in.").run() == Finding(
        "Cable", "bad", "the cable is out", "Plug it in."
    )


def test_an_error_without_words_is_named():
    def broken():
        raise TimeoutError

    assert Check("Cable", broken, "warn", "Wait.").run().detail == "TimeoutError"


@pytest.mark.parametrize(("states", "ready"), [([], True), (["ok", "warn"], True), (["ok", "bad"], False)])
def test_only_what_the_lessons_need_makes_a_machine_unready(states, ready):
    diagnosis = Diagnosis(tuple(Finding("Thing", state, "", "") for state in states))
    assert diagnosis.ready is ready
    assert ("not ready" in diagnosis.verdict) is not ready


def test_a_package_that_is_too_old_is_named(monkeypatch):
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda _: ["pandas>=99", "no-such-thing", 'mypy; extra == "dev"']
    )
    found = finding("Packages")
    assert found.state == "bad"
    assert "pandas>=99 is needed" in found.detail
    assert "no-such-thing is missing" in found.detail
    assert "mypy" not in found.detail


def test_the_large_libraries_are_those_of_the_lessons_that_stand_on_them():
    assert finding("Libraries").detail == "cryptography, flask, sqlalchemy, django, plotly can be imported"
    for module, number in LIBRARIES.items():
        [path] = lessons_dir().glob(f"{number}_*.ipynb")
        assert module.partition(".")[0] in path.read_text(encoding="utf-8")


def test_a_file_of_the_students_that_is_called_like_a_library_is_noticed(monkeypatch, tmp_path):
    (tmp_path / "flask.py").write_text("price = 430.47 / 0\n")
    monkeypatch.chdir(tmp_path)
    found = finding("Libraries")
    assert found.state == "bad"
    assert found.detail == "flask, lesson 13: ZeroDivisionError: float division by zero"
    assert "other names" in found.fix


@pytest.mark.parametrize("what", ["git", "nginx", "openssl", "curl", "PostgreSQL", "Wireshark", "Chromium"])
def test_a_program_that_is_not_here_is_only_a_wish(monkeypatch, what):
    monkeypatch.setattr(program, "which", lambda _: None)
    monkeypatch.setattr(doctor, "DEBIANS_POSTGRESQL", Path("/no/such/folder"))
    found = finding(what)
    assert (found.state, found.detail) == ("warn", "not found; it is optional")


def test_a_program_is_found_under_any_of_its_names(monkeypatch):
    monkeypatch.setattr(program, "which", {"google-chrome": "/opt/google-chrome"}.get)
    assert finding("Chromium").detail == "google-chrome"


def test_the_server_of_postgresql_is_found_where_debian_keeps_it(monkeypatch, tmp_path):
    monkeypatch.setattr(program, "which", lambda _: None)
    monkeypatch.setattr(doctor, "DEBIANS_POSTGRESQL", tmp_path)
    (tmp_path / "17/bin").mkdir(parents=True)
    (tmp_path / "17/bin/initdb").touch()
    assert finding("PostgreSQL").state == "ok"


def test_a_machine_without_loopback_is_not_ready(monkeypatch):
    def refuse(*_):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    for what in ("Loopback, TCP", "Loopback, UDP", "Free ports"):
        assert finding(what).state == "bad"
        assert "unreachable" in finding(what).detail
    assert finding("Loopback, IPv6").state == finding("Multicast").state == "warn"


def test_a_browser_is_only_a_wish(monkeypatch):
    import webbrowser

    def none():
        raise webbrowser.Error("no browser")

    monkeypatch.setattr(webbrowser, "get", none)
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert finding("Browser").state == "warn"


def test_a_full_disk_is_only_a_warning(monkeypatch):
    from types import SimpleNamespace

    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=12_000_000))
    assert finding("Disk space").detail == "12 MB are free"
    assert finding("Disk space").state == "warn"


def test_a_workspace_that_does_not_exist_yet_is_judged_by_the_folder_above(monkeypatch, tmp_path):
    monkeypatch.setenv("NETLAB_WORKSPACE", str(tmp_path / "a" / "b"))
    assert finding("Workspace").state == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_cannot_be_written_is_bad(monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    assert finding("Workspace").state == "bad"


def test_it_is_shown_as_text_and_as_a_table_with_everything_escaped():
    diagnosis = Diagnosis((Finding("Cable", "bad", "<loose>", "Plug & play."), Finding("Power", "ok", "on")))
    assert repr(diagnosis).splitlines()[:2] == [
        "✗ Cable              <loose>",
        "                     → Plug & play.",
    ]
    html = diagnosis._repr_html_()
    assert "&lt;loose&gt;<br>→ Plug &amp; play." in html
