"""The names of the system: a zone file that can be edited while the server runs, and who asks it (lesson 06)."""

from __future__ import annotations

import re
import socket

import dns.exception
import dns.message
import dns.query
import dns.rcode
from dns.rdatatype import RdataType

from netlab.apps.capstone.parts import HOSTS, ZONE
from netlab.servers import DNSServer, Zone
from netlab.servers.base import Address

TIMEOUT = 5.0  # seconds for an answer

HEAD = f"""\
$TTL 300
@       IN SOA ns.{ZONE}. hostmaster.{ZONE}. 1 7200 3600 604800 300
@       IN NS  ns.{ZONE}.
@       IN MX  10 mail.{ZONE}.
"""
FILE = HEAD + "".join(f"{host:7} IN A   127.0.0.1\n" for host in HOSTS)


class Names(DNSServer):
    """The name server of `ticker.example`, whose zone file may be replaced while it runs."""

    def __init__(self, text: str = FILE, port: int = 0) -> None:
        super().__init__(Zone(ZONE, text), port=port)
        self._text = text

    @property
    def text(self) -> str:
        """The zone file; a new one counts at once, if it can be read.

        Raises:
            OptionError: for a text that is no zone file; then the old one stays.
        """
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self.zones = (Zone(ZONE, text),)
        if self.running:
            self._tcp.zones = self.zones
        self._text = text


def ask(server: Address, name: str, kind: str = "A") -> list[str]:
    """Ask a name server, and return what the records of the answer hold, sorted.

    Args:
        server: its address.
        name: a host of the zone, such as "www", or a whole name with a dot in it.
        kind: of the records.

    Raises:
        socket.gaierror: when there is no such name, or no answer.
    """
    full = name if "." in name else f"{name}.{ZONE}"
    query = dns.message.make_query(full, RdataType.make(kind))
    try:
        answer = dns.query.udp(query, server[0], timeout=TIMEOUT, port=server[1])
    except (dns.exception.Timeout, OSError) as error:
        raise socket.gaierror(socket.EAI_AGAIN, f"no name server answers about {full}") from error
    if answer.rcode() != dns.rcode.NOERROR:
        raise socket.gaierror(
            socket.EAI_NONAME, f"{full}: {dns.rcode.to_text(answer.rcode())} says the name server"
        )
    return sorted(
        record.to_text()
        for rrset in answer.answer
        if rrset.rdtype == query.question[0].rdtype
        for record in rrset
    )


def address_of(server: Address, name: str) -> str:
    """The first IPv4 address of a name.

    Raises:
        socket.gaierror: when it has none.
    """
    if found := ask(server, name):
        return found[0]
    raise socket.gaierror(
        socket.EAI_NODATA if hasattr(socket, "EAI_NODATA") else -5, f"{name} has no address"
    )


def with_address(text: str, host: str, address: str) -> str:
    """A zone file in which a host has another address."""
    return re.sub(rf"(?m)^({re.escape(host)}\s+IN A\s+)\S+$", rf"\g<1>{address}", text)
