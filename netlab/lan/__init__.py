"""A simulated local network that carries real frames: hosts, hubs, switches, routers, and the cables between."""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.lan.clinic import patient as patient
    from netlab.lan.network import Network as Network

__all__ = ["Network", "patient"]

__getattr__, __dir__ = attach(__name__, {"Network": "network", "patient": "clinic"})
