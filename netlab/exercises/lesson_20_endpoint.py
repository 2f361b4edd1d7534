"""The endpoint of lesson 20: a file with a blueprint, served by the real site over seven shares."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from netlab.exercises.lesson_20 import closes
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

MOVERS = '''
from flask import Blueprint, abort, jsonify, request

from netlab.apps.ticker.context import db
from netlab.apps.ticker.shares import quotes

pages = Blueprint("movers", __name__)


@pages.get("/api/movers")
def movers():
    """The shares that moved most on their last day, as JSON, the biggest move first."""
    abort(501)  # Not Implemented: your part
'''
# two closes, and the split of the second day: -10.00, 12.00, 0.00, none, 2.00, -2.00, 1.50
SHARES: dict[str, tuple[tuple[str, ...], str]] = {
    "FFF": (("100", "98"), "1"),
    "AAA": (("100", "90"), "1"),
    "BBB": (("50", "56"), "1"),
    "CCC": (("10", "10"), "1"),
    "BAA": (("38.23",), "1"),
    "EEE": (("100", "51"), "2"),
    "GGG": (("200", "203"), "1"),
}
RANKING = [
    ("BBB", "12.00"),
    ("AAA", "-10.00"),
    ("EEE", "2.00"),
    ("FFF", "-2.00"),
    ("GGG", "1.50"),
    ("CCC", "0.00"),
]


@exercise(
    "20-endpoint",
    title="An endpoint of your own",
    objective="20-o2",
    points=5,
    limit=20.0,
    starter=MOVERS,
    hints=(
        "`quotes(db())` is a list with the last quote of each share. Each has `.stock.ticker`, and `.percent`, a Decimal, or None without a day before.",
        "`sorted(known, key=lambda quote: (-abs(quote.percent), quote.stock.ticker))[:limit]`: the biggest first, and by ticker where two are alike.",
        '`jsonify([{"ticker": quote.stock.ticker, "percent": str(quote.percent)} for quote in …])`: a Decimal goes as text, as prices do.',
        '`wanted = request.args.get("limit", "5")`; if it is not `isdecimal()`, or not within 1 to 20, `abort(422)`.',
    ),
    passed="Sorted, limited, exact, and polite about nonsense: it may be released.",
)
def endpoint(t: Trial, source: str) -> None:
    """A file with an endpoint, served by the real site."""
    from netlab.servers import WebServer

    with tempfile.TemporaryDirectory(prefix="netlab-20-") as folder:
        app: Any = None
        broke: list[str] = []
        with t.case("the file can be loaded") as case:
            case.expect_that(
                isinstance(source, str), "the text of a file", type(source).__name__, "Hand in the text."
            )
            app, broke = _site(source, Path(folder))
        if app is None:
            return
        with WebServer(app) as server:
            _ranking(t, Endpoint(f"{server.url}/api/movers", broke))


@dataclass(frozen=True)
class Endpoint:
    """The student's endpoint.

    Attributes:
        url: where it is.
        broke: the exceptions behind its last 500.
    """

    url: str
    broke: list[str]

    def get(
        self,
        case: Case,
        status: int,
        advice: str,
        others: Mapping[int, str] | None = None,
        **params: str | int,
    ) -> requests.Response:
        """Ask it, and expect a status; what is said about another one depends on that.

        Args:
            case: what is tried.
            status: the one that should come.
            advice: what to say about any other.
            others: what to say about some of them.
            **params: the query.
        """
        self.broke.clear()
        response = requests.get(self.url, params=params, timeout=5)
        came = response.status_code
        why = self.broke[-1] if came == 500 and self.broke else ""
        words = {
            404: "Nobody answers at `/api/movers`: look at the path behind `@pages.get`.",
            405: "It is asked by GET: `@pages.get(…)`.",
            501: "There is still the `abort(501)` of the beginning.",
            **(others or {}),
        }
        if status == 200:
            words[500] = next((said for sign, said in BROKEN.items() if sign in why), READ)
        case.expect_that(
            came == status,
            f"status {status}",
            f"status {came}, {why}" if why else f"status {came}",
            words.get(came, advice),
        )
        return response


NEW = "A share that is new has no day before, and its `percent` is None: leave it out."
READ = "Your code broke: read the exception, then the line."
SESSION = (
    "`quotes` needs the session of this request, and `db` is the function that gives it: `quotes(db())`."
)
BROKEN = {
    "NoneType": NEW,
    "quotes() missing": SESSION,
    "'function' object has no attribute": SESSION,
    "did not return a valid response": "Your function ends without an answer: `return jsonify(…)`.",
}
ZERO = "0.00 is a number, too, and Python takes it for false: leave out only what `is None`."
WRONG_LIMIT = "Nonsense was taken for an answer: only 1 to 20 is a limit, else `abort(422)`."
SWALLOWED = (
    "Nonsense was taken for a limit. `get(…, type=int)` hides it: what is no number becomes the default. "
    "Take the text, and judge it yourself."
)
CUT = "First leave out what has no `percent`, then cut: else there are too few."


def _ranking(t: Trial, endpoint: Endpoint) -> None:
    """What it answers."""
    with t.case("the two biggest moves") as case:
        response = endpoint.get(case, 200, "2 is allowed: 1 to 20.", limit=2)
        wrong: Wrong = [
            (
                [("BBB", "12.00"), ("EEE", "2.00")],
                "A fall of 10 % is a bigger move than a rise of 2 %: sort by `abs(percent)`.",
            ),
            ([("AAA", "-10.00"), ("FFF", "-2.00")], "The biggest move first: sort by `-abs(percent)`."),
            ([("BBB", "12.00"), ("AAA", "10.00")], "Sorted by how far, but told with its sign: AAA fell."),
            (
                [("CCC", "0.00"), ("GGG", "1.50")],
                "The biggest move first, not the smallest: sort by `-abs(percent)`.",
            ),
            (
                lambda v: any(isinstance(p, (int, float)) for _, p in v),
                'Percentages are exact here, and go as text: `str(quote.percent)`, which is "12.00".',
            ),
        ]
        case.expect(
            _json(case, response),
            RANKING[:2],
            wrong,
            advice='`percent` is `str(quote.percent)`, nothing more: {"ticker": "BBB", "percent": "12.00"}.',
        )
    with t.case("only one") as case:
        case.expect(_json(case, endpoint.get(case, 200, "1 is allowed: 1 to 20.", limit=1)), RANKING[:1])
    with t.case("five, if nobody says how many") as case:
        response = endpoint.get(case, 200, 'Without a limit it is five: `request.args.get("limit", "5")`.')
        alike = "EEE and FFF moved alike: then by ticker, or the order is another one each time."
        swapped = [*RANKING[:2], RANKING[3], RANKING[2], RANKING[4]]
        many = (lambda v: len(v) > 5, "Five at the most, if nobody says how many.")
        case.expect(_json(case, response), RANKING[:5], [(swapped, alike), many])
    with t.case("more than there are") as case:
        response = endpoint.get(case, 200, "20 is allowed: 1 to 20.", limit=20)
        new = (lambda v: "BAA" in dict(v), NEW)
        case.expect(
            _json(case, response), RANKING, [(RANKING[:5], ZERO), new], advice="All six that have a move."
        )
    with t.case("as many as there are") as case:
        response = endpoint.get(case, 200, "6 is allowed: 1 to 20.", limit=6)
        rows = _json(case, response)
        case.expect(rows, RANKING, advice=CUT if len(rows) < len(RANKING) else "All six, in order.")
    for limit in ("0", "21", "-1", "2.5", "²", "many", ""):
        with t.case(f"limit={limit}") as case:
            _refused(case, endpoint, limit)


def _refused(case: Case, endpoint: Endpoint, limit: str) -> None:
    """Nonsense is the visitor's fault, and is answered so."""
    others = {
        200: SWALLOWED if limit == "many" else WRONG_LIMIT,
        500: "It broke, which is your fault, says a 500. That the limit is no number is the visitor's: 422.",
    }
    endpoint.get(case, 422, "Ticker's API says 422.", others, limit=limit)


def _json(case: Case, response: requests.Response) -> list[tuple[Any, Any]]:
    """The rows as pairs of ticker and percent."""
    kind = response.headers.get("Content-Type", "")
    case.expect_that(kind.startswith("application/json"), "application/json", kind, "Return `jsonify(…)`.")
    rows = response.json()
    good = isinstance(rows, list) and all(
        isinstance(r, dict) and {"ticker", "percent"} == r.keys() for r in rows
    )
    words = 'A list of objects with two names each: {"ticker": "BBB", "percent": "12.00"}.'
    case.expect_that(good, "a list of objects with ticker and percent", str(rows)[:120], words)
    return [(row["ticker"], row["percent"]) for row in rows]


def _site(source: str, folder: Path) -> tuple[Any, list[str]]:
    """Ticker with seven shares and a file that was added, and the exceptions behind its 500s."""
    from flask import got_request_exception

    from netlab.apps.capstone.data import CHEAP
    from netlab.apps.capstone.site import with_added
    from netlab.apps.ticker.app import create_app
    from netlab.apps.ticker.config import Config
    from netlab.apps.ticker.context import ticker
    from netlab.apps.ticker.models import Base, Price, Stock

    time, memory, lanes = CHEAP
    app = create_app(
        Config(
            database_url=f"sqlite:///{folder / 'seven.sqlite3'}",
            prepare=False,
            argon2_time=time,
            argon2_memory=memory,
            argon2_lanes=lanes,
        )
    )
    with_added(app, {"movers.py": source})
    database = ticker(app).database
    Base.metadata.create_all(database.engine)
    with database.begin() as session:
        for name, (values, split) in SHARES.items():
            stock = Stock(ticker=name, name=name.title())
            session.add(stock)
            session.flush()
            days = closes(*values, split=split)
            session.add_all(
                Price(
                    stock_id=stock.id,
                    day=day.day,
                    split=day.split,
                    volume=1,
                    **dict.fromkeys(("open", "high", "low", "close", "adjusted_close"), day.close),
                )
                for day in days
            )
    broke: list[str] = []

    def note(_app: Any, exception: Exception) -> None:
        lines = [f.lineno for f in traceback.extract_tb(exception.__traceback__) if f.filename == "movers.py"]
        where = f", in line {lines[-1]} of movers.py" if lines else ""
        broke.append(f"{type(exception).__name__}: {exception}"[:200] + where)

    got_request_exception.connect(note, app, weak=False)
    return app, broke
