"""Designed wrong answers of lesson 02: the exercise, the words that its report must have, the code."""

LEARN = """
def switch(table, port, source, target, ports):
    {learn}
    if target not in table:
        return {flood}
    {same}
    return [table[target]]
"""


def learn(
    learn="table[source] = port",
    flood="[each for each in ports if each != port]",
    same="if table[target] == port: return []",
) -> str:
    return LEARN.format(learn=learn, flood=flood, same=same)


HOP = """
from ipaddress import ip_address, ip_interface

def next_hop(own, gateway, target):
    if {near}:
        return target
    {far}
"""

FORWARD = """
from dataclasses import replace
from netlab.wire import Ethernet, IPv4

def forward(frame, router_mac, next_mac):
    header, packet = Ethernet.unpack(frame)
    ip, content = IPv4.unpack(packet)
    if {over}:
        return None
    onward = {onward}
    return Ethernet({ends}, header.ethertype).pack() + onward.pack() + content
"""


def forward(
    over="ip.ttl <= 1",
    onward="replace(ip, ttl=ip.ttl - 1).completed(len(content))",
    ends="next_mac, router_mac",
) -> str:
    return FORWARD.format(over=over, onward=onward, ends=ends)


ROUTE = """
from ipaddress import ip_address, ip_network

def best_route(table, target):
    fitting = [n for n in table if ip_address(target) in ip_network(n)]
    {none}
    return {best}
"""

BUILD = """
def build(net):
    ada = net.host("ada", {ada}, gateway={one})
    cleo = net.host("cleo", "192.168.2.10/24", gateway={two})
    r1 = net.router("r1", "192.168.1.1/24", "192.168.9.1/24")
    r2 = net.router("r2", "192.168.9.2/24", "192.168.2.1/24")
    net.link(ada, r1["192.168.1.1"])
    net.link(r1["192.168.9.1"], r2["192.168.9.2"])
    {last}
    {there}
    {back}
"""

ONE_ROUTER = """
def build(net):
    ada = net.host("ada", "192.168.1.10/24", gateway="192.168.1.1")
    cleo = net.host("cleo", "192.168.2.10/24", gateway="192.168.2.1")
    router = net.router("r1", "192.168.1.1/24", "192.168.2.1/24")
    net.link(ada, router)
    net.link(cleo, router)
"""


def build(
    ada='"192.168.1.10/24"',
    one='"192.168.1.1"',
    two='"192.168.2.1"',
    last='net.link(r2["192.168.2.1"], cleo)',
    there='r1.route("192.168.2.0/24", via="192.168.9.2")',
    back='r2.route("192.168.1.0/24", via="192.168.9.1")',
) -> str:
    return BUILD.format(ada=ada, one=one, two=two, last=last, there=there, back=back)


def heard(**wrong: int) -> str:
    right = {
        "first ping, hub": 4,
        "first ping, switch": 1,
        "second ping, hub": 2,
        "second ping, switch": 0,
    }
    return f"frames_at_cleo = {right | {key.replace('_', ' ').replace('ping', 'ping,'): n for key, n in wrong.items()}}"


def diagnosis(**wrong: str) -> str:
    right = {"a": "no gateway", "b": "address twice", "c": "mask", "d": "cable", "e": "wrong gateway"}
    return f"diagnosis = {right | wrong}"


WRONG = [
    ("02-heard", "A hub cannot read", heard(first_ping_hub=0)),
    ("02-heard", "a broadcast reaches cleo through a switch too", heard(first_ping_switch=0)),
    ("02-heard", "That would be a hub", heard(first_ping_switch=4)),
    ("02-heard", "how many frames are left", heard(second_ping_hub=4)),
    ("02-heard", "still has the answer in her cache", heard(second_ping_switch=1)),
    ("02-learn", "proves where the *sender* is", learn(learn="table[target] = port")),
    ("02-learn", "leave out `port`", learn(flood="ports")),
    ("02-learn", "it has it already", learn(same="pass")),
    ("02-learn", "The newest frame counts", learn(learn="table.setdefault(source, port)")),
    (
        "02-learn",
        "nobody has the broadcast address",
        learn(flood="(table.update({target: 0}), [each for each in ports if each != port])[1]"),
    ),
    ("02-hop", "ARP never asks for a computer on another network", HOP.format(near="True", far="")),
    (
        "02-hop",
        "the mask decides",
        HOP.format(near='own.rsplit(".", 1)[0] == target.rsplit(".", 1)[0]', far="return gateway"),
    ),
    ("02-hop", "A neighbour is reached without the gateway", HOP.format(near="False", far="return gateway")),
    (
        "02-hop",
        "return None",
        HOP.format(near="ip_address(target) in ip_interface(own).network", far="return gateway or target"),
    ),
    (
        "02-hop",
        "`ip_address(target) in",
        HOP.format(near="target in ip_interface(own).network", far="return gateway"),
    ),
    (
        "02-hop",
        "there is `ip_interface(own)",
        HOP.format(near="ip_address(target) in ip_network(own)", far="return gateway"),
    ),
    ("02-forward", "It leaves by another one", forward(ends="next_mac, header.dst")),
    ("02-forward", "swapped", forward(ends="router_mac, next_mac")),
    ("02-forward", "still those of the first link", forward(ends="header.dst, header.src")),
    ("02-forward", "not ada", forward(ends="next_mac, header.src")),
    ("02-forward", "every router takes one off", forward(onward="ip")),
    ("02-forward", "compute it anew", forward(onward="replace(ip, ttl=ip.ttl - 1)")),
    ("02-forward", "Only 1 or less is too little", forward(over="ip.ttl <= 2")),
    ("02-forward", "With a TTL of 1", forward(over="ip.ttl == 0")),
    ("02-forward", "do not begin anew", forward(onward="replace(ip, ttl=64).completed(len(content))")),
    (
        "02-route",
        "the first entry that fits",
        ROUTE.format(none="if not fitting: return None", best="table[fitting[0]]"),
    ),
    (
        "02-route",
        "depends on the order",
        ROUTE.format(
            none="if not fitting: return None",
            best="table[[n for n in fitting if n != '198.51.100.0/24'][-1] if len(fitting) > 2 else fitting[-1]]",
        ),
    ),
    (
        "02-route",
        "Compare numbers, not text",
        ROUTE.format(
            none="if not fitting: return None", best="table[max(fitting, key=lambda n: n.split('/')[1])]"
        ),
    ),
    (
        "02-route",
        "`max` of nothing fails",
        ROUTE.format(none="pass", best="table[max(fitting, key=lambda n: ip_network(n).prefixlen)]"),
    ),
    (
        "02-route",
        "not the network",
        ROUTE.format(
            none="if not fitting: return None", best="max(fitting, key=lambda n: ip_network(n).prefixlen)"
        ),
    ),
    (
        "02-route",
        "take a prefix of 0 for none",
        ROUTE.format(
            none="fitting = [n for n in fitting if ip_network(n).prefixlen > 0]\n    if not fitting: return None",
            best="table[max(fitting, key=lambda n: ip_network(n).prefixlen)]",
        ),
    ),
    (
        "02-build",
        "`via` an address of the *other* router",
        build(there="r1.route('192.168.2.0/24', via='192.168.9.1')"),
    ),
    ("02-build", "ada does not know whom to give packets", build(one="None")),
    ("02-build", "does cleo have a gateway", build(two="None")),
    ("02-build", "The router 192.168.1.1 has no route", build(there="pass")),
    ("02-build", "every router a route to ada", build(back="pass")),
    ("02-build", "Give ada the address", build(ada='"192.168.2.11/24"', one='"192.168.2.1"')),
    ("02-build", "is there a cable all the way", build(last="pass")),
    ("02-build", "a gateway must be on a link of its own", build(two='"192.168.1.1"')),
    ("02-build", "and that to cleo's with another", ONE_ROUTER),
    ("02-diagnose", "Follow her packet", diagnosis(a="mask")),
    ("02-diagnose", "which MAC address answers", diagnosis(b="mask")),
    ("02-diagnose", "Why does she take cleo for a neighbour", diagnosis(c="wrong gateway")),
    ("02-diagnose", "it cannot get on", diagnosis(d="no gateway")),
    ("02-diagnose", "her routing table names it", diagnosis(e="no gateway")),
]
