"""Judges that nobody here wrote: tshark and Scapy read every frame, and garbage does not bring a network down."""

import contextlib
import logging
import struct
import subprocess
import warnings
from ipaddress import IPv4Address
from pathlib import Path

import dns.message
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.lan.stp import GROUP_ADDRESS, LLC
from netlab.wire.dns import build_query, check_answer
from netlab.wire.ethernet import BROADCAST, mac_bytes
from netlab.wire.ipv4 import IPv4

logging.getLogger("scapy").setLevel(logging.ERROR)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import scapy.layers.dns  # noqa: F401 - so that Scapy reads those messages, too
    from scapy.layers.inet import ICMP as ScapyICMP
    from scapy.layers.inet import IP as ScapyIP
    from scapy.layers.inet import TCP as ScapyTCP
    from scapy.layers.inet import UDP as ScapyUDP
    from scapy.layers.inet import ICMPerror, IPerror, TCPerror, UDPerror
    from scapy.layers.l2 import ARP as ScapyARP
    from scapy.layers.l2 import STP as ScapySTP
    from scapy.layers.l2 import Dot3, Ether


def tree(nets):
    net = nets.triangle(spanning_tree=True)
    net.run(45)
    return net


TOPOLOGIES = {
    "two hosts": lambda nets: nets.two_hosts(),
    "a lossy cable": lambda nets: nets.two_hosts(loss=0.05),
    "a switch": lambda nets: nets.star(4),
    "a hub": lambda nets: nets.star(4, hub=True),
    "a router": lambda nets: nets.routed(),
    "a row of routers": lambda nets: nets.chain(3),
    "address translation": lambda nets: nets.home(),
    "a spanning tree": tree,
}


def hosts(net):
    return [device for device in net.devices.values() if device.kind == "host"]


def resolve(question):
    """What a name server says, written by dnspython."""
    answer = dns.message.make_response(dns.message.from_wire(question))
    answer.answer.append(dns.rrset.from_text("www.ticker.example.", 300, "IN", "A", "203.0.113.80"))
    return answer.to_wire()


def everyday_traffic(net):
    """All that hosts do, from the first to the last one."""
    client, *_, server = hosts(net)
    target = str(server.address.ip)
    nobody = str(server.address.network.broadcast_address - 1)
    server.serve_udp(53, resolve)
    server.serve_udp(7, lambda data: data)
    server.serve_tcp(80, lambda connection, data: (connection.sendall(data * 100), connection.close()))
    for size in (0, 1, 56, 1472):
        client.ping(target, size=size)
    client.ping(target, ttl=1)
    client.ping(nobody)
    client.ping("198.51.100.1")
    client.traceroute(target)
    client.tell((str(client.address.network.broadcast_address), 9), b"hello, everybody")
    for port, data in ((7, b"x"), (7, b""), (7, bytes(1401)), (9, b"closed"), (9, bytes(1000))):
        with contextlib.suppress(ConnectionRefusedError, TimeoutError):
            client.ask((target, port), data)
    query = build_query("www.ticker.example", id=4711)
    with contextlib.suppress(TimeoutError):  # on a lossy cable
        assert check_answer(query, client.ask((target, 53), query)).answers[0].value == "203.0.113.80"
    with client.connect((target, 80)) as conversation:
        conversation.sendall(b"odd")
        assert conversation.recv_all() == b"odd" * 100
    with pytest.raises(ConnectionRefusedError):
        client.connect((target, 81))
    net.run(70)


@pytest.fixture(scope="module", params=TOPOLOGIES)
def busy(request, nets):
    """A network after some traffic."""
    net = TOPOLOGIES[request.param](nets)
    everyday_traffic(net)
    return net


def delivered(net):
    return [hop for hop in net.trace if hop.fate == "delivered"]


def is_tree(frame):
    return frame[:6] == GROUP_ADDRESS


# tshark


@pytest.mark.tshark
def test_tshark_finds_every_frame_sound(busy, tmp_path, assert_sound):
    path = busy.save(tmp_path / "all.pcap")
    assert_sound(path, len(delivered(busy)))


@pytest.mark.tshark
def test_wireshark_counts_on_one_cable_what_a_sniffer_there_would_see(busy, tmp_path, tool):
    paths = [busy.save(tmp_path / f"{number}.pcap", link) for number, link in enumerate(busy.links)]
    capinfos = Path(tool("tshark")).with_name("capinfos")
    command = [capinfos, "-T", "-r", "-M", "-c", *paths]  # a table without a head: file, packets
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    counts = [int(line.split("\t")[1]) for line in table.splitlines()]
    assert counts == [len([hop for hop in delivered(busy) if hop.link is link]) for link in busy.links]


@pytest.mark.tshark
def test_tshark_sees_the_protocols_that_were_spoken(busy, tmp_path, tshark):
    path = busy.save(tmp_path / "all.pcap")
    fields = ("frame.protocols", "icmp.type", "icmp.code")
    options = [word for field in fields for word in ("-e", field)]
    packets = [line.split("\t") for line in tshark(path, "-T", "fields", *options).splitlines()]
    layers = {layer for protocols, *_ in packets for layer in protocols.split(":")}
    assert {"arp", "icmp", "udp", "dns", "tcp"} <= layers
    assert ("stp" in layers) is any(is_tree(hop.frame) for hop in busy.trace)
    expected = {hop.packet.icmp.kind for hop in delivered(busy) if hop.packet.icmp}
    kinds = {(0, 0): "echo reply", (3, 0): "network unreachable", (3, 1): "host unreachable"}
    kinds |= {(3, 3): "port unreachable", (8, 0): "echo request", (11, 0): "time to live exceeded"}
    seen = {tuple(int(number.partition(",")[0]) for number in icmp) for _, *icmp in packets if all(icmp)}
    assert {kinds[each] for each in seen} == expected


@pytest.mark.tshark
def test_tshark_finds_nothing_odd_in_a_conversation_over_a_good_cable(nets, tmp_path, tshark):
    net = nets.routed()
    everyday_traffic(net)
    path = net.save(tmp_path / "tcp.pcap", net.links[-1])
    assert tshark(path, "-Y", "tcp.analysis.flags") == ""
    assert tshark(path, "-Y", "_ws.expert.severity >= 0x600000 && !tcp.flags.reset") == ""  # warnings


@pytest.mark.tshark
def test_tshark_reads_the_spanning_tree_as_the_switches_mean_it(nets, tmp_path, tshark):
    net = tree(nets)
    path = net.save(tmp_path / "stp.pcap", net.links[0])
    columns = ("stp.root.hw", "stp.root.prio", "stp.hello", "stp.max_age", "stp.forward")
    options = [word for column in columns for word in ("-e", column)]
    last = tshark(path, "-Y", "stp.type == 0", "-T", "fields", *options).splitlines()[-1].split()
    assert last[0] == net["s1"].mac
    assert [float(number) for number in last[1:]] == [32768, 2, 20, 15]


# Scapy


def test_scapy_reads_every_frame_and_would_have_written_it_just_so(busy):
    for frame in {hop.frame for hop in busy.trace if not is_tree(hop.frame)}:
        packet = Ether(frame)
        assert bytes(packet) == frame
        layers = packet.layers()
        assert layers[0] is Ether
        assert layers[1] in (ScapyARP, ScapyIP)
        for kind in (ScapyIP, ScapyTCP, ScapyUDP, ScapyICMP):
            if kind in packet:
                del packet[kind].chksum
        if ScapyIP in packet:
            del packet[ScapyIP].len
        assert bytes(packet) == frame, packet.show(dump=True)


def test_scapy_finds_in_each_error_the_packet_that_it_is_about(busy):
    sent = {hop.frame[14:][:28] for hop in busy.trace}
    for hop in busy.trace:
        packet = Ether(hop.frame) if not is_tree(hop.frame) else None
        if packet and IPerror in packet:
            assert any(kind in packet for kind in (ICMPerror, UDPerror, TCPerror))
            quoted = bytes(packet[IPerror])[:28]
            before = [each for each in sent if each[4:6] == quoted[4:6] and each[20:] == quoted[20:]]
            assert before or busy["r1"].nat


def test_scapy_reads_the_spanning_tree(nets):
    net = tree(nets)
    frames = [hop.frame for hop in net.trace if is_tree(hop.frame)]
    for frame in frames:
        packet = Dot3(frame)
        assert packet.len == len(frame) - 14
        assert ScapySTP in packet or packet.load == bytes.fromhex("00000080")  # says no more than: a change
    assert len(frames) > 100
    last = Dot3(frames[-1])[ScapySTP]
    assert (last.rootid, last.rootmac) == (32768, net["s1"].mac)
    assert (last.hellotime, last.maxage, last.fwddelay) == (2, 20, 15)


# garbage

STRANGE = [
    "192.168.1.99",
    "203.0.113.9",
    "255.255.255.255",
    "0.0.0.0",
    "224.0.0.1",
    "127.0.0.1",
    "198.51.100.1",
]
some_bytes = st.binary(max_size=80)
byte, word = st.integers(0, 0xFF), st.integers(0, 0xFFFF)
known_ports = st.sampled_from([7, 9, 53, 80, 1, 49152, 49153, 49154])


@st.composite
def messages(draw, addresses, depth):
    """A protocol number and what may be inside an IP packet: a header that is nearly right, or anything."""
    kind = draw(st.sampled_from([1, 1, 6, 17, 253]))
    if kind == 1 and depth:
        quoted = draw(st.one_of(packets(addresses, depth - 1), some_bytes))
        whole = draw(st.booleans())
        quoted = quoted if whole else quoted[: draw(st.integers(0, 40))]
        types = draw(st.sampled_from([3, 3, 11, 0, 8, 5])), draw(st.integers(0, 4))
        return kind, struct.pack("!BBHI", *types, 0, draw(st.sampled_from([0x10001, 0x10002, 0]))) + quoted
    if kind in (6, 17) and draw(st.booleans()):
        ends = struct.pack("!HH", draw(known_ports), draw(known_ports))
        data = draw(some_bytes)
        if kind == 17:
            return kind, ends + struct.pack("!HH", draw(st.sampled_from([8 + len(data), 0, 9])), 0) + data
        offset, flags = draw(st.sampled_from([0x50, 0x50, 0x60, 0xF0, 0])), draw(byte)
        return kind, ends + struct.pack("!IIBBHHH", draw(word), draw(word), offset, flags, 0, 0, 0) + data
    return kind, draw(some_bytes)


@st.composite
def packets(draw, addresses, depth=1):
    """An IP packet whose header is right, and which may be anything else."""
    kind, content = draw(messages(addresses, depth))
    content += bytes(draw(st.sampled_from([0, 0, 0, 1400, 3000])))
    flags, offset = draw(st.sampled_from([(2, 0), (2, 0), (0, 0), (1, 0), (1, 100), (0, 8191)]))
    ip = IPv4(
        draw(addresses),
        draw(addresses),
        kind,
        ttl=draw(st.sampled_from([64, 64, 0, 1, 2, 255])),
        flags=flags,
        fragment_offset=offset,
        options=bytes(4 * draw(st.sampled_from([0, 0, 1, 10]))),
    )
    return ip.completed(len(content)).pack() + content


@st.composite
def arps(draw, addresses, macs):
    kinds = draw(st.sampled_from([(1, 0x0800, 6, 4), (1, 0x0800, 6, 4), (6, 0x86DD, 8, 16)]))
    sender, target = ((draw(macs), IPv4Address(draw(addresses)).packed) for _ in range(2))
    return struct.pack("!HHBBH", *kinds, draw(st.integers(0, 3))) + b"".join((*sender, *target))


@st.composite
def bridge_messages(draw):
    """What a switch might say of a root that does not exist, at any cost."""
    kind, flags = draw(st.sampled_from([0x00, 0x00, 0x80, 0x02])), draw(byte)
    root, bridge = (draw(st.sampled_from([bytes(8), b"\xff" * 8, b"\x80" + bytes(7)])) for _ in range(2))
    cost = draw(st.one_of(st.sampled_from([0, 19, 0xFFFFFFFF]), st.integers(0, 0xFFFFFFFF)))
    body = struct.pack("!B8sI8sHHHHH", flags, root, cost, bridge, draw(word), 0, 0, 0, 0)
    return LLC + struct.pack("!HBB", 0, 0, kind) + body[: draw(st.sampled_from([35, 35, 31, 22, 1]))]


@st.composite
def frames(draw, addresses, macs):
    """A frame that is somewhat right, so that it gets far before somebody notices."""
    kind, content = draw(
        st.one_of(
            st.tuples(st.just(0x0800), packets(addresses)),
            st.tuples(st.just(0x0800), packets(addresses)),
            st.tuples(st.just(0x0806), arps(addresses, macs)),
            st.tuples(st.just(38), bridge_messages()),
            st.tuples(word, some_bytes),
        )
    )
    target = GROUP_ADDRESS if kind == 38 else draw(macs)
    return target + draw(macs) + kind.to_bytes(2, "big") + content


def garbage(net):
    """Some frames, and the ports to send them from."""
    interfaces = [
        port.interface for device in net.devices.values() for port in device.ports if port.interface
    ]
    own = [str(interface.address.ip) for interface in interfaces]
    nets = [str(interface.address.network.broadcast_address) for interface in interfaces]
    addresses = st.one_of(st.sampled_from(own), st.sampled_from(own), st.sampled_from([*nets, *STRANGE]))
    known = [mac_bytes(interface.mac) for interface in interfaces]
    macs = st.one_of(
        st.just(mac_bytes(BROADCAST)),  # it gets to the most
        st.sampled_from(known),
        st.sampled_from([GROUP_ADDRESS, bytes(6), bytes.fromhex("020000009999")]),
    )
    some = frames(addresses, macs)
    anything = st.one_of(some, some, some, st.binary(max_size=60), st.just(bytes(9000)))
    ports = [port for link in net.links for port in link.ends if port.device.kind != "hub"]
    return st.lists(st.tuples(st.sampled_from(ports), anything), min_size=1, max_size=8)


def ready(nets, name):
    """A network with services on its hosts, some of whose doings are still remembered."""
    net = TOPOLOGIES[name](nets)
    for host in hosts(net):
        host.serve_udp(53, lambda data: None)
        host.serve_udp(7, lambda data: data[:10] if data else None)
        host.serve_tcp(80, lambda connection, data: None)
    first, *_, last = hosts(net)
    first.ping(str(last.address.ip))
    first.tell((str(last.address.ip), 9), b"x")
    first.connect((str(last.address.ip), 80))
    return net


@pytest.mark.parametrize(
    "name", ["a switch", "a hub", "a row of routers", "address translation", "a spanning tree"]
)
@settings(max_examples=40)
@given(st.data())
def test_whatever_is_sent_from_any_port_nothing_breaks_and_a_ping_is_answered_afterwards(nets, name, data):
    net = ready(nets, name)
    for port, frame in data.draw(garbage(net)):
        port.send(frame)
        net.run(0.01)
    net.run(
        125
    )  # what was believed of it is forgotten: addresses after 60 s, a false root after 20 and twice 15
    first, *_, last = hosts(net)
    assert first.ping(str(last.address.ip))
    for shown in (net.trace.table(), net.trace.story(), net.trace.ladder()):
        assert repr(shown)
