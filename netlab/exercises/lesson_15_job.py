"""An exercise of lesson 15 on repeating well: a daily job that never runs twice at once."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from netlab.exercises.lesson_15_race import DAY, QUOTES, Quotes, RunDaily, forked, gap, orphan, running
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial

NEXT_DAY = "2013-03-04"
NEXT_QUOTES = [("AAPL", 420.05), ("IBM", 205.19)]


def stored(folder: Path, day: str = DAY) -> list[tuple[str, float]]:
    """What is in the database of the job; nothing if there is none."""
    path = folder / "quotes.sqlite3"
    if not path.exists():
        return []
    connection = sqlite3.connect(path)
    try:
        query = "SELECT ticker, close FROM quotes WHERE day = ? ORDER BY ticker, close"
        return [tuple(row) for row in connection.execute(query, (day,))]
    except sqlite3.OperationalError:  # no table
        return []
    finally:
        connection.close()


def half(_day: str) -> Quotes:
    """Quotes of which only the first comes."""
    yield QUOTES[0]
    raise ConnectionError("the source has gone")


def spoilt(_day: str) -> Quotes:
    """Quotes of which the second cannot be stored."""
    return [QUOTES[0], ("IBM", object()), QUOTES[2]]


@exercise(
    "15-job",
    title="A job that may be run again",
    objective="15-o5",
    points=4,
    limit=30.0,
    hints=(
        'Open a file `folder / "daily.lock"` in a `with` block, and ask the kernel for the lock: `fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)`. Who comes second gets BlockingIOError: return None.',
        "The kernel takes the lock back when the file is closed, also when the process dies: no lock is left that nobody owns. The file itself stays: it is empty, and needed again.",
        "Fetch everything first, into a list; only then open the database. `with database:` is one transaction: all rows, or none.",
        "`INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)`: a row with the same key is replaced. `executemany` takes a list of rows.",
    ),
    passed="Run it twice, at the same time, after a crash, with corrected prices: the table is right. That is what idempotent is worth.",
)
def job(t: Trial, run_daily: RunDaily) -> None:
    """A daily import: again, corrected, broken off, twice at once, killed."""
    with tempfile.TemporaryDirectory(prefix="netlab-15-") as name:
        folder = Path(name)
        with _case(t, "the first run") as case:
            case.expect(
                run_daily(folder, DAY, lambda _: iter(QUOTES)),
                3,
                advice="Return how many quotes were stored.",
            )
            words = "Nothing is in the table: a transaction that is not committed is gone. `with database:` commits."
            case.expect(stored(folder), QUOTES, [([], words)])
        with _case(t, "the same day again") as case:
            run_daily(folder, DAY, lambda _: QUOTES)
            case.expect(stored(folder), QUOTES, advice="The same day again leaves the same rows.")
        corrected = [("AAPL", 430.5), *QUOTES[1:]]
        with _case(t, "a price that was corrected") as case:
            run_daily(folder, DAY, lambda _: corrected)
            words = "The old price is still there: `OR IGNORE` keeps what is there; here the new one counts."
            case.expect(stored(folder), corrected, [(QUOTES, words)])
        with _case(t, "the next day") as case:
            words = "That is all that is in the table. How many were stored in this run? `len(rows)`."
            came = run_daily(folder, NEXT_DAY, lambda _: NEXT_QUOTES)
            case.expect(came, 2, [(5, words)], advice="Return how many quotes were stored.")
            case.expect(stored(folder, NEXT_DAY), NEXT_QUOTES)
            words = "The day before is gone: delete nothing but what you replace."
            case.expect(stored(folder), corrected, [([], words)])
    _broken_off(t, run_daily)
    _twice_at_once(t, run_daily)
    _killed(t, run_daily)
    if all(result.passed for result in t.results):
        _between_steps(t, run_daily)


AGAIN = "It was there already: `INSERT OR REPLACE` replaces the row with the same key."
OPEN = (
    "A connection of an earlier run is still open, in the middle of its transaction. Commit or roll back, and "
    "close it, whatever happens: `with contextlib.closing(open_database(folder)) as database, database:`."
)
NONE_YET = "One was at it already. The second one returns None, and fetches nothing."


@contextlib.contextmanager
def _case(t: Trial, what: str) -> Iterator[Case]:
    with t.case(what, {sqlite3.IntegrityError: AGAIN, sqlite3.OperationalError: OPEN}) as case:
        yield case


def _broken_off(t: Trial, run_daily: RunDaily) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="netlab-15-") as name,
        _case(t, "the source goes in the middle") as case,
    ):
        folder = Path(name)
        words = "Whoever runs the job must learn that it failed: let the exception go."
        case.expect_error(ConnectionError, lambda: run_daily(folder, DAY, half), words)
        words = "One quote of three is stored: fetch them all first, then store them in one transaction."
        case.expect(stored(folder), [], advice=words)
        words = "After the failure nobody can run it again: give the lock back, whatever happens."
        case.expect(run_daily(folder, DAY, lambda _: QUOTES), 3, [(None, words)])
    with (
        tempfile.TemporaryDirectory(prefix="netlab-15-") as name,
        _case(t, "the second row cannot be stored") as case,
    ):
        folder = Path(name)
        words = "A row that is no quote must not be passed over in silence: let the exception go."
        case.expect_error(Exception, lambda: run_daily(folder, DAY, spoilt), words)
        words = "The first row is stored, and the others are not: a commit after each row is no transaction. One `with database:` around all of them."
        case.expect(stored(folder), [], advice=words)
        words = "After the failure nobody can run it again: give the lock back, whatever happens."
        case.expect(run_daily(folder, DAY, lambda _: QUOTES), 3, [(None, words)])


def _twice_at_once(t: Trial, run_daily: RunDaily) -> None:
    of_processes = (
        f"{NONE_YET} It is another process, as with cron: a lock of `threading`, or a name in this program, is "
        "not known there."
    )
    elsewhere = "The other run was started in another directory: the lock's file belongs into `folder`."
    another_day = "One run at a time, whatever the day: one lock's file for all days."
    for what, day, moved, words in (
        ("twice at once, in two processes", DAY, False, of_processes),
        ("twice at once, one of them started elsewhere", DAY, True, elsewhere),
        ("two days at once", NEXT_DAY, False, another_day),
    ):
        fetched: list[str] = []

        def noted(day: str, fetched: list[str] = fetched) -> Quotes:
            fetched.append(day)
            return QUOTES

        errors: dict[type[BaseException], str] = {
            BlockingIOError: "The lock was taken, and that is no failure: return None.",
            sqlite3.OperationalError: words,
        }
        with tempfile.TemporaryDirectory(prefix="netlab-15-") as name, t.case(what, errors) as case:
            folder = Path(name)
            place = folder / "elsewhere"
            place.mkdir()
            with running(run_daily, folder, place=place if moved else None) as (first, _):
                came = run_daily(folder, day, noted)
                code = first.end()
            case.expect(came, None, advice=words)
            case.expect_that(not fetched, "one fetch", "two", NONE_YET)
            case.expect_that(code == 0, "the first one ends well", "it did not", "It had its rows to store.")
            case.expect(stored(folder), QUOTES, advice="The first one had its rows to store.")


def _killed(t: Trial, run_daily: RunDaily) -> None:
    with tempfile.TemporaryDirectory(prefix="netlab-15-") as name, _case(t, "killed in the middle") as case:
        folder = Path(name)

        def live() -> int:
            run_daily(folder, DAY, lambda _: os._exit(1))
            return 0

        os.waitpid(forked(live), 0)
        words = (
            "The run before was killed, and its lock is still there: it outlives its owner. The kernel takes "
            "`flock` back when a process dies."
        )
        case.errors = {FileExistsError: words}
        case.expect(run_daily(folder, DAY, lambda _: QUOTES), 3, [(None, words)])


GAP = (
    "Both looked while there was no lock, then both took it: between a look and what follows there is room for "
    "another process. To look and to take must be one step, such as `flock` with `LOCK_NB`."
)
ORPHAN = (
    "A run that ended removed the file which another one had just opened: that one locks a file without a name, and "
    "the next run makes a new one. Leave the file there."
)


def _between_steps(t: Trial, run_daily: RunDaily) -> None:
    """Stop a run before each of its steps in turn, until it fetches, and let others come in there."""
    with t.case("two that begin at the same moment") as case:
        for step in itertools.count(1):
            with tempfile.TemporaryDirectory(prefix="netlab-15-") as name:
                if (found := gap(run_daily, Path(name), step)) is None:
                    break
            case.expect_that(not found, "one of them fetches", "both fetch", GAP)
    steps = range(1, step)
    with t.case("one that begins while another one ends") as case:
        for step in steps:
            with tempfile.TemporaryDirectory(prefix="netlab-15-") as name:
                found = orphan(run_daily, Path(name), step)
            case.expect_that(not found, "one run at a time", "two fetch at once", ORPHAN)
