from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest
from typer.main import get_command

import netlab.course
from netlab.course import cli, doctor, workspace
from netlab.course.diagnosis import Diagnosis, Finding
from netlab.errors import CourseError

COMMANDS = get_command(cli.app).commands


@pytest.fixture
def netlab_command(publish, monkeypatch, tmp_path, capsys):
    """A function that runs the command and gives its exit code and what it printed."""
    monkeypatch.setenv("NETLAB_WORKSPACE", str(tmp_path / "workspace"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["netlab", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return stopped.value.code or 0, "".join(capsys.readouterr())

    return run


@pytest.fixture
def called(monkeypatch):
    """What the command asked of the modules that do the work; each of them returns 3."""
    calls = []
    for module, functions in {
        "runner": ("command", "refresh_command"),
        "slides": ("command",),
        "lint": ("command",),
    }.items():
        fakes = {name: lambda *args, name=name: calls.append((name, *args)) or 3 for name in functions}
        monkeypatch.setattr(netlab.course, module, SimpleNamespace(**fakes), raising=False)
    return calls


def test_the_commands_are_those_of_the_handbook():
    assert set(COMMANDS) == {
        "lab",
        "run",
        "refresh",
        "slides",
        "lint",
        "reset",
        "doctor",
        "map",
        "syllabus",
        "ticker",
        "backoffice",
        "capstone",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_has_help(name):
    command = COMMANDS[name]
    assert command.help.endswith(".")
    for parameter in command.params:
        assert parameter.name == "help" or parameter.help, parameter.name


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_shown(netlab_command, name):
    code, words = netlab_command(*filter(None, [name]), "--help")
    assert code == 0
    assert "Usage: netlab" in words


@pytest.mark.parametrize("name", ["lab", "run", "refresh", "slides", "lint", "reset"])
def test_an_unknown_lesson_says_what_to_try_next(netlab_command, name):
    code, words = netlab_command(name, "tcp_socket")
    assert code == 1
    assert words == "netlab: There is no lesson 'tcp_socket'. Did you mean 03_tcp_sockets?\n"


def test_with_netlab_debug_an_error_comes_with_its_traceback(publish, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["netlab", "reset", "99"])
    monkeypatch.setenv("NETLAB_DEBUG", "1")
    with pytest.raises(CourseError):
        cli.main()


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        (["run", "3", "00", "--jobs", "2"], ("command", ["00_start_here", "03_tcp_sockets"], 2)),
        (["refresh", "--check"], ("refresh_command", [], True)),
        (["refresh", "03"], ("refresh_command", ["03_tcp_sockets"], False)),
        (["slides", "1"], ("command", netlab.course.cli.Path("build/slides"), ["01_tcp_ip"])),
        (["lint"], ("command", [])),
    ],
)
def test_the_work_is_handed_on_with_full_names_and_its_exit_code_comes_back(
    netlab_command, called, arguments, call
):
    assert netlab_command(*arguments) == (3, "")
    assert called == [call]


def test_lab_tells_the_news_and_opens_the_lesson(netlab_command, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr("netlab.course.lab.open_lab", lambda *args, **options: opened.append((args, options)))
    code, words = netlab_command("lab", "3", "--port", "9999", "--no-browser")
    assert (code, words) == (0, "New: 00_start_here, 01_tcp_ip, 03_tcp_sockets.\n")
    assert opened == [((tmp_path / "workspace", "03_tcp_sockets"), {"port": 9999, "browser": False})]


def test_reset_says_where_the_old_notebook_is(netlab_command, tmp_path):
    workspace.open_workspace()
    (tmp_path / "workspace" / "03_tcp_sockets.ipynb").write_text("mine")
    code, words = netlab_command("reset", "03")
    assert code == 0
    [kept] = (tmp_path / "workspace").glob("03_tcp_sockets.*-1.ipynb")
    assert str(kept) in words
    assert "nothing to reset" in netlab_command("reset", "03")[1]


def test_the_map_is_plain_text(netlab_command):
    assert "03  Tcp sockets" in netlab_command("map")[1]


@pytest.mark.parametrize(("state", "expected"), [("ok", 0), ("warn", 0), ("bad", 1)])
def test_doctor_fails_only_when_the_machine_is_not_ready(netlab_command, monkeypatch, state, expected):
    diagnosis = Diagnosis((Finding("Loopback [tcp]", state, "no [red]reply", "Mend it"),))
    monkeypatch.setattr(doctor, "diagnose", lambda: diagnosis)
    code, words = netlab_command("doctor")
    assert code == expected
    assert "no [red]reply" in words
    assert diagnosis.verdict.split(":")[0].rstrip(".") in words


def test_the_version_is_that_of_the_package(netlab_command):
    assert netlab_command("--version") == (0, f"netlab {netlab.__version__}\n")


def test_help_imports_nothing_heavy():
    heavy = ["IPython", "asyncio", "jupyterlab", "matplotlib", "nbformat", "numpy", "pandas", "rich"]
    script = f"""
import sys
from netlab.course.cli import app
app(["--help"], standalone_mode=False)
sys.exit(" ".join(sorted(set({heavy}) & set(sys.modules))))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stderr.strip() == ""
