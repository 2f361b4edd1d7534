"""The DNS server: what it answers, as dig and dnspython understand it, and what it survives."""

import os
import shutil
import socket
import struct
import subprocess

import dns.flags
import dns.message
import dns.query
import dns.resolver
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import OptionError
from netlab.servers import DNSServer, Zone
from netlab.servers.zone import answer
from netlab.wire import build_query

TEXT = """
$TTL 300
@     3600 IN SOA ns1 hostmaster 1 7200 3600 604800 60
@          IN NS  ns1
@          IN MX  10 mail
ns1        IN A   192.0.2.53
mail       IN A   192.0.2.25
www        IN CNAME web
web        IN A   192.0.2.80
web        IN AAAA 2001:db8::80
out        IN CNAME www.other.example.
lost       IN CNAME nowhere
round      IN CNAME round
*.shares   IN TXT "a share"
ibm.shares IN TXT "IBM"
a.b.deep   IN A   192.0.2.90
sub        IN NS  ns.sub
ns.sub     IN A   192.0.2.54
例え       IN A   192.0.2.81
long       IN TXT "{x}" "{x}" "{x}"
""".format(x="x" * 200)
ZONE = Zone("ticker.example", TEXT)


def ask(name, kind="A", *, size=None, **options):
    wire = answer([ZONE], dns.message.make_query(name, kind, **options).to_wire(), size=size)
    return dns.message.from_wire(wire)


def lines(section):
    return [line for rrset in section for line in rrset.to_text().splitlines()]


@pytest.fixture(scope="module")
def server():
    with DNSServer(ZONE) as server:
        yield server


@pytest.fixture
def dig(server, missing):
    if shutil.which("dig") is None:
        missing("dig is not installed; on Debian: apt install bind9-dnsutils")

    def dig(*question):
        command = ["dig", f"@{server.host}", "-p", str(server.port), "+tries=1", "+time=5", "+norecurse"]
        return subprocess.run([*command, *question], capture_output=True, text=True, check=True).stdout

    return dig


class TestWhatIsFound:
    def test_a_record(self):
        assert lines(ask("web.ticker.example").answer) == ["web.ticker.example. 300 IN A 192.0.2.80"]

    def test_capitals_do_not_matter_and_come_back_as_they_were(self):
        assert lines(ask("WeB.Ticker.EXAMPLE").answer) == ["WeB.Ticker.EXAMPLE. 300 IN A 192.0.2.80"]

    def test_an_alias_is_followed_within_the_zone(self):
        assert lines(ask("www.ticker.example", "AAAA").answer) == [
            "www.ticker.example. 300 IN CNAME web.ticker.example.",
            "web.ticker.example. 300 IN AAAA 2001:db8::80",
        ]

    def test_an_alias_to_another_zone_is_left_to_the_reader(self):
        assert lines(ask("out.ticker.example").answer) == [
            "out.ticker.example. 300 IN CNAME www.other.example."
        ]

    def test_an_alias_itself_can_be_asked_for(self):
        assert len(lines(ask("www.ticker.example", "CNAME").answer)) == 1

    def test_a_circle_of_aliases_has_an_end(self):
        assert lines(ask("round.ticker.example").answer)

    def test_a_mail_server_comes_with_its_address(self):
        found = ask("ticker.example", "MX")
        assert lines(found.answer) == ["ticker.example. 300 IN MX 10 mail.ticker.example."]
        assert lines(found.additional) == ["mail.ticker.example. 300 IN A 192.0.2.25"]

    def test_a_wildcard_stands_for_any_name_without_records_of_its_own(self):
        assert lines(ask("aapl.shares.ticker.example", "TXT").answer) == [
            'aapl.shares.ticker.example. 300 IN TXT "a share"'
        ]
        assert lines(ask("ibm.shares.ticker.example", "TXT").answer) == [
            'ibm.shares.ticker.example. 300 IN TXT "IBM"'
        ]
        assert ask("x.ibm.shares.ticker.example", "TXT").rcode() == dns.rcode.NXDOMAIN

    def test_a_name_beyond_ascii(self):
        assert lines(ask("xn--r8jz45g.ticker.example").answer)

    def test_any_is_answered_with_one_kind(self):
        assert len(ask("web.ticker.example", "ANY").answer) == 1

    def test_the_answer_is_authoritative_and_promises_no_recursion(self):
        flags = ask("web.ticker.example").flags
        assert flags & dns.flags.AA
        assert not flags & dns.flags.RA


class TestWhatIsNotFound:
    @pytest.mark.parametrize("name", ["nobody.ticker.example", "a.web.ticker.example"])
    def test_a_name_that_does_not_exist(self, name):
        found = ask(name)
        assert found.rcode() == dns.rcode.NXDOMAIN
        assert not found.answer

    @pytest.mark.parametrize(
        ("name", "kind"), [("web", "TXT"), ("b.deep", "A"), ("deep", "A"), ("shares", "TXT")]
    )
    def test_a_name_that_exists_without_such_a_record(self, name, kind):
        found = ask(f"{name}.ticker.example", kind)
        assert found.rcode() == dns.rcode.NOERROR
        assert not found.answer

    @pytest.mark.parametrize(("name", "kind"), [("nobody", "A"), ("web", "TXT")])
    def test_the_soa_says_for_how_long_that_may_be_believed(self, name, kind):
        (soa,) = lines(ask(f"{name}.ticker.example", kind).authority)
        assert soa.startswith("ticker.example. 60 IN SOA")

    def test_an_alias_to_nothing(self):
        found = ask("lost.ticker.example")
        assert found.rcode() == dns.rcode.NXDOMAIN
        assert lines(found.answer)

    def test_what_was_handed_over_is_referred_to_its_servers(self):
        found = ask("www.sub.ticker.example")
        assert not found.flags & dns.flags.AA
        assert not found.answer
        assert lines(found.authority) == ["sub.ticker.example. 300 IN NS ns.sub.ticker.example."]
        assert lines(found.additional) == ["ns.sub.ticker.example. 300 IN A 192.0.2.54"]

    def test_other_zones_are_refused(self):
        assert ask("www.other.example").rcode() == dns.rcode.REFUSED

    def test_the_nearest_of_several_zones_answers(self):
        parent = Zone("example", "@ 60 IN SOA a b 1 2 3 4 5\n@ 60 IN NS a\nticker 60 IN NS ns1.ticker")
        query = build_query("web.ticker.example", id=1)
        assert dns.message.from_wire(answer([parent, ZONE], query)).answer
        assert dns.message.from_wire(answer([parent], query)).authority


class TestStrangeQueries:
    def test_a_long_answer_is_cut_and_says_so(self):
        short = ask("long.ticker.example", "TXT", size=512)
        assert short.flags & dns.flags.TC
        assert not short.answer

    def test_a_client_that_takes_more_gets_more(self):
        assert ask("long.ticker.example", "TXT", size=512, use_edns=0, payload=1232).answer

    def test_an_unknown_version_of_edns(self):
        assert ask("web.ticker.example", use_edns=1).rcode() == dns.rcode.BADVERS

    def test_a_whole_zone_is_not_given_away(self):
        assert ask("ticker.example", "AXFR").rcode() == dns.rcode.NOTIMP

    def test_other_operations_are_not_implemented(self):
        query = dns.message.make_query("ticker.example", "A")
        query.set_opcode(dns.opcode.STATUS)
        assert dns.message.from_wire(answer([ZONE], query.to_wire())).rcode() == dns.rcode.NOTIMP

    def test_a_query_that_cannot_be_read_gets_its_id_back(self):
        wire = answer([ZONE], build_query("web.ticker.example", id=4711)[:-3])
        assert wire[:2] == (4711).to_bytes(2, "big")
        assert dns.message.from_wire(wire).rcode() == dns.rcode.FORMERR

    @pytest.mark.parametrize("data", [b"", b"x" * 11, bytes([0, 1, 0x80]) + bytes(20)])
    def test_what_is_no_query_is_not_answered(self, data):
        assert answer([ZONE], data) is None

    @given(data=st.binary(max_size=300))
    def test_garbage_is_answered_with_an_error_or_not_at_all(self, data):
        wire = answer([ZONE], data)
        assert wire is None or wire[:2] == data[:2]


@pytest.mark.parametrize(
    ("origin", "text", "words"),
    [
        ("ticker.example", "", "no SOA"),
        ("ticker.example", "@ 60 IN A 192.0.2.1", "no SOA"),
        ("ticker.example", "@ 60 IN SOA nonsense", "cannot be read"),
        ("ticker.example", TEXT + "\nweb IN A 999.1.1.1", "cannot be read"),
        ("a..example", TEXT, "cannot be read"),
    ],
)
def test_a_zone_that_is_none_says_what_is_wrong(origin, text, words):
    with pytest.raises(OptionError, match=words):
        Zone(origin, text)


def test_a_server_without_a_zone_says_how_to_make_one():
    with pytest.raises(OptionError, match=r"DNSServer\(Zone\("):
        DNSServer()


class TestByDig:
    def test_over_udp(self, dig):
        assert dig("+short", "www.ticker.example") == "web.ticker.example.\n192.0.2.80\n"

    def test_over_tcp(self, dig):
        assert dig("+short", "+tcp", "ticker.example", "MX") == "10 mail.ticker.example.\n"

    def test_a_cut_answer_is_asked_for_again_over_tcp(self, dig):
        shown = dig("+noedns", "long.ticker.example", "TXT")
        assert "Truncated, retrying in TCP mode" in shown
        assert "ANSWER: 1" in shown

    def test_nothing_is_malformed(self, dig):
        for question in (
            ["nobody.ticker.example"],
            ["www.sub.ticker.example"],
            ["web.ticker.example", "ANY"],
        ):
            shown = dig(*question)
            assert "malformed" not in shown
            assert "WARNING" not in shown


def test_the_resolver_of_dnspython_is_content(server):
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [server.host], server.port
    assert [record.to_text() for record in resolver.resolve("www.ticker.example", "A")] == ["192.0.2.80"]
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve("nobody.ticker.example", "A")
    with pytest.raises(dns.resolver.NoAnswer):
        resolver.resolve("web.ticker.example", "TXT")


def over_tcp(*queries):
    return b"".join(struct.pack("!H", len(query)) + query for query in queries)


def test_tcp_and_udp_share_the_port(server, udp):
    query = dns.message.make_query("web.ticker.example", "A")
    for way in (dns.query.udp, dns.query.tcp):
        assert way(query, server.host, port=server.port, timeout=5).answer


def test_tcp_queries_may_come_ten_bytes_at_a_time_and_several_at_once(server, connect):
    queries = [
        build_query("web.ticker.example", kind, id=number) for number, kind in enumerate(("A", "AAAA", "TXT"))
    ]
    sock = connect(server.address)
    data = over_tcp(*queries)
    for start in range(0, len(data), 10):
        sock.sendall(data[start : start + 10])
    with sock.makefile("rb") as stream:
        for number in range(3):
            (length,) = struct.unpack("!H", stream.read(2))
            assert int.from_bytes(stream.read(length)[:2], "big") == number


def test_garbage_over_tcp_ends_that_connection_and_no_other(server, connect, receive_all):
    other = connect(server.address)
    sock = connect(server.address)
    sock.sendall(over_tcp(b"x"))
    assert receive_all(sock) == b""
    other.sendall(over_tcp(build_query("web.ticker.example", id=1)))
    assert other.recv(2)


def test_garbage_over_udp_is_outlived(server, udp):
    for size in (0, 1, 11, 12, 500):
        udp.sendto(os.urandom(size), server.address)
    query = dns.message.make_query("web.ticker.example", "A")
    assert dns.query.udp(query, server.host, port=server.port, timeout=5, ignore_unexpected=True).answer


def test_a_reset_is_outlived(server, connect):
    sock = connect(server.address)
    sock.sendall(b"\0")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    assert dns.query.tcp(
        dns.message.make_query("web.ticker.example", "A"), server.host, port=server.port, timeout=5
    ).answer


def test_the_transcript_has_queries_and_answers():
    with DNSServer(ZONE) as server:
        dns.query.udp(
            dns.message.make_query("web.ticker.example", "A"), server.host, port=server.port, timeout=5
        )
        assert [entry.speaker for entry in server.transcript] == ["client 1", "server"]
