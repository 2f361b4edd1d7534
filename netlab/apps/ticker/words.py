"""How figures are written on the pages."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from flask import Flask

MINUS = "\N{MINUS SIGN}"
CENT = Decimal("0.01")


def money(amount: Decimal) -> str:
    """Dollars with the cents, and with what is smaller than a cent if there is any."""
    rounded = amount.quantize(CENT)
    if amount == rounded:
        return f"{rounded:,f}"
    return f"{amount:,f}".rstrip("0")


def signed(amount: Decimal) -> str:
    """A difference: +1.50, −0.25, 0.00; to the cent."""
    rounded = amount.quantize(CENT)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded):,f}"


def ratio(split: Decimal) -> str:
    """What became of one share: 2:1, 3:2 or 1:10."""
    fraction = Fraction(split).limit_denominator(20)
    return f"{fraction.numerator}:{fraction.denominator}"


def count(number: int) -> str:
    """A whole number with commas."""
    return f"{number:,}"


def register(app: Flask) -> None:
    """Make them filters of the templates."""
    for function in (money, signed, ratio, count):
        app.add_template_filter(function)
