"""What everyone may see: the front page, a share's page with its chart, its history, the search."""

from __future__ import annotations

from flask import Blueprint, render_template

pages = Blueprint("quotes", __name__)


@pages.get("/")
def front() -> str:
    """All shares."""
    return render_template("front.html")
