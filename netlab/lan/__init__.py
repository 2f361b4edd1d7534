"""A simulated local network that carries real frames: hosts, hubs, switches, routers, and the cables between."""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.lan.clinic import patient as patient
    from netlab.lan.network import Network as Network
    from netlab.lan.recorded import real_network as real_network
    from netlab.lan.recorded import side_by_side as side_by_side
    from netlab.lan.recorded import two_subnets as two_subnets

__all__ = ["Network", "patient", "real_network", "side_by_side", "two_subnets"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Network": "network",
        "patient": "clinic",
        "real_network": "recorded",
        "side_by_side": "recorded",
        "two_subnets": "recorded",
    },
)
