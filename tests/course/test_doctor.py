from __future__ import annotations

import socket

import pytest

from netlab.course import doctor
from netlab.course.doctor import CHECKS, Check, Diagnosis, Finding, diagnose


def finding(what):
    [check] = [check for check in CHECKS if check.what == what]
    return check.run()


def test_everything_that_the_lessons_need_is_tried():
    tried = {finding.what for finding in diagnose().findings}
    assert {"Python", "Packages", "Loopback, TCP", "Loopback, UDP", "Free ports", "Browser"} < tried
    assert {"Packet capture", "Wireshark", "Workspace", "Disk space", "Multicast"} < tried


def test_a_machine_that_runs_the_tests_is_ready():
    assert diagnose().ready, repr(diagnose())


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


def test_a_machine_without_loopback_is_not_ready(monkeypatch):
    def refuse(*_):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    found = {one.what: one for one in diagnose().findings}
    for what in ("Loopback, TCP", "Loopback, UDP", "Free ports"):
        assert found[what].state == "bad"
        assert "unreachable" in found[what].detail
    assert found["Loopback, IPv6"].state == found["Multicast"].state == "warn"


def test_a_browser_is_only_a_wish(monkeypatch):
    import webbrowser

    def none():
        raise webbrowser.Error("no browser")

    monkeypatch.setattr(webbrowser, "get", none)
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert finding("Browser").state == finding("Wireshark").state == "warn"


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
