"""What goes over the wire: taps, live captures, headers byte by byte, ladders, hex views, pcap files."""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.wire.arp import ARP as ARP
    from netlab.wire.checksum import internet_checksum as internet_checksum
    from netlab.wire.dns import DNSMessage as DNSMessage
    from netlab.wire.dns import build_query as build_query
    from netlab.wire.dns import check_answer as check_answer
    from netlab.wire.dns import read_name as read_name
    from netlab.wire.dns import write_name as write_name
    from netlab.wire.dns_explained import explain_dns as explain_dns
    from netlab.wire.ethernet import Ethernet as Ethernet
    from netlab.wire.explanation import explain as explain
    from netlab.wire.hexview import hexdump as hexdump
    from netlab.wire.icmp import ICMP as ICMP
    from netlab.wire.impair import Impairment as Impairment
    from netlab.wire.ipv4 import IPv4 as IPv4
    from netlab.wire.ipv6 import IPv6 as IPv6
    from netlab.wire.live import capture as capture
    from netlab.wire.packet import Packet as Packet
    from netlab.wire.packet import build as build
    from netlab.wire.pcap import CapturedFrame as CapturedFrame
    from netlab.wire.pcap import read_pcap as read_pcap
    from netlab.wire.pcap import write_pcap as write_pcap
    from netlab.wire.tap import Tap as Tap
    from netlab.wire.tcp import TCP as TCP
    from netlab.wire.tcp import TCPOption as TCPOption
    from netlab.wire.tls import read_hello as read_hello
    from netlab.wire.tls import tls_records as tls_records
    from netlab.wire.tls_view import draw_tls as draw_tls
    from netlab.wire.udp import UDP as UDP

__all__ = [
    "ARP",
    "ICMP",
    "TCP",
    "UDP",
    "CapturedFrame",
    "DNSMessage",
    "Ethernet",
    "IPv4",
    "IPv6",
    "Impairment",
    "Packet",
    "TCPOption",
    "Tap",
    "build",
    "build_query",
    "capture",
    "check_answer",
    "draw_tls",
    "explain",
    "explain_dns",
    "hexdump",
    "internet_checksum",
    "read_hello",
    "read_name",
    "read_pcap",
    "tls_records",
    "write_name",
    "write_pcap",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "ARP": "arp",
        "CapturedFrame": "pcap",
        "DNSMessage": "dns",
        "Ethernet": "ethernet",
        "ICMP": "icmp",
        "IPv4": "ipv4",
        "IPv6": "ipv6",
        "Impairment": "impair",
        "Packet": "packet",
        "TCP": "tcp",
        "TCPOption": "tcp",
        "Tap": "tap",
        "UDP": "udp",
        "build": "packet",
        "build_query": "dns",
        "capture": "live",
        "check_answer": "dns",
        "draw_tls": "tls_view",
        "explain": "explanation",
        "explain_dns": "dns_explained",
        "hexdump": "hexview",
        "internet_checksum": "checksum",
        "read_hello": "tls",
        "read_name": "dns",
        "read_pcap": "pcap",
        "tls_records": "tls",
        "write_name": "dns",
        "write_pcap": "pcap",
    },
)
