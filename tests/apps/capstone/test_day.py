"""A trading day goes through the whole system; its steps stand in order, on one system."""

from __future__ import annotations

import csv
import ftplib

import pytest
from sqlalchemy.exc import OperationalError

from netlab.apps.capstone import data, duties
from netlab.apps.capstone.feed import trading_days
from netlab.apps.capstone.parts import ARROWS
from netlab.apps.capstone.picture import counts
from netlab.apps.capstone.system import running
from netlab.errors import NetlabError, OptionError, StoppedError

PAGE = """
from flask import Blueprint

pages = Blueprint("more", __name__)


@pages.get("/more")
def more():
    return "{}"
"""


def test_the_pages_of_the_day_before_are_there(system):
    page = system.visit("/stocks/AAPL")
    assert page.status == 200
    assert b"2013-01-22" in page.content
    assert b"2013-01-23" not in page.content


def test_a_lost_datagram_is_asked_for_again(system):
    assert system.next_day() == "2013-01-23"
    assert str(system.run("collect")) == "collect  done   5 prices, 1 of them asked for again"
    assert system.sql("SELECT count(*) FROM prices WHERE day = '2013-01-23'") == [(5,)]
    assert system.run("collect").words == "0 prices, 0 of them asked for again"


def test_a_day_stored_twice_is_there_once(system):
    system.stored = 0
    assert system.run("collect").words == "0 prices, 5 of them asked for again"
    assert system.sql("SELECT count(*) FROM prices WHERE day = '2013-01-23'") == [(5,)]


def test_an_alert_that_is_met_arrives_once(system):
    assert system.run("watch").words == "1 alert met, 0 mails by rules"
    assert system.run("send").words == "1 sent, 0 put off, 0 failed"
    system.run("watch")
    system.run("send")
    assert len(system.mailbox[data.BOB].inbox) == 1
    assert len(system.mailbox[data.ADA].inbox) == 0


def test_the_next_day_brings_mail_and_sms(system):
    system.next_day()
    assert "FAILED" not in system.work()
    assert len(system.mailbox[data.ADA].inbox) == 1
    assert "AAPL 450.50" in repr(system.sms.phone(data.PHONE))
    assert b"https://www.ticker.example/stocks/AAPL" in next(iter(system.mailbox[data.ADA].inbox)).data


def test_the_archive_is_fetched_by_anybody(system):
    host, port = system.locate("ftp")
    lines = []
    with ftplib.FTP(timeout=5) as ftp:
        ftp.connect(host, port)
        ftp.login()
        assert sorted(ftp.nlst()) == ["2013-01-23.csv", "2013-01-24.csv"]
        ftp.retrlines("RETR 2013-01-24.csv", lines.append)
    rows = list(csv.DictReader(lines))
    assert [row["Ticker"] for row in rows] == ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
    assert rows[0]["Close"] == "450.5000"


def test_a_chart_is_drawn_over_tls(system):
    for name in ("price", "candles"):
        chart = system.visit(f"https://charts.ticker.example/{name}/AAPL.png")
        assert chart.status == 200, chart.content
        assert chart.content.startswith(b"\x89PNG")
    assert system.visit("https://charts.ticker.example/price/aapl.png").status == 404
    assert system.visit("https://charts.ticker.example/nothing/AAPL.png").status == 404
    unknown = system.visit("https://charts.ticker.example/price/NOPE.png")
    assert (unknown.status, unknown.content) == (404, b"There are no prices of NOPE.")


def test_every_arrow_is_lit_by_what_has_passed(system):
    passed = counts(system, {})
    assert set(passed) == {arrow.key for arrow in ARROWS} - {"office"}
    assert all(count.conversations for count in passed.values())
    assert (passed["tape"].conversations, passed["tape"].refused) == (10, 1)
    assert passed["charts"].conversations == 5


def test_dimmed_it_counts_anew(system):
    system.dim()
    assert not any(count.conversations for count in counts(system, system.dimmed).values())
    assert repr(system.picture()).count("quiet") == len(ARROWS) - 1
    system.visit("/")
    lit = {key for key, count in counts(system, system.dimmed).items() if count.conversations}
    assert lit == {"dns", "https", "web"}
    assert "visitors → front: TLS, lesson 12, 1 connection" in repr(system.picture())
    assert "quiet" not in repr(system.picture(whole=True))


def test_the_picture_says_in_words_what_it_shows(system):
    picture = system.picture()
    assert picture.svg.count("<title>") == 1
    for arrow in ARROWS:
        if arrow.key != "office":
            assert f"{arrow.key}: {arrow.words} · {', '.join(arrow.lessons)}" in picture.svg
            assert f"{arrow.words}, lesson" in picture.alt


def test_a_rule_that_fails_harms_no_other(system):
    system.add_rule("broken", lambda closes: closes[99999])
    system.add_rule("last", lambda closes: f"closed at {closes[-1].close:.2f}")
    line = system.run("watch")
    assert line.words == "0 alerts met, 3 mails by rules; rule broken: IndexError: list index out of range"
    assert system.run("watch").words.startswith("0 alerts met, 0 mails by rules")
    assert system.run("send").words == "3 sent, 0 put off, 0 failed"
    system.rules.clear()


def test_a_file_is_released_and_one_that_cannot_be_loaded_changes_nothing(system):
    system.release("more.py", PAGE.format("first"))
    assert system.visit("/more").content == b"first"
    for broken, words in (("def", "line 1"), ("1 / 0", "ZeroDivisionError"), ("x = 1", "no blueprint")):
        with pytest.raises(OptionError, match=words):
            system.release("more.py", broken)
    assert system.visit("/more").content == b"first"
    system.release("more.py", PAGE.format("second"))
    assert system.visit("/more").content == b"second"


def test_a_statement_over_its_budget_is_interrupted(system):
    with system.database.session() as session:
        with duties.budget.limited(session, 100), pytest.raises(OperationalError, match="interrupted"):
            session.execute(duties.select(duties.Price.close)).all()
        assert len(session.execute(duties.select(duties.Price.close)).all()) > 1000, "only in the block"


def test_what_there_is_not_is_refused_in_a_sentence(system):
    with pytest.raises(OptionError, match="collect, watch, send, archive"):
        system.run("sleep")
    with pytest.raises(OptionError, match="There is no part 'moon'"):
        system.restart("moon")
    with pytest.raises(OptionError, match="There is no arrow 'moon'"):
        system.address("moon")
    with pytest.raises(OptionError, match="cannot be read"):
        system.zone = "nonsense here"
    assert system.ask("www") == ["127.0.0.1"]
    with pytest.raises(OSError, match="NXDOMAIN"):
        system.resolve("moon")


def test_the_exchange_has_an_end():
    days = len(trading_days())
    with running() as system:
        for _ in range(days):
            system.next_day()
        with pytest.raises(NetlabError, match="end on 2013-03-01"):
            system.next_day()
        assert system.run("collect").words == f"{5 * days} prices, 0 of them asked for again"


def test_a_system_that_is_stopped_says_so():
    from netlab.apps.capstone import Capstone

    with pytest.raises(StoppedError, match="Start it"):
        Capstone().work()
    Capstone().stop()
