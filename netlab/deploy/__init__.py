"""Production servers for real, on loopback and in temporary folders: gunicorn, waitress, nginx, and load on them.

| module | its one idea |
|---|---|
| `program` | a program of the system as one of our servers: a `with` block, a free port, ready, gone |
| `python` | what runs Python apps: `Gunicorn`, `Waitress`, and `DevelopmentServer`, which is none |
| `nginx` | `Nginx`, the reverse proxy in front of them |
| `pressure` | clients that ask without a pause, and count what comes |
| `files/` | what a machine that serves Ticker needs: nginx, gunicorn, systemd, a container |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.deploy.files import deployment_file as deployment_file
    from netlab.deploy.nginx import Nginx as Nginx
    from netlab.deploy.pressure import Pressure as Pressure
    from netlab.deploy.program import Program as Program
    from netlab.deploy.program import ProgramMissingError as ProgramMissingError
    from netlab.deploy.python import DevelopmentServer as DevelopmentServer
    from netlab.deploy.python import Gunicorn as Gunicorn
    from netlab.deploy.python import Waitress as Waitress

__all__ = [
    "DevelopmentServer",
    "Gunicorn",
    "Nginx",
    "Pressure",
    "Program",
    "ProgramMissingError",
    "Waitress",
    "deployment_file",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "DevelopmentServer": "python",
        "Gunicorn": "python",
        "Nginx": "nginx",
        "Pressure": "pressure",
        "Program": "program",
        "ProgramMissingError": "program",
        "Waitress": "python",
        "deployment_file": "files",
    },
)
