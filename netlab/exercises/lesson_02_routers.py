"""The exercises of lesson 02 on routers: forwarding, choosing a route, building a network with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial
from netlab.wire.ethernet import Ethernet
from netlab.wire.icmp import ICMP
from netlab.wire.ipv4 import ICMP as ICMP_NUMBER
from netlab.wire.ipv4 import UDP as UDP_NUMBER
from netlab.wire.ipv4 import IPv4
from netlab.wire.packet import Layer, Packet, build
from netlab.wire.udp import UDP

_ADA, _ROUTER_LEFT, _ROUTER_RIGHT, _CLEO = (f"02:00:00:00:00:{number:02x}" for number in (1, 4, 5, 3))


@exercise(
    "02-forward",
    title="One hop further",
    objective="02-o3",
    points=3,
    hints=(
        "A packet with a TTL of 1 may not be passed on: it would have 0 left. What of one with 2?",
        "The frame's new sender is the router, its new receiver the next hop: `Ethernet(dst=next_mac, src=router_mac, …)`.",
        "if ip.ttl <= 1: …, ttl=ip.ttl - 1, Ethernet(dst=next_mac, src=router_mac, …). `completed` computes the checksum.",
    ),
    passed="New MAC addresses, one less to live, a new checksum; the IP addresses and the content untouched.",
)
def one_hop(t: Trial, forward: Callable[[bytes, str, str], bytes | None]) -> None:
    """What a router does to a frame."""
    for name, ttl, inner, protocol in (
        ("a ping", 64, ICMP.echo(7, 1), ICMP_NUMBER),
        ("a datagram that has come far", 2, UDP(49152, 7001), UDP_NUMBER),
    ):
        with t.case(name) as case:
            frame = _frame(ttl, inner, protocol)
            came = forward(frame, _ROUTER_RIGHT, _CLEO)
            if came is None:
                early = f"The packet has a TTL of {ttl}, so that {ttl - 1} is left: pass it on. Only 1 or less is too little."
                case.fail("the frame, passed on", "None", early)
            case.expect_that(
                isinstance(came, bytes), "bytes", type(came).__name__, "Return the new frame's bytes."
            )
            _compare(case, frame, came)
    with t.case("a packet whose time is over") as case:
        late = "With a TTL of 1 it is not passed on any more: return None. Else packets in a loop would never die."
        case.expect(
            forward(_frame(1, ICMP.echo(7, 1), ICMP_NUMBER), _ROUTER_RIGHT, _CLEO), None, [], advice=late
        )


def _frame(ttl: int, inner: Layer, protocol: int) -> bytes:
    ip = IPv4("192.168.1.10", "192.168.2.10", protocol, ttl=ttl, identification=77)  # type: ignore[arg-type]
    return build(Ethernet(_ROUTER_LEFT, _ADA), ip, inner, payload=b"Ticker")


def _compare(case: Case, before: bytes, after: bytes) -> None:
    old, new = Packet.parse(before), Packet.parse(after)
    header, was, now = new.ethernet, old.layer(IPv4), new.layer(IPv4)
    assert header
    assert was
    if now is None:
        case.fail("an IPv4 packet", new.summary(), "Keep the EtherType of the frame that came in.")
    case.expect(
        (header.dst, header.src),
        (_CLEO, _ROUTER_RIGHT),
        [
            (
                (_ROUTER_RIGHT, _CLEO),
                "Receiver and sender are swapped: in an Ethernet header the receiver comes first.",
            ),
            (
                (_ROUTER_LEFT, _ADA),
                "The MAC addresses are still those of the first link. On each link there are new ones.",
            ),
            (
                (_CLEO, _ADA),
                "The sender on this link is the router, not ada: her MAC address means nothing here.",
            ),
            (
                (_CLEO, _ROUTER_LEFT),
                "That is the card by which the frame came in. It leaves by another one, `router_mac`.",
            ),
        ],
    )
    case.expect(
        now.ttl,
        was.ttl - 1,
        [
            (was.ttl, "The TTL is unchanged: every router takes one off."),
            (lambda v: v == 64, "Take one off the TTL that the packet has; do not begin anew."),
        ],
    )
    case.expect_that(
        (now.src, now.dst) == (was.src, was.dst),
        f"{was.src} → {was.dst}",
        f"{now.src} → {now.dst}",
        "The IP addresses stay as they are from end to end.",
    )
    case.expect_that(
        replace(now, checksum=None) == replace(was, ttl=now.ttl, checksum=None)
        and new.payload == old.payload,
        "nothing else changed",
        new.summary(),
        "Only the TTL and the checksum of the IP packet change.",
    )
    case.expect_that(
        now.checksum_is_right,
        "a right header checksum",
        f"0x{now.checksum or 0:04x}",
        "The TTL is part of what the checksum guards: compute it anew, with `completed`.",
    )


@exercise(
    "02-route",
    title="The longest prefix",
    objective="02-o3",
    points=3,
    hints=(
        "`ip_address(target) in ip_network(network)` says whether an entry fits. Several may: which one is the most exact?",
        "Of the entries that fit take the one whose `ip_network(network).prefixlen` is the greatest.",
        "fitting = [n for n in table if ip_address(target) in ip_network(n)], then "
        "max(fitting, key=lambda n: ip_network(n).prefixlen); an empty list has no maximum: return None.",
    ),
    passed="Of all entries that fit, the one with the longest prefix wins; 0.0.0.0/0 fits all and wins last.",
)
def route(t: Trial, best_route: Callable[[dict[str, str], str], str | None]) -> None:
    """A router's choice among the entries of its table."""
    table = {
        "0.0.0.0/0": "192.168.9.1",
        "192.168.0.0/16": "192.168.9.2",
        "192.168.2.0/24": "192.168.9.3",
        "192.168.2.128/25": "192.168.9.4",
        "198.51.100.0/24": "192.168.9.5",
    }
    first = (
        "That is the first entry that fits. Several may fit, and the longest prefix wins, wherever it stands."
    )
    text = "Compare numbers, not text: as text '/8' is greater than '/16'."
    with t.case("one entry besides the default route") as case:
        case.expect(
            best_route(table, "198.51.100.7"),
            "192.168.9.5",
            [("192.168.9.1", first), ("198.51.100.0/24", "Return the next hop, the value, not the network.")],
        )
    with t.case("four entries that fit") as case:
        case.expect(
            best_route(table, "192.168.2.200"),
            "192.168.9.4",
            [("192.168.9.1", first), ("192.168.9.2", first), ("192.168.9.3", first)],
        )
    with t.case("the same table in another order") as case:
        last = "Your choice depends on the order of the table. The prefix alone decides."
        backwards = dict(reversed(list(table.items())))
        case.expect(best_route(backwards, "192.168.2.5"), "192.168.9.3", [], advice=last)
    with t.case("a prefix of one digit") as case:
        short = {"10.0.0.0/8": "192.168.9.6", "10.1.0.0/16": "192.168.9.7"}
        case.expect(best_route(short, "10.1.2.3"), "192.168.9.7", [("192.168.9.6", text)])
    with t.case("only the default route fits") as case:
        zero = "0.0.0.0/0 has a prefix of 0 bits, and it fits: does your code take a prefix of 0 for none?"
        case.expect(best_route(table, "203.0.113.9"), "192.168.9.1", [(None, zero)])
    with t.case(
        "nothing fits", {ValueError: "`max` of nothing fails: look first whether any entry fits."}
    ) as case:
        none = "A router without a fitting entry drops the packet: return None."
        case.expect(best_route({"192.168.1.0/24": "192.168.9.1"}, "203.0.113.9"), None, [], advice=none)


@exercise(
    "02-build",
    title="Two routers",
    objective="02-o4",
    points=4,
    hints=(
        "Each router has two addresses, one for each of its cables: `r1 = net.router('r1', '192.168.1.1/24', '192.168.9.1/24')`. "
        "Its ports are `r1['192.168.1.1']` and `r1['192.168.9.1']`.",
        "Ada's gateway is r1, at 192.168.1.1; cleo's is r2, at 192.168.2.1. Three cables: ada to r1, r1 to r2, r2 to cleo.",
        "r1 knows its own two networks. Tell it where the third one is: r1.route('192.168.2.0/24', via='192.168.9.2'). "
        "The answer has to come back: r2 needs a route too.",
    ),
    passed="Question and answer find their way: each host knows a gateway, each router the network it is not on.",
)
def build_network(t: Trial, build: Callable[..., object]) -> None:
    """A network of the student's, tried with pings."""
    from netlab.lan.host import Host
    from netlab.lan.network import Network

    net = Network()
    with t.case("ada and cleo are there") as case:
        build(net)
        hosts = [device for device in net.devices.values() if isinstance(device, Host)]
        by_name = {host.name: str(host.address) for host in hosts}
        case.expect(
            {name: by_name.get(name) for name in ("ada", "cleo")},
            {"ada": "192.168.1.10/24", "cleo": "192.168.2.10/24"},
            [(lambda v: None in v.values(), "Make two computers called 'ada' and 'cleo' with `net.host`.")],
            advice="Give ada the address '192.168.1.10/24' and cleo '192.168.2.10/24'.",
        )
    if not t.results[-1].passed:
        return
    ada, cleo = (host for name in ("ada", "cleo") for host in hosts if host.name == name)
    for source, target in ((ada, cleo), (cleo, ada)):
        with t.case(f"{source.name} pings {target.name}") as case:
            ping = source.ping(str(target.address.ip))
            own = ping.by == str(source.address.ip)
            advice = _advice(ping.error, "" if own else ping.by, source.name, target.name)
            case.expect_that(ping.answered, "an answer", str(ping), advice)
    if not all(result.passed for result in t.results):
        return
    with t.case("two routers stand between them") as case:
        path = ada.traceroute("192.168.2.10")
        routers = "Join ada's network to 192.168.9.0/24 with one router, and that to cleo's with another."
        case.expect_that(len(path.hops) == 3, "two routers, then cleo", str(path), routers)


def _advice(error: str, by: str, source: str, target: str) -> str:
    if "no gateway" in error:
        return f"{source} does not know whom to give packets for other networks: give it a gateway."
    if "network unreachable" in error:
        return f"The router {by} has no route to {target}'s network: add one, `route(network, via=…)`."
    if "host unreachable" in error and by:
        return (
            f"The router {by} asks for a neighbour that does not answer: is there a cable all the way from {source} to "
            f"{target}, each in the port whose network it belongs to, and is `via` an address of the *other* router?"
        )
    if "nothing came back" in error:
        return f"The question may have arrived. Can the answer come back: does {target} have a gateway, and every router a route to {source}?"
    return f"Follow the packet with `net.trace.story()`: is there a cable all the way from {source} to {target}, and each in the port whose network it belongs to?"
