"""Solutions of the exercises of lesson 02, local networks."""

from dataclasses import replace
from ipaddress import ip_address, ip_interface, ip_network

from netlab.wire import Ethernet, IPv4

# 02-heard
frames_at_cleo = {
    "first ping, hub": 4,
    "first ping, switch": 1,
    "second ping, hub": 2,
    "second ping, switch": 0,
}


# 02-learn
def switch(table, port, source, target, ports):
    """Return the ports that a frame leaves by, and note in table what it teaches."""
    table[source] = port
    if target not in table:
        return [each for each in ports if each != port]
    return [] if table[target] == port else [table[target]]


# 02-hop
def next_hop(own, gateway, target):
    """Return the address for which a host asks by ARP, None if it has nobody to ask for."""
    if ip_address(target) in ip_interface(own).network:
        return target
    return gateway


# 02-forward
def forward(frame, router_mac, next_mac):
    """Return the frame as the router passes it on, None when its time is over."""
    header, packet = Ethernet.unpack(frame)
    ip, content = IPv4.unpack(packet)
    if ip.ttl <= 1:
        return None
    onward = replace(ip, ttl=ip.ttl - 1).completed(len(content))
    return Ethernet(next_mac, router_mac, header.ethertype).pack() + onward.pack() + content


# 02-route
def best_route(table, target):
    """Return the next hop of the entry with the longest prefix that fits, None if none fits."""
    fitting = [network for network in table if ip_address(target) in ip_network(network)]
    if not fitting:
        return None
    return table[max(fitting, key=lambda network: ip_network(network).prefixlen)]


# 02-build
def build(net):
    """Build two networks with a third one between them."""
    ada = net.host("ada", "192.168.1.10/24", gateway="192.168.1.1")
    cleo = net.host("cleo", "192.168.2.10/24", gateway="192.168.2.1")
    r1 = net.router("r1", "192.168.1.1/24", "192.168.9.1/24")
    r2 = net.router("r2", "192.168.9.2/24", "192.168.2.1/24")
    net.link(ada, r1["192.168.1.1"])
    net.link(r1["192.168.9.1"], r2["192.168.9.2"])
    net.link(r2["192.168.2.1"], cleo)
    r1.route("192.168.2.0/24", via="192.168.9.2")
    r2.route("192.168.1.0/24", via="192.168.9.1")


# 02-diagnose
diagnosis = {
    "a": "no gateway",
    "b": "address twice",
    "c": "mask",
    "d": "cable",
    "e": "wrong gateway",
}
