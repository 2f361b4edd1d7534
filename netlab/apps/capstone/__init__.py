"""All of Ticker at once on this machine: what the lessons built, each part behind a tap, as one system.

| module | its one idea |
|---|---|
| `system` | `Capstone`, which starts every part, joins them and stops them |
| `parts` | the table of parts and arrows: who speaks with whom, and which lesson that is |
| `names` | the zone `ticker.example` as a file that can be edited, and who asks it |
| `front` | ends TLS, and hands each name on to the program behind it |
| `browser` | who visits |
| `feed` | an exchange: its tape over UDP, what was lost over TCP; and who listens to it |
| `data` | the database: history up to a day, customers, alerts |
| `site` | the Flask site as gunicorn and waitress load it, with files that were added |
| `drawing` | charts as PNG over HTTP |
| `duties` | what the scheduler does: collect, watch, send, archive |
| `rules` | alert rules that are functions |
| `budget` | how much work a statement is, and how much it may be |
| `picture` | the architecture, every arrow lit by the traffic that has passed its tap |
| `troubles` | four faults that a helper plants, and what people write about them |
| `health` | the system as its customers see it |
| `certificate` | what was done, from the record of progress |
| `cli` | `netlab capstone` |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.apps.capstone.certificate import certificate as certificate
    from netlab.apps.capstone.system import Capstone as Capstone
    from netlab.apps.capstone.troubles import CAUSES as CAUSES

__all__ = ["CAUSES", "Capstone", "certificate"]

__getattr__, __dir__ = attach(
    __name__, {"CAUSES": "troubles", "Capstone": "system", "certificate": "certificate"}
)
