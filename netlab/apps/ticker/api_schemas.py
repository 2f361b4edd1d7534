"""What the JSON API takes and gives, as marshmallow schemas: they check requests and describe the API."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from netlab.apps.ticker.models import Channel, Side

TICKER = r"[A-Za-z][A-Za-z0-9.\-]{0,7}"
# Above 0, below a million, with at most four decimals.
PRICE = r"([1-9][0-9]{0,5}(\.[0-9]{1,4})?|0\.([1-9][0-9]{0,3}|0[1-9][0-9]{0,2}|00[1-9][0-9]?|000[1-9]))"


class Amount(fields.String):
    """A decimal number as text: a JSON number would become a float in most programs, and floats are no money."""

    def _serialize(self, value: Decimal | None, *_: Any, **__: Any) -> str | None:  # type: ignore[override]
        if value is None:
            return None
        return f"{value:.2f}" if value == round(value, 2) else f"{value.normalize():f}"


class Money(Amount):
    """A price in US dollars."""

    def __init__(self, **options: Any) -> None:
        words = {"description": "US dollars", "example": "430.47", "pattern": f"^{PRICE}$"}
        super().__init__(metadata=words, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:  # type: ignore[override]
        if not isinstance(value, str) or not re.fullmatch(PRICE, value):
            raise ValidationError(
                'Write a price as text, such as "430.50", above 0, below a million, with at most four decimals.'
            )
        return Decimal(value)


class ProblemSchema(Schema):
    """What went wrong (RFC 9457)."""

    type = fields.String(required=True, metadata={"example": "about:blank"})
    title = fields.String(required=True, metadata={"example": "Not Found"})
    status = fields.Integer(required=True, metadata={"example": 404})
    detail = fields.String(metadata={"example": "There is no such share here."})
    errors = fields.Dict(metadata={"description": "What is wrong in which field."})


class QuoteSchema(Schema):
    """The last price of a share."""

    ticker = fields.String(required=True, attribute="stock.ticker", metadata={"example": "AAPL"})
    name = fields.String(required=True, attribute="stock.name", metadata={"example": "Apple"})
    day = fields.Date(required=True, attribute="price.day")
    close = Money(required=True, attribute="price.close")
    change = Amount(
        allow_none=True,
        metadata={"description": "since the trading day before, a split accounted for"},
    )


class PriceSchema(Schema):
    """A trading day of a share, as traded."""

    day = fields.Date(required=True)
    open = Money(required=True)
    high = Money(required=True)
    low = Money(required=True)
    close = Money(required=True)
    volume = fields.Integer(required=True, metadata={"description": "shares traded"})
    split = Amount(required=True, metadata={"description": "2 on the day of a 2:1"})


class SpanSchema(Schema):
    """From which day to which."""

    first = fields.Date(data_key="from", metadata={"description": "the first day"})
    last = fields.Date(data_key="to", metadata={"description": "the last day"})


class AlertSchema(Schema):
    """An alert."""

    id = fields.Integer(required=True, dump_only=True)
    ticker = fields.String(
        required=True, attribute="stock.ticker", validate=validate.Regexp(f"^{TICKER}$"), data_key="ticker"
    )
    side = fields.Enum(Side, by_value=True, required=True)
    limit_price = Money(required=True)
    channels = fields.List(
        fields.Enum(Channel, by_value=True),
        load_default=lambda: [Channel.MAIL],
        validate=validate.Length(min=1, max=len(Channel)),
    )
    created_at = fields.DateTime(required=True, dump_only=True)
    triggered_at = fields.DateTime(required=True, allow_none=True, dump_only=True)
