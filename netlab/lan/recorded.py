"""A real network, or where that is not allowed a recording of the same questions to the same one.

`python -m netlab.lan.recorded` asks the questions for real and writes the recordings to data/captures.
"""

from __future__ import annotations

import dataclasses
import json
from types import TracebackType
from typing import Any, ClassVar, Self

from netlab.errors import CaptureError, OptionError
from netlab.lan.network import Network
from netlab.lan.real import RealNetwork
from netlab.lan.results import Path, Ping
from netlab.lan.trace import Hop, Trace
from netlab.lan.views import what
from netlab.paths import data_dir
from netlab.text import Table
from netlab.wire.live import SOURCES


class RecordedNetwork:
    """Gives the answers that a real network gave to the same questions, in the same order.

    Args:
        net: the network that was built when it was recorded.
        name: of the recording.

    Attributes:
        source: "recorded".

    Raises:
        OptionError: when there is no such recording.
    """

    source: ClassVar[str] = "recorded"

    def __init__(self, net: Network, name: str) -> None:
        path = data_dir() / "captures" / f"{name}.json"
        if not path.is_file():
            known = ", ".join(sorted(repr(each.stem) for each in path.parent.glob("*.json")))
            raise OptionError(f"There is no recording {name!r} of a network: there is {known}.")
        self.net = net
        self._recording = json.loads(path.read_text(encoding="utf-8"))
        self._answers = iter(self._recording["answers"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing to give up."""

    def ping(self, name: str, target: str, *, ttl: int = 64) -> Ping:
        """The result of the ping that was recorded."""
        return Ping(**self._next("ping", name, target, ttl))

    def traceroute(self, name: str, target: str) -> Path:
        """The result of the traceroute that was recorded."""
        found = self._next("traceroute", name, target)
        return Path(**{**found, "hops": tuple(found["hops"])})

    @property
    def trace(self) -> Trace:
        """What passed on the wires when it was recorded."""
        hops = []
        for when, link, end, frame in self._recording["hops"]:
            ends = self.net.links[link].ends
            source, target = ends if end == 0 else ends[::-1]
            data = bytes.fromhex(frame)
            hops.append(Hop(when, when, self.net.links[link], source, target, data, "delivered"))
        return Trace(hops)

    def _next(self, *question: object) -> dict[str, Any]:
        asked, answer = next(self._answers, (None, None))
        if asked != list(question):
            raise CaptureError(
                f"The recording has no answer to {question} here. This system does not allow networks to be "
                "built, and a recording knows the questions of the lesson only, in their order."
            )
        assert isinstance(answer, dict)
        return answer


def real_network(net: Network, *, recording: str) -> RealNetwork | RecordedNetwork:
    """The network for real where the system allows it, else a recording.

    Args:
        net: what to build.
        recording: the name of the recording, such as "two-subnets".

    Returns:
        A context manager; its `source` says which of the two it is, "live" or "recorded".
    """
    try:
        with RealNetwork(net):
            pass
    except CaptureError:
        return RecordedNetwork(net, recording)
    return RealNetwork(net)


def side_by_side(simulated: Trace, real: RealNetwork | RecordedNetwork) -> Table:
    """A simulated trace and a real one of the same exchange, frame by frame.

    Each simulated frame stands beside the next real one on the same cable in the same direction; real frames
    that nothing simulated belongs to stand at the end.
    """
    left = list(real.trace)
    rows = []
    for number, hop in enumerate(simulated, 1):
        match = next((each for each in left if each.source is hop.source), None)
        if match:
            left.remove(match)
        ours, theirs = described(hop), described(match)
        rows.append((str(number), _wire(hop), ours, theirs, "same" if ours == theirs else "different"))
    rows += [("", _wire(hop), "", described(hop), "different") for hop in left]
    return Table(("no.", "on the wire", "simulated", "Linux", ""), rows, SOURCES[real.source])


def described(hop: Hop | None) -> str:
    """What a frame is, with its addresses and its time to live, without what is chosen at random."""
    if hop is None:
        return ""
    packet = hop.packet
    ip = packet.ip
    addresses = f"{ip.src} → {ip.dst} ttl {getattr(ip, 'ttl', '')} " if ip else ""
    return addresses + what(packet)[0]


def _wire(hop: Hop) -> str:
    return f"{hop.source.device.name} → {hop.target.device.name}"


def two_subnets() -> Network:
    """Two networks with a router between: ada and ben on a switch, cleo behind the router."""
    net = Network()
    ada = net.host("ada", "192.168.1.10/24", gateway="192.168.1.1")
    ben = net.host("ben", "192.168.1.11/24", gateway="192.168.1.1")
    cleo = net.host("cleo", "192.168.2.10/24", gateway="192.168.2.1")
    switch, router = net.switch("s1"), net.router("r1", "192.168.1.1/24", "192.168.2.1/24")
    for end in (ada, ben, router["192.168.1.1"]):
        net.link(end, switch)
    net.link(router["192.168.2.1"], cleo)
    return net


def main() -> None:
    """Ask for real, and store questions, answers and frames."""
    net = two_subnets()
    with RealNetwork(net) as real:
        answers: list[tuple[tuple[str | int, ...], Ping | Path]] = [
            (("ping", "ada", "192.168.2.10", 64), real.ping("ada", "192.168.2.10")),
            (("traceroute", "ada", "192.168.2.10"), real.traceroute("ada", "192.168.2.10")),
        ]
        hops = [
            (round(hop.sent, 6), net.links.index(hop.link), hop.link.ends.index(hop.source), hop.frame.hex())
            for hop in real.trace
        ]
    recording = {"answers": [(asked, dataclasses.asdict(answer)) for asked, answer in answers], "hops": hops}
    path = data_dir() / "captures" / "two-subnets.json"
    path.write_text(json.dumps(recording, indent=1) + "\n", encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
