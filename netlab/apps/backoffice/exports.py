"""CSV files that are safe to open: a cell that a spreadsheet would run as a formula is text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from django.http import StreamingHttpResponse

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, CSV injection; full-width signs are as good
WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def cell(value: object) -> str:
    """A value as the text of a cell. What somebody typed cannot be a formula; a number stays one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith((*DANGEROUS, *WIDE)) else text


def response(name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A CSV file (RFC 4180) for download, sent row by row so that it may be long."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[bytes]:
        yield "\N{BYTE ORDER MARK}".encode()  # by which Excel knows UTF-8
        yield _line(writer.writerow(header))
        for row in rows:
            yield _line(writer.writerow([cell(value) for value in row]))

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


def _line(text: object) -> bytes:
    return str(text).encode()
