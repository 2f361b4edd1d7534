"""The exercises of lesson 17 on data: few queries, figures, and a change that is whole or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from netlab.exercises.lesson_17_stage import import_prices, model, people, stage
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

LISTS = '''
def watch_lists(people):
    """The tickers that each of the people watches, in alphabetical order, by user name."""
    lists = {}
    for person in people:
        lists[person.username] = [stock.ticker for stock in person.watched.order_by("ticker")]
    return lists
'''


@exercise(
    "17-queries",
    title="A bug to find: one query more for each of the people",
    objective="17-o3",
    points=3,
    starter=LISTS,
    hints=(
        "Which line asks? Each `person.watched…` in the loop, once for each of the people.",
        '`people.prefetch_related("watched")` fetches the lists of all people with one query more, before the loop begins.',
        "What is prefetched, is `person.watched.all()`. Every `order_by`, `filter` or `values_list` behind it is another question, and goes to the database again: sort in Python.",
    ),
    passed="Two queries, for five people or five thousand.",
    limit=8,
)
def queries(t: Trial, watch_lists: Callable[[Any], dict[str, list[str]]]) -> None:
    """People and their lists, and a count of the queries."""
    with stage("2.models"):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        User = model("people.User")  # noqa: N806
        Stock = model("shares.Stock")  # noqa: N806

        def plain(came: Any) -> Any:
            return dict(came) if isinstance(came, dict) else came

        stocks = list(Stock.objects.all())
        everybody = people("ada", "bob", "grace", "linus")
        for number, person in enumerate(everybody):
            person.watched.add(*stocks[len(stocks) - number :])
        want = {"ada": [], "bob": ["MSFT"], "grace": ["IBM", "MSFT"], "linus": ["GOOG", "IBM", "MSFT"]}
        shape: list[tuple[Any, str]] = [
            (lambda lists: not all(isinstance(name, str) for name in lists), "By user name: `person.username`."),
            (lambda lists: not all(isinstance(value, list) for value in lists.values()), "For each name a list, of tickers."),
        ]  # fmt: skip
        with t.case("the lists of four people") as case:
            came = plain(watch_lists(User.objects.all()))
            case.expect(came, want, [
                *shape,
                (lambda lists: "ada" not in lists, "Who watches nothing, has an empty list, and is in the answer."),
                (lambda lists: any(sorted(value) != value for value in lists.values()), "In alphabetical order: `sorted(…)`."),
            ])  # fmt: skip
        with t.case("only those who were asked for") as case:
            some = User.objects.filter(username__startswith="l")
            words = "`people` says who: begin with it, not with `User.objects` or with the table between."
            case.expect(plain(watch_lists(some)), {"linus": want["linus"]}, shape, advice=words)
        more = User.objects.bulk_create(
            User(username=f"u{n}", email=f"u{n}@ticker.example") for n in range(20)
        )
        for person in more:
            person.watched.add(stocks[1], stocks[0])
        with t.case("24 people") as case, CaptureQueriesContext(connection) as asked:
            came = watch_lists(User.objects.all())
            case.expect(came.get("u7", "u7 is not in it"), ["AAPL", "FB"])
            words = "It is one more for each of the people: `people.prefetch_related(\"watched\")`, and then `person.watched.all()`, without another `order_by` or `filter`."  # fmt: skip
            case.expect_that(len(asked) <= 3, "three queries at the most", f"{len(asked)} queries", words)


UNASKED = "A QuerySet has not asked yet: `list(…)`."


@exercise(
    "17-figures",
    title="Figures of each year, by the database",
    objective="17-o3",
    points=3,
    hints=(
        'Two steps: `values("day__year")` says by what to group, and `annotate(…)` what to count of each group.',
        '`annotate(days=Count("pk"), lowest=Min("close"), highest=Max("close"))`.',
        'A better name: `values(year=F("day__year"))`. The order: `.order_by("year")`. And at last `list(…)`: dictionaries.',
    ),
    passed="One query, and of three thousand rows a dozen came over: the database did the counting.",
    limit=8,
)
def figures(t: Trial, years: Callable[[Any], list[dict[str, Any]]]) -> None:
    """Real prices, counted by the student's query and by hand."""
    with stage("2.models"):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        Price = model("shares.Price")  # noqa: N806

        rows = import_prices("GOOG", "FB")

        def by_hand(ticker: str) -> list[dict[str, Any]]:
            closes: dict[int, list[Decimal]] = defaultdict(list)
            for row in rows:
                if row["Ticker"] == ticker:
                    closes[int(row["Date"][:4])].append(Decimal(row["Close"]))
            return [
                {"year": year, "days": len(each), "lowest": min(each), "highest": max(each)}
                for year, each in sorted(closes.items())
            ]

        def plain(came: Any) -> Any:
            return [dict(row) for row in came] if isinstance(came, list) else came

        for ticker in ("FB", "GOOG"):
            with t.case(f"the years of {ticker}") as case:
                came, want = plain(years(Price.objects.filter(stock__ticker=ticker))), by_hand(ticker)
                case.expect_that(
                    isinstance(came, list),
                    "a list",
                    type(came).__name__,
                    UNASKED,
                )
                case.expect_that(
                    len(came) == len(want),
                    f"{len(want)} years",
                    f"{len(came)} rows",
                    "One row a year: `values(…)` before `annotate(…)` groups; behind it, every price is a group of its own. Nothing else may stand in `values` or `order_by`.",
                )
                keys = sorted(came[0])
                case.expect(keys, ["days", "highest", "lowest", "year"], advice="Four names: year, days, lowest, highest. `values(year=F(\"day__year\"))`.")  # fmt: skip
                words = "The year of the day, then `Count(\"pk\")`, `Min(\"close\")` and `Max(\"close\")`; the first year first."  # fmt: skip
                case.expect(came, want, [(want[::-1], "The first year first: `.order_by(\"year\")`.")], advice=words)  # fmt: skip
        with t.case("prices that come in an order of their own") as case:
            came = plain(years(Price.objects.filter(stock__ticker="FB").order_by("-day")))
            words = "By what the QuerySet is ordered, by that it groups, too. `.order_by(\"year\")`, at the end, replaces the order that came with it."  # fmt: skip
            case.expect(came, by_hand("FB"), [(lambda v: not isinstance(v, list), UNASKED)], advice=words)
        with t.case("no prices at all") as case:
            case.expect(
                plain(years(Price.objects.none())), [], [(lambda v: not isinstance(v, list), UNASKED)]
            )
        with t.case("who counts?") as case, CaptureQueriesContext(connection) as asked:
            years(Price.objects.filter(stock__ticker="GOOG"))
            words = "All prices came over, and Python counted. `values(…)` and `annotate(…)` let the database do it."
            if len(asked) > 1:
                words = "One question for each year, and one for the years: `values(…)` in front of `annotate(…)` groups, and one question has them all."
            elif not asked:
                words = UNASKED
            grouped = len(asked) == 1 and "GROUP BY" in asked[0]["sql"]
            case.expect_that(
                grouped,
                "one query, with GROUP BY",
                f"{len(asked)} queries" if len(asked) != 1 else "none",
                words,
            )


REPLACE = '''
def replace_list(person, tickers):
    """Let somebody watch these shares, and no others: all of it, or nothing."""
    from shares.models import Stock

    person.watched.clear()
    for ticker in tickers:
        person.watched.add(Stock.objects.get(ticker=ticker))
'''


@exercise(
    "17-swap",
    title="A bug to find: half a change",
    objective="17-o3",
    points=3,
    starter=REPLACE,
    hints=(
        "What is in the list after `clear()`, when the second ticker does not exist?",
        "`with transaction.atomic():` around all that belongs together: an exception that leaves the block undoes all of it.",
        "Let the exception go on: whoever calls you must know. An `except` *inside* of the block hides it from `atomic`.",
    ),
    passed="All, or nothing, whatever goes wrong in between.",
    limit=8,
)
def swap(t: Trial, replace_list: Callable[[Any, list[str]], Any]) -> None:
    """A list replaced by good and by bad ones, and by a database that fails in the middle."""
    with stage("2.models"):
        from django.db import connection, transaction

        Stock = model("shares.Stock")  # noqa: N806

        ada, bob = people("ada", "bob")

        def watched(person: Any) -> list[str]:
            return sorted(person.watched.values_list("ticker", flat=True))

        def begin() -> None:
            ada.watched.set(Stock.objects.filter(ticker__in=["AAPL", "FB"]))
            bob.watched.set(Stock.objects.filter(ticker="FB"))

        half = "The old list is gone, and the new one is not there: put `with transaction.atomic():` around both."
        part = "There is no ZOE, and nobody has said so: a `filter` goes on with what there is, and an `except` inside of the block hides the mistake from `atomic`. `get` each of them, or compare how many you asked for with how many came, and let the exception go on."
        silent = "Whoever called you thinks that all is well: let the exception go on."
        begin()
        with t.case("a good list") as case:
            replace_list(ada, ["IBM", "MSFT", "AAPL"])
            case.expect(watched(ada), ["AAPL", "IBM", "MSFT"], [
                (["AAPL", "FB", "IBM", "MSFT"], "These, *and no others*: what is not in the new list, goes."),
            ])  # fmt: skip
            case.expect(watched(bob), ["FB"], advice="Bob's list was nobody's business.")
        with t.case("an empty list") as case:
            replace_list(ada, [])
            case.expect(watched(ada), [])
        for tickers in (["IBM", "ZOE"], ["ZOE"], ["IBM", "MSFT", "ZOE", "GOOG"]):
            begin()
            with t.case(f"{tickers}: there is no ZOE") as case:
                raised = False
                try:
                    replace_list(ada, tickers)
                except Exception:
                    raised = True
                case.expect(watched(ada), ["AAPL", "FB"], advice=half if raised else part)
                case.expect_that(raised, "an exception", "none", silent)
        begin()
        with t.case("the database fails in the middle") as case:
            full = ", ".join(str(stock.pk) for stock in Stock.objects.filter(ticker__in=["AAPL", "MSFT"]))
            with connection.cursor() as cursor:
                cursor.execute(
                    "CREATE TRIGGER full BEFORE INSERT ON watched_stocks "
                    f"WHEN new.stock_id IN ({full}) BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
                )
            raised = False
            try:
                replace_list(ada, ["GOOG", "IBM", "MSFT"])
            except Exception:
                raised = True
            case.expect(
                watched(ada),
                ["AAPL", "FB"],
                advice=f"To look first whether all tickers exist, is not enough, and a disk that is full takes the old list back no more than the new one. {half}",
            )
            case.expect_that(raised, "an exception", "none", silent)
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER full")
        begin()
        durable = "Whoever calls, may be in the middle of a bigger change: `atomic()`, not durable."
        with t.case("inside of a bigger change, which goes on", {RuntimeError: durable}) as case:
            with transaction.atomic():
                replace_list(ada, ["AAPL", "FB"])
                bob.watched.add(Stock.objects.get(ticker="IBM"))
                words = part
                try:
                    replace_list(ada, ["IBM", "ZOE"])
                except Exception:
                    words = "`atomic` inside of `atomic` is a savepoint: only your part is undone."
            case.expect([watched(ada), watched(bob)], [["AAPL", "FB"], ["FB", "IBM"]], advice=words)
