"""Each idea of the weak site: the attack succeeds against the weak way, and not against the mended one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time

import pytest
import requests
from joserfc.jwk import RSAKey

from netlab.apps.weak import ALL, HostileSite, Visitor, WeakSite
from netlab.apps.weak.app import signing_key
from netlab.apps.weak.tokens import issue
from netlab.apps.weak.tries import MOST, WINDOW, Tries

BOB = ("bob@ticker.example", "sunshine")
EVIL = {"phone": "+12025550199"}


@pytest.fixture(scope="module")
def weak():
    with WeakSite() as site:
        yield site


@pytest.fixture(scope="module")
def mended():
    with WeakSite(ALL) as site:
        yield site


@pytest.fixture
def new():
    """A weak site of its own, of which some is mended."""
    return lambda *mended, **options: WeakSite(mended, **options)


def bob(site):
    """The cookies of Bob, who is logged in, in a client of his."""
    session = requests.Session()
    session.post(site.url + "/log-in", {"email": BOB[0], "password": BOB[1]}, timeout=5)
    return session


def test_a_quote_ends_the_text_of_a_question(weak, mended):
    for site, hello in ((weak, "Hello, Anna"), (mended, "Nobody")):
        visitor = Visitor().log_in(site.url, "anna@ticker.example' --", "")
        assert hello in visitor.open(site.url)


def test_the_right_password_opens_both(weak, mended):
    for site in (weak, mended):
        assert "Hello, Bob" in Visitor().log_in(site.url, *BOB).open(site.url)
        assert "Nobody" in Visitor().log_in(site.url, BOB[0], "wrong").open(site.url)


def test_a_union_shows_another_table(weak, mended):
    words = {"words": "x' UNION SELECT email, password FROM users --"}
    assert (
        hashlib.sha256(b"sunshine").hexdigest() in requests.get(weak.url + "/search", words, timeout=5).text
    )
    assert "Nothing found" in requests.get(mended.url + "/search", words, timeout=5).text


def test_a_mistake_of_the_database_is_told_to_nobody(weak, mended):
    assert "The database says" in requests.get(weak.url + "/search", {"words": "'"}, timeout=5).text
    assert "Nothing found" in requests.get(mended.url + "/search", {"words": "'"}, timeout=5).text


def test_a_session_can_be_chosen_by_somebody_else(weak, mended):
    for site, taken in ((weak, True), (mended, False)):
        data = {"email": BOB[0], "password": BOB[1]}
        requests.post(
            site.url + "/log-in", data, cookies={"weak_session": "chosen"}, timeout=5, allow_redirects=False
        )
        page = requests.get(site.url, cookies={"weak_session": "chosen"}, timeout=5).text
        assert ("Hello, Bob" in page) is taken


def test_the_cookie_has_its_attributes(weak, mended):
    def cookie(site):
        data = {"email": BOB[0], "password": BOB[1]}
        response = requests.post(site.url + "/log-in", data, timeout=5, allow_redirects=False)
        return response.headers["Set-Cookie"]

    assert re.fullmatch(r"weak_session=\d{4}; Path=/", cookie(weak))
    assert re.fullmatch(r"weak_session=[\w-]{43}; (.*; )?HttpOnly; Path=/; SameSite=Lax", cookie(mended))


def test_the_cookie_is_secure_where_https_is(new):
    from netlab.servers.tls import ca_file

    with new("sessions", tls=True) as site, ca_file() as ca, requests.Session() as session:
        session.trust_env = False
        data = {"email": BOB[0], "password": BOB[1]}
        response = session.post(site.url + "/log-in", data, timeout=5, verify=ca, allow_redirects=False)
        assert "; Secure" in response.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("mended", "from_a_port", "from_elsewhere"),
    [((), True, True), (("sessions",), True, False), (("phone",), False, False)],
    ids=["weak", "SameSite alone", "a token"],
)
def test_a_hostile_page_sends_a_form(new, mended, from_a_port, from_elsewhere):
    with new(*mended) as site, HostileSite(f"{site.url}/phone", EVIL) as hostile:
        for url, happens in ((hostile.url, from_a_port), (hostile.elsewhere, from_elsewhere)):
            visitor = Visitor().log_in(site.url, *BOB)
            before = phone(visitor, site)
            visitor.open(url)
            assert (phone(visitor, site) != before) is happens, url
            token = re.search('csrf_token" value="(.*?)"', visitor.open(f"{site.url}/phone"))[1]
            visitor.post(f"{site.url}/phone", {"phone": before, "csrf_token": token})
            assert phone(visitor, site) == before, "our own page still works"


def phone(visitor, site):
    return re.search('id="phone">(.*?)<', visitor.open(f"{site.url}/phone"))[1]


def test_the_token_of_somebody_else_is_refused(mended):
    other = Visitor().log_in(mended.url, "alan@ticker.example", "ticker123")
    token = re.search('csrf_token" value="(.*?)"', other.open(f"{mended.url}/phone"))[1]
    visitor = Visitor().log_in(mended.url, *BOB)
    assert "403" in visitor.post(f"{mended.url}/phone", {"csrf_token": token, **EVIL})


def test_numbers_of_others_can_be_asked_for(weak, mended):
    for site, status in ((weak, 200), (mended, 404)):
        session = bob(site)
        assert session.get(site.url + "/alerts/1", timeout=5).status_code == status
        assert session.get(site.url + "/alerts/2", timeout=5).json()["ticker"] == "FB"
        assert requests.get(site.url + "/alerts/2", timeout=5).status_code == 401


def test_numbers_of_others_can_be_deleted(new):
    for names, status in (((), 204), (("alerts",), 404)):
        with new(*names) as site:
            session = bob(site)
            assert session.delete(site.url + "/alerts/1", timeout=5).status_code == status
            assert session.delete(site.url + "/alerts/3", timeout=5).status_code == 204


def test_a_hidden_link_is_no_lock(weak, mended):
    for site, status in ((weak, 200), (mended, 403)):
        session = bob(site)
        assert "/users" not in session.get(site.url + "/menu", timeout=5).text
        assert session.get(site.url + "/users", timeout=5).status_code == status
    anna = requests.Session()
    anna.post(mended.url + "/log-in", {"email": "anna@ticker.example", "password": "Password1"}, timeout=5)
    assert "bob@ticker.example" in anna.get(mended.url + "/users", timeout=5).text


def test_a_field_too_many_makes_an_administrator(new):
    for names, role in (((), "administrator"), (("person",), "user")):
        with new(*names) as site:
            answer = bob(site).post(
                site.url + "/profile", {"name": "Rob", "role": "administrator"}, timeout=5
            )
            assert answer.json() == {"name": "Rob", "role": role, "phone": "+12025550102"}


@pytest.mark.parametrize("name", ["../settings.txt", "{absolute}", "x/../../settings.txt"])
def test_a_path_leads_out_of_its_folder(weak, mended, name):
    absolute = "/etc/hostname" if name == "{absolute}" else name
    seen = requests.get(weak.url + "/reports", {"name": absolute}, timeout=5)
    assert seen.status_code == 200 or name.startswith("x/"), "x/ is no folder: the system refuses it"
    assert requests.get(mended.url + "/reports", {"name": absolute}, timeout=5).status_code == 404
    for site in (weak, mended):
        assert "Apple" in requests.get(site.url + "/reports", {"name": "february.txt"}, timeout=5).text


@pytest.mark.parametrize("name", ["", ".", "..", "\0", "a\0b", "/", "no.txt"])
def test_a_name_that_is_none_is_not_found(weak, mended, name):
    for site in (weak, mended):
        assert requests.get(site.url + "/reports", {"name": name}, timeout=5).status_code == 404


def test_a_picture_that_is_a_page(weak, mended):
    page = {"picture": ("../chart.png", b"<script>fire()</script>", "text/html")}
    path = requests.post(weak.url + "/pictures", files=page, timeout=5).json()["path"]
    assert requests.get(weak.url + path, timeout=5).headers["Content-Type"].startswith("text/html")
    assert requests.post(mended.url + "/pictures", files=page, timeout=5).status_code == 422


def test_a_picture_gets_our_name_and_our_type(mended):
    png = {"picture": ("x.html", b"\x89PNG\r\n\x1a\n<script>fire()</script>", "text/html")}
    path = requests.post(mended.url + "/pictures", files=png, timeout=5).json()["path"]
    answer = requests.get(mended.url + path, timeout=5)
    assert "x.html" not in path
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    big = {"picture": ("big.png", b"\x89PNG\r\n\x1a\n" + bytes(100_000), "image/png")}
    assert requests.post(mended.url + "/pictures", files=big, timeout=5).status_code == 422


def test_a_preview_reaches_inside(new):
    with HostileSite() as partner, new() as weak, new("preview", partners=[partner.url]) as mended:
        inside = {"url": weak.url + "/users"}
        assert "anna@ticker.example" in requests.get(weak.url + "/preview", inside, timeout=5).text
        for url in (
            inside["url"],
            "http://[::1]:80/",
            "file:///etc/passwd",
            "",
            f"{partner.url}@{weak.address[0]}:{weak.port}/users",
            partner.url.replace("127.0.0.1", "127.1"),
            f"{partner.url}\\@127.0.0.1:{weak.port}/",
            "http://[half",
        ):
            answer = requests.get(mended.url + "/preview", {"url": url}, timeout=5)
            assert answer.status_code == 422, url
        away = {"url": f"{partner.url}/away?to={weak.url}/users"}
        assert "anna@ticker.example" in requests.get(weak.url + "/preview", away, timeout=5).text
        assert requests.get(mended.url + "/preview", away, timeout=5).status_code == 502
        assert "You have won" in requests.get(mended.url + "/preview", {"url": partner.url}, timeout=5).text


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_a_redirect_leads_away(weak, mended, to):
    for site, target in ((weak, to), (mended, "/")):
        answer = requests.get(site.url + "/next", {"to": to}, timeout=5, allow_redirects=False)
        assert answer.headers.get("Location") == target or "\\" in to or "\t" in to
    assert answer.headers["Location"] == "/"
    stays = requests.get(mended.url + "/next", {"to": "/search?words=a"}, timeout=5, allow_redirects=False)
    assert stays.headers["Location"] == "/search?words=a"


def test_guessing_is_slowed(new):
    for names, last in (((), 422), (("tries",), 429)):
        with new(*names) as site:
            data = {"email": BOB[0], "password": "wrong"}
            statuses = [
                requests.post(site.url + "/log-in", data, timeout=5).status_code for _ in range(MOST + 1)
            ]
            assert statuses == [422] * MOST + [last]
            alan = {"email": "alan@ticker.example", "password": "wrong"}
            assert requests.post(site.url + "/log-in", alan, timeout=5).status_code == 422


def test_tries_are_forgotten():
    now = [0.0]
    tries = Tries(lambda: now[0])
    assert [tries.too_many("ada") for _ in range(MOST + 1)] == [False] * MOST + [True]
    now[0] += WINDOW + 1
    assert not tries.too_many("ada")


def test_headers_are_told(weak, mended):
    assert "Content-Security-Policy" not in requests.get(weak.url, timeout=5).headers
    told = requests.get(mended.url, timeout=5).headers
    assert "script-src 'self'" in told["Content-Security-Policy"]
    assert "unsafe" not in told["Content-Security-Policy"]


def test_keys_are_kept_as_hashes_with_scopes_and_an_end(weak, mended):
    for site, safe in ((weak, False), (mended, True)):
        session = bob(site)
        made = session.post(site.url + "/keys", {"scope": "alerts:read"}, timeout=5).json()
        key = {"Authorization": f"Bearer {made['key']}"}
        kept = [tuple(row) for row in site._flask.extensions["weak"].db.execute("SELECT kept FROM keys")]
        assert (kept == [(made["key"],)]) is not safe
        assert len(requests.get(site.url + "/api/alerts", headers=key, timeout=5).json()["items"]) == 2
        status = requests.delete(site.url + "/api/alerts/99", headers=key, timeout=5).status_code
        assert status == (403 if safe else 404)
        assert session.delete(f"{site.url}/keys/{made['number']}", timeout=5).status_code == 204
        assert requests.get(site.url + "/api/alerts", headers=key, timeout=5).status_code == 401
        assert session.post(site.url + "/keys", {"scope": "everything"}, timeout=5).status_code == 422
        assert requests.get(site.url + "/api/alerts", timeout=5).status_code == 401


def packed(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def who(site, token):
    answer = requests.get(site.url + "/api/me", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    return answer.json()["you are"] if answer.status_code == 200 else answer.status_code


def test_tokens_of_ours_are_read(weak, mended):
    for site in (weak, mended):
        assert who(site, issue(signing_key(), "ada@ticker.example")) == "ada@ticker.example"
        assert who(site, issue(RSAKey.generate_key(2048), "ada@ticker.example")) == 401
        assert who(site, "") == who(site, "a.b") == who(site, "a.b.c") == 401


def test_the_token_says_none(weak, mended):
    forged = f"{packed({'alg': 'none'})}.{packed({'sub': 'anna@ticker.example'})}."
    assert who(weak, forged) == "anna@ticker.example"
    assert who(mended, forged) == 401


def test_the_public_key_is_taken_for_a_password(weak, mended):
    for site, result in ((weak, "anna@ticker.example"), (mended, 401)):
        public = requests.get(site.url + "/public-key", timeout=5).content
        message = f"{packed({'alg': 'HS256'})}.{packed({'sub': 'anna@ticker.example'})}"
        signature = hmac.new(public, message.encode(), hashlib.sha256).digest()
        assert who(site, f"{message}.{packed(signature)}") == result


@pytest.mark.parametrize(
    "changed",
    [{"exp": 1}, {"exp": None}, {"aud": "another-api"}, {"iss": "https://evil.example"}, {"sub": None}],
)
def test_a_token_must_be_for_us_and_fresh(mended, changed):
    assert who(mended, issue(signing_key(), "ada@ticker.example", **changed)) == 401


def test_an_old_token_is_good_for_ever_at_the_weak_site(weak):
    assert (
        who(weak, issue(signing_key(), "ada@ticker.example", exp=int(time.time()) - 1))
        == "ada@ticker.example"
    )


def test_the_log_holds_secrets(new):
    for names, leaks in (((), True), (("log",), False)):
        with new(*names) as site:
            bob(site).get(site.url + "/phone?token=secret-in-a-query", timeout=5)
            text = json.dumps(site.log)
            assert ("sunshine" in text) is leaks
            assert ("weak_session" in text) is leaks
            assert ("secret-in-a-query" in text) is leaks
            assert BOB[0] in text


@pytest.mark.parametrize(
    "path", ["/search?words=%00", "/quote?ticker=%ff", "/next?to=%0d%0aX:1", "/preview?url=http://%00/"]
)
def test_odd_bytes_do_not_break_the_mended_site(mended, path):
    assert requests.get(mended.url + path, timeout=5, allow_redirects=False).status_code < 500
    assert requests.get(mended.url, timeout=5).status_code == 200
