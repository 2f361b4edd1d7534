"""FETCH: structure, envelope, and the bytes of any part of a mail, with the examples of RFC 3501."""

import email
import email.policy
import imaplib
import re
from datetime import datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import Mailbox
from netlab.servers.imap_session import IMAPSession

ADA = "ada@ticker.example"

RFC_HEADER = b"""\
Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
From: Terry Gray <gray@cac.washington.edu>
Subject: IMAP4rev1 WG mtg summary and minutes
To: imap@cac.washington.edu
cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
Message-Id: <B27397-0100000@cac.washington.edu>
MIME-Version: 1.0
Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

""".replace(b"\n", b"\r\n")
RFC_BODY = b"\r\n" * 91 + b"x" * 2844 + b"\r\n"  # 3028 bytes, 92 lines


@pytest.fixture
def inbox(mailbox):
    return mailbox[ADA].inbox


class TestTheExampleOfTheRFC:
    """Section 8 of RFC 3501, where a client fetches message 12."""

    @pytest.fixture
    def session(self, imap, inbox):
        when = datetime.strptime("17-Jul-1996 02:44:25 -0700", "%d-%b-%Y %H:%M:%S %z")
        inbox.add(RFC_HEADER + RFC_BODY, {"\\Seen"}, received=when)
        return imap("INBOX")

    def test_fetch_full(self, session):
        assert session.lines("FETCH 1 FULL") == [
            '1 FETCH (FLAGS (\\Recent \\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 3370 '
            'ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev1 WG mtg summary and minutes" '
            '(("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) '
            '(("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) '
            '((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL '
            '"<B27397-0100000@cac.washington.edu>") '
            'BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92))'
        ]

    def test_fetch_the_header(self, session):
        answer = session.say("a004 fetch 1 body[header]\r\n")
        assert (
            answer == b"* 1 FETCH (BODY[HEADER] {342}\r\n" + RFC_HEADER + b")\r\na004 OK FETCH completed\r\n"
        )

    def test_store_deleted(self, session):
        assert session.say("a005 store 1 +flags \\deleted\r\n") == (
            b"* 1 FETCH (FLAGS (\\Deleted \\Recent \\Seen))\r\na005 OK STORE completed\r\n"
        )


def part(kind: str, body: str, **more: str) -> str:
    fields = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in more.items())
    return f"Content-Type: {kind}\n{fields}\n{body}"


def multipart(sub: str, boundary: str, *parts: str) -> str:
    body = "".join(f"--{boundary}\n{each}\n" for each in parts)
    return part(f"multipart/{sub}; boundary={boundary}", f"{body}--{boundary}--\n")


NESTED = "Subject: outer\n" + multipart(
    "mixed", "A",
    part("text/plain", "one"),
    part("application/octet-stream", "two"),
    part("message/rfc822", "Subject: three\n" + multipart(
        "mixed", "B", part("text/plain", "three.one"), part("application/octet-stream", "three.two"))),
    multipart(
        "mixed", "C",
        part("image/gif", "four.one", Content_ID="<gif>"),
        part("message/rfc822", "Subject: four.two\n" + multipart(
            "mixed", "D", part("text/plain", "four.two.one"), multipart(
                "alternative", "E",
                part("text/plain", "four.two.two.one"), part("text/richtext", "four.two.two.two"))))),
)  # fmt: skip


class TestParts:
    """The mail that section 6.4.5 of RFC 3501 numbers."""

    @pytest.fixture
    def fetch(self, imap, inbox):
        inbox.add(NESTED.encode())
        session = imap("INBOX")

        def fetch(section: str) -> bytes | None:
            answer = session.say(f"a FETCH 1 BODY.PEEK[{section}]\r\n")
            if b"] NIL)" in answer:
                return None
            label, size, rest = re.fullmatch(
                rb"\* 1 FETCH \((\S+) \{(\d+)\}\r\n(.*)", answer, re.DOTALL
            ).groups()
            assert label.decode() == f"BODY[{section}]"
            assert rest[int(size) :] == b")\r\na OK FETCH completed\r\n"
            return rest[: int(size)]

        return fetch

    @pytest.mark.parametrize(
        ("section", "text"),
        [
            ("1", "one"),
            ("2", "two"),
            ("3.1", "three.one"),
            ("3.2", "three.two"),
            ("4.1", "four.one"),
            ("4.2.1", "four.two.one"),
            ("4.2.2.1", "four.two.two.one"),
            ("4.2.2.2", "four.two.two.two"),
            ("1.MIME", "Content-Type: text/plain\r\n\r\n"),
            ("4.1.MIME", "Content-Type: image/gif\r\nContent-ID: <gif>\r\n\r\n"),
            ("3.HEADER", "Subject: three\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"),
            ("4.2.HEADER", "Subject: four.two\r\nContent-Type: multipart/mixed; boundary=D\r\n\r\n"),
            ("HEADER", "Subject: outer\r\nContent-Type: multipart/mixed; boundary=A\r\n\r\n"),
        ],
    )
    def test_each_part_has_a_number(self, fetch, section, text):
        assert fetch(section) == text.encode()

    def test_text_is_what_comes_behind_the_header(self, fetch):
        whole = NESTED.replace("\n", "\r\n").encode()
        assert fetch("") == whole
        assert fetch("TEXT") == whole.partition(b"\r\n\r\n")[2]
        assert fetch("3") == fetch("3.HEADER") + fetch("3.TEXT")
        assert fetch("4").startswith(b"--C\r\n")

    @pytest.mark.parametrize(
        "section", ["5", "1.2", "1.1", "3.3", "4.2.2.3", "1.HEADER", "4.TEXT", "999999999"]
    )
    def test_what_the_mail_does_not_have_is_nil(self, fetch, section):
        assert fetch(section) is None

    def test_the_structure_tells_all_this_at_once(self, imap, inbox):
        inbox.add(NESTED.encode())
        (line,) = imap("INBOX").lines("FETCH 1 BODYSTRUCTURE")
        kinds = re.findall(r'\("(TEXT|IMAGE|MESSAGE|APPLICATION)" "(\w+|OCTET-STREAM)"', line)
        assert [sub for _, sub in kinds] == [
            "PLAIN", "OCTET-STREAM", "RFC822", "PLAIN", "OCTET-STREAM", "GIF", "RFC822", "PLAIN", "PLAIN", "RICHTEXT",
        ]  # fmt: skip
        assert line.count("(") == line.count(")")
        assert '"IMAGE" "GIF" NIL "<gif>" NIL "7BIT" 8 NIL NIL NIL NIL)' in line
        assert '"MIXED" ("BOUNDARY" "A") NIL NIL NIL))' in line


def test_a_mail_without_parts_has_part_1(imap, inbox):
    inbox.add(b"Subject: x\r\n\r\nbody\r\n")
    session = imap("INBOX")
    assert session.say("a FETCH 1 (BODY.PEEK[1] BODY.PEEK[1.MIME])\r\n").startswith(
        b"* 1 FETCH (BODY[1] {6}\r\nbody\r\n BODY[1.MIME] {14}\r\nSubject: x\r\n\r\n)"
    )
    assert session.lines("FETCH 1 BODY.PEEK[1.1]") == ["1 FETCH (BODY[1.1] NIL)"]


def test_a_mail_that_is_a_mail(imap, inbox):
    inbox.add(b"Subject: out\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nbody")
    session = imap("INBOX")
    assert session.lines("FETCH 1 BODY.PEEK[1.1]") == ["1 FETCH (BODY[1.1] {4}", "body)"]
    assert session.lines("FETCH 1 BODY.PEEK[1.HEADER]")[1] == "Subject: in"
    assert session.lines("FETCH 1 BODY.PEEK[1.1.1]") == ["1 FETCH (BODY[1.1.1] NIL)"]


@pytest.mark.parametrize(
    ("items", "answer"),
    [
        ("BODY[]<0.4>", "BODY[]<0> {4}\r\nSubj"),
        ("BODY[TEXT]<2.3>", "BODY[TEXT]<2> {3}\r\ndy\r"),
        ("BODY[TEXT]<5.1000>", "BODY[TEXT]<5> {1}\r\n\n"),
        ("BODY[TEXT]<100.5>", "BODY[TEXT]<100> {0}\r\n"),
        ("BODY[9]<0.5>", "BODY[9]<0> NIL"),
    ],
)
def test_a_piece_of_it(imap, inbox, items, answer):
    inbox.add(b"Subject: x\r\n\r\nbody\r\n", {"\\Seen"})
    expected = f"* 1 FETCH ({answer})\r\na OK FETCH completed\r\n"
    assert imap("INBOX").say(f"a FETCH 1 {items}\r\n") == expected.encode()


HEADER = b"Received: one\r\n two\r\nFrom: a@x\r\nSUBJECT : folded\r\n\tline\r\nX-From: b\r\nReceived: three\r\n\r\n"


@pytest.mark.parametrize(
    ("section", "found"),
    [
        ("HEADER.FIELDS (subject From)", b"From: a@x\r\nSUBJECT : folded\r\n\tline\r\n\r\n"),
        ("HEADER.FIELDS (Received)", b"Received: one\r\n two\r\nReceived: three\r\n\r\n"),
        ("HEADER.FIELDS (Nothing)", b"\r\n"),
        ("HEADER.FIELDS.NOT (Received x-from)", b"From: a@x\r\nSUBJECT : folded\r\n\tline\r\n\r\n"),
        ("HEADER", HEADER),
    ],
)
def test_some_fields_of_the_header(imap, inbox, section, found):
    inbox.add(HEADER + b"body", {"\\Seen"})
    expected = b"* 1 FETCH (BODY[%s] {%d}\r\n%s)\r\n" % (section.encode(), len(found), found)
    assert imap("INBOX").say(f"a FETCH 1 BODY[{section}]\r\n").startswith(expected)


def test_a_name_of_a_field_may_be_quoted(imap, inbox):
    inbox.add(HEADER)
    assert imap("INBOX").lines('FETCH 1 BODY.PEEK[HEADER.FIELDS ("From" {3+}\r\na b)]')[:2] == [
        '1 FETCH (BODY[HEADER.FIELDS (From "a b")] {13}',
        "From: a@x",
    ]


@pytest.mark.parametrize(
    ("item", "reads"),
    [
        ("BODY[]", True),
        ("BODY[HEADER]", True),
        ("BODY.PEEK[]", False),
        ("RFC822", True),
        ("RFC822.TEXT", True),
        ("RFC822.HEADER", False),
        ("ENVELOPE", False),
        ("BODY", False),
        ("ALL", False),
    ],
)
def test_reading_makes_a_message_seen_and_looking_does_not(imap, inbox, item, reads):
    message = inbox.add(b"Subject: x\r\n\r\nbody\r\n")
    answer = imap("INBOX").say(f"a FETCH 1 {item}\r\n")
    assert ("\\Seen" in message.flags) == reads
    assert (b"FLAGS (\\Recent \\Seen)" in answer) == reads


def test_who_asks_for_flags_too_gets_them_once_and_as_they_are_afterwards(imap, inbox):
    inbox.add(b"")
    assert imap("INBOX").lines("FETCH 1 (FLAGS BODY[])") == [
        "1 FETCH (FLAGS (\\Recent \\Seen) BODY[] {0}",
        ")",
    ]


def test_the_old_names_of_bodies(imap, inbox):
    inbox.add(b"Subject: x\r\n\r\nbody", {"\\Seen"})
    assert (
        imap("INBOX")
        .say("a FETCH 1 (RFC822 RFC822.HEADER RFC822.TEXT)\r\n")
        .startswith(
            b"* 1 FETCH (RFC822 {18}\r\nSubject: x\r\n\r\nbody RFC822.HEADER {14}\r\nSubject: x\r\n\r\n"
            b" RFC822.TEXT {4}\r\nbody)\r\n"
        )
    )


@pytest.mark.parametrize(
    ("header", "envelope"),
    [
        (b"", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"),
        (b"Subject:\r\n", '(NIL "" NIL NIL NIL NIL NIL NIL NIL NIL)'),
        (b'Subject: say "hi" \\o/\r\n', '(NIL "say \\"hi\\" \\\\o/" NIL NIL NIL NIL NIL NIL NIL NIL)'),
        (b"Subject: folded\r\n subject\r\n", '(NIL "folded subject" NIL NIL NIL NIL NIL NIL NIL NIL)'),
        (
            b"Sender: s@x\r\nFrom: f@x\r\nReply-To:\r\n",
            '(NIL NIL ((NIL NIL "f" "x")) ((NIL NIL "s" "x")) ((NIL NIL "f" "x")) NIL NIL NIL NIL NIL)',
        ),
        (
            b"To: us: a@x;\r\n",
            '(NIL NIL NIL NIL NIL ((NIL NIL "us" NIL)(NIL NIL "a" "x")(NIL NIL NIL NIL)) NIL NIL NIL NIL)',
        ),
        (
            b"In-Reply-To: <1@x>\r\nBcc: b@x\r\n",
            '(NIL NIL NIL NIL NIL NIL NIL ((NIL NIL "b" "x")) "<1@x>" NIL)',
        ),
    ],
)
def test_envelopes(imap, inbox, header, envelope):
    inbox.add(header + b"\r\n")
    assert imap("INBOX").lines("FETCH 1 ENVELOPE") == [f"1 FETCH (ENVELOPE {envelope})"]


def test_bytes_that_are_no_ascii_are_literals(imap, inbox):
    inbox.add("Subject: Börse\r\n\r\n".encode())
    assert b"ENVELOPE (NIL {6}\r\nB\xc3\xb6rse NIL" in imap("INBOX").say("a FETCH 1 ENVELOPE\r\n")


@pytest.mark.parametrize(
    ("mail", "structure"),
    [
        (b"\r\nhi\r\n", '("TEXT" "PLAIN" ("CHARSET" "us-ascii") NIL NIL "7BIT" 4 1 NIL NIL NIL NIL)'),
        (
            b'Content-Type: application/pdf; name="a b.pdf"\r\n'
            b"Content-Transfer-Encoding: base64\r\nContent-MD5: abc\r\n"
            b'Content-Disposition: attachment; filename="a b.pdf"\r\nContent-Language: de, en\r\n'
            b"Content-Location: http://x/\r\nContent-Description: papers\r\n\r\nAAAA",
            '("APPLICATION" "PDF" ("NAME" "a b.pdf") NIL "papers" "BASE64" 4 "abc" '
            '("ATTACHMENT" ("FILENAME" "a b.pdf")) ("de" "en") "http://x/")',
        ),
        (
            b"Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nbody",
            '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 19 (NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL) '
            '("TEXT" "PLAIN" ("CHARSET" "us-ascii") NIL NIL "7BIT" 4 1 NIL NIL NIL NIL) 3 NIL NIL NIL NIL)',
        ),
    ],
)
def test_structures(imap, inbox, mail, structure):
    inbox.add(mail)
    assert imap("INBOX").lines("FETCH 1 BODYSTRUCTURE") == [f"1 FETCH (BODYSTRUCTURE {structure})"]


def test_a_mail_made_by_python_comes_apart_as_it_was_put_together(imap, inbox):
    message = EmailMessage()
    message["Subject"] = "Börse"
    message.set_content("Kurs: 430,47 €\n")
    message.add_attachment(b"\0\1\2" * 100, "image", "png", filename="chart.png")
    inbox.add(message.as_bytes(policy=email.policy.SMTP))
    session = imap("INBOX")
    for number, part in enumerate(message.iter_parts(), 1):
        answer = session.say(f"a FETCH 1 (BODY[{number}.MIME] BODY[{number}])\r\n")
        mime, body = split_literals(answer)
        read = email.message_from_bytes(mime + body).get_payload(decode=True)
        assert read.replace(b"\r\n", b"\n") == part.get_payload(decode=True)


def split_literals(answer: bytes) -> list[bytes]:
    found, rest = [], answer
    while match := re.search(rb"\{(\d+)\}\r\n", rest):
        end = match.end() + int(match[1])
        found.append(rest[match.end() : end])
        rest = rest[end:]
    return found


headers = st.sampled_from([
    b"From: ", b"To: ", b"Subject: ", b"Content-Type: ", b"Content-Disposition: ", b"Content-Language: ", b"\r\n",
    b"multipart/mixed; boundary=b\r\n", b"message/rfc822\r\n", b"\r\n--b\r\n",
    b'"', b"(", b"<", b"a@b, ", b"\0", b"\xff",
])  # fmt: skip


@given(st.lists(headers, max_size=15).map(b"".join))
def test_whatever_the_mail_the_answer_is_well_formed(data):
    mailbox = Mailbox({ADA: "lovelace"})
    mailbox[ADA].inbox.add(data)
    session = IMAPSession(mailbox)
    session.feed(f"a LOGIN {ADA} lovelace\r\na SELECT INBOX\r\n".encode())
    list(iter(session.answer, None))
    session.feed(b"a FETCH 1 (ENVELOPE BODYSTRUCTURE BODY BODY[1] BODY[1.MIME] BODY[HEADER.FIELDS (To)])\r\n")
    answer = b"".join(iter(session.answer, None))
    assert answer.endswith(b")\r\na OK FETCH completed\r\n")
    balanced(answer.rpartition(b"a OK")[0])


def balanced(answer: bytes) -> None:
    """Take strings out as a client does; what is left must be brackets that fit, atoms and spaces."""
    left, rest = b"", answer
    while match := re.search(rb'"(?:[^"\\\r\n]|\\["\\])*"|\{(\d+)\}\r\n', rest):
        left += rest[: match.start()]
        rest = rest[match.end() + int(match[1] or 0) :]
    left += rest
    assert re.fullmatch(rb"[A-Za-z0-9 .*\[\]()<>\\]*\r\n", left), left
    depth = 0
    for sign in left:
        depth += {ord("("): 1, ord(")"): -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


def test_imaplib_reads_flags_and_times(imap, inbox):
    inbox.add(b"x", received=datetime.strptime("2013-03-01 16:00 -0500", "%Y-%m-%d %H:%M %z"))
    line = imap("INBOX").lines("FETCH 1 (FLAGS INTERNALDATE)")[0].encode()
    assert imaplib.ParseFlags(line) == (b"\\Recent",)
    assert imaplib.Internaldate2tuple(line) is not None
