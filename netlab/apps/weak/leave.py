"""A redirect. Weak: to wherever a link says (open redirect). Mended: to a path of ours, or to the front page."""

from __future__ import annotations

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue


def is_ours(target: str) -> bool:
    r"""Whether a target is a path on this site, for every browser: they read `\` as `/`, and leave tabs out."""
    return (
        target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    )


def register(app: Flask, *, mended: bool) -> None:
    """The page after the login, for example."""

    @app.get("/next")
    def go_on() -> ResponseReturnValue:
        target = request.args.get("to", "/")
        return redirect(target if is_ours(target) or not mended else "/", 303)
