from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

from netlab.course import lab, workspace
from netlab.errors import AddressInUseError, CourseError, OptionError

# The command on the small course of these tests.
COMMAND = """
import sys
from pathlib import Path
from netlab.course import catalogue, cli, pages, workspace
published = Path(sys.argv.pop(1))
catalogue.lessons_dir = pages.lessons_dir = workspace.lessons_dir = lambda: published
cli.main()
"""


@dataclass
class Lab:
    process: subprocess.Popen[str]
    url: str

    @property
    def port(self):
        return urlsplit(self.url).port

    @property
    def token(self):
        return parse_qs(urlsplit(self.url).query)["token"][0]

    def get(self, path, *, token=None, method="GET"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        request.add_header("Authorization", f"token {self.token if token is None else token}")
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.read().decode()

    def get_json(self, path, **options):
        return json.loads(self.get(path, **options))


def command(publish, path, *arguments):
    published = publish("00_start_here", "1 + 1", part="").parent
    arguments = ["lab", "--no-browser", "--workspace", str(path), *arguments]
    return [sys.executable, "-c", COMMAND, str(published), *arguments]


def stoppable():
    """Let Ctrl-C reach it, also where the tests themselves run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def running(publish, tmp_path):
    """A JupyterLab that a student with an odd configuration has started in a terminal."""
    odd = tmp_path / "home" / ".jupyter"
    odd.mkdir(parents=True)
    (odd / "jupyter_server_config.py").write_text("raise SystemExit('an odd configuration')")
    home = {"HOME": str(tmp_path / "home"), "JUPYTER_CONFIG_DIR": str(odd), "JUPYTER_PATH": "/nowhere"}
    with (
        (tmp_path / "stderr").open("w") as stderr,
        subprocess.Popen(
            command(publish, tmp_path / "workspace"),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=os.environ | home,
            preexec_fn=stoppable,
        ) as process,
    ):
        try:
            yield Lab(process, announced(process))
        finally:
            process.kill()


def announced(process):
    """The address that a JupyterLab says in its terminal."""
    line = next((line for line in process.stdout if "token=" in line), "")
    return next(word for word in line.split() if word.startswith("http"))


def test_a_real_jupyterlab_serves_the_workspace_to_its_owner_alone(running, tmp_path, publish):
    assert running.url.startswith("http://127.0.0.1:")
    assert urlsplit(running.url).path == "/lab/tree/00_start_here.ipynb"
    assert "JupyterLab" in running.get(urlsplit(running.url).path)
    names = {entry["name"] for entry in running.get_json("/api/contents")["content"]}
    assert names == {"00_start_here.ipynb", "01_tcp_ip.ipynb", "03_tcp_sockets.ipynb"}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        running.get("/api/contents", token="guessed")

    # Its one kernel is the interpreter that runs netlab, and it knows the workspace.
    specs = running.get_json("/api/kernelspecs")
    assert specs["default"] == "python3"
    assert specs["kernelspecs"]["python3"]["spec"]["argv"][0] == sys.executable
    code = "import os, sys; print(sys.executable, os.environ['NETLAB_WORKSPACE'], os.getpid())"
    python, folder, kernel = execute(running, code).split()
    assert (python, folder) == (sys.executable, str(tmp_path / "workspace"))

    # Lessons as published are trusted, so that their stored pictures show.
    cells = running.get_json("/api/contents/00_start_here.ipynb")["content"]["cells"]
    assert all(cell["metadata"]["trusted"] for cell in cells if cell["cell_type"] == "code")

    # Nobody outside is asked for news or updates, and the student is not asked about it.
    assert running.get_json("/lab/api/news")["news"] == []
    assert running.get_json("/lab/api/update")["notification"] is None
    settings = running.get_json("/lab/api/settings/@jupyterlab/apputils-extension:notification")
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"

    # A second one finds the first instead of starting another.
    second = subprocess.run(
        command(publish, tmp_path / "workspace", "--port", str(running.port)),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert f"open already at {running.url}" in second.stdout

    # Ctrl-C stops it and its kernel, frees the port, and its log was quiet.
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=20) == 0
    assert not psutil.pid_exists(int(kernel))
    with socket.create_server(("127.0.0.1", running.port)):
        pass
    assert (tmp_path / "stderr").read_text() == ""
    assert not (tmp_path / "home" / ".local").exists()


def execute(running, code):
    """Run code in a kernel of that JupyterLab as the browser does, and give what it prints."""
    websocket = pytest.importorskip("websocket")
    kernel = running.get_json("/api/kernels", method="POST")["id"]
    address = f"ws://127.0.0.1:{running.port}/api/kernels/{kernel}/channels?token={running.token}"
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "s", "username": "", "version": "5.3"}
    request = {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": {"code": code, "silent": False},
        "channel": "shell",
        "buffers": [],
    }
    connection = websocket.create_connection(address, timeout=30)
    try:
        connection.send(json.dumps(request))
        while True:
            message = json.loads(connection.recv())
            if message["msg_type"] == "stream":
                return message["content"]["text"]
    finally:
        connection.close()


def test_a_port_that_is_taken_is_refused_before_jupyter_starts(publish, tmp_path):
    opened = workspace.open_workspace(tmp_path / "workspace")
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(AddressInUseError, match=r"Address already in use.*--port"),
    ):
        lab.open_lab(opened.path, "00_start_here", port=taken.getsockname()[1])


def test_two_that_begin_in_the_same_instant_have_a_port_each(publish, tmp_path):
    processes = [
        subprocess.Popen(
            command(publish, tmp_path / name), stdout=subprocess.PIPE, text=True, preexec_fn=stoppable
        )
        for name in ("one", "two")
    ]
    try:
        labs = [Lab(process, announced(process)) for process in processes]
        assert len({each.port for each in labs}) == 2
        for each in labs:
            assert "JupyterLab" in each.get("/lab")
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def test_a_port_that_somebody_has_is_passed_over_and_held_from_then_on():
    with lab._listen(None) as first, lab._listen(None) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
        assert lab.USUAL_PORT <= ports[0] < ports[1] <= lab.USUAL_PORT + lab.MORE_PORTS
        with pytest.raises(AddressInUseError, match=f"Port {ports[1]} cannot be used"):
            lab._listen(ports[1])


def test_where_all_of_them_are_taken_the_student_is_told_of_the_option(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(lab, "USUAL_PORT", taken.getsockname()[1])
        monkeypatch.setattr(lab, "MORE_PORTS", 0)
        with pytest.raises(AddressInUseError, match=r"No port from \d+ to \d+ can be used: .* --port"):
            lab._listen(None)


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_a_number_that_is_no_port_is_refused(publish, tmp_path, port):
    opened = workspace.open_workspace(tmp_path / "workspace")
    with pytest.raises(OptionError, match=f"{port} is not a port"):
        lab.open_lab(opened.path, "00_start_here", port=port)


def test_while_another_one_is_opening_the_student_is_told_to_wait(publish, tmp_path):
    opened = workspace.open_workspace(tmp_path / "workspace")
    with lab._claim(opened.path), pytest.raises(CourseError, match="is just opening"):
        lab.open_lab(opened.path, "00_start_here", browser=False)


def test_when_it_is_open_already_the_browser_goes_there(publish, tmp_path, monkeypatch, capsys):
    opened = workspace.open_workspace(tmp_path / "workspace")
    shown = []
    monkeypatch.setattr(lab.webbrowser, "open", shown.append)
    with lab._claim(opened.path) as claim:
        claim.write("http://127.0.0.1:8888/lab?token=t")
        claim.flush()
        lab.open_lab(opened.path, "00_start_here")
    assert shown == ["http://127.0.0.1:8888/lab?token=t"]
    assert "open already at http://127.0.0.1:8888/lab?token=t" in capsys.readouterr().out


def test_the_address_with_its_token_is_for_the_owners_eyes_only(publish, tmp_path):
    opened = workspace.open_workspace(tmp_path / "workspace")
    with lab._claim(opened.path):
        assert (opened.path / ".netlab" / "lab").stat().st_mode & 0o077 == 0
