"""Mails taken apart: as the `email` package takes them apart, and whatever strangers send."""

import email
import email.policy
import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers.mime import DEEPEST, MOST_PARTS, Part, decode_words
from netlab.servers.mime_fields import Address, addresses, parse_value

PNG = bytes(range(256)) * 40


@pytest.fixture
def mail() -> bytes:
    """Text and HTML with an inline image, an attachment, and another mail."""
    inner = EmailMessage()
    inner["Subject"] = "forwarded"
    inner.set_content("inside\n")
    message = EmailMessage()
    message["From"] = "Ada Lovelace <ada@ticker.example>"
    message["To"] = "bob@ticker.example"
    message["Subject"] = "Börse: 苹果公司 sinkt"
    message.set_content("Kurs: 430,47 €\n" * 20)
    message.add_alternative("<p>Kurs: <b>430,47 €</b></p>", subtype="html")
    message.get_payload()[1].add_related(PNG, "image", "png", cid="<chart>")
    message.add_attachment(PNG, "application", "octet-stream", filename="价格.bin")
    message.add_attachment(inner)
    return message.as_bytes(policy=email.policy.SMTP)


def test_the_parts_are_those_that_the_email_package_finds(mail):
    ours = [part for part in Part.parse(mail).walk() if not part.parts]
    theirs = [part for part in email.message_from_bytes(mail).walk() if not part.is_multipart()]
    assert ["/".join(part.kind) for part in ours] == [part.get_content_type() for part in theirs]
    assert [part.decoded() for part in ours] == [part.get_payload(decode=True) for part in theirs]
    texts = [part.text() for part in ours if part.kind[0] == "text"]
    assert texts[0] == "Kurs: 430,47 €\r\n" * 20


def test_the_bytes_of_each_part_are_those_that_were_sent(mail):
    tree = Part.parse(mail)
    assert tree.data == tree.header + tree.body == mail
    for part in tree.walk():
        assert part.data in mail
        assert part.size == len(part.body)
        assert part.lines == len(part.body.splitlines())


def test_header_fields_are_unfolded_and_their_words_decoded(mail):
    tree = Part.parse(mail)
    assert tree.header_text("subject") == "Börse: 苹果公司 sinkt"
    assert tree.get("to") == b"bob@ticker.example"
    assert tree.get("Bcc") is None
    folded = Part.parse(b"A: one\r\n two\r\n\tthree \r\nB : x\r\nnot a field\r\nA: again\r\n\r\n")
    assert folded.fields == [("a", b"one two\tthree"), ("b", b"x"), ("a", b"again")]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?q?B=C3=B6rse?=", "Börse"),
        (b"=?utf-8?b?6Iu55p6c?= =?utf-8?b?5YWs5Y+4?=", "苹果公司"),
        ("Börse".encode(), "Börse"),
        (b"\xff", "�"),
        (b"=?klingon?q?x?=", "=?klingon?q?x?="),
        (b"=?utf-8?b?a?=", "=?utf-8?b?a?="),
        (b"=?utf-8?q?=FF?=", "�"),
    ],
)
def test_words_are_decoded_if_they_can_be(raw, text):
    assert decode_words(raw) == text


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"ada@ticker.example", [(None, b"ada", b"ticker.example")]),
        (b"Ada Lovelace <ada@ticker.example>", [(b"Ada Lovelace", b"ada", b"ticker.example")]),
        (b'"Lovelace, Ada" <ada@x>, bob@y', [(b"Lovelace, Ada", b"ada", b"x"), (None, b"bob", b"y")]),
        (b'"a \\"b\\" \\\\" <a@x>', [(b'a "b" \\', b"a", b"x")]),
        (b"ada@x (Ada (the first))", [(b"Ada (the first)", b"ada", b"x")]),
        (b"=?utf-8?q?J=C3=B6?= <j@x>", [(b"=?utf-8?q?J=C3=B6?=", b"j", b"x")]),
        (b"A. B. <a.b@[127.0.0.1]>", [(b"A. B.", b"a.b", b"[127.0.0.1]")]),
        (b'"a@b"@x', [(None, b"a@b", b"x")]),
        (b"<@relay,@other:ada@x>", [(None, b"ada", b"x")]),
        (b"us: ada@x, Bob <bob@y>;, eve@z",
         [(None, b"us", None), (None, b"ada", b"x"), (b"Bob", b"bob", b"y"), (None, None, None), (None, b"eve", b"z")]),
        (b"undisclosed-recipients:;", [(None, b"undisclosed-recipients", None), (None, None, None)]),
        (b"ada", [(None, b"ada", b"")]),
        (b"<ada@x, bob@y", [(None, b"ada", b"x"), (None, b"bob", b"y")]),
        (b"<@open, bob@y", [(None, b"@open,bob", b"y")]),
        (b"<>", [(None, b"", b"")]),
        (b"", []),
        (b" , ,", []),
    ],
)  # fmt: skip
def test_addresses(raw, found):
    assert addresses(raw) == [Address(*each) for each in found]


def test_fields_with_parameters():
    value = parse_value(b'Text/Plain (a comment); charset="utf-8"; format = flowed; NAME="a;b\\"c"; junk; =x')
    assert value.text == "Text/Plain"
    assert value.parameters == {"charset": b"utf-8", "format": b"flowed", "name": b'a;b"c'}


@pytest.mark.parametrize(
    ("mail", "kinds"),
    [
        (b"", ["text/plain"]),
        (b"\r\n", ["text/plain"]),
        (b"no header at all", ["text/plain"]),
        (b"Content-Type: nonsense\r\n\r\nx", ["text/plain"]),
        (b"Content-Type: multipart/mixed\r\n\r\nx", ["text/plain"]),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\nno boundary", ["text/plain"]),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b",
         ["multipart/mixed", "text/plain", "text/plain"]),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n--b\r\n\r\nx", ["text/plain"]),
        (b"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nA: b\r\n\r\nx\r\n--b--",
         ["multipart/digest", "message/rfc822", "text/plain"]),
        (b"Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\nx", ["message/rfc822", "text/plain"]),
    ],
)  # fmt: skip
def test_what_is_no_proper_mail_is_one_of_some_kind(mail, kinds):
    assert ["/".join(part.kind) for part in Part.parse(mail).walk()] == kinds


def test_the_line_end_before_a_boundary_belongs_to_it():
    mail = b"Content-Type: multipart/mixed; boundary=b\r\n\r\nhi"
    mail += b"\r\n--b\r\n\r\none\r\n\r\n--b  \r\nA: b\r\n\r\ntwo\r\n--bc\r\n--b--\r\nx"
    assert [part.body for part in Part.parse(mail).parts] == [b"one\r\n", b"two\r\n--bc"]


@pytest.mark.parametrize(
    ("encoding", "body", "decoded"),
    [
        (b"base64", b"aGVs\r\nbG8=\r\n", b"hello"),
        (b"BASE64", b"aGVsbG8", b"hello"),
        (b"base64", b"!a", b""),
        (b"quoted-printable", b"B=C3=B6=\r\nrse", "Börse".encode()),
        (b"x-unknown", b"=41", b"=41"),
    ],
)
def test_encodings_are_undone(encoding, body, decoded):
    assert Part.parse(b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body).decoded() == decoded


def test_a_charset_that_nobody_knows_hides_nothing():
    mail = "Content-Type: text/plain; charset={}\r\n\r\nBörse"
    assert Part.parse(mail.format("klingon").encode()).text() == "Börse"
    assert Part.parse(mail.format("a\0b").encode()).text() == "Börse"
    assert Part.parse(mail.format("latin-1").encode("latin-1")).text() == "Börse"


# whatever strangers send


@given(st.binary(max_size=300))
def test_any_bytes_are_a_mail(data):
    tree = Part.parse(data)
    assert tree.data == data
    for part in tree.walk():
        part.text()
        addresses(part.get("To") or b"")


boundary_lines = st.sampled_from([
    b"--b\r\n", b"\r\n--b\r\n", b"\r\n--b--\r\n", b"\r\n--c\r\n", b"\r\n", b"x", b"A: b\r\n\r\n", b"\r\n--c--\r\n",
    b"Content-Type: multipart/mixed; boundary=c\r\n\r\n", b"Content-Type: message/rfc822\r\n\r\n",
])  # fmt: skip


@given(st.lists(boundary_lines, max_size=20).map(b"".join))
def test_no_part_is_outside_the_one_it_is_in(body):
    tree = Part.parse(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body)
    for part in tree.walk():
        assert 0 <= part.start <= part.split <= part.end <= len(tree.source)
        ends = [(inner.start, inner.end) for inner in part.parts]
        assert ends == sorted(ends)
        assert all(part.split <= start and end <= part.end for start, end in ends)


@given(st.binary(max_size=100))
def test_any_bytes_are_a_list_of_addresses(raw):
    for each in addresses(raw):
        assert isinstance(each, Address)


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"\r\n--b\r\n" * 300_000, id="parts"
        ),
        pytest.param(b"A:" * 500_000, id="one long field"),
        pytest.param(b"A: b\r\n" * 300_000, id="many fields"),
        pytest.param(b"a" * 1_000_000, id="no field"),
        pytest.param(b"To: " + b"(" * 200_000, id="open comments"),
        pytest.param(b"To: " + b"()" * 100_000, id="comments"),
        pytest.param(b'To: "' + b'\\"' * 100_000, id="quotes"),
        pytest.param(b"To: " + b'"' * 200_001, id="more quotes"),
        pytest.param(b"To: " + b"<" * 200_000, id="brackets"),
        pytest.param(b"To: " + b"a:" * 100_000, id="groups"),
        pytest.param(b"To: " + b"a@b," * 50_000, id="addresses"),
        pytest.param(b"Content-Type: " + b";" * 200_000, id="parameters"),
        pytest.param(b"Content-Type: message/rfc822\r\n\r\n" * 30_000, id="mails in mails"),
        pytest.param(b"Subject: " + b"=?utf-8?q?" * 20_000, id="encoded words"),
        pytest.param(b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 1_000_000, id="escapes"),
    ],
)
def test_no_mail_takes_long(mail):
    start = time.process_time()
    tree = Part.parse(mail)
    parts = list(tree.walk())
    for part in (parts[0], parts[-1]):
        addresses(part.get("To") or b"")
        part.header_text("Subject")
        part.text()
    assert len(parts) <= MOST_PARTS + DEEPEST + 2
    assert time.process_time() - start < 3
