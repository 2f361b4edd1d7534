"""Networks in which something is wrong, to be found out by asking them."""

from __future__ import annotations

from collections.abc import Callable

from netlab.errors import OptionError
from netlab.lan.host import Host
from netlab.lan.network import Network


def patient(name: str) -> Network:
    """A network of two subnets joined by the router r1, with one fault.

    ada (192.168.1.10) and ben (192.168.1.11) are on the switch s1, cleo (192.168.2.10) on s2; each subnet
    should be a /24 with the gateway 192.168.1.1 or 192.168.2.1.

    Args:
        name: "a" to "e".
    """
    if name not in _FAULTS:
        raise OptionError(f"There is no patient {name!r}: choose from {', '.join(_FAULTS)}.")
    net = Network(strict=False)
    for host, address, gateway in (
        ("ada", "192.168.1.10/24", "192.168.1.1"),
        ("ben", "192.168.1.11/24", "192.168.1.1"),
        ("cleo", "192.168.2.10/24", "192.168.2.1"),
    ):
        net.host(host, address, gateway=gateway)
    router = net.router("r1", "192.168.1.1/24", "192.168.2.1/24")
    one, two = net.switch("s1"), net.switch("s2")
    for ends in (("ada", one), ("ben", one), ("cleo", two)):
        net.link(net[ends[0]], ends[1])
    net.link(router["192.168.1.1"], one)
    net.link(router["192.168.2.1"], two)
    _FAULTS[name](net)
    return net


def _host(net: Network, name: str) -> Host:
    host = net[name]
    assert isinstance(host, Host)
    return host


def _mask(net: Network) -> None:
    _host(net, "ada").configure("192.168.1.10/16", "192.168.1.1")


def _no_gateway(net: Network) -> None:
    _host(net, "cleo").configure("192.168.2.10/24")


def _wrong_gateway(net: Network) -> None:
    _host(net, "ada").configure("192.168.1.10/24", "192.168.1.254")


def _cable(net: Network) -> None:
    net.links[-1].cut()


def _twice(net: Network) -> None:
    _host(net, "ben").configure("192.168.1.10/24", "192.168.1.1")


_FAULTS: dict[str, Callable[[Network], None]] = {
    "a": _no_gateway,
    "b": _twice,
    "c": _mask,
    "d": _cable,
    "e": _wrong_gateway,
}
