"""A small copy of Ticker that is weak on purpose, for lesson 16: attack it, mend it, attack it again.

Each file holds one idea: the weak way, the mended way, and the route that uses one of them. `WeakSite` runs it, on
loopback only; there is no command that does, and no server that can show it to anybody else (see `guard`).
"""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.apps.weak.app import ALL as ALL
    from netlab.apps.weak.app import WeakSite as WeakSite
    from netlab.apps.weak.authority import Authority as Authority
    from netlab.apps.weak.hostile import HostileSite as HostileSite
    from netlab.apps.weak.show import show_idea as show_idea
    from netlab.apps.weak.visitor import Visitor as Visitor

__all__ = ["ALL", "Authority", "HostileSite", "Visitor", "WeakSite", "show_idea"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "ALL": "app",
        "Authority": "authority",
        "HostileSite": "hostile",
        "Visitor": "visitor",
        "WeakSite": "app",
        "show_idea": "show",
    },
)
