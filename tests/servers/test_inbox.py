"""How a mailbox and its mails are shown, hostile ones included."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import Mailbox
from netlab.servers.inbox import account_html, attachments, body_of, clean, file_name, message_html

ADA = "ada@ticker.example"


def written(**fields) -> EmailMessage:
    mail = EmailMessage()
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    return mail


@pytest.fixture
def account():
    return Mailbox({ADA: "secret"})[ADA]


@pytest.fixture
def delivered(account):
    def delivered(mail, **options):
        data = mail if isinstance(mail, bytes) else bytes(mail)
        return account.inbox.add(data, **options)

    return delivered


class TestAccount:
    def test_an_empty_inbox(self, account):
        assert "INBOX: 0 messages, 0 unread" in account_html(account)

    def test_each_mail_has_a_row(self, account, delivered):
        delivered(written(From="Ticker <alerts@ticker.example>", Subject="苹果 AAPL"))
        delivered(written(From="bob@ticker.example"), flags=["\\Seen", "\\Flagged"])
        shown = account_html(account)
        assert "INBOX: 2 messages, 1 unread" in shown
        assert "Ticker &lt;alerts@ticker.example&gt;" in shown
        assert "苹果 AAPL" in shown
        assert "(no subject)" in shown
        assert "Flagged Seen" in shown

    def test_what_is_not_read_is_in_bold(self, account, delivered):
        delivered(written(Subject="x"))
        assert "font-weight:bold" in account_html(account)
        account.inbox.flag(account.inbox, lambda flags: flags | {"\\Seen"})
        assert "font-weight:bold" not in account_html(account)

    def test_other_folders_are_shown(self, account):
        account.create("Work/2013")
        assert "Work/2013: 0 messages" in account_html(account)

    def test_a_hostile_subject_is_only_text(self, account, delivered):
        delivered(b"From: <script>alert(1)</script>\r\nSubject: <img src=x onerror=alert(1)>\r\n\r\n")
        assert "<script" not in account_html(account)
        assert "<img" not in account_html(account)

    def test_it_shows_itself(self, account):
        assert account._repr_mimebundle_()["text/html"] == account_html(account)


class TestMessage:
    def test_a_plain_mail(self, delivered):
        mail = written(
            From=ADA, To="bob@ticker.example", Subject="AAPL", Date="Fri, 01 Mar 2013 21:00:00 +0000"
        )
        mail.set_content("430.47 < 431\n")
        shown = message_html(delivered(mail))
        assert "<strong>Subject:</strong> AAPL" in shown
        assert "430.47 &lt; 431" in shown

    def test_html_is_preferred_and_made_safe(self, delivered):
        mail = written(Subject="x")
        mail.set_content("plain")
        mail.add_alternative("<b>rich</b><script>alert(1)</script>", subtype="html")
        shown = message_html(delivered(mail))
        assert "<b>rich</b>" in shown
        assert "plain" not in shown
        assert "alert" not in shown

    def test_a_picture_within_it(self, delivered):
        mail = written(Subject="x")
        mail.set_content('<img src="cid:chart@ticker" alt="AAPL in 2013">', subtype="html")
        mail.add_related(b"\x89PNG", "image", "png", cid="<chart@ticker>")
        message = delivered(mail)
        assert 'src="data:image/png;base64,iVBORw==" alt="AAPL in 2013"' in message_html(message)
        assert not attachments(message.tree)

    def test_a_picture_that_is_a_program_is_not_shown(self, delivered):
        mail = written(Subject="x")
        mail.set_content('<img src="cid:chart">', subtype="html")
        mail.add_related(b"<svg onload=alert(1)>", "image", "svg+xml", cid="<chart>")
        assert "data:" not in message_html(delivered(mail))

    @pytest.mark.parametrize("name", ["AAPL.csv", "苹果.csv", "a; b.csv", 'the "best".csv'])
    def test_an_attachment_is_listed(self, delivered, name):
        mail = written(Subject="x")
        mail.set_content("see below")
        mail.add_attachment(b"2013-03-01,430.47\n", "text", "csv", filename=name)
        message = delivered(mail)
        assert [file_name(part) for part in attachments(message.tree)] == [name]
        assert "(text/csv, 18 bytes)" in message_html(message)
        assert "see below" in message_html(message)

    def test_a_mail_within_the_mail_is_not_taken_for_its_text(self, delivered):
        inner = written(Subject="inner")
        inner.set_content("<b>inner</b>", subtype="html")
        mail = written(Subject="outer")
        mail.set_content("outer")
        mail.add_attachment(inner)
        message = delivered(mail)
        assert body_of(message.tree).text().strip() == "outer"
        assert "message/rfc822" in message_html(message)

    def test_a_mail_without_anything(self, delivered):
        assert "<hr>" in message_html(delivered(b"\r\n"))
        assert "(no text)" in message_html(delivered(b"Content-Type: image/png\r\n\r\n"))

    def test_a_very_long_one_is_cut(self, delivered):
        shown = message_html(delivered(b"Subject: " + b"x" * 900 + b"\r\n\r\n" + b"y" * 50_000))
        assert "(30,000 more characters)" in shown
        assert len(shown) < 25_000

    def test_names_cannot_turn_around(self):
        assert clean("exe.\u202egnp\x00") == "exe.�gnp�"

    @given(data=st.binary(max_size=500) | st.text(max_size=300).map(str.encode))
    def test_any_bytes_can_be_shown(self, data):
        account = Mailbox({ADA: "secret"})[ADA]
        for head in (
            b"",
            b"Content-Type: text/html\r\n\r\n",
            b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        ):
            shown = message_html(account.inbox.add(head + data))
            assert "<script" not in shown.lower()
        account_html(account)
