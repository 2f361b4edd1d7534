"""What is done again and again, whether somebody looks at the site or not: a table of jobs, and their scheduler."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.context import Ticker
from netlab.apps.ticker.letters import send_letters
from netlab.apps.ticker.models import Letter, Login, LoginFailure
from netlab.apps.ticker.notifications import raise_alerts, send_due
from netlab.apps.ticker.senders import mail_sender, senders
from netlab.text import counted

if TYPE_CHECKING:
    from apscheduler.schedulers.base import BaseScheduler

log = logging.getLogger("ticker.jobs")

FAILURES_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """Something to do regularly.

    Attributes:
        name: for the log and the metrics.
        seconds: between two runs.
        run: does it, and says in a few words what came of it.
    """

    name: str
    seconds: int
    run: Callable[[Ticker], str]


def watch_prices(ticker: Ticker) -> str:
    """Turn alerts that are met into notifications."""
    with ticker.database.begin() as session:
        return f"{counted(raise_alerts(session, ticker.config), 'alert')} met"


def send_notifications(ticker: Ticker) -> str:
    """Send what is due."""
    return str(send_due(ticker.database, senders(ticker.config)))


def send_mail_links(ticker: Ticker) -> str:
    """Send the letters that somebody waits for."""
    return str(send_letters(ticker.database, ticker.config, mail_sender(ticker.config)))


def clear_out(ticker: Ticker) -> str:
    """Forget logins that have ended, letters whose links work no more, and wrong passwords of long ago."""
    with ticker.database.begin() as session:
        session.execute(delete(Login).where(Login.expires_at < now()))
        session.execute(delete(Letter).where(Letter.expires_at < now()))
        session.execute(delete(LoginFailure).where(LoginFailure.failed_at < now() - FAILURES_KEPT))
    return "done"


JOBS: tuple[Job, ...] = (
    Job("watch-prices", 60, watch_prices),
    Job("send-notifications", 20, send_notifications),
    Job("send-letters", 5, send_mail_links),
    Job("clear-out", 3600, clear_out),
)


def run(job: Job, ticker: Ticker) -> bool:
    """Do a job once and log what came of it; an exception ends this run only. True if it went well."""
    begin = time.monotonic()
    try:
        result = job.run(ticker)
    except Exception:
        log.exception("job failed", extra={"job": job.name})
        return False
    log.info(
        "job done",
        extra={"job": job.name, "result": result, "seconds": round(time.monotonic() - begin, 3)},
    )
    return True


def schedule(scheduler: BaseScheduler, ticker: Ticker) -> BaseScheduler:
    """Add the jobs to a scheduler of APScheduler: at once, then regularly, and none beside itself."""
    for job in JOBS:
        scheduler.add_job(
            run,
            "interval",
            args=(job, ticker),
            id=job.name,
            seconds=job.seconds,
            next_run_time=now(),
            max_instances=1,
            coalesce=True,  # runs that were missed are made up for by one
            misfire_grace_time=job.seconds,
        )
    return scheduler
