"""Starts every part of Ticker, joins them by names, and stops them, whatever happens in between."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from netlab.apps.capstone import data, names
from netlab.apps.capstone.drawing import Charts, warm
from netlab.apps.capstone.feed import Exchange, TapeListener, trading_days
from netlab.apps.capstone.front import Front, issue
from netlab.apps.capstone.parts import BY_KEY, ZONE
from netlab.apps.capstone.runner import start_site, usual
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.database import Database
from netlab.servers import FTPServer, Mailbox, SMSGateway, SMTPServer, WebServer
from netlab.servers.base import Address, Listener, Server
from netlab.servers.tls import course_ca
from netlab.wire import Impairment, Tap

if TYPE_CHECKING:
    from netlab.apps.capstone.runner import Site
    from netlab.deploy import Program

Runner = Literal["gunicorn", "waitress", "cheroot"]
WEB = f"https://www.{ZONE}"


class Assembly:
    """The parts, each behind a tap, from `start()` to `stop()`; for arguments and attributes see `Capstone`."""

    def __init__(self, runner: Runner | None, *, office: bool, since: str, lost: tuple[int, ...]) -> None:
        self.runner: Runner = runner or usual()
        self._with_office = office
        self._since = since
        self._lost = lost
        self._stack: contextlib.ExitStack | None = None

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._stack is not None

    def start(self) -> Self:
        """Start every part; one that runs already is left alone."""
        if self._stack is None:
            with contextlib.ExitStack() as stack:
                self._open(stack)
                self._stack = stack.pop_all()
        return self

    def stop(self) -> None:
        """Stop every part, and remove what they wrote."""
        stack, self._stack = self._stack, None
        if stack is not None:
            stack.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        if not self.running:
            return "<Capstone (stopped)>"
        return f"<Capstone of {len(self.servers)} servers, {self.runner} among them>"

    def _open(self, stack: contextlib.ExitStack) -> None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="netlab-capstone-")))
        self.password = secrets.token_urlsafe(12)  # of Ada, of Bob, and of Anna at the back office
        self.authority = folder / "authority.pem"
        course_ca().cert_pem.write_to_path(str(self.authority))
        self.root = folder / "archive"
        self.root.mkdir()
        self.config = self._settings(folder)
        self.database = Database(self.config.database_url)
        stack.callback(self.database.close)
        self.servers: dict[str, Listener] = {}
        self.taps: dict[str, Tap] = {}
        with ThreadPoolExecutor(2, "netlab-capstone") as pool:  # the slow ones, beside each other
            site = pool.submit(start_site, self.runner, self.config, stack)
            office = pool.submit(self._start_office, stack)
            if self.runner != "cheroot":  # while processes start there is time for it
                pool.submit(warm)
            data.prepare(self.database, self.password, self._since)
            self.site: Site = site.result()
            self._office = office.result()
        self.servers["web"] = self.site.server
        self._open_servers(stack)
        if self._office is not None:
            self.servers["office"] = self._office
            self._tap(stack, "office", self._office.address)
        self._open_front(stack)

    def _settings(self, folder: Path) -> Config:
        return Config(
            database_url=f"sqlite:///{folder / 'ticker.sqlite3'}",
            secret_key=secrets.token_hex(),
            public_url=WEB,
            prepare=False,
            smtp_host="127.0.0.1",
            smtp_tls="starttls",
            mail_from=f"alerts@{ZONE}",
            sms_url="http://127.0.0.1",
            sms_account="ticker",
            sms_key=secrets.token_hex(16),
            argon2_time=data.CHEAP[0],
            argon2_memory=data.CHEAP[1],
            argon2_lanes=data.CHEAP[2],
        )

    def _open_servers(self, stack: contextlib.ExitStack) -> None:
        """Everything but the front, which has to know the others."""
        self.names = names.Names()
        self.mailbox = Mailbox(dict.fromkeys((data.ADA, data.BOB), self.password))
        self.sms = SMSGateway(key=self.config.sms_key)
        self.exchange = Exchange(trading_days())
        self.listener = TapeListener()
        self.charts = Charts(self.database)
        for key, server in {
            "dns": self.names,
            "mail": SMTPServer(self.mailbox),
            "sms": self.sms,
            "feed": self.exchange,
            "tape": self.listener,
            "charts": WebServer(self.charts),
            "ftp": FTPServer(self.root),
        }.items():
            self._add(stack, key, server)
        self._tap(stack, "web", self.site.server.address)

    def _start_office(self, stack: contextlib.ExitStack) -> Program | None:
        if (
            not self._with_office or find_spec("django") is None or usual() == "cheroot"
        ):  # the others do without
            return None
        from netlab.apps.capstone.office import start_office

        return start_office(self.config, self.password, stack)

    def _open_front(self, stack: contextlib.ExitStack) -> None:
        routes = {f"{key}.{ZONE}": self.taps[key].address for key in ("office", "charts") if key in self.taps}
        routes = {f"www.{ZONE}": self.taps["web"].address, **routes}
        self.front = Front(routes, issue())
        self._add(stack, "https", self.front)

    def _add(self, stack: contextlib.ExitStack, key: str, server: Server) -> None:
        self.servers[key] = _pinned(stack.enter_context(server))
        self._tap(stack, key, server.address)

    def _tap(self, stack: contextlib.ExitStack, key: str, target: Address) -> None:
        transport = BY_KEY[key].transport
        lossy = Impairment(drop=self._lost) if key == "tape" and self._lost else None
        tap = Tap(target, transport=transport, to_server=lossy)
        self.taps[key] = _pinned(stack.enter_context(tap))


def _pinned(listener: Any) -> Any:
    """Let a listener come back at the same port when it is started anew: the others know it."""
    listener._wanted = listener.address
    return listener
