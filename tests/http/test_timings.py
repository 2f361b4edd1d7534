"""A visit measured: which phases it had, what is kept from one request to the next, and what goes wrong."""

import socket
import ssl

import pytest

from netlab.apps.static_site import ticker_site
from netlab.charts import draw_waterfall
from netlab.errors import OptionError
from netlab.exercises import peers
from netlab.http import HTTPSyntaxError, Session, timing
from netlab.http.places import system_resolver
from netlab.http.timings import PHASES
from netlab.servers import WebServer
from netlab.servers.tls import server_context

PRICE = b"AAPL 430.47\n"
LENGTH = b"Content-Length: 12\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
NAME = "www.ticker.example"


class App:
    """A page whose cache fields a test sets, and what was asked for."""

    def __init__(self, control="max-age=60", tag='"v1"', status="200 OK"):
        self.control, self.tag, self.status = control, tag, status
        self.asked = []

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        fields = [("Cache-Control", self.control), *([("ETag", self.tag)] if self.tag else [])]
        if self.tag and environ.get("HTTP_IF_NONE_MATCH") == self.tag:
            start_response("304 Not Modified", fields)
            return []
        start_response(self.status, fields)
        return [PRICE]


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def app():
    return App()


@pytest.fixture
def server(app):
    with WebServer(app) as server:
        yield server


@pytest.fixture
def secure(app):
    with WebServer(app, tls=True) as server:
        yield server


@pytest.fixture
def clock():
    return Clock()


class Resolver:
    """Knows every name, and which it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, name):
        self.asked.append(name)
        return "127.0.0.1"


def answering(*connections):
    """A server that answers the requests of each connection with these bytes, and closes it."""

    def serve(listener):
        for answers in connections:
            connection, _ = listener.accept()
            with connection:
                for answer in answers:
                    if not connection.recv(65536):
                        break
                    connection.sendall(answer)

    return peers.served_by(serve)


def url_of(address, path="/"):
    return f"http://{address[0]}:{address[1]}{path}"


class TestPhases:
    def test_a_visit_of_an_address_connects_asks_waits_and_reads(self, server):
        measured = timing(server.url)
        assert list(measured.phases) == ["connect", "request", "wait", "download"]
        assert measured.total == pytest.approx(sum(measured.phases.values()))
        assert (measured.status, measured.response.content) == (200, PRICE)
        assert measured.via == "a new connection"

    def test_a_name_has_to_be_looked_up_and_https_encrypted(self, secure):
        resolver = Resolver()
        measured = timing(f"https://{NAME}:{secure.port}/", resolver=resolver)
        assert tuple(measured.phases) == PHASES
        assert resolver.asked == [NAME]
        assert all(seconds > 0 for seconds in measured.phases.values())

    def test_a_server_may_play_one_on_a_port_that_needs_special_rights(self, secure, app):
        with Session(resolver=Resolver(), ports={443: secure.port}) as session:
            assert session.get(f"https://{NAME}/quotes?day=1#top").status == 200
        assert app.asked[0]["HTTP_HOST"] == NAME
        assert (app.asked[0]["PATH_INFO"], app.asked[0]["QUERY_STRING"]) == ("/quotes", "day=1")

    def test_the_systems_resolver_prefers_ipv4_where_our_servers_listen(self, server, monkeypatch):
        both = [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
        assert system_resolver("localhost") == "127.0.0.1"

    def test_ipv6_addresses_are_written_in_brackets(self, app):
        if not socket.has_ipv6:
            pytest.skip("no IPv6 here")
        with WebServer(app, host="::1") as server:
            assert timing(server.url).status == 200
            assert app.asked[0]["HTTP_HOST"] == f"[::1]:{server.port}"

    def test_a_waterfall_can_be_drawn_of_what_was_measured(self, server):
        measured = timing(server.url)
        assert "TCP connect, send request, wait for first byte, download" in draw_waterfall([measured]).alt


class TestConnections:
    def test_the_second_request_uses_the_same_connection_and_name(self, secure):
        resolver = Resolver()
        with Session(resolver=resolver, ports={443: secure.port}) as session:
            first, second = (session.get(f"https://{NAME}{path}") for path in ("/", "/style.css"))
        assert first.via == "a new connection"
        assert second.via == "an open connection"
        assert list(second.phases) == ["request", "wait", "download"]
        assert resolver.asked == [NAME]
        assert {entry.speaker for entry in secure.transcript} == {"client 1", "server"}

    def test_another_host_or_port_or_scheme_is_another_connection(self, server, app):
        with WebServer(app) as other, Session(resolver=Resolver()) as session:
            urls = [server.url, other.url, f"http://{NAME}:{server.port}/"]
            assert [session.get(url).via for url in urls] == ["a new connection"] * 3

    def test_after_close_a_tls_session_is_resumed(self, secure):
        with Session(resolver=Resolver(), ports={443: secure.port}) as session:
            assert not session.get(f"https://{NAME}/").resumed
            session.close()
            again = session.get(f"https://{NAME}/quotes")
        assert again.resumed
        assert again.via == "a new connection"
        assert again.dns == 0

    def test_a_connection_that_the_server_has_closed_is_made_anew(self):
        answer = OK + LENGTH + b"\r\n" + PRICE
        with answering([answer], [answer]) as address, Session() as session:
            assert [session.get(url_of(address, path)).via for path in ["/a", "/b"]] == [
                "a new connection"
            ] * 2

    def test_a_tls_connection_that_the_server_has_closed_is_made_anew(self, app):
        with Session() as session:
            with WebServer(app, tls=True) as server:
                url, port = server.url, server.port
                assert session.get(f"{url}/a").status == 200
            with WebServer(app, tls=True, port=port):
                again = session.get(f"{url}/b")
        assert (again.status, again.via, again.resumed) == (200, "a new connection", False)

    @pytest.mark.parametrize(
        "head",
        [
            OK + LENGTH + b"Connection: close\r\n\r\n",
            OK + b"\r\n",
            b"HTTP/1.0 200 OK\r\n" + LENGTH + b"\r\n",
        ],
        ids=["said so", "no length", "HTTP/1.0"],
    )
    def test_a_connection_that_is_to_end_is_not_kept(self, head):
        with answering([head + PRICE]) as address, Session() as session:
            assert session.get(url_of(address)).response.content == PRICE
            assert session._open == {}

    def test_nothing_is_open_after_the_block(self, server):
        with Session() as session:
            session.get(server.url)
            (sock,) = session._open.values()
        assert sock.fileno() == -1


class TestCache:
    def test_what_is_fresh_is_not_asked_for(self, server, app, clock):
        with Session(clock=clock) as session:
            session.get(server.url)
            clock.now += 59.9
            again = session.get(server.url)
        assert (again.via, again.phases, again.response.content) == ("the cache", {}, PRICE)
        assert len(app.asked) == 1

    def test_what_is_stale_is_asked_about_with_its_mark(self, server, app, clock):
        with Session(clock=clock) as session:
            session.get(server.url)
            clock.now += 60
            again = session.get(server.url)
            assert (again.status, again.via) == (304, "an open connection")
            assert (again.response.status, again.response.content) == (200, PRICE)
            clock.now += 59.9
            assert session.get(server.url).via == "the cache"
        assert [asked.get("HTTP_IF_NONE_MATCH") for asked in app.asked] == [None, '"v1"']

    def test_a_304_says_how_long_the_answer_is_fresh_now(self, server, app, clock):
        with Session(clock=clock) as session:
            session.get(server.url)
            app.control = "max-age=5"
            clock.now += 60
            session.get(server.url)
            clock.now += 5
            assert session.get(server.url).status == 304

    def test_what_has_changed_comes_whole(self, server, app, clock):
        app.control = "no-cache"
        with Session(clock=clock) as session:
            session.get(server.url)
            app.tag = '"v2"'
            assert session.get(server.url).status == 200
            assert session.get(server.url).status == 304

    def test_no_cache_is_kept_and_asked_about_each_time(self, server, app):
        app.control = "max-age=60, No-Cache"
        with Session() as session:
            assert [session.get(server.url).status for _ in range(2)] == [200, 304]

    def test_no_store_is_not_kept_and_what_was_kept_before_is_dropped(self, server, app, clock):
        with Session(clock=clock) as session:
            session.get(server.url)
            app.control, app.tag = "No-Store", '"v2"'
            clock.now += 60
            session.get(server.url)
            assert session.kept == {}

    def test_without_a_mark_it_is_fetched_again(self, server, app, clock):
        app.tag = None
        with Session(clock=clock) as session:
            session.get(server.url)
            clock.now += 60
            assert session.get(server.url).status == 200

    def test_an_error_is_not_kept(self, server, app):
        app.status = "404 Not Found"
        with Session() as session:
            assert [session.get(server.url).status for _ in range(2)] == [404, 404]
        assert len(app.asked) == 2

    def test_a_fragment_is_a_place_on_the_same_page(self, server, app):
        with Session() as session:
            urls = [f"{server.url}/{end}" for end in ("", "#top", "#end")]
            assert [session.get(url).via for url in urls] == ["a new connection", "the cache", "the cache"]
        assert app.asked[0]["PATH_INFO"] == "/"

    def test_the_front_page_of_ticker_costs_four_requests_and_then_one(self):
        paths = ["/", "/style.css", "/logo.svg", "/charts/AAPL.svg"]
        with WebServer(ticker_site()) as server, Session() as session:
            visits = [[session.get(server.url + path) for path in paths] for _ in range(2)]
        assert [each.status for each in visits[0]] == [200] * 4
        assert [each.via for each in visits[1]] == ["an open connection", *["the cache"] * 3]
        assert visits[1][0].status == 304


class TestWhatGoesWrong:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "ticker.example",
            "ftp://127.0.0.1/",
            "http://",
            "http:///x",
            "http://x:99999/",
            "http://x:y/",
            "http://[::1",
            "http://a b/",
            "mailto:ada@ticker.example",
            b"http://127.0.0.1/",
            None,
        ],
    )
    def test_what_is_no_url_is_refused(self, url):
        with pytest.raises(OptionError, match="http:// or https://"):
            timing(url)

    def test_letters_that_http_does_not_know_are_to_be_quoted(self):
        with pytest.raises(HTTPSyntaxError, match="quote"):
            timing("http://127.0.0.1:1/gr\u00fc\u00dfe")

    def test_a_name_in_any_script_is_looked_up_in_ascii(self, server, app):
        resolver = Resolver()
        assert timing(f"http://例え.example:{server.port}/", resolver=resolver).status == 200
        assert resolver.asked == ["xn--r8jz45g.example"]
        assert app.asked[0]["HTTP_HOST"] == f"xn--r8jz45g.example:{server.port}"

    def test_nobody_at_the_port(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = listener.getsockname()
        with pytest.raises(ConnectionRefusedError):
            timing(url_of(address))

    def test_a_name_that_nobody_knows(self):
        def nobody(name):
            raise socket.gaierror(socket.EAI_NONAME, name)

        with pytest.raises(socket.gaierror), Session(resolver=nobody) as session:
            session.get("http://nowhere.example/")
        assert session.addresses == {}

    def test_a_server_that_never_answers(self, monkeypatch):
        monkeypatch.setattr("netlab.http.timings.TIMEOUT", 0.05)
        with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(TimeoutError):
            timing(url_of(listener.getsockname()))

    def test_a_server_that_closes_without_a_word(self):
        with (
            answering([b""], [b""]) as address,
            pytest.raises(ConnectionResetError, match="without an answer"),
        ):
            timing(url_of(address))

    def test_a_server_that_only_says_go_on(self):
        with (
            answering([b"HTTP/1.1 100 Continue\r\n\r\n"]) as address,
            pytest.raises(ConnectionResetError, match="before its answer"),
        ):
            timing(url_of(address))

    def test_a_server_that_closes_in_the_middle(self):
        with answering([OK + LENGTH + b"\r\n" + PRICE[:4]]) as address, Session() as session:
            with pytest.raises(HTTPSyntaxError):
                session.get(url_of(address))
            assert (session._open, session.kept) == ({}, {})

    def test_a_server_that_speaks_something_else(self):
        with answering([b"220 ftp.ticker.example\r\n"]) as address, pytest.raises(HTTPSyntaxError):
            timing(url_of(address))

    def test_an_answer_in_single_bytes_after_a_continue(self):
        data = b"HTTP/1.1 100 Continue\r\n\r\n" + OK + LENGTH + b"\r\n" + PRICE

        def serve(listener):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                for byte in peers.one_byte_at_a_time(data):
                    connection.sendall(byte)

        with peers.served_by(serve) as address:
            assert timing(url_of(address)).response.content == PRICE

    def test_a_certificate_for_another_name_ends_it_and_leaves_no_socket(self, app):
        context = server_context("mail.ticker.example")
        with WebServer(app, tls=context) as server, Session(resolver=Resolver()) as session:
            with pytest.raises(ssl.SSLCertVerificationError, match="not valid for"):
                session.get(f"https://{NAME}:{server.port}/")
            assert session._open == {}
        assert app.asked == []

    def test_the_courses_authority_is_trusted_and_a_context_of_ones_own_need_not(self, secure):
        assert timing(secure.url).status == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            timing(secure.url, context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
