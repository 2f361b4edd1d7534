"""Typical wrong answers of lesson 01: the exercise, words that the report must hold, and the student's code."""

BILL = """
bill = {
    "time to live": 57,
    "transport protocol": "UDP",
    "source port": 7001,
    "destination address": "192.0.2.10",
    "message": b"IBM 202.91\\n",
}
"""
SHORT = """
short = {
    "2001:0db8:0000:0000:0000:0000:0000:0007": "2001:db8::7",
    "2001:0DB8:0000:0000:0001:0000:0000:0001": "2001:db8::1:0:0:1",
    "2001:0db8:0000:0001:0001:0001:0001:0001": "2001:db8:0:1:1:1:1:1",
    "2001:0db8:0000:0000:1000:0000:0000:0000": "2001:db8:0:0:1000::",
    "0000:0000:0000:0000:0000:0000:0000:0001": "::1",
}
"""


def _bill(field: str, value: str) -> str:
    return BILL + f"bill[{field!r}] = {value}\n"


def _short(end: str, value: str) -> str:
    return SHORT + f"short[next(full for full in short if full.endswith({end!r}))] = {value!r}\n"


WRONG = [
    ("01-bytes", "39 in *hex*", _bill("time to live", "39")),
    ("01-bytes", "TTL of the question", _bill("time to live", "64")),
    ("01-bytes", "TCP is protocol 6", _bill("transport protocol", "'TCP'")),
    ("01-bytes", "Which of the two has it", _bill("transport protocol", "17")),
    ("01-bytes", "in capital letters", _bill("transport protocol", "'udp'")),
    ("01-bytes", "A port is a number", _bill("source port", "'7001'")),
    ("01-bytes", "That is the destination port", _bill("source port", "50124")),
    ("01-bytes", "from right to left", _bill("source port", "0x591b")),
    ("01-bytes", "That is the source.", _bill("destination address", "'198.51.100.7'")),
    ("01-bytes", "in decimal", _bill("destination address", "'c0.00.02.0a'")),
    ("01-bytes", "It is the newline", _bill("message", "b'IBM 202.91'")),
    ("01-bytes", "put a `b` before the quotes", _bill("message", "'IBM 202.91\\n'")),
    ("01-bytes", "no line 'message'", BILL + "del bill['message']"),
    (
        "01-unwrap",
        "Which line needs nothing but `frame`",
        """
def unwrap(frame):
    total_length = int.from_bytes(packet[2:4], "big")
    packet = frame[14:]
    segment = packet[(packet[0] & 0x0F) * 4 : total_length]
    message = segment[(segment[12] >> 4) * 4 :]
    return message
""",
    ),
    (
        "01-unwrap",
        "Zeros of the padding",
        """
def unwrap(frame):
    packet = frame[14:]
    segment = packet[20:]
    message = segment[(segment[12] >> 4) * 4 :]
    return message
""",
    ),
    (
        "01-unwrap",
        "This IP header has 28 bytes",
        """
def unwrap(frame):
    packet = frame[14:]
    total_length = int.from_bytes(packet[2:4], "big")
    segment = packet[(packet[0] & 0x0F) * 4 : total_length]
    segment = packet[20:]
    message = segment[(segment[12] >> 4) * 4 :]
    return message
""",
    ),
    (
        "01-unwrap",
        "This TCP header has 28 bytes",
        """
def unwrap(frame):
    return frame[54 : 14 + int.from_bytes(frame[16:18], "big")]
""",
    ),
    (
        "01-checksum",
        "every bit is turned round",
        """
def checksum(data):
    data = bytes(data) + b"\\0" * (len(data) % 2)
    total = sum(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total
""",
    ),
    (
        "01-checksum",
        "was thrown away",
        """
def checksum(data):
    data = bytes(data) + b"\\0" * (len(data) % 2)
    total = sum(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2))
    return ~total & 0xFFFF
""",
    ),
    (
        "01-checksum",
        "fold in a `while` loop",
        """
def checksum(data):
    data = bytes(data) + b"\\0" * (len(data) % 2)
    total = sum(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2))
    total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
""",
    ),
    (
        "01-checksum",
        "not before it",
        """
def checksum(data):
    total = sum(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
""",
    ),
    (
        "01-checksum",
        "The last byte was left out",
        """
def checksum(data):
    total = sum(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data) - 1, 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
""",
    ),
    (
        "01-checksum",
        "with the lower byte first",
        """
def checksum(data):
    data = bytes(data) + b"\\0" * (len(data) % 2)
    total = sum(int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
""",
    ),
    ("01-mask", "the mask comes through", "def network_of(address, mask):\n    return mask | address\n"),
    ("01-mask", "Bit by bit it is written", "def network_of(address, mask):\n    return address and mask\n"),
    ("01-mask", "right for a /24 only", "def network_of(address, mask):\n    return address & 0xFFFFFF00\n"),
    ("01-mask", "That is the host part", "def network_of(address, mask):\n    return address & ~mask\n"),
    ("01-mask", "They are to be kept", "def network_of(address, mask):\n    return address ^ mask\n"),
    (
        "01-subnet",
        "does not cut at a dot",
        """
def same_network(a, b, mask):
    return a.split(".")[:3] == b.split(".")[:3]
""",
    ),
    (
        "01-subnet",
        "`ip_network` wants the first address",
        """
from ipaddress import ip_network

def same_network(a, b, mask):
    return ip_network(f"{a}/{mask}") == ip_network(f"{b}/{mask}")
""",
    ),
    (
        "01-subnet",
        "compare two network parts",
        """
from ipaddress import ip_address

def same_network(a, b, mask):
    return int(ip_address(a)) & int(ip_address(b)) & int(ip_address(mask))
""",
    ),
    (
        "01-subnet",
        "begin alike as texts",
        """
def same_network(a, b, mask):
    ones = mask.split(".").count("255")
    return b.startswith(a) or a.split(".")[:ones] == b.split(".")[:ones]
""",
    ),
    ("01-ipv6", "zeros in front of a group go too", _short(":0007", "2001:db8::0007")),
    ("01-ipv6", "`::` may stand only once", _short("0000:0001:0000:0000:0001", "2001:db8::1::1")),
    ("01-ipv6", "Of equal runs the first one", _short("0000:0001:0000:0000:0001", "2001:db8:0:0:1::1")),
    ("01-ipv6", "RFC 5952 wants small letters", _short("0000:0001:0000:0000:0001", "2001:DB8::1:0:0:1")),
    ("01-ipv6", "A single zero group is not shortened", _short(":0001:0001", "2001:db8::1:1:1:1:1")),
    ("01-ipv6", "`1000` is not `1`", _short(":1000:0000:0000:0000", "2001:db8:0:0:1::")),
    ("01-ipv6", "not in the form of RFC 5952", _short(":0007", "2001:db8:0::0:7")),
    (
        "01-four-tuple",
        "source and destination change places",
        """
def same_connection(a, b):
    return (a.ip.src, a.ip.dst, a.tcp, b.tcp) and (
        a.ip.src == b.ip.src and a.ip.dst == b.ip.dst
        and a.tcp.src_port == b.tcp.src_port and a.tcp.dst_port == b.tcp.dst_port
    )
""",
    ),
    (
        "01-four-tuple",
        "All four count",
        """
def same_connection(a, b):
    return {a.tcp.src_port, a.tcp.dst_port} == {b.tcp.src_port, b.tcp.dst_port}
""",
    ),
    (
        "01-four-tuple",
        "not a bag of addresses and a bag of ports",
        """
def same_connection(a, b):
    return {a.ip.src, a.ip.dst} == {b.ip.src, b.ip.dst} and {a.tcp.src_port, a.tcp.dst_port} == {
        b.tcp.src_port,
        b.tcp.dst_port,
    }
""",
    ),
    (
        "01-four-tuple",
        "it belongs to no TCP connection",
        """
def same_connection(a, b):
    there = (a.ip.src, a.tcp.src_port), (a.ip.dst, a.tcp.dst_port)
    again = (b.ip.src, b.tcp.src_port), (b.ip.dst, b.tcp.dst_port)
    return there == again or there == again[::-1]
""",
    ),
]
