"""SEARCH: every key of RFC 3501, section 6.4.4, alone and together."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import Mailbox
from netlab.servers.imap_search import KEYS
from netlab.servers.imap_session import IMAPSession

ADA = "ada@ticker.example"

MAILS = [  # in the order of their numbers: header, body, flags, day on which it came
    ("From: Bob <bob@x>\r\nTo: ada@x\r\nSubject: Alert AAPL\r\nDate: Fri, 1 Mar 2013 23:30:00 -0500\r\n",
     "below 430", {"\\Seen"}, 1),
    ("From: Eve <eve@x>\r\nCc: bob@x\r\nSubject: =?utf-8?q?B=C3=B6rse?=\r\nDate: 2 Mar 2013 10:00:00 +0000\r\n",
     "Grüße aus der BÖRSE", {"\\Flagged", "work"}, 2),
    ("From: bob@x\r\nBcc: eve@x\r\nX-Ticker: AAPL\r\nDate: nonsense\r\n"
     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
     "5LiK5rW36K+B5Yi45Lqk5piT5omA", {"\\Deleted", "\\Answered"}, 3),
    ("Content-Type: multipart/mixed; boundary=b\r\n",
     "--b\r\nContent-Type: text/plain; name=memo\r\n\r\nfirst\r\n--b\r\nContent-Type: image/png\r\n\r\nhidden\r\n--b--",
     {"\\Draft", "\\Seen"}, 4),
]  # fmt: skip


@pytest.fixture
def found(mailbox, imap):
    inbox = mailbox[ADA].inbox
    for header, body, flags, day in MAILS:
        when = datetime(2013, 3, day, 12, tzinfo=UTC)
        inbox.add(f"{header}\r\n{body}".encode(), flags, received=when)
    session = imap("INBOX")

    def found(keys: str) -> str:
        return session.lines(f"SEARCH {keys}")[-1].removeprefix("SEARCH").strip()

    return found


@pytest.mark.parametrize(
    ("keys", "numbers"),
    [
        ("ALL", "1 2 3 4"),
        ("2:3", "2 3"),
        ("*", "4"),
        ("4,1", "1 4"),
        ("UID 2:9", "2 3 4"),
        ("UID 77:88", ""),
        # flags
        ("SEEN", "1 4"),
        ("UNSEEN", "2 3"),
        ("FLAGGED", "2"),
        ("UNFLAGGED", "1 3 4"),
        ("DELETED", "3"),
        ("UNDELETED", "1 2 4"),
        ("ANSWERED", "3"),
        ("UNANSWERED", "1 2 4"),
        ("DRAFT", "4"),
        ("UNDRAFT", "1 2 3"),
        ("KEYWORD work", "2"),
        ("UNKEYWORD work", "1 3 4"),
        ("RECENT", "1 2 3 4"),
        ("OLD", ""),
        ("NEW", "2 3"),
        # header
        ("FROM bob", "1 3"),
        ("FROM BOB@X", "1 3"),
        ("TO ada", "1"),
        ("CC bob", "2"),
        ("BCC eve", "3"),
        ("SUBJECT alert", "1"),
        ('SUBJECT "lert aa"', "1"),
        ("HEADER X-Ticker aapl", "3"),
        ('HEADER X-Ticker ""', "3"),
        ("HEADER X-Other AAPL", ""),
        # text
        ("BODY 430", "1"),
        ("BODY alert", ""),
        ("TEXT alert", "1"),
        ("TEXT X-Ticker", "3"),
        ("BODY first", "4"),
        ("BODY hidden", ""),
        ("TEXT memo", "4"),
        # dates
        ("ON 2-Mar-2013", "2"),
        ("BEFORE 2-Mar-2013", "1"),
        ("SINCE 2-Mar-2013", "2 3 4"),
        ('SINCE "3-Mar-2013"', "3 4"),
        ("SENTON 1-Mar-2013", "1"),
        ("SENTBEFORE 2-Mar-2013", "1"),
        ("SENTSINCE 2-Mar-2013", "2"),
        # size
        ("LARGER 130 SMALLER 1000000", "3 4"),
        ("SMALLER 1", ""),
        # together
        ("SEEN FROM bob", "1"),
        ("NOT SEEN", "2 3"),
        ("NOT NOT SEEN", "1 4"),
        ("OR SEEN DELETED", "1 3 4"),
        ("OR (SEEN FROM bob) (UNSEEN FROM eve)", "1 2"),
        ("NOT (OR FROM bob FROM eve)", "4"),
        ("(1:2 (UNSEEN))", "2"),
        ("unseen from bob", "3"),
    ],
)
def test_every_key(found, keys, numbers):
    assert found(keys) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"), [("börse", "2"), ("BÖRSE", "2"), ("grüsse", "2"), ("证券", "3"), ("grusse", "")]
)
def test_text_in_any_script_is_found_whatever_its_encoding(found, text, numbers):
    data = text.encode()
    assert found(f"CHARSET UTF-8 TEXT {{{len(data)}+}}\r\n{text}") == numbers


def test_the_subject_is_decoded_before_it_is_compared(found):
    assert found("CHARSET utf-8 SUBJECT {6+}\r\nbörse") == "2"
    assert found("SUBJECT utf-8") == ""


def test_no_result_is_an_empty_list(mailbox, imap):
    assert imap("INBOX").lines("SEARCH ALL") == ["SEARCH"]


def test_a_charset_that_is_not_known_is_refused_with_those_that_are(imap):
    answer = imap("INBOX").say("a SEARCH CHARSET KOI8-R TEXT x\r\n")
    assert answer == b"a NO [BADCHARSET (US-ASCII UTF-8)] that charset is not known\r\n"


def test_what_is_no_utf_8_is_refused(imap):
    answer = imap("INBOX").say(b"a SEARCH CHARSET UTF-8 TEXT {2+}\r\n\xff\xfe\r\n")
    assert answer == b"a BAD this string is not in UTF-8\r\n"


def test_a_number_that_no_message_has_is_refused(found, imap):
    assert imap("INBOX").say("a SEARCH 5\r\n").startswith(b"a BAD there are only messages 1 to 4")


words = st.sampled_from(
    [*KEYS, "1:*", "2", "bob", "(", ")", '"x y"', "1-Mar-2013", "100", "CHARSET", "UTF-8", "*"]
)


@given(st.lists(words, min_size=1, max_size=10).map(" ".join))
def test_whatever_is_searched_it_is_found_or_refused(keys):
    mailbox = Mailbox({ADA: "lovelace"})
    for header, body, flags, _ in MAILS:
        mailbox[ADA].inbox.add(f"{header}\r\n{body}".encode(), flags)
    session = IMAPSession(mailbox)
    session.feed(f"a LOGIN {ADA} lovelace\r\na SELECT INBOX\r\nb SEARCH {keys}\r\n".encode())
    heard = b"".join(iter(session.answer, None))
    *_, found, last = heard.splitlines()
    assert last.startswith((b"b BAD", b"b NO")) or (
        found.startswith(b"* SEARCH") and last.startswith(b"b OK")
    )
