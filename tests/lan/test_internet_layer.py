"""ARP, IP and ICMP: how a packet finds its way, and what is said when it does not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import OptionError
from netlab.lan import Network, patient
from netlab.wire.ethernet import BROADCAST
from netlab.wire.packet import Packet

ADA, BEN, CLEO, NOBODY = "192.168.1.10", "192.168.1.11", "192.168.2.10", "192.168.1.99"
WEB = "203.0.113.80"


def arps(net):
    return [hop for hop in net.trace if hop.packet.arp]


def between(net, one, other):
    """The packets that crossed the cable from one device to the next, taken apart."""
    return [
        hop.packet
        for hop in net.trace
        if (hop.source.device.name, hop.target.device.name) == (one, other) and not hop.packet.arp
    ]


# ARP


def test_the_first_packet_is_preceded_by_a_question_to_all_and_an_answer_to_one(nets):
    net = nets.two_hosts()
    ada, ben = net["ada"], net["ben"]
    assert ada.ping(BEN)
    question, answer, *echoes = net.trace
    assert question.packet.ethernet.dst == BROADCAST
    assert (str(question.packet.arp.target_ip), question.packet.arp.sender_mac) == (BEN, ada.mac)
    assert (answer.packet.ethernet.dst, answer.packet.arp.sender_mac) == (ada.mac, ben.mac)
    assert [hop.packet.icmp.kind for hop in echoes] == ["echo request", "echo reply"]


def test_both_sides_of_a_question_remember_each_other_so_that_nobody_asks_again(nets):
    net = nets.two_hosts()
    net["ada"].ping(BEN)
    net["ben"].ping(ADA)
    assert len(arps(net)) == 2
    for host, other in (("ada", "ben"), ("ben", "ada")):
        ((ip, mac, card, _),) = net[host].arp_cache.rows
        assert (ip, mac, card) == (str(net[other].address.ip), net[other].mac, "eth0")


def test_whoever_merely_overhears_a_question_does_not_remember_the_asker(nets):
    net = nets.star(3)
    net["pc0"].ping("10.0.0.2")
    assert net["pc2"].arp_cache.rows == []


def test_what_was_learned_is_asked_again_after_a_minute(nets):
    net = nets.two_hosts()
    net["ada"].ping(BEN)
    net.run(50)
    net["ada"].ping(BEN)
    assert len(arps(net)) == 2
    net.run(20)
    net["ada"].ping(BEN)
    assert len(arps(net)) == 4


def test_a_new_network_card_is_known_as_soon_as_it_asks(nets):
    net = nets.star(2)
    net["pc0"].ping("10.0.0.2")
    net["pc1"].interfaces[0].mac = "02:00:00:00:00:99"
    net["pc1"].interfaces[0].cache.clear()
    net["pc1"].ping("10.0.0.1")
    assert net["pc0"].arp_cache.rows[0][1] == "02:00:00:00:00:99"


def test_after_three_questions_a_second_apart_the_host_itself_says_unreachable(nets):
    net = nets.two_hosts()
    ping = net["ada"].ping(NOBODY)
    assert [hop.sent for hop in net.trace] == pytest.approx([0, 1, 2])
    assert all(hop.packet.arp for hop in net.trace)
    assert (ping.error, ping.by) == ("host unreachable", ADA)
    assert ping.seconds == pytest.approx(3)
    assert repr(ping) == f"{NOBODY} did not answer: host unreachable, says {ADA}"


def test_one_question_is_enough_for_all_packets_that_wait_for_its_answer(nets):
    net = nets.two_hosts()
    for number in range(5):
        net["ada"].tell((BEN, 4000 + number), b"x")
    net.run(1)
    assert len(arps(net)) == 2
    assert len(between(net, "ada", "ben")) == 5


@pytest.mark.parametrize(("drop", "answered"), [({1}, True), ({1, 2}, True), ({1, 2, 3}, False)])
def test_two_questions_may_be_lost_but_not_three(nets, drop, answered):
    assert nets.two_hosts(drop=drop)["ada"].ping(BEN).answered is answered


def test_who_has_asks_even_if_the_answer_is_known(nets):
    net = nets.two_hosts()
    assert net["ada"].who_has(BEN) == net["ben"].mac
    assert net["ada"].who_has(BEN) == net["ben"].mac
    assert len(arps(net)) == 4
    assert net["ada"].who_has(NOBODY) is None


# ping


def test_a_ping_tells_how_long_the_answer_took_and_how_far_it_may_still_go(nets):
    net = nets.two_hosts(delay=0.01)
    net["ada"].ping(BEN)
    ping = net["ada"].ping(BEN)
    assert ping.ttl == 64
    assert ping.seconds == pytest.approx(0.02, rel=0.01)
    assert repr(ping).startswith(f"{BEN} answered: ttl 64, 20.0")


@pytest.mark.parametrize("routers", [1, 2, 5])
def test_each_router_takes_one_from_the_time_to_live(nets, routers):
    net = nets.chain(routers)
    assert net["ada"].ping(f"10.0.{routers}.10").ttl == 64 - routers


@pytest.mark.parametrize("size", [0, 1, 57, 1472])
def test_the_content_comes_back_as_it_was_sent(nets, size):
    net = nets.routed()
    assert net["ada"].ping(CLEO, size=size)
    (request,), (reply,) = between(net, "r1", "cleo"), between(net, "s1", "ada")
    assert request.payload == reply.payload == bytes(number & 0xFF for number in range(size))


def test_what_does_not_fit_into_a_frame_is_refused(nets):
    with pytest.raises(OptionError, match=r"1,501 bytes does not fit .* send less at once"):
        nets.two_hosts()["ada"].ping(BEN, size=1473)


def test_a_name_has_to_be_looked_up_first(nets):
    with pytest.raises(OptionError, match="a name has to be looked up first, by DNS"):
        nets.two_hosts()["ada"].ping("www.ticker.example")


def test_a_ping_to_oneself_never_leaves_and_one_to_all_is_not_answered(nets):
    net = nets.star(3)
    assert net["pc0"].ping("10.0.0.1").seconds == 0
    assert len(net.trace) == 0
    assert net["pc0"].ping("10.0.255.255").error == "nothing came back in 4 s"
    assert {hop.packet.ethernet.dst for hop in net.trace} == {BROADCAST}


# routing


def test_of_the_routes_that_fit_the_longest_prefix_wins(nets):
    net = nets.routed()
    router = net["r1"]
    router.route("10.0.0.0/8", via="192.168.1.2")
    router.route("0.0.0.0/0", via="192.168.1.1")
    router.route("10.1.0.0/16", via="192.168.2.3")
    router.route("10.1.2.3/32", via="192.168.2.4")

    def via(address):
        return str(router.route_to(Packet.parse(ip_to(address), link="ip").ip.dst).via)

    assert via("10.9.9.9") == "192.168.1.2"
    assert via("10.1.9.9") == "192.168.2.3"
    assert via("10.1.2.3") == "192.168.2.4"
    assert via("8.8.8.8") == "192.168.1.1"
    assert via(CLEO) == "None"
    prefixes = [int(row[0].partition("/")[2]) for row in router.routing_table.rows]
    assert prefixes == sorted(prefixes, reverse=True)


def ip_to(address):
    from netlab.wire.ipv4 import IPv4
    from netlab.wire.packet import build

    return build(IPv4("192.168.1.10", address, 253))


@given(
    st.lists(st.tuples(st.ip_addresses(v=4), st.integers(0, 32)), max_size=12),
    st.ip_addresses(v=4),
)
def test_of_any_routes_the_one_with_the_longest_fitting_prefix_is_taken(networks, target):
    net = Network()
    router = net.router("r1", "192.168.1.1/24")
    for address, prefix in networks:
        start = int(address) >> (32 - prefix) << (32 - prefix)
        router.route(f"{type(address)(start)}/{prefix}", via="192.168.1.2")
    fitting = [
        prefix
        for address, prefix in [*networks, (type(target)("192.168.1.0"), 24)]
        if int(address) >> (32 - prefix) == int(target) >> (32 - prefix)
    ]
    entry = router.route_to(target)
    assert (entry.network.prefixlen if entry else None) == max(fitting, default=None)


def test_mac_addresses_change_at_every_router_and_ip_addresses_do_not(nets):
    net = nets.chain(3)
    assert net["ada"].ping("10.0.3.10")
    way = ["ada", "r1", "r2", "r3", "cleo"]
    hops = [between(net, one, other)[0] for one, other in pairwise(way)]
    assert {(str(hop.ip.src), str(hop.ip.dst)) for hop in hops} == {("10.0.0.10", "10.0.3.10")}
    assert {hop.ip.identification for hop in hops} == {hops[0].ip.identification}
    macs = [(hop.ethernet.src, hop.ethernet.dst) for hop in hops]
    assert len(set(macs)) == 4
    assert macs[0] == (net["ada"].mac, net["r1"]["10.0.0.1"].interface.mac)
    assert macs[-1] == (net["r3"]["10.0.3.1"].interface.mac, net["cleo"].mac)
    assert [hop.ip.ttl for hop in hops] == [64, 63, 62, 61]
    assert len({hop.ip.checksum for hop in hops}) == 4


@pytest.mark.parametrize("name", ["two_hosts", "star", "routed", "chain", "home"])
def test_every_checksum_of_every_frame_is_right(nets, name):
    net = getattr(nets, name)()
    hosts = [device for device in net.devices.values() if device.kind == "host"]
    for host in hosts:
        for other in hosts:
            host.ping(str(other.address.ip))
            host.traceroute(str(other.address.ip))
    assert all(hop.packet.checksums_are_right for hop in net.trace)


def test_a_packet_whose_header_was_damaged_is_dropped(nets):
    net = nets.two_hosts()
    net["ada"].ping(BEN)
    request = net.trace[2].frame
    net["ada"].ports[0].send(request[:22] + b"\x09" + request[23:])
    net.run(0.1)
    assert net["ben"].broken == 1
    assert len(between(net, "ben", "ada")) == 1


# what cannot be delivered


def test_a_packet_that_may_go_no_further_is_reported_by_the_router_where_it_ends(nets):
    net = nets.chain(3)
    for ttl, router in enumerate(("10.0.0.1", "10.0.1.2", "10.0.2.2"), 1):
        ping = net["ada"].ping("10.0.3.10", ttl=ttl)
        assert (ping.error, ping.by) == ("time to live exceeded", router)
    assert net["ada"].ping("10.0.3.10", ttl=4)


def test_a_route_that_leads_in_a_circle_ends_with_the_time_to_live(nets):
    net = nets.chain(2)
    net["r1"].route("198.51.100.0/24", via="10.0.1.2")
    net["r2"].route("198.51.100.0/24", via="10.0.1.1")
    ping = net["ada"].ping("198.51.100.1")
    assert ping.error == "time to live exceeded"
    assert len(between(net, "r1", "r2")) == 32


def test_where_there_is_no_route_the_router_says_network_unreachable(nets):
    ping = nets.routed()["ada"].ping("203.0.113.9")
    assert (ping.error, ping.by) == ("network unreachable", "192.168.1.1")


def test_without_a_gateway_the_host_says_so_at_once(nets):
    net = nets.two_hosts()
    words = "network unreachable: 203.0.113.9 is not in 192.168.1.0/24, and ada has no gateway"
    assert net["ada"].ping("203.0.113.9").error == words
    for ask in (net["ada"].connect, lambda address: net["ada"].ask(address, b"x")):
        with pytest.raises(OSError, match="ada has no gateway"):
            ask(("203.0.113.9", 80))
    assert net["ada"].traceroute("203.0.113.9").error == words
    assert len(net.trace) == 0


def test_where_nobody_answers_the_last_router_says_host_unreachable(nets):
    ping = nets.routed()["ada"].ping("192.168.2.99")
    assert (ping.error, ping.by) == ("host unreachable", "192.168.1.1")
    ping = nets.chain(2)["ada"].ping("10.0.2.99")
    assert (ping.error, ping.by) == ("host unreachable", "10.0.1.2")


def test_where_nothing_listens_the_host_says_port_unreachable(nets):
    with pytest.raises(ConnectionRefusedError, match=f"port unreachable, says {CLEO}"):
        nets.routed()["ada"].ask((CLEO, 9), b"anybody there?")


def test_an_error_quotes_the_packet_that_it_is_about(nets):
    net = nets.routed()
    net["ada"].ping(CLEO, ttl=1, size=1400)
    (request,) = between(net, "ada", "s1")
    (error,) = between(net, "s1", "ada")
    assert error.payload == request.pack()[14 : 14 + 548]
    assert len(error.pack()) - 14 == 576
    assert error.ip.dscp == 48


def test_there_are_no_errors_about_errors_nor_about_broadcasts(nets):
    net = nets.star(3)
    net["pc0"].tell(("10.0.255.255", 9), b"anybody there?")
    net.run(1)
    assert [hop.packet.icmp for hop in net.trace if not hop.packet.arp] == [None] * 3
    net = nets.routed()
    net["ada"].tell((CLEO, 9), b"x")
    net["r1"].routes = [entry for entry in net["r1"].routes if "192.168.1" not in str(entry.network)]
    net.run(5)  # the error about the port finds no way back, and that is that
    assert len([hop for hop in net.trace if hop.packet.icmp]) == 1


# UDP


def test_a_datagram_is_answered_by_what_listens_on_its_port(nets):
    net = nets.routed()
    net["cleo"].serve_udp(7, bytes.upper)
    net["cleo"].serve_udp(9, lambda _: None)
    assert net["ada"].ask((CLEO, 7), b"hello") == b"HELLO"
    with pytest.raises(TimeoutError, match=f"{CLEO} port 9 did not answer in 2 s"):
        net["ada"].ask((CLEO, 9), b"hello", timeout=2)


@given(st.binary(max_size=1472))
def test_any_datagram_that_fits_into_a_frame_arrives_as_it_was_sent(data):
    net = Network()
    ada, ben = net.host("ada", f"{ADA}/24"), net.host("ben", f"{BEN}/24")
    net.link(ada, ben)
    ben.serve_udp(7, lambda received: received[::-1])
    assert ada.ask((BEN, 7), data) == data[::-1]


# traceroute


def test_traceroute_names_every_router_on_the_way(nets):
    path = nets.chain(3)["ada"].traceroute("10.0.3.10")
    assert path.hops == ("10.0.0.1", "10.0.1.2", "10.0.2.2", "10.0.3.10")
    assert path.reached
    assert repr(path).splitlines()[-1] == " 4  10.0.3.10"


def test_traceroute_says_where_and_why_it_ends(nets):
    path = nets.chain(2)["ada"].traceroute("10.0.2.99")
    assert path.hops == ("10.0.0.1", "10.0.1.2", "10.0.1.2")
    assert (path.reached, path.error) == (False, "host unreachable")
    path = nets.chain(2)["ada"].traceroute("198.51.100.1")
    assert (path.hops, path.error) == (("10.0.0.1",), "network unreachable")


def test_traceroute_goes_on_past_a_router_that_stays_silent(nets):
    net = nets.chain(3)
    net["r2"].complain = lambda *_: None
    path = net["ada"].traceroute("10.0.3.10")
    assert path.hops == ("10.0.0.1", None, "10.0.2.2", "10.0.3.10")
    assert " 2  *" in repr(path)
    net["cleo"].complain = lambda *_: None
    assert net["ada"].traceroute("10.0.3.10", most=5).error == "not reached after 5 routers"


# network address translation


def test_outside_only_the_address_of_the_router_is_seen(nets):
    net = nets.home()
    for name in ("ada", "ben"):
        assert net[name].ping(WEB)
    assert {str(packet.ip.src) for packet in between(net, "r1", "web")} == {"203.0.113.5"}
    assert {str(packet.ip.dst) for packet in between(net, "web", "r1")} == {"203.0.113.5"}
    assert all(hop.packet.checksums_are_right for hop in net.trace)


def test_two_hosts_that_use_the_same_port_are_told_apart_by_another_one(nets):
    net = nets.home()
    seen = []
    net["web"].serve_tcp(80, lambda connection, data: connection.sendall(b"for " + data))
    net["web"].serve_udp(53, lambda data: seen.append(data) or b"for " + data)
    for name in ("ada", "ben"):
        assert net[name].ask((WEB, 53), name.encode()) == b"for " + name.encode()
    with net["ada"].connect((WEB, 80)) as ada, net["ben"].connect((WEB, 80)) as ben:
        for each, name in ((ben, b"ben"), (ada, b"ada")):
            each.sendall(name)
        assert (ada.recv(), ben.recv()) == (b"for ada", b"for ben")
    inside = [row for row in net["r1"].nat.table.rows if row[0] == "UDP"]
    assert [row[1] for row in inside] == [f"{ADA}:49152", f"{BEN}:49152"]
    assert len({row[2] for row in inside}) == 2


def test_both_hosts_pings_come_back_to_the_right_one(nets):
    net = nets.home()
    for _ in range(3):
        for name in ("ada", "ben"):
            assert net[name].ping(WEB).ttl == 63
    assert [row[0] for row in net["r1"].nat.table.rows] == ["ICMP", "ICMP"]


def test_what_nobody_inside_has_asked_for_ends_at_the_router(nets):
    net = nets.home()
    net["ada"].serve_tcp(80, lambda connection, data: None)
    net["ada"].serve_udp(53, lambda data: data)
    with pytest.raises(ConnectionRefusedError):
        net["web"].connect(("203.0.113.5", 80))
    with pytest.raises(ConnectionRefusedError, match=r"says 203\.0\.113\.5"):
        net["web"].ask(("203.0.113.5", 53), b"x")
    assert net["web"].ping("203.0.113.5").ttl == 64
    assert between(net, "r1", "s1") == []
    assert "web has no gateway" in net["web"].ping(ADA).error


def test_an_error_from_outside_reaches_the_host_whose_packet_it_is_about(nets):
    net = nets.home()
    for size in (1, 100, 1400):  # of a long packet only the beginning is quoted
        for name in ("ada", "ben"):
            with pytest.raises(ConnectionRefusedError, match=f"says {WEB}"):
                net[name].ask((WEB, 9), bytes(size))
    quotes = [
        Packet.parse(each.payload, link="ip") for each in between(net, "s1", "ada") if len(each.payload) < 548
    ]
    assert [str(quote.ip.src) for quote in quotes] == [ADA, ADA]
    assert all(quote.checksums_are_right for quote in quotes)


def test_the_router_s_own_error_reaches_the_host_inside(nets):
    net = nets.home()
    for name in ("ada", "ben"):
        assert (net[name].ping("203.0.113.99").error, net[name].ping("203.0.113.99").by) == (
            "host unreachable",
            "192.168.1.1",
        )
        assert net[name].ping(WEB, ttl=1).by == "192.168.1.1"
        assert net[name].ping("198.51.100.1").error == "network unreachable"
        with pytest.raises(OSError, match=r"host unreachable, says 192\.168\.1\.1"):
            net[name].connect(("203.0.113.99", 80))
        assert net[name].traceroute(WEB).hops == ("192.168.1.1", WEB)


def test_a_translation_that_nobody_used_for_long_may_be_given_to_another(nets):
    net = nets.home()
    net["ada"].ping(WEB)
    net.run(301)
    net["ben"].ping(WEB)
    assert [row[1:] for row in net["r1"].nat.table.rows] == [(f"{BEN}:1", "203.0.113.5:1")]
    assert net["ada"].ping(WEB)


# networks in which something is wrong


def symptoms(name):
    """Which of the three hosts reaches which."""
    net = patient(name)
    ips = {"ada": ADA, "ben": BEN, "cleo": CLEO}
    fails = {
        f"{one}-{other}": net[one].ping(ips[other]).error for one in ips for other in ips if one != other
    }
    return net, {pair: error.partition(":")[0] for pair, error in fails.items() if error}


def test_patient_a_lacks_a_gateway_so_that_answers_find_no_way_back():
    _, failed = symptoms("a")
    silence, at_once = "nothing came back in 4 s", "network unreachable"
    assert failed == {"ada-cleo": silence, "ben-cleo": silence, "cleo-ada": at_once, "cleo-ben": at_once}


def test_patient_b_has_an_address_twice_so_that_two_answer_for_it():
    net, failed = symptoms("b")
    assert failed == dict.fromkeys(["ada-ben", "cleo-ben"], "host unreachable")
    net["r1"].interfaces[0].cache.clear()
    net.trace.clear()
    net["cleo"].ping(ADA)
    answers = {
        packet.arp.sender_mac for packet in (hop.packet for hop in arps(net)) if packet.arp.operation == 2
    }
    assert answers == {net["ada"].mac, net["ben"].mac}


def test_patient_c_has_a_mask_that_is_too_short_and_asks_by_arp_for_those_behind_the_router():
    net, failed = symptoms("c")
    assert failed == {"ada-cleo": "host unreachable", "cleo-ada": "nothing came back in 4 s"}
    assert CLEO in {str(hop.packet.arp.target_ip) for hop in arps(net) if hop.source.device.name == "ada"}


def test_patient_d_has_a_cut_cable_so_that_the_subnets_are_apart():
    net, failed = symptoms("d")
    assert failed == dict.fromkeys(["ada-cleo", "ben-cleo", "cleo-ada", "cleo-ben"], "host unreachable")
    assert {hop.link for hop in net.trace if hop.fate == "cut"} == {net.links[-1]}


def test_patient_e_has_a_gateway_that_is_not_there_and_asks_for_it():
    net, failed = symptoms("e")
    assert failed == {"ada-cleo": "host unreachable", "cleo-ada": "nothing came back in 4 s"}
    assert "192.168.1.254" in {str(hop.packet.arp.target_ip) for hop in arps(net)}


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("a", lambda net: net["cleo"].configure("192.168.2.10/24", "192.168.2.1")),
        ("b", lambda net: net["ben"].configure("192.168.1.11/24", "192.168.1.1")),
        ("c", lambda net: net["ada"].configure("192.168.1.10/24", "192.168.1.1")),
        ("d", lambda net: net.links[-1].mend()),
        ("e", lambda net: net["ada"].configure("192.168.1.10/24", "192.168.1.1")),
    ],
)
def test_each_patient_can_be_cured(name, cure):
    net = patient(name)
    cure(net)
    for one in ("ada", "ben", "cleo"):
        for target in (ADA, BEN, CLEO):
            assert net[one].ping(target)


def test_there_are_five_patients():
    with pytest.raises(OptionError, match="no patient 'f': choose from a, b, c, d, e"):
        patient("f")
