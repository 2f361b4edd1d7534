"""`Capstone`: starts every part of Ticker, joins them by names, and stops them, whatever happens in between."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from sqlalchemy import select, text

from netlab.apps.capstone import budget, data, duties, names
from netlab.apps.capstone.browser import Browser
from netlab.apps.capstone.drawing import Charts, Draw, warm
from netlab.apps.capstone.feed import BEGIN, Exchange, TapeListener, trading_days
from netlab.apps.capstone.front import DAYS, Front, issue
from netlab.apps.capstone.parts import ARROWS, BY_KEY, ZONE
from netlab.apps.capstone.rules import Rule
from netlab.apps.capstone.runner import start_site, usual
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.models import Notification, Price
from netlab.errors import OptionError, StoppedError
from netlab.http import Response
from netlab.servers import FTPServer, Mailbox, SMSGateway, SMTPServer, WebServer
from netlab.servers.base import Address, Listener, Server
from netlab.servers.tls import course_ca
from netlab.text import Text
from netlab.wire import Impairment, Tap

if TYPE_CHECKING:
    from netlab.apps.capstone.picture import Count
    from netlab.apps.capstone.runner import Site
    from netlab.deploy import Program
    from netlab.svg import Drawing
    from netlab.text import Table

WEB = f"https://www.{ZONE}"
HTTPS = 443
TAP_OF = {"www": "https", "office": "https", "charts": "https", ZONE: "https"} | {
    arrow.host: arrow.key for arrow in ARROWS if arrow.key not in ("web", "office", "charts", "https")
}


class Capstone:
    """All of Ticker on this machine, for the length of a `with` block or from `start()` to `stop()`.

    Args:
        runner: what runs the Flask site: "gunicorn", "waitress", or "cheroot", which needs no process of its own;
            gunicorn if it is None, waitress where gunicorn does not run.
        office: whether the back office runs, too.
        since: the first day of the prices.
        lost: the numbers of the datagrams that the network loses on the tape.
        every: minutes between two runs of the jobs; None if they run only when they are told to.

    Attributes:
        names: the name server.
        front: what ends TLS.
        exchange: where the prices come from.
        mailbox: the customers' mail.
        sms: the gateway, with the customers' phones.
        charts: what draws.
        database: the one that all share.
        root: the folder of the archive.
        rules: alert rules that are functions, by their names.
        budget: steps that a statement of the archive may take.
        work_done: what the last one took.
        log: what the duties have done.
    """

    def __init__(
        self,
        *,
        runner: Literal["gunicorn", "waitress", "cheroot"] | None = None,
        office: bool = True,
        since: str = data.SINCE,
        lost: tuple[int, ...] = (),
        every: float | None = 5,
    ) -> None:
        self.runner = runner or usual()
        self._with_office = office
        self._since = since
        self._lost = lost
        self._every = every
        self._stack: contextlib.ExitStack | None = None
        self.rules: dict[str, Rule] = {}
        self.budget = budget.LIMIT
        self.work_done = budget.Work()
        self.stored = 0
        self.pending: dict[int, str] = {}
        self._ahead = 0.0
        self.dimmed: dict[str, Count] = {}

    # starting and stopping

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
        self.duties = duties.Scheduler(self, self._every)
        self.duties.start()
        stack.callback(self.duties.stop)

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

    # what visitors and programs do

    def address(self, key: str) -> Address:
        """Where an arrow's traffic goes: the address of its tap, host and port.

        Raises:
            OptionError: for an arrow that there is not.
            StoppedError: when nothing listens there.
        """
        if key not in self.taps:
            raise OptionError(f"There is no arrow {key!r}; there are {', '.join(self.taps)}.")
        return self.taps[key].address

    def port(self, key: str) -> int:
        """The port of an arrow, whether something listens there or not."""
        if key not in self.taps:
            raise OptionError(f"There is no arrow {key!r}; there are {', '.join(self.taps)}.")
        return self.taps[key]._wanted[1]

    def ask(self, name: str, kind: str = "A") -> list[str]:
        """Ask the name server for records (see `names.ask`)."""
        return names.ask(self.address("dns"), name, kind)

    def resolve(self, name: str) -> str:
        """The address of a name, as the name server has it."""
        return names.address_of(self.address("dns"), name)

    def locate(self, host: str) -> Address:
        """Where a host of the zone is: the address that the name server says, and its port.

        Raises:
            socket.gaierror: when there is no such name.
        """
        return self.resolve(host), self.port(TAP_OF.get(host, "https"))

    def visit(self, url: str) -> Response:
        """Fetch a page as a browser would: name, connection, TLS with a check of the certificate, HTTP.

        Args:
            url: a whole one, or a path of the site.

        Raises:
            OSError: when the site cannot be reached, or its certificate is not good.
        """
        whole = url if "://" in url else f"{WEB}{url}"
        with Browser(resolver=self.resolve, ports={HTTPS: self.port("https")}) as browser:
            response = browser.get(whole).response
        assert response is not None
        return response

    # what time does

    def next_day(self) -> str:
        """Let the exchange publish the prices of its next trading day, and return the day."""
        self._check_running()
        return self.exchange.publish(self.address("tape"))

    def run(self, duty: str) -> duties.Line:
        """Let a duty be done now: "collect", "watch", "send" or "archive"."""
        self._check_running()
        return self.duties.run(duty)

    def work(self) -> Text:
        """Let all duties be done, one after the other, and return what they say."""
        return Text("\n".join(str(self.run(duty)) for duty in duties.DUTIES))

    def later(self, minutes: float) -> None:
        """Let time pass for what waits to be sent again."""
        self._ahead += 60 * minutes

    def clock(self) -> datetime:
        """The moment that it is for what waits to be sent."""
        return duties.moment_after(self._ahead)

    @property
    def log(self) -> Text:
        """What the duties have done, a line each."""
        return Text("\n".join(map(str, self.duties.log)) or "(nothing yet)")

    @property
    def first_day(self) -> date:
        """The last day before the exchange's first one."""
        with self.database.session() as session:
            day = session.scalar(
                select(Price.day)
                .where(Price.day < date.fromisoformat(BEGIN))
                .order_by(Price.day.desc())
                .limit(1)
            )
        assert day is not None
        return day

    def settle(self, key: str) -> None:
        """Wait until what is under way on an arrow has arrived."""
        seen = (-1, -1)
        while seen != (seen := (len(self.taps[key].recording), self.listener.received)):
            self.taps[key].settle()

    # what can be changed

    @property
    def zone(self) -> str:
        """The zone file. Assign another text, and the name server answers from it at once."""
        return self.names.text

    @zone.setter
    def zone(self, text: str) -> None:
        self.names.text = text

    def certify(self, *hosts: str, days: float = DAYS) -> None:
        """Let the authority sign a new certificate for the front, good for so many days, and show it from now on."""
        self.front.certificate = issue(*hosts, days=days)

    def restart(self, key: str) -> None:
        """Stop a part, if it still runs, and start it at its old port, such as "mail" or "web"."""
        self._check_running()
        if key not in self.servers:
            raise OptionError(f"There is no part {key!r}; there are {', '.join(self.servers)}.")
        self.halt(key)
        self.servers[key].start()
        self.taps[key].start()

    def halt(self, key: str) -> None:
        """Stop a part: nobody listens at its port any more."""
        self.taps[key].stop()
        self.servers[key].stop()

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Ask or change the database, and return the rows that come, if any.

        Args:
            statement: with a `:name` for each value.
            **values: by these names.
        """
        with self.database.begin() as session:
            result: Any = session.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def add_rule(self, name: str, rule: Rule) -> None:
        """Ask a rule, too, whenever prices are watched."""
        self.rules[name] = rule

    def add_chart(self, name: str, draw: Draw) -> None:
        """Show a chart at `https://charts.ticker.example/NAME/TICKER/TICKER.png`."""
        self.charts.drawings[name] = draw

    def release(self, name: str, source: str) -> None:
        """Add a file with a blueprint to the site, in a new version that loses no request (lesson 15).

        Raises:
            ReleaseError: when it cannot be loaded; the old version runs on.
        """
        self._check_running()
        self.site.release(name, source)

    # what can be seen

    @property
    def notifications(self) -> list[Notification]:
        """Everything that was, or is to be sent."""
        with self.database.session() as session:
            return list(session.scalars(select(Notification).order_by(Notification.id)))

    def picture(self, *, whole: bool = False) -> Drawing:
        """The architecture; an arrow is lit if something has passed its tap.

        Args:
            whole: since the start, not only since the last `dim()`.
        """
        from netlab.apps.capstone.picture import counts, draw

        self._check_running()
        return draw(self, counts(self, {} if whole else self.dimmed))

    def dim(self) -> None:
        """Count traffic from now on."""
        from netlab.apps.capstone.picture import remember

        self._check_running()
        remember(self)

    def health(self) -> Table:
        """The system as its customers see it."""
        from netlab.apps.capstone.health import examine

        self._check_running()
        return examine(self)

    def plant(self, trouble: str) -> Text:
        """Let a helper cause some trouble, and return what somebody writes about it."""
        from netlab.apps.capstone.troubles import plant

        self._check_running()
        return plant(self, trouble)

    def hand_over(self) -> Text:
        """At the end of a shift: say whether all is well; if not, those of the night mend what is left."""
        from netlab.apps.capstone.troubles import hand_over

        self._check_running()
        return hand_over(self)

    def _check_running(self) -> None:
        if not self.running:
            raise StoppedError("The system is not running. Start it: `system = Capstone().start()`.")


def _pinned(listener: Any) -> Any:
    """Let a listener come back at the same port when it is started anew: the others know it."""
    listener._wanted = listener.address
    return listener


@contextlib.contextmanager
def running(**options: Any) -> Iterator[Capstone]:
    """A system for a block, small and without processes of its own unless told otherwise: for a check or a test."""
    usual: dict[str, Any] = {"runner": "cheroot", "office": False, "since": data.RECENTLY}
    with Capstone(**{**usual, **options}) as system:
        yield system
