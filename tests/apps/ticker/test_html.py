"""Every page is sound HTML in the eyes of the Nu validator."""

from __future__ import annotations

import shutil
import subprocess

import pytest

PAGES = [
    "/",
    "/search?q=a",
    "/search?q=nothing",
    "/stocks/AAPL?range=all",
    "/stocks/FB?range=1m",
    "/stocks/MSFT/history?page=2",
    "/nothing",
]
OWN_PAGES = [
    "/account/",
    "/account/password",
    "/account/delete",
    "/account/keys/",
    "/watchlist/",
    "/alerts/",
    "/alerts/new",
    "/alerts/1",
]

BROKEN = "<!doctype html><html lang=en><title>x</title><p id=a><p id=a>"  # so that we see the judge judge


LINK_PAGES = ["/account/sent", "/account/reset", "/account/reset/new"]  # the last one without a token


@pytest.fixture
def validate(tmp_path, missing):
    """Judge some pages at once."""
    program = shutil.which("vnu")
    if program is None:
        missing("the Nu validator is not installed: npm install --global vnu-jar (it needs Java)")

    def validate(pages):
        for number, html in enumerate(pages):
            (tmp_path / f"{number:02}.html").write_text(html, encoding="utf-8")
        command = [program, "--Werror", *sorted(map(str, tmp_path.glob("*.html")))]
        judged = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
        return [line for line in judged.stderr.splitlines() if ": info" not in line]

    return validate


def test_every_page_is_sound(validate, browser, ada):
    pages = [
        browser.get(path).text
        for path in [*PAGES, *LINK_PAGES, "/account/log-in?next=/alerts/", "/account/sign-up"]
    ]
    pages += [
        browser.post("/account/sign-up", {"email": '"><b>'}).text,
        browser.log_in(password="wrong").text,
    ]
    ada.post("/account/", {"name": 'Ada "<&>"', "phone": "+12025550123"})
    ada.post("/watchlist/IBM/add", form_at="/")
    ada.post(
        "/alerts/new", {"ticker": "IBM", "side": "below", "limit_price": "99", "by_sms": "y", "by_mail": "y"}
    )
    pages += [ada.post("/alerts/new", {"limit_price": '"<x>'}).text]
    pages += [ada.get(path).text for path in [*PAGES, *OWN_PAGES]]
    assert all("<h1>" in page for page in pages)
    *found, last = validate([*pages, BROKEN])
    assert found == []
    assert "Duplicate ID" in last
