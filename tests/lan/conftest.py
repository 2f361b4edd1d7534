"""Networks that several tests are about."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from netlab.lan import Network


def two_hosts(**cable) -> Network:
    net = Network()
    net.link(net.host("ada", "192.168.1.10/24"), net.host("ben", "192.168.1.11/24"), **cable)
    return net


def star(hosts: int = 4, *, hub: bool = False) -> Network:
    net = Network()
    box = net.hub("h1", ports=hosts) if hub else net.switch("s1", ports=hosts)
    for number in range(hosts):
        net.link(net.host(f"pc{number}", f"10.0.{number // 200}.{number % 200 + 1}/16"), box)
    return net


def routed() -> Network:
    """Ada and ben on a switch, a router, and cleo on its other side."""
    net = Network()
    ada = net.host("ada", "192.168.1.10/24", gateway="192.168.1.1")
    ben = net.host("ben", "192.168.1.11/24", gateway="192.168.1.1")
    cleo = net.host("cleo", "192.168.2.10/24", gateway="192.168.2.1")
    switch, router = net.switch("s1"), net.router("r1", "192.168.1.1/24", "192.168.2.1/24")
    for end in (ada, ben, router["192.168.1.1"]):
        net.link(end, switch)
    net.link(router["192.168.2.1"], cleo)
    return net


def chain(routers: int = 3) -> Network:
    """Ada, routers in a row, and cleo; every router knows the way to both ends."""
    net = Network()
    last = f"10.0.{routers}"
    ada = net.host("ada", "10.0.0.10/24", gateway="10.0.0.1")
    cleo = net.host("cleo", f"{last}.10/24", gateway=f"{last}.1")
    row = [
        net.router(f"r{n}", f"10.0.{n - 1}.{1 if n == 1 else 2}/24", f"10.0.{n}.1/24")
        for n in range(1, routers + 1)
    ]
    for ends in zip([ada, *row], [*row, cleo], strict=True):
        net.link(*ends)
    for number, router in enumerate(row, 1):
        if number < routers:
            router.route(f"{last}.0/24", via=f"10.0.{number}.2")
        if number > 1:
            router.route("10.0.0.0/24", via=f"10.0.{number - 1}.1")
    return net


def home() -> Network:
    """Ada and ben at home, a router that translates addresses, and a server outside."""
    net = Network()
    switch = net.switch("s1")
    for number, name in enumerate(("ada", "ben"), start=10):
        net.link(net.host(name, f"192.168.1.{number}/24", gateway="192.168.1.1"), switch)
    router = net.router("r1", "192.168.1.1/24", "203.0.113.5/24", nat="203.0.113.5")
    net.link(router["192.168.1.1"], switch)
    net.link(router["203.0.113.5"], net.host("web", "203.0.113.80/24"))
    return net


def triangle(*, spanning_tree: bool = False) -> Network:
    net = Network(strict=False)
    switches = [net.switch(f"s{n}", spanning_tree=spanning_tree) for n in (1, 2, 3)]
    for one, other in zip(switches, [*switches[1:], switches[0]], strict=True):
        net.link(one, other)
    net.link(net.host("ada", "192.168.1.10/24"), switches[0])
    net.link(net.host("ben", "192.168.1.11/24"), switches[1])
    return net


@pytest.fixture(scope="session")
def nets():
    """The builders of this file, each of which makes a new network."""
    return SimpleNamespace(
        two_hosts=two_hosts, star=star, routed=routed, chain=chain, home=home, triangle=triangle
    )
