"""A small app for production servers, and a folder of files for nginx."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from netlab.deploy import Gunicorn
from netlab.deploy.program import free_port

APP = """
import os, time
from flask import Flask, request

app = Flask(__name__)
VERSION = "1"


@app.get("/")
def version():
    return VERSION


@app.get("/slow")
def slow():
    time.sleep(float(request.args.get("seconds", 0.3)))
    return "slow"


@app.get("/pid")
def pid():
    return str(os.getpid())


@app.get("/environment/<name>")
def environment(name):
    return os.environ.get(name, "")


@app.get("/fields")
def fields():
    return dict(request.headers)


@app.get("/broken")
def broken():
    return 1 / 0


@app.get("/die")
def die():
    os._exit(1)


@app.post("/")
def length():
    return str(len(request.get_data()))
"""


@pytest.fixture
def files():
    return {"web.py": APP}


@pytest.fixture
def second():
    """The files of the next version."""
    return APP.replace('VERSION = "1"', 'VERSION = "2"')


@pytest.fixture
def gunicorn(files):
    with Gunicorn("web:app", files=files, workers=2) as server:
        yield server


@pytest.fixture
def static(tmp_path) -> Path:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "chart.js").write_text("draw();\n" * 500, encoding="ascii")
    (tmp_path / "secret.txt").write_text("hunter2", encoding="ascii")
    return folder


@pytest.fixture
def run():
    """Run a program that nobody here wrote, and return what it prints, errors included."""
    import subprocess

    def run(*words: str, sent: str = "") -> str:
        done = subprocess.run(
            words,
            input=sent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout

    return run


@pytest.fixture
def take_first(monkeypatch):
    """Let the next port that is taken for a free one be somebody's, and the one after it be free; what is left."""

    def take_first(somebody):
        ports = [somebody.getsockname()[1], free_port("127.0.0.1")]
        monkeypatch.setattr("netlab.deploy.program.free_port", lambda *_: ports.pop(0))
        return ports

    return take_first


@pytest.fixture
def descendants():
    """All processes under this one; but for a database of other tests, whose own come and go."""

    def descendants():
        started = [each for each in psutil.Process().children() if each.name() != "postgres"]
        return {*started, *(below for each in started for below in each.children(recursive=True))}

    return descendants
