"""Ticker's web site, asked as a WSGI server would ask it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import urllib.robotparser
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.apps.static_site import PASSWORD, USER, ticker_site
from netlab.apps.static_site.shares import days, shares
from netlab.apps.static_site.site import LONGEST_FORM
from netlab.prices import latest_closes, load_prices

VOID = {"meta", "link", "img", "input"}
PAGES = [
    "/",
    "/about",
    "/news/",
    "/news/apple-splits",
    "/quotes/FB",
    "/archive/2004-08-19",
    "/private/",
    "/login",
]
FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}


class Answer:
    def __init__(self, status, headers, content):
        self.status, self.headers, self.content = int(status[:3]), dict(headers), content

    @property
    def text(self):
        return self.content.decode()


def ask(app, target, method="GET", body=b"", environ=(), **headers):
    """What a WSGI application answers, judged by wsgiref's validator."""
    path, _, query = target.partition("?")
    request = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.input": io.BytesIO(body),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        **dict(environ),
    }
    if body:
        request.setdefault("CONTENT_LENGTH", str(len(body)))
    setup_testing_defaults(request)
    said = []
    reply = validator(app)(
        request, lambda status, fields, error=None: said.extend((status, fields)) or io.BytesIO
    )
    try:
        return Answer(*said, b"".join(reply))
    finally:
        reply.close()


@pytest.fixture
def site():
    return ticker_site()


class Judge(HTMLParser):
    """What a page holds, and whether every element is closed in order."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements = [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def targets(self):
        return [a[name] for name in ("href", "src") for _, a in self.elements if name in a]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_and_can_be_used_by_everybody(site, path):
    page = Judge(ask(site, path).text)
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("title")) == len(page.all("h1")) == len(page.all("main")) == 1
    assert all(image["alt"] for image in page.all("img"))
    assert len(page.all("input")) == len(page.all("label"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_link_of_a_page_leads_somewhere(site):
    for path in PAGES:
        for target in Judge(ask(site, path).text).targets():
            url = urlsplit(urljoin("http://ticker.example" + path, target))
            if url.netloc == "ticker.example" and url.path not in ("/slow", "/broken"):
                assert ask(site, url.path).status < 400, f"{path} → {target}"


def test_a_page_needs_nothing_from_elsewhere(site):
    for path in PAGES:
        page = Judge(ask(site, path).text)
        needed = [image["src"] for image in page.all("img")] + [link["href"] for link in page.all("link")]
        assert all(target.startswith("/") for target in needed)


def test_a_visit_of_the_front_page_needs_several_requests(site):
    page = Judge(ask(site, "/").text)
    assert {"/style.css", "/logo.svg", "/charts/AAPL.svg"} <= set(page.targets())


def test_prices_are_the_real_ones(site):
    assert {share.ticker: share.closes[-1][1] for share in shares().values()} == latest_closes()
    assert "430.47" in ask(site, "/quotes/AAPL").text
    assert json.loads(ask(site, "/api/quotes/AAPL").content)["close"] == 430.47
    assert [quote["ticker"] for quote in json.loads(ask(site, "/api/quotes").content)] == sorted(
        latest_closes()
    )


def test_what_the_news_say_of_prices_is_so():
    closes = {ticker: dict(share.closes) for ticker, share in shares().items()}
    assert closes["AAPL"]["2000-09-29"] < closes["AAPL"]["2000-09-28"] / 1.9
    assert {"2000-06-21", "2000-09-29", "2005-02-28"} <= set(days())
    assert closes["GOOG"]["2004-08-19"] - min(closes["GOOG"].values()) < 0.5
    assert next(iter(closes["FB"])) == "2012-05-18"


def test_the_file_of_a_share_holds_all_its_prices(site):
    rows = list(csv.DictReader(io.StringIO(ask(site, "/data/AAPL.csv").text)))
    frame = load_prices("AAPL")
    assert len(rows) == len(frame)
    assert [float(row["Close"]) for row in rows] == list(frame["Close"])


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/quotes/ENRON",
        "/news/none",
        "/archive/2013-03-02",
        "/charts/x.svg",
        "/data/x.csv",
        "//",
        "/%00",
    ],
)
def test_what_is_not_there_is_a_404_page(site, path):
    answer = ask(site, path)
    assert answer.status == 404
    assert len(Judge(answer.text).all("h1")) == 1


def test_the_api_says_in_json_that_a_share_is_not_there(site):
    answer = ask(site, "/api/quotes/ENRON")
    assert (answer.status, json.loads(answer.content)) == (404, {"error": "there is no share ENRON"})


def test_redirects_lead_to_where_they_should(site):
    steps = {
        path: (ask(site, path).status, ask(site, path).headers["Location"])
        for path in ("/old", "/temp", "/temp/2")
    }
    assert steps == {"/old": (301, "/about"), "/temp": (302, "/temp/2"), "/temp/2": (302, "/")}


def test_the_rules_for_crawlers_say_who_may_what(site):
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(ask(site, "/robots.txt").text.splitlines())
    assert rules.can_fetch("netlab-crawler", "/archive/2013-03-01")
    assert not rules.can_fetch("netlab-crawler", "/private/")
    assert rules.request_rate("netlab-crawler") == (50, 1)
    assert not rules.can_fetch("greedy-bot", "/")
    assert not rules.can_fetch("anybody", "/archive/2013-03-01")
    assert rules.crawl_delay("anybody") == 1


def test_visits_are_counted_in_the_cookie_which_may_hold_anything(site):
    first = ask(site, "/visits")
    assert first.headers["Set-Cookie"] == "visits=1; Path=/visits"
    assert "3 times" in ask(site, "/visits", cookie="visits=2").text
    for odd in ("visits=x", "visits=-1", "visits=99999999", 'visits="', "visits=²", "=;;"):
        assert "1 time." in ask(site, "/visits", cookie=odd).text


class TestLogin:
    def send(self, site, body, **environ):
        return ask(site, "/login", "POST", body, {**FORM, **environ})

    def test_who_is_right_gets_a_cookie_and_sees_the_account_until_the_end(self, site):
        done = self.send(site, f"name={USER}&password={PASSWORD.replace(' ', '+')}".encode())
        assert (done.status, done.headers["Location"]) == (303, "/account")
        assert "HttpOnly" in done.headers["Set-Cookie"]
        cookie = done.headers["Set-Cookie"].partition(";")[0]
        assert USER in ask(site, "/account", cookie=cookie).text
        assert ask(ticker_site(), "/account", cookie=cookie).status == 303
        assert ask(site, "/logout", "POST", cookie=cookie).status == 303
        assert ask(site, "/account", cookie=cookie).headers["Location"] == "/login"

    @pytest.mark.parametrize(
        "body", [b"name=ada&password=wrong", b"name=%FF&password=", b"x", b"&&=&", b"name=ada"]
    )
    def test_who_is_wrong_gets_the_form_again(self, site, body):
        answer = self.send(site, body)
        assert answer.status == 403
        assert "Set-Cookie" not in answer.headers
        assert 'role="alert"' in answer.text

    def test_a_form_that_cannot_be_read_is_refused(self, site):
        assert self.send(site, b"{}", CONTENT_TYPE="application/json").status == 415
        assert self.send(site, b"", CONTENT_LENGTH="").status == 411
        assert self.send(site, b"x" * (LONGEST_FORM + 1)).status == 413


def test_a_quote_comes_in_the_form_that_the_client_likes_best(site):
    kinds = {
        "": "text/html; charset=utf-8",
        "text/html,application/xhtml+xml,*/*;q=0.8": "text/html; charset=utf-8",
        "application/json": "application/json",
        "text/html;q=0.5, application/json": "application/json",
        "text/*;q=0.1, */*;q=0.2": "application/json",
        "*/*": "text/html; charset=utf-8",
    }
    for accept, kind in kinds.items():
        answer = ask(site, "/quotes/AAPL", accept=accept)
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind), accept
    assert ask(site, "/quotes/AAPL", accept="image/png").status == 406
    assert ask(site, "/quotes/AAPL", accept="text/html;q=0, application/json;q=0").status == 406


class TestCaching:
    def test_who_has_the_page_already_is_told_so(self, site):
        tag = ask(site, "/").headers["ETag"]
        for known in (tag, f'W/{tag}, "x"', "*"):
            again = ask(site, "/", if_none_match=known)
            assert (again.status, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert ask(site, "/", if_none_match='"x"').status == 200

    def test_pages_are_asked_for_again_and_pictures_are_kept(self, site):
        assert ask(site, "/").headers["Cache-Control"] == "no-cache"
        assert ask(site, "/api/quotes").headers["Cache-Control"] == "max-age=60"
        assert ask(site, "/charts/AAPL.svg").headers["Cache-Control"] == "max-age=86400"
        assert ask(site, "/account").headers["Cache-Control"] == "no-cache"
        assert ask(site, "/visits").headers["Cache-Control"] == "no-store"

    def test_compressed_or_not_are_two_representations_with_two_tags(self, site):
        plain, packed = ask(site, "/style.css"), ask(site, "/style.css", accept_encoding="br, gzip;q=0.5")
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) < len(plain.content)
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        assert plain.headers["ETag"] != packed.headers["ETag"]
        assert "Content-Encoding" not in ask(site, "/style.css", accept_encoding="gzip;q=0").headers
        assert packed.content == ask(site, "/style.css", accept_encoding="gzip").content


class TestRanges:
    FILE = "/data/FB.csv"

    def test_a_part_is_a_part(self, site):
        whole = ask(site, self.FILE)
        size = len(whole.content)
        parts = {
            "bytes=0-9": (0, 10),
            "bytes=100-": (100, size),
            "bytes=-7": (size - 7, size),
            f"bytes=5-{size * 9}": (5, size),
        }
        for wanted, (start, end) in parts.items():
            part = ask(site, self.FILE, range=wanted, accept_encoding="gzip")
            assert (part.status, part.content) == (206, whole.content[start:end]), wanted
            assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"

    @pytest.mark.parametrize("odd", ["bytes=9-5", "bytes=-", "lines=1-2", "bytes=1-2,5-6", "bytes=a-b", "x"])
    def test_what_is_no_range_gets_everything(self, site, odd):
        assert ask(site, self.FILE, range=odd).status == 200

    def test_a_range_behind_the_end_is_416(self, site):
        answer = ask(site, self.FILE, range="bytes=99999999-")
        assert answer.status == 416
        assert re.fullmatch(r"bytes \*/\d+", answer.headers["Content-Range"])
        assert ask(site, self.FILE, range="bytes=-0").status == 416

    def test_a_part_of_another_version_is_not_given(self, site):
        tag = ask(site, self.FILE).headers["ETag"]
        assert ask(site, self.FILE, range="bytes=0-9", if_range=tag).status == 206
        assert ask(site, self.FILE, range="bytes=0-9", if_range='"old"').status == 200


def test_head_is_get_without_content(site):
    for path in PAGES:
        get, head = ask(site, path), ask(site, path, "HEAD")
        assert (head.status, head.headers, head.content) == (get.status, get.headers, b"")


def test_methods_that_make_no_sense_are_refused_with_those_that_do(site):
    assert ask(site, "/", "DELETE").status == 405
    assert ask(site, "/", "DELETE").headers["Allow"] == "GET, HEAD, OPTIONS"
    assert ask(site, "/login", "PUT").headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert ask(site, "/logout").headers["Allow"] == "OPTIONS, POST"
    options = ask(site, "/login", "OPTIONS")
    assert (options.status, options.content, options.headers["Allow"]) == (
        204,
        b"",
        "GET, HEAD, OPTIONS, POST",
    )


@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")
def test_a_method_that_nobody_knows_is_not_implemented(site):
    assert ask(site, "/", "BREW").status == 501
    assert ask(site, "/nothing", "brew").status == 501
    assert ask(site, "/", "get").status == 501, "methods are spelled in capitals (RFC 9110, section 9.1)"
    assert "Allow" not in ask(site, "/", "BREW").headers


def test_the_slow_page_is_never_too_slow(site, monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    for wanted in ("0.5", "99", "-1", "nan", "inf", "x", ""):
        assert ask(site, f"/slow?seconds={wanted}").status == 200
    assert slept == [0.5, 3.0, 0.0, 0.0, 3.0, 1.0, 1.0]


def test_the_broken_pages_are_broken(site):
    assert ask(site, "/broken").status == 500
    answer = ask(site, "/broken-page")
    assert answer.status == 200
    with pytest.raises(AssertionError):
        Judge(answer.text)


@given(
    st.text(st.characters(max_codepoint=255)),
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("accept", "accept_encoding", "cookie", "range", "if_none_match", "if_range"),
            st.text(st.characters(max_codepoint=255)),
        ),
    ),
    st.sampled_from(["/visits", "/data/FB.csv", "/quotes/FB", ""]),
)
def test_no_path_and_no_header_makes_the_site_fail(path, headers, known):
    assert ask(ticker_site(), known or f"/{path}", **headers).status < 500
