"""CSV files that are safe to open in a spreadsheet."""

import csv
from decimal import Decimal

from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value):
    """A value for a cell. What somebody has typed cannot begin a formula; a number stays one."""
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def as_csv(name, header, rows):
    """A download."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return response
