"""Attacks by the hundred, made by strategies: against the weak site, the mended one, and Ticker itself.

What sqlmap and XSS scanners send has a grammar: a way out of where the text stands, something that acts, and a way
to make the rest harmless. The strategies draw from it.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netlab.apps.ticker.app import create_app as create_ticker
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import ticker
from netlab.apps.weak import ALL
from netlab.apps.weak.app import close, create_app
from netlab.apps.weak.database import SHARES, USERS

EMAILS = [f"{name.lower()}@ticker.example" for name, *_ in USERS]
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

# SQL

space = st.sampled_from([" ", "\t", "\n", "/**/", "/* x */"])
ending = st.sampled_from(["--", "-- -", ";--", "--x", "/*"])
word = st.sampled_from(["", "x", "Apple", "zzz"])


def mixed(text):
    """A keyword in any mixture of capital and small letters, by which filters are passed."""
    return st.lists(st.booleans(), min_size=len(text), max_size=len(text)).map(
        lambda capitals: "".join(c.upper() if up else c.lower() for c, up in zip(text, capitals, strict=True))
    )


always = st.one_of(
    st.integers(0, 99).map(lambda n: f"{n}={n}"),
    st.sampled_from(["'a'='a'", "1<2", "NOT 1=2", "1 LIKE 1", "2 BETWEEN 1 AND 3", "'x'||'y'='xy'", "1"]),
)


@st.composite
def tautologies(draw):
    """Out of the text, then something that is true for every row."""
    gap = draw(space)
    return f"{draw(word)}'{gap}{draw(mixed('OR'))}{gap}{draw(always)}{gap}{draw(ending)}"


@st.composite
def unions(draw):
    """Out of the text, then rows of another table in the place of those that were asked for."""
    gap = draw(space)
    union = gap.join([draw(mixed("UNION")), *draw(st.sampled_from([[], ["ALL"]])), draw(mixed("SELECT"))])
    columns = draw(st.sampled_from(["email,password", "1,email", "email, 2", "name||email,role"]))
    tail = gap.join(
        [draw(mixed("FROM")), draw(st.sampled_from(["users", '"users"', "[users]", "main.users"]))]
    )
    return f"zzz'{gap}{union}{gap}{columns}{gap}{tail}{gap}{draw(ending)}"


@st.composite
def breaks(draw):
    """What makes the question no question any more, so that the error tells something."""
    return draw(
        st.sampled_from(["'", "''' ", "')", "';", "'\"", "' AND", "' ORDER BY 99--", "' UNION SELECT 1--"])
    )


@st.composite
def stolen_logins(draw):
    """A known mail address and the end of the question, or anybody's."""
    gap = draw(space)
    known = draw(st.sampled_from(EMAILS))
    return draw(st.one_of(st.just(f"{known}'{gap}{draw(ending)}"), tautologies()))


# HTML

fires = st.sampled_from(["fire()", "window.fire(1)", "top['fire']()", "fire`1`", "setTimeout(fire)"])
space_in_tag = st.sampled_from([" ", "\n", "\t", "/"])


out_of_text = st.sampled_from(["", "</p>", "</li>", "-->", '">', "'>"])


@st.composite
def scripts(draw):
    """An element that runs its text."""
    name = draw(mixed("script"))
    return f"{draw(out_of_text)}<{name}>{draw(fires)}</{name}>"


EVENTS = {
    "img src=x": "onerror",
    "svg": "onload",
    "input autofocus": "onfocus",
    "details open": "ontoggle",
    "video src=x": "onerror",
    "body": "onpageshow",
}


@st.composite
def handlers(draw):
    """An element that needs no script element: an attribute runs what is in it."""
    tag, event = draw(st.sampled_from(sorted(EVENTS.items())))
    name, _, rest = tag.partition(" ")
    begin = " ".join(filter(None, [draw(mixed(name)), rest]))
    gap = draw(space_in_tag) if not rest.startswith("src") else " "  # `src=x/onerror` is one address
    quote = draw(st.sampled_from("\"'"))
    return f"{draw(out_of_text)}<{begin}{gap}{draw(mixed(event))}={quote}{draw(fires).replace(quote, '`')}{quote}>"


@st.composite
def frames(draw):
    """A link or a frame whose address is a script."""
    address = draw(st.sampled_from(["javascript:", "JaVaScRiPt:", "java&#115;cript:", " javascript:"]))
    tag = draw(st.sampled_from(["a href", "iframe src", "form action"]))
    return f'<{tag}="{address}{draw(fires)}">x'


payloads = st.one_of(scripts(), handlers(), frames())


class Active(HTMLParser):
    """What in a page would run: scripts with `fire` in them, handlers, addresses that are scripts."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = []
        self._in_script = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._in_script = tag == "script"
        for name, value in attrs:
            value = (value or "").strip().lower()
            if name.startswith("on") or (
                value.startswith("javascript:") and name in ("href", "src", "action")
            ):
                self.found.append((tag, name))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_data(self, data):
        if self._in_script and "fire" in data:
            self.found.append(("script", data))


def active(page):
    """What would run of what is not the site's own."""
    return Active(page).found


@pytest.fixture(scope="module")
def weak():
    app = create_app(weak_on_purpose=True)
    yield app
    close(app)


@pytest.fixture(scope="module")
def mended():
    """Everything mended but the count of tries, or the sixth payload would meet another lock."""
    app = create_app(weak_on_purpose=True, mended=[name for name in ALL if name != "tries"])
    yield app
    close(app)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Ticker itself, with its prices; hashes are cheap here."""
    path = tmp_path_factory.mktemp("ticker") / "ticker.sqlite3"
    cheap = {"argon2_time": 1, "argon2_memory": 8, "argon2_lanes": 1}
    app = create_ticker(Config(database_url=f"sqlite:///{path}", secret_key="k" * 32, **cheap))
    yield app
    ticker(app).database.close()


@pytest.fixture(scope="module")
def ada(real):
    """A client in which Ada is logged in at Ticker."""
    client = real.test_client()
    sent = client.post("/account/sign-up", data={**token(client, "/account/sign-up"), **ACCOUNT})
    assert sent.status_code == 303
    return client


ACCOUNT = {"email": "ada@ticker.example", "name": "Ada", "password": "four calm horses"}


def token(client, path):
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(path).text)
    return {"csrf_token": found[1]}


def rows(page):
    """The lines of a list on the weak site's search page."""
    return [html.unescape(each) for each in re.findall("<li>(.*?)</li>", page, re.S)]


@MANY
@given(payload=unions())
def test_a_union_brings_the_users_and_the_mended_search_nothing(weak, mended, payload):
    found = weak.test_client().get("/search", query_string={"words": payload})
    assert sum(email in found.text for email in EMAILS) == len(EMAILS), payload
    assert rows(mended.test_client().get("/search", query_string={"words": payload}).text) == [
        "Nothing found"
    ]


@MANY
@given(payload=tautologies())
def test_what_is_always_true_brings_every_share_and_the_mended_search_nothing(weak, mended, payload):
    found = weak.test_client().get("/search", query_string={"words": payload})
    assert len(rows(found.text)) == len(SHARES), payload
    assert rows(mended.test_client().get("/search", query_string={"words": payload}).text) == [
        "Nothing found"
    ]


@MANY
@given(payload=breaks())
def test_a_broken_question_tells_of_the_database_and_the_mended_search_does_not(weak, mended, payload):
    assert "The database says" in weak.test_client().get("/search", query_string={"words": payload}).text
    found = mended.test_client().get("/search", query_string={"words": payload})
    assert (found.status_code, rows(found.text)) == (200, ["Nothing found"])


@settings(MANY, max_examples=25)
@given(email=stolen_logins(), password=st.one_of(word, tautologies()))
def test_a_log_in_without_a_password(weak, mended, email, password):
    data = {"email": email, "password": password}
    assert weak.test_client().post("/log-in", data=data).status_code == 303, data
    assert mended.test_client().post("/log-in", data=data).status_code == 422


@MANY
@given(payload=st.one_of(unions(), tautologies(), breaks()))
def test_ticker_searches_for_the_words_and_for_nothing_else(real, payload):
    answer = real.test_client().get("/search", query_string={"q": payload})
    assert answer.status_code == 200
    assert not re.search(r'href="/stocks/', answer.text), payload
    for path in ("/stocks/{}", "/api/v1/stocks/{}"):
        assert (
            real.test_client().get(path.format(payload.replace("/", "%2F").replace("\n", "%0A"))).status_code
            == 404
        )


@settings(MANY, max_examples=20)
@given(email=stolen_logins(), password=st.one_of(st.just("x"), tautologies()))
def test_ticker_lets_nobody_in_without_a_password(real, ada, email, password):
    client = real.test_client()
    data = {**token(client, "/account/log-in"), "email": email, "password": password}
    assert client.post("/account/log-in", data=data).status_code in (422, 429)
    assert client.get("/watchlist/").status_code == 303


@MANY
@given(payload=payloads)
def test_what_is_reflected_runs_and_on_the_mended_page_it_is_text(weak, mended, payload):
    assert active(weak.test_client().get("/quote", query_string={"ticker": payload}).text), payload
    page = mended.test_client().get("/quote", query_string={"ticker": payload})
    assert active(page.text) == []
    assert payload.replace("\r", "") in html.unescape(page.text), "it is shown, as text"


@settings(MANY, max_examples=30)
@given(payload=payloads)
def test_what_is_kept_runs_for_everybody_and_on_the_mended_page_it_is_text(weak, mended, payload):
    for app, runs in ((weak, True), (mended, False)):
        client = app.test_client()
        client.post("/log-in", data={"email": "bob@ticker.example", "password": "sunshine"})
        client.post("/notes", data={"text": payload})
        assert bool(active(app.test_client().get("/notes").text)) is runs
        app.extensions["weak"].db.execute("DELETE FROM notes")


@settings(MANY, max_examples=30)
@given(payload=payloads)
def test_ticker_shows_it_as_text(ada, payload):
    pages = [
        ada.get("/search", query_string={"q": payload}).text,
        ada.get("/stocks/" + payload.replace("/", "%2F").replace("\n", "%0A")).text,
        ada.get("/stocks/AAPL", query_string={"range": payload}).text,
        ada.get("/account/log-in", query_string={"next": payload}).text,
    ]
    ada.post("/account/", data={**token(ada, "/account/"), "name": payload, "phone": ""})
    pages += [ada.get(path).text for path in ("/", "/account/", "/watchlist/", "/alerts/")]
    key = ada.post("/account/keys/", data={**token(ada, "/account/keys/"), "name": payload})
    pages.append(key.text)
    for number in re.findall(r"/account/keys/(\d+)/revoke", key.text):
        ada.post(f"/account/keys/{number}/revoke", data=token(ada, "/account/keys/"))
    for page in pages:
        assert active(page) == []


def test_the_judge_of_pages_sees_what_runs_and_nothing_else():
    assert active("<p>&lt;script&gt;fire()&lt;/script&gt;</p><script src=/x.js></script>") == []
    assert active("<SCRIPT>fire()</SCRIPT>")
    assert active("<svg/onload='fire()'>")
    assert active('<a href="java&#115;cript:fire()">')
