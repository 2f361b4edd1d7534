"""Solutions of the exercises of lesson 01, TCP/IP."""

from ipaddress import ip_address

# 01-bytes
bill = {
    "time to live": 0x39,
    "transport protocol": "UDP",
    "source port": 0x1B59,
    "destination address": "192.0.2.10",
    "message": b"IBM 202.91\n",
}


# 01-unwrap
def unwrap(frame):
    """Return the message that an Ethernet frame with IPv4 and TCP carries."""
    packet = frame[14:]
    total_length = int.from_bytes(packet[2:4], "big")
    segment = packet[(packet[0] & 0x0F) * 4 : total_length]
    message = segment[(segment[12] >> 4) * 4 :]
    return message


# 01-checksum
def checksum(data):
    """Return the Internet checksum (RFC 1071) of data, a number from 0 to 0xFFFF."""
    total = 0
    for start in range(0, len(data), 2):
        word = bytes(data[start : start + 2]).ljust(2, b"\0")
        total += int.from_bytes(word, "big")
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


# 01-mask
def network_of(address, mask):
    """Return the network part of an address; all three are numbers of 32 bits."""
    return address & mask


# 01-subnet
def same_network(a, b, mask):
    """Return True if the addresses a and b have the same network part."""
    bits = int(ip_address(mask))
    return int(ip_address(a)) & bits == int(ip_address(b)) & bits


# 01-ipv6
short = {
    "2001:0db8:0000:0000:0000:0000:0000:0007": "2001:db8::7",
    "2001:0DB8:0000:0000:0001:0000:0000:0001": "2001:db8::1:0:0:1",
    "2001:0db8:0000:0001:0001:0001:0001:0001": "2001:db8:0:1:1:1:1:1",
    "2001:0db8:0000:0000:1000:0000:0000:0000": "2001:db8:0:0:1000::",
    "0000:0000:0000:0000:0000:0000:0000:0001": "::1",
}


# 01-four-tuple
def same_connection(a, b):
    """Return True if the packets a and b belong to the same TCP connection."""
    if a.tcp is None or b.tcp is None:
        return False
    from_a, to_a = (a.ip.src, a.tcp.src_port), (a.ip.dst, a.tcp.dst_port)
    from_b, to_b = (b.ip.src, b.tcp.src_port), (b.ip.dst, b.tcp.dst_port)
    return (from_a, to_a) in ((from_b, to_b), (to_b, from_b))
