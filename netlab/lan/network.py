"""Building a simulated network, and letting its time pass.

net = Network()
ada = net.host("ada", "192.168.1.10/24")
ben = net.host("ben", "192.168.1.11/24")
net.link(ada, ben)
ada.ping("192.168.1.11")
net.trace
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

from netlab.errors import OptionError
from netlab.lan.addresses import host_address
from netlab.lan.device import Device
from netlab.lan.host import Host
from netlab.lan.hub import Hub, HubLink
from netlab.lan.link import Link, Port
from netlab.lan.node import Node
from netlab.lan.router import Router
from netlab.lan.simulation import Simulation
from netlab.lan.switch import AGEING, Switch
from netlab.lan.trace import Trace
from netlab.svg import Drawing
from netlab.wire.ethernet import mac_bytes, mac_text

D = TypeVar("D", bound=Device)

DELAY = 5e-7  # seconds: a cable of 100 metres
BANDWIDTH = 100e6  # bits a second


class Network:
    """A local network, or several with routers between them.

    Args:
        seed: of all chance in it: the same seed, the same run.
        strict: refuse what cannot work, such as an address that is taken or a loop without a spanning tree;
            False builds it all the same, to see the symptom.

    Attributes:
        devices: all devices by their names, in the order in which they were made.
        links: all cables.
    """

    def __init__(self, *, seed: int = 7, strict: bool = True) -> None:
        self.devices: dict[str, Device] = {}
        self.links: list[Link] = []
        self.strict = strict
        self._simulation = Simulation(seed)
        self._macs: Counter[int] = Counter()
        self._chosen_macs: set[str] = set()

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return self._simulation.clock.now

    @property
    def trace(self) -> Trace:
        """What passed on the wires."""
        return self._simulation.trace

    # building

    def host(self, name: str, address: str, *, gateway: str | None = None, mac: str | None = None) -> Host:
        """Add a computer.

        Args:
            name: how it is called.
            address: with its mask, such as "192.168.1.10/24".
            gateway: the router for what is not on its own network, such as "192.168.1.1".
            mac: of its network card; the next free one if left out.

        Raises:
            OptionError: for an address without a mask, or a gateway that is not on the same network.
        """
        interface = host_address(address)
        return self._add(Host(self._name(name), self._simulation, interface, self._mac(mac), gateway))

    def hub(self, name: str, *, ports: int = 8, bandwidth: float = 10e6) -> Hub:
        """Add a hub, whose ports share `bandwidth` bits a second."""
        simulation = self._simulation
        return self._add(Hub(self._name(name), simulation.clock, ports, simulation.chance, bandwidth))

    def switch(
        self,
        name: str,
        *,
        ports: int = 8,
        ageing: float = AGEING,
        spanning_tree: bool = False,
        priority: int = 32768,
    ) -> Switch:
        """Add a switch.

        Args:
            name: how it is called.
            ports: how many cables it takes.
            ageing: seconds after which it forgets an address that it has not heard from.
            spanning_tree: whether it looks for loops and closes them; its ports then take 30 s to open.
            priority: in the spanning tree: the least becomes the root.
        """
        clock = self._simulation.clock
        switch = Switch(
            self._name(name),
            clock,
            ports,
            self._mac(None, kind=0xFF),
            ageing=ageing,
            spanning_tree=spanning_tree,
            priority=priority,
        )
        return self._add(switch)

    def router(self, name: str, *addresses: str, nat: str | None = None) -> Router:
        """Add a router with one network card for each address.

        Args:
            name: how it is called.
            *addresses: with their masks, each of another network; `router["192.168.1.1"]` is the port with one.
            nat: the address that stands for all hosts behind the router, to translate addresses.
        """
        if not addresses:
            raise OptionError(f"The router {name} needs addresses, as in '192.168.1.1/24', '192.168.2.1/24'.")
        interfaces = [host_address(address) for address in addresses]
        for index, one in enumerate(interfaces):
            for other in interfaces[:index]:
                if one.network.overlaps(other.network):
                    raise OptionError(
                        f"{one} and {other} are on the same network: a router joins different ones."
                    )
        macs = [self._mac(None) for _ in interfaces]
        return self._add(Router(self._name(name), self._simulation, interfaces, macs, nat))

    def link(
        self,
        one: Device | Port,
        other: Device | Port,
        *,
        delay: float = DELAY,
        bandwidth: float = BANDWIDTH,
        loss: float = 0.0,
        drop: Collection[int] = (),
    ) -> Link:
        """Plug a cable into two devices.

        Args:
            one: a device, whose next free port is taken, or a port such as `router["192.168.1.1"]`.
            other: the same.
            delay: seconds from end to end.
            bandwidth: bits a second; a cable to a hub has the hub's.
            loss: the share of frames that are lost, 0 to 1.
            drop: numbers of frames on this cable, from 1, that are lost besides.

        Raises:
            OptionError: when a port is taken, an address would be there twice, or frames could go round a loop.
        """
        ends = self._port(one), self._port(other)
        if one is other or ends[0] is ends[1]:
            raise OptionError("A cable needs two devices: this one would lead from a device to itself.")
        devices = ends[0].device, ends[1].device
        hubs = [device for device in devices if isinstance(device, Hub)]
        if len(hubs) == 2:
            raise OptionError("Two hubs on one cable are not simulated: put a switch between them.")
        if self.strict:
            self._check(*ends)
        kind = HubLink if hubs else Link
        bandwidth = hubs[0].bandwidth if hubs else bandwidth
        s = self._simulation
        link = kind(ends, s.clock, s.trace, s.chance, delay=delay, bandwidth=bandwidth, loss=loss, drop=drop)
        for end in ends:
            end.link = link
        self.links.append(link)
        return link

    # using

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self._simulation.clock.run(self.now + seconds)

    def save(self, path: str | os.PathLike[str], link: Link | None = None) -> Path:
        """Write what passed, on one cable or on all of them, to a pcap file for Wireshark."""
        return (self.trace.on(link) if link else self.trace).save(path)

    def picture(self) -> Drawing:
        """The devices, their addresses and cables."""
        from netlab.lan.picture import draw_network

        return draw_network(self)

    def animation(self, trace: Trace | None = None, *, still: bool = False) -> Drawing:
        """The frames of a trace, or of the whole one, moving along the cables; `still` without motion."""
        from netlab.lan.animation import draw_animation

        return draw_animation(self, self.trace if trace is None else trace, still=still)

    def __getitem__(self, name: str) -> Device:
        return self.devices[name]

    def __repr__(self) -> str:
        return f"<Network of {len(self.devices)} devices and {len(self.links)} links at {self.now:.6f} s>"

    # helpers

    def _add(self, device: D) -> D:
        self.devices[device.name] = device
        return device

    def _name(self, name: str) -> str:
        if not name or name in self.devices:
            raise OptionError(f"The name {name!r} is taken or empty: each device needs its own.")
        return name

    def _mac(self, mac: str | None, kind: int = 0) -> str:
        """A MAC address: the given one, or the next of a kind; the bit 0x02 says that it was given out locally."""
        if mac is not None:
            chosen = mac_text(mac_bytes(mac))
            self._chosen_macs.add(chosen)
            return chosen
        while True:
            self._macs[kind] += 1
            free = mac_text((0x02 << 40 | kind << 16 | self._macs[kind]).to_bytes(6, "big"))
            if free not in self._chosen_macs:
                return free

    @staticmethod
    def _port(end: Device | Port) -> Port:
        if isinstance(end, Device):
            return end.free_port()
        if end.link:
            raise OptionError(f"Port {end.number} of {end.device.name} is taken: it has a cable.")
        return end

    def _check(self, one: Port, other: Port) -> None:
        """Refuse a cable by which an address would be there twice, or frames would go round for ever."""
        here, there = segment(one), segment(other)
        if one in there:
            self._check_loop(one.device, other.device)
            return
        for mine in (port.interface for port in here if port.interface):
            for yours in (port.interface for port in there if port.interface):
                for what, address, twice in (
                    ("IP", mine.address.ip, mine.address.ip == yours.address.ip),
                    ("MAC", mine.mac, mine.mac == yours.mac),
                ):
                    if twice:
                        raise OptionError(
                            f"{mine.port.device.name} and {yours.port.device.name} would share a link with the "
                            f"same {what} address, {address}: give one of them another."
                        )

    @staticmethod
    def _check_loop(one: Device, other: Device) -> None:
        if not all(isinstance(end, Switch) and end.tree for end in (one, other)):
            raise OptionError(
                f"A cable between {one.name} and {other.name} closes a loop, in which a broadcast would circle "
                "for ever: build the switches with spanning_tree=True, or the Network with strict=False."
            )


def segment(start: Port) -> set[Port]:
    """All ports that a broadcast from this one reaches, itself included: up to the next routers and hosts."""
    seen: set[Port] = set()
    boxes: set[Device] = set()
    waiting = [start]
    while waiting:
        port = waiting.pop()
        if port in seen:
            continue
        seen.add(port)
        if not isinstance(port.device, Node) and port.device not in boxes:
            boxes.add(port.device)
            waiting += port.device.ports
        if port.peer:
            waiting.append(port.peer)
    return seen
