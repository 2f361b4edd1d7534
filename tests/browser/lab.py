"""What a student's hands do in JupyterLab: open a lesson, run all of it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from playwright.sync_api import TimeoutError as PageTimeoutError

IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
PROMPTS = (
    "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(each => each.textContent.trim())"
)
DONE = r"/^\[\d+\]:$/"  # the prompt of a cell that has come to its end
# What was raised or said to stderr; JupyterLab 4.6 marks a traceback as the latter.
WRONG = ", ".join(
    f'.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.{kind}"]' for kind in ("error", "stderr")
)
# The page shows an idle kernel before it is connected to one, and Run All without a kernel does nothing.
CONNECTED = """async path => {
    const sessions = await (await fetch('/api/sessions')).json();
    return sessions.some(each => each.path === path
        && each.kernel?.execution_state === 'idle' && each.kernel.connections > 0);
}"""
# The first cells that have not come to their end, or show something of that, with what they show.
UNFINISHED = f"""[...document.querySelectorAll('.jp-CodeCell')].filter(cell =>
    !{DONE}.test(cell.querySelector('.jp-InputPrompt').textContent.trim()) || cell.querySelector('{WRONG}')
).slice(0, 3).map(cell => cell.innerText)"""
BROKEN_IMAGES = "[...document.images].filter(i => i.complete && !i.naturalWidth).length"
WAIT = 60_000  # milliseconds
AGAIN = 15_000  # milliseconds after which a hand clicks once more on what does nothing
POLL = 100  # milliseconds; by default a page is asked at each frame, which makes it draw them


def open_lesson(page, lab: str, name: str) -> None:
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    parts = urlsplit(lab)
    page.goto(urlunsplit(parts._replace(path=f"/lab/tree/{name}.ipynb", query=f"{parts.query}&reset")))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=WAIT)
    page.wait_for_function(CONNECTED, arg=f"{name}.ipynb", polling=200, timeout=WAIT)
    page.locator(IDLE).first.wait_for(timeout=WAIT)


def run_all(page) -> None:
    choose_until(page, "Edit", "editmenu:clear-all", f"{PROMPTS}.every(prompt => prompt === '[ ]:')")
    choose_until(page, "Run", "runmenu:run-all", f"{PROMPTS}.some(prompt => prompt !== '[ ]:')")
    try:
        wait_for(page, f"{PROMPTS}.every(prompt => {DONE}.test(prompt))", 2 * WAIT)
    except PageTimeoutError:
        raise AssertionError(
            "\n\n".join(["Run All did not get through:", *page.evaluate(UNFINISHED)])
        ) from None


def choose_until(page, menu: str, command: str, condition: str) -> None:
    for _ in range(WAIT // AGAIN):
        choose(page, menu, command)
        with contextlib.suppress(PageTimeoutError):
            wait_for(page, condition, AGAIN)
            return
    raise AssertionError(f"{command} does nothing")


def choose(page, menu: str, command: str) -> None:
    page.locator(f'.lm-MenuBar-itemLabel:text-is("{menu}")').click()
    page.locator(f'.lm-Menu-item[data-command="{command}"]').click()


def wait_for(page, condition: str, milliseconds: int) -> None:
    page.wait_for_function(condition, polling=POLL, timeout=milliseconds)


def assert_sound(page) -> None:
    """Nothing raised, nothing was said to stderr, every picture is drawn and no script of the page complained."""
    assert page.locator(WRONG).all_inner_texts() == []
    assert page.evaluate(BROKEN_IMAGES) == 0
    assert page.complaints == []


def keep_picture(page, name: str) -> None:
    """For whoever wants to look: with NETLAB_SCREENSHOTS, a picture of the page in that folder."""
    if folder := os.environ.get("NETLAB_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
