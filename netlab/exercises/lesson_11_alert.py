"""An exercise of lesson 11: Ticker's alert, of a real fall, to each number once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netlab.exercises.lesson_11 import ADA, BOB, gateway, logged_in
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers import SMSGateway

Day = tuple[str, float, float]
# AAPL as in data/stocks.csv: date, close as traded, close adjusted for splits and dividends.
FALL: list[Day] = [
    ("2000-09-27", 48.94, 3.1447360543091),
    ("2000-09-28", 53.50, 3.4377478321524),
    ("2000-09-29", 25.75, 1.6546169472509),
    ("2000-10-02", 24.25, 1.5582313972751),
]
SPLITS = ("2000-06-21", "2005-02-28")
# Round numbers, without a split: a fall of exactly a quarter, then the price doubles, and it is above the first.
QUARTER: list[Day] = [("2024-01-02", 80.0, 80.0), ("2024-01-03", 60.0, 60.0), ("2024-01-04", 120.0, 120.0)]


def days_around(date: str) -> list[Day]:
    """AAPL's prices on a day and on the day before it."""
    from netlab.prices import load_prices

    prices = load_prices("AAPL")
    place = prices.index[prices["Date"] == date][0]
    rows = prices.loc[place - 1 : place]
    return [
        (f"{row['Date']:%Y-%m-%d}", float(row["Close"]), float(row["Adj Close"]))
        for _, row in rows.iterrows()
    ]


@exercise(
    "11-alert",
    title="Ticker's alert",
    objective="11-o4",
    points=4,
    hints=(
        "Go through neighbours: `for (_, _, before), (date, close, after) in itertools.pairwise(days)`.",
        "`lost = 1 - after / before` with the *adjusted* prices: a split changes the price and no wealth.",
        'The text: `f"{share} fell by {lost:.0%} …"` writes `52%`; the price as it was traded, `{close:.2f}`.',
        'The key says what the alert is about and for whom, `f"{share}-{date}-{to}"`: the same whenever the program runs again, and another one for another share, day or number.',
        'Only `answer["code"] == 0` was sent.',
    ),
    passed="A real fall wakes Ada, once, however often the program runs; a split lets her sleep.",
)
def alert(t: Trial, send_alerts: Callable[..., Any]) -> None:
    """An alert by SMS, of real prices, each once."""
    right = ["AAPL fell by 52% to 25.75 US dollars on 2000-09-29."]

    def run(
        server: SMSGateway, days: list[Day], share: str = "AAPL", number: str = ADA, **options: float
    ) -> Any:
        with logged_in() as session:

            def send(key: str, to: str, text: str) -> Any:
                fields, headers = {"to": to, "text": text}, {"Idempotency-Key": key}
                return session.post(
                    f"{server.url}/v1/messages", json=fields, headers=headers, timeout=2
                ).json()

            return send_alerts(share, days, number, send, **options)

    with t.case("the fall of 2000-09-29") as case, gateway() as server:
        came = run(server, FALL)
        traded = "Say the price as it was traded, 25.75: the adjusted one is for the comparison only."
        wrong: Wrong = [
            (lambda v: v and "1.65" in v[0], traded),
            (
                lambda v: "51%" in v[0],
                "51.9 percent are 52, rounded and not cut: `:.0%` of a format does it.",
            ),
            (lambda v: len(v) > 1, "Only falls of 30 % or more, and each of them once."),
        ]
        case.expect(
            server.phone(ADA).texts, right, wrong, advice="Compare the text with the one in the task."
        )
        case.expect(came, ["2000-09-29"], advice="Return the list of the dates whose alert was accepted.")
        case.expect([message.encoding for message in server.messages], ["GSM-7"])
    with t.case("a fall of a quarter, and fall=0.2") as case, gateway() as server:
        run(server, QUARTER, fall=0.2)
        quarter = ["AAPL fell by 25% to 60.00 US dollars on 2024-01-03."]
        wrong = [
            ([], "A quarter is more than `fall`, which is 0.2 this time: compare with the parameter."),
            (lambda v: "2024-01-02" in v[0], "The first day has none before it; `days[-1]` is the last one."),
            (lambda v: "2024-01-04" in v[-1], "On 2024-01-04 the price rose. Only a fall is a fall."),
            (lambda v: "60.0 " in v[0], "A price has two decimals, 60.00: `{close:.2f}`."),
        ]
        case.expect(server.phone(ADA).texts, quarter, wrong)
    with t.case("a fall of a quarter, and fall=0.25") as case, gateway() as server:
        run(server, QUARTER, fall=0.25)
        words = "“Or more” has the limit itself in it: `>=`."
        case.expect(len(server.messages), 1, [(0, words)])
    for date in SPLITS:
        with t.case(f"the split of {date}") as case, gateway() as server:
            run(server, days_around(date))
            words = "A split: half the price, twice as many shares, nobody lost a cent. Compare the adjusted prices."
            case.expect(server.phone(ADA).texts, [], advice=words)
    with t.case("the program runs again") as case, gateway() as server:
        run(server, FALL)
        came = run(server, [*FALL, ("2000-10-03", 22.31, 1.4338)])
        words = "Ada got it twice: the key has to be the same when the program runs again, so make it of what the alert is about, not by chance."
        case.expect(len(server.messages), 1, [(lambda v: v > 1, words)])
        case.expect(
            came,
            ["2000-09-29"],
            advice="The gateway said 0 again: the alert is sent, so its date is in the list.",
        )
    with t.case("two shares, and two days") as case, gateway() as server:
        run(server, FALL)
        run(server, FALL, "IBM")
        run(server, [(date.replace("2000", "2001"), close, after) for date, close, after in FALL])
        words = "One key for two alerts: the gateway refused the second one (4220), or took it for the first. Share *and* date belong to it."
        case.expect(len(server.messages), 3, advice=words)
    with t.case("two customers") as case, gateway() as server:
        run(server, FALL)
        run(server, FALL, number=BOB)
        words = "Bob was told nothing: to the gateway it was Ada's key with another request, 4220. The number belongs to the key."
        case.expect(len(server.phone(BOB).texts), 1, [(0, words)])
    with t.case("no credit") as case, gateway(credit=0) as server:
        words = "HTTP 200, code 30: nothing was sent. Only code 0 counts."
        case.expect(run(server, FALL), [], [(["2000-09-29"], words)])
