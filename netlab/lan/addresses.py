"""IPv4 addresses as people write them, and what is wrong with them if something is."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface

from netlab.errors import OptionError


def as_address(text: str) -> IPv4Address:
    """An address from its text.

    Raises:
        OptionError: for anything but an IPv4 address; names are looked up by DNS, which is a step of its own.
    """
    try:
        return IPv4Address(text)
    except ValueError:
        raise OptionError(
            f"{text!r} is not an IPv4 address such as '192.168.1.11'; a name has to be looked up first, by DNS."
        ) from None


def host_address(text: str) -> IPv4Interface:
    """A host's address with its mask.

    Raises:
        OptionError: for anything else, the address of the network itself and its broadcast address among it.
    """
    try:
        interface = IPv4Interface(text)
    except ValueError as error:
        raise OptionError(f"{error}. Write an address and a mask, as in '192.168.1.10/24'.") from None
    if "/" not in text:
        raise OptionError(f"{text} has no mask: write '{text}/24' if the first 24 bits name the network.")
    network = interface.network
    if network.prefixlen < 31 and interface.ip in (network.network_address, network.broadcast_address):
        what = "the network itself" if interface.ip == network.network_address else "its broadcast"
        first = IPv4Address(int(network.network_address) + 1)
        last = IPv4Address(int(network.broadcast_address) - 1)
        raise OptionError(f"{interface.ip} in {network} is {what}: a host may have {first} to {last}.")
    return interface
