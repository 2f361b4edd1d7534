"""Short ways to ask a site, as a program does and as somebody who fills in a form."""

from __future__ import annotations

import re
from typing import Any

import requests

from netlab.errors import NetlabError

TIMEOUT = 5.0
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def ask(url: str, *names: str, method: str = "GET", **more: Any) -> tuple[Any, ...]:
    """Send a request, follow no redirect, and return the status and the header fields that are named.

    Args:
        url: where to.
        *names: of header fields; None stands for one that is not there.
        method: of the request.
        **more: passed on to `requests.request`, such as `headers` or `cookies`.
    """
    response = requests.request(method, url, timeout=TIMEOUT, allow_redirects=False, **more)
    return response.status_code, *(response.headers.get(name) for name in names)


def fill(browser: requests.Session, url: str, **fields: str) -> tuple[int, str | None]:
    """Fill in the form of a page and send it with its CSRF token, following no redirect.

    Args:
        browser: it keeps the cookies, without which a token is worth nothing.
        url: of the page; the form is sent there.
        **fields: what to write into the form.

    Returns:
        The status, and where the answer leads (None if nowhere).

    Raises:
        NetlabError: when there is no form with a token on the page.
    """
    token = TOKEN.search(browser.get(url, timeout=TIMEOUT).text)
    if token is None:
        raise NetlabError(f"There is no form with a CSRF token on {url}.")
    answer = browser.post(url, {**fields, "csrf_token": token[1]}, allow_redirects=False, timeout=TIMEOUT)
    return answer.status_code, answer.headers.get("Location")
