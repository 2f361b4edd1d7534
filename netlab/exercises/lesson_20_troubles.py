"""The troubles of lesson 20: each is planted in a fresh system; its cause has to be named, and the mend to hold."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial

if TYPE_CHECKING:
    from netlab.apps.capstone import Capstone

Mend = Callable[["Capstone"], object]

LIMIT = 25.0
ALIASES = {
    "front": "https",
    "tls": "https",
    "names": "dns",
    "sms gateway": "sms",
    "gateway": "sms",
    "db": "database",
    "archive": "ftp",
}
ENOUGH = datetime.timedelta(days=7)


@contextlib.contextmanager
def broken(name: str) -> Iterator[Capstone]:
    """A small system in which a day has passed, and then a trouble was planted."""
    from netlab.apps.capstone.system import running

    with running() as system:
        system.next_day()
        system.work()
        system.plant(name)
        vars(system)["hand_over"] = _too_early
        yield system


def _too_early() -> None:
    from netlab.errors import OptionError

    raise OptionError("The night shift comes later, and mends what is left. Take the cause away yourself.")


def is_found(t: Trial, name: str, cause: Any, near: dict[str, str]) -> bool:
    """Whether the cause is named: the part, and what is the matter with it. If not, a mend would be luck.

    Args:
        t: the trial.
        name: of the trouble.
        cause: what the student says.
        near: what to say about causes that come to mind.
    """
    from netlab.apps.capstone.troubles import CAUSES, TROUBLES

    part, what = TROUBLES[name].cause
    with t.case("the cause") as case:
        good = isinstance(cause, (tuple, list)) and len(cause) == 2 and all(isinstance(c, str) for c in cause)
        words = 'Name the part and the cause, such as ("mail", "wrong password").'
        case.expect_that(good, "a part and a cause", str(cause), words)
        said_part, said = (each.strip().lower() for each in cause)
        known = {each.lower(): each for each in CAUSES}
        words = f"Choose one of CAUSES: {', '.join(CAUSES)}."
        if said_part in known:
            words = "The other way round: first the part, then what is the matter with it."
        case.expect_that(said in known, "one of CAUSES", repr(said), words)
        words = near.get(said, "The letter could mean that. Which question would tell? Ask the system.")
        case.expect_that(known[said] == what, "another cause", repr(said), words)
        words = "That is the matter. But where? Name the part that has to be changed."
        case.expect_that(ALIASES.get(said_part, said_part) == part, "another part", repr(said_part), words)
    return t.results[-1].passed


def visit(case: Case, system: Capstone, url: str, words: dict[str, str]) -> None:
    """Fetch a page, or fail with the words for what was in the way."""
    from netlab.apps.capstone.parts import ZONE

    whole = url if "://" in url else f"https://www.{ZONE}{url}"
    try:
        system.visit(whole)
    except OSError as error:
        kind = next((key for key in words if key in f"{type(error).__name__}: {error}"), "")
        advice = words.get(kind, "Try `system.visit` yourself, and read what it raises.")
        case.fail(f"{whole} can be fetched", f"{type(error).__name__}: {error}"[:160], advice)


@exercise(
    "20-monday",
    title="Monday: not private",
    objective="20-o3",
    points=3,
    limit=LIMIT,
    hints=(
        'A browser says more than Bob does. Be the browser: `system.visit("/")`, and read the last line of what it raises.',
        "Lesson 12: a certificate has names, a signature, and two dates. One of the three is the matter.",
        "`system.certify()` lets the authority sign a new one, for all names of the zone and ninety days, unless you say otherwise.",
    ),
    passed="The cause was found, and every name of the front can be visited again, for weeks.",
)
def monday(t: Trial, cause: Any, mend: Mend) -> None:
    """An expired certificate."""
    from netlab.servers.tls import client_context

    if not is_found(
        t,
        "monday",
        cause,
        {
            "untrusted authority": "The authority is the one that it always was. Read the whole sentence of the error.",
            "wrong dns record": "Somebody else would show a certificate for another name, and the error would speak of a mismatch. Read what yours says.",
            "dead port": "A dead port has no certificate to complain of. Somebody answered.",
            "crashed worker": "The browser never came so far: it broke off in the TLS handshake.",
        },
    ):
        return
    old = {
        "expired": "The front still shows a certificate that has ended. A restart does not make it younger: it needs a new one.",
        "mismatch": "A certificate for other names: the browser compares it with the name that it asked for.",
    }
    with broken("monday") as system:
        with t.case("a visitor comes again") as case:
            mend(system)
            visit(case, system, "/", old)
        if not t.results[-1].passed:  # the rest would only say so again
            return
        with t.case("the other names of the front") as case:
            words = (
                "The front serves www, office and charts, with one certificate: it has to be for all three."
            )
            for host in ("charts", "office"):
                visit(case, system, f"https://{host}.ticker.example/", {**old, "mismatch": words})
        with t.case("next week, too") as case:
            ends = system.front.certificate.until
            left = ends - datetime.datetime.now(datetime.UTC)
            words = (
                "You would be called again next week. Ninety days are usual; and write down who renews it."
            )
            case.expect_that(
                left > ENOUGH, "more than 7 days", f"{left.total_seconds() / 86400:.1f} days", words
            )
        with t.case("for those who look") as case:
            words = "The course's authority has not signed this one: visitors would be told to look away."
            shown = _handshake(system, client_context())
            case.expect_that(shown == "", "a certificate that is believed", shown, words)


def _handshake(system: Capstone, context: ssl.SSLContext) -> str:
    try:
        with (
            socket.create_connection(system.locate("www"), timeout=2) as sock,
            context.wrap_socket(sock, server_hostname="www.ticker.example"),
        ):
            return ""
    except OSError as error:
        return str(error)


@exercise(
    "20-tuesday",
    title="Tuesday: a day is missing",
    objective="20-o4",
    points=4,
    limit=LIMIT,
    hints=(
        "The file is not there, so look at who writes it: `system.log`. The last line of archive is the one.",
        "`interrupted` means: over its budget of steps, `system.work_done`. Ask the database how it finds the day: `system.sql(\"EXPLAIN QUERY PLAN SELECT close FROM prices WHERE day = '2013-01-24'\")`.",
        "`SCAN` reads every row; `SEARCH … USING INDEX` goes straight to the day. Which index begins with `day`? `SELECT name FROM sqlite_master WHERE type = 'index'` has those that there are.",
        '`system.sql("CREATE INDEX ix_prices_day ON prices (day)")`, then `system.run("archive")`.',
    ),
    passed="The statement finds its day by an index, the budget is what it was, and no row is gone.",
)
def tuesday(t: Trial, cause: Any, mend: Mend) -> None:
    """A slow query."""
    from netlab.apps.capstone.budget import LIMIT as BUDGET

    if not is_found(
        t,
        "tuesday",
        cause,
        {
            "full disk": "Then the log would say so: no space left. What does it say?",
            "lost datagrams": "Cem says it: the site has the prices of that day. So they came.",
            "dead port": "He could log in and list: somebody listens there.",
            "wrong password": "He could log in.",
            "crashed worker": "The job ended with an exception, and is called again each time: it did not crash. Which exception?",
        },
    ):
        return
    with broken("tuesday") as system:
        rows = system.sql("SELECT count(*) FROM prices")[0][0]
        with t.case("the missing day comes into the archive") as case:
            mend(system)
            line = system.run("archive")
            words = "The job is interrupted, as before: its statement still reads every row of the table."
            case.expect_that(line.ok, "the job archive comes to its end", line.words, words)
            written = (system.root / "2013-01-24.csv").read_text(encoding="ascii").splitlines()
            case.expect_that(
                len(written) == 6,
                "a head and five shares",
                f"{len(written)} lines",
                "The day has five shares.",
            )
        if not t.results[-1].passed:  # the rest would only say so again
            return
        with t.case("how the statement finds its day") as case:
            plan = " ".join(
                row[-1]
                for row in system.sql("EXPLAIN QUERY PLAN SELECT close FROM prices WHERE day = '2013-01-24'")
            )
            words = (
                "It still looks at every row, and each day there are more: next month it is too slow again. "
                "An index that *begins* with `day` lets it go there at once."
            )
            case.expect_that("SCAN" not in plan, "SEARCH … USING INDEX", plan, words)
        with t.case("the budget") as case:
            words = "A larger budget hides the cause until the table has grown. Leave it as it was."
            case.expect_that(system.budget == BUDGET, f"{BUDGET:,} steps", f"{system.budget:,} steps", words)
        with t.case("nothing is lost") as case:
            now = system.sql("SELECT count(*) FROM prices")[0][0]
            words = "It is fast because rows are gone. They were somebody's history."
            case.expect_that(now == rows, f"{rows:,} prices", f"{now:,} prices", words)
        with t.case("and tomorrow") as case:
            day = system.next_day()
            system.work()
            words = "The next day is missing again: what you did was good for one day."
            there = (system.root / f"{day}.csv").exists()
            case.expect_that(there, f"{day}.csv in the archive", "not there", words)
