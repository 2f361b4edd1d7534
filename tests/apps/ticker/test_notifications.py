"""Alerts that are met are told once each, by mail and SMS, through real servers that fail, hang and come back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from netlab.apps.ticker.config import Config
from netlab.apps.ticker.models import Alert, Channel, Notification, Side, State, Stock, User
from netlab.apps.ticker.notifications import raise_alerts, send_due
from netlab.apps.ticker.outbox import PAUSES, SendError, claim
from netlab.apps.ticker.senders import senders
from netlab.servers import Mailbox, SMSGateway, SMTPServer
from netlab.servers.tls import ca_file

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)

ADA = "ada@ticker.example"
PHONE = "+12025550123"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def add_alert(database):
    """Add an alert of Ada's on Apple, whose last close is 430.47."""

    def add(
        side=Side.BELOW,
        limit="500",
        *,
        by_mail=True,
        by_sms=False,
        active=True,
        phone=PHONE,
        confirmed=NOON,
    ):
        with database.begin() as session:
            user = session.scalar(select(User)) or User(
                email=ADA,
                name="Ada",
                password_hash="x",
                phone=phone,
                is_active=active,
                email_confirmed_at=confirmed,
            )
            stock = session.scalars(select(Stock).where(Stock.ticker == "AAPL")).one()
            session.add(
                Alert(
                    user=user,
                    stock=stock,
                    side=side,
                    limit_price=Decimal(limit),
                    by_mail=by_mail,
                    by_sms=by_sms,
                )
            )

    return add


@pytest.fixture
def look(database):
    """Look at the alerts as the job does."""

    def look(config=None):
        with database.begin() as session:
            return raise_alerts(session, config or Config(secret_key="k" * 32), NOON)

    return look


@pytest.fixture
def kept(database):
    """The notifications, in their order."""

    def kept():
        with database.session() as session:
            return list(session.scalars(select(Notification).order_by(Notification.id)))

    return kept


class Refusing:
    """A sender that takes nothing."""

    def __init__(self, *, again=True):
        self.again = again
        self.asked = 0

    def send(self, notification):
        self.asked += 1
        raise SendError("not now", again=self.again)


class Taking:
    def __init__(self):
        self.taken = []

    def send(self, notification):
        self.taken.append(notification.id)


# alerts


@both
@pytest.mark.parametrize(
    ("side", "limit", "met"),
    [
        (Side.BELOW, "430.47", 1),
        (Side.BELOW, "430.46", 0),
        (Side.ABOVE, "430.47", 1),
        (Side.ABOVE, "430.48", 0),
    ],
)
def test_the_limit_itself_meets_an_alert(add_alert, look, side, limit, met):
    add_alert(side, limit)
    assert look() == met


@both
def test_an_alert_that_is_met_is_told_once_for_each_way(add_alert, look, kept):
    add_alert(by_sms=True)
    assert look() == 1
    assert look() == 0
    assert [each.channel for each in kept()] == [Channel.MAIL, Channel.SMS]
    assert [each.recipient for each in kept()] == [ADA, PHONE]


def test_who_has_no_phone_any_more_is_told_by_mail_alone(add_alert, look, kept):
    add_alert(by_sms=True, phone=None)
    look()
    assert [each.channel for each in kept()] == [Channel.MAIL]


def test_who_was_suspended_is_told_nothing(add_alert, look, kept):
    add_alert(active=False)
    assert look() == 0
    assert kept() == []


def test_a_mail_says_what_happened_and_where_to_look(add_alert, look, kept):
    add_alert()
    look(Config(secret_key="k" * 32, public_url="https://ticker.example"))
    (mail,) = kept()
    assert mail.subject == "AAPL 430.47: your price alert"
    assert "Apple (AAPL) closed at 430.47 US dollars on 2013-03-01" in mail.body
    assert "at or below your limit of 500.00" in mail.body
    assert "https://ticker.example/stocks/AAPL" in mail.body


# sending


@both
def test_an_address_that_nobody_confirmed_gets_no_mail_until_somebody_does(database, add_alert, look):
    add_alert(by_sms=True, confirmed=None)
    look()
    ways = {Channel.MAIL: Taking(), Channel.SMS: Taking()}
    assert send_due(database, ways).sent == 1
    assert (ways[Channel.MAIL].taken, len(ways[Channel.SMS].taken)) == ([], 1)
    with database.begin() as session:
        session.execute(update(User).values(email_confirmed_at=NOON))
    assert send_due(database, ways).sent == 1
    assert len(ways[Channel.MAIL].taken) == 1


def test_a_mail_for_an_address_that_is_its_users_no_more_is_not_sent(database, add_alert, look):
    """A back office may have changed the address since the alert came."""
    add_alert()
    look()
    with database.begin() as session:
        session.execute(update(User).values(email="countess@ticker.example"))
    assert send_due(database, {Channel.MAIL: Taking()}).sent == 0


@both
def test_what_is_sent_is_sent_once(database, add_alert, look, kept):
    add_alert()
    look()
    sender = Taking()
    assert send_due(database, {Channel.MAIL: sender}).sent == 1
    assert send_due(database, {Channel.MAIL: sender}).sent == 0
    assert sender.taken == [kept()[0].id]
    assert kept()[0].state is State.SENT


def test_what_has_no_way_out_waits(database, add_alert, look, kept):
    add_alert(by_sms=True)
    look()
    send_due(database, {Channel.MAIL: Taking()})
    assert [each.state for each in kept()] == [State.SENT, State.WAITING]


def test_a_failure_stops_no_other(database, add_alert, look, kept):
    add_alert(by_sms=True)
    look()
    outcome = send_due(database, {Channel.MAIL: Refusing(), Channel.SMS: Taking()})
    assert (outcome.sent, outcome.put_off) == (1, 1)


def test_it_is_tried_later_and_later_and_then_given_up(database, add_alert, look, kept):
    add_alert()
    look()
    sender, moment = Refusing(), NOON
    for pause in PAUSES:
        assert send_due(database, {Channel.MAIL: sender}, lambda now=moment: now).put_off == 1
        early = moment + timedelta(minutes=pause, seconds=-1)
        assert send_due(database, {Channel.MAIL: sender}, lambda now=early: now).put_off == 0
        moment += timedelta(minutes=pause)
    assert send_due(database, {Channel.MAIL: sender}, lambda now=moment: now).failed == 1
    assert kept()[0].state is State.FAILED
    assert kept()[0].error == "not now"
    assert sender.asked == len(PAUSES) + 1


def test_what_cannot_ever_succeed_is_not_tried_again(database, add_alert, look, kept):
    add_alert()
    look()
    assert send_due(database, {Channel.MAIL: Refusing(again=False)}).failed == 1
    assert kept()[0].state is State.FAILED


@both
def test_of_two_processes_one_sends(database, add_alert, look, kept):
    add_alert()
    look()
    number = kept()[0].id
    start, claimed = threading.Barrier(2), []

    def take():
        start.wait(5)
        claimed.append(claim(database, Notification, number, datetime.now(UTC)))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sum(each is not None for each in claimed) == 1


def test_what_a_process_had_claimed_when_it_died_is_sent_by_another_later(database, add_alert, look, kept):
    add_alert()
    look()
    assert claim(database, Notification, kept()[0].id, NOON)
    sender = Taking()
    assert send_due(database, {Channel.MAIL: sender}, lambda: NOON).sent == 0
    assert send_due(database, {Channel.MAIL: sender}, lambda: NOON + timedelta(minutes=2)).sent == 1


# the real ways out


def mail_config(server, **values):
    host, port = server.address
    return Config(secret_key="k" * 32, smtp_host=host, smtp_port=port, **values)


@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
def test_mail_arrives_over_smtp(database, add_alert, look, kept, tls):
    add_alert()
    look()
    mailbox = Mailbox({ADA: "secret", "alerts@ticker.example": "wolf"})
    with SMTPServer(mailbox, tls=tls == "tls", starttls=tls == "starttls") as server, ca_file() as trust:
        login = {} if tls == "none" else {"smtp_user": "alerts@ticker.example", "smtp_password": "wolf"}
        outcome = send_due(database, senders(mail_config(server, smtp_tls=tls, **login), trust=trust))
    assert (outcome.sent, kept()[0].error) == (1, None)
    (mail,) = mailbox[ADA].inbox.messages
    assert b"Subject: AAPL 430.47: your price alert" in mail.data
    assert f"<notification-{kept()[0].id}@ticker.example>".encode() in mail.data


def test_a_mail_server_that_is_not_there_is_tried_again(database, add_alert, look, kept):
    add_alert()
    look()
    with SMTPServer(Mailbox({})) as server:
        config = mail_config(server)
    assert send_due(database, senders(config)).put_off == 1
    assert "no mail server" in kept()[0].error


def test_an_address_that_does_not_exist_is_not_tried_again(database, add_alert, look, kept):
    add_alert()
    look()
    with SMTPServer(Mailbox({"bob@ticker.example": "x"}), starttls=False) as server:
        assert send_due(database, senders(mail_config(server))).failed == 1
    assert kept()[0].error.startswith("55")


def test_a_wrong_password_of_ours_is_tried_again_once_somebody_has_mended_it(database, add_alert, look, kept):
    add_alert()
    look()
    mailbox = Mailbox({ADA: "secret", "alerts@ticker.example": "wolf"})
    with SMTPServer(mailbox, tls=True) as server, ca_file() as trust:
        wrong = mail_config(server, smtp_tls="tls", smtp_user="alerts@ticker.example", smtp_password="lamb")
        assert send_due(database, senders(wrong, trust=trust)).put_off == 1
    assert "lamb" not in kept()[0].error


@pytest.fixture
def texted(database, add_alert, look):
    add_alert(by_mail=False, by_sms=True)
    look()


def sms_config(gateway, **values):
    given = {"sms_url": gateway.url, "sms_account": gateway.account, "sms_key": gateway.key}
    return Config(secret_key="k" * 32, **(given | values))


@pytest.mark.usefixtures("texted")
def test_a_text_arrives_on_the_phone(database, kept):
    with SMSGateway() as gateway:
        assert send_due(database, senders(sms_config(gateway))).sent == 1
        (message,) = gateway.messages
    assert message.to == PHONE
    assert message.text == "AAPL 430.47 USD on 2013-03-01, at or below your limit of 500.00."
    assert message.parts == 1


@pytest.mark.usefixtures("texted")
def test_a_text_whose_answer_was_lost_arrives_once(database, kept):
    with SMSGateway() as gateway:
        ways = senders(sms_config(gateway))
        ways[Channel.SMS].send(kept()[0])  # sent, and the process died before it could write so
        assert send_due(database, ways).sent == 1
        assert len(gateway.messages) == 1


@pytest.mark.usefixtures("texted")
@pytest.mark.parametrize("status", [500, 503])
def test_a_gateway_in_trouble_is_tried_again(database, kept, status):
    with SMSGateway() as gateway:
        gateway.fail_next(status=status)
        assert send_due(database, senders(sms_config(gateway))).put_off == 1
    assert str(status) in kept()[0].error


@pytest.mark.usefixtures("texted")
def test_a_key_that_is_wrong_is_tried_again_and_written_nowhere(database, kept):
    with SMSGateway() as gateway:
        assert send_due(database, senders(sms_config(gateway, sms_key="not the key"))).put_off == 1
    assert "code 4010" in kept()[0].error
    assert "not the key" not in kept()[0].error


@pytest.mark.usefixtures("texted")
def test_what_the_gateway_refuses_though_it_says_200_is_not_taken_for_sent(database, kept):
    with SMSGateway(credit=0) as gateway:
        assert send_due(database, senders(sms_config(gateway))).failed == 1
    assert "code 30" in kept()[0].error


@pytest.mark.usefixtures("texted")
def test_a_gateway_that_is_not_there_is_tried_again(database, kept):
    with SMSGateway() as gateway:
        config = sms_config(gateway)
    assert send_due(database, senders(config)).put_off == 1
