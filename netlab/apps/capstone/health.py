"""The system as its customers see it: what they try, and whether it works."""

from __future__ import annotations

import ftplib
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from netlab.apps.capstone.feed import BEGIN
from netlab.apps.capstone.parts import ZONE
from netlab.apps.ticker.models import Notification, Price, State
from netlab.text import Table

if TYPE_CHECKING:
    from netlab.apps.capstone.system import Capstone

TIMEOUT = 10.0  # seconds for an answer


def site(system: Capstone) -> bool:
    """A visitor sees the front page."""
    return system.visit("/").status == 200


def office(system: Capstone) -> bool:
    """The back office asks who one is."""
    return system.visit(f"https://office.{ZONE}/").status in (200, 302)


def prices(system: Capstone) -> bool:
    """All that the exchange has published is stored."""
    return system.stored == len(system.exchange.tape)


def news(system: Capstone) -> bool:
    """Nobody waits for a mail or an SMS."""
    with system.database.session() as session:
        waiting = select(func.count()).select_from(Notification).where(Notification.state != State.SENT)
        return session.scalar(waiting) == 0


def archive(system: Capstone) -> bool:
    """The archive has a file for each day of trade since it began."""
    with system.database.session() as session:
        days = session.scalars(select(Price.day).where(Price.day >= date.fromisoformat(BEGIN)).distinct())
        wanted = {f"{day}.csv" for day in days}
    host, port = system.locate("ftp")
    with ftplib.FTP(timeout=TIMEOUT) as ftp:  # noqa: S321 - what anybody may read
        ftp.connect(host, port)
        ftp.login()
        return wanted == set(ftp.nlst())


QUESTIONS: dict[str, tuple[str, Callable[[Capstone], bool]]] = {
    "site": ("visitors see the site", site),
    "office": ("the back office opens", office),
    "prices": ("the last prices are there", prices),
    "news": ("nobody waits for news", news),
    "archive": ("the archive has every day", archive),
}


def answers(system: Capstone) -> dict[str, bool]:
    """The answer to each question."""
    asked = {
        key: each for key, (_, each) in QUESTIONS.items() if key != "office" or "office" in system.servers
    }
    return {key: _holds(each, system) for key, each in asked.items()}


def examine(system: Capstone) -> Table:
    """The answers as a table."""
    rows = [(QUESTIONS[key][0], "yes" if holds else "NO") for key, holds in answers(system).items()]
    return Table(("seen from outside", "works"), rows)


def _holds(question: Callable[[Capstone], bool], system: Capstone) -> bool:
    try:
        return question(system)
    except Exception:  # a page that breaks is as bad as one that does not come
        return False
