"""Sign-up and a forgotten password by mail: nobody learns who has an account, and each link works once."""

from __future__ import annotations

import re
import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import event, func, select, update

from netlab.apps.ticker import letters
from netlab.apps.ticker.app import create_app
from netlab.apps.ticker.columns import now
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import ticker
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.jobs import clear_out, send_mail_links
from netlab.apps.ticker.letters import MOST_PER_ADDRESS, MOST_PER_MAILBOX, WINDOW
from netlab.apps.ticker.logins import MOST_PER_ACCOUNT
from netlab.apps.ticker.models import Letter, LoginFailure, Purpose, State, User
from netlab.apps.ticker.senders import mail_sender
from netlab.errors import OptionError
from netlab.servers import Mailbox, SMTPServer

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)

ADA, EVE = "ada@ticker.example", "eve@ticker.example"
PASSWORD, ANOTHER = "four calm horses", "five calm horses"
FORM = {"email": ADA, "name": "Ada", "password": PASSWORD}
SITE = "https://ticker.example"


@pytest.fixture(scope="module")
def post():
    """A mail server for this file."""
    mailbox = Mailbox({ADA: "secret", EVE: "secret"})
    with SMTPServer(mailbox) as server:
        yield server, mailbox


@pytest.fixture
def app(make_app, post):
    """Ticker with a mail server."""
    server, _ = post
    return make_app(smtp_host=server.host, smtp_port=server.port, public_url=SITE)


@pytest.fixture
def mails(app, post):
    """Send what waits, and return what came for an address since the last time."""
    seen = {}

    def mails(address=ADA):
        send_mail_links(ticker(app))
        found = post[1].find(address).inbox.messages
        begin = seen.get(address, first[address])
        seen[address] = len(found)
        return [message.email for message in found[begin:]]

    first = {address: len(post[1].find(address).inbox.messages) for address in (ADA, EVE)}
    return mails


@pytest.fixture
def link(mails):
    """The link in the only mail that came: its path and query."""

    def link(address=ADA):
        (mail,) = mails(address)
        url = urlsplit(re.search(r"https://\S+token=\S+", mail.get_content())[0])
        assert f"{url.scheme}://{url.netloc}" == SITE
        return f"{url.path}?{url.query}"

    return link


@pytest.fixture
def ada(new_browser, link):
    """A browser in which Ada is logged in, whose address is confirmed."""
    browser = new_browser()
    ask(browser)
    assert browser.post(link(), {"password": PASSWORD}).status_code == 303
    return browser


def ask(browser, **fields):
    return browser.post("/account/sign-up", FORM | fields)


def ask_reset(browser, email=ADA, **options):
    return browser.post("/account/reset", {"email": email}, **options)


def is_in(browser):
    return browser.get("/account/").status_code == 200


def count(database, table):
    with database.session() as session:
        return session.scalar(select(func.count(table.id)))


# sign-up


@both
def test_who_opens_the_link_and_knows_the_password_has_an_account(browser, database, link):
    landed = browser.post("/account/sign-up", FORM, follow_redirects=True)
    assert "Look into your mailbox" in landed.text
    assert not is_in(browser)
    assert count(database, User) == 0
    path = link()
    assert f"Your account for {ADA}" in browser.get(path).text
    assert count(database, User) == 0  # looking changes nothing
    assert "Welcome, Ada." in browser.post(path, {"password": PASSWORD}, follow_redirects=True).text
    assert is_in(browser)
    with database.session() as session:
        user = session.scalars(select(User)).one()
        assert (user.email, user.name) == (ADA, "Ada")
        assert user.email_confirmed_at is not None


def test_before_the_link_is_opened_a_log_in_sounds_as_for_nobody(browser):
    ask(browser)
    known, unknown = browser.log_in(), browser.log_in("nobody@ticker.example")
    assert known.status_code == unknown.status_code == 422
    assert said(known) == said(unknown)


@both
def test_an_address_with_an_account_gets_the_same_answer_and_its_owner_a_mail(ada, browser, mails, database):
    replies = [ask(browser, email=email, password=ANOTHER) for email in (ADA, EVE)]
    assert len({(reply.status_code, reply.headers["Location"]) for reply in replies}) == 1
    assert len({frozenset(reply.headers.keys()) for reply in replies}) == 1
    (mail,) = mails()
    assert "You have an account already" in mail["Subject"]
    assert f"{SITE}/account/reset" in mail.get_content()
    assert "token" not in mail.get_content()
    assert count(database, User) == 1
    assert browser.log_in().status_code == 303  # the password is the old one


@pytest.mark.parametrize("path", ["/account/sign-up", "/account/reset"])
def test_the_two_answers_take_the_same_work(ada, app, database, browser, monkeypatch, path):
    """The time of an answer must tell nothing either: the same statements, and as many slow hashes."""
    work = {ADA: [], EVE: []}
    hasher = type(ticker(app).passwords)
    hash_slowly = hasher.hash
    monkeypatch.setattr(
        hasher, "hash", lambda self, text: doing.append("Argon2id") or hash_slowly(self, text)
    )
    for email, doing in work.items():
        token = token_in(browser.get(path).text)

        def note(_, __, statement, *___, doing=doing):
            doing.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        browser.client.post(path, data={**FORM, "email": email, "csrf_token": token})
        event.remove(database.engine, "before_cursor_execute", note)
    assert work[ADA] == work[EVE]
    assert ("Argon2id" in work[ADA]) == (path == "/account/sign-up")
    assert any("INSERT INTO letters" in each for each in work[ADA])


def test_who_signs_up_with_anothers_address_does_not_share_the_account_they_open(new_browser, mails):
    """Account pre-hijacking: the owner opens the attacker's link in good faith."""
    attacker, owner = new_browser(), new_browser()
    ask(attacker, password=ANOTHER)
    ask(owner)
    first, second = (re.search(r"/account/\S+", mail.get_content())[0] for mail in mails())
    refused = owner.post(first, {"password": PASSWORD})
    assert refused.status_code == 422
    assert "not the password that you chose" in refused.text
    assert owner.post(second, {"password": PASSWORD}).status_code == 303
    assert owner.post(first, {"password": ANOTHER}).status_code == 410  # there is an account by now
    assert attacker.log_in(password=ANOTHER).status_code == 422


def test_a_mail_repeats_nothing_that_a_stranger_wrote(browser, mails):
    ask(browser, name="Buy at https://evil.example")
    (mail,) = mails()
    assert "evil" not in mail.as_string()


def test_the_password_at_a_link_cannot_be_guessed_for_long(browser, link):
    ask(browser)
    path = link()
    for _ in range(MOST_PER_ACCOUNT):
        assert browser.post(path, {"password": "wrong"}).status_code == 422
    refused = browser.post(path, {"password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a_pending_sign_up_keeps_no_password_once_it_is_used_or_over(ada, database, app, browser):
    ask(browser, email=EVE)
    with database.begin() as session:
        hashes = dict(session.execute(select(Letter.email, Letter.password_hash)).all())
        session.execute(update(Letter).values(expires_at=now() - timedelta(seconds=1)))
    assert hashes[ADA] is None
    assert hashes[EVE].startswith("$argon2id$")
    clear_out(ticker(app))
    assert count(database, Letter) == 0


# links


@both
def test_a_link_works_once(browser, link):
    ask(browser)
    path = link()
    assert browser.post(path, {"password": PASSWORD}).status_code == 303
    assert browser.get(path).status_code == 410
    assert "This link opens nothing" in browser.post(path, {"password": PASSWORD}, form_at="/").text


@pytest.mark.parametrize("purpose", [Purpose.SIGN_UP, Purpose.RESET])
def test_a_link_ends_after_its_time(ada, browser, database, link, purpose):
    ask(browser, email=EVE) if purpose is Purpose.SIGN_UP else ask_reset(browser)
    path = link(EVE if purpose is Purpose.SIGN_UP else ADA)
    with database.begin() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        assert letter.expires_at - letter.created_at <= timedelta(days=1)
        letter.expires_at = now() - timedelta(seconds=1)
    assert browser.get(path).status_code == 410


def test_a_token_that_is_changed_or_made_up_opens_nothing(ada, browser, database, link):
    ask_reset(browser)
    path = link()
    with database.session() as session:
        nonce = session.scalars(select(Letter).order_by(Letter.id.desc())).first().nonce
    forged = URLSafeSerializer("x" * 32, salt="ticker-letter-reset").dumps(nonce)
    start, _, token = path.partition("=")
    payload, _, signature = token.rpartition(".")
    changed = f"{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    for wrong in ("", "%00", nonce, forged, payload, changed, f"x{token}"):
        assert browser.get(f"{start}={wrong}").status_code == 410, wrong
    assert browser.get(start).status_code == 410
    assert browser.get(path).status_code == 200


def test_a_link_of_one_kind_does_nothing_else(browser, link):
    ask(browser)
    token = link().partition("?")[2]
    assert browser.get(f"/account/reset/new?{token}").status_code == 410
    assert browser.get(f"/account/sign-up/confirm?{token}").status_code == 200


def test_a_page_with_a_token_is_kept_nowhere_and_tells_no_other_site(browser, link):
    ask(browser)
    headers = browser.get(link()).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_of_two_who_open_a_link_at_the_same_time_one_is_first(ada, browser, app):
    ask_reset(browser)
    with app.test_request_context(method="POST"):
        letter = letters.db().scalars(select(Letter).order_by(Letter.id.desc())).first()
        assert [letters.use(letter), letters.use(letter)] == [True, False]


# a forgotten password


@both
def test_a_forgotten_password_is_replaced_and_every_browser_is_out(ada, browser, database, link, new_browser):
    other = new_browser()
    other.log_in()
    assert "Look into your mailbox" in ask_reset(browser, follow_redirects=True).text
    landed = browser.post(link(), {"password": ANOTHER}, follow_redirects=True)
    assert "Log in with the new one." in landed.text
    assert not any(map(is_in, (ada, other, browser)))
    assert browser.log_in().status_code == 422
    assert browser.log_in(password=ANOTHER).status_code == 303


def test_nobody_learns_from_a_reset_who_has_an_account(ada, browser, database, mails):
    replies = [ask_reset(browser, email) for email in (ADA, EVE)]
    assert len({(reply.status_code, reply.headers["Location"]) for reply in replies}) == 1
    assert len(mails()) == 1
    assert mails(EVE) == []
    with database.session() as session:
        (nobody,) = session.scalars(select(Letter).where(Letter.email == EVE))
        assert (nobody.state, nobody.error) == (State.FAILED, letters.NOBODY)


def test_a_new_password_ends_all_other_links(ada, browser, mails):
    ask_reset(browser)
    ask_reset(browser)
    first, second = (re.search(r"/account/\S+", mail.get_content())[0] for mail in mails())
    assert browser.post(second, {"password": ANOTHER}).status_code == 303
    assert browser.get(first).status_code == 410


def test_a_weak_password_is_refused_and_the_link_still_works(ada, browser, link):
    ask_reset(browser)
    path = link()
    for weak in ("short", ADA):
        assert browser.post(path, {"password": weak}).status_code == 422
    assert browser.post(path, {"password": ANOTHER}).status_code == 303


def test_a_user_who_was_barred_gets_no_link_and_an_old_one_opens_nothing(ada, browser, database, mails, link):
    ask_reset(browser)
    path = link()
    with database.begin() as session:
        session.execute(update(User).values(is_active=False))
    assert browser.post(path, {"password": ANOTHER}).status_code == 410
    ask_reset(browser)
    assert mails() == []


def test_who_was_guessed_at_can_log_in_after_the_reset(ada, browser, database, link):
    with database.begin() as session:
        session.add_all(LoginFailure(email=ADA, address="127.0.0.9") for _ in range(MOST_PER_ACCOUNT))
    assert browser.log_in().status_code == 429
    ask_reset(browser)
    browser.post(link(), {"password": ANOTHER})
    assert browser.log_in(password=ANOTHER).status_code == 303


# too many


@pytest.mark.parametrize("path", ["/account/sign-up", "/account/reset"])
def test_a_mailbox_is_not_filled(ada, browser, database, mails, path):
    with database.begin() as session:
        session.execute(update(Letter).values(created_at=now() - WINDOW))
    for _ in range(MOST_PER_MAILBOX):
        assert browser.post(path, FORM).status_code == 303
    refused = browser.post(path, FORM)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert "Too many tries." in refused.text
    assert len(mails()) == MOST_PER_MAILBOX
    with database.begin() as session:  # an hour passes
        session.execute(update(Letter).values(created_at=now() - WINDOW))
    assert browser.post(path, FORM).status_code == 303


@pytest.mark.parametrize("path", ["/account/sign-up", "/account/reset"])
def test_one_computer_does_not_write_to_everybody(browser, database, path):
    purpose = Purpose.RESET if path.endswith("reset") else Purpose.SIGN_UP
    with database.begin() as session:
        session.add_all(
            letters.new(purpose, f"user{number}@ticker.example", "127.0.0.1", error="counted")
            for number in range(MOST_PER_ADDRESS - 1)
        )
    assert browser.post(path, FORM).status_code == 303
    assert browser.post(path, FORM | {"email": EVE}).status_code == 429
    elsewhere = {"environ_base": {"REMOTE_ADDR": "127.0.0.9"}}
    assert browser.post(path, FORM | {"email": EVE}, **elsewhere).status_code == 303


def test_who_signs_up_too_often_keeps_nobody_from_a_reset(ada, browser):
    for _ in range(MOST_PER_MAILBOX):
        ask(browser)
    assert ask_reset(browser).status_code == 303


# an address that is not confirmed


@pytest.fixture
def unconfirmed(ada, database):
    """Ada's account, as from days without a mail server."""
    with database.begin() as session:
        session.execute(update(User).values(email_confirmed_at=None))
    return ada


def test_a_user_confirms_their_address_by_a_link(unconfirmed, database, link):
    assert "not confirmed yet: no alert goes to it" in unconfirmed.get("/account/").text
    assert "once you confirm this address" in unconfirmed.get("/alerts/new").text
    assert unconfirmed.post("/account/confirm/ask", form_at="/account/").status_code == 303
    path = link()
    assert f"Alerts will be sent to {ADA}" in unconfirmed.get(path).text
    landed = unconfirmed.post(path, follow_redirects=True)
    assert "Your mail address is confirmed." in landed.text
    assert "not confirmed yet" not in landed.text
    with database.session() as session:
        assert session.scalar(select(User.email_confirmed_at)) is not None


def test_nobody_confirms_an_address_for_anothers_account(unconfirmed, new_browser, database, link):
    unconfirmed.post("/account/confirm/ask", form_at="/account/")
    path = link()
    eve = new_browser()
    ask(eve, email=EVE)
    eve.post(link(EVE), {"password": PASSWORD})
    assert eve.get(path).status_code == 410
    assert eve.post(path, form_at="/").status_code == 410
    stranger = new_browser().get(path)
    assert stranger.headers["Location"].startswith("/account/log-in?next=/account/confirm")
    with database.session() as session:
        assert session.scalar(select(User.email_confirmed_at).where(User.email == ADA)) is None


def test_a_new_password_by_mail_confirms_the_address_too(unconfirmed, browser, database, link):
    ask_reset(browser)
    browser.post(link(), {"password": ANOTHER})
    with database.session() as session:
        assert session.scalar(select(User.email_confirmed_at)) is not None


# a site without a mail server


@pytest.fixture
def alone(make_app, browser):
    """A browser at a site without a mail server."""
    return type(browser)(make_app())


def test_without_a_mail_server_an_account_is_made_at_once_and_stays_unconfirmed(alone, database):
    assert "Welcome, Ada." in alone.post("/account/sign-up", FORM, follow_redirects=True).text
    assert "not confirmed" not in alone.get("/account/").text
    with database.session() as session:
        assert session.scalar(select(User.email_confirmed_at)) is None


def test_without_a_mail_server_sign_ups_are_counted_too(alone, database):
    alone.post("/account/sign-up", FORM)
    alone.post("/account/log-out", form_at="/")
    for _ in range(MOST_PER_MAILBOX - 1):
        assert alone.post("/account/sign-up", FORM).status_code == 422
    assert alone.post("/account/sign-up", FORM).status_code == 429


def test_without_a_mail_server_a_reset_says_who_can_make_a_link(alone):
    page = alone.get("/account/reset")
    assert "netlab ticker reset-link" in page.text
    assert alone.post("/account/reset", {"email": ADA}, form_at="/account/log-in").status_code == 404


def test_a_mail_server_needs_an_address_of_the_site(prepared_url):
    with pytest.raises(OptionError, match="TICKER_PUBLIC_URL"):
        create_app(Config(database_url=prepared_url, secret_key="k" * 32, smtp_host="mail.example"))


# sending


def test_a_letter_that_the_server_does_not_take_is_tried_again_and_is_the_same(browser, app, database):
    ask(browser)
    with database.session() as session:
        letter = session.scalars(select(Letter)).one()
    mail = letters.written(ticker(app).config, letter)
    assert mail == letters.written(ticker(app).config, letter)
    away = Config(secret_key="k" * 32, smtp_host="127.0.0.1", smtp_port=closed_port(), public_url=SITE)
    sender = mail_sender(away)
    assert letters.send_letters(database, away, sender).put_off == 1
    assert letters.send_letters(database, away, sender) == letters.Outcome()  # not before its pause is over
    with database.session() as session:
        assert "no mail server" in session.scalars(select(Letter.error)).one()


@both
def test_a_database_of_yesterday_keeps_its_users_who_are_not_confirmed(empty_url):
    database = Database(empty_url)
    database.upgrade("0002")
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO users (email, name, password_hash, created_at) "
            "VALUES ('ada@ticker.example', 'Ada', 'x', '2026-01-02 12:00:00')"
        )
    database.upgrade()
    with database.session() as session:
        user = session.scalars(select(User)).one()
        assert (user.name, user.email_confirmed_at) == ("Ada", None)
    database.downgrade("0002")
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM users").scalar() == "Ada"
    database.close()


def token_in(html):
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)[1]


def said(response):
    return re.sub(r'value="[^"]*"', "", response.text)


def closed_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
