"""The same network for real: network namespaces for the devices, virtual cards for the cables, Linux for the rest.

A host or router is a namespace with the same addresses and routes, a switch a bridge in a namespace of its own, a
hub a bridge that forgets at once. Nothing of it can be seen from outside, and all of it goes when its helper
process ends. Delay, bandwidth and loss of the simulated cables are not rebuilt.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from types import TracebackType
from typing import Any, ClassVar, Self, cast

from netlab.errors import CaptureError, OptionError
from netlab.lan.addresses import as_address
from netlab.lan.host import TRACEROUTE_PORT, Host, pattern
from netlab.lan.hub import Hub
from netlab.lan.link import Link, Port
from netlab.lan.network import Network
from netlab.lan.node import Node
from netlab.lan.results import Path, Ping
from netlab.lan.switch import Switch
from netlab.lan.trace import Hop, Trace
from netlab.wire import icmp, ipv4
from netlab.wire.icmp import ICMP
from netlab.wire.ipv4 import IPv4
from netlab.wire.network import LARGEST_FRAME, PACKET_OUTGOING, captured

READY_TIME = 10.0  # seconds for the helper process to answer
PATIENCE = 4.0  # seconds to wait for an answer: longer than ARP takes to give up
BRIDGE = ("type", "bridge", "stp_state", "0", "forward_delay", "0", "mcast_snooping", "0")
_QUIET = {
    "/proc/sys/net/ipv6/conf/all/disable_ipv6": "1",
    "/proc/sys/net/ipv6/conf/default/disable_ipv6": "1",
}
_FORWARDING = {"/proc/sys/net/ipv4/ip_forward": "1"}


class RealNetwork:
    """A simulated network rebuilt of parts of the Linux kernel, for the length of a `with` block.

    Args:
        net: what to rebuild; its own time does not pass.

    Attributes:
        source: "live".

    Raises:
        CaptureError: where the system does not allow it.
    """

    source: ClassVar[str] = "live"

    def __init__(self, net: Network) -> None:
        if not sys.platform.startswith("linux"):
            raise CaptureError("A real network can be built on Linux only.")
        self.net = net
        self._packets: dict[Link, socket.socket] = {}
        self._hops: list[Hop] = []
        self._pings = 0

    def __enter__(self) -> Self:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(READY_TIME)
        with theirs:
            self._helper = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "netlab.lan._node", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is meant for the student's code
            )
        try:
            self._answer()
            self._build()
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise CaptureError(f"This system does not allow a network to be built: {error}.") from error
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._drain()
        self.close()

    def close(self) -> None:
        """Give the network up."""
        for packets in self._packets.values():
            packets.close()
        self._packets.clear()
        self._control.close()
        self._helper.kill()
        self._helper.wait()

    # using

    def socket(
        self,
        name: str,
        family: int = socket.AF_INET,
        type: int = socket.SOCK_STREAM,  # noqa: A002
        proto: int = 0,
    ) -> socket.socket:
        """A socket of one of the devices, as its programs would have."""
        if name not in self.net.devices:
            raise OptionError(f"There is no device {name!r}: there are {', '.join(self.net.devices)}.")
        return cast("socket.socket", self._ask({"socket": [family, type, proto], "in": name}))

    def ping(self, name: str, target: str, *, ttl: int = 64, size: int = 56) -> Ping:
        """Let a host send one ICMP echo request, and wait for what comes back.

        Args:
            name: of the host.
            target: an IP address.
            ttl: how many routers may pass it on, plus one.
            size: bytes of content.
        """
        self._pings += 1
        key = (1, self._pings)
        request = ICMP.echo(*key).completed(pattern(size)).pack() + pattern(size)
        with self.socket(name, type=socket.SOCK_RAW, proto=ipv4.ICMP) as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
            began = time.perf_counter()
            try:
                sock.sendto(request, (str(as_address(target)), 0))
            except OSError as error:
                return Ping(target, answered=False, error=(error.strerror or "").lower())
            for ip, message in _messages(sock, PATIENCE):
                took = time.perf_counter() - began
                if message.type == icmp.ECHO_REPLY and (message.identifier, message.sequence) == key:
                    return Ping(target, True, took, ip.ttl)
                if message.type in (icmp.UNREACHABLE, icmp.TIME_EXCEEDED):
                    return Ping(target, False, took, error=message.kind, by=str(ip.src))
        return Ping(target, False, error=f"nothing came back in {PATIENCE:g} s")

    def traceroute(self, name: str, target: str, *, most: int = 30) -> Path:
        """Let a host find the routers on the way, by packets that may pass 0, 1, 2, … of them."""
        hops: list[str | None] = []
        with (
            self.socket(name, type=socket.SOCK_RAW, proto=ipv4.ICMP) as heard,
            self.socket(name, type=socket.SOCK_DGRAM) as probe,
        ):
            for ttl in range(1, most + 1):
                probe.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
                probe.sendto(b"netlab", (str(as_address(target)), TRACEROUTE_PORT + ttl - 1))
                ip, message = next(_messages(heard, PATIENCE), (None, None))
                hops.append(str(ip.src) if ip else None)
                if message and message.type == icmp.UNREACHABLE:
                    reached = message.code == icmp.PORT_UNREACHABLE
                    return Path(target, tuple(hops), reached, "" if reached else message.kind)
        return Path(target, tuple(hops), reached=False, error=f"not reached after {most} routers")

    @property
    def trace(self) -> Trace:
        """What passed on the wires, with the kernel's times, counted from the first frame."""
        self._drain()
        hops = sorted(self._hops, key=lambda hop: hop.sent)
        first = hops[0].sent if hops else 0.0
        return Trace(hop._replace(sent=hop.sent - first, arrived=hop.arrived - first) for hop in hops)

    def _drain(self) -> None:
        for link, packets in self._packets.items():
            with contextlib.suppress(BlockingIOError):
                while True:
                    data, ancillary, _, address = packets.recvmsg(LARGEST_FRAME, 256)
                    frame = captured(data, ancillary)
                    ends = link.ends if address[2] == PACKET_OUTGOING else link.ends[::-1]
                    self._hops.append(Hop(frame.time, frame.time, link, *ends, frame.data, "delivered"))

    # building

    def _build(self) -> None:
        for device in self.net.devices.values():
            self._ask({"make": device.name})
            self._ask({"write": _QUIET, "in": device.name})
        for link in self.net.links:
            self._plug(link)
        for device in self.net.devices.values():
            if isinstance(device, Node):
                self._configure(device)
            elif isinstance(device, Switch | Hub):
                self._bridge(device)
        for device in self.net.devices.values():
            if isinstance(device, Switch | Hub):
                self._open_ports(device)
        for link in self.net.links:
            self._packets[link] = self._ask({"packets": _card(link.ends[0]), "in": link.ends[0].device.name})
            self._packets[link].setblocking(False)

    def _plug(self, link: Link) -> None:
        here, there = link.ends
        other = ["peer", "name", _card(there), "netns", f"@{there.device.name}"]
        self._ip(here.device.name, ["link", "add", "name", _card(here), "type", "veth", *other])

    def _configure(self, node: Node) -> None:
        commands = [["link", "set", "lo", "up"]]
        for interface in node.interfaces:
            if interface.port.link:
                card = _card(interface.port)
                commands += [
                    ["link", "set", card, "address", interface.mac],
                    ["addr", "add", str(interface.address), "dev", card],
                    ["link", "set", card, "up"],
                ]
        commands += [
            ["route", "add", str(entry.network), "via", str(entry.via)] for entry in node.routes if entry.via
        ]
        self._ip(node.name, *commands)
        if not isinstance(node, Host):
            self._ask({"write": _FORWARDING, "in": node.name})

    def _bridge(self, device: Switch | Hub) -> None:
        ageing = 0 if isinstance(device, Hub) else round(device.ageing * 100)
        commands = [["link", "add", "bridge", *BRIDGE, "ageing_time", str(ageing)]]
        for port in device.ports:
            if port.link:
                commands.append(["link", "set", _card(port), "master", "bridge", "up"])
        self._ip(device.name, *commands, ["link", "set", "bridge", "up"])

    def _open_ports(self, device: Switch | Hub) -> None:
        """Let the bridge forward at once: by itself it would some milliseconds after its neighbours are up."""
        cards = [_card(port) for port in device.ports if port.link]
        self._ip(
            device.name, *(["link", "set", card, "type", "bridge_slave", "state", "3"] for card in cards)
        )

    def _ip(self, name: str, *commands: list[str]) -> None:
        self._ask({"ip": list(commands), "in": name})

    # the helper process

    def _ask(self, request: dict[str, Any]) -> Any:
        self._control.send(json.dumps(request).encode())
        return self._answer()

    def _answer(self) -> Any:
        answer, files, _, _ = socket.recv_fds(self._control, 65536, 1, socket.MSG_CMSG_CLOEXEC)
        if not answer:
            raise OSError(0, "its helper process ended")
        error = json.loads(answer).get("error")
        if error:
            raise OSError(0, error)
        return socket.socket(fileno=files[0]) if files else None


def _card(port: Port) -> str:
    """The name of the network card that a port becomes."""
    return f"eth{port.number - 1}"


def _messages(sock: socket.socket, patience: float) -> Any:
    """The ICMP messages that come to a raw socket, with their IP headers, until the time is over."""
    end = time.monotonic() + patience
    while (left := end - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            data = sock.recv(65535)
        except TimeoutError:
            return
        ip, content = IPv4.unpack(data)
        yield ip, ICMP.unpack(content)[0]
