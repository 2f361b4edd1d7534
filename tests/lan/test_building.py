"""What a network refuses to be built of, and that it says how to mend it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import OptionError
from netlab.lan import Network


def refused(words):
    return pytest.raises(OptionError, match=words)


# addresses


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("192.168.1.10", "has no mask: write '192.168.1.10/24'"),
        ("192.168.1.0/24", "is the network itself: a host may have 192.168.1.1 to 192.168.1.254"),
        ("192.168.1.255/24", "is its broadcast: a host may have 192.168.1.1 to 192.168.1.254"),
        ("192.168.1.7/30", "a host may have 192.168.1.5 to 192.168.1.6"),
        ("192.168.1.300/24", "Write an address and a mask, as in '192.168.1.10/24'"),
        ("192.168.1.10/33", "Write an address and a mask"),
        ("www.ticker.example", "Write an address and a mask"),
        ("", "Write an address and a mask"),
    ],
)
def test_a_host_needs_an_address_with_its_mask(address, words):
    net = Network()
    with refused(words):
        net.host("ada", address)
    with refused(words):
        net.router("r1", address, "10.0.0.1/8")
    net.host("ada", "192.168.1.10/24")
    with refused(words):
        net["ada"].configure(address)


@given(st.text(max_size=20))
def test_any_text_is_an_address_or_refused_with_advice(text):
    net = Network()
    try:
        host = net.host("ada", text)
    except OptionError as error:
        assert "/24'" in str(error) or "a host may have" in str(error)  # noqa: PT017
    else:
        assert str(host.address.ip) == text.partition("/")[0]


@pytest.mark.parametrize("address", ["10.0.0.0/31", "10.0.0.1/31", "10.0.0.1/32"])
def test_networks_of_one_or_two_addresses_have_none_to_spare(address):
    assert str(Network().host("ada", address).address) == address


def test_a_gateway_has_to_be_on_the_host_s_own_network():
    net = Network()
    with refused(
        r"ada cannot reach the gateway 192\.168\.2\.1: .* on a link of its own \(192\.168\.1\.0/24\)"
    ):
        net.host("ada", "192.168.1.10/24", gateway="192.168.2.1")
    assert net.devices == {}
    with refused("Give a network and an address"):
        net.host("ada", "192.168.1.10/24", gateway="the router")


def test_a_mac_address_is_six_bytes_in_hex():
    with refused("write six bytes in hex, as in '02:00:00:00:00:01'"):
        Network().host("ada", "192.168.1.10/24", mac="02:00")


def test_mac_addresses_that_nobody_chose_are_all_different_also_from_those_that_somebody_did():
    net = Network()
    net.host("chosen", "10.0.0.1/24", mac="02:00:00:00:00:02")
    net.router("r1", "10.0.0.2/24", "10.0.1.2/24")
    net.host("ada", "10.0.0.3/24")
    net.switch("s1")
    macs = [interface.mac for name in ("chosen", "r1", "ada") for interface in net[name].interfaces]
    assert len({*macs, net["s1"].mac}) == 5


# names and devices


def test_each_device_has_a_name_of_its_own():
    net = Network()
    net.host("ada", "192.168.1.10/24")
    for build in (
        lambda name: net.host(name, "192.168.1.11/24"),
        net.hub,
        net.switch,
        lambda name: net.router(name, "192.168.1.1/24"),
    ):
        for name in ("ada", ""):
            with refused("is taken or empty: each device needs its own"):
                build(name)
    assert list(net.devices) == ["ada"]


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("switch", {"ports": 0}, "cannot have 0 ports: give 1 or more"),
        ("hub", {"ports": -1}, "cannot have -1 ports"),
        ("switch", {"ageing": 0}, "would forget at once: give seconds, such as 300"),
        ("switch", {"spanning_tree": True, "priority": 65536}, "not from 0 .* to 65535"),
        ("hub", {"bandwidth": 0}, "carries nothing: give bits a second"),
    ],
)
def test_a_box_that_could_not_work_is_refused(kind, options, words):
    with refused(words):
        getattr(Network(), kind)("box", **options)


# routers


def test_a_router_joins_networks_that_do_not_overlap():
    net = Network()
    with refused("needs addresses, as in '192.168.1.1/24', '192.168.2.1/24'"):
        net.router("r1")
    with refused("192.168.9.1/24 and 192.168.1.1/16 are on the same network: a router joins different ones"):
        net.router("r1", "192.168.1.1/16", "10.0.0.1/8", "192.168.9.1/24")


def test_a_router_s_port_is_asked_for_by_an_address_that_it_has():
    router = Network().router("r1", "192.168.1.1/24", "192.168.2.1/24")
    assert router["192.168.2.1"] is router.ports[1]
    with refused("no network card with the address 192.168.3.1: it has 192.168.1.1, 192.168.2.1"):
        router["192.168.3.1"]
    with refused("no network card with the address 203.0.113.5"):
        Network().router("r1", "192.168.1.1/24", nat="203.0.113.5")


def test_a_route_leads_to_a_neighbour():
    router = Network().router("r1", "192.168.1.1/24", "192.168.2.1/24")
    with refused(r"must be on a link of its own \(192\.168\.1\.0/24, 192\.168\.2\.0/24\)"):
        router.route("10.0.0.0/8", via="192.168.3.1")
    with refused(r"Give a network and an address, as in \('198\.51\.100\.0/24', '192\.0\.2\.1'\)"):
        router.route("10.0.0.1/8", via="192.168.1.2")


# cables


@pytest.mark.parametrize(
    ("cable", "words"),
    [
        ({"delay": -1}, "lies in the past: give 0 or more seconds"),
        ({"bandwidth": 0}, "carries nothing: give bits a second"),
        ({"bandwidth": -5}, "carries nothing"),
        ({"loss": 1.5}, "use a number from 0"),
        ({"loss": -0.1}, "use a number from 0"),
    ],
)
def test_a_cable_that_could_not_be_is_refused_and_nothing_is_plugged_in(nets, cable, words):
    with refused(words):
        nets.two_hosts(**cable)
    net = Network()
    ends = net.host("ada", "192.168.1.10/24"), net.host("ben", "192.168.1.11/24")
    with refused(words):
        net.link(*ends, **cable)
    assert net.links == []
    net.link(*ends)


def test_a_host_has_one_network_card_and_a_box_as_many_ports_as_were_asked_for(nets):
    net = nets.star(2)
    with refused("pc0 has one network card, and a cable is plugged into it: put a switch between"):
        net.link(net["pc0"], net.switch("s2"))
    with refused("All 2 ports of s1 are taken: build it with more, as in ports=4"):
        net.link(net.host("pc9", "10.0.0.9/16"), net["s1"])


def test_a_port_takes_one_cable(nets):
    net = nets.routed()
    with refused("Port 1 of r1 is taken: it has a cable"):
        net.link(net["r1"]["192.168.1.1"], net.switch("s2"))


@pytest.mark.parametrize("strict", [True, False])
def test_a_cable_from_a_socket_to_itself_is_refused(strict):
    net = Network(strict=strict)
    ada, switch = net.host("ada", "192.168.1.10/24"), net.switch("s1", spanning_tree=True)
    for ends in (
        (ada, ada),
        (switch, switch),
        (switch, switch.ports[0]),
        (ada.ports[0], ada),
        (switch.ports[3], switch.ports[3]),
    ):
        with refused("from a device to itself"):
            net.link(*ends)
    assert net.links == []


def test_two_hubs_need_a_switch_between_them():
    for strict in (True, False):
        net = Network(strict=strict)
        with refused("put a switch between them"):
            net.link(net.hub("h1"), net.hub("h2"))


# what only a strict network refuses


def twice(net, **other):
    """Ada on one switch, somebody much like her on another, and no cable between the two yet."""
    net.link(net.host("ada", "192.168.1.10/24", mac="02:00:00:00:00:aa"), net.switch("s1"))
    net.link(
        net.host("twin", **{"address": "192.168.1.11/24", "mac": "02:00:00:00:00:bb"} | other),
        net.switch("s2"),
    )
    return net["s1"], net["s2"]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"address": "192.168.1.10/24"}, "ada and twin .* same IP address, 192.168.1.10: give one of them"),
        ({"mac": "02:00:00:00:00:AA"}, "ada and twin .* same MAC address, 02:00:00:00:00:aa: give one"),
    ],
)
def test_an_address_may_be_on_a_link_once_however_many_switches_are_between(other, words):
    net = Network()
    ends = twice(net, **other)
    with refused(words):
        net.link(*ends)
    assert len(net.links) == 2
    easygoing = Network(strict=False)
    easygoing.link(*twice(easygoing, **other))
    assert len(easygoing.links) == 3


def test_behind_a_router_the_same_address_is_another_link_s_business():
    net = Network()
    router = net.router("r1", "192.168.1.1/24", "192.168.2.1/24")
    net.link(net.host("ada", "192.168.1.10/24"), router["192.168.1.1"])
    net.link(net.host("twin", "192.168.1.10/24"), router["192.168.2.1"])


def test_a_loop_needs_a_spanning_tree_on_all_its_switches():
    for trees in ([False] * 3, [True, True, False]):
        net = Network()
        one, two, three = (net.switch(f"s{n}", spanning_tree=tree) for n, tree in enumerate(trees))
        net.link(one, two)
        net.link(two, three)
        with refused(
            "closes a loop, in which a broadcast would circle .* spanning_tree=True, .* strict=False"
        ):
            net.link(three, one)
    net = Network()
    one, two = net.switch("s1", spanning_tree=True), net.switch("s2", spanning_tree=True)
    net.link(one, two)
    net.link(one, two)
    assert len(net.links) == 2


def test_without_strictness_a_loop_is_built_even_within_one_switch(nets):
    assert len(nets.triangle().links) == 5
    net = Network(strict=False)
    switch = net.switch("s1")
    net.link(switch.ports[0], switch.ports[1])
    assert switch.ports[0].peer is switch.ports[1]
