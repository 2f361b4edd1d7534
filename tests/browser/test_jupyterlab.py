"""A student in a real browser: JupyterLab opens each lesson from the workspace, and Run All goes through."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import pytest
import requests

from netlab.course import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LESSONS = [lesson.name for lesson in catalogue.load()]
IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
PROMPTS = (
    "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(each => each.textContent.trim())"
)
# The page shows an idle kernel before it is connected to one, and Run All without a kernel does nothing.
CONNECTED = """async path => {
    const sessions = await (await fetch('/api/sessions')).json();
    return sessions.some(each => each.path === path
        && each.kernel?.execution_state === 'idle' && each.kernel.connections > 0);
}"""
WAIT = 60_000  # milliseconds
POLL = 100  # milliseconds; by default a page is asked at each frame, which makes it draw them


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of `netlab lab` on a fresh workspace, as a headless machine would serve it."""
    folder = tmp_path_factory.mktemp("student")
    command = [
        sys.executable,
        "-m",
        "netlab",
        "lab",
        "--no-browser",
        "--workspace",
        str(folder / "workspace"),
    ]
    with (
        (folder / "stderr").open("w") as stderr,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        try:
            line = next((line for line in process.stdout if "token=" in line), "")
            assert line, (folder / "stderr").read_text()
            show_every_cell(folder / "workspace")
            yield next(word for word in line.split() if word.startswith("http"))
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def window(browser):
    """One browser window's memory: JupyterLab's scripts are fetched and compiled once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(window, lab):
    """A tab of the window; with its end the kernel that it has started ends, too."""
    page = window.new_page()
    yield page
    page.close()
    parts = urlsplit(lab)
    sessions = urlunsplit(parts._replace(path="/api/sessions", query=""))
    headers = {"Authorization": f"token {parse_qs(parts.query)['token'][0]}"}
    for session in requests.get(sessions, headers=headers, timeout=20).json():
        requests.delete(f"{sessions}/{session['id']}", headers=headers, timeout=20)


def show_every_cell(workspace: Path) -> None:
    """Let the page hold all cells of a notebook, not only those in view."""
    settings = workspace / ".netlab/jupyter/config/lab/user-settings/@jupyterlab/notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')


def open_lesson(page, lab: str, name: str) -> None:
    parts = urlsplit(lab)
    page.goto(urlunsplit(parts._replace(path=f"/lab/tree/{name}.ipynb", query=f"{parts.query}&reset")))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=WAIT)
    page.wait_for_function(CONNECTED, arg=f"{name}.ipynb", polling=200, timeout=WAIT)
    page.locator(IDLE).first.wait_for(timeout=WAIT)


def choose(page, menu: str, command: str) -> None:
    page.locator(f'.lm-MenuBar-itemLabel:text-is("{menu}")').click()
    page.locator(f'.lm-Menu-item[data-command="{command}"]').click()


def run_all(page) -> None:
    choose(page, "Edit", "editmenu:clear-all")
    wait_for(page, f"{PROMPTS}.every(prompt => prompt === '[ ]:')", WAIT)
    choose(page, "Run", "runmenu:run-all")
    wait_for(page, f"{PROMPTS}.some(prompt => prompt !== '[ ]:')", WAIT)
    wait_for(page, f"{PROMPTS}.every(prompt => /^\\[\\d+\\]:$/.test(prompt))", 2 * WAIT)


def wait_for(page, condition: str, milliseconds: int) -> None:
    page.wait_for_function(condition, polling=POLL, timeout=milliseconds)


@pytest.mark.parametrize("name", LESSONS)
def test_run_all_goes_through_and_the_panels_show(page, lab, name):
    lesson = catalogue.find(name)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_lesson(page, lab, name)
    run_all(page)
    assert page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    assert page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert page.get_by_text("not started", exact=False).count() >= len(lesson.exercises)
    assert page.locator("code", has_text='quiz("').count() >= len(lesson.quizzes)
    broken = page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).length")
    assert broken == 0
    assert errors == []
    if folder := os.environ.get("NETLAB_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_solved_exercise_turns_green_and_the_progress_is_kept(page, lab):
    open_lesson(page, lab, LESSONS[0])
    cell = page.locator(".jp-CodeCell", has_text="def shout(ticker)").first
    cell.locator(".cm-line", has_text="return ...").click()
    page.keyboard.press("End")
    for _ in "...":
        page.keyboard.press("Backspace")
    page.keyboard.type("ticker.upper()")
    run_all(page)
    page.get_by_text("Shout: passed").first.wait_for(timeout=WAIT)
    progress = page.locator(".jp-CodeCell", has_text="progress()").last
    assert "1 of" in progress.inner_text()
