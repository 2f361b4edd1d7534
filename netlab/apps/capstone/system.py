"""`Capstone`: all of Ticker at once, what can be done with it and what can be seen of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from netlab.apps.capstone import budget, data, duties, names
from netlab.apps.capstone.assembly import WEB, Assembly, Runner
from netlab.apps.capstone.browser import Browser
from netlab.apps.capstone.drawing import Draw
from netlab.apps.capstone.feed import BEGIN
from netlab.apps.capstone.front import DAYS, issue
from netlab.apps.capstone.parts import ARROWS, ZONE
from netlab.apps.capstone.rules import Rule
from netlab.apps.ticker.models import Notification, Price
from netlab.errors import OptionError, StoppedError
from netlab.http import Response
from netlab.servers.base import Address
from netlab.text import Text

if TYPE_CHECKING:
    from netlab.apps.capstone.picture import Count
    from netlab.svg import Drawing
    from netlab.text import Table

HTTPS = 443
TAP_OF = {"www": "https", "office": "https", "charts": "https", ZONE: "https"} | {
    arrow.host: arrow.key for arrow in ARROWS if arrow.key not in ("web", "office", "charts", "https")
}


class Capstone(Assembly):
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
        runner: Runner | None = None,
        office: bool = True,
        since: str = data.SINCE,
        lost: tuple[int, ...] = (),
        every: float | None = 5,
    ) -> None:
        super().__init__(runner, office=office, since=since, lost=lost)
        self._every = every
        self.rules: dict[str, Rule] = {}
        self.budget = budget.LIMIT
        self.work_done = budget.Work()
        self.stored = 0
        self.pending: dict[int, str] = {}
        self._ahead = 0.0
        self.dimmed: dict[str, Count] = {}

    def _open(self, stack: contextlib.ExitStack) -> None:
        super()._open(stack)
        self.duties = duties.Scheduler(self, self._every)
        self.duties.start()
        stack.callback(self.duties.stop)

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


@contextlib.contextmanager
def running(**options: Any) -> Iterator[Capstone]:
    """A system for a block, small and without processes of its own unless told otherwise: for a check or a test."""
    usual: dict[str, Any] = {"runner": "cheroot", "office": False, "since": data.RECENTLY}
    with Capstone(**{**usual, **options}) as system:
        yield system
