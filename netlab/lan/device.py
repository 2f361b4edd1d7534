"""What all devices of a simulated network have: a name, and ports that frames come in by."""

from __future__ import annotations

from typing import ClassVar, Literal

from netlab.errors import OptionError
from netlab.lan.clock import Clock
from netlab.lan.link import Port

Kind = Literal["host", "hub", "switch", "router"]


class Device:
    """A box with ports.

    Args:
        name: how it is called in traces and pictures.
        clock: of the simulation.
        ports: how many sockets it has.
    """

    kind: ClassVar[Kind]

    def __init__(self, name: str, clock: Clock, ports: int) -> None:
        if ports < 1:
            raise OptionError(f"{name} cannot have {ports} ports: give 1 or more.")
        self.name = name
        self.clock = clock
        self.ports = [Port(self, number) for number in range(1, ports + 1)]

    def receive(self, port: Port, frame: bytes) -> None:
        """Take a frame that has come in whole by a port."""
        raise NotImplementedError

    def lost_contact(self, port: Port) -> None:
        """The cable of a port has been cut."""

    def free_port(self) -> Port:
        """The first port without a cable.

        Raises:
            OptionError: when all are taken.
        """
        for port in self.ports:
            if port.link is None:
                return port
        taken = f"all {len(self.ports)} ports of {self.name} are" if len(self.ports) > 1 else ""
        raise OptionError(
            f"{taken[:1].upper()}{taken[1:]} taken: build it with more, as in ports={2 * len(self.ports)}."
            if taken
            else f"{self.name} has one network card, and a cable is plugged into it: put a switch between."
        )

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"
