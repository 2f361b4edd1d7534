"""What a name server knows: a zone, and the answer to a query about it, as bytes.

RFC 1034, section 4.3.2, says how an answer is found; RFC 2308 what is said when there is none; RFC 4592 what
`*` stands for. dnspython reads and writes the messages and the zone files.
"""

from __future__ import annotations

from collections.abc import Iterable

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone
from dns.rdatatype import RdataType

from netlab.errors import OptionError

SMALLEST = 512  # bytes of an answer over UDP without EDNS (RFC 1035, section 2.3.4)
LARGEST = 1232  # bytes that an answer over UDP may have with EDNS: no packet is cut on the way
MOST_ALIASES = 8  # CNAMEs that are followed
_META = (RdataType.AXFR, RdataType.IXFR, RdataType.MAILA, RdataType.MAILB)
_WITH_TARGET = (RdataType.NS, RdataType.MX)


class Zone:
    """The records of a part of the name space.

    Args:
        origin: the name at its top, such as "ticker.example"; "." for the root.
        text: its records, as a zone file has them (RFC 1035, section 5); a TTL stands in each line or in `$TTL`.

    Raises:
        OptionError: for a text that is no zone file, or without a SOA record.
    """

    def __init__(self, origin: str, text: str) -> None:
        try:
            self.origin = dns.name.from_text(origin, idna_codec=dns.name.IDNA_2008_Practical)
            self._zone = dns.zone.from_text(
                text,
                self.origin,
                relativize=False,
                check_origin=False,
                idna_codec=dns.name.IDNA_2008_Practical,
            )
        except (dns.exception.DNSException, ValueError, KeyError) as error:
            raise OptionError(f"The zone {origin!r} cannot be read: {error}") from None
        top = self._zone.get_node(self.origin)
        if top is None or top.get_rdataset(dns.rdataclass.IN, RdataType.SOA) is None:
            raise OptionError(
                f"The zone {origin!r} has no SOA record. Begin with a line such as "
                "'@ 3600 IN SOA ns1 hostmaster 1 7200 3600 604800 300'."
            )
        self._names = self._with_parents()

    def answer(self, query: bytes, *, size: int | None = SMALLEST) -> bytes | None:
        """Answer a query (see `answer`)."""
        return answer([self], query, size=size)

    def holds(self, name: dns.name.Name) -> bool:
        """Whether a name lies in this zone or below it."""
        return name.is_subdomain(self.origin)

    def fill(self, response: dns.message.Message) -> None:
        """Find what is asked for and put it into a response."""
        question = response.question[0]
        name = question.name
        for _ in range(MOST_ALIASES):
            if self._refer(response, name):
                return
            response.flags |= dns.flags.AA
            source = self._source_of(name)
            if source is None:
                if name in self._names:  # something is below it: it exists, with no records
                    self._deny(response)
                else:
                    response.set_rcode(dns.rcode.NXDOMAIN)
                    self._deny(response)
                return
            found = self._records(source, question.rdtype, name)
            if found:
                response.answer += found
                self._add_addresses(response, found)
                return
            alias = self._records(source, RdataType.CNAME, name)
            if not alias:
                self._deny(response)
                return
            response.answer += alias
            name = alias[0][0].target
            if not self.holds(name):  # somebody else's: the reader has to ask there
                return

    def _refer(self, response: dns.message.Message, name: dns.name.Name) -> bool:
        """If the name was handed over to other servers, say which; their addresses come along as glue."""
        asked_at_cut = response.question[0].rdtype == RdataType.DS
        depth = len(self.origin.labels)
        for labels in range(depth + 1, len(name.labels) + (0 if asked_at_cut else 1)):
            cut = name.split(labels)[1]
            servers = self._records(cut, RdataType.NS, cut)
            if servers:
                response.authority += servers
                self._add_addresses(response, servers)
                return True
        return False

    def _source_of(self, name: dns.name.Name) -> dns.name.Name | None:
        """Where the records of a name stand: under itself, or under the wildcard that stands for it."""
        if self._zone.get_node(name) is not None:
            return name
        if name in self._names:
            return None
        parent = name
        while parent != self.origin:
            parent = parent.parent()
            if parent in self._names:  # the closest name that exists: only its wildcard counts
                star = dns.name.from_text("*", parent)
                return star if self._zone.get_node(star) is not None else None
        return None

    def _records(self, source: dns.name.Name, kind: RdataType, name: dns.name.Name) -> list[dns.rrset.RRset]:
        """The records of a kind, under the name that was asked for; for ANY those of one kind (RFC 8482)."""
        node = self._zone.get_node(source)
        if node is None:
            return []
        for rdataset in node.rdatasets:
            if kind in (rdataset.rdtype, RdataType.ANY):
                return [dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset))]
        return []

    def _deny(self, response: dns.message.Message) -> None:
        """There is none: the SOA says for how long that may be believed (RFC 2308, section 5)."""
        (soa,) = self._records(self.origin, RdataType.SOA, self.origin)
        soa.ttl = min(soa.ttl, soa[0].minimum)
        response.authority.append(soa)

    def _add_addresses(self, response: dns.message.Message, found: Iterable[dns.rrset.RRset]) -> None:
        """Add the addresses of servers that records name, so that nobody has to ask for them."""
        for rrset in found:
            if rrset.rdtype in _WITH_TARGET:
                for record in rrset:
                    target = record.target if rrset.rdtype == RdataType.NS else record.exchange
                    for kind in (RdataType.A, RdataType.AAAA):
                        for addresses in self._records(target, kind, target):
                            if addresses not in response.additional:
                                response.additional.append(addresses)

    def _with_parents(self) -> set[dns.name.Name]:
        """All names that exist: those with records, and those that only have something below them."""
        names = set()
        for name in self._zone:
            while name not in names and self.holds(name):
                names.add(name)
                name = name.parent() if name != self.origin else name
        return names

    def __repr__(self) -> str:
        return f"<Zone {self.origin} of {len(self._zone.nodes)} names>"


def answer(zones: Iterable[Zone], query: bytes, *, size: int | None = SMALLEST) -> bytes | None:
    """Answer a query from the zones that a server has.

    Args:
        zones: the zones; of those that hold the name the one nearest to it is taken.
        query: the bytes of the query.
        size: bytes that the answer may have, if the query does not allow more; None for no limit, as over TCP.

    Returns:
        The bytes of the answer; None for what must not be answered: an answer, or less than a header.
    """
    if len(query) < 12 or query[2] & 0x80:
        return None
    try:
        asked = dns.message.from_wire(query, ignore_trailing=False)
    except (dns.exception.DNSException, ValueError):
        return _format_error(query)
    response = dns.message.make_response(asked, our_payload=LARGEST)
    response.flags &= ~dns.flags.RA
    if asked.edns > 0:
        response.set_rcode(dns.rcode.BADVERS)
    elif asked.opcode() != dns.opcode.QUERY:
        response.set_rcode(dns.rcode.NOTIMP)
    elif len(asked.question) != 1:
        response.set_rcode(dns.rcode.FORMERR)
    else:
        _look_up(zones, response)
    return _to_wire(response, asked, size)


def _look_up(zones: Iterable[Zone], response: dns.message.Message) -> None:
    question = response.question[0]
    holding = [zone for zone in zones if zone.holds(question.name)]
    if not holding or question.rdclass not in (dns.rdataclass.IN, dns.rdataclass.ANY):
        response.set_rcode(dns.rcode.REFUSED)
    elif question.rdtype in _META:
        response.set_rcode(dns.rcode.NOTIMP)
    else:
        max(holding, key=lambda zone: len(zone.origin.labels)).fill(response)


def _to_wire(response: dns.message.Message, asked: dns.message.Message, size: int | None) -> bytes:
    """The response's bytes; one that is too long has the flag TC, and no half-told truth (RFC 2181, section 9)."""
    if size is None:
        return response.to_wire(max_size=65535)
    if asked.edns >= 0:
        size = max(size, min(asked.payload, LARGEST))
    try:
        return response.to_wire(max_size=size)
    except dns.exception.TooBig:
        response.flags |= dns.flags.TC
        response.answer, response.authority, response.additional = [], [], []
        return response.to_wire(max_size=size)


def _format_error(query: bytes) -> bytes:
    """The header of a query that cannot be read, sent back with FORMERR."""
    flags = (0x80 | query[2] & 0x79, dns.rcode.FORMERR)
    return query[:2] + bytes(flags) + bytes(8)
