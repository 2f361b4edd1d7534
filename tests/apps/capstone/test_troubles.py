"""Each trouble hurts what it should and nothing else, can be mended, and is planted silently."""

from __future__ import annotations

import ssl

import pytest

from netlab.apps.capstone import CAUSES, data, health
from netlab.apps.capstone.front import issue
from netlab.apps.capstone.troubles import TROUBLES
from netlab.errors import OptionError


@pytest.mark.parametrize("name", TROUBLES)
def test_it_hurts_what_it_should_and_the_night_shift_mends_it(system, name):
    trouble = TROUBLES[name]
    prices = system.sql("SELECT count(*) FROM prices")[0][0]
    assert all(health.answers(system).values())
    assert " ".join(system.plant(name).split()) == trouble.letter
    assert [key for key, holds in health.answers(system).items() if not holds] == [trouble.hurts]
    assert "NO" in repr(system.health())
    assert system.hand_over() == "Something was left. The night shift has mended it."
    assert all(health.answers(system).values())
    assert system.hand_over() == "All is well: a quiet night."
    assert system.sql("SELECT count(*) FROM prices")[0][0] >= prices


@pytest.mark.parametrize("name", TROUBLES)
def test_the_letter_does_not_tell_the_cause(name):
    _, cause = TROUBLES[name].cause
    assert cause in CAUSES
    assert not any(word in TROUBLES[name].letter for word in cause.split())


def test_an_expired_certificate_is_what_a_browser_says(system):
    system.plant("monday")
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"):
        system.visit("/")
    system.certify(days=10)
    assert system.visit("/").status == 200
    system.certify("www.ticker.example")
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        system.visit("https://charts.ticker.example/")
    system.certify()


def test_a_dead_port_refuses_and_what_waits_is_sent_once(system):
    before = len(system.sms.messages)
    system.plant("wednesday")
    waiting = [each for each in system.notifications if each.state == "waiting"]
    assert [(each.channel, each.recipient) for each in waiting] == [("sms", data.PHONE)]
    assert "no gateway" in waiting[0].error
    system.restart("sms")
    system.restart("sms")
    assert system.run("send").words == "0 sent, 0 put off, 0 failed", "it is put off for a minute"
    system.later(minutes=2)
    assert system.run("send").words == "1 sent, 0 put off, 0 failed"
    assert len(system.sms.messages) == before + 1


def test_a_wrong_record_leads_where_nobody_is(system):
    system.plant("thursday")
    with pytest.raises(ConnectionRefusedError):
        system.visit("/")
    assert system.ask("www") == ["127.0.0.66"]
    assert system.ask("mail") == ["127.0.0.1"]
    system.zone = system.zone.replace("127.0.0.66", "127.0.0.1")
    assert system.visit("/").status == 200


def test_a_slow_query_is_interrupted_and_its_work_can_be_seen(system):
    system.plant("tuesday")
    assert "interrupted" in str(system.log)
    assert system.work_done.over
    system.sql("CREATE INDEX ix_prices_day ON prices (day)")
    assert system.run("archive").words == "1 file written"
    assert not system.work_done.over


def test_a_slow_query_comes_again_whatever_the_index_was_called(system):
    system.sql("CREATE INDEX IF NOT EXISTS mine ON prices (day, close)")
    system.plant("tuesday")
    assert not health.answers(system)["archive"]
    system.hand_over()


def test_there_is_no_other_trouble(system):
    with pytest.raises(OptionError, match="monday, tuesday, wednesday, thursday"):
        system.plant("friday")


def test_a_certificate_can_be_read():
    certificate = issue("www.ticker.example", days=1)
    assert certificate.names == ("www.ticker.example",)
    assert certificate.until > issue(days=-1).until
