"""The system's Chromium, driven by Playwright, and a real JupyterLab; in CI a missing browser is a failure."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import pytest
import requests
from playwright.sync_api import sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_path(missing) -> str:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    return path or missing("no Chromium is installed; on Debian: apt install chromium")


@pytest.fixture(scope="module")
def browser(browser_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs: its address with the token, and the workspace."""

    url: str
    workspace: Path

    def end_kernels(self) -> None:
        """End what was started by opening a lesson."""
        parts = urlsplit(self.url)
        sessions = urlunsplit(parts._replace(path="/api/sessions", query=""))
        headers = {"Authorization": f"token {parse_qs(parts.query)['token'][0]}"}
        for session in requests.get(sessions, headers=headers, timeout=20).json():
            requests.delete(f"{sessions}/{session['id']}", headers=headers, timeout=20)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """`netlab lab` on a fresh workspace, as a headless machine would serve it."""
    folder = tmp_path_factory.mktemp("student")
    workspace = folder / "workspace"
    with socket.create_server(("127.0.0.1", 0)) as probe:  # others may be starting at the usual port
        port = probe.getsockname()[1]
    options = ["--no-browser", "--port", str(port), "--workspace", str(workspace)]
    command = [sys.executable, "-m", "netlab", "lab", *options]
    with (
        (folder / "stderr").open("w") as stderr,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        try:
            line = next((line for line in process.stdout if "token=" in line), "")
            assert line, (folder / "stderr").read_text()
            show_every_cell(workspace)
            yield Lab(next(word for word in line.split() if word.startswith("http")), workspace)
        finally:
            process.terminate()


def show_every_cell(workspace: Path) -> None:
    """Let the page hold all cells of a notebook, not only those in view."""
    settings = workspace / ".netlab/jupyter/config/lab/user-settings/@jupyterlab/notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')


@pytest.fixture(scope="module")
def window(browser):
    """One browser window's memory: JupyterLab's scripts are fetched and compiled once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def tab(window, lab):
    """A tab of the window; with its end the kernel that it has started ends, too."""
    page = window.new_page()
    yield page
    page.close()
    lab.end_kernels()
