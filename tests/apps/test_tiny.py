"""The tiny framework of lesson 13: among visitors of all kinds, behind a real server and the validator."""

from __future__ import annotations

import io
import warnings
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.apps import tiny
from netlab.apps.tiny import App, HTTPError, Request, Response, match, sign, unsign
from netlab.apps.tiny.site import make_database, make_site
from netlab.http import Request as Asked
from netlab.http import exchange
from netlab.servers import WebServer

HOST = {"Host": "ticker.example"}


def environ_of(content=b"", **changed):
    environ = {"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(len(content)), **changed}
    setup_testing_defaults(environ)
    return environ


@pytest.fixture
def site(tmp_path):
    make_database(tmp_path / "ticker.db")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with WebServer(validator(make_site(tmp_path / "ticker.db", b"secret"))) as server:
            yield server


def ask(server, target, method="GET", content=b"", **fields):
    header = {**HOST, **fields, **({"Content-Length": str(len(content))} if content else {})}
    return exchange(server.address, Asked(method, target, header, content)).response


class TestRoutes:
    @pytest.mark.parametrize(
        ("pattern", "path", "found"),
        [
            ("/about", "/about", {}),
            ("/about", "/about/", None),
            ("/about", "/about\n", None),
            ("/quotes/<ticker>", "/quotes/AAPL", {"ticker": "AAPL"}),
            ("/quotes/<ticker>", "/quotes/", None),
            ("/quotes/<ticker>", "/quotes/AAPL/5", None),
            ("/quotes/<ticker>/<int:days>", "/quotes/AAPL/5", {"ticker": "AAPL", "days": 5}),
            ("/last/<int:days>", "/last/-5", None),
            ("/last/<int:days>", "/last/٣", None),
            ("/last/<int:days>", "/last/" + "9" * 5000, None),
        ],
    )
    def test_a_path_fits_its_pattern_alone(self, pattern, path, found):
        assert match(pattern, path) == found

    @given(st.text())
    def test_no_path_makes_it_fail(self, path):
        found = match("/quotes/<ticker>/<int:days>", path)
        assert found is None or (isinstance(found["days"], int) and "/" not in found["ticker"])


class TestRequests:
    @given(
        path=st.binary(),
        query=st.text(),
        content=st.binary(),
        length=st.sampled_from(["", "0", "3", "x", "²", "9" * 30]),
    )
    def test_whatever_comes_is_read_or_refused_as_the_visitors_mistake(self, path, query, content, length):
        environ = environ_of(
            content, PATH_INFO="/" + path.decode("latin-1"), QUERY_STRING=query, CONTENT_LENGTH=length
        )
        try:
            request = Request(environ)
            request.form()
            request.cookies()
        except HTTPError as error:
            assert error.status in (400, 413)  # noqa: PT017
        else:
            assert all(
                isinstance(value, str) for value in (*request.query.values(), *request.form().values())
            )

    def test_a_form_can_be_asked_for_twice(self):
        request = Request(environ_of(b"ticker=AAPL&note="))
        assert request.form() == request.form() == {"ticker": "AAPL", "note": ""}

    def test_a_form_is_read_as_far_as_its_length_says(self):
        assert Request(environ_of(b"a=1&b=2", CONTENT_LENGTH="3")).form() == {"a": "1"}

    def test_a_long_form_is_not_read_at_all(self):
        environ = environ_of(b"a" * 20_000)
        with pytest.raises(HTTPError, match="413"):
            Request(environ).form()
        assert environ["wsgi.input"].tell() == 0

    def test_a_broken_cookie_counts_as_none(self):
        assert Request(environ_of(HTTP_COOKIE="user=ada; \x00")).cookies() in ({}, {"user": "ada"})


class TestResponses:
    @pytest.mark.parametrize("value", ["/\r\nSet-Cookie: x=1", "/\nx", "/\rx", "/\0", "/株"])
    def test_a_field_is_one_line_of_ascii(self, value):
        with pytest.raises(ValueError, match="one line of ASCII"):
            Response(status=303, fields=[("Location", value)])

    def test_the_length_counts_bytes(self):
        assert dict(Response("Café").fields)["Content-Length"] == "5"


class TestTheApp:
    def test_a_failing_view_is_told_to_the_log_and_not_to_the_visitor(self):
        app = App()
        app.route("/")(lambda request: str(1 // 0))
        log, said = io.StringIO(), []
        content = b"".join(app(environ_of(**{"wsgi.errors": log}), lambda *words: said.append(words)))
        assert said[0][0] == "500 Internal Server Error"
        assert b"division" not in content
        assert "ZeroDivisionError" in log.getvalue()

    def test_a_refusal_names_the_methods_of_all_routes_of_the_path(self):
        app = App()
        app.route("/alerts")(lambda request: "")
        app.route("/alerts", methods=("POST",))(lambda request: "")
        with pytest.raises(HTTPError) as refused:
            app.respond(Request(environ_of(REQUEST_METHOD="PUT", PATH_INFO="/alerts")))
        assert (refused.value.status, refused.value.fields) == (405, (("Allow", "GET, HEAD, POST"),))


class TestSessions:
    @given(st.text(), st.binary(min_size=1))
    def test_what_was_signed_comes_back(self, value, secret):
        assert unsign(sign(value, secret), secret) == value

    @given(st.text())
    def test_what_was_not_signed_never_does(self, cookie):
        assert unsign(cookie, b"secret") is None

    @given(st.text(min_size=1), st.integers(min_value=0))
    def test_no_character_can_be_changed(self, value, place):
        signed = sign(value, b"secret")
        place %= len(signed)
        changed = signed[:place] + ("x" if signed[place] != "x" else "y") + signed[place + 1 :]
        assert unsign(changed, b"secret") is None


class TestTheSite:
    def test_what_visitors_and_shares_are_called_stays_text(self, site):
        cookie = ask(site, "/login", "POST", b"user=%3Cb%3EAda").headers["Set-Cookie"].partition(";")[0]
        page = ask(site, "/?q=%3Cnew", Cookie=cookie).content.decode()
        assert "&lt;b&gt;Ada looks for “&lt;new”" in page
        assert '<a href="/quotes/AT%26T">AT&amp;T &lt;New York&gt;</a>' in page
        assert "<b>" not in page

    def test_a_forged_session_is_nobodys(self, site):
        assert b"A stranger" in ask(site, "/", Cookie="user=YWRtaW4=.0").content

    @pytest.mark.parametrize("wanted", ["x' OR '1'='1", "%", "_", "'; DROP TABLE shares; --"])
    def test_a_search_is_never_a_piece_of_the_question(self, site, wanted):
        target = "/?q=" + "".join(f"%{byte:02x}" for byte in wanted.encode())
        assert b"There is none." in ask(site, target).content
        assert b"Apple" in ask(site, "/").content

    @pytest.mark.parametrize(
        ("method", "target", "status"),
        [
            ("GET", "/quotes/AT%26T", 200),
            ("GET", "/quotes/ZOE", 404),
            ("GET", "/%ff", 400),
            ("GET", "/?q=%ff", 400),
            ("DELETE", "/", 405),
            ("HEAD", "/", 200),
        ],
    )
    def test_every_request_has_its_status(self, site, method, target, status):
        assert ask(site, target, method).status == status

    def test_the_session_is_kept_from_scripts_and_other_sites(self, site):
        response = ask(site, "/login", "POST", b"user=ada")
        assert (response.status, response.headers["Location"]) == (303, "/")
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(response.headers["Set-Cookie"].split("; "))


def test_templates_escape_and_a_missing_name_is_an_error():
    assert tiny.pages.ENVIRONMENT.autoescape is True
    with pytest.raises(Exception, match="'ticker' is undefined"):
        tiny.render("quote.html", title="x", close=1.0)
