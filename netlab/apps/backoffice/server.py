"""The back office as one of the course's servers: in a process of its own, for a process has one Django only."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from typing import Any

from netlab.apps.backoffice.config import STAFF
from netlab.deploy.program import Program


class BackOffice(Program):
    """Ticker's back office, with accounts that do not exist and one of the staff for each role.

    Args:
        database: `sqlite:///FILE` or `postgresql://…`; a new one in its temporary folder if empty.
        demo: make the accounts and the staff.
        settings: more settings by their names, such as `{"behind_proxy": "1"}`.
        port: the port to listen on, 0 for any free one.

    Attributes:
        staff: who may log in, by role.
        password: their password.

    Example:
        >>> with BackOffice() as office:
        ...     requests.get(f"{office.url}/admin/", timeout=5)
    """

    def __init__(
        self,
        database: str = "",
        *,
        demo: bool = True,
        settings: Mapping[str, str] | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.database = self._given = database
        self.demo = demo
        self.settings = dict(settings or {})
        self.staff = dict(STAFF) if demo else {}
        self.password = secrets.token_urlsafe(12)

    def _command(self, host: str, port: int) -> list[str]:
        self.database = self._given or f"sqlite:///{self.folder}/backoffice.sqlite3"
        given = {"database_url": self.database, **self.settings}
        self.env = {
            "STAFF_PASSWORD": self.password,
            "DJANGO_SETTINGS_MODULE": "netlab.apps.backoffice.settings.local",
            **{f"BACKOFFICE_{name.upper()}": str(value) for name, value in given.items()},
        }
        demo = ["--demo"] if self.demo else []
        return [sys.executable, "-m", "netlab", "backoffice", "serve", "--port", str(port), *demo]

    def _environment(self) -> dict[str, str]:
        """Without settings of another back office that this process may have."""
        inherited: dict[str, Any] = super()._environment()
        return {k: v for k, v in inherited.items() if not k.startswith("BACKOFFICE_") or k in self.env}

    def _is_ready(self) -> bool:
        return True
