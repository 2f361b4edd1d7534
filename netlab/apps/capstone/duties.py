"""What the scheduler does: collect prices, watch them, send what is due, write the archive (lesson 15).

Each duty may be done again at any time: what was done stays done once.
"""

from __future__ import annotations

import csv
import io
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from netlab._files import write_atomic
from netlab.apps.capstone import budget
from netlab.apps.capstone.data import import_lines
from netlab.apps.capstone.feed import Replay
from netlab.apps.capstone.rules import raise_by_rules
from netlab.apps.ticker.columns import now
from netlab.apps.ticker.letters import send_letters
from netlab.apps.ticker.models import Price, Stock
from netlab.apps.ticker.notifications import raise_alerts, send_due
from netlab.apps.ticker.senders import mail_sender, senders
from netlab.errors import OptionError
from netlab.text import counted

if TYPE_CHECKING:
    from apscheduler.events import JobExecutionEvent
    from apscheduler.schedulers.background import BackgroundScheduler

    from netlab.apps.capstone.system import Capstone

YEAR = 365 * 24 * 60  # minutes: longer than anybody's lesson
PATIENCE = 30.0  # seconds that somebody waits for a run

CONTENT = (Price.stock_id, Price.open, Price.high, Price.low, Price.close, Price.volume)
HEADER = ("Ticker", "Open", "High", "Low", "Close", "Volume")


@dataclass(frozen=True)
class Line:
    """A line of the log.

    Attributes:
        job: which one ran.
        ok: whether it came to its end.
        words: what came of it.
    """

    job: str
    ok: bool
    words: str

    def __str__(self) -> str:
        return f"{self.job:8} {'done' if self.ok else 'FAILED':6} {self.words}"


def collect(system: Capstone) -> str:
    """Take down what came on the tape, ask for what was lost, and store both in one transaction."""
    system.settle("tape")
    lines = system.pending
    lines.update(system.listener.take())
    with Replay(system.locate("feed")) as replay:
        last = replay.last()
        missing = [n for n in range(system.stored + 1, last + 1) if n not in lines]
        lines.update(replay.lines(missing))
    with system.database.begin() as session:
        report = import_lines(session, [lines[n] for n in range(system.stored + 1, last + 1)])
    system.stored, system.pending = last, {}
    return f"{counted(report.added, 'price')}, {len(missing)} of them asked for again"


def watch(system: Capstone) -> str:
    """Turn alerts that are met into notifications, then ask the rules."""
    with system.database.begin() as session:
        met = raise_alerts(session, system.config)
    with system.database.begin() as session:
        told, failed = raise_by_rules(session, system.rules)
    words = f"{counted(met, 'alert')} met, {counted(told, 'mail')} by rules"
    return "; ".join([words, *(f"rule {each}" for each in failed)])


def send(system: Capstone) -> str:
    """Send what is due, news and letters, to wherever DNS says the mail server and the gateway are."""
    (mail, mail_port), (sms, sms_port) = system.locate("mail"), system.locate("sms")
    config = replace(system.config, smtp_host=mail, smtp_port=mail_port, sms_url=f"http://{sms}:{sms_port}")
    trust = str(system.authority)
    news = send_due(system.database, senders(config, trust=trust), system.clock)
    letters = send_letters(system.database, config, mail_sender(config, trust=trust), system.clock)
    return str(news + letters)


def archive(system: Capstone) -> str:
    """Write each day that is not in the archive yet as a file of its own."""
    with system.database.session() as session:
        last = session.scalar(select(func.max(Price.day)))
        first = system.first_day
        days = session.scalars(
            select(Price.day).where(Price.day > first, Price.day <= last).distinct().order_by(Price.day)
        ).all()
    written = [day for day in days if not file_of(system.root, day).exists()]
    for day in written:
        write_day(system, day)
    return f"{counted(len(written), 'file')} written"


def write_day(system: Capstone, day: date) -> None:
    """Write the archive's file of a day; the statement has to keep within its budget."""
    with system.database.session() as session:
        names = dict(session.execute(select(Stock.id, Stock.ticker)).all())
        with budget.limited(session, system.budget) as system.work_done:
            rows = session.execute(select(*CONTENT).where(Price.day == day)).all()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEADER, *sorted((names[number], *rest) for number, *rest in rows)])
    write_atomic(file_of(system.root, day), text.getvalue().encode("ascii"))


def file_of(root: Path, day: date) -> Path:
    """Where the archive has a day."""
    return root / f"{day}.csv"


DUTIES: dict[str, Callable[[Capstone], str]] = {
    "collect": collect,
    "watch": watch,
    "send": send,
    "archive": archive,
}


class Scheduler:
    """APScheduler with the four duties, every few minutes, and at once when somebody asks.

    Args:
        system: what they work for.
        minutes: between two runs; None if they run only when somebody asks.

    Attributes:
        log: what has been done.
    """

    def __init__(self, system: Capstone, minutes: float | None = 5) -> None:
        self._system = system
        self._minutes = minutes or YEAR
        self._ended = threading.Condition()
        self._runs = Counter[str]()
        self.log: list[Line] = []

    def start(self) -> None:
        """Begin; the first runs are so many minutes away."""
        from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
        from apscheduler.schedulers.background import BackgroundScheduler

        self._scheduler: BackgroundScheduler = BackgroundScheduler(timezone="UTC")
        for name in DUTIES:
            self._scheduler.add_job(
                self._do,
                "interval",
                args=(name,),
                id=name,
                minutes=self._minutes,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.add_listener(self._note, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._scheduler.start()

    def stop(self) -> None:
        """End, when what runs has ended."""
        self._scheduler.shutdown()

    def run(self, name: str) -> Line:
        """Let a duty be done now, and wait for its end.

        Raises:
            OptionError: for a duty that there is not.
            TimeoutError: when it does not end.
        """
        if name not in DUTIES:
            raise OptionError(f"There is no job {name!r}; there are {', '.join(DUTIES)}.")
        with self._ended:
            before = self._runs[name]
            self._scheduler.modify_job(name, next_run_time=datetime.now(self._scheduler.timezone))
            if not self._ended.wait_for(lambda: self._runs[name] > before, PATIENCE):
                raise TimeoutError(f"{name} has not ended within {PATIENCE:g} seconds.")
            return next(line for line in reversed(self.log) if line.job == name)

    def _do(self, name: str) -> Line:
        try:
            return Line(name, True, DUTIES[name](self._system))
        except Exception as error:  # one that fails is no reason for the others to stop
            cause = getattr(error, "orig", None) or error
            return Line(name, False, f"{type(cause).__name__}: {cause}")

    def _note(self, event: JobExecutionEvent) -> None:
        with self._ended:
            self._runs[event.job_id] += 1
            self.log.append(event.retval or Line(event.job_id, False, repr(event.exception)))
            self._ended.notify_all()


def moment_after(ahead: float) -> datetime:
    """The moment so many seconds from now."""
    return datetime.fromtimestamp(now().timestamp() + ahead, now().tzinfo)
