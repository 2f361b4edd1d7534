"""DNS messages: read as dnspython reads them, refused with a reason where they make no sense."""

import dns.exception
import dns.message
import dns.name
import dns.rrset
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlab.errors import OptionError, PacketError
from netlab.wire import DNSMessage, build_query, check_answer, explain_dns, read_name, write_name
from netlab.wire.dns import QR, TC, WrongAnswerError
from netlab.wire.dns_explained import mark_dns

RECORDS = """
www.ticker.example. 300 IN CNAME web.ticker.example.
web.ticker.example. 300 IN A 192.0.2.80
web.ticker.example. 300 IN AAAA 2001:db8::80
ticker.example. 3600 IN NS ns1.ticker.example.
ticker.example. 3600 IN SOA ns1.ticker.example. hostmaster.ticker.example. 1 7200 3600 604800 60
ticker.example. 300 IN MX 10 mail.ticker.example.
ticker.example. 300 IN TXT "prices, \\"live\\"" "second"
80.2.0.192.in-addr.arpa. 300 IN PTR web.ticker.example.
""".strip().splitlines()
LABEL = st.binary(min_size=1, max_size=63)


def full_answer():
    query = dns.message.make_query("www.ticker.example", "A", id=7)
    response = dns.message.make_response(query)
    for line in RECORDS:
        name, ttl, class_, kind, data = line.split(" ", 4)
        response.answer.append(dns.rrset.from_text(name, int(ttl), class_, kind, data))
    return response


ANSWER = full_answer().to_wire()


def test_a_query_is_what_dnspython_would_send():
    wire = build_query("www.ticker.example", "MX", id=4711, recursion=True)
    assert wire == dns.message.make_query("www.ticker.example", "MX", id=4711).to_wire()


def test_a_query_has_the_bytes_of_the_rfc():
    wire = build_query("a.example", id=7)
    assert wire == bytes.fromhex("0007 0000 0001 0000 0000 0000 01 61 07 6578616d706c65 00 0001 0001")


def test_names_beyond_ascii_go_as_punycode():
    assert write_name("例え.example") == b"\x0bxn--r8jz45g\x07example\0"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a..example", "0 bytes"),
        ("x" * 64 + ".example", "64 bytes"),
        (".".join(["x" * 60] * 5), "255 is the most"),
        ("\u0000é.example", "Punycode"),
    ],
)
def test_a_name_that_is_none_says_what_is_wrong(name, words):
    with pytest.raises(OptionError, match=words):
        write_name(name)


@pytest.mark.parametrize(
    ("options", "words"), [({"id": 65536}, "16 bits"), ({"id": 1, "type": "X"}, "'X' is not")]
)
def test_a_query_that_cannot_be_built_says_why(options, words):
    with pytest.raises(OptionError, match=words):
        build_query("a.example", **options)


def test_every_type_of_record_is_read_as_zone_files_write_it():
    message = DNSMessage.parse(ANSWER)
    assert [f"{r.name} {r.ttl} IN {r.type_name} {r.value}" for r in message.answers] == RECORDS


def test_a_message_says_in_one_line_what_it_is():
    query = build_query("www.ticker.example", id=7)
    assert DNSMessage.parse(query).summary() == "DNS query A www.ticker.example."
    assert (
        "A www.ticker.example.: CNAME web.ticker.example., A 192.0.2.80" in DNSMessage.parse(ANSWER).summary()
    )


def test_explain_marks_every_bit_once():
    end = 0
    for field in mark_dns(ANSWER):
        if not isinstance(field, str):
            assert field.start == end
            end += field.bits
    assert end == 8 * len(ANSWER)


def with_name(wire):
    return bytes(12) + wire


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        (b"\xc0\x0c", "must lead backwards"),  # to itself
        (b"\x01a\xc0\x0c", "must lead backwards"),  # to the beginning of the name it is part of
        (b"\xc0\x40", "must lead backwards"),  # forwards
        (b"\x03ab", "message ends before"),
        (b"\x01a", "goes on at byte"),
        (b"\xc0", "goes on at byte"),
        (b"\x40" + b"a" * 64 + b"\0", "neither a label"),
        (b"\x80\0", "neither a label"),
        (
            b"\x3f" + b"a" * 63 + b"\x3f" + b"b" * 63 + b"\x3f" + b"c" * 63 + b"\x3f" + b"d" * 63 + b"\0",
            "255 bytes",
        ),
    ],
)
def test_a_name_that_would_never_end_is_refused(wire, words):
    with pytest.raises(PacketError, match=words):
        read_name(with_name(wire), 12)


def test_two_pointers_that_lead_to_each_other_are_refused():
    with pytest.raises(PacketError, match="must lead backwards"):
        read_name(bytes(12) + b"\xc0\x0e\xc0\x0c", 14)


@pytest.mark.parametrize("end", range(len(ANSWER)))
def test_a_message_that_is_cut_anywhere_is_refused(end):
    with pytest.raises(PacketError):
        DNSMessage.parse(ANSWER[:end])


def test_bytes_behind_the_last_record_are_refused():
    with pytest.raises(PacketError, match="1 bytes follow"):
        DNSMessage.parse(ANSWER + b"\0")


@given(labels=st.lists(LABEL, max_size=6))
def test_a_name_is_read_as_dnspython_reads_it(labels):
    name = dns.name.Name([*labels, b""])
    read, after = read_name(with_name(name.to_wire()), 12)
    assert dns.name.from_text(read) == name
    assert after == 12 + len(name.to_wire())


@given(
    changes=st.lists(st.tuples(st.integers(0, len(ANSWER) - 1), st.integers(0, 255)), max_size=4),
    cut=st.integers(0, len(ANSWER)),
)
@example(changes=[(12, 0xC0)], cut=0)
def test_what_is_read_at_all_is_read_as_dnspython_reads_it(changes, cut):
    wire = bytearray(ANSWER)
    for position, byte in changes:
        wire[position] = byte
    data = bytes(wire[: len(wire) - cut])
    try:
        ours = DNSMessage.parse(data)
    except PacketError:
        return
    explain_dns(data)
    try:
        theirs = dns.message.from_wire(data, one_rr_per_rrset=True)
    except (dns.exception.DNSException, ValueError):
        return  # dnspython looks into types and classes that we show as bytes
    assert ours.id == theirs.id
    assert len(ours.questions) == len(theirs.question)
    for question, their in zip(ours.questions, theirs.question, strict=True):
        assert dns.name.from_text(question.name) == their.name


@given(data=st.binary(max_size=600))
def test_garbage_is_read_or_refused_and_nothing_else(data):
    try:
        DNSMessage.parse(data).summary()
        explain_dns(data)
    except PacketError:
        pass


class TestTheAnswerToAQuery:
    query = build_query("www.ticker.example", id=7)

    def test_is_accepted(self):
        assert check_answer(self.query, ANSWER).answers

    def test_may_have_the_name_in_other_capitals(self):
        assert check_answer(build_query("WWW.Ticker.example", id=7), ANSWER)

    def test_has_the_same_id(self):
        with pytest.raises(WrongAnswerError, match="id 8"):
            check_answer(self.query, b"\0\x08" + ANSWER[2:])

    def test_has_the_same_question(self):
        with pytest.raises(
            WrongAnswerError, match=r"about www.ticker.example. A, but www.ticker.example. MX"
        ):
            check_answer(build_query("www.ticker.example", "MX", id=7), ANSWER)

    def test_is_no_query(self):
        with pytest.raises(WrongAnswerError, match="QR, is 0"):
            check_answer(self.query, self.query)

    def test_that_was_cut_short_has_to_be_asked_for_again(self):
        flags = int.from_bytes(ANSWER[2:4], "big") | QR | TC
        with pytest.raises(WrongAnswerError, match="again over TCP"):
            check_answer(self.query, ANSWER[:2] + flags.to_bytes(2, "big") + ANSWER[4:])
