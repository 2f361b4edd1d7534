"""nginx in front of gunicorn, judged by curl, openssl and wrk."""

from __future__ import annotations

import re
import shutil
import socket
import threading

import pytest
import requests

from netlab.deploy import Gunicorn, Nginx, Pressure, ProgramMissingError
from netlab.errors import AddressInUseError, OptionError, StoppedError
from netlab.servers.tls import ca_file

SITE = """
server {
    listen LISTEN;
    location / {
        proxy_pass http://UPSTREAM;
        proxy_set_header X-Forwarded-For $remote_addr;
    }
    location /static/ { alias STATIC/; gzip on; gzip_types text/javascript; }
}
"""
TLS = SITE.replace(
    "listen LISTEN;", "listen LISTEN ssl; ssl_certificate CERTIFICATE; ssl_certificate_key KEY;"
)
APP = "server { listen LISTEN; location / { proxy_pass APP; } }"
HELLO = "server { listen LISTEN; location / { return 200 'hello'; } }"


@pytest.fixture(autouse=True)
def _nginx(tool):
    tool("nginx")


def test_it_hands_requests_on_and_serves_files_itself(gunicorn, static):
    with Nginx(SITE, upstream=gunicorn, static=static) as nginx:
        assert requests.get(nginx.url, timeout=20).text == "1"
        asked = requests.get(f"{nginx.url}/fields", headers={"X-Forwarded-For": "198.51.100.7"}, timeout=20)
        assert asked.json()["X-Forwarded-For"] == "127.0.0.1"
        gunicorn.stop()
        script = requests.get(f"{nginx.url}/static/chart.js", timeout=20)
        assert script.headers["Content-Encoding"] == "gzip"
        assert script.text.startswith("draw();")
        assert requests.get(nginx.url, timeout=20).status_code == 502
        assert '"GET /static/chart.js HTTP/1.1" 200' in nginx.access_log
    assert "Connection refused" in nginx.log
    assert nginx.access_log.count("\n") == 4


def test_the_app_may_be_named_by_its_url(gunicorn):
    with Nginx(APP, upstream=gunicorn.address) as nginx:
        assert requests.get(nginx.url, timeout=20).text == "1"
        assert f"proxy_pass {gunicorn.url};" in nginx.listing


def test_start_and_stop_may_be_said_twice_and_nothing_is_left(descendants):
    before = descendants()
    nginx = Nginx(HELLO)
    for _ in range(2):
        pid = nginx.start().pid
        assert nginx.start().pid == pid
        folder = nginx.folder
        assert requests.get(nginx.url, timeout=20).text == "hello"
        nginx.stop()
        nginx.stop()
        assert not folder.exists()
    assert descendants() == before
    with pytest.raises(StoppedError, match="not running"):
        nginx.reload()


def test_a_port_that_is_taken_is_told():
    with Nginx(HELLO) as first, pytest.raises(AddressInUseError):
        Nginx(HELLO, port=first.port).start()


def test_a_free_port_at_which_somebody_answers_just_then_is_looked_for_again(take_first):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        left = take_first(somebody)
        with Nginx(HELLO) as nginx:
            assert requests.get(nginx.url, timeout=20).text == "hello"
    assert left == []


def test_a_site_that_nginx_does_not_accept_is_told_in_its_words():
    with pytest.raises(OptionError, match=r'unknown directive "lisen" in site\.conf:1'):
        Nginx(HELLO.replace("listen", "lisen")).start()


@pytest.mark.parametrize(
    ("word", "option"), [("UPSTREAM", "upstream"), ("APP", "upstream"), ("STATIC", "static")]
)
def test_a_word_without_its_value_is_told(word, option):
    with pytest.raises(OptionError, match=f"give {option}="):
        Nginx(f"server {{ listen LISTEN; location / {{ proxy_pass http://{word}; }} }}").start()


def test_a_reload_takes_a_new_site_and_refuses_a_bad_one():
    with Nginx(HELLO) as nginx, Pressure(nginx.url) as pressure:
        pressure.wait_for(20, "hello")
        nginx.site = HELLO.replace("hello", "goodbye")
        nginx.reload()
        pressure.wait_for(20, "goodbye")
        nginx.site = HELLO.replace("return", "retrun")
        with pytest.raises(OptionError, match="retrun"):
            nginx.reload()
        pressure.wait_for(20, "goodbye")
    assert pressure.failed == 0, pressure


def test_after_a_reload_nobody_is_answered_by_the_old_site():
    with Nginx(HELLO) as nginx:
        for n in range(10):
            nginx.site = HELLO.replace("hello", str(n))
            nginx.reload()
            assert requests.get(nginx.url, timeout=20).text == str(n)


def test_no_request_is_lost_while_both_are_reloaded(gunicorn, second, static):
    with Nginx(SITE, upstream=gunicorn, static=static) as nginx, Pressure(nginx.url, clients=8) as pressure:
        pressure.wait_for(50, "1")
        (gunicorn.folder / "web.py").write_text(second, encoding="utf-8")
        gunicorn.reload()
        nginx.reload()
        pressure.wait_for(50, "2")
    assert pressure.failed == 0, pressure


@pytest.mark.parametrize("threads", [1, 4])
def test_wrk_loses_no_request_through_nginx_while_gunicorn_is_reloaded(files, static, tool, run, threads):
    told: list[str] = []
    with (
        Gunicorn("web:app", files=files, workers=2, threads=threads) as gunicorn,
        Nginx(SITE, upstream=gunicorn, static=static) as nginx,
    ):
        words = (tool("wrk"), "-t1", "-c8", "-d2s", "--timeout", "20s", nginx.url)
        judge = threading.Thread(target=lambda: told.append(run(*words)))
        judge.start()
        while judge.is_alive():
            gunicorn.reload()
        statuses = set(re.findall(r'HTTP/1\.1" (\d+)', nginx.access_log)) - {"499"}  # wrk leaves at the end
    assert "Requests/sec" in told[0]
    assert "Non-2xx" not in told[0], told[0]
    assert "Socket errors" not in told[0], told[0]
    assert statuses == {"200"}


def test_openssl_and_curl_trust_its_certificate(gunicorn, static, tool, run):
    with Nginx(TLS, upstream=gunicorn, static=static) as nginx, ca_file() as ca:
        assert nginx.url.startswith("https://")
        words = (tool("openssl"), "s_client", "-connect", f"127.0.0.1:{nginx.port}", "-CAfile", ca)
        said = run(
            *words,
            "-verify_return_error",
            "-servername",
            "ticker.example",
            "-verify_hostname",
            "ticker.example",
        )
        assert "Verify return code: 0 (ok)" in said
        assert run(tool("curl"), "-s", "--cacert", ca, f"{nginx.url}/") == "1"


def test_it_is_as_missing_as_it_looks(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda *_args, **_kwargs: None)
    with pytest.raises(ProgramMissingError, match="sudo apt install nginx") as caught:
        Nginx(HELLO).start()
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_a_program_that_was_missing_may_be_stopped(monkeypatch):
    nginx = Nginx(HELLO)
    monkeypatch.setattr(shutil, "which", lambda *_args, **_kwargs: None)
    with pytest.raises(ProgramMissingError):
        nginx.start()
    nginx.stop()
    monkeypatch.undo()
    with nginx:
        assert requests.get(nginx.url, timeout=20).text == "hello"
