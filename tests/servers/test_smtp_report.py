"""The bounce: what people read in it, and what programs do."""

import email
import email.policy

import pytest

from netlab.servers.smtp_report import delivery_report

SUBJECT = b"Subject: =?utf-8?b?6IKh5Lu3?="
MAIL = b"From: Ticker <alerts@ticker.example>\r\nTo: zoe@customer.example\r\n%b\r\n\r\nsecret\r\n" % SUBJECT
REPLY = "550 5.1.1 Error: nobody here has the address zoe@customer.example"


@pytest.fixture
def report():
    written = delivery_report(MAIL, "zoe@customer.example", REPLY, host="mail.ticker.example")
    return email.message_from_bytes(bytes(written), policy=email.policy.default)


def part(report, kind):
    return next(part for part in report.walk() if part.get_content_type() == kind)


def test_it_goes_to_the_author(report):
    assert report["To"].addresses[0].addr_spec == "alerts@ticker.example"
    assert report["Auto-Submitted"] == "auto-replied"


def test_people_read_who_did_not_get_it_and_why(report):
    text = part(report, "text/plain").get_content()
    assert "zoe@customer.example" in text
    assert REPLY in text


def test_programs_read_it_too(report):
    assert report["Content-Type"].params["report-type"] == "delivery-status"
    about_mail, about_recipient = part(report, "message/delivery-status").get_payload()
    assert about_mail["Reporting-MTA"] == "dns; mail.ticker.example"
    assert about_recipient["Final-Recipient"] == "rfc822; zoe@customer.example"
    assert about_recipient["Action"] == "failed"
    assert about_recipient["Status"] == "5.1.1"


def test_the_header_goes_back_and_the_text_does_not(report):
    assert SUBJECT.decode() in part(report, "text/rfc822-headers").get_payload()
    assert "secret" not in report.as_string()


@pytest.mark.parametrize(
    ("reply", "status"), [("452 4.5.3 too many", "4.5.3"), ("550 no", "5.0.0"), ("421 x", "4.0.0")]
)
def test_a_reply_without_an_enhanced_code(reply, status):
    written = delivery_report(b"\r\n", "zoe@customer.example", reply, host="mail.ticker.example")
    assert f"Status: {status}" in written.as_string()
