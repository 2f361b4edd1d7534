"""A page of a site as it was, in a frame that needs no server: its styles, scripts and answers are put into it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

import requests

from netlab.charts import Page

TIMEOUT = 5.0
TOKEN = re.compile(r'(name="(csrf_token|csrfmiddlewaretoken)"[^>]*value=")([^"]+)')  # Flask's, and Django's
FOCUS = re.compile(r"(<(?:input|select|textarea)\b[^>]*?) autofocus\b")
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
SCRIPT = re.compile(r'<script src="([^"]+)"></script>')
FETCH = """<script>
const recorded = %s;
window.fetch = async (url) => {
  const answer = recorded[url];
  return answer ? new Response(answer.content, {status: answer.status}) : new Response("", {status: 504});
};
</script>
"""


def snapshot(
    url: str,
    *,
    browser: requests.Session | None = None,
    form: Mapping[str, str] | None = None,
    answers: Sequence[str] = (),
    height: int = 220,
) -> Page:
    """Fetch a page with what it needs, and return it as one that can be shown when the server is gone.

    CSRF tokens are left out: they are secrets, and others each time.

    Args:
        url: of the page.
        browser: a session with the cookies of whoever looks; nobody's if None.
        form: what to write into the form of the page; then it is sent, and the page is what comes back.
        answers: paths of the same site that the page's scripts may fetch; what they get is recorded now.
        height: of the frame, in CSS pixels.
    """
    if browser is None:
        with requests.Session() as browser:
            return snapshot(url, browser=browser, form=form, answers=answers, height=height)

    def text(path: str) -> str:
        return browser.get(urljoin(url, path), timeout=TIMEOUT).text

    source = browser.get(url, timeout=TIMEOUT).text
    if form is not None:
        source = browser.post(url, {**form, **_token(source)}, timeout=TIMEOUT).text
    source = TOKEN.sub(r"\g<1>…", source)
    source = FOCUS.sub(r"\1", source)  # a page in a notebook does not take the keyboard
    source = STYLE.sub(lambda found: f"<style>{text(found[1])}</style>", source)
    source = SCRIPT.sub(lambda found: f"<script>{text(found[1])}</script>", source)
    if answers:
        source = source.replace("</head>", _recording(url, browser, answers) + "</head>")
    title = re.search(r"<title>([^<]*)", source)
    return Page(source, title=title[1] if title else url, height=height)


def _token(source: str) -> dict[str, str]:
    found = TOKEN.search(source)
    return {found[2]: found[3]} if found else {}


def _recording(url: str, browser: requests.Session, answers: Sequence[str]) -> str:
    """A `fetch` for the frame that gives what the site has answered."""
    recorded = {}
    for path in answers:
        response = browser.get(urljoin(url, path), timeout=TIMEOUT)
        recorded[path] = {"status": response.status_code, "content": response.text}
    return FETCH % json.dumps(recorded).replace("<", r"\u003c")
