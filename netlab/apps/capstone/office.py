"""The back office beside the site, on the same database (lessons 17 and 18)."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING

from netlab.apps.capstone.parts import ZONE
from netlab.apps.capstone.runner import usual
from netlab.apps.ticker.config import Config
from netlab.deploy import Gunicorn, Waitress

if TYPE_CHECKING:
    from netlab.deploy import Program

STAFF = "anna"  # who may do everything there
# Its tables are made in the process that serves it: another one would load Django once more.
MODULE = """\
import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command

call_command("migrate", verbosity=0)
if not User.objects.exists():
    call_command("createuser", {staff!r}, "--role", "administrator", stdout=open("users", "w"))

from netlab.apps.backoffice.wsgi import application
"""


def start_office(config: Config, password: str, stack: contextlib.ExitStack) -> Program:
    """Start the back office, to be stopped by a stack.

    Args:
        config: the settings of the site.
        password: of the one member of the staff.
        stack: stops it.
    """
    kind = Gunicorn if usual() == "gunicorn" else Waitress
    office: Program = kind(
        "office:application",
        files={"office.py": MODULE.format(staff=STAFF)},
        env=environment(config, password),
    )
    stack.enter_context(office)
    office._wanted = office.address  # started anew it comes back at its port
    return office


def environment(config: Config, password: str) -> dict[str, str]:
    """Its settings as the environment of a process."""
    return {
        "DJANGO_SETTINGS_MODULE": "netlab.apps.backoffice.settings.local",
        "STAFF_PASSWORD": password,
        "BACKOFFICE_DATABASE_URL": config.database_url,
        "BACKOFFICE_SECRET_KEY": secrets.token_hex(),
        "BACKOFFICE_PUBLIC_URL": f"https://office.{ZONE}",
        "BACKOFFICE_TICKER_URL": config.public_url,
        "BACKOFFICE_ARGON2_TIME": str(config.argon2_time),
        "BACKOFFICE_ARGON2_MEMORY": str(config.argon2_memory),
        "BACKOFFICE_ARGON2_LANES": str(config.argon2_lanes),
    }
