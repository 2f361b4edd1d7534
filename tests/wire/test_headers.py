"""Headers byte by byte, held against Scapy, against tshark, and against bytes from nowhere."""

from __future__ import annotations

import contextlib
import logging
import warnings
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import OptionError, PacketError
from netlab.wire import (
    ARP,
    ICMP,
    TCP,
    UDP,
    CapturedFrame,
    Ethernet,
    IPv4,
    IPv6,
    Packet,
    TCPOption,
    build,
    internet_checksum,
    write_pcap,
)
from netlab.wire.tcp import NOP, SACK_PERMITTED, TIMESTAMPS, WINDOW_SCALE

logging.getLogger("scapy").setLevel(logging.ERROR)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scapy.layers.inet import ICMP as ScapyICMP
    from scapy.layers.inet import IP as ScapyIP
    from scapy.layers.inet import TCP as ScapyTCP
    from scapy.layers.inet import UDP as ScapyUDP
    from scapy.layers.inet6 import ICMPv6EchoRequest as ScapyICMPv6EchoRequest
    from scapy.layers.inet6 import IPv6 as ScapyIPv6
    from scapy.layers.l2 import ARP as ScapyARP
    from scapy.layers.l2 import Ether as ScapyEther
    from scapy.packet import Raw

macs = st.binary(min_size=6, max_size=6).map(lambda data: data.hex(":"))
ipv4s = st.ip_addresses(v=4)
ipv6s = st.ip_addresses(v=6)
ports = st.integers(0, 0xFFFF)
payloads = st.binary(max_size=100)


def numbers(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, (1 << bits) - 1)


options = st.lists(
    st.one_of(
        numbers(16).map(TCPOption.mss),
        st.sampled_from([TCPOption(NOP), TCPOption(SACK_PERMITTED)]),
        st.binary(min_size=1, max_size=1).map(lambda value: TCPOption(WINDOW_SCALE, value)),
        st.binary(min_size=8, max_size=8).map(lambda value: TCPOption(TIMESTAMPS, value)),
        st.builds(TCPOption, st.integers(30, 250), st.binary(max_size=6)),
    ),
    max_size=3,
).map(lambda given: (*given, *[TCPOption(NOP)] * (-sum(len(o.pack()) for o in given) % 4)))

ethernets = st.builds(Ethernet, macs, macs)
ips = st.builds(
    IPv4,
    ipv4s,
    ipv4s,
    ttl=numbers(8),
    identification=numbers(16),
    flags=st.sampled_from([0, 2, 4, 6]),
    dscp=numbers(6),
    ecn=numbers(2),
)
ipv6_headers = st.builds(
    IPv6, ipv6s, ipv6s, hop_limit=numbers(8), traffic_class=numbers(8), flow_label=numbers(20)
)
udps = st.builds(UDP, ports, ports)
tcps = st.builds(
    TCP,
    ports,
    ports,
    seq=numbers(32),
    ack=numbers(32),
    flags=numbers(8),
    window=numbers(16),
    urgent=numbers(16),
    reserved=numbers(4),
    options=options,
)
arps = st.builds(ARP, st.sampled_from([1, 2]), macs, ipv4s, macs, ipv4s)


def frames_of_every_kind() -> list[bytes]:
    ether = Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01")
    ether6 = Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01", 0x86DD)
    ip, ip6 = IPv4("192.0.2.1", "192.0.2.2"), IPv6("2001:db8::1", "2001:db8::2")
    syn = TCP(50000, 8000, flags=2, options=(TCPOption.mss(1460),))
    return [
        build(
            Ethernet("ff:ff:ff:ff:ff:ff", "02:00:00:00:00:01", 0x0806),
            ARP(1, "02:00:00:00:00:01", "192.0.2.1", "00:00:00:00:00:00", "192.0.2.2"),
        ),
        build(ether, ip, syn),
        build(ether, ip, TCP(50000, 8000, 1, 1, 0x18), payload=b"AAPL?\n"),
        build(ether, replace(ip, protocol=17), UDP(50000, 8000), payload=b"AAPL?"),
        build(ether, replace(ip, protocol=1), ICMP.echo(1, 1), payload=b"ping"),
        build(ether6, ip6, syn),
        build(ether6, IPv6(ip6.src, ip6.dst, 17), UDP(50000, 8000), payload=b"odd"),
        build(ether6, IPv6(ip6.src, ip6.dst, 58), ICMP(128, version=6, rest=0x10001), payload=b"ping"),
    ]


FRAMES = frames_of_every_kind()


class TestAgainstScapy:
    """The same fields make the same bytes, and Scapy's bytes give back its fields."""

    @given(macs, macs, arps)
    def test_arp(self, dst, src, arp):
        theirs = ScapyEther(dst=dst, src=src) / ScapyARP(
            op=arp.operation,
            hwsrc=arp.sender_mac,
            psrc=str(arp.sender_ip),
            hwdst=arp.target_mac,
            pdst=str(arp.target_ip),
        )
        assert build(Ethernet(dst, src, 0x0806), arp) == bytes(theirs)
        assert Packet.parse(bytes(theirs)).arp == arp

    @given(ethernets, ips, udps, payloads)
    def test_udp_over_ipv4(self, ethernet, ip, udp, payload):
        theirs = bytes(
            ScapyEther(dst=ethernet.dst, src=ethernet.src)
            / scapy_ip(ip)
            / ScapyUDP(sport=udp.src_port, dport=udp.dst_port)
            / Raw(payload)
        )
        assert build(ethernet, replace(ip, protocol=17), udp, payload=payload) == theirs
        read = Packet.parse(theirs)
        assert (read.udp.src_port, read.udp.dst_port, read.payload) == (udp.src_port, udp.dst_port, payload)
        assert read.checksums_are_right

    @given(ethernets, ips, tcps, payloads)
    def test_tcp_over_ipv4(self, ethernet, ip, tcp, payload):
        theirs = bytes(
            ScapyEther(dst=ethernet.dst, src=ethernet.src) / scapy_ip(ip) / scapy_tcp(tcp) / Raw(payload)
        )
        ours = Packet.build(ethernet, ip, tcp, payload=payload)
        assert ours.pack() == theirs
        assert Packet.parse(theirs) == ours

    @given(ipv6_headers, tcps, payloads)
    def test_tcp_over_ipv6(self, ip, tcp, payload):
        ethernet = Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01", 0x86DD)
        theirs = bytes(
            ScapyEther(dst=ethernet.dst, src=ethernet.src)
            / ScapyIPv6(
                src=str(ip.src),
                dst=str(ip.dst),
                hlim=ip.hop_limit,
                tc=ip.traffic_class,
                fl=ip.flow_label,
                nh=6,
            )
            / scapy_tcp(tcp)
            / Raw(payload)
        )
        ours = Packet.build(ethernet, ip, tcp, payload=payload)
        assert ours.pack() == theirs
        assert Packet.parse(theirs) == ours

    @given(ipv6s, ipv6s, udps, payloads)
    def test_udp_over_ipv6(self, src, dst, udp, payload):
        inner = ScapyUDP(sport=udp.src_port, dport=udp.dst_port) / Raw(payload)
        theirs = bytes(ScapyIPv6(src=str(src), dst=str(dst), nh=17) / inner)
        ours = Packet.build(IPv6(src, dst, 17), udp, payload=payload)
        assert ours.pack() == theirs
        assert Packet.parse(theirs, link="ip") == ours

    @given(ipv6s, ipv6s, numbers(16), numbers(16), payloads)
    def test_a_ping_over_ipv6(self, src, dst, identifier, sequence, payload):
        echo = ScapyICMPv6EchoRequest(id=identifier, seq=sequence, data=payload)
        theirs = bytes(ScapyIPv6(src=str(src), dst=str(dst), nh=58) / echo)
        header = ICMP(128, rest=identifier << 16 | sequence, version=6)
        ours = Packet.build(IPv6(src, dst, 58), header, payload=payload)
        assert ours.pack() == theirs
        assert Packet.parse(theirs, link="ip") == ours
        assert ours.icmp.kind == "echo request"

    @given(numbers(16), numbers(16), payloads)
    def test_a_ping(self, identifier, sequence, payload):
        theirs = bytes(
            ScapyIP(src="192.0.2.1", dst="192.0.2.2", flags="DF", id=0)
            / ScapyICMP(type=8, id=identifier, seq=sequence)
            / Raw(payload)
        )
        ip = IPv4("192.0.2.1", "192.0.2.2", 1)
        assert build(ip, ICMP.echo(identifier, sequence), payload=payload) == theirs
        read = Packet.parse(theirs, link="ip").icmp
        assert (read.kind, read.identifier, read.sequence) == ("echo request", identifier, sequence)


def scapy_ip(ip: IPv4) -> ScapyIP:
    return ScapyIP(
        src=str(ip.src),
        dst=str(ip.dst),
        ttl=ip.ttl,
        id=ip.identification,
        flags=ip.flags,
        tos=ip.dscp << 2 | ip.ecn,
    )


def scapy_tcp(tcp: TCP) -> ScapyTCP:
    raw = b"".join(option.pack() for option in tcp.options)
    header = ScapyTCP(
        sport=tcp.src_port,
        dport=tcp.dst_port,
        seq=tcp.seq,
        ack=tcp.ack,
        flags=tcp.flags | (tcp.reserved & 1) << 8,  # Scapy counts the lowest reserved bit as a flag
        window=tcp.window,
        urgptr=tcp.urgent,
        reserved=tcp.reserved >> 1,
        dataofs=5 + len(raw) // 4,
    )
    if raw:  # Scapy has ideas of its own about options: give it the bytes
        header.options = ScapyTCP(bytes(ScapyTCP(dataofs=5 + len(raw) // 4))[:20] + raw).options
    return header


class TestAgainstTshark:
    """An independent reader finds nothing to complain about."""

    def test_every_kind_of_packet_is_sound(self, tmp_path, assert_sound):
        write_pcap(tmp_path / "all.pcap", [CapturedFrame(number, data) for number, data in enumerate(FRAMES)])
        assert_sound(tmp_path / "all.pcap", len(FRAMES))

    def test_it_notices_a_wrong_checksum_so_the_test_above_can_fail(self, tmp_path, assert_sound):
        good = Packet.build(
            Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01"), IPv4("192.0.2.1", "192.0.2.2"), TCP(1, 2)
        )
        bad = bytearray(good.pack())
        bad[-4] ^= 1
        write_pcap(tmp_path / "bad.pcap", [CapturedFrame(0, bytes(bad))])
        with pytest.raises(AssertionError, match="packet 1 has a bad tcp checksum"):
            assert_sound(tmp_path / "bad.pcap", 1)
        assert not Packet.parse(bytes(bad)).checksums_are_right


class TestThereAndBack:
    """What is packed is unpacked as it was, whatever the fields hold."""

    @given(ethernets | arps | ipv6_headers | tcps)
    def test_a_header(self, header):
        read, _ = type(header).unpack(header.pack())
        assert read.pack() == header.pack()
        assert type(header).unpack(read.pack()) == (read, b"")

    @given(ips, numbers(3), numbers(13), st.binary(max_size=10).map(lambda data: data * 4), payloads)
    def test_an_ipv4_header_with_options_and_fragments(self, ip, flags, offset, options, payload):
        header = replace(ip, flags=flags, fragment_offset=offset, options=options).completed(len(payload))
        assert header.checksum_is_right
        assert IPv4.unpack(header.pack() + payload) == (header, payload)

    @given(udps, numbers(16), payloads)
    def test_a_udp_header_keeps_even_a_wrong_checksum(self, udp, checksum, payload):
        header = replace(udp, length=8 + len(payload), checksum=checksum)
        assert UDP.unpack(header.pack() + payload) == (header, payload)

    @given(numbers(8), numbers(8), numbers(32), numbers(16), payloads)
    def test_an_icmp_header(self, kind, code, rest, checksum, payload):
        header = ICMP(kind, code, rest, checksum)
        assert ICMP.unpack(header.pack() + payload) == (header, payload)


class TestBytesFromNowhere:
    """Whatever comes is a packet, or one clear error."""

    @given(st.binary(max_size=200))
    def test_any_bytes_are_a_packet_or_an_error(self, data):
        for link in ("ethernet", "ip"):
            try:
                packet = Packet.parse(data, link=link)
            except PacketError:
                continue
            assert data.startswith(packet.pack())

    @given(st.sampled_from(FRAMES), st.lists(st.tuples(st.integers(0, 90), numbers(8)), max_size=5))
    def test_a_frame_changed_anywhere_is_a_packet_or_an_error(self, frame, changes):
        changed = bytearray(frame)
        for place, byte in changes:
            changed[place % len(frame)] = byte
        with contextlib.suppress(PacketError):
            packet = Packet.parse(bytes(changed))
            assert changed.startswith(packet.pack())
            assert packet.summary()
            assert packet.checksums_are_right in (True, False)

    @given(ethernets, ips, tcps, payloads, st.data())
    def test_a_frame_cut_anywhere_is_an_error(self, ethernet, ip, tcp, payload, data):
        frame = build(ethernet, ip, tcp, payload=payload)
        cut = data.draw(st.integers(0, len(frame) - 1))
        with pytest.raises(PacketError):
            Packet.parse(frame[:cut])

    @given(ethernets, ips, tcps, payloads, st.data())
    def test_a_damaged_frame_is_noticed_or_an_error(self, ethernet, ip, tcp, payload, data):
        frame = bytearray(build(ethernet, ip, tcp, payload=payload))
        frame[data.draw(st.integers(26, 33))] ^= data.draw(st.integers(1, 255))  # an address
        with contextlib.suppress(PacketError):
            assert not Packet.parse(bytes(frame)).checksums_are_right

    @pytest.mark.parametrize(
        ("kind", "data", "words"),
        [
            (Ethernet, bytes(13), "needs at least 14 bytes, but only 13 are left"),
            (IPv4, b"\x65" + bytes(19), "begins with version 4, not 6"),
            (IPv4, b"\x44" + bytes(19), "at least 20 bytes, but its IHL says 16"),
            (IPv4, b"\x45\x00\x00\x40" + bytes(16), "total length is 64, but there are 20 bytes"),
            (IPv6, b"\x45" + bytes(39), "begins with version 6, not 4"),
            (UDP, b"\x00\x01\x00\x02\x00\x09\x00\x00", "UDP length is 9, but there are 8 bytes"),
            (TCP, bytes(12) + b"\x40" + bytes(7), "its data offset says 16"),
            (
                TCP,
                bytes(12) + b"\x60" + bytes(7) + b"\x02\x09\x00\x00",
                "says that it has 9 bytes; 4 are left",
            ),
            (ARP, b"\x00\x06" + bytes(26), "begins with types 1, 0x0800, 6, 4"),
        ],
    )
    def test_the_error_says_what_is_wrong(self, kind, data, words):
        with pytest.raises(PacketError, match=words):
            kind.unpack(data)

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda: Ethernet("02:00:00:00:00", "02:00:00:00:00:01"),
            lambda: IPv4("192.0.2.1", "192.0.2.2", ttl=256),
            lambda: UDP(-1, 1),
            lambda: UDP(1, 2, length=65536),
            lambda: TCP(1, 2, checksum=65536),
            lambda: ICMP(8, checksum=-1),
            lambda: IPv6("::1", "::2", payload_length=65536),
            lambda: TCPOption(256),
            lambda: TCPOption(NOP, b"lost"),
            lambda: TCPOption(TIMESTAMPS, bytes(39)),
            lambda: TCP(1, 65536),
            lambda: TCP(1, 2, options=(TCPOption(NOP),)),
            lambda: build(IPv4("192.0.2.1", "192.0.2.2", 17), UDP(1, 2), payload=bytes(65508)),
            lambda: build(),
        ],
    )
    def test_what_does_not_fit_is_refused(self, wrong):
        with pytest.raises(OptionError):
            wrong()


def test_what_pads_a_short_frame_is_no_content():
    frame = build(
        Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01"),
        IPv4("192.0.2.1", "192.0.2.2", 17),
        UDP(1, 2),
        payload=b"hi",
    )
    assert Packet.parse(frame + bytes(60 - len(frame))).payload == b"hi"


def test_addresses_may_be_given_as_text_and_are_kept_as_addresses():
    ip = IPv4("192.0.2.1", "192.0.2.2")
    assert (ip.src, ip.dst) == (IPv4Address("192.0.2.1"), IPv4Address("192.0.2.2"))
    assert IPv6("2001:DB8::1", "::1").src == IPv6Address("2001:db8::1")


def test_the_checksum_of_the_rfc():
    """RFC 1071, section 3: the sum of these bytes is 0xddf2."""
    assert internet_checksum(bytes.fromhex("0001f203f4f5f6f7")) == ~0xDDF2 & 0xFFFF


@given(st.binary(max_size=99))
def test_data_with_its_checksum_sums_to_zero(data):
    even = data + bytes(len(data) % 2)
    assert internet_checksum(even + internet_checksum(even).to_bytes(2, "big")) == 0


def test_a_summary_reads_as_a_line():
    packet = Packet.build(IPv4("192.0.2.1", "192.0.2.2"), TCP(50000, 8000, 7, 9, 0x18), payload=b"AAPL?\n")
    assert packet.summary() == (
        r"192.0.2.1:50000 → 192.0.2.2:8000 TCP [PSH, ACK] seq=7 ack=9 win=65535 AAPL?\n (6 bytes)"
    )
