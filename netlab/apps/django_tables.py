"""The tables of Ticker's back office, as lesson 17 draws them before it writes a model."""

from __future__ import annotations

from netlab.charts.entities import Entity

KEY = ("id", "key")

USERS = Entity(
    "users",
    [KEY, ("username", "text, once"), ("email", "text, once"), ("password", "a hash")],
    place=0,
)
WATCHED = Entity(
    "watched_stocks",
    [KEY, ("user_id", "→ users"), ("stock_id", "→ stocks"), ("created_at", "moment")],
    place=1,
    promises=["one a user and share"],
)
ALERTS = Entity(
    "alerts",
    [
        KEY,
        ("user_id", "→ users"),
        ("stock_id", "→ stocks"),
        ("side", "above, below"),
        ("limit_price", "decimal"),
        ("by_mail", "yes, no"),
        ("by_sms", "yes, no"),
        ("created_at", "moment"),
        ("triggered_at", "moment?"),
    ],
    place=1,
    promises=["limit_price > 0", "by mail, by SMS, or both"],
)
STOCKS = Entity(
    "stocks",
    [KEY, ("ticker", "text, once"), ("name", "text")],
    place=2,
    promises=["ticker in capitals"],
)
PRICES = Entity(
    "prices",
    [
        KEY,
        ("stock_id", "→ stocks"),
        ("day", "date"),
        ("open", "decimal"),
        ("high", "decimal"),
        ("low", "decimal"),
        ("close", "decimal"),
        ("volume", "integer"),
    ],
    place=3,
    promises=["one a share and day", "0 < low ≤ high", "low ≤ close ≤ high"],
)
TICKER = (USERS, WATCHED, ALERTS, STOCKS, PRICES)

DIVIDENDS = (
    Entity("stocks", [KEY, ("ticker", "text, once"), ("name", "text")], place=0),
    Entity(
        "dividends",
        [
            KEY,
            ("stock_id", "→ stocks"),
            ("day", "date"),
            ("amount", "decimal 12, 4"),
            ("note", "text, or empty"),
        ],
        place=1,
        promises=["one a share and day", "amount > 0"],
    ),
)
