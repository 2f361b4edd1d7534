"""Four troubles. A helper plants one and says nothing; what comes is what somebody writes, who sees what went wrong.

Each has one cause: a part, and what is the matter with it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from netlab.apps.capstone import data, health
from netlab.apps.capstone.front import issue
from netlab.apps.capstone.names import FILE, with_address
from netlab.apps.ticker.models import Alert, Side, Stock, User
from netlab.errors import OptionError
from netlab.text import Text

if TYPE_CHECKING:
    from netlab.apps.capstone.system import Capstone

# What can be the matter; four of them are.
CAUSES = (
    "crashed worker",
    "dead port",
    "expired certificate",
    "full disk",
    "lost datagrams",
    "slow query",
    "untrusted authority",
    "wrong DNS record",
    "wrong key",
    "wrong password",
)
OLD_ADDRESS = "127.0.0.66"  # of a machine that was given back long ago; nobody is there
INDEX = "ix_prices_day"
LINE = 76  # characters of a letter's line


@dataclass(frozen=True)
class Trouble:
    """Something that has gone wrong.

    Attributes:
        letter: what somebody writes.
        cause: the part, and what is the matter with it.
        hurts: which question of `health` is answered with no.
        plant: brings it about.
        mend: takes it away, where nobody else did.
    """

    letter: str
    cause: tuple[str, str]
    hurts: str
    plant: Callable[[Capstone], object]
    mend: Callable[[Capstone], object]


def _expire(system: Capstone) -> None:
    system.front.certificate = issue(days=-1)


def _forget_the_index(system: Capstone) -> None:
    for name in _indexes_of_days(system):
        system.sql(f'DROP INDEX "{name}"')
    _another_day(system)


def _indexes_of_days(system: Capstone) -> list[str]:
    """The indexes that begin with the day, whoever made them."""
    return [
        name
        for (name,) in system.sql(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'prices' AND sql IS NOT NULL"
        )
        if system.sql("SELECT name FROM pragma_index_info(:index) ORDER BY seqno LIMIT 1", index=name)
        == [("day",)]
    ]


def _remember_the_index(system: Capstone) -> None:
    system.sql(f"CREATE INDEX IF NOT EXISTS {INDEX} ON prices (day)")
    system.run("archive")


def _lose_the_gateway(system: Capstone) -> None:
    system.halt("sms")
    with system.database.begin() as session:
        ada = session.scalars(select(User).where(User.email == data.ADA)).one()
        google = session.scalars(select(Stock).where(Stock.ticker == "GOOG")).one()
        alert = Alert(
            user_id=ada.id, stock=google, side=Side.ABOVE, limit_price=Decimal(1), by_mail=True, by_sms=True
        )
        session.add(alert)
    _another_day(system)


def _bring_the_gateway_back(system: Capstone) -> None:
    system.restart("sms")
    system.later(minutes=200)
    system.run("send")


def _move_away(system: Capstone) -> None:
    system.zone = with_address(system.zone, "www", OLD_ADDRESS)


def _move_back(system: Capstone) -> None:
    system.zone = FILE


def _another_day(system: Capstone) -> None:
    system.next_day()
    system.work()


TROUBLES: dict[str, Trouble] = {
    "monday": Trouble(
        "Bob writes: Since this morning my telephone shows none of your pages. My brother's does not either, "
        "and he lives in another town. Something about “not private”; I pressed Back.",
        ("https", "expired certificate"),
        "site",
        _expire,
        lambda system: system.certify(),
    ),
    "tuesday": Trouble(
        "Cem, who fetches the archive every night, writes: Last night I could log in and list as always, but the "
        "file of the last trading day is not there. The days before are. The site has the prices of that day.",
        ("database", "slow query"),
        "archive",
        _forget_the_index,
        _remember_the_index,
    ),
    "wednesday": Trouble(
        "Ada writes: I set an alert for Google, by mail and by SMS. The mail is here. My telephone is on, and "
        "says nothing.",
        ("sms", "dead port"),
        "news",
        _lose_the_gateway,
        _bring_the_gateway_back,
    ),
    "thursday": Trouble(
        "Bob writes: No connection, says my browser. My old computer, which has been on for days, still shows "
        "your site, so I suppose that it is my fault.",
        ("dns", "wrong DNS record"),
        "site",
        _move_away,
        _move_back,
    ),
}


def plant(system: Capstone, name: str) -> Text:
    """Cause a trouble, and return what somebody writes about it.

    Raises:
        OptionError: for a trouble that there is not.
    """
    if name not in TROUBLES:
        raise OptionError(f"There is no trouble {name!r}; there are {', '.join(TROUBLES)}.")
    TROUBLES[name].plant(system)
    return Text(textwrap.fill(TROUBLES[name].letter, LINE))


def hand_over(system: Capstone) -> Text:
    """Say whether all is well; mend what is not."""
    if all(health.answers(system).values()):
        return Text("All is well: a quiet night.")
    for trouble in TROUBLES.values():
        trouble.mend(system)
    well = all(health.answers(system).values())
    return Text("Something was left. The night shift has mended it." if well else "Something is left.")
